"""What was delivered to an area, sold there and used there, month by month, and who was not read (rows S10, P3).

Whole watt-hours and whole hundredths of a per cent throughout. A reading counts for the morning of its day; between
two readings a register is read on a straight line. What no reading or write-back tells is not told here either.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from vending_app.domain.area_reading import AreaReading, ReadingMark
from vending_app.domain.energy import CARD_UNIT_WH

MONTHS = 12
LONGEST_START = 100
"""Days from the opening of a supply to its first write-back. One that came into the books years after its meter began
is known from that write-back on: its use before is an average that says nothing of one month."""
ENOUGH_COVERED = 90_00
"""Of a month's supplies, those whose write-backs reach past its end, in hundredths of a per cent: below this, use that
nobody has told yet would be called a loss."""


@dataclass(frozen=True, slots=True)
class Curve:
    """A register over time that only rises: days and Wh, oldest first."""

    days: tuple[int, ...]
    wh: tuple[int, ...]
    """As many; `days` are ordinals, each once."""
    is_zero_before: bool = False
    """Whether nothing ran through it before its first day, because it was not there."""
    is_still_after: bool = False
    """Whether nothing ran through it after its last day, because it is not there any more."""

    def covers(self, since: int, until: int) -> bool:
        """Whether it tells the days from one morning to another."""
        begins = self.is_zero_before or self.days[0] <= since
        return begins and (self.is_still_after or until <= self.days[-1])

    def at(self, day: int) -> int:
        """Where it stood on the morning of a day; before its first day and after its last it stands still.

        In whole 0.01 kWh, down: all that screen and paper say, so that what is added up there adds up in files too.
        """
        return self._exact(day) // CARD_UNIT_WH * CARD_UNIT_WH

    def _exact(self, day: int) -> int:
        after = bisect_right(self.days, day)
        if after == 0:
            return self.wh[0]
        if after == len(self.days):
            return self.wh[-1]
        (first, last), (low, high) = self.days[after - 1 : after + 1], self.wh[after - 1 : after + 1]
        return low + (high - low) * (day - first) // (last - first)

    def between(self, since: int, until: int) -> int:
        """What ran through it from one morning to another; stretches add up without a rest."""
        return self.at(until) - self.at(since)


def curve_of(points: Iterable[tuple[date, int]]) -> Curve | None:
    """Of days and Wh in any order; of one day the highest counts, and what lies below an earlier figure does not."""
    highest: dict[int, int] = {}
    for on, wh in points:
        day = on.toordinal()
        highest[day] = max(wh, highest.get(day, wh))
    days: list[int] = []
    rising: list[int] = []
    for day in sorted(highest):
        if not rising or highest[day] >= rising[-1]:
            days.append(day)
            rising.append(highest[day])
    return Curve(tuple(days), tuple(rising)) if days else None


def curves_of(counting: Sequence[AreaReading]) -> tuple[Curve, ...]:
    """Of one point: one for each stretch of time that its counters tell without a gap."""
    stretches: list[list[tuple[int, int]]] = []
    starts: list[bool] = []
    base = 0
    for before, reading in pairwise((None, *counting)):
        assert reading is not None, "only the first has none before it"
        goes_on = _goes_on(before, reading)
        if not goes_on:
            stretches.append([])
            starts.append(before is None and reading.mark is ReadingMark.FIRST)
            base = -reading.register.wh
        elif reading.mark is ReadingMark.FIRST and before is not None:
            base += before.register.wh - reading.register.wh
        stretches[-1].append((reading.on.toordinal(), base + reading.register.wh))
    last = len(stretches) - 1
    is_down = bool(counting) and counting[-1].mark is ReadingMark.LAST
    return tuple(
        _curve(points, is_zero_before=starts[at], is_still_after=at == last and is_down)
        for at, points in enumerate(stretches)
    )


def _goes_on(before: AreaReading | None, reading: AreaReading) -> bool:
    """Whether it is known what was delivered between these two."""
    if before is None:
        return False
    if reading.mark is not ReadingMark.FIRST:
        return True
    return before.mark is ReadingMark.LAST or before.on == reading.on


def _curve(points: Iterable[tuple[int, int]], *, is_zero_before: bool, is_still_after: bool) -> Curve:
    # The last of the old counter and the first of the new one are the same moment.
    by_day = dict(points)
    return Curve(tuple(by_day), tuple(by_day.values()), is_zero_before, is_still_after)


# --- the balance -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SupplyUse:
    """One supply of an area, as far as the books know it."""

    supply: str
    opened: date
    closed: date | None
    use: Curve | None
    """Its register of use; None if nothing was ever written back."""
    sold: Mapping[date, int]
    """Wh by the first day of the month."""

    def lived(self, since: date, until: date) -> tuple[int, int] | None:
        """The part of a stretch of days in which it was open."""
        first = max(since, self.opened).toordinal()
        last = min(until, self.closed or until).toordinal()
        return (first, last) if first < last else None


@dataclass(frozen=True, slots=True)
class MonthBalance:
    """One area in one month, in Wh."""

    month: date
    delivered: int | None
    """None where the readings of its points do not reach over the month."""
    sold: int
    used: int
    supplies: int
    """That were open in it."""
    covered: int
    """Of them, those whose write-backs reach over all their days in it."""

    @property
    def covered_share(self) -> int:
        """In hundredths of a per cent; all of nothing."""
        return self.covered * 100_00 // self.supplies if self.supplies else 100_00

    @property
    def is_told(self) -> bool:
        """Whether its loss may be told."""
        return bool(self.delivered) and self.covered_share >= ENOUGH_COVERED

    @property
    def loss(self) -> int | None:
        """Below zero where more was used than was delivered: then a reading is wrong, or a supply hangs elsewhere."""
        return self.delivered - self.used if self.is_told and self.delivered is not None else None

    @property
    def loss_share(self) -> int | None:
        """Of what was delivered, in hundredths of a per cent."""
        return share(self.loss, self.delivered) if self.loss is not None and self.delivered else None


def share(part: int, whole: int) -> int:
    """Hundredths of a per cent, the nearest; half away from zero."""
    sign = -1 if part < 0 else 1
    return sign * ((abs(part) * 200_00 + whole) // (2 * whole))


@dataclass(frozen=True, slots=True)
class AreaBalance:
    """One area over months, oldest first."""

    code: str
    name: str
    months: tuple[MonthBalance, ...]
    supplies: int
    """That are open now."""

    @property
    def told(self) -> tuple[MonthBalance, ...]:
        """Those whose loss may be told."""
        return tuple(month for month in self.months if month.is_told)


def balance(
    months: Sequence[date], points: Sequence[Sequence[Curve]], supplies: Sequence[SupplyUse]
) -> list[MonthBalance]:
    """One area; `months` are first days, the last of them only the end of the month before it."""
    return [
        MonthBalance(
            month=since,
            delivered=_delivered(points, since, until),
            sold=sum(supply.sold.get(since, 0) for supply in supplies),
            **_used(supplies, since, until),
        )
        for since, until in pairwise(months)
    ]


def _delivered(points: Sequence[Sequence[Curve]], since: date, until: date) -> int | None:
    """Through all points together, if each of them tells it."""
    total = 0
    for curves in points:
        first, last = since.toordinal(), until.toordinal()
        telling = next((curve for curve in curves if curve.covers(first, last)), None)
        if telling is None:
            return None
        total += telling.between(first, last)
    return total if points else None


def _used(supplies: Sequence[SupplyUse], since: date, until: date) -> dict[str, int]:
    found = {"used": 0, "supplies": 0, "covered": 0}
    for supply in supplies:
        lived = supply.lived(since, until)
        if lived is None:
            continue
        found["supplies"] += 1
        if supply.use is not None:
            found["used"] += supply.use.between(*lived)
            found["covered"] += supply.use.covers(*lived)
    return found


# --- who was not read ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Unread:
    """Why the newest months of an area that are not told are not: this counter of it tells nothing of them."""

    point: str
    since: date | None
    """Its last reading before them; None if it has none."""
    until: date | None
    """Its first reading after them; None if it has none."""


def unread(months: Sequence[date], points: Mapping[str, Sequence[Curve]]) -> Iterator[Unread]:
    """The counters of one area that are not read as far as they should be.

    Months before the first reading of a counter are asked for only where another one tells them.
    """
    for point, curves in points.items():
        for since, until in reversed(list(pairwise(months))):
            stretch = since.toordinal(), until.toordinal()
            if not _tells(curves, *stretch):
                gap = _gap(point, curves, stretch[0])
                if gap.since is not None or any(_tells(other, *stretch) for other in points.values()):
                    yield gap
                break


def _tells(curves: Sequence[Curve], first: int, last: int) -> bool:
    return any(curve.covers(first, last) for curve in curves)


def _gap(point: str, curves: Sequence[Curve], first: int) -> Unread:
    """Around a month that begins on this day and is not covered."""
    before = [curve for curve in curves if curve.is_zero_before or curve.days[0] <= first]
    after = [curve.days[0] for curve in curves if curve not in before]
    since = date.fromordinal(before[-1].days[-1]) if before else None
    return Unread(point, since, date.fromordinal(after[0]) if after else None)


def month_edges(today: date, months: int) -> list[date]:
    """The first days of so many months, the running one being the last, and of the month after it."""
    newest = today.year * 12 + today.month - 1
    return [date(at // 12, at % 12 + 1, 1) for at in range(newest - months + 1, newest + 2)]
