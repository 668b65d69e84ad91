"""Days that no closing covers yet, each with its rows; only the oldest on which something was booked may be closed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from vending_app.domain.closing import Closing
from vending_app.domain.ids import DeskNo
from vending_app.ledger.books import Books
from vending_app.ledger.codec import day_of, time_text
from vending_app.ledger.fold import Stretch, last_row
from vending_app.ledger.kinds import Kind

A_DAY = timedelta(days=1)


class OpenDay(NamedTuple):
    """A day of the office and where its rows lie, desk by desk."""

    day: date
    stretches: tuple[Stretch, ...]

    def lies_in(self, period: str) -> bool:
        """Whether that day, month or year has it."""
        return self.day.isoformat().startswith(period)


def open_days(books: Books, newest: Closing | None, *, today: date) -> Iterator[OpenDay]:
    """The days since the newest one that was closed, oldest first; the last is the one that runs. There always is one.

    A day is what was written until midnight by the clock of the office, so that one that is closed late holds nothing
    of the next. Only days on which something was booked are told apart: what was merely noted on another counts with
    the day after it. What comes after a day was closed counts in the next day, also before midnight; what comes after
    its month was closed, in the next month.
    """
    after = max(closed_until(books), date.fromisoformat(newest.period) + A_DAY if newest else date.min)
    rest = _rest(books, newest)
    firsts = [_first_booked(books, each) for each in rest]
    while (day := max(min((each.day for each in firsts if each), default=date.max), after)) < today:
        passed = before_midnight(books, rest, day)
        yield OpenDay(day, passed)
        rest = tuple(Stretch(each.desk, done.until, each.until) for each, done in zip(rest, passed, strict=True))
        firsts = [
            known if known is None or known.number > each.since else _first_booked(books, each)
            for known, each in zip(firsts, rest, strict=True)
        ]
        after = day + A_DAY
    yield OpenDay(max(today, after), rest)


def closed_until(books: Books) -> date:
    """The first day that no closed month has; an older program closed months while days of them were open."""
    month = books.value("SELECT max(period) FROM closings WHERE kind = 'month'")
    return (date.fromisoformat(f"{month}-01") + 31 * A_DAY).replace(day=1) if month else date.min


def _rest(books: Books, newest: Closing | None) -> tuple[Stretch, ...]:
    since = {head.desk: head.until for head in newest.heads} if newest else {}
    return tuple(Stretch(desk, since.get(desk, 0), last_row(books, desk)) for desk in desks_of(books))


def desks_of(books: Books) -> tuple[DeskNo, ...]:
    return tuple(DeskNo(row["number"]) for row in books.all("SELECT number FROM desks ORDER BY number"))


_BOOKED = (
    Kind.POST,
    Kind.REENTRY,
    Kind.PAYMENT,
    Kind.REFUND,
    Kind.TENDER,
    Kind.CASH,
    Kind.SHIFT_CLOSE,
    Kind.METER_CHANGE,
    Kind.SETTLE,
)
"""What moves money that a report of its day, or a tax return, tells. Not all of it lies in a shift, nor is a shift
counted out on the day on which money was given back."""
_FIRST_BOOKED = f"""
SELECT number, at FROM journal WHERE desk = ? AND number > ? AND number <= ?
    AND kind IN ({", ".join(f"'{kind.value}'" for kind in _BOOKED)})
ORDER BY number LIMIT 1
"""


class _Booked(NamedTuple):
    """A row of a desk that moved money, and its day."""

    number: int
    day: date


def _first_booked(books: Books, stretch: Stretch) -> _Booked | None:
    """The first one of a stretch."""
    found = books.one(_FIRST_BOOKED, stretch) if stretch.since < stretch.until else None
    return _Booked(found["number"], day_of(datetime.fromisoformat(found["at"]))) if found else None


def before_midnight(books: Books, stretches: Iterable[Stretch], day: date) -> tuple[Stretch, ...]:
    """As much of the stretches as was written until a day was over."""
    midnight = midnight_before(day + A_DAY)
    return tuple(Stretch(each.desk, each.since, last_before(books, each, midnight)) for each in stretches)


def by_the_clock(books: Books, day: date) -> list[Stretch]:
    """What each desk wrote from one midnight of the office to the next."""
    begins, ends = midnight_before(day), midnight_before(day + A_DAY)
    every = _rest(books, None)
    found = [Stretch(each.desk, *(last_before(books, each, moment) for moment in (begins, ends))) for each in every]
    return [stretch for stretch in found if stretch.since < stretch.until]


def midnight_before(day: date) -> str:
    """When a day of the office begins, as the journal writes it."""
    return time_text(datetime.combine(day, time()).astimezone())


def last_before(books: Books, stretch: Stretch, moment: str) -> int:
    """The last row of a stretch that is older; where it begins, if none is.

    Rows are found by their numbers, which have an index, where times have none: in strides that double, then by halves.
    """
    desk, low, high = stretch
    stride = 1
    while low + stride < high and _is_older(books, desk, low + stride, moment):
        low, stride = low + stride, 2 * stride
    high = min(high, low + stride)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _is_older(books, desk, middle, moment) else (low, middle - 1)
    return low


def _is_older(books: Books, desk: DeskNo, number: int, moment: str) -> bool:
    at = books.value("SELECT at FROM journal WHERE desk = ? AND number = ?", (desk, number))
    return at is not None and str(at) < moment
