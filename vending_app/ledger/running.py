"""What a period comes to, closed or running: from the closings below it, and the little that none of them covers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from vending_app.domain.closing import Closing, ClosingKind, Totals
from vending_app.domain.ids import DeskNo
from vending_app.ledger import closings
from vending_app.ledger.books import Books
from vending_app.ledger.fold import Stretch, fold, last_row
from vending_app.ledger.open_days import OpenDay, by_the_clock, open_days
from vending_app.ledger.parts import pieces

if TYPE_CHECKING:
    from vending_app.ledger.asking import Asking

DAY_LETTERS = 10
"""Of `2026-11-29`; a month and a year have less."""


def period_totals(books: Books, kind: ClosingKind, period: str, *, today: date) -> tuple[Totals, bool]:
    """The totals of a day, month or year, and whether it is closed; nothing for one in which nothing was done.

    Days that are not closed belong to it as they will be closed.
    """
    closed = closings.closing(books, kind, period)
    if closed is not None:
        return closed.totals, True
    parts = [part.totals for part in _parts(books, kind, period)]
    parts += [totals_of(books, each) for each in open_days_of(books, today=today) if each.lies_in(period)]
    return sum(parts, Totals()), False


def _parts(books: Books, kind: ClosingKind, period: str) -> tuple[Closing, ...]:
    """Closed parts of a period that is not closed itself: months where there are any, and days of the others."""
    if kind is ClosingKind.DAY:
        return ()
    months = closings.within(books, ClosingKind.MONTH, period) if kind is ClosingKind.YEAR else ()
    covered = {month.period for month in months}
    days = closings.within(books, ClosingKind.DAY, period)
    return months + tuple(day for day in days if day.period[:7] not in covered)


def open_days_of(books: Books, *, today: date) -> Iterator[OpenDay]:
    """The days that no closing covers, oldest first, with the one that runs; each is looked for when its turn comes."""
    return open_days(books, closings.newest(books, ClosingKind.DAY), today=today)


def is_by_clock(books: Books, period: str, *, today: date, open_ones: Iterable[OpenDay] | None = None) -> bool:
    """Whether a day that is over has no rows of its own: they count in the day that was closed after it, or will be.

    The days that are open are looked for unless they are told.
    """
    if period >= today.isoformat() or closings.closing(books, ClosingKind.DAY, period) is not None:
        return False
    told = open_days_of(books, today=today) if open_ones is None else open_ones
    return all(each.day.isoformat() != period for each in told)


def totals_of(books: Books, each: OpenDay) -> Totals:
    """What a day comes to that is not closed."""
    return sum((_told(books, stretch) for stretch in each.stretches), Totals())


def stretch_of_shift(books: Books, shift: int) -> Stretch:
    """What the Z of a known shift covers; of one that is open, the rows of its desk since the Z before."""
    desk = DeskNo(books.value("SELECT desk FROM shifts WHERE number = ?", (shift,)))
    z = closings.closing(books, ClosingKind.SHIFT, str(shift), desk=desk)
    if z is not None:
        return closings.stretch_of(z.heads[0])
    tip = last_row(books, desk)
    return Stretch(desk, closings.until(closings.newest(books, ClosingKind.SHIFT, desk=desk), desk), tip)


def stretches(books: Books, period: str, *, today: date, open_ones: Iterable[OpenDay] | None = None) -> list[Stretch]:
    """The rows of the days of a day, month or year, closed or not; those of one desk are one stretch wherever they
    follow each other. The days that are open are looked for unless they are told.

    Of a past day that is told apart by nothing, because nothing was booked on it or an older program closed it with
    the next one, those that were written on it by the clock.
    """
    is_day = len(period) == DAY_LETTERS
    day = closings.closing(books, ClosingKind.DAY, period) if is_day else None
    closed = filter(None, [day]) if is_day else closings.within(books, ClosingKind.DAY, period)
    told = () if day is not None else open_days_of(books, today=today) if open_ones is None else open_ones
    running = [each for each in told if each.lies_in(period)]
    if is_day and day is None and not running and period < today.isoformat():
        return by_the_clock(books, date.fromisoformat(period))
    found = [closings.stretch_of(head) for each in closed for head in each.heads]
    return _joined(found + [stretch for each in running for stretch in each.stretches])


def _joined(found: list[Stretch]) -> list[Stretch]:
    joined: list[Stretch] = []
    for stretch in sorted(found):
        last = joined[-1] if joined else None
        if last is not None and (last.desk, last.until) == (stretch.desk, stretch.since):
            joined[-1] = Stretch(stretch.desk, last.since, stretch.until)
        else:
            joined.append(stretch)
    return joined


def _told(books: Books, stretch: Stretch) -> Totals:
    """What a stretch comes to: the Zs within tell most of it, and what they do not tell is read."""
    desk, since, until = stretch
    found, at = Totals(), since
    for z in closings.shifts_within(books, stretch):
        head = z.heads[0]
        # The first may reach back behind the day before, where the rows after its own Z were counted already.
        overlap = fold(books, [Stretch(desk, head.since, since)]) if head.since < since else Totals()
        found, at = found + z.totals.less(overlap), head.until
    return found + fold(books, [Stretch(desk, at, until)])


def asked_stretches(books: Books, asking: Asking) -> list[Stretch]:
    """Those of the period that a report was asked of, of its desk alone if it was asked of one; as they are read."""
    found = stretches(books, asking.period, today=asking.today)
    return pieces(each for each in found if asking.asked.desk in {None, each.desk})
