"""Version 6 of the tables, the rules of an office: made by two people, and asked by the database itself.

An office may demand a second person where `permissions` would let one act alone, never the other way: the newest row
of the subject `approvals` names the pairs as `"role:act"`, and the triggers of the journal look for them there.
"""

from __future__ import annotations

from vending_app.ledger.schema import append_only
from vending_app.ledger.schema_6_approvers import DAYS_ALONE, IS_ANOTHER

OFFICE_RULE_KEYS = {"office_rules": "journal", "logos": "id"}
"""Append-only tables of this part whose rows name the journal row that brought them, with their primary keys."""

_TABLES = """
CREATE TABLE office_rules (
    journal {integer} PRIMARY KEY,
    subject TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL, at TEXT NOT NULL
){strict};
CREATE INDEX office_rules_subject ON office_rules (subject, journal);

CREATE TABLE logos (
    id TEXT PRIMARY KEY CHECK (length(id) = 64),
    journal {integer} NOT NULL, png {bytes} NOT NULL
){strict}{keyed};
"""
"""`id` of a logo is the SHA-256 of its PNG in hexadecimal, so that each is kept once."""

PERMISSION_ROWS = """
INSERT INTO permissions (role, act, granted, approves) VALUES
    ('cashier', 'rules', 'no', 0),
    ('supervisor', 'rules', 'approval', 1),
    ('technician', 'rules', 'no', 0),
    ('administrator', 'rules', 'approval', 1);
UPDATE permissions SET approves = 1 WHERE role IN ('supervisor', 'administrator')
    AND act IN ('drawer', 'card-stock', 'reissue', 'meter-change', 'operators');
"""
"""What an office may demand an approval for, somebody can approve."""

ACT_KIND_ROWS = """
INSERT INTO act_kinds (act, kind, is_effect) VALUES
    ('', 'rule', 0),
    ('rules', 'rule', 1),
    ('settings', 'rule', 1);
"""

IS_DEMANDED = """EXISTS (SELECT 1 FROM {schema}office_rules
    WHERE journal = (SELECT max(journal) FROM {schema}office_rules WHERE subject = 'approvals')
        AND after LIKE '%"' || {role} || ':' || {act} || '"%')"""
"""Whether the newest rule names this role and act: one look into an index of a table with a handful of rows."""

_IS_OFFICES = "NEW.subject NOT LIKE 'desk-%'"
_WORD = """SELECT 1 FROM {schema}approvals AS given
        JOIN {schema}operators ON name = approver AND is_active = 1
        JOIN {schema}permissions ON permissions.role = operators.role AND permissions.act = given.act AND approves = 1
        WHERE given.journal = NEW.journal AND given.act = 'rules' AND approver <> operator"""
_NOT_OWN = """NEW.act IS DISTINCT FROM 'rules' AND EXISTS (SELECT 1 FROM {schema}office_rules
        WHERE journal = NEW.id AND subject <> 'desk-' || NEW.desk)"""
"""Whoever makes no rule for the office tells of his own desk only, and so does a command line where nobody is."""

_ANOTHER_IN_FILE = IS_ANOTHER.format(schema="", name="NEW.operator", since=f"date(NEW.at, '-{DAYS_ALONE} days')")
_TWO_PEOPLE = f"""
CREATE TRIGGER office_rules_two_people BEFORE INSERT ON office_rules WHEN {_IS_OFFICES}
    AND NOT EXISTS ({_WORD.format(schema="")})
BEGIN SELECT RAISE(ABORT, 'a rule of the office is two people''s word'); END;

CREATE TRIGGER journal_rule BEFORE INSERT ON journal WHEN NEW.kind = 'rule' AND {_NOT_OWN.format(schema="")}
BEGIN SELECT RAISE(ABORT, 'a rule of the office is two people''s word'); END;

DROP TRIGGER journal_authority;
CREATE TRIGGER journal_authority BEFORE INSERT ON journal WHEN NEW.operator IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM operators
    JOIN permissions ON permissions.role = operators.role AND permissions.act = NEW.act AND granted <> 'no'
    JOIN act_kinds ON act_kinds.act = NEW.act AND kind = NEW.kind
    WHERE name = NEW.operator AND is_active = 1
        AND (is_effect = 0 OR NEW.approval IS NOT NULL
            OR (granted = 'yes' AND NOT {IS_DEMANDED.format(schema="", role="operators.role", act="NEW.act")})
            OR (NEW.act = 'approvers' AND NOT {_ANOTHER_IN_FILE})))
BEGIN SELECT RAISE(ABORT, 'this person may not do this'); END;
"""

_APPROVES_AGAIN = f"""
DROP TRIGGER permissions_no_update;
{PERMISSION_ROWS}
CREATE TRIGGER permissions_no_update BEFORE UPDATE ON permissions
BEGIN SELECT RAISE(ABORT, 'permissions is append-only'); END;
"""

RULES_6 = (
    _TABLES.format(integer="INTEGER", bytes="BLOB", strict=" STRICT", keyed=", WITHOUT ROWID")
    + _APPROVES_AGAIN
    + ACT_KIND_ROWS
    + "".join(append_only(table, key, {}) for table, key in OFFICE_RULE_KEYS.items())
    + _TWO_PEOPLE
)

ASKED_THEN = (
    "journal_nobody",
    "journal_authority",
    "journal_approval",
    "journal_approvers",
    "meter_changes_estimate",
    "settlements_estimate",
    "office_rules_two_people",
)
"""Triggers that ask who may write a row now: what comes from elsewhere was asked when it was written, of people who may
be locked since."""

_ON_SERVER = {"schema": "vending."}
_FUNCTIONS = f"""
CREATE FUNCTION check_rule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {_IS_OFFICES} AND NOT EXISTS ({_WORD.format(**_ON_SERVER)})
    THEN RAISE EXCEPTION 'a rule of the office is two people''s word' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER office_rules_two_people BEFORE INSERT ON office_rules FOR EACH ROW EXECUTE FUNCTION check_rule();

CREATE FUNCTION check_rule_page() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {_NOT_OWN.format(**_ON_SERVER)}
    THEN RAISE EXCEPTION 'a rule of the office is two people''s word' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER journal_rule BEFORE INSERT ON journal FOR EACH ROW
WHEN (NEW.kind = 'rule') EXECUTE FUNCTION check_rule_page();
"""

_DEMANDED_THERE = IS_DEMANDED.format(**_ON_SERVER, role="operators.role", act="NEW.act")
_SINCE = f"to_char((NEW.at::timestamptz AT TIME ZONE 'UTC') - interval '{DAYS_ALONE} days', 'YYYY-MM-DD')"
_ANOTHER_THERE = IS_ANOTHER.format(**_ON_SERVER, name="NEW.operator", since=_SINCE)
_AUTHORITY_AGAIN = f"""
CREATE OR REPLACE FUNCTION check_authority() RETURNS trigger LANGUAGE plpgsql AS $$
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
            AND (is_effect = 0 OR NEW.approval IS NOT NULL
                OR (granted = 'yes' AND NOT {_DEMANDED_THERE})
                OR (NEW.act = 'approvers' AND NOT {_ANOTHER_THERE})))
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
"""
"""As in version 2, but for what is demanded, and for the first whose word approves."""

RULES_6_ON_SERVER = (
    _TABLES.format(integer="BIGINT", bytes="BYTEA", strict="", keyed="")
    + "DROP TRIGGER IF EXISTS permissions_append_only ON permissions;"
    + PERMISSION_ROWS
    + ACT_KIND_ROWS
    + _FUNCTIONS
    + _AUTHORITY_AGAIN
)
"""The guard of `permissions` is given again with all the others, at the end of the migration."""
