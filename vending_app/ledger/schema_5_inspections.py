"""Version 5 of the tables, inspections: criteria that were set, samples, routes, and what was found."""

from __future__ import annotations

from vending_app.ledger.schema import append_only

INSPECTION_KEYS = {
    "sampling_criteria": "journal",
    "samples": "journal",
    "route_marks": "journal",
    "findings": "journal",
}
"""Append-only tables of this part whose rows name the journal row that brought them, with their primary keys."""

_TABLES = """
CREATE TABLE sampling_criteria (journal {integer} PRIMARY KEY, body TEXT NOT NULL, at TEXT NOT NULL){strict};

CREATE TABLE samples (
    journal {integer} PRIMARY KEY,
    on_day TEXT NOT NULL, until {integer} NOT NULL,
    criteria TEXT NOT NULL, lines TEXT NOT NULL,
    looked_at {integer} NOT NULL, standing_out {integer} NOT NULL, at TEXT NOT NULL
){strict};

CREATE TABLE route_marks (
    journal {integer} PRIMARY KEY,
    sample {integer} NOT NULL REFERENCES samples (journal),
    supply TEXT NOT NULL REFERENCES supplies (number),
    is_on {integer} NOT NULL CHECK (is_on IN (0, 1)), at TEXT NOT NULL
){strict};
CREATE INDEX route_marks_of ON route_marks (sample, supply);

CREATE TABLE findings (
    journal {integer} PRIMARY KEY,
    sample {integer} NOT NULL REFERENCES samples (journal),
    supply TEXT NOT NULL REFERENCES supplies (number),
    outcome TEXT NOT NULL CHECK (outcome IN
        ('nothing', 'bypass', 'slow-meter', 'relay', 'tampering', 'card', 'other', 'no-access')),
    used_total_wh {integer}, note TEXT NOT NULL, on_day TEXT NOT NULL, at TEXT NOT NULL
){strict};
CREATE INDEX findings_of ON findings (supply);
"""
"""`until` is the newest journal row that a sample was counted by."""

PERMISSION_ROWS = """
INSERT INTO permissions (role, act, granted, approves) VALUES
    ('cashier', 'inspect', 'no', 0),
    ('supervisor', 'inspect', 'yes', 0),
    ('technician', 'inspect', 'no', 0),
    ('administrator', 'inspect', 'yes', 0);
"""

ACT_KIND_ROWS = """
INSERT INTO act_kinds (act, kind, is_effect) VALUES
    ('inspect', 'criteria', 1),
    ('inspect', 'sample', 1),
    ('inspect', 'route', 1),
    ('inspect', 'finding', 1);
"""

INSPECTIONS_5 = (
    _TABLES.format(integer="INTEGER", strict=" STRICT")
    + PERMISSION_ROWS
    + ACT_KIND_ROWS
    + "".join(append_only(table, key, {}) for table, key in INSPECTION_KEYS.items())
)
INSPECTIONS_5_ON_SERVER = _TABLES.format(integer="BIGINT", strict="") + PERMISSION_ROWS + ACT_KIND_ROWS
