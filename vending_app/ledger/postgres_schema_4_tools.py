"""Version 4 of the tables on PostgreSQL, tool cards: the columns of `schema_4_tools.py`, in order."""

from __future__ import annotations

from vending_app.ledger.schema_4_tools import ACT_KIND_ROWS, PERMISSION_ROWS

_TABLES = """
CREATE TABLE tool_cards (
    mandate BIGINT PRIMARY KEY CHECK (mandate > 0),
    journal BIGINT NOT NULL,
    id TEXT NOT NULL UNIQUE, request TEXT NOT NULL,
    card TEXT NOT NULL CHECK (length(card) = 12),
    kind TEXT NOT NULL CHECK (kind IN ('check', 'parameter', 'clear')),
    area TEXT REFERENCES areas (code), meter TEXT REFERENCES meters (number),
    limits TEXT NOT NULL,
    carrier TEXT NOT NULL REFERENCES operators (name), carrier_number BIGINT NOT NULL CHECK (carrier_number > 0),
    issued_by TEXT NOT NULL REFERENCES operators (name),
    expires_on TEXT NOT NULL,
    header BYTEA NOT NULL, record BYTEA NOT NULL, key_version BIGINT NOT NULL,
    at TEXT NOT NULL,
    CHECK ((kind = 'clear') = (meter IS NOT NULL) AND (kind = 'clear') = (area IS NULL)),
    CHECK ((kind = 'parameter') = (limits <> ''))
);
CREATE INDEX tool_cards_card ON tool_cards (card);
CREATE INDEX tool_cards_journal ON tool_cards (journal);

CREATE TABLE tool_marks (
    journal BIGINT PRIMARY KEY,
    mandate BIGINT NOT NULL REFERENCES tool_cards (mandate),
    mark TEXT NOT NULL CHECK (mark IN ('written', 'read')),
    at TEXT NOT NULL
);
CREATE INDEX tool_marks_mandate ON tool_marks (mandate);

CREATE TABLE tool_readings (
    journal BIGINT PRIMARY KEY,
    mandate BIGINT NOT NULL REFERENCES tool_cards (mandate),
    record BYTEA NOT NULL CHECK (length(record) = 32),
    meter TEXT NOT NULL CHECK (length(meter) = 12),
    supply TEXT REFERENCES supplies (number),
    outcome TEXT NOT NULL CHECK (outcome IN ('counted', 'older', 'cleared', 'no-supply')),
    used_wh BIGINT,
    body TEXT NOT NULL,
    at TEXT NOT NULL,
    UNIQUE (mandate, record)
);
CREATE INDEX tool_readings_supply ON tool_readings (supply);
"""

TOOLS_4 = _TABLES + PERMISSION_ROWS + ACT_KIND_ROWS
