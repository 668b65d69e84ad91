"""Version 7 of the tables, its part for codes of cards that were sent where no reader shows the error counter."""

from __future__ import annotations

from vending_app.ledger.schema import append_only

TRIES_KEYS = {"card_tries": "journal"}
"""Append-only tables of this part whose rows name the journal row that brought them, with their primary keys."""

_TABLES = """
CREATE TABLE card_tries (
    journal {integer} PRIMARY KEY,
    card TEXT NOT NULL CHECK (length(card) = 12),
    spent {integer} NOT NULL CHECK (spent BETWEEN 0 AND 3),
    at TEXT NOT NULL
){strict};
CREATE INDEX card_tries_card ON card_tries (card);
"""

ACT_KIND_ROWS = """
INSERT INTO act_kinds (act, kind, is_effect)
SELECT act, 'code-tried', 0 FROM act_kinds WHERE kind = 'code-refused';
"""
"""Runs behind every other part: whoever may leave behind that a code was wrong leaves behind that it was tried."""

TRIES_7 = (
    _TABLES.format(integer="INTEGER", strict=" STRICT")
    + ACT_KIND_ROWS
    + "".join(append_only(table, key) for table, key in TRIES_KEYS.items())
)
TRIES_7_ON_SERVER = _TABLES.format(integer="BIGINT", strict="") + ACT_KIND_ROWS
