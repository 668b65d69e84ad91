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


def withdraw(ledger: AtWork, day: date, *, today: date = TODAY, at: datetime = NOON, word: str = "e" * 32) -> None:
    until = at + timedelta(minutes=2)
    approval = Approval(ApprovalId(word), Act.RULES, ADMINISTRATOR, SUPERVISOR, bytes(32), at=at, until=until)
    with ledger.acting_as(Authority(SUPERVISOR, Act.RULES, approval)):
        ledger.withdraw_tariff("H2", day, today=today, at=at)


def not_withdrawn(ledger: AtWork, day: date, **how: date) -> Code:
    with pytest.raises(OperatorError) as caught:
        withdraw(ledger, day, word="f" * 32, **how)  # type: ignore[arg-type]
    return caught.value.code


def test_prices_that_have_not_begun_are_withdrawn_and_count_nowhere(ledger: AtWork) -> None:
    put(ledger, NEW_YEAR)
    withdraw(ledger, NEW_YEAR.valid_from)
    (life,) = ledger.tariff_lives()
    assert [version.tariff for version in life.versions] == [TARIFF]
    assert [version.tariff for version in life.withdrawn] == [NEW_YEAR]
    assert ledger.tariff("H2", on=date(2026, 6, 1)) == TARIFF
    assert ledger.tariffs(on=date(2026, 6, 1)) == (("H2", TARIFF.name),)
    (change,) = ledger.rule_changes(limit=9)
    assert (change.subject, change.operator, change.approver) == ("withdrawn:H2:2026-01-01", SUPERVISOR, ADMINISTRATOR)
    assert (change.before, change.after) == ({"prices": "entered"}, {"prices": "withdrawn"})
    assert ledger.verify().is_ok
    # Its row stays, so its day is taken; the day after is free.
    assert refusal(ledger, NEW_YEAR) is Code.TARIFF_EXISTS
    put(ledger, replace(NEW_YEAR, valid_from=date(2026, 1, 2)), word="d" * 32)
    assert ledger.tariff("H2", on=date(2026, 6, 1)).fixed_per_month == Money(200)
    assert ledger.verify().is_ok


def test_a_wholly_new_tariff_that_is_withdrawn_is_offered_to_nobody(ledger: AtWork) -> None:
    put(ledger, replace(NEW_YEAR, code="B9"))
    with ledger.acting_as(Authority(SUPERVISOR, Act.RULES, _word_of_rules())):
        ledger.withdraw_tariff("B9", NEW_YEAR.valid_from, today=TODAY, at=NOON)
    assert [life.code for life in ledger.tariff_lives()] == ["H2"]
    assert ledger.tariffs(on=date(2026, 6, 1)) == (("H2", TARIFF.name),)


def _word_of_rules() -> Approval:
    until = NOON + timedelta(minutes=2)
    return Approval(ApprovalId("9" * 32), Act.RULES, ADMINISTRATOR, SUPERVISOR, bytes(32), at=NOON, until=until)


def test_what_has_begun_or_is_not_there_is_not_withdrawn(ledger: AtWork) -> None:
    put(ledger, NEW_YEAR)
    assert not_withdrawn(ledger, date(2026, 1, 2)) is Code.TARIFF_MISSING
    assert not_withdrawn(ledger, TARIFF.valid_from) is Code.TARIFF_BEGUN
    assert not_withdrawn(ledger, NEW_YEAR.valid_from, today=NEW_YEAR.valid_from) is Code.TARIFF_BEGUN
    withdraw(ledger, NEW_YEAR.valid_from)
    assert not_withdrawn(ledger, NEW_YEAR.valid_from) is Code.TARIFF_MISSING


def test_nobody_withdraws_prices_alone(ledger: AtWork) -> None:
    put(ledger, NEW_YEAR)
    with pytest.raises(OperatorError) as caught, ledger.acting_as(Authority(SUPERVISOR, Act.RULES)):
        ledger.withdraw_tariff("H2", NEW_YEAR.valid_from, today=TODAY, at=NOON)
    assert caught.value.code is Code.APPROVAL_NEEDED
    assert ledger.tariff("H2", on=date(2026, 6, 1)) == NEW_YEAR


def test_whether_a_card_is_free_is_the_same_for_the_database_as_for_the_desk(ledger: AtWork) -> None:
    """It judges by the newest version that it has: withdrawn prices give way to others on the day after them."""
    other = Money(0) if TARIFF.card_fee else Money(5_00)
    put(ledger, replace(NEW_YEAR, card_fee=other))
    assert not_withdrawn(ledger, NEW_YEAR.valid_from) is Code.TARIFF_FEE_DIFFERS
    right = replace(NEW_YEAR, valid_from=date(2026, 1, 2), card_fee=TARIFF.card_fee)
    put(ledger, right, word="d" * 32)
    withdraw(ledger, NEW_YEAR.valid_from)
    assert ledger.tariff("H2", on=date(2026, 1, 1)) == TARIFF
    assert ledger.tariff("H2", on=date(2026, 1, 2)) == right


def test_no_prices_are_entered_before_withdrawn_ones_that_give_cards_otherwise(ledger: AtWork) -> None:
    other = Money(0) if TARIFF.card_fee else Money(5_00)
    put(ledger, NEW_YEAR)
    withdraw(ledger, NEW_YEAR.valid_from)
    sooner = replace(NEW_YEAR, valid_from=NEW_YEAR.valid_from - timedelta(days=9))
    assert refusal(ledger, replace(sooner, card_fee=other)) is Code.TARIFF_FEE_DIFFERS
    put(ledger, sooner, word="d" * 32)


@pytest.mark.parametrize(
    ("subject", "said"),
    [("withdrawn:H2:2030-01-01", "prices that there are not"), ("withdrawn:H2:{past}", "prices that had begun")],
)
def test_a_withdrawal_that_cannot_be_is_found_by_the_proof(ledger: AtWork, subject: str, said: str) -> None:
    from vending_app.ledger import office_rules

    forged = subject.format(past=TARIFF.valid_from.isoformat())
    with ledger.acting_as(Authority(SUPERVISOR, Act.RULES, _word_of_rules())):
        office_rules.note(ledger._books, forged, {"prices": "entered"}, {"prices": "withdrawn"}, at=NOON)
    assert any(said in problem for problem in ledger.verify().problems)


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
