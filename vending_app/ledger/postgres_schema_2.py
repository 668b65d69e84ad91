"""Version 2 of the tables on PostgreSQL: the columns of `schema_2_people.py` and `schema_2_books.py`, in order."""

from __future__ import annotations

from vending_app.ledger.schema_2_keeping import ACT_KIND_ROWS as KEEPING_ACT_KIND_ROWS
from vending_app.ledger.schema_2_people import ACT_KIND_ROWS, PERMISSION_ROWS

_PEOPLE = """
ALTER TABLE operators ADD COLUMN is_active BIGINT NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1));
ALTER TABLE operators ADD COLUMN must_change BIGINT NOT NULL DEFAULT 0 CHECK (must_change IN (0, 1));
ALTER TABLE operators ADD COLUMN secret_changed_at TEXT;

ALTER TABLE journal DROP CONSTRAINT journal_number_check,
    ADD COLUMN operator TEXT, ADD COLUMN act TEXT, ADD COLUMN approval TEXT;
CREATE UNIQUE INDEX journal_approval ON journal (approval) WHERE approval IS NOT NULL;

CREATE TABLE permissions (
    role TEXT NOT NULL, act TEXT NOT NULL,
    granted TEXT NOT NULL CHECK (granted IN ('yes', 'approval', 'no')),
    approves BIGINT NOT NULL CHECK (approves IN (0, 1)),
    PRIMARY KEY (role, act)
);

CREATE TABLE act_kinds (
    act TEXT NOT NULL, kind TEXT NOT NULL,
    is_effect BIGINT NOT NULL CHECK (is_effect IN (0, 1)),
    PRIMARY KEY (act, kind)
);

CREATE TABLE operator_changes (
    journal BIGINT PRIMARY KEY,
    name TEXT NOT NULL, verb TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL
);
CREATE INDEX operator_changes_name ON operator_changes (name);

CREATE TABLE approvals (
    id TEXT PRIMARY KEY CHECK (length(id) = 32),
    journal BIGINT NOT NULL UNIQUE,
    act TEXT NOT NULL,
    approver TEXT NOT NULL REFERENCES operators (name),
    operator TEXT NOT NULL REFERENCES operators (name),
    digest BYTEA NOT NULL CHECK (length(digest) = 32),
    at TEXT NOT NULL, until TEXT NOT NULL CHECK (until >= at),
    CHECK (approver <> operator)
);
"""

_AUTHORITY = """
CREATE FUNCTION check_authority() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.number > 0) IS NOT TRUE
    THEN RAISE EXCEPTION 'rows are counted from one' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.operator IS NULL THEN
        IF NEW.act IS NOT NULL OR NEW.approval IS NOT NULL
            OR NOT EXISTS (SELECT 1 FROM vending.act_kinds WHERE act = '' AND kind = NEW.kind)
            OR (EXISTS (SELECT 1 FROM vending.act_kinds WHERE act = '' AND kind = NEW.kind AND is_effect = 1)
                AND EXISTS (SELECT 1 FROM vending.sales))
        THEN RAISE EXCEPTION 'this needs a person' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM vending.operators
        JOIN vending.permissions ON permissions.role = operators.role AND permissions.act = NEW.act AND granted <> 'no'
        JOIN vending.act_kinds ON act_kinds.act = NEW.act AND act_kinds.kind = NEW.kind
        WHERE name = NEW.operator AND is_active = 1
            AND (granted = 'yes' OR is_effect = 0 OR NEW.approval IS NOT NULL))
    THEN RAISE EXCEPTION 'this person may not do this' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.approval IS NOT NULL THEN
        IF NOT EXISTS (
            SELECT 1 FROM vending.approvals AS given
            JOIN vending.operators ON name = approver AND is_active = 1
            JOIN vending.permissions ON permissions.role = operators.role AND permissions.act = NEW.act AND approves = 1
            WHERE given.id = NEW.approval AND given.journal = NEW.id AND given.act = NEW.act
                AND given.operator = NEW.operator AND approver <> NEW.operator
                AND given.at <= NEW.at AND NEW.at <= until)
        THEN RAISE EXCEPTION 'this was not approved' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER journal_authority BEFORE INSERT ON journal FOR EACH ROW EXECUTE FUNCTION check_authority();
"""
"""The tables are named with their schema, so that nobody puts others of that name before them. A condition that asks a
table is a query whatever stands before it, so the approval is asked for in an IF of its own."""

PEOPLE_2 = _PEOPLE + PERMISSION_ROWS + ACT_KIND_ROWS + _AUTHORITY

OF_ONE_SUPPLY = "(account LIKE 'arrears:%' OR account LIKE 'meter:%' OR account LIKE 'refund-due:%')"
"""As in schema_2_books.py, in the words of this database."""

_CHECKS_OF_SALES = """
CREATE FUNCTION check_sale() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.purpose IN ('sale', 'issue', 'reversal', 'cancellation') AND NEW.sequence > 0
        AND (NEW.undoes IS NOT NULL) = (NEW.purpose IN ('reversal', 'cancellation'))) IS TRUE
    THEN RETURN NEW;
    END IF;
    RAISE EXCEPTION 'no sale is like this' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER sales_check BEFORE INSERT ON sales FOR EACH ROW EXECUTE FUNCTION check_sale();

CREATE FUNCTION check_sale_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.state IN ('in_doubt', 'posted', 'voided') AND NEW.is_final = (NEW.state <> 'in_doubt')::int
        AND (NEW.receipt_desk IS NULL OR NEW.state = 'posted')
        AND (NEW.receipt_number > 0) IS NOT DISTINCT FROM (NEW.receipt_desk > 0)
        AND (NEW.reverses IS NULL OR NEW.state = 'posted')) IS TRUE
    THEN RETURN NEW;
    END IF;
    RAISE EXCEPTION 'no sale ends like this' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER sale_events_check BEFORE INSERT ON sale_events FOR EACH ROW EXECUTE FUNCTION check_sale_event();
"""
"""The CHECKs of the tables that every sale writes to, as triggers (and that of a posting as a domain): the server reads
and plans the text of a CHECK anew for each statement, which was a seventh of what it did for a sale."""

BOOKS_2 = f"""
ALTER TABLE sales DROP CONSTRAINT sales_purpose_check, DROP CONSTRAINT sales_sequence_check,
    ADD COLUMN tariff TEXT, ADD COLUMN tender TEXT, ADD COLUMN undoes TEXT;

ALTER TABLE sale_events ADD COLUMN reverses TEXT,
    DROP CONSTRAINT sale_events_state_check, DROP CONSTRAINT sale_events_check,
    DROP CONSTRAINT sale_events_check1, DROP CONSTRAINT sale_events_check2;
{_CHECKS_OF_SALES}
CREATE UNIQUE INDEX reversals ON sale_events (reverses) WHERE reverses IS NOT NULL;
CREATE INDEX sale_events_journal ON sale_events (journal);

CREATE DOMAIN commodity AS TEXT CHECK (VALUE IN ('money', 'energy'));
ALTER TABLE postings DROP CONSTRAINT postings_commodity_check, ALTER COLUMN commodity TYPE commodity;
DROP INDEX postings_of_one;
CREATE INDEX postings_of_one ON postings (account, amount) WHERE {OF_ONE_SUPPLY};

CREATE TABLE cash_movements (
    journal BIGINT PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    shift BIGINT NOT NULL REFERENCES shifts (number),
    operator TEXT NOT NULL REFERENCES operators (name),
    kind TEXT NOT NULL CHECK (kind IN ('from-safe', 'to-safe', 'paid-in', 'paid-out')),
    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
    reason TEXT NOT NULL, at TEXT NOT NULL, request TEXT NOT NULL
);
CREATE INDEX cash_movements_shift ON cash_movements (shift);

CREATE TABLE cash_counts (
    journal BIGINT PRIMARY KEY,
    shift BIGINT NOT NULL REFERENCES shifts (number),
    at TEXT NOT NULL, counted_minor BIGINT NOT NULL CHECK (counted_minor >= 0),
    expected_minor BIGINT NOT NULL, pieces TEXT NOT NULL
);
CREATE INDEX cash_counts_shift ON cash_counts (shift);

ALTER TABLE shift_closings ADD COLUMN reason TEXT;
ALTER TABLE shift_closings ADD COLUMN handed_to TEXT REFERENCES operators (name);

CREATE TABLE signed_sales (
    journal BIGINT PRIMARY KEY,
    sale TEXT NOT NULL REFERENCES sales (id),
    shift BIGINT NOT NULL REFERENCES shifts (number),
    operator TEXT NOT NULL REFERENCES operators (name),
    note TEXT NOT NULL, at TEXT NOT NULL,
    UNIQUE (sale, shift)
);

CREATE TABLE payments (
    journal BIGINT PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('arrears', 'refund')),
    desk BIGINT NOT NULL REFERENCES desks (number), number BIGINT NOT NULL CHECK (number > 0),
    shift BIGINT NOT NULL REFERENCES shifts (number),
    operator TEXT NOT NULL REFERENCES operators (name),
    supply TEXT NOT NULL REFERENCES supplies (number),
    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
    tender TEXT NOT NULL, reference TEXT NOT NULL,
    reason TEXT NOT NULL, at TEXT NOT NULL, request TEXT NOT NULL,
    UNIQUE (desk, number)
);
CREATE INDEX payments_supply ON payments (supply);
CREATE INDEX payments_shift ON payments (shift);

CREATE TABLE tender_corrections (
    journal BIGINT PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    sale TEXT NOT NULL REFERENCES sales (id),
    shift BIGINT NOT NULL REFERENCES shifts (number),
    operator TEXT NOT NULL REFERENCES operators (name),
    was TEXT NOT NULL, tender TEXT NOT NULL, reference TEXT NOT NULL,
    reason TEXT NOT NULL, at TEXT NOT NULL, request TEXT NOT NULL
);
CREATE INDEX tender_corrections_sale ON tender_corrections (sale);

CREATE TABLE drawer_openings (
    journal BIGINT PRIMARY KEY,
    desk BIGINT NOT NULL REFERENCES desks (number),
    operator TEXT NOT NULL REFERENCES operators (name),
    reason TEXT NOT NULL, at TEXT NOT NULL
);

CREATE TABLE closings (
    journal BIGINT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('shift', 'day', 'month', 'year')),
    desk BIGINT NOT NULL, number BIGINT NOT NULL CHECK (number > 0),
    period TEXT NOT NULL, at TEXT NOT NULL,
    text TEXT NOT NULL, signature BYTEA NOT NULL CHECK (length(signature) = 64),
    key BYTEA NOT NULL CHECK (length(key) = 32),
    UNIQUE (kind, desk, number), UNIQUE (kind, desk, period)
);
"""

_KEEPING = """
CREATE TABLE restorations (
    journal BIGINT PRIMARY KEY,
    backup TEXT NOT NULL, made_at TEXT NOT NULL, at TEXT NOT NULL,
    reason TEXT NOT NULL CHECK (reason IN ('restored', 'older'))
);

CREATE TABLE restoration_ends (
    restoration BIGINT PRIMARY KEY REFERENCES restorations (journal),
    journal BIGINT NOT NULL,
    at TEXT NOT NULL, evidence TEXT NOT NULL
);

CREATE TABLE reentries (
    journal BIGINT PRIMARY KEY,
    sale TEXT NOT NULL REFERENCES sales (id),
    proof TEXT NOT NULL CHECK (proof IN ('card', 'paper')),
    mark TEXT NOT NULL, sold_at TEXT NOT NULL,
    skipped BIGINT NOT NULL CHECK (skipped >= 0)
);
CREATE UNIQUE INDEX reentries_sale ON reentries (sale);

CREATE TABLE receipt_gaps (
    journal BIGINT PRIMARY KEY,
    desk BIGINT NOT NULL REFERENCES desks (number),
    first BIGINT NOT NULL CHECK (first > 0), last BIGINT NOT NULL CHECK (last >= first),
    at TEXT NOT NULL
);
CREATE INDEX receipt_gaps_desk ON receipt_gaps (desk, last);
"""

KEEPING_2 = _KEEPING + KEEPING_ACT_KIND_ROWS
