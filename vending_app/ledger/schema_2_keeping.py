"""Version 2 of the tables, the part about restored books: that they were, what was entered again, what stays lost."""

from __future__ import annotations

from vending_app.ledger.schema import append_only

KEEPING_KEYS = {
    "restorations": "journal",
    "restoration_ends": "restoration",
    "reentries": "journal",
    "receipt_gaps": "journal",
}
"""Append-only tables of this part whose rows name the journal row that brought them, with their primary keys."""

_TABLES = """
CREATE TABLE restorations (
    journal INTEGER PRIMARY KEY,
    backup TEXT NOT NULL, made_at TEXT NOT NULL, at TEXT NOT NULL,
    reason TEXT NOT NULL CHECK (reason IN ('restored', 'older'))
) STRICT;

CREATE TABLE restoration_ends (
    restoration INTEGER PRIMARY KEY REFERENCES restorations (journal),
    journal INTEGER NOT NULL,
    at TEXT NOT NULL, evidence TEXT NOT NULL
) STRICT;

CREATE TABLE reentries (
    journal INTEGER PRIMARY KEY,
    sale TEXT NOT NULL REFERENCES sales (id),
    proof TEXT NOT NULL CHECK (proof IN ('card', 'paper')),
    mark TEXT NOT NULL, sold_at TEXT NOT NULL,
    skipped INTEGER NOT NULL CHECK (skipped >= 0)
) STRICT;
CREATE UNIQUE INDEX reentries_sale ON reentries (sale);

CREATE TABLE receipt_gaps (
    journal INTEGER PRIMARY KEY,
    desk INTEGER NOT NULL REFERENCES desks (number),
    first INTEGER NOT NULL CHECK (first > 0), last INTEGER NOT NULL CHECK (last >= first),
    at TEXT NOT NULL
) STRICT;
CREATE INDEX receipt_gaps_desk ON receipt_gaps (desk, last);
"""

ACT_KIND_ROWS = """
INSERT INTO act_kinds (act, kind, is_effect) VALUES
    ('', 'restored', 0),
    ('reenter', 'harvest', 0),
    ('reenter', 'code-refused', 0),
    ('reenter', 'reentry', 1),
    ('reenter', 'receipt-gap', 1),
    ('reenter', 'restoration-end', 1);
"""

KEEPING_2 = _TABLES + ACT_KIND_ROWS + "".join(append_only(table, key) for table, key in KEEPING_KEYS.items())
