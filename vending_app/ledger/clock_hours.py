"""Sales by the office's clock, whose hours are no whole ones of UTC where a zone lies a half or a quarter off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from vending_app.domain.closing import Totals
from vending_app.domain.day import HourSums
from vending_app.domain.energy import Energy
from vending_app.domain.money import ZERO, Money
from vending_app.domain.sale import Purpose
from vending_app.ledger.books import Books, Row
from vending_app.ledger.fold import COMMERCE, COMMERCE_BY_MINUTE, Stretch

HOUR = timedelta(hours=1)


def hours_of(books: Books, found: Iterable[Stretch]) -> tuple[HourSums, ...]:
    """Sales less reversals, each in the hour in which it was posted; only sales are counted."""
    sums: dict[int, HourSums] = {}
    for stretch in found:
        rows = books.all(COMMERCE, stretch)
        if any(_is_cut(_moment(row)) for row in rows):
            rows = books.all(COMMERCE_BY_MINUTE, stretch)
        for row in rows:
            hour = _moment(row).astimezone().hour
            sums[hour] = _added(sums.get(hour, HourSums(hour)), row)
    return tuple(sums[hour] for hour in sorted(sums))


def sold_by_clock(books: Books, totals: Totals, found: Iterable[Stretch]) -> Mapping[int, HourSums]:
    """Takings and number of sales alone by local hour, from the totals of these stretches.

    Totals tell whole hours of UTC; where the clock cuts one in two, the rows tell to which hour a sale belongs.
    """
    if any(_is_cut(hour.begins) for hour in totals.hours):
        return {each.hour: HourSums(each.hour, each.sold, each.sales) for each in hours_of(books, found) if each.sales}
    sums: dict[int, HourSums] = {}
    for hour in totals.hours:
        at = hour.begins.astimezone().hour
        before = sums.get(at, HourSums(at))
        sums[at] = HourSums(at, before.takings + hour.total, before.sales + hour.count)
    return sums


def _is_cut(begins: datetime) -> bool:
    """Whether an hour of UTC lies in two of the clock's, also when clocks change within it."""
    offsets = (at.astimezone().utcoffset() for at in (begins, begins + HOUR))
    return any((offset or timedelta()) % HOUR for offset in offsets)


def _moment(row: Row) -> datetime:
    """When the hour or the minute of a row begins."""
    return datetime.fromisoformat(f"{row['hour']}{_REST[len(row['hour'])]}")


_REST = {13: ":00:00+00:00", 16: ":00+00:00"}


def _added(sums: HourSums, row: Row) -> HourSums:
    is_sale, total, energy = row["purpose"] == Purpose.SALE, Money(row["total_minor"]), Energy(row["energy_wh"])
    return HourSums(
        sums.hour,
        sums.takings + total,
        sums.sales + (row["times"] if is_sale else 0),
        sums.energy + energy,
        sums.taken_back - (ZERO if is_sale else total),
        sums.energy_back - (Energy(0) if is_sale else energy),
    )
