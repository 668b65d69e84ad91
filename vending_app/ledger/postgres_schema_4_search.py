"""Version 4 of the tables on PostgreSQL, its part for looking up records."""

from __future__ import annotations

from vending_app.ledger.schema_4_search import FILLED, INDEXES

SEARCH_4 = (
    """
CREATE TABLE customer_search (customer TEXT PRIMARY KEY, folded TEXT NOT NULL);
CREATE INDEX customer_search_folded ON customer_search USING gin (folded gin_trgm_ops);
"""
    + INDEXES
    + FILLED
)
