"""Version 7 of the tables, its part for cards that nobody needs any more and that are made blank again."""

from __future__ import annotations

from vending_app.ledger.schema import append_only

RETIREMENT_KEYS = {"card_retirements": "journal"}
"""Append-only tables of this part whose rows name the journal row that brought them, with their primary keys."""
OTHER_KEYS = {"card_retirements": ("card",)}

_TABLES = """
CREATE TABLE card_retirements (
    journal {integer} PRIMARY KEY,
    card TEXT NOT NULL UNIQUE REFERENCES cards (number),
    supply TEXT NOT NULL REFERENCES supplies (number),
    chip TEXT NOT NULL, uid TEXT NOT NULL,
    at TEXT NOT NULL
){strict};
"""

PERMISSION_ROWS = """
INSERT INTO permissions (role, act, granted, approves) VALUES
    ('cashier', 'retire-card', 'no', 0),
    ('supervisor', 'retire-card', 'no', 1),
    ('technician', 'retire-card', 'approval', 0),
    ('administrator', 'retire-card', 'approval', 1);
"""

ACT_KIND_ROWS = """
INSERT INTO act_kinds (act, kind, is_effect) VALUES
    ('retire-card', 'code-refused', 0),
    ('retire-card', 'retire', 1),
    ('retire-card', 'card-stock', 0);
"""
"""What was approved is the retirement, written before the card is touched; the box counts the card when it is blank."""

RETIREMENTS_7 = (
    _TABLES.format(integer="INTEGER", strict=" STRICT")
    + PERMISSION_ROWS
    + ACT_KIND_ROWS
    + "".join(append_only(table, key, OTHER_KEYS) for table, key in RETIREMENT_KEYS.items())
)
RETIREMENTS_7_ON_SERVER = _TABLES.format(integer="BIGINT", strict="") + PERMISSION_ROWS + ACT_KIND_ROWS
