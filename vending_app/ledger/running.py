"""What a period comes to, closed or running: from the closings below it, and the little that none of them covers."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from vending_app.domain.closing import Closing, ClosingKind, Totals
from vending_app.domain.ids import DeskNo
from vending_app.ledger import closings
from vending_app.ledger.books import Books
from vending_app.ledger.codec import time_text
from vending_app.ledger.fold import Stretch, fold
from vending_app.ledger.parts import pieces

if TYPE_CHECKING:
    from vending_app.ledger.asking import Asking

DAY_LETTERS = 10
"""Of `2026-11-29`; a month and a year have less."""


def period_totals(books: Books, kind: ClosingKind, period: str, *, today: str) -> tuple[Totals, bool]:
    """The totals of a day, month or year, and whether it is closed; nothing for one in which nothing was done.

    `today` is the day that runs: what no day closing covers belongs to it.
    """
    closed = closings.closing(books, kind, period)
    if closed is not None:
        return closed.totals, True
    known = sum((part.totals for part in _parts(books, kind, period)), Totals())
    is_running = today.startswith(period)
    return (known + running_day(books) if is_running else known), False


def _parts(books: Books, kind: ClosingKind, period: str) -> tuple[Closing, ...]:
    """Closed parts of a period that is not closed itself: months where there are any, and days of the others."""
    if kind is ClosingKind.DAY:
        return ()
    months = closings.within(books, ClosingKind.MONTH, period) if kind is ClosingKind.YEAR else ()
    covered = {month.period for month in months}
    days = closings.within(books, ClosingKind.DAY, period)
    return months + tuple(day for day in days if day.period[:7] not in covered)


def running_day(books: Books) -> Totals:
    """All that was done since the newest day was closed."""
    day = closings.newest(books, ClosingKind.DAY)
    return sum((_since(books, desk, closings.until(day, desk)) for desk in desks_of(books)), Totals())


def desks_of(books: Books) -> tuple[DeskNo, ...]:
    return tuple(DeskNo(row["number"]) for row in books.all("SELECT number FROM desks ORDER BY number"))


def running_stretches(books: Books) -> list[Stretch]:
    """The rows since the newest day was closed, of every desk."""
    newest = closings.newest(books, ClosingKind.DAY)
    tips = "SELECT coalesce(max(number), 0) FROM journal WHERE desk = ?"
    return [Stretch(desk, closings.until(newest, desk), books.value(tips, (desk,))) for desk in desks_of(books)]


def stretch_of_shift(books: Books, shift: int) -> Stretch:
    """What the Z of a known shift covers; of one that is open, the rows of its desk since the Z before."""
    desk = DeskNo(books.value("SELECT desk FROM shifts WHERE number = ?", (shift,)))
    z = closings.closing(books, ClosingKind.SHIFT, str(shift), desk=desk)
    if z is not None:
        return closings.stretch_of(z.heads[0])
    tip = books.value("SELECT coalesce(max(number), 0) FROM journal WHERE desk = ?", (desk,))
    return Stretch(desk, closings.until(closings.newest(books, ClosingKind.SHIFT, desk=desk), desk), tip)


def stretches(books: Books, period: str, *, today: str) -> list[Stretch]:
    """The rows of the closed days of a day, month or year, and of what runs where `today` lies in it.

    Of a past day that was never closed those that were written on it by the clock: they count in the day that was
    closed next, or still run. Those of one desk are one stretch wherever they follow each other.
    """
    if len(period) == DAY_LETTERS:
        day = closings.closing(books, ClosingKind.DAY, period)
        closed: tuple[Closing, ...] = (day,) if day is not None else ()
        is_running = day is None and today == period
        if day is None and period < today:
            return by_the_clock(books, date.fromisoformat(period))
    else:
        closed = closings.within(books, ClosingKind.DAY, period)
        is_running = today.startswith(period)
    found = [closings.stretch_of(head) for each in closed for head in each.heads]
    return _joined(found + (running_stretches(books) if is_running else []))


def by_the_clock(books: Books, day: date) -> list[Stretch]:
    """What each desk wrote from one midnight of the office to the next."""
    begins, ends = (time_text(datetime.combine(each, time()).astimezone()) for each in (day, day + timedelta(days=1)))
    found = [
        Stretch(desk, _rows_before(books, desk, begins), _rows_before(books, desk, ends)) for desk in desks_of(books)
    ]
    return [stretch for stretch in found if stretch.since < stretch.until]


def _rows_before(books: Books, desk: DeskNo, moment: str) -> int:
    """How many rows of a desk are older, by halves: their numbers have an index, their times have none."""
    low, high = 0, int(books.value("SELECT coalesce(max(number), 0) FROM journal WHERE desk = ?", (desk,)))
    while low < high:
        middle = (low + high + 1) // 2
        at = books.value("SELECT at FROM journal WHERE desk = ? AND number = ?", (desk, middle))
        low, high = (middle, high) if at is not None and at < moment else (low, middle - 1)
    return low


def _joined(found: list[Stretch]) -> list[Stretch]:
    joined: list[Stretch] = []
    for stretch in sorted(found):
        last = joined[-1] if joined else None
        if last is not None and (last.desk, last.until) == (stretch.desk, stretch.since):
            joined[-1] = Stretch(stretch.desk, last.since, stretch.until)
        else:
            joined.append(stretch)
    return joined


def _since(books: Books, desk: DeskNo, since: int) -> Totals:
    """One desk's rows after `since`: its Zs tell most of them, and what they do not tell is read."""
    found, at = Totals(), since
    for z in closings.shifts_after(books, desk, since):
        head = z.heads[0]
        # The first may reach back behind the day before, where the rows after its own Z were counted already.
        overlap = fold(books, [Stretch(desk, head.since, since)]) if head.since < since else Totals()
        found, at = found + z.totals.less(overlap), head.until
    tip = books.value("SELECT coalesce(max(number), 0) FROM journal WHERE desk = ?", (desk,))
    return found + fold(books, [Stretch(desk, at, tip)])


def asked_stretches(books: Books, asking: Asking) -> list[Stretch]:
    """Those of the period that a report was asked of, of its desk alone if it was asked of one; as they are read."""
    found = stretches(books, asking.period, today=asking.today.isoformat())
    return pieces(each for each in found if asking.asked.desk in {None, each.desk})
