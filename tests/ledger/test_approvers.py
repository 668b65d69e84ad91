"""People whose word approves are made by two people, in both databases, and by one only where there is no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.ledger.at_work import ANA, STAFF, AtWork, an_approval
from tests.ledger.builders import DESK
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import OperatorName
from vending_app.domain.people import Operator, OperatorChange, Role
from vending_app.domain.permissions import Act, Authority
from vending_app.ledger.driver import sqlite3
from vending_app.ledger.journal import last_time
from vending_app.ledger.postgres_wire import ServerError

SAM, ADA = STAFF[Role.SUPERVISOR], STAFF[Role.ADMINISTRATOR]
JO = Operator(OperatorName("jo"), "Jo Bauer", Role.SUPERVISOR)
MAX = Operator(OperatorName("max"), "Max Roth", Role.ADMINISTRATOR)
ALONE, KEEPING = Authority(ADA.name, Act.APPROVERS), Authority(ADA.name, Act.OPERATORS)
REFUSED = (sqlite3.IntegrityError, ServerError)


def with_word(ledger: AtWork, *, number: int = 1) -> Authority:
    """Ada asks, Sam approves."""
    approval = an_approval(Act.APPROVERS, at=last_time(ledger._books), approval_id=f"{number:032x}")
    return replace(ALONE, approval=replace(approval, operator=ADA.name))


def enter(ledger: AtWork, who: Operator, right: Authority, *, after: timedelta = timedelta()) -> Code | None:
    try:
        with ledger.acting_as(right):
            ledger.enter_operator(who, "$argon2id$", at=last_time(ledger._books) + after)
    except OperatorError as error:
        return error.code
    return None


def change(ledger: AtWork, who: Operator, how: OperatorChange, right: Authority) -> Code | None:
    hashed = "$argon2id$new" if how in (OperatorChange.RESET, OperatorChange.OWN_SECRET) else None
    try:
        with ledger.acting_as(right):
            ledger.change_operator(who, how, hashed=hashed, at=last_time(ledger._books))
    except OperatorError as error:
        return error.code
    return None


def test_another_one_s_word_makes_somebody_who_approves_and_nothing_else_does(ledger: AtWork) -> None:
    for right in (KEEPING, ALONE):
        assert enter(ledger, JO, right) is Code.APPROVAL_NEEDED
        assert change(ledger, SAM, OperatorChange.RESET, right) is Code.APPROVAL_NEEDED
    assert change(ledger, SAM, OperatorChange.RESET, with_word(ledger)) is Code.APPROVAL_SELF
    assert enter(ledger, JO, with_word(ledger)) is None
    assert change(ledger, replace(JO, is_active=False), OperatorChange.LOCK, KEEPING) is None
    assert change(ledger, JO, OperatorChange.UNLOCK, KEEPING) is Code.APPROVAL_NEEDED
    assert change(ledger, JO, OperatorChange.UNLOCK, with_word(ledger, number=2)) is None
    assert ledger.verify().problems == ()


def test_whoever_is_the_only_one_begins_alone_and_not_before_a_week_is_over(ledger: AtWork) -> None:
    assert change(ledger, replace(SAM, is_active=False), OperatorChange.LOCK, KEEPING) is None
    assert enter(ledger, JO, ALONE, after=timedelta(days=7)) is Code.APPROVAL_NEEDED
    assert enter(ledger, JO, ALONE, after=timedelta(days=8)) is None, "and the database agrees"
    assert enter(ledger, MAX, ALONE) is Code.APPROVAL_NEEDED
    assert ledger.verify().problems == ()


def test_wrong_secrets_never_leave_one_of_them_alone(ledger: AtWork) -> None:
    """Nobody could unlock the other for a week, and who wants that types ten wrong ones."""
    for _ in range(10):
        ledger.record_login(SAM.name, succeeded=False, at=last_time(ledger._books), desk=DESK)
    assert ledger.operator(SAM.name) == SAM


def test_the_database_itself_lets_nobody_make_one(ledger: AtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that does not ask: only the triggers are left."""
    monkeypatch.setattr("vending_app.ledger.approvers.check_right", lambda *_: None)
    monkeypatch.setattr("vending_app.ledger.authority.admit", lambda books, who, *_, at: who and who.approval)
    raised = replace(ADA, name=ANA)
    for right, who, how, told in (
        (KEEPING, SAM, OperatorChange.RESET, "another such person"),
        (KEEPING, raised, OperatorChange.CHANGE, "another such person"),
        (ALONE, raised, OperatorChange.CHANGE, "may not do this"),
        (with_word(ledger), SAM, OperatorChange.RESET, "another such person"),
        (Authority(ANA, Act.SECRET), raised, OperatorChange.OWN_SECRET, "another such person"),
    ):
        with pytest.raises(REFUSED, match=told):
            change(ledger, who, how, right)
    for right, told in ((KEEPING, "another such person"), (ALONE, "may not do this")):
        with pytest.raises(REFUSED, match=told):
            enter(ledger, JO, right)
    assert change(ledger, SAM, OperatorChange.OWN_SECRET, Authority(SAM.name, Act.SECRET)) is None
    assert ledger.verify().problems == ()
