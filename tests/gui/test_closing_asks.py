"""Closing today in the morning warns, in the same words wherever it is closed; every other closing does not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from vending_app.domain.closing import ClosingKind
from vending_app.services.book_cases import ClosePeriod
from vending_app.ui.books.ask import Deed, Filled
from vending_app.ui.books.closing_asks import ask_close_period

DAY, MONTH = ClosingKind.DAY, ClosingKind.MONTH
TODAY = "2025-11-14"


def at(hour: int, minute: int) -> datetime:
    return datetime(2025, 11, 14, hour, minute, tzinfo=UTC)


def test_today_before_noon_warns_that_the_rest_counts_tomorrow() -> None:
    ask = ask_close_period(DAY, TODAY, facts=(("Z", "291", ""),), now=at(8, 5))
    words = "It is only 08:05: what is sold for the rest of today will count tomorrow."
    assert ask.note == ("warn", "warning-fill", words)
    deed = ask.make(Filled())
    assert isinstance(deed, Deed)
    assert deed.request == ClosePeriod(DAY, TODAY)


@pytest.mark.parametrize(
    ("kind", "period", "now"),
    [
        (DAY, TODAY, at(12, 0)),
        (DAY, TODAY, at(18, 30)),
        (DAY, "2025-11-13", at(8, 5)),
        (MONTH, "2025-10", at(8, 5)),
    ],
)
def test_no_other_closing_warns(kind: ClosingKind, period: str, now: datetime) -> None:
    assert ask_close_period(kind, period, facts=(), now=now).note == ("", "", "")


def test_the_last_minute_of_the_morning_warns() -> None:
    assert ask_close_period(DAY, TODAY, facts=(), now=at(11, 59)).note[0] == "warn"
