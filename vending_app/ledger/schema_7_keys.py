"""Version 7 of the tables: what was done with master keys, tool cards that bring new ones, and what desks may sell."""

from __future__ import annotations

from vending_app.ledger.schema import append_only
from vending_app.ledger.schema_4_tools import OTHER_KEYS, TOOLS_KEYS

KEY_KEYS = {"key_events": "journal", "allowances": "journal"}
"""Append-only tables of this part whose rows name the journal row that brought them, with their primary keys."""

_OTHER_KEYS = {"allowances": ("desk, number",)}

_TABLES = """
CREATE TABLE key_events (
    journal {integer} PRIMARY KEY,
    deed TEXT NOT NULL CHECK (deed IN ('made', 'shared', 'proven', 'restored', 'retired')),
    key_version {integer} NOT NULL CHECK (key_version BETWEEN 1 AND 255),
    check_value TEXT NOT NULL CHECK (length(check_value) = 6),
    custodians TEXT NOT NULL, sharing TEXT NOT NULL,
    at TEXT NOT NULL
){strict};

CREATE TABLE allowances (
    journal {integer} PRIMARY KEY,
    desk {integer} NOT NULL REFERENCES desks (number), number {integer} NOT NULL CHECK (number > 0),
    energy_wh {integer} CHECK (energy_wh >= 0), until TEXT NOT NULL,
    granted_at TEXT NOT NULL, signature {bytes} NOT NULL CHECK (length(signature) = 64),
    at TEXT NOT NULL,
    UNIQUE (desk, number)
){strict};
"""
"""`energy_wh` NULL lifts the limit of a desk."""

TOOL_CARDS_7 = """
CREATE TABLE tool_cards_7 (
    mandate INTEGER PRIMARY KEY CHECK (mandate > 0),
    journal INTEGER NOT NULL,
    id TEXT NOT NULL UNIQUE, request TEXT NOT NULL,
    card TEXT NOT NULL CHECK (length(card) = 12),
    kind TEXT NOT NULL CHECK (kind IN ('check', 'parameter', 'clear', 'key')),
    area TEXT REFERENCES areas (code), meter TEXT REFERENCES meters (number),
    limits TEXT NOT NULL,
    carrier TEXT NOT NULL REFERENCES operators (name), carrier_number INTEGER NOT NULL CHECK (carrier_number > 0),
    issued_by TEXT NOT NULL REFERENCES operators (name),
    expires_on TEXT NOT NULL,
    header BLOB NOT NULL, record BLOB NOT NULL, key_version INTEGER NOT NULL,
    at TEXT NOT NULL,
    CHECK ((kind IN ('clear', 'key')) = (meter IS NOT NULL) AND (kind IN ('clear', 'key')) = (area IS NULL)),
    CHECK ((kind IN ('parameter', 'key')) = (limits <> ''))
) STRICT;
INSERT INTO tool_cards_7 SELECT * FROM tool_cards;
DROP TABLE tool_cards;
ALTER TABLE tool_cards_7 RENAME TO tool_cards;
CREATE INDEX tool_cards_card ON tool_cards (card);
"""
"""A check cannot be changed, so the table is made anew; the rows are the same rows, under the same hashes."""

TOOL_CARDS_7_ON_SERVER = """
ALTER TABLE tool_cards DROP CONSTRAINT tool_cards_kind_check,
    DROP CONSTRAINT tool_cards_check, DROP CONSTRAINT tool_cards_check1,
    ADD CHECK (kind IN ('check', 'parameter', 'clear', 'key')),
    ADD CHECK ((kind IN ('clear', 'key')) = (meter IS NOT NULL) AND (kind IN ('clear', 'key')) = (area IS NULL)),
    ADD CHECK ((kind IN ('parameter', 'key')) = (limits <> ''));
"""

PERMISSION_ROWS = """
INSERT INTO permissions (role, act, granted, approves) VALUES
    ('cashier', 'key-card', 'no', 0),
    ('supervisor', 'key-card', 'no', 1),
    ('technician', 'key-card', 'approval', 0),
    ('administrator', 'key-card', 'approval', 1),
    ('cashier', 'allowance', 'no', 0),
    ('supervisor', 'allowance', 'approval', 1),
    ('technician', 'allowance', 'no', 0),
    ('administrator', 'allowance', 'approval', 1);
"""

ACT_KIND_ROWS = """
INSERT INTO act_kinds (act, kind, is_effect) VALUES
    ('', 'key', 0),
    ('keys', 'key', 1),
    ('verify', 'key', 1),
    ('key-card', 'code-refused', 0),
    ('key-card', 'tool-card', 1),
    ('key-card', 'tool-mark', 0),
    ('allowance', 'allowance', 1);
"""
"""A vault that was lost lets nobody log in, so whoever joins its shares tells it by nobody."""

KEYS_7 = (
    _TABLES.format(integer="INTEGER", bytes="BLOB", strict=" STRICT")
    + TOOL_CARDS_7
    + append_only("tool_cards", TOOLS_KEYS["tool_cards"], OTHER_KEYS)
    + PERMISSION_ROWS
    + ACT_KIND_ROWS
    + "".join(append_only(table, key, _OTHER_KEYS) for table, key in KEY_KEYS.items())
)
_TABLES_ON_SERVER = _TABLES.format(integer="BIGINT", bytes="BYTEA", strict="")
KEYS_7_ON_SERVER = _TABLES_ON_SERVER + TOOL_CARDS_7_ON_SERVER + PERMISSION_ROWS + ACT_KIND_ROWS
