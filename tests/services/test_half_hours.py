"""Where the clock lies half an hour off UTC, each hour has the sales that were made in it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.services import real_books as story
from tests.services.real_books import RealBooks
from tests.services.test_equal_reports import told
from vending_app.bench.world import SUPERVISOR, SUPPLY
from vending_app.domain.closing import ClosingKind
from vending_app.domain.day import DaySums, HourSums
from vending_app.domain.money import Money
from vending_app.domain.report import Opens, Report
from vending_app.domain.report_asked import ReportAsked, ReportKind
from vending_app.services import book_cases as book
from vending_app.services.day_cases import DayShown, ShowDay
from vending_app.services.report_cases import ShowReport
from vending_app.ui.day import leads

BEFORE_TEN, AFTER_TEN = datetime(2026, 3, 2, 4, 5, tzinfo=UTC), datetime(2026, 3, 2, 4, 45, tzinfo=UTC)
"""Of one hour of UTC; on the wall 9:35 and 10:15."""
MONDAY, WEEK = date(2026, 3, 2), timedelta(weeks=1)


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealBooks]:
    """A Monday that is closed, and one a week later that runs; on each 10.00 before ten and 20.00 after."""
    zone = os.environ["TZ"]
    os.environ["TZ"] = "Asia/Kolkata"
    time.tzset()
    try:
        with story.office(tmp_path_factory.mktemp("office")) as (books, annexe):
            books.hall.time.now = BEFORE_TEN - timedelta(minutes=20)
            annexe.opens("0.00")
            story.give_cards(books, annexe)
            annexe.closes()
            _sells(books, BEFORE_TEN, AFTER_TEN)
            books.hall.closes()
            books.hall.does(book.ClosePeriod(ClosingKind.DAY, MONDAY.isoformat()), object, by=SUPERVISOR)
            _sells(books, BEFORE_TEN + WEEK, AFTER_TEN + WEEK)
            yield books
    finally:
        os.environ["TZ"] = zone
        time.tzset()


def _sells(books: RealBooks, *moments: datetime) -> None:
    hall = books.hall
    hall.time.now = moments[0] - timedelta(minutes=5)
    hall.opens("100.00")
    for moment, amount in zip(moments, ("10.00", "20.00"), strict=True):
        hall.time.now = moment
        hall.sells(books.cards[SUPPLY], amount)


def test_an_hour_of_the_clock_has_its_own_sales(books: RealBooks) -> None:
    today = MONDAY + WEEK
    page = books.asks(ShowDay(today, None), DayShown).report
    assert [(each.hour, each.sales, each.takings) for each in page.hours] == [
        (9, 1, Money(10_00)),
        (10, 1, Money(20_00)),
    ]
    for each in page.hours:
        assert below(books, leads.sold_in(page, each.hour)) == each.sold.minor
    assert page.until(10).takings.minor == below(books, leads.sold_until(page, 10)) == 10_00
    # And so has the usual one beside it, of which only the closing is at hand.
    assert page.usual_hours == {9: HourSums(9, Money(10_00), 1), 10: HourSums(10, Money(20_00), 1)}
    assert page.usual_by_hour[10] == DaySums(Money(10_00), sales=1)


def test_the_hours_of_a_day_and_of_a_month_open_their_sales(books: RealBooks) -> None:
    asked = (
        (ReportAsked(ReportKind.DAY, MONDAY.isoformat()), "hours", "takings", (10_00, 20_00)),
        (ReportAsked(ReportKind.MONTH, "2026-03"), "sold-hours", "sold-for", (20_00, 40_00)),
    )
    for about, key, column, expected in asked:
        (table,) = [each for each in books.asks(ShowReport(about), Report).tables if each.key == key]
        assert [row[0] for row in table.rows] == ["09:00", "10:00"]
        assert [row[table.place_of(column)] for row in table.rows] == [Money(minor) for minor in expected]
        assert [below(books, opens) for opens in table.opens if opens] == list(expected)


def below(books: RealBooks, opens: Opens) -> int:
    """What the rows that a figure opens add up to."""
    assert opens.asked is not None
    return told(books.asks(ShowReport(opens.asked), Report), "each-sale", "takings")
