"""Readings of the counters that feed an area: at its feeders or its transformer, energy delivered so far (row P3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OperatorError

MOST_FACTOR = 1_000_000
"""Of current and voltage transformers together: 2000/5 A and 110 000/100 V make 440 000."""
MOST_REGISTER = Energy((2**32 - 1) * 10 * MOST_FACTOR)
"""What a register of ours can show, behind the largest factor; far from what a row of the books can hold."""
LONGEST_POINT, LONGEST_NOTE = 40, 120
MOST_YEARS, YEARS_BEFORE = 10, 2
"""Days of more than ten years ago, or of more than two years before the books began, are slips of the hand: an
office brings the readings of its last year with it, and no use is known from before."""


class ReadingMark(StrEnum):
    """What a reading says besides its figure."""

    READING = "reading"
    FIRST = "first"
    """Of a counter that is new there: it may show less than the one before it."""
    LAST = "last"
    """Of a counter that was taken down: nothing is delivered through it until the first reading of another."""
    WITHDRAWN = "withdrawn"
    """On that day nothing was read: what was entered for it counts no more."""


@dataclass(frozen=True, slots=True)
class AreaReading:
    """What one counter showed on the morning of one day."""

    area: str
    """Its code."""
    point: str
    """Name or number of the feeder's or transformer's counter."""
    on: date
    register: Energy
    """Delivered so far, behind the factor."""
    mark: ReadingMark = ReadingMark.READING
    factor: int = 1
    """By what the figure on its display was multiplied."""
    note: str = ""

    @property
    def shown(self) -> Energy:
        """As it stands on the display."""
        return Energy(self.register.wh // self.factor)


def require_recent(on: date, *, today: date, began: date) -> None:
    """Raises OperatorError reading-too-old; `began` is the day of the first row of the books."""
    oldest = max(_years_before(today, MOST_YEARS), _years_before(began, YEARS_BEFORE))
    if on < oldest:
        raise OperatorError(Code.READING_TOO_OLD, on=on, oldest=oldest, began=began)


def _years_before(day: date, years: int) -> date:
    """The same day of that year; the first of March where it has no 29 February."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 3, 1)


def standing(entered: Iterable[AreaReading]) -> tuple[AreaReading, ...]:
    """Those of one point that count, by day; given in the order in which they were entered.

    A later one of the same day replaces the earlier; only the first reading of a new counter stands beside the last
    one of the old counter, which was read on the same day before it.
    """
    days: dict[date, tuple[AreaReading, ...]] = {}
    for reading in entered:
        before = tuple(one for one in days.get(reading.on, ()) if one.mark is not ReadingMark.FIRST)
        match reading.mark:
            case ReadingMark.WITHDRAWN:
                days[reading.on] = ()
            case ReadingMark.FIRST:
                days[reading.on] = (*before, reading)
            case _:
                days[reading.on] = (reading,)
    return tuple(reading for day in sorted(days) for reading in days[day])


def require_rising(counting: Sequence[AreaReading]) -> None:
    """Raises OperatorError reading-lower for a point whose register goes back without a new counter."""
    for before, after in pairwise(counting):
        if after.mark is not ReadingMark.FIRST and after.register < before.register:
            raise OperatorError(
                Code.READING_LOWER, point=after.point, on=after.on, before=before.register, since=before.on
            )
