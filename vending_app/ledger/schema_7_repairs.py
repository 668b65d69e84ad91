"""Version 7 of the tables: cards whose order was written again from the books."""

from __future__ import annotations

from vending_app.ledger.schema import append_only

REPAIR_KEYS = {"card_repairs": "journal"}
"""Append-only tables of this part whose rows name the journal row that brought them, with their primary keys."""

_TABLES = """
CREATE TABLE card_repairs (
    journal {integer} PRIMARY KEY,
    sale TEXT NOT NULL REFERENCES sales (id),
    card TEXT NOT NULL REFERENCES cards (number),
    at TEXT NOT NULL
){strict};
CREATE INDEX card_repairs_card ON card_repairs (card);
"""
_ROWS = """
INSERT INTO permissions (role, act, granted, approves) VALUES
    ('cashier', 'repair-card', 'no', 0),
    ('supervisor', 'repair-card', 'no', 1),
    ('technician', 'repair-card', 'approval', 0),
    ('administrator', 'repair-card', 'approval', 1);
INSERT INTO act_kinds (act, kind, is_effect) VALUES
    ('repair-card', 'card-repair', 1),
    ('repair-card', 'code-refused', 0),
    ('repair-card', 'harvest', 0);
"""

REPAIRS_7 = (
    _TABLES.format(integer="INTEGER", strict=" STRICT")
    + _ROWS
    + "".join(append_only(table, key) for table, key in REPAIR_KEYS.items())
)
REPAIRS_7_ON_SERVER = _TABLES.format(integer="BIGINT", strict="") + _ROWS
