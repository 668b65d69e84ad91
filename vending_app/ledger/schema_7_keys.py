"""Version 7 of the tables, master keys: what was done with them before witnesses, never a byte of them."""

from __future__ import annotations

from vending_app.ledger.schema import append_only

KEY_KEYS = {"key_events": "journal"}
"""Append-only tables of this part whose rows name the journal row that brought them, with their primary keys."""

_TABLES = """
CREATE TABLE key_events (
    journal {integer} PRIMARY KEY,
    deed TEXT NOT NULL CHECK (deed IN ('made', 'shared', 'proven', 'restored')),
    key_version {integer} NOT NULL CHECK (key_version BETWEEN 1 AND 255),
    check_value TEXT NOT NULL CHECK (length(check_value) = 6),
    custodians TEXT NOT NULL, sharing TEXT NOT NULL,
    at TEXT NOT NULL
){strict};
"""

ACT_KIND_ROWS = """
INSERT INTO act_kinds (act, kind, is_effect) VALUES
    ('', 'key', 0),
    ('keys', 'key', 1),
    ('verify', 'key', 1);
"""
"""A vault that was lost lets nobody log in, so whoever joins its shares tells it by nobody."""

KEYS_7 = (
    _TABLES.format(integer="INTEGER", strict=" STRICT")
    + ACT_KIND_ROWS
    + "".join(append_only(table, key, {}) for table, key in KEY_KEYS.items())
)
KEYS_7_ON_SERVER = _TABLES.format(integer="BIGINT", strict="") + ACT_KIND_ROWS
