"""What a period comes to, closed or running: from the closings below it, and the little that none of them covers."""

from __future__ import annotations

from vending_app.domain.closing import Closing, ClosingKind, Totals
from vending_app.domain.ids import DeskNo
from vending_app.ledger import closings
from vending_app.ledger.books import Books
from vending_app.ledger.fold import Stretch, fold


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
    desks = [DeskNo(row["number"]) for row in books.all("SELECT number FROM desks ORDER BY number")]
    return sum((_since(books, desk, closings.until(day, desk)) for desk in desks), Totals())


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
