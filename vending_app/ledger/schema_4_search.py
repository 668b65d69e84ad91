"""Version 4 of the tables, its part for looking up records: customers without a supply, meters and areas by supply."""

from __future__ import annotations

INDEXES = """
CREATE INDEX supplies_of_meter ON supplies (meter);
CREATE INDEX supplies_of_area ON supplies (area) WHERE area IS NOT NULL;
CREATE INDEX meters_not_installed ON meters (state, number) WHERE state <> 'installed';
"""

FILLED = """
INSERT INTO customer_search (customer, folded)
SELECT number, lower(number || ' ' || name || ' ' || address || ' ' || phone) FROM customers
WHERE NOT EXISTS (SELECT 1 FROM supplies WHERE customer = customers.number);
"""
"""Those of version 3; with their accents, until the next correction folds them."""

SEARCH_4 = (
    """
CREATE VIRTUAL TABLE customer_search USING fts5 (customer UNINDEXED, folded, tokenize = 'trigram case_sensitive 1');
"""
    + INDEXES
    + FILLED
)
