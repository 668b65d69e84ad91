"""Version 4 of the tables: what two people answer for the database itself holds them to; and the order that empties a
card when its supply ends comes with the end.

The triggers ask what services and books have asked before (`ledger/authority.py`, `ledger/meter_changes.py`).
"""

from __future__ import annotations

ACT_KIND_ROWS = """
INSERT INTO act_kinds (act, kind, is_effect) VALUES
    ('meter-change', 'reserve', 0),
    ('meter-change', 'doubt', 0),
    ('meter-change', 'post', 0),
    ('close-supply', 'reserve', 0),
    ('close-supply', 'doubt', 0),
    ('close-supply', 'post', 0);
"""

ESTIMATES = {"meter_changes": "estimate", "settlements": "close-supply"}
"""Where an estimate may stand, and the act that is approved then."""


def _of_row(table: str, act: str) -> str:
    """The approval is written before what it approves, in the same entry of the journal."""
    return f"""
CREATE TRIGGER {table}_estimate BEFORE INSERT ON {table} WHEN NEW.how = 'estimate' AND NOT EXISTS (
    SELECT 1 FROM approvals
    JOIN operators ON name = approver AND is_active = 1
    JOIN permissions ON permissions.role = operators.role AND permissions.act = approvals.act AND approves = 1
    WHERE journal = NEW.journal AND approvals.act = '{act}' AND approver <> operator)
BEGIN SELECT RAISE(ABORT, 'an estimate is two people''s word'); END;
"""


_OF_JOURNAL = """
CREATE TRIGGER journal_estimate BEFORE INSERT ON journal WHEN NEW.approval IS NULL AND (
    EXISTS (SELECT 1 FROM meter_changes WHERE journal = NEW.id AND how = 'estimate')
    OR EXISTS (SELECT 1 FROM settlements WHERE journal = NEW.id AND how = 'estimate'))
BEGIN SELECT RAISE(ABORT, 'an estimate is two people''s word'); END;

CREATE TRIGGER journal_free_card BEFORE INSERT ON journal
WHEN NEW.kind = 'reserve' AND instr(NEW.body, '"ends":') > 0
    AND NOT (NEW.act IS 'waive-fee' AND NEW.approval IS NOT NULL)
    AND json_extract(NEW.body, '$.intent.ends') IS NOT NULL
    AND coalesce(json_extract(NEW.body, '$.intent.fee_minor'), 0) <= 0
    AND EXISTS (SELECT 1 FROM supplies JOIN tariffs ON code = tariff
        WHERE number = json_extract(NEW.body, '$.sales[0].supply'))
    AND NOT EXISTS (SELECT 1 FROM supplies JOIN tariffs AS held ON code = tariff
        WHERE number = json_extract(NEW.body, '$.sales[0].supply') AND held.valid_from <= date(NEW.at, '+1 day')
            AND coalesce(json_extract(held.body, '$.card_fee_minor'), 0) <= 0
            AND NOT EXISTS (SELECT 1 FROM tariffs AS later WHERE later.code = held.code
                AND later.valid_from > held.valid_from AND later.valid_from <= date(NEW.at, '-1 day')))
BEGIN SELECT RAISE(ABORT, 'a card without its fee is given by two people'); END;
"""
"""The books know no time zone: a card costs something if it does on the day before and the day after as well."""

TWO_PEOPLE_4 = ACT_KIND_ROWS + "".join(_of_row(table, act) for table, act in ESTIMATES.items()) + _OF_JOURNAL
