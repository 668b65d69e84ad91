"""The tables, as the migrations make them. Text that was released is never edited: a change is a new version.

Why the tables are as they are stands in docs/ledger-schema.md.
"""

from __future__ import annotations

from collections.abc import Mapping

VERSION_TABLE = """
CREATE TABLE IF NOT EXISTS schema_versions (
    version INTEGER PRIMARY KEY,
    reason TEXT NOT NULL
) STRICT
"""

RECORDS_1 = """
CREATE TABLE office (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    name TEXT NOT NULL, address TEXT NOT NULL, tax_number TEXT NOT NULL,
    help_hours TEXT NOT NULL, help_phone TEXT NOT NULL,
    utility INTEGER NOT NULL CHECK (utility BETWEEN 0 AND 65535),
    currency TEXT NOT NULL, is_practice INTEGER NOT NULL CHECK (is_practice IN (0, 1))
) STRICT;

CREATE TABLE desks (number INTEGER PRIMARY KEY CHECK (number > 0), name TEXT NOT NULL) STRICT;

CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;

CREATE TABLE operators (
    name TEXT PRIMARY KEY, full_name TEXT NOT NULL, role TEXT NOT NULL,
    pin_figures INTEGER NOT NULL, hashed TEXT NOT NULL
) STRICT;

CREATE TABLE customers (
    number TEXT PRIMARY KEY, name TEXT NOT NULL, address TEXT NOT NULL, phone TEXT NOT NULL
) STRICT;

CREATE TABLE meters (
    number TEXT PRIMARY KEY CHECK (length(number) = 12),
    model TEXT NOT NULL, constant_imp_per_kwh INTEGER NOT NULL, phases INTEGER NOT NULL,
    ct_ratio INTEGER NOT NULL, pt_ratio INTEGER NOT NULL, initial_reading_wh INTEGER NOT NULL
) STRICT;

CREATE TABLE supplies (
    id INTEGER PRIMARY KEY,
    number TEXT NOT NULL UNIQUE CHECK (length(number) = 8),
    customer TEXT NOT NULL REFERENCES customers (number),
    meter TEXT NOT NULL REFERENCES meters (number),
    tariff TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('prepared', 'open', 'suspended', 'closed')),
    parameters TEXT NOT NULL,
    opened_on TEXT NOT NULL, closed_on TEXT,
    charged_until TEXT,
    arrears_share_percent INTEGER NOT NULL CHECK (arrears_share_percent BETWEEN 0 AND 100)
) STRICT;
CREATE INDEX supplies_customer ON supplies (customer);
CREATE UNIQUE INDEX supplies_meter ON supplies (meter) WHERE state <> 'closed';

CREATE VIRTUAL TABLE supply_search USING fts5 (folded, tokenize = 'trigram case_sensitive 1');
"""

_OF_ONE_SUPPLY_1 = "(account GLOB 'arrears:*' OR account GLOB 'meter:*')"

JOURNAL_1 = (
    """
CREATE TABLE journal (
    id INTEGER PRIMARY KEY,
    desk INTEGER NOT NULL REFERENCES desks (number), number INTEGER NOT NULL CHECK (number > 0),
    at TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL,
    previous BLOB NOT NULL, hash BLOB NOT NULL,
    UNIQUE (desk, number)
) STRICT;

CREATE TABLE tariffs (
    journal INTEGER NOT NULL,
    code TEXT NOT NULL, valid_from TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (code, valid_from)
) STRICT, WITHOUT ROWID;

CREATE TABLE shifts (
    number INTEGER PRIMARY KEY,
    journal INTEGER NOT NULL,
    desk INTEGER NOT NULL REFERENCES desks (number),
    operator TEXT NOT NULL REFERENCES operators (name),
    at TEXT NOT NULL, float_minor INTEGER NOT NULL
) STRICT;

CREATE TABLE shift_closings (
    shift INTEGER PRIMARY KEY REFERENCES shifts (number),
    journal INTEGER NOT NULL,
    at TEXT NOT NULL, counted_minor INTEGER NOT NULL, expected_minor INTEGER NOT NULL
) STRICT;

CREATE TABLE sales (
    journal INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    purpose TEXT NOT NULL CHECK (purpose IN ('sale', 'issue')),
    desk INTEGER NOT NULL REFERENCES desks (number),
    operator TEXT NOT NULL REFERENCES operators (name),
    at TEXT NOT NULL,
    shift INTEGER REFERENCES shifts (number),
    request TEXT NOT NULL,
    supply TEXT NOT NULL REFERENCES supplies (number),
    sequence INTEGER NOT NULL CHECK (sequence > 0),
    energy_total_wh INTEGER NOT NULL, purchases INTEGER NOT NULL,
    card TEXT NOT NULL, energy_wh INTEGER NOT NULL, total_minor INTEGER, charged_until TEXT,
    UNIQUE (supply, sequence)
) STRICT;

CREATE TABLE sale_events (
    journal INTEGER NOT NULL,
    sale TEXT NOT NULL REFERENCES sales (id),
    is_final INTEGER NOT NULL CHECK (is_final = (state <> 'in_doubt')),
    state TEXT NOT NULL CHECK (state IN ('in_doubt', 'posted', 'voided')),
    at TEXT NOT NULL, reason TEXT NOT NULL,
    receipt_desk INTEGER CHECK (receipt_desk IS NULL OR state = 'posted'),
    receipt_number INTEGER CHECK ((receipt_number > 0) IS (receipt_desk > 0)),
    PRIMARY KEY (sale, is_final)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX receipts ON sale_events (receipt_desk, receipt_number) WHERE receipt_number IS NOT NULL;

CREATE TABLE cards (
    number TEXT PRIMARY KEY CHECK (length(number) = 12),
    journal INTEGER NOT NULL,
    supply TEXT NOT NULL REFERENCES supplies (number),
    generation INTEGER NOT NULL,
    sale TEXT NOT NULL UNIQUE REFERENCES sales (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX cards_supply ON cards (supply);

CREATE TABLE write_backs (
    journal INTEGER PRIMARY KEY,
    supply TEXT NOT NULL REFERENCES supplies (number),
    card TEXT NOT NULL, at TEXT NOT NULL, record BLOB NOT NULL,
    meter TEXT NOT NULL, running INTEGER NOT NULL, sequence INTEGER NOT NULL,
    used_total_wh INTEGER NOT NULL, remaining_wh INTEGER NOT NULL, energy_total_wh INTEGER NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (supply, card, record)
) STRICT;
CREATE INDEX write_backs_newest ON write_backs (supply, running);

CREATE TABLE prints (
    journal INTEGER PRIMARY KEY,
    sale TEXT NOT NULL REFERENCES sales (id), at TEXT NOT NULL,
    is_copy INTEGER NOT NULL CHECK (is_copy IN (0, 1))
) STRICT;
CREATE INDEX prints_sale ON prints (sale);

CREATE TABLE logins (
    journal INTEGER PRIMARY KEY,
    operator TEXT NOT NULL REFERENCES operators (name), at TEXT NOT NULL,
    succeeded INTEGER NOT NULL CHECK (succeeded IN (0, 1))
) STRICT;
CREATE INDEX logins_operator ON logins (operator);

CREATE TABLE card_refusals (
    journal INTEGER PRIMARY KEY,
    card TEXT NOT NULL, at TEXT NOT NULL
) STRICT;
CREATE INDEX card_refusals_card ON card_refusals (card);

CREATE TABLE postings (
    journal INTEGER NOT NULL, line INTEGER NOT NULL,
    commodity TEXT NOT NULL CHECK (commodity IN ('money', 'energy')),
    account TEXT NOT NULL, amount INTEGER NOT NULL,
    PRIMARY KEY (journal, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX postings_of_one ON postings (account, amount) WHERE """
    + _OF_ONE_SUPPLY_1
    + """;

CREATE TABLE open_sales (held TEXT PRIMARY KEY, sale TEXT NOT NULL REFERENCES sales (id)) STRICT, WITHOUT ROWID;
"""
)

PRIMARY_KEYS = {
    "tariffs": "code, valid_from",
    "shifts": "number",
    "shift_closings": "shift",
    "sales": "journal",
    "sale_events": "sale, is_final",
    "cards": "number",
    "write_backs": "journal",
    "prints": "journal",
    "logins": "journal",
    "card_refusals": "journal",
    "postings": "journal, line",
}
"""Tables whose rows name the journal row that brought them.

No foreign key: the journal row comes last, and SQLite would look through every table for rows that waited for it.
`verify` proves that each row was brought by the row it names."""

RECORDS = {
    "office": "id",
    "desks": "number",
    "counters": "name",
    "operators": "name",
    "customers": "number",
    "meters": "number",
    "supplies": "id",
}
"""Tables whose rows may be corrected, with their primary keys; what a row refers to stands before it."""

APPEND_ONLY = {"schema_versions": "version", "journal": "id", **PRIMARY_KEYS}
"""Tables whose rows stay as they were written, each with its primary key."""

OTHER_KEYS = {
    "journal": ("desk, number",),
    "approvals": ("journal",),
    "sales": ("id", "supply, sequence"),
    "sale_events": ("receipt_desk, receipt_number",),
    "cards": ("sale",),
    "write_backs": ("supply, card, record",),
    "reentries": ("sale",),
}
"""What else may not come twice in them. None has a hidden rowid, which would be one more key to replace a row by."""


def append_only(table: str, primary_key: str, others: Mapping[str, tuple[str, ...]] = OTHER_KEYS) -> str:
    """Triggers that forbid changing, deleting and replacing.

    REPLACE runs the triggers for deleting only where recursive triggers are on, which they are not for a stranger.
    """
    taken = " OR ".join(_is_taken(table, key) for key in (primary_key, *others.get(table, ())))
    return f"""
CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {taken}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;
CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;
CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;
"""


def _is_taken(table: str, key: str) -> str:
    same = " AND ".join(f"{column} = NEW.{column}" for column in key.split(", "))
    return f"EXISTS (SELECT 1 FROM {table} WHERE {same})"


SCHEMA_1 = RECORDS_1 + JOURNAL_1 + "".join(append_only(table, key) for table, key in APPEND_ONLY.items())
