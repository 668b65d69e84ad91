"""Version 4 of the tables, its part for blank cards: what came, was taken, was spoilt and was counted at each desk."""

from __future__ import annotations

from vending_app.ledger.schema import append_only

STOCK_KEYS = {"card_stock": "journal"}
"""Append-only tables of this part whose rows name the journal row that brought them, with their primary keys."""
OTHER_KEYS = {"card_stock": ("sale", "mandate")}

_TABLES = """
CREATE TABLE card_stock (
    journal INTEGER PRIMARY KEY,
    desk INTEGER NOT NULL REFERENCES desks (number),
    verb TEXT NOT NULL CHECK (verb IN ('receive', 'take', 'spoil', 'count')),
    change INTEGER NOT NULL, level INTEGER NOT NULL,
    reference TEXT NOT NULL, reason TEXT NOT NULL,
    sale TEXT UNIQUE REFERENCES sales (id), mandate INTEGER UNIQUE REFERENCES tool_cards (mandate), at TEXT NOT NULL,
    CHECK ((verb = 'take') = ((sale IS NULL) <> (mandate IS NULL))),
    CHECK (sale IS NULL OR mandate IS NULL),
    CHECK (verb = 'count' OR (change > 0) = (verb = 'receive')),
    CHECK (verb <> 'count' OR level >= 0)
) STRICT;
CREATE INDEX card_stock_of_desk ON card_stock (desk, journal);
"""

PERMISSION_ROWS = """
INSERT INTO permissions (role, act, granted, approves) VALUES
    ('cashier', 'card-stock', 'no', 0),
    ('supervisor', 'card-stock', 'yes', 0),
    ('technician', 'card-stock', 'yes', 0),
    ('administrator', 'card-stock', 'yes', 0);
"""

ACT_KIND_ROWS = """
INSERT INTO act_kinds (act, kind, is_effect) VALUES ('card-stock', 'card-stock', 1);
"""

STOCK_4 = (
    _TABLES
    + PERMISSION_ROWS
    + ACT_KIND_ROWS
    + "".join(append_only(table, key, OTHER_KEYS) for table, key in STOCK_KEYS.items())
)
