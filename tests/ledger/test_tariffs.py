"""Versions of tariffs in the books, and the history of people: what the transaction itself refuses and remembers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from tests.ledger.at_work import ANA, STAFF, AtWork
from tests.ledger.builders import NOON, TARIFF, TODAY
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import ApprovalId, OperatorName
from vending_app.domain.money import Money
from vending_app.domain.people import OperatorChange, Role
from vending_app.domain.permissions import Act, Approval, Authority
from vending_app.domain.tariff import Tariff

SUPERVISOR, ADMINISTRATOR = STAFF[Role.SUPERVISOR].name, STAFF[Role.ADMINISTRATOR].name
NEW_YEAR = replace(TARIFF, valid_from=date(2026, 1, 1), fixed_per_month=Money(200))


def put(ledger: AtWork, tariff: Tariff, *, today: date = TODAY, at: datetime = NOON, word: str = "b" * 32) -> None:
    until = at + timedelta(minutes=2)
    approval = Approval(ApprovalId(word), Act.TARIFFS, ADMINISTRATOR, SUPERVISOR, bytes(32), at=at, until=until)
    with ledger.acting_as(Authority(SUPERVISOR, Act.TARIFFS, approval)):
        ledger.enter_tariff(tariff, today=today, at=at)


def refusal(ledger: AtWork, tariff: Tariff, **how: date) -> Code:
    with pytest.raises(OperatorError) as caught:
        put(ledger, tariff, word="c" * 32, **how)  # type: ignore[arg-type]
    return caught.value.code


def test_a_version_stands_with_who_entered_and_who_approved_it(ledger: AtWork) -> None:
    put(ledger, NEW_YEAR)
    (life,) = ledger.tariff_lives()
    assert (life.code, life.supplies) == ("H2", 1)
    assert [version.tariff for version in life.versions] == [TARIFF, NEW_YEAR]
    assert [(version.operator, version.approver) for version in life.versions] == [
        (None, None),
        (SUPERVISOR, ADMINISTRATOR),
    ]
    assert ledger.tariff("H2", on=date(2025, 12, 31)) == TARIFF
    assert ledger.tariff("H2", on=date(2026, 1, 1)) == NEW_YEAR
    assert ledger.verify().is_ok


def test_the_transaction_itself_refuses_the_past_and_a_day_that_is_taken(ledger: AtWork) -> None:
    put(ledger, NEW_YEAR)
    assert refusal(ledger, NEW_YEAR) is Code.TARIFF_EXISTS
    assert refusal(ledger, replace(TARIFF, valid_from=TODAY)) is Code.TARIFF_NOT_AHEAD
    assert refusal(ledger, replace(TARIFF, valid_from=date(2024, 1, 1))) is Code.TARIFF_NOT_AHEAD
    # A clock that was set back makes no yesterday a day to come.
    yesterday = replace(TARIFF, valid_from=TODAY - timedelta(days=1))
    assert refusal(ledger, yesterday, today=TODAY - timedelta(days=30)) is Code.TARIFF_NOT_AHEAD
    put(ledger, replace(NEW_YEAR, valid_from=date(2026, 7, 1)), word="d" * 32)
    assert len(ledger.tariff_lives()[0].versions) == 3


def test_nobody_puts_prices_in_force_alone(ledger: AtWork) -> None:
    with pytest.raises(OperatorError) as caught, ledger.acting_as(Authority(SUPERVISOR, Act.TARIFFS)):
        ledger.enter_tariff(NEW_YEAR, today=TODAY, at=NOON)
    assert caught.value.code is Code.APPROVAL_NEEDED
    assert len(ledger.tariff_lives()[0].versions) == 1


def test_what_was_changed_about_somebody_is_told_without_his_secret(ledger: AtWork) -> None:
    before = ledger.operator(ANA)
    assert before is not None
    moved = replace(before, role=Role.TECHNICIAN, must_change=True)
    with ledger.acting_as(Authority(ADMINISTRATOR, Act.OPERATORS)):
        ledger.change_operator(moved, OperatorChange.CHANGE, at=NOON)
    added, changed = ledger.operator_changes(ANA)
    assert (added.how, added.before, added.after) == (OperatorChange.ADD, None, before)
    assert (changed.at, changed.by, changed.how) == (NOON, ADMINISTRATOR, OperatorChange.CHANGE)
    assert (changed.before, changed.after) == (before, moved)
    with pytest.raises(OperatorError) as caught:
        ledger.operator_changes(OperatorName("nobody"))
    assert caught.value.code is Code.OPERATOR_UNKNOWN


def test_when_somebody_was_last_let_in_counts_no_failure(ledger: AtWork) -> None:
    for minutes, succeeded in ((0, True), (5, True), (9, False)):
        ledger.record_login(ANA, succeeded=succeeded, at=NOON + timedelta(minutes=minutes), desk=ledger._books.desk)
    assert ledger.last_let_in() == {ANA: NOON + timedelta(minutes=5)}
