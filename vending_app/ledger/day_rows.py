"""One day of the office, read along the chains of its desks; days before it from their closings (row P1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from statistics import median_low

from vending_app.domain.closing import Cell, Closing, ClosingKind, Totals
from vending_app.domain.day import CashierSums, DayReport, DaySums, HourSums
from vending_app.domain.energy import Energy
from vending_app.domain.ids import DeskNo, OperatorName
from vending_app.domain.money import ZERO, Money
from vending_app.domain.sale import Purpose, TenderKind
from vending_app.ledger import closings
from vending_app.ledger.books import Books
from vending_app.ledger.clock_hours import hours_of, sold_by_clock
from vending_app.ledger.day_oddities import oddities_of
from vending_app.ledger.fold import Stretch, fold
from vending_app.ledger.open_days import desks_of
from vending_app.ledger.recovered import recovered
from vending_app.ledger.rules_asked import calendar
from vending_app.ledger.running import is_by_clock, open_days_of, stretches

Hours = Mapping[int, HourSums]
"""By the clock of the office."""
SAME_DAYS = 8
"""Weeks looked back for what is usual."""


def day_report(books: Books, day: date, *, desk: DeskNo | None, today: date) -> DayReport:
    """A day, closed or not; of one that is told apart by nothing, what was written on it by the clock."""
    with books.reading():
        desks = desks_of(books)
        closed = closings.closing(books, ClosingKind.DAY, day.isoformat())
        open_ones = tuple(open_days_of(books, today=today))
        found = stretches(books, day.isoformat(), today=today, open_ones=open_ones)
        found = [each for each in found if desk in {None, each.desk}]
        totals = fold(books, found)
        before = tuple(_same_days(books, day))
        same = tuple(_same_day(books, each, desk) for each in before)
        sold = [
            sold_by_clock(books, each.totals, map(closings.stretch_of, each.heads)) for each in before if desk is None
        ]
        newest = closings.newest(books, ClosingKind.DAY)
        return DayReport(
            day=day,
            desk=desk,
            desks=desks,
            number=closed.number
            if closed
            else (newest.number if newest else 0) + 1 + _place([each.day for each in open_ones], day),
            is_closed=closed is not None,
            is_by_clock=is_by_clock(books, day.isoformat(), today=today, open_ones=open_ones),
            closable=open_ones[0].day if open_ones[0].day <= today else None,
            sums=sums_of(books, totals, found),
            hours=hours_of(books, found),
            cashiers=_cashiers(books, totals.cells),
            tenders=_tenders(totals),
            taken_back=sum((cell.total for cell in totals.cells if cell.purpose is Purpose.REVERSAL), ZERO),
            same_days=same,
            usual=_middle(same),
            usual_hours=_usual_hours(sold) if sold else None,
            usual_by_hour=_usual_by_hour(sold) if sold else (),
            oddities=oddities_of(books, found, is_running=day == today and closed is None),
        )


def _place(open_ones: Sequence[date], day: date) -> int:
    """How many days are closed before this one."""
    return open_ones.index(day) if day in open_ones else 0


def _same_days(books: Books, day: date) -> Iterator[Closing]:
    """The same weekday of the weeks before, oldest first; a day off tells nothing of what is usual."""
    worked = calendar(books)
    for weeks in range(SAME_DAYS, 0, -1):
        before = day - timedelta(weeks=weeks)
        found = closings.closing(books, ClosingKind.DAY, before.isoformat()) if worked.works_on(before) else None
        if found is not None:
            yield found


def _same_day(books: Books, closed: Closing, desk: DeskNo | None) -> DaySums:
    found = [closings.stretch_of(head) for head in closed.heads if desk in {None, head.desk}]
    return sums_of(books, closed.totals if desk is None else fold(books, found), found)


def sums_of(books: Books, totals: Totals, found: Iterable[Stretch]) -> DaySums:
    """The figures of a day, from its totals and the stretches that they tell."""
    return DaySums(totals.sold, totals.energy_sold, totals.count, recovered(books, totals, found))


def _middle(days: Sequence[DaySums]) -> DaySums | None:
    """Field by field; one wild day does not move it."""
    if not days:
        return None
    return DaySums(
        Money(median_low(day.takings.minor for day in days)),
        Energy(median_low(day.energy.wh for day in days)),
        median_low(day.sales for day in days),
        Money(median_low(day.arrears.minor for day in days)),
    )


# --- by hour, cashier, tender ----------------------------------------------------------------------------


def _usual_hours(before: Sequence[Hours]) -> Hours:
    """The middle of each hour over the same weekdays; an hour without sales counts as nothing."""
    usual = {}
    for hour in sorted({hour for day in before for hour in day}):
        sold = [day.get(hour, HourSums(hour)) for day in before]
        takings = median_low(each.takings.minor for each in sold)
        usual[hour] = HourSums(hour, Money(takings), median_low(each.sales for each in sold))
    return usual


def _usual_by_hour(before: Sequence[Hours]) -> tuple[DaySums, ...]:
    """The middle of what each of them had taken until then: not the sum of the middles of its hours."""
    return tuple(
        DaySums(
            Money(median_low(_until(day, hour, lambda each: each.takings.minor) for day in before)),
            sales=median_low(_until(day, hour, lambda each: each.sales) for day in before),
        )
        for hour in range(25)
    )


def _until(day: Hours, hour: int, figure: Callable[[HourSums], int]) -> int:
    return sum(figure(each) for each in day.values() if each.hour < hour)


def _cashiers(books: Books, cells: Iterable[Cell]) -> tuple[CashierSums, ...]:
    names = {row["name"]: row["full_name"] for row in books.all("SELECT name, full_name FROM operators")}
    found: dict[tuple[str, int], CashierSums] = {}
    for cell in cells:
        key = cell.operator, cell.desk
        sums = found.get(key) or CashierSums(
            OperatorName(cell.operator), names.get(cell.operator, cell.operator), cell.desk, 0, Energy(0), ZERO
        )
        found[key] = replace(
            sums,
            sales=sums.sales + (cell.count if cell.purpose is Purpose.SALE else 0),
            energy=sums.energy + cell.energy,
            takings=sums.takings + cell.total,
        )
    return tuple(sorted(found.values(), key=lambda sums: (-sums.takings.minor, sums.name, sums.desk)))


def _tenders(totals: Totals) -> Mapping[TenderKind, Money]:
    """What sales were paid by. What a reversal takes back is paid by nothing: it is due, until it is refunded."""
    used = {cell.tender for cell in totals.cells}
    return {kind: totals.of_tender(kind) for kind in TenderKind if kind in used}
