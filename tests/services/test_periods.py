"""Closing days, months and years through the counter."""

from __future__ import annotations

from datetime import date

import pytest

from tests.services.desk_of import DeskOf
from tests.services.test_till import close
from vending_app.bench.world import CASHIER, SUPERVISOR
from vending_app.domain.closing import Closing, ClosingKind
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.money import Money
from vending_app.ports.book_keeping import SaleProof
from vending_app.services.book_cases import ClosePeriod, Closings, ListClosings, ProveSale
from vending_app.services.periods import first_day, named
from vending_app.ui.words import trouble


@pytest.fixture
def over(desk: DeskOf) -> DeskOf:
    """A shift with one sale is closed, and the supervisor is at the desk."""
    desk.sell("50.00")
    close(desk, "150.00")
    desk.counter.operator = SUPERVISOR
    return desk


def today(desk: DeskOf) -> str:
    return named(ClosingKind.DAY, desk.counter.outside.clock().astimezone().date())


def test_today_is_closed_once(over: DeskOf) -> None:
    listed = over.counter.do(ListClosings(ClosingKind.DAY))
    assert isinstance(listed, Closings)
    assert (listed.closable, listed.closings) == (today(over), ())
    closed = over.counter.do(ClosePeriod(ClosingKind.DAY))
    assert isinstance(closed, Closing)
    assert (closed.period, closed.number, closed.totals.sold) == (today(over), 1, Money(50_00))
    again = over.counter.do(ListClosings(ClosingKind.DAY))
    assert isinstance(again, Closings)
    assert (again.closable, again.closings) == ("", (closed,))
    assert over.refusal(ClosePeriod(ClosingKind.DAY)) is Code.PERIOD_EMPTY
    assert over.refusal(ClosePeriod(ClosingKind.DAY, today(over))) is Code.PERIOD_CLOSED


def test_a_month_is_closed_when_it_is_over_and_tomorrow_never(over: DeskOf) -> None:
    over.counter.do(ClosePeriod(ClosingKind.DAY))
    assert over.refusal(ClosePeriod(ClosingKind.MONTH, today(over)[:7])) is Code.PERIOD_NOT_OVER
    assert over.refusal(ClosePeriod(ClosingKind.YEAR, today(over)[:4])) is Code.PERIOD_NOT_OVER
    assert over.refusal(ClosePeriod(ClosingKind.DAY, "9999-12-31")) is Code.PERIOD_NOT_OVER
    assert over.refusal(ClosePeriod(ClosingKind.MONTH)) is Code.PERIOD_EMPTY


def test_where_nothing_may_be_closed_no_period_is_named(over: DeskOf) -> None:
    with pytest.raises(OperatorError) as refused:
        over.counter.do(ClosePeriod(ClosingKind.MONTH))
    assert trouble(refused.value).sentence == "There is nothing to close."


@pytest.mark.parametrize("period", ["2026-13", "yesterday", "2026-02-30", "2026", "", "2026-1"])
def test_text_that_is_no_month_is_refused(over: DeskOf, period: str) -> None:
    expected = Code.PERIOD_NOT_A_DATE if period else Code.PERIOD_EMPTY
    assert over.refusal(ClosePeriod(ClosingKind.MONTH, period)) is expected


def test_a_cashier_closes_no_day(over: DeskOf) -> None:
    over.counter.operator = CASHIER
    assert over.refusal(ClosePeriod(ClosingKind.DAY)) is Code.PERMISSION_DENIED


def test_a_proof_is_made_of_a_sale_that_was_closed(desk: DeskOf) -> None:
    sold = desk.sell("50.00").sale
    desk.counter.operator = SUPERVISOR
    assert desk.refusal(ProveSale(sold.id)) is Code.SALE_NOT_CLOSED
    desk.counter.operator = CASHIER
    close(desk, "150.00")
    desk.counter.operator = SUPERVISOR
    proof = desk.counter.do(ProveSale(sold.id))
    assert isinstance(proof, SaleProof)
    assert proof.sale == sold.id


def test_the_first_day_of_a_period() -> None:
    assert first_day(ClosingKind.YEAR, "2026") == date(2026, 1, 1)
    assert first_day(ClosingKind.MONTH, "2026-11") == date(2026, 11, 1)
    assert first_day(ClosingKind.DAY, "2026-11-25") == date(2026, 11, 25)
    assert first_day(ClosingKind.SHIFT, "318") is None
