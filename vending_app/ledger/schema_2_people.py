"""Version 2 of the tables, the part about people: who may do what, who did it, and who approved it.

The rows of `permissions` are those of `domain/permissions.py`, those of `act_kinds` of `ledger/authority.py`: as
released text they stand here in full, and tests hold them to the tables in the code.
"""

from __future__ import annotations

from vending_app.ledger.schema import append_only

PEOPLE_KEYS = {"operator_changes": "journal", "approvals": "id"}
"""Append-only tables of this part whose rows name the journal row that brought them, with their primary keys."""

RULE_KEYS = {"permissions": "role, act", "act_kinds": "act, kind"}
"""Append-only tables that only a migration fills."""

_COLUMNS = """
ALTER TABLE operators ADD COLUMN is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1));
ALTER TABLE operators ADD COLUMN must_change INTEGER NOT NULL DEFAULT 0 CHECK (must_change IN (0, 1));
ALTER TABLE operators ADD COLUMN secret_changed_at TEXT;

ALTER TABLE journal ADD COLUMN operator TEXT;
ALTER TABLE journal ADD COLUMN act TEXT;
ALTER TABLE journal ADD COLUMN approval TEXT;
CREATE UNIQUE INDEX journal_approval ON journal (approval) WHERE approval IS NOT NULL;
"""

_TABLES = """
CREATE TABLE permissions (
    role TEXT NOT NULL, act TEXT NOT NULL,
    granted TEXT NOT NULL CHECK (granted IN ('yes', 'approval', 'no')),
    approves INTEGER NOT NULL CHECK (approves IN (0, 1)),
    PRIMARY KEY (role, act)
) STRICT, WITHOUT ROWID;

CREATE TABLE act_kinds (
    act TEXT NOT NULL, kind TEXT NOT NULL,
    is_effect INTEGER NOT NULL CHECK (is_effect IN (0, 1)),
    PRIMARY KEY (act, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE operator_changes (
    journal INTEGER PRIMARY KEY,
    name TEXT NOT NULL, verb TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL
) STRICT;
CREATE INDEX operator_changes_name ON operator_changes (name);

CREATE TABLE approvals (
    id TEXT PRIMARY KEY CHECK (length(id) = 32),
    journal INTEGER NOT NULL UNIQUE,
    act TEXT NOT NULL,
    approver TEXT NOT NULL REFERENCES operators (name),
    operator TEXT NOT NULL REFERENCES operators (name),
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    at TEXT NOT NULL, until TEXT NOT NULL CHECK (until >= at),
    CHECK (approver <> operator)
) STRICT, WITHOUT ROWID;
"""

PERMISSION_ROWS = """
INSERT INTO permissions (role, act, granted, approves) VALUES
    ('cashier', 'look', 'yes', 0),
    ('supervisor', 'look', 'yes', 0),
    ('technician', 'look', 'yes', 0),
    ('administrator', 'look', 'yes', 0),
    ('cashier', 'sell', 'yes', 0),
    ('supervisor', 'sell', 'yes', 0),
    ('technician', 'sell', 'no', 0),
    ('administrator', 'sell', 'no', 0),
    ('cashier', 'finish', 'yes', 0),
    ('supervisor', 'finish', 'yes', 0),
    ('technician', 'finish', 'yes', 0),
    ('administrator', 'finish', 'yes', 0),
    ('cashier', 'issue', 'no', 0),
    ('supervisor', 'issue', 'no', 0),
    ('technician', 'issue', 'yes', 0),
    ('administrator', 'issue', 'yes', 0),
    ('cashier', 'shift', 'yes', 0),
    ('supervisor', 'shift', 'yes', 0),
    ('technician', 'shift', 'no', 0),
    ('administrator', 'shift', 'no', 0),
    ('cashier', 'cash', 'yes', 0),
    ('supervisor', 'cash', 'yes', 0),
    ('technician', 'cash', 'no', 0),
    ('administrator', 'cash', 'no', 0),
    ('cashier', 'cash-over', 'approval', 0),
    ('supervisor', 'cash-over', 'yes', 1),
    ('technician', 'cash-over', 'no', 0),
    ('administrator', 'cash-over', 'no', 1),
    ('cashier', 'drawer', 'yes', 0),
    ('supervisor', 'drawer', 'yes', 0),
    ('technician', 'drawer', 'no', 0),
    ('administrator', 'drawer', 'no', 0),
    ('cashier', 'x-report', 'yes', 0),
    ('supervisor', 'x-report', 'yes', 0),
    ('technician', 'x-report', 'no', 0),
    ('administrator', 'x-report', 'no', 0),
    ('cashier', 'handover', 'yes', 0),
    ('supervisor', 'handover', 'yes', 0),
    ('technician', 'handover', 'no', 0),
    ('administrator', 'handover', 'no', 0),
    ('cashier', 'void', 'approval', 0),
    ('supervisor', 'void', 'yes', 1),
    ('technician', 'void', 'no', 0),
    ('administrator', 'void', 'no', 1),
    ('cashier', 'reversal', 'approval', 0),
    ('supervisor', 'reversal', 'yes', 1),
    ('technician', 'reversal', 'no', 0),
    ('administrator', 'reversal', 'no', 1),
    ('cashier', 'refund', 'approval', 0),
    ('supervisor', 'refund', 'yes', 1),
    ('technician', 'refund', 'no', 0),
    ('administrator', 'refund', 'no', 1),
    ('cashier', 'tender-correction', 'approval', 0),
    ('supervisor', 'tender-correction', 'yes', 1),
    ('technician', 'tender-correction', 'no', 0),
    ('administrator', 'tender-correction', 'no', 1),
    ('cashier', 'print', 'yes', 0),
    ('supervisor', 'print', 'yes', 0),
    ('technician', 'print', 'no', 0),
    ('administrator', 'print', 'no', 0),
    ('cashier', 'reprint', 'yes', 0),
    ('supervisor', 'reprint', 'yes', 0),
    ('technician', 'reprint', 'no', 0),
    ('administrator', 'reprint', 'no', 0),
    ('cashier', 'sign-open-sale', 'approval', 0),
    ('supervisor', 'sign-open-sale', 'approval', 1),
    ('technician', 'sign-open-sale', 'no', 0),
    ('administrator', 'sign-open-sale', 'no', 1),
    ('cashier', 'close-other-shift', 'no', 0),
    ('supervisor', 'close-other-shift', 'yes', 0),
    ('technician', 'close-other-shift', 'no', 0),
    ('administrator', 'close-other-shift', 'no', 0),
    ('cashier', 'close-day', 'no', 0),
    ('supervisor', 'close-day', 'yes', 0),
    ('technician', 'close-day', 'no', 0),
    ('administrator', 'close-day', 'no', 0),
    ('cashier', 'secret', 'yes', 0),
    ('supervisor', 'secret', 'yes', 0),
    ('technician', 'secret', 'yes', 0),
    ('administrator', 'secret', 'yes', 0),
    ('cashier', 'operators', 'no', 0),
    ('supervisor', 'operators', 'no', 0),
    ('technician', 'operators', 'no', 0),
    ('administrator', 'operators', 'yes', 0),
    ('cashier', 'keys', 'no', 0),
    ('supervisor', 'keys', 'no', 1),
    ('technician', 'keys', 'no', 0),
    ('administrator', 'keys', 'approval', 1),
    ('cashier', 'settings', 'no', 0),
    ('supervisor', 'settings', 'yes', 0),
    ('technician', 'settings', 'yes', 0),
    ('administrator', 'settings', 'yes', 0),
    ('cashier', 'tariffs', 'no', 0),
    ('supervisor', 'tariffs', 'approval', 1),
    ('technician', 'tariffs', 'no', 0),
    ('administrator', 'tariffs', 'approval', 1),
    ('cashier', 'import', 'no', 0),
    ('supervisor', 'import', 'no', 0),
    ('technician', 'import', 'no', 0),
    ('administrator', 'import', 'yes', 0),
    ('cashier', 'reenter', 'no', 0),
    ('supervisor', 'reenter', 'yes', 0),
    ('technician', 'reenter', 'no', 0),
    ('administrator', 'reenter', 'yes', 0),
    ('cashier', 'backup', 'no', 0),
    ('supervisor', 'backup', 'yes', 0),
    ('technician', 'backup', 'no', 0),
    ('administrator', 'backup', 'yes', 0),
    ('cashier', 'export', 'no', 0),
    ('supervisor', 'export', 'yes', 0),
    ('technician', 'export', 'no', 0),
    ('administrator', 'export', 'yes', 0),
    ('cashier', 'verify', 'no', 0),
    ('supervisor', 'verify', 'yes', 0),
    ('technician', 'verify', 'no', 0),
    ('administrator', 'verify', 'yes', 0);
"""

ACT_KIND_ROWS = """
INSERT INTO act_kinds (act, kind, is_effect) VALUES
    ('', 'founding', 0),
    ('', 'login', 0),
    ('', 'lockout', 0),
    ('', 'tariff', 1),
    ('', 'opening', 1),
    ('', 'operator', 1),
    ('look', 'harvest', 0),
    ('look', 'code-refused', 0),
    ('sell', 'harvest', 0),
    ('sell', 'code-refused', 0),
    ('sell', 'doubt', 0),
    ('sell', 'post', 0),
    ('sell', 'reserve', 1),
    ('sell', 'payment', 1),
    ('finish', 'harvest', 0),
    ('finish', 'code-refused', 0),
    ('finish', 'doubt', 0),
    ('finish', 'post', 0),
    ('issue', 'harvest', 0),
    ('issue', 'code-refused', 0),
    ('issue', 'doubt', 0),
    ('issue', 'post', 0),
    ('issue', 'reserve', 1),
    ('shift', 'shift-open', 1),
    ('shift', 'count', 0),
    ('shift', 'shift-close', 1),
    ('shift', 'closing', 0),
    ('handover', 'count', 0),
    ('handover', 'shift-close', 1),
    ('handover', 'closing', 0),
    ('close-other-shift', 'count', 0),
    ('close-other-shift', 'shift-close', 1),
    ('close-other-shift', 'closing', 0),
    ('close-day', 'closing', 1),
    ('cash', 'cash', 1),
    ('cash-over', 'cash', 1),
    ('drawer', 'drawer', 1),
    ('void', 'harvest', 0),
    ('void', 'code-refused', 0),
    ('void', 'doubt', 0),
    ('void', 'post', 0),
    ('void', 'void', 1),
    ('void', 'reserve', 0),
    ('reversal', 'harvest', 0),
    ('reversal', 'code-refused', 0),
    ('reversal', 'doubt', 0),
    ('reversal', 'post', 0),
    ('reversal', 'reserve', 1),
    ('reversal', 'refund', 0),
    ('refund', 'refund', 1),
    ('tender-correction', 'tender', 1),
    ('print', 'print', 1),
    ('reprint', 'print', 1),
    ('sign-open-sale', 'sign', 1),
    ('secret', 'secret', 1),
    ('operators', 'operator', 1),
    ('tariffs', 'tariff', 1),
    ('import', 'opening', 1),
    ('import', 'tariff', 1);
"""

AUTHORITY = """
CREATE TRIGGER journal_nobody BEFORE INSERT ON journal WHEN NEW.operator IS NULL AND (
    NEW.act IS NOT NULL OR NEW.approval IS NOT NULL
    OR NOT EXISTS (SELECT 1 FROM act_kinds WHERE act = '' AND kind = NEW.kind)
    OR (EXISTS (SELECT 1 FROM act_kinds WHERE act = '' AND kind = NEW.kind AND is_effect = 1)
        AND EXISTS (SELECT 1 FROM sales)))
BEGIN SELECT RAISE(ABORT, 'this needs a person'); END;

CREATE TRIGGER journal_authority BEFORE INSERT ON journal WHEN NEW.operator IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM operators
    JOIN permissions ON permissions.role = operators.role AND permissions.act = NEW.act AND granted <> 'no'
    JOIN act_kinds ON act_kinds.act = NEW.act AND kind = NEW.kind
    WHERE name = NEW.operator AND is_active = 1
        AND (granted = 'yes' OR is_effect = 0 OR NEW.approval IS NOT NULL))
BEGIN SELECT RAISE(ABORT, 'this person may not do this'); END;

CREATE TRIGGER journal_approval BEFORE INSERT ON journal WHEN NEW.approval IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM approvals
    JOIN operators ON name = approver AND is_active = 1
    JOIN permissions ON permissions.role = operators.role AND permissions.act = NEW.act AND approves = 1
    WHERE id = NEW.approval AND journal = NEW.id AND approvals.act = NEW.act AND operator = NEW.operator
        AND approver <> NEW.operator AND at <= NEW.at AND NEW.at <= until)
BEGIN SELECT RAISE(ABORT, 'this was not approved'); END;
"""
"""What a transaction of this program has asked already, asked by the database of everybody.

Made last of all: SQLite makes no table anew that a trigger names."""

_JOURNAL_AGAIN = """
DROP TRIGGER journal_no_replace;
CREATE TRIGGER journal_no_replace BEFORE INSERT ON journal
WHEN EXISTS (SELECT 1 FROM journal WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM journal WHERE desk = NEW.desk AND number = NEW.number)
    OR EXISTS (SELECT 1 FROM journal WHERE approval = NEW.approval)
BEGIN SELECT RAISE(ABORT, 'journal is append-only'); END;
"""

PEOPLE_2 = (
    _COLUMNS
    + _TABLES
    + PERMISSION_ROWS
    + ACT_KIND_ROWS
    + _JOURNAL_AGAIN
    + "".join(append_only(table, key) for table, key in {**RULE_KEYS, **PEOPLE_KEYS}.items())
)
