"""Marks, ages, periods and sentences of the books."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.gui import values
from vending_app.domain.cash import CashKind
from vending_app.domain.closing import ClosingKind
from vending_app.domain.errors import Code
from vending_app.domain.ids import SaleId
from vending_app.domain.money import Money
from vending_app.domain.reversal import MeterHas, ReversalAdvice
from vending_app.domain.sale import Purpose, Sale, SaleState
from vending_app.ui.book_words import CASH_KINDS, CLOSINGS, METER_HAS, mark_of, said_age, said_mark, said_period, signed
from vending_app.ui.books.sale_words import says_of
from vending_app.ui.icons import glyph
from vending_app.ui.pages.shift_sales import totals

SALE = values.a_sale("1", name="Lena Hoffmann", minor=2000, kwh="86.40")


def test_every_member_has_its_words_and_an_icon_that_exists() -> None:
    assert set(METER_HAS) == set(MeterHas)
    assert set(CASH_KINDS) == set(CashKind)
    assert set(CLOSINGS) == set(ClosingKind)
    assert all(len(glyph(icon)) == 1 for _, _, icon in CASH_KINDS.values())


@pytest.mark.parametrize(
    ("sale", "said"),
    [
        (SALE, ""),
        (replace(SALE, is_printed=False), "Not printed"),
        (replace(SALE, state=SaleState.IN_DOUBT), "Interrupted"),
        (replace(SALE, state=SaleState.VOIDED), "Void"),
        (replace(SALE, reversed_by=SaleId("2")), "Reversed"),
        (values.an_undoing(SALE, SaleId("2"), Purpose.REVERSAL), "Reversal"),
        (values.an_undoing(SALE, SaleId("2"), Purpose.CANCELLATION), "Cancellation"),
    ],
)
def test_a_mark_says_what_is_not_as_usual(sale: Sale, said: str) -> None:
    assert said_mark(sale) == said
    icon, tone = mark_of(sale)
    assert bool(tone) == bool(said)
    assert (tone == "warn") == (said in {"Not printed", "Interrupted"}), "warm only where somebody must act"
    assert not icon or glyph(icon)


@pytest.mark.parametrize(
    ("sale", "then"),
    [(SALE, "The money went back."), (values.an_undoing(SALE, SaleId("2"), Purpose.REVERSAL), "The sale stands.")],
)
def test_what_was_undone_before_it_was_written_says_what_became_of_the_money(sale: Sale, then: str) -> None:
    advice = ReversalAdvice(replace(sale, state=SaleState.VOIDED), MeterHas.UNKNOWN, None, Code.SALE_UNKNOWN)
    assert says_of(advice).sentence.endswith(then)


def test_a_reversal_is_taken_off_the_totals_and_counts_as_no_sale() -> None:
    sold = (values.an_undoing(SALE, SaleId("2"), Purpose.REVERSAL), replace(SALE, reversed_by=SaleId("2")), SALE)
    number, energy, money = totals(sold)
    assert (number, money) == (2, Money(2000))
    assert str(energy) == "86.40"


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "0 minutes"), (1, "1 minute"), (60, "1 hour"), (26 * 60, "26 hours"), (5 * 1440, "5 days")],
)
def test_an_age_is_told_in_the_unit_that_fits(minutes: int, said: str) -> None:
    assert said_age(minutes) == said


@pytest.mark.parametrize(
    ("kind", "period", "said"),
    [
        (ClosingKind.SHIFT, "318", "Shift 318"),
        (ClosingKind.DAY, "2025-11-14", "Friday, 14 November 2025"),
        (ClosingKind.MONTH, "2025-11", "November 2025"),
        (ClosingKind.YEAR, "2025", "2025"),
    ],
)
def test_a_period_is_told_as_people_say_it(kind: ClosingKind, period: str, said: str) -> None:
    assert said_period(kind, period) == said


def test_a_difference_says_which_way_it_goes() -> None:
    assert [signed(Money(minor)) for minor in (50, 0, -50)] == ["+0.50", "0.00", "−0.50"]
