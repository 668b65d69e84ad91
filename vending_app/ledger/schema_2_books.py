"""Version 2 of the books: reversals and cancellations, cash, payments, corrections, counts and closings."""

from __future__ import annotations

from vending_app.ledger.schema import PRIMARY_KEYS, append_only

SALES_2 = """
CREATE TABLE sales_2 (
    journal INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    purpose TEXT NOT NULL CHECK (purpose IN ('sale', 'issue', 'reversal', 'cancellation')),
    desk INTEGER NOT NULL REFERENCES desks (number),
    operator TEXT NOT NULL REFERENCES operators (name),
    at TEXT NOT NULL,
    shift INTEGER REFERENCES shifts (number),
    request TEXT NOT NULL,
    supply TEXT NOT NULL REFERENCES supplies (number),
    sequence INTEGER NOT NULL CHECK (sequence > 0),
    energy_total_wh INTEGER NOT NULL, purchases INTEGER NOT NULL,
    card TEXT NOT NULL, energy_wh INTEGER NOT NULL, total_minor INTEGER, charged_until TEXT,
    tariff TEXT, tender TEXT, undoes TEXT REFERENCES sales_2 (id),
    CHECK ((undoes IS NOT NULL) = (purpose IN ('reversal', 'cancellation'))),
    UNIQUE (supply, sequence)
) STRICT;
INSERT INTO sales_2 SELECT *, NULL, NULL, NULL FROM sales;
DROP TABLE sales;
ALTER TABLE sales_2 RENAME TO sales;

ALTER TABLE sale_events ADD COLUMN reverses TEXT CHECK (reverses IS NULL OR state = 'posted');
CREATE UNIQUE INDEX reversals ON sale_events (reverses) WHERE reverses IS NOT NULL;
CREATE INDEX sale_events_journal ON sale_events (journal);
DROP TRIGGER sale_events_no_replace;
DROP TRIGGER sale_events_no_update;
DROP TRIGGER sale_events_no_delete;
"""
"""A check cannot be changed, so the table is made anew; the rows are the same rows, under the same hashes."""

OF_ONE_SUPPLY = "(account GLOB 'arrears:*' OR account GLOB 'meter:*' OR account GLOB 'refund-due:*')"
"""The accounts that are asked for one at a time. An index of all would cost a page for each line of each sale;
a query says this condition word for word, or SQLite does not use the index."""

_TABLES = (
    SALES_2
    + f"""
DROP INDEX postings_of_one;
CREATE INDEX postings_of_one ON postings (account, amount) WHERE {OF_ONE_SUPPLY};
"""
    + """
CREATE TABLE cash_movements (
    journal INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    shift INTEGER NOT NULL REFERENCES shifts (number),
    operator TEXT NOT NULL REFERENCES operators (name),
    kind TEXT NOT NULL CHECK (kind IN ('from-safe', 'to-safe', 'paid-in', 'paid-out')),
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    reason TEXT NOT NULL, at TEXT NOT NULL, request TEXT NOT NULL
) STRICT;
CREATE INDEX cash_movements_shift ON cash_movements (shift);

CREATE TABLE cash_counts (
    journal INTEGER PRIMARY KEY,
    shift INTEGER NOT NULL REFERENCES shifts (number),
    at TEXT NOT NULL, counted_minor INTEGER NOT NULL CHECK (counted_minor >= 0),
    expected_minor INTEGER NOT NULL, pieces TEXT NOT NULL
) STRICT;
CREATE INDEX cash_counts_shift ON cash_counts (shift);

ALTER TABLE shift_closings ADD COLUMN reason TEXT;
ALTER TABLE shift_closings ADD COLUMN handed_to TEXT REFERENCES operators (name);

CREATE TABLE signed_sales (
    journal INTEGER PRIMARY KEY,
    sale TEXT NOT NULL REFERENCES sales (id),
    shift INTEGER NOT NULL REFERENCES shifts (number),
    operator TEXT NOT NULL REFERENCES operators (name),
    note TEXT NOT NULL, at TEXT NOT NULL,
    UNIQUE (sale, shift)
) STRICT;

CREATE TABLE payments (
    journal INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('arrears', 'refund')),
    desk INTEGER NOT NULL REFERENCES desks (number), number INTEGER NOT NULL CHECK (number > 0),
    shift INTEGER NOT NULL REFERENCES shifts (number),
    operator TEXT NOT NULL REFERENCES operators (name),
    supply TEXT NOT NULL REFERENCES supplies (number),
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    tender TEXT NOT NULL, reference TEXT NOT NULL,
    reason TEXT NOT NULL, at TEXT NOT NULL, request TEXT NOT NULL,
    UNIQUE (desk, number)
) STRICT;
CREATE INDEX payments_supply ON payments (supply);
CREATE INDEX payments_shift ON payments (shift);

CREATE TABLE tender_corrections (
    journal INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    sale TEXT NOT NULL REFERENCES sales (id),
    shift INTEGER NOT NULL REFERENCES shifts (number),
    operator TEXT NOT NULL REFERENCES operators (name),
    was TEXT NOT NULL, tender TEXT NOT NULL, reference TEXT NOT NULL,
    reason TEXT NOT NULL, at TEXT NOT NULL, request TEXT NOT NULL
) STRICT;
CREATE INDEX tender_corrections_sale ON tender_corrections (sale);

CREATE TABLE drawer_openings (
    journal INTEGER PRIMARY KEY,
    desk INTEGER NOT NULL REFERENCES desks (number),
    operator TEXT NOT NULL REFERENCES operators (name),
    reason TEXT NOT NULL, at TEXT NOT NULL
) STRICT;

CREATE TABLE closings (
    journal INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('shift', 'day', 'month', 'year')),
    desk INTEGER NOT NULL, number INTEGER NOT NULL CHECK (number > 0),
    period TEXT NOT NULL, at TEXT NOT NULL,
    text TEXT NOT NULL, signature BLOB NOT NULL CHECK (length(signature) = 64),
    key BLOB NOT NULL CHECK (length(key) = 32),
    UNIQUE (kind, desk, number), UNIQUE (kind, desk, period)
) STRICT;
"""
)
"""`desk` of a closing is 0 for the whole office."""

BOOKS_KEYS = {
    "cash_movements": "journal",
    "cash_counts": "journal",
    "signed_sales": "journal",
    "payments": "journal",
    "tender_corrections": "journal",
    "drawer_openings": "journal",
    "closings": "journal",
}
"""Append-only tables of this part whose rows name the journal row that brought them, with their primary keys."""
_REMADE = {name: PRIMARY_KEYS[name] for name in ("sales", "sale_events")}
"""Tables of version 1 whose guards are made anew, because their keys are others now."""
OTHER_KEYS = {
    "sales": ("id", "supply, sequence"),
    "sale_events": ("receipt_desk, receipt_number", "reverses"),
    "cash_movements": ("id",),
    "signed_sales": ("sale, shift",),
    "payments": ("id", "desk, number"),
    "tender_corrections": ("id",),
    "closings": ("kind, desk, number", "kind, desk, period"),
}

BOOKS_2 = _TABLES + "".join(append_only(table, key, OTHER_KEYS) for table, key in (_REMADE | BOOKS_KEYS).items())
