"""Version 3 of the tables: areas, meters in stock, the life of records, meter changes and settlements."""

from __future__ import annotations

from vending_app.ledger.schema import append_only

SUPPLIES_KEYS = {"record_changes": "journal", "meter_changes": "journal", "settlements": "journal"}
"""Append-only tables of this part whose rows name the journal row that brought them, with their primary keys."""
SUPPLIES_RECORDS = {"areas": "code"}
"""Tables of this part whose rows may be corrected, with their primary keys."""
OTHER_KEYS = {"meter_changes": ("old_supply", "new_supply"), "settlements": ("supply",)}

_TABLES = """
ALTER TABLE customers ADD COLUMN identity TEXT NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN notes TEXT NOT NULL DEFAULT '';

CREATE TABLE areas (code TEXT PRIMARY KEY, name TEXT NOT NULL, transformer TEXT NOT NULL) STRICT;

ALTER TABLE meters ADD COLUMN make TEXT NOT NULL DEFAULT '';
ALTER TABLE meters ADD COLUMN state TEXT NOT NULL DEFAULT 'installed'
    CHECK (state IN ('stock', 'installed', 'removed'));

ALTER TABLE supplies ADD COLUMN area TEXT REFERENCES areas (code);
ALTER TABLE supplies ADD COLUMN ends_on TEXT;

CREATE TABLE record_changes (
    journal INTEGER PRIMARY KEY,
    subject TEXT NOT NULL CHECK (subject IN ('customer', 'area', 'meter', 'supply')),
    key TEXT NOT NULL,
    verb TEXT NOT NULL CHECK (verb IN ('enter', 'change', 'note')),
    before TEXT NOT NULL, after TEXT NOT NULL, reason TEXT NOT NULL, at TEXT NOT NULL
) STRICT;
CREATE INDEX record_changes_of ON record_changes (subject, key);

CREATE TABLE meter_changes (
    journal INTEGER PRIMARY KEY,
    old_supply TEXT NOT NULL UNIQUE REFERENCES supplies (number),
    new_supply TEXT NOT NULL UNIQUE REFERENCES supplies (number),
    old_meter TEXT NOT NULL REFERENCES meters (number),
    new_meter TEXT NOT NULL REFERENCES meters (number),
    how TEXT NOT NULL CHECK (how IN ('card', 'hand', 'estimate')),
    used_total_wh INTEGER NOT NULL, remaining_wh INTEGER NOT NULL,
    carried_wh INTEGER NOT NULL CHECK (carried_wh >= 0),
    reason TEXT NOT NULL, at TEXT NOT NULL
) STRICT;

CREATE TABLE settlements (
    journal INTEGER PRIMARY KEY,
    supply TEXT NOT NULL UNIQUE REFERENCES supplies (number),
    how TEXT NOT NULL CHECK (how IN ('card', 'hand', 'estimate')),
    used_total_wh INTEGER NOT NULL, remaining_wh INTEGER NOT NULL,
    returned_wh INTEGER NOT NULL, price_minor INTEGER NOT NULL,
    offset_minor INTEGER NOT NULL CHECK (offset_minor >= 0),
    reason TEXT NOT NULL, at TEXT NOT NULL
) STRICT;
"""

PERMISSION_ROWS = """
INSERT INTO permissions (role, act, granted, approves) VALUES
    ('cashier', 'records', 'no', 0),
    ('supervisor', 'records', 'yes', 0),
    ('technician', 'records', 'yes', 0),
    ('administrator', 'records', 'yes', 0),
    ('cashier', 'reissue', 'no', 0),
    ('supervisor', 'reissue', 'no', 0),
    ('technician', 'reissue', 'yes', 0),
    ('administrator', 'reissue', 'yes', 0),
    ('cashier', 'waive-fee', 'no', 0),
    ('supervisor', 'waive-fee', 'no', 1),
    ('technician', 'waive-fee', 'approval', 0),
    ('administrator', 'waive-fee', 'approval', 1),
    ('cashier', 'meter-change', 'no', 0),
    ('supervisor', 'meter-change', 'no', 0),
    ('technician', 'meter-change', 'yes', 0),
    ('administrator', 'meter-change', 'yes', 0),
    ('cashier', 'estimate', 'no', 0),
    ('supervisor', 'estimate', 'no', 1),
    ('technician', 'estimate', 'approval', 0),
    ('administrator', 'estimate', 'approval', 1),
    ('cashier', 'close-supply', 'no', 0),
    ('supervisor', 'close-supply', 'no', 1),
    ('technician', 'close-supply', 'approval', 0),
    ('administrator', 'close-supply', 'approval', 1);
"""

ACT_KIND_ROWS = """
INSERT INTO act_kinds (act, kind, is_effect) VALUES
    ('records', 'record', 1),
    ('reissue', 'harvest', 0),
    ('reissue', 'code-refused', 0),
    ('reissue', 'doubt', 0),
    ('reissue', 'post', 0),
    ('reissue', 'void', 0),
    ('reissue', 'reserve', 1),
    ('waive-fee', 'harvest', 0),
    ('waive-fee', 'code-refused', 0),
    ('waive-fee', 'doubt', 0),
    ('waive-fee', 'post', 0),
    ('waive-fee', 'void', 0),
    ('waive-fee', 'reserve', 1),
    ('meter-change', 'harvest', 0),
    ('meter-change', 'code-refused', 0),
    ('meter-change', 'meter-change', 1),
    ('meter-change', 'record', 0),
    ('estimate', 'meter-change', 1),
    ('estimate', 'record', 0),
    ('close-supply', 'harvest', 0),
    ('close-supply', 'code-refused', 0),
    ('close-supply', 'settle', 1),
    ('close-supply', 'record', 0);
"""

SUPPLIES_3 = (
    _TABLES
    + PERMISSION_ROWS
    + ACT_KIND_ROWS
    + "".join(append_only(table, key, OTHER_KEYS) for table, key in SUPPLIES_KEYS.items())
)
