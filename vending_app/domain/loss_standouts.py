"""Which areas lose more than is usual: beside what was delivered, the other areas, or their own past (rows S10, P3).

Whole hundredths of a per cent throughout.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from statistics import median_low

from vending_app.domain.energy_balance import AreaBalance, MonthBalance

LEAST_OTHERS, LEAST_BEFORE = 3, 4
"""Fewer areas, or months, tell no middle and no distance from it."""
LEAST_GAP = 3_00
"""Three per cent more than usual, or below nothing: less is the error of reading a few days early."""
WIDE = 3
"""Medians of the distance from the median beyond which nobody is usual, as robust standard deviations."""
TWO, PLAIN_GAP, PLAIN_TIMES = 2, 10_00, 2
"""Two others are enough where the distance is plain: ten per cent more than the higher of them, and twice as much."""
MUCH = 25_00
"""A quarter of what was delivered: who loses more needs nobody beside him to stand out."""


class Beside(StrEnum):
    """With what a loss was compared, what tells most first."""

    NOTHING = "nothing"
    """Less than nothing: more was used than delivered, by more than reading a few days early explains."""
    DELIVERED = "delivered"
    """What was delivered: more than a quarter of it."""
    OTHERS = "others"
    """The other areas in the same month."""
    BEFORE = "before"
    """The area's own months before."""


@dataclass(frozen=True, slots=True)
class Standout:
    """One area whose loss in its newest told month is not usual; shares in hundredths of a per cent."""

    code: str
    name: str
    month: date
    loss_share: int
    beside: Beside
    low: int | None = None
    high: int | None = None
    """Between these lie the others, or the months before, but for those that stood out themselves; None beside what
    was delivered."""


_Usual = tuple[int, int] | None
"""Lowest and highest, where a loss is not among them."""


def standouts(areas: Sequence[AreaBalance]) -> tuple[Standout, ...]:
    """The highest loss first; an area may stand out in each way."""
    found = [one for area in areas if area.told for one in _standing_out(area, areas)]
    ways = list(Beside)
    return tuple(sorted(found, key=lambda one: (-one.loss_share, one.code, ways.index(one.beside))))


def _standing_out(area: AreaBalance, areas: Sequence[AreaBalance]) -> Iterator[Standout]:
    *before, newest = area.told
    own = newest.loss_share
    assert own is not None, "a told month has a loss"
    others = [each for other in areas if other is not area for each in other.told if each.month == newest.month]
    if own < -LEAST_GAP:
        yield Standout(area.code, area.name, newest.month, own, Beside.NOTHING)
    if own > MUCH:
        yield Standout(area.code, area.name, newest.month, own, Beside.DELIVERED)
    for beside, usual in (
        (Beside.OTHERS, _beside_others(own, _shares(others))),
        (Beside.BEFORE, _beside_usual(own, _shares(before), LEAST_BEFORE)),
    ):
        if usual is not None:
            yield Standout(area.code, area.name, newest.month, own, beside, *usual)


def _shares(months: Iterable[MonthBalance]) -> list[int]:
    """From low to high."""
    return sorted(month.loss_share for month in months if month.loss_share is not None)


def _beside_others(own: int, shares: Sequence[int]) -> _Usual:
    if len(shares) != TWO:
        return _beside_usual(own, shares, LEAST_OTHERS)
    low, high = shares
    return (low, high) if own > max(high + PLAIN_GAP, high * PLAIN_TIMES) else None


def _beside_usual(own: int, shares: Sequence[int], least: int) -> _Usual:
    if len(shares) < least or not _is_unusual(own, shares):
        return None
    usual = [each for each in shares if not _is_unusual(each, shares)]
    return usual[0], usual[-1]


def _is_unusual(own: int, shares: Sequence[int]) -> bool:
    """More than the middle by three robust standard deviations (1.4826 medians of the distance from it)."""
    middle = median_low(shares)
    spread = median_low([abs(each - middle) for each in shares])
    return own - middle > max(LEAST_GAP, WIDE * 14_826 * spread // 10_000)
