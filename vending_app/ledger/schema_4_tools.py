"""Version 4 of the tables, tool cards: what is out in the field, and what came back from there."""

from __future__ import annotations

from vending_app.ledger.schema import append_only

TOOLS_KEYS = {"tool_cards": "mandate", "tool_marks": "journal", "tool_readings": "journal"}
"""Append-only tables of this part whose rows name the journal row that brought them, with their primary keys."""
OTHER_KEYS = {"tool_cards": ("id",), "tool_readings": ("mandate, record",)}

_TABLES = """
CREATE TABLE tool_cards (
    mandate INTEGER PRIMARY KEY CHECK (mandate > 0),
    journal INTEGER NOT NULL,
    id TEXT NOT NULL UNIQUE, request TEXT NOT NULL,
    card TEXT NOT NULL CHECK (length(card) = 12),
    kind TEXT NOT NULL CHECK (kind IN ('check', 'parameter', 'clear')),
    area TEXT REFERENCES areas (code), meter TEXT REFERENCES meters (number),
    limits TEXT NOT NULL,
    carrier TEXT NOT NULL REFERENCES operators (name), carrier_number INTEGER NOT NULL CHECK (carrier_number > 0),
    issued_by TEXT NOT NULL REFERENCES operators (name),
    expires_on TEXT NOT NULL,
    header BLOB NOT NULL, record BLOB NOT NULL, key_version INTEGER NOT NULL,
    at TEXT NOT NULL,
    CHECK ((kind = 'clear') = (meter IS NOT NULL) AND (kind = 'clear') = (area IS NULL)),
    CHECK ((kind = 'parameter') = (limits <> ''))
) STRICT;
CREATE INDEX tool_cards_card ON tool_cards (card);

CREATE TABLE tool_marks (
    journal INTEGER PRIMARY KEY,
    mandate INTEGER NOT NULL REFERENCES tool_cards (mandate),
    mark TEXT NOT NULL CHECK (mark IN ('written', 'read')),
    at TEXT NOT NULL
) STRICT;
CREATE INDEX tool_marks_mandate ON tool_marks (mandate);

CREATE TABLE tool_readings (
    journal INTEGER PRIMARY KEY,
    mandate INTEGER NOT NULL REFERENCES tool_cards (mandate),
    record BLOB NOT NULL CHECK (length(record) = 32),
    meter TEXT NOT NULL CHECK (length(meter) = 12),
    supply TEXT REFERENCES supplies (number),
    outcome TEXT NOT NULL CHECK (outcome IN ('counted', 'older', 'cleared', 'no-supply')),
    used_wh INTEGER,
    body TEXT NOT NULL,
    at TEXT NOT NULL,
    UNIQUE (mandate, record)
) STRICT;
CREATE INDEX tool_readings_supply ON tool_readings (supply);
"""

PERMISSION_ROWS = """
INSERT INTO permissions (role, act, granted, approves) VALUES
    ('cashier', 'check-card', 'no', 0),
    ('supervisor', 'check-card', 'yes', 0),
    ('technician', 'check-card', 'yes', 0),
    ('administrator', 'check-card', 'yes', 0),
    ('cashier', 'parameter-card', 'no', 0),
    ('supervisor', 'parameter-card', 'no', 1),
    ('technician', 'parameter-card', 'approval', 0),
    ('administrator', 'parameter-card', 'approval', 1),
    ('cashier', 'clear-card', 'no', 0),
    ('supervisor', 'clear-card', 'no', 1),
    ('technician', 'clear-card', 'approval', 0),
    ('administrator', 'clear-card', 'approval', 1),
    ('cashier', 'read-tool', 'no', 0),
    ('supervisor', 'read-tool', 'yes', 0),
    ('technician', 'read-tool', 'yes', 0),
    ('administrator', 'read-tool', 'yes', 0);
"""

ACT_KIND_ROWS = """
INSERT INTO act_kinds (act, kind, is_effect) VALUES
    ('check-card', 'code-refused', 0),
    ('check-card', 'tool-card', 1),
    ('check-card', 'tool-mark', 0),
    ('parameter-card', 'code-refused', 0),
    ('parameter-card', 'tool-card', 1),
    ('parameter-card', 'tool-mark', 0),
    ('clear-card', 'code-refused', 0),
    ('clear-card', 'tool-card', 1),
    ('clear-card', 'tool-mark', 0),
    ('read-tool', 'harvest', 0),
    ('read-tool', 'code-refused', 0),
    ('read-tool', 'tool-reading', 1),
    ('read-tool', 'tool-mark', 0),
    ('read-tool', 'record', 0);
"""

TOOLS_4 = (
    _TABLES
    + PERMISSION_ROWS
    + ACT_KIND_ROWS
    + "".join(append_only(table, key, OTHER_KEYS) for table, key in TOOLS_KEYS.items())
)
