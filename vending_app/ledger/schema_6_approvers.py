"""Version 6 of the tables, people whose word approves: no administrator makes himself a second pair of eyes.

Who enters such a person, gives such a role, unlocks one or gives one a new secret needs the word of another one, who is
not the person himself. The exception stands beside the rule: where nobody else has such a word, and had none for
`DAYS_ALONE`, an administrator begins alone.
"""

from __future__ import annotations

from collections.abc import Callable

DAYS_ALONE = 7
"""So long after the last other one was locked or given another role: locking is free at once, and time to be seen."""

_ROLES = "('supervisor', 'administrator')"
IS_ANOTHER = f"""(EXISTS (SELECT 1 FROM {{schema}}operators AS other
        WHERE other.name <> {{name}} AND other.is_active = 1 AND other.role IN {_ROLES})
    OR EXISTS (SELECT 1 FROM {{schema}}operator_changes AS gone JOIN {{schema}}journal AS told ON told.id = gone.journal
        WHERE gone.name <> {{name}} AND told.at >= {{since}} AND gone.before LIKE '%"is_active":1%'
            AND (gone.before LIKE '%"role":"supervisor"%' OR gone.before LIKE '%"role":"administrator"%')))"""
"""Whether somebody else than this person can approve, or could since that day (`2026-01-31`)."""

PERMISSION_ROWS = """
INSERT INTO permissions (role, act, granted, approves) VALUES
    ('cashier', 'approvers', 'no', 0),
    ('supervisor', 'approvers', 'no', 1),
    ('technician', 'approvers', 'no', 0),
    ('administrator', 'approvers', 'approval', 1);
"""
ACT_KIND_ROWS = "INSERT INTO act_kinds (act, kind, is_effect) VALUES ('approvers', 'operator', 1);\n"

_IS_ASKED = "NEW.kind IN ('operator', 'secret', 'lockout') AND (NEW.operator IS NOT NULL OR NEW.kind = 'lockout')"
"""Whatever changes people; nobody enters them only while an office is being made."""
_WORDS = "a person whose word approves is another such person''s word"


def _is_refused(told: Callable[[str, str], str], *, schema: str) -> str:
    """Whether the row of this page gives somebody a stronger word by another right, or with his own approval."""
    is_own = "(NEW.kind = 'secret' AND name = NEW.operator)"
    return f"""EXISTS (SELECT 1 FROM {schema}operator_changes AS made WHERE journal = NEW.id
        AND {told("after", "role")} IN {_ROLES}
        AND (verb IN ('add', 'reset', 'unlock')
            OR {told("before", "role")} IS DISTINCT FROM {told("after", "role")}
            OR {told("before", "is_active")} < {told("after", "is_active")}
            OR ({told("before", "secret")} IS DISTINCT FROM {told("after", "secret")} AND NOT {is_own}))
        AND (NEW.act IS DISTINCT FROM 'approvers'
            OR EXISTS (SELECT 1 FROM {schema}approvals WHERE approvals.journal = NEW.id AND approver = made.name)))"""


def _in_file(state: str, key: str) -> str:
    return f"json_extract(nullif({state}, ''), '$.{key}')"


def _on_server(state: str, key: str) -> str:
    return f"(nullif({state}, '')::jsonb ->> '{key}')"


APPROVERS_6 = f"""{PERMISSION_ROWS}{ACT_KIND_ROWS}
CREATE TRIGGER journal_approvers BEFORE INSERT ON journal WHEN {_IS_ASKED}
    AND {_is_refused(_in_file, schema="")}
BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END;
"""

APPROVERS_6_ON_SERVER = f"""{PERMISSION_ROWS}{ACT_KIND_ROWS}
CREATE FUNCTION check_approvers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {_is_refused(_on_server, schema="vending.")}
    THEN RAISE EXCEPTION '{_WORDS}' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER journal_approvers BEFORE INSERT ON journal FOR EACH ROW
WHEN ({_IS_ASKED}) EXECUTE FUNCTION check_approvers();
"""
