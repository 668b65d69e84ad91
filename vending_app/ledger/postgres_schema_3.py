"""Version 3 of the tables on PostgreSQL: the columns of `schema_3_supplies.py`, in order."""

from __future__ import annotations

from vending_app.ledger.schema_3_supplies import ACT_KIND_ROWS, PERMISSION_ROWS

_TABLES = """
ALTER TABLE customers ADD COLUMN identity TEXT NOT NULL DEFAULT '', ADD COLUMN notes TEXT NOT NULL DEFAULT '';

CREATE TABLE areas (code TEXT PRIMARY KEY, name TEXT NOT NULL, transformer TEXT NOT NULL);

ALTER TABLE meters ADD COLUMN make TEXT NOT NULL DEFAULT '',
    ADD COLUMN state TEXT NOT NULL DEFAULT 'installed' CHECK (state IN ('stock', 'installed', 'removed'));

ALTER TABLE supplies ADD COLUMN area TEXT REFERENCES areas (code), ADD COLUMN ends_on TEXT;

CREATE TABLE record_changes (
    journal BIGINT PRIMARY KEY,
    subject TEXT NOT NULL CHECK (subject IN ('customer', 'area', 'meter', 'supply')),
    key TEXT NOT NULL,
    verb TEXT NOT NULL CHECK (verb IN ('enter', 'change', 'note')),
    before TEXT NOT NULL, after TEXT NOT NULL, reason TEXT NOT NULL, at TEXT NOT NULL
);
CREATE INDEX record_changes_of ON record_changes (subject, key);

CREATE TABLE meter_changes (
    journal BIGINT PRIMARY KEY,
    old_supply TEXT NOT NULL UNIQUE REFERENCES supplies (number),
    new_supply TEXT NOT NULL UNIQUE REFERENCES supplies (number),
    old_meter TEXT NOT NULL REFERENCES meters (number),
    new_meter TEXT NOT NULL REFERENCES meters (number),
    how TEXT NOT NULL CHECK (how IN ('card', 'hand', 'estimate')),
    used_total_wh BIGINT NOT NULL, remaining_wh BIGINT NOT NULL,
    carried_wh BIGINT NOT NULL CHECK (carried_wh >= 0),
    reason TEXT NOT NULL, at TEXT NOT NULL
);

CREATE TABLE settlements (
    journal BIGINT PRIMARY KEY,
    supply TEXT NOT NULL UNIQUE REFERENCES supplies (number),
    how TEXT NOT NULL CHECK (how IN ('card', 'hand', 'estimate')),
    used_total_wh BIGINT NOT NULL, remaining_wh BIGINT NOT NULL,
    returned_wh BIGINT NOT NULL, price_minor BIGINT NOT NULL,
    offset_minor BIGINT NOT NULL CHECK (offset_minor >= 0),
    reason TEXT NOT NULL, at TEXT NOT NULL
);
"""

SUPPLIES_3 = _TABLES + PERMISSION_ROWS + ACT_KIND_ROWS
