"""A statement's lines sum to the accounts of the ledger, in every period and whatever happened."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest

from tests.ledger.at_work import STAFF
from tests.ledger.builders import SUPPLY, Counter, a_write_back
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import CardNo, MeterNo, SupplyNo
from vending_app.domain.money import ZERO, Money
from vending_app.domain.payment import PaymentKind
from vending_app.domain.people import Meter, Role
from vending_app.domain.permissions import Act, Authority
from vending_app.domain.records import FinalReading, ReadingHow
from vending_app.domain.returned import NOTHING
from vending_app.domain.statement import LineOf, Statement
from vending_app.ledger import entries

FIRST = date(2025, 11, 14)


def of(counter: Counter, since: date, until: date, supply: SupplyNo = SUPPLY) -> Statement:
    begin = datetime.combine(since, time.min, UTC)
    end = datetime.combine(until + timedelta(days=1), time.min, UTC)
    return counter.ledger.statement(supply, since=(since, begin), until=(until, end))


def reverse(counter: Counter) -> None:
    """The newest sale is taken back."""
    wrong = counter.ledger.newest_standing(SUPPLY)
    assert wrong is not None
    counter.reverse(wrong)


def live(counter: Counter) -> None:
    """Three days: bought twice, the meter read, paid, one purchase taken back and paid out, a card with a fee."""
    counter.sell("50.00")
    found = a_write_back(1, total="100.00", used="20.00")
    counter.ledger.harvest(found, supply=SUPPLY, card=CardNo("000770000001"), record=bytes(64), at=counter.tick())
    counter.now += timedelta(days=1)
    counter.sell("30.00")
    counter.ledger.pay(counter.payment(PaymentKind.ARREARS, "7.50"), request="x")
    counter.now += timedelta(days=1)
    counter.sell("20.00")
    reverse(counter)
    counter.ledger.pay(counter.payment(PaymentKind.REFUND, "20.00"), request="y")
    fee = counter.ledger.reserve(replace(counter.issue_intent(), fee=Money(500)))
    counter.ledger.post(fee.id, at=counter.tick())


def balance(counter: Counter, account: str) -> Money:
    with counter.ledger._books.reading():
        return Money(entries.balance(counter.ledger._books, account))


def test_the_lines_of_a_life_sum_to_the_accounts(counter: Counter) -> None:
    live(counter)
    made = of(counter, FIRST, FIRST + timedelta(days=9))
    assert [line.of.value for line in made.lines] == [
        "opening", "issue", "sale", "write-back", "sale", "payment", "sale", "reversal", "refund", "issue",
    ]  # fmt: skip
    assert made.opening == ZERO
    assert made.closing == sum((line.arrears for line in made.lines), ZERO) == balance(counter, entries.arrears(SUPPLY))
    assert made.due == -balance(counter, entries.refund_due(SUPPLY)) == ZERO
    assert made.paid == Money.parse("87.50")
    assert made.bought == counter.file().energy_total
    assert [line.arrears for line in made.lines if line.of is LineOf.ISSUE] == [ZERO, Money(500)]


def test_each_purchase_has_its_receipt_and_the_share_that_was_taken(counter: Counter) -> None:
    live(counter)
    made = of(counter, FIRST, FIRST + timedelta(days=9))
    sale = next(line for line in made.lines if line.of is LineOf.SALE)
    known = counter.ledger.sale_of_receipt(sale.document)
    assert known is not None
    assert (sale.paid, sale.energy, sale.arrears) == (known.amount, known.intent.energy, Money(-1000))
    assert made.agreed_percent == 20
    payment = next(line for line in made.lines if line.of is LineOf.PAYMENT)
    assert (payment.document, payment.paid, payment.arrears) == ("2-P000001", Money(750), Money(-750))
    turned = next(line for line in made.lines if line.of is LineOf.REVERSAL)
    assert (turned.paid, turned.due, turned.energy < Energy(0)) == (ZERO, Money(2000), True)
    read = next(line for line in made.lines if line.of is LineOf.WRITE_BACK)
    assert (read.used, read.arrears) == (Energy(20_000), ZERO)


def test_a_day_begins_with_what_the_day_before_ended_with(counter: Counter) -> None:
    live(counter)
    days = [FIRST + timedelta(days=at) for at in range(-1, 5)]
    made = [of(counter, day, day) for day in days]
    for before, after in pairwise(made):
        assert (after.opening, after.opening_due) == (before.closing, before.due)
    whole = of(counter, days[0], days[-1])
    assert sum((each.lines for each in made), ()) == whole.lines
    assert made[-1].closing == whole.closing


def test_midnight_belongs_to_the_day_that_begins(counter: Counter) -> None:
    counter.now = datetime.combine(FIRST + timedelta(days=1), time.min, UTC) - timedelta(minutes=1)
    counter.ledger.pay(counter.payment(PaymentKind.ARREARS, "7.50"), request="x")
    assert [line.of.value for line in of(counter, FIRST, FIRST).lines][-1] == "issue"
    assert [line.of.value for line in of(counter, FIRST + timedelta(days=1), FIRST + timedelta(days=1)).lines] == [
        "payment"
    ]


def test_what_is_due_is_told_until_it_is_paid_out(counter: Counter) -> None:
    counter.sell("20.00")
    reverse(counter)
    made = of(counter, FIRST, FIRST)
    assert (made.due, made.bought) == (Money(2000), Energy(0))
    assert of(counter, FIRST + timedelta(days=1), FIRST + timedelta(days=2)).opening_due == Money(2000)


def test_a_period_in_which_nothing_happened_has_no_lines(counter: Counter) -> None:
    live(counter)
    made = of(counter, date(2026, 5, 1), date(2026, 5, 31))
    assert (made.lines, made.opening, made.paid) == ((), made.closing, ZERO)
    assert made.closing == balance(counter, entries.arrears(SUPPLY))


def test_debts_move_with_the_meter_from_one_statement_to_the_other(counter: Counter) -> None:
    owed = balance(counter, entries.arrears(SUPPLY))
    new = MeterNo("000087654321")
    technician = STAFF[Role.TECHNICIAN].name
    with counter.ledger.acting_as(Authority(technician, Act.RECORDS)):
        counter.ledger.enter_meter(Meter(new, "RM-2", 1600), reason="", at=counter.tick())
    reading = FinalReading(ReadingHow.HAND, Energy(0), Energy(0))
    with counter.ledger.acting_as(Authority(technician, Act.METER_CHANGE)):
        changed = counter.ledger.change_meter(
            SUPPLY, new, reading, price=lambda _: NOTHING, reason="dark", at=counter.tick()
        )
    old, fresh = of(counter, FIRST, FIRST), of(counter, FIRST, FIRST, changed.new)
    assert (old.closing, fresh.closing) == (ZERO, owed)
    assert [line.of for line in fresh.lines] == [LineOf.METER_CHANGE]


def test_nobody_has_a_statement_of_a_supply_that_is_not_there(counter: Counter) -> None:
    with pytest.raises(OperatorError) as caught:
        of(counter, FIRST, FIRST, SupplyNo("99999999"))
    assert caught.value.code is Code.SUPPLY_UNKNOWN
