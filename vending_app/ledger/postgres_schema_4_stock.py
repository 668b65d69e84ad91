"""Version 4 of the tables on PostgreSQL, its part for blank cards: the columns of `schema_4_stock.py`, in order."""

from __future__ import annotations

from vending_app.ledger.schema_4_stock import ACT_KIND_ROWS, PERMISSION_ROWS

_TABLES = """
CREATE TABLE card_stock (
    journal BIGINT PRIMARY KEY,
    desk BIGINT NOT NULL REFERENCES desks (number),
    verb TEXT NOT NULL CHECK (verb IN ('receive', 'take', 'spoil', 'count')),
    change BIGINT NOT NULL, level BIGINT NOT NULL,
    reference TEXT NOT NULL, reason TEXT NOT NULL,
    sale TEXT UNIQUE REFERENCES sales (id), mandate BIGINT UNIQUE REFERENCES tool_cards (mandate), at TEXT NOT NULL,
    CHECK ((verb = 'take') = ((sale IS NULL) <> (mandate IS NULL))),
    CHECK (sale IS NULL OR mandate IS NULL),
    CHECK (verb = 'count' OR (change > 0) = (verb = 'receive')),
    CHECK (verb <> 'count' OR level >= 0)
);
CREATE INDEX card_stock_of_desk ON card_stock (desk, journal);
"""

STOCK_4 = _TABLES + PERMISSION_ROWS + ACT_KIND_ROWS
