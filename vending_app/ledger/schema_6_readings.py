"""Version 6 of the tables, its part for areas: what the counters at feeders and transformers showed."""

from __future__ import annotations

from vending_app.ledger.schema import append_only

READING_KEYS = {"area_readings": "journal"}
"""Append-only tables of this part whose rows name the journal row that brought them, with their primary keys."""

_TABLES = """
CREATE TABLE area_readings (
    journal {integer} PRIMARY KEY,
    area TEXT NOT NULL REFERENCES areas (code),
    point TEXT NOT NULL CHECK (point <> ''),
    on_day TEXT NOT NULL,
    mark TEXT NOT NULL CHECK (mark IN ('reading', 'first', 'last', 'withdrawn')),
    reading_wh {integer} NOT NULL CHECK (reading_wh >= 0),
    factor {integer} NOT NULL CHECK (factor > 0),
    note TEXT NOT NULL, at TEXT NOT NULL
){strict};
CREATE INDEX area_readings_of ON area_readings (area, point);
"""
"""`reading_wh` is behind the factor: what was delivered, whatever transformers the counter hangs on."""

PERMISSION_ROWS = """
INSERT INTO permissions (role, act, granted, approves) VALUES
    ('cashier', 'readings', 'no', 0),
    ('supervisor', 'readings', 'yes', 0),
    ('technician', 'readings', 'yes', 0),
    ('administrator', 'readings', 'yes', 0);
"""

ACT_KIND_ROWS = """
INSERT INTO act_kinds (act, kind, is_effect) VALUES ('readings', 'area-reading', 1);
"""

READINGS_6 = (
    _TABLES.format(integer="INTEGER", strict=" STRICT")
    + PERMISSION_ROWS
    + ACT_KIND_ROWS
    + "".join(append_only(table, key, {}) for table, key in READING_KEYS.items())
)
READINGS_6_ON_SERVER = _TABLES.format(integer="BIGINT", strict="") + PERMISSION_ROWS + ACT_KIND_ROWS
