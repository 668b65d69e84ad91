"""The supervisor's day: equal to its closing and to its rows, by hour, cashier and tender, with its oddities."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.ledger.at_work import ANA
from tests.ledger.builders import DESK, NOON, SUPPLY, Counter, a_write_back
from tests.ledger.test_closings import a_day
from tests.ledger.test_office_rules import make
from vending_app.domain.closing import ClosingKind
from vending_app.domain.day import DayReport, Oddity
from vending_app.domain.ids import CardNo, DeskNo
from vending_app.domain.money import ZERO, Money
from vending_app.domain.office_rules import Calendar, Holiday, Limits
from vending_app.domain.payment import PaymentKind
from vending_app.domain.report_asked import ReportAsked, ReportKind
from vending_app.domain.sale import TenderKind

TODAY = NOON.date()


def report(counter: Counter, day: date = TODAY, *, desk: DeskNo | None = None) -> DayReport:
    return counter.ledger.day_report(day, desk=desk, today=counter.now.date())


def oddities(counter: Counter) -> list[Oddity]:
    return [odd.kind for odd in report(counter).oddities]


def printed(counter: Counter, *amounts: str) -> None:
    for amount in amounts:
        counter.ledger.mark_printed(counter.sell(amount).id, at=counter.tick(), is_copy=False)


def test_a_day_that_runs_tells_every_sale_once(counter: Counter) -> None:
    printed(counter, "50.00", "20.00")
    card = counter.sell("30.00", tender=TenderKind.BANK_CARD)
    counter.reverse(counter.sell("10.00"))
    day = report(counter)
    assert (day.is_closed, day.number, day.desks) == (False, 1, (DESK,))
    assert (day.sums.takings, day.sums.sales, day.sums.average) == (Money(100_00), 4, Money(25_00))
    assert sum(hour.sales for hour in day.hours) == 4
    assert sum(hour.takings.minor for hour in day.hours) == 100_00
    assert day.tenders == {TenderKind.CASH: Money(80_00), TenderKind.BANK_CARD: Money(30_00)}
    assert day.taken_back == Money(-10_00)
    (ana,) = day.cashiers
    assert (ana.operator, ana.desk, ana.sales, ana.takings) == (ANA, DESK, 4, Money(100_00))
    assert ana.energy == day.sums.energy
    assert card.state.value == "posted"


def test_arrears_that_were_paid_are_told_with_sales_and_without(counter: Counter) -> None:
    owed = counter.file().arrears
    counter.sell("50.00")
    counter.ledger.pay(counter.payment(PaymentKind.ARREARS, "5.00"), request="arrears")
    assert report(counter).sums.arrears == owed - counter.file().arrears
    assert report(counter).sums.arrears > Money(5_00)


def test_a_closed_day_is_what_its_closing_says_and_stays_so(counter: Counter) -> None:
    closing = a_day(counter, TODAY.isoformat(), "50.00", "20.00")
    before = report(counter)
    counter.now += timedelta(days=1)
    counter.open_shift()
    counter.sell("40.00")
    after = report(counter)
    assert after == replace(before, closable=TODAY + timedelta(days=1))
    assert (after.is_closed, after.number) == (True, closing.number)
    assert (after.sums.takings, after.sums.energy, after.sums.sales) == (
        closing.totals.sold,
        closing.totals.energy_sold,
        closing.totals.count,
    )
    assert report(counter, counter.now.date()).sums.takings == Money(40_00)


def test_a_day_without_anything_has_only_its_name(counter: Counter) -> None:
    counter.sell("50.00")
    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=1)):
        nothing = report(counter, day)
        assert (nothing.sums.sales, nothing.sums.takings, nothing.hours, nothing.oddities) == (0, ZERO, (), ())
        assert nothing.usual is None


def test_a_day_that_was_left_open_is_told_as_it_will_be_closed(counter: Counter) -> None:
    counter.sell("20.00")
    forgotten = counter.now.date()
    for amount in ("50.00", "10.00"):
        counter.sell(amount)
    counter.now += timedelta(days=1)
    counter.sell("30.00")
    told = report(counter, forgotten)
    assert (told.is_closed, told.sums.sales, told.sums.takings) == (False, 3, Money(80_00))
    assert sum(hour.sales for hour in told.hours) == 3
    today = report(counter, counter.now.date())
    assert (today.sums.takings, today.number, told.number) == (Money(30_00), 2, 1)
    assert (today.closable, told.closable, told.is_by_clock) == (forgotten, forgotten, False)
    month = counter.ledger.report(ReportAsked(ReportKind.MONTH, forgotten.isoformat()[:7]), now=counter.now)
    assert [row[:2] for row in month.tables[0].rows] == [(forgotten, "running"), (counter.now.date(), "running")]
    assert [row[4] for row in month.tables[0].rows] == [Money(80_00), Money(30_00)]
    counter.close_shift("210.00")
    closed = counter.ledger.close_period(ClosingKind.DAY, forgotten.isoformat(), at=counter.tick())
    assert (closed.totals.sold, report(counter, forgotten).sums) == (Money(80_00), told.sums)
    day = counter.ledger.report(ReportAsked(ReportKind.DAY, forgotten.isoformat()), now=counter.now)
    assert day.tables[0].sums is not None
    assert day.tables[0].sums[3] == Money(80_00)
    sales = counter.ledger.report(ReportAsked(ReportKind.SALES, forgotten.isoformat()), now=counter.now)
    assert len(sales.tables[0].rows) == 3


def test_a_day_on_which_nothing_was_booked_counts_in_the_next_and_says_so(counter: Counter) -> None:
    a_day(counter, TODAY.isoformat(), "50.00")
    counter.now += timedelta(days=1)
    counter.ledger.add_desk(DeskNo(7), name="Desk 7")
    counter.now += timedelta(days=1)
    sunday, monday = counter.now.date() - timedelta(days=1), counter.now.date()
    assert (report(counter, sunday).is_by_clock, report(counter, monday).is_by_clock) == (True, False)
    assert report(counter, monday).closable == monday


def test_the_usual_day_is_the_middle_of_the_same_weekdays(counter: Counter) -> None:
    for amount in ("30.00", "900.00", "50.00"):
        a_day(counter, counter.now.date().isoformat(), amount)
        counter.now += timedelta(days=7)
        counter.now = counter.now.replace(hour=12)
    counter.open_shift()
    counter.sell("70.00")
    day = report(counter, counter.now.date())
    assert [each.takings for each in day.same_days] == [Money(30_00), Money(900_00), Money(50_00)]
    assert day.usual is not None
    assert (day.usual.takings, day.usual.sales) == (Money(50_00), 1)
    assert day.usual_hours is not None
    assert [hour.takings for hour in day.usual_hours.values()] == [Money(50_00)]
    assert report(counter, counter.now.date(), desk=DESK).same_days == day.same_days
    fair = Holiday(TODAY + timedelta(days=7), "Fair")
    make(counter, Calendar(holidays=(fair,)), was=Calendar())
    without = report(counter, counter.now.date())
    assert [each.takings for each in without.same_days] == [Money(30_00), Money(50_00)], "a day off is not usual"


def test_one_desk_is_a_part_of_all(counter: Counter) -> None:
    counter.ledger.add_desk(DeskNo(7), name="Desk 7")
    counter.sell("50.00")
    assert report(counter, desk=DESK).sums == report(counter).sums
    assert report(counter, desk=DeskNo(7)).sums.sales == 0
    assert report(counter).desks == (DESK, DeskNo(7))


def test_what_is_odd_is_told_the_most_urgent_first(counter: Counter) -> None:
    printed(counter, "20.00")
    assert oddities(counter) == []
    unprinted = counter.sell("30.00")
    assert oddities(counter) == [Oddity.UNPRINTED]
    counter.ledger.mark_printed(unprinted.id, at=counter.tick(), is_copy=False)
    reversal = counter.reverse(unprinted)
    counter.ledger.mark_printed(reversal.id, at=counter.tick(), is_copy=False)
    waits = counter.ledger.reserve(counter.intent("40.00"))
    assert oddities(counter) == [Oddity.INTERRUPTED, Oddity.REVERSAL]
    (first, second) = report(counter).oddities
    assert (first.sale, first.amount, first.supply, first.needs_somebody) == (waits.id, Money(40_00), SUPPLY, True)
    assert (second.amount, second.sale, second.needs_somebody) == (Money(30_00), reversal.id, False)
    assert second.reason == reversal.intent.reason != ""
    counter.ledger.void(waits.id, reason="customer left", at=counter.tick())
    assert oddities(counter) == [Oddity.REVERSAL, Oddity.VOID]
    assert report(counter).oddities[1].reason == "customer left"


def test_a_meter_tells_by_how_much_its_counters_rose(counter: Counter) -> None:
    for running, illegal, cover in ((1, 3, 0), (2, 3, 0), (3, 7, 1)):
        told = replace(a_write_back(running, total="10.00", used="1.00"), illegal_cards=illegal, tamper_events=cover)
        card, record = CardNo("000770000001"), bytes([running]) * 64
        counter.ledger.harvest(told, supply=SUPPLY, card=card, record=record, at=counter.tick())
    meters = [odd for odd in report(counter).oddities if odd.kind is Oddity.METER]
    assert [(odd.illegal_cards, odd.cover) for odd in meters] == [(3, 0), (4, 1)]


@pytest.mark.parametrize(("counted", "amount"), [("97.50", -2_50), ("103.00", 3_00)])
def test_a_count_that_differs_is_told_with_its_reason(counter: Counter, counted: str, amount: int) -> None:
    counter.close_shift(counted, reason="gave too much change")
    (odd,) = report(counter).oddities
    assert (odd.kind, odd.amount, odd.reason, odd.desk) == (
        Oddity.DIFFERENCE,
        Money(amount),
        "gave too much change",
        DESK,
    )
    make(counter, Limits(count_difference=abs_of(amount)), was=Limits())
    assert report(counter).oddities == ()
    make(counter, Limits(count_difference=abs_of(amount) - Money(1)), was=counter.ledger.limits(), number=2)
    assert report(counter).oddities == (odd,)


def abs_of(amount: int) -> Money:
    return Money(abs(amount))


def test_closing_a_day_moves_its_oddities_with_it(counter: Counter) -> None:
    counter.sell("30.00")
    counter.close_shift("130.00")
    counter.ledger.close_period(ClosingKind.DAY, TODAY.isoformat(), at=counter.tick())
    assert oddities(counter) == [Oddity.UNPRINTED]
    counter.now += timedelta(days=1)
    assert report(counter, counter.now.date()).oddities == ()
