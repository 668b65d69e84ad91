"""Neighbours: what supplies of the same area and tariff do at the same time."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vending_app.domain.inspection import SupplyRecord
from vending_app.sampling.use import Floats, Panel

LEAST_PEERS = 8
LEAST_TOLD = 3
"""Of fewer there is no middle to draw."""
"""Fewer in an area say nothing; then all of the tariff are asked, then all."""
LEAST_USE_WH = 50.0
"""A day; less is counted as this, because a logarithm has no zero."""
TO_SIGMA = 1.4826
"""From the middle of the deviations to the standard deviation of a normal distribution."""


@dataclass(frozen=True, slots=True)
class Peers:
    """For each supply and month, what its group did: logarithms of use a day against each one's own middle."""

    own: Floats
    """Logarithm of use a day."""
    level: Floats
    """Of each supply, its middle over all months."""
    season: Floats
    """Of its group in each month: how far the middle neighbour was from its own middle."""
    level_of_group: Floats
    spread_of_group: Floats
    """Of the levels in the group, as a standard deviation."""
    band: Floats
    """Of the group: between these two shifts of the season lie eight of ten, in an ordinary month."""
    count: NDArray[np.int64]
    """Neighbours in the group, with itself."""
    is_told: NDArray[np.bool_]
    """Whether the use of enough of its group is known in each month; a season is 0 where nothing is."""


def peers_of(records: Sequence[SupplyRecord], panel: Panel) -> Peers:
    own = np.log(np.maximum(panel.per_day, LEAST_USE_WH))
    level = middle(own, axis=1)
    from_level = own - level[:, None]
    season, of_group, spread = np.zeros_like(own), np.zeros(len(own)), np.ones(len(own))
    count, band = np.zeros(len(own), dtype=np.int64), np.zeros((len(own), 2))
    is_told = np.zeros(own.shape, dtype=np.bool_)
    for members in _groups(records):
        season[members] = np.nan_to_num(middle(from_level[members], axis=0))
        levels = level[members]
        of_group[members] = middle(levels, axis=0)
        spread[members] = max(deviation(levels), 0.2)
        count[members] = len(members)
        is_told[members] = np.sum(~np.isnan(own[members]), axis=0) >= LEAST_TOLD
        band[members] = _eight_of_ten(from_level[members] - season[members])
    return Peers(own, level, season, of_group, spread, band, count, is_told)


def _eight_of_ten(strayed: Floats) -> Floats:
    known = strayed[~np.isnan(strayed)]
    return np.percentile(known, (10, 90)) if len(known) else np.zeros(2)


def _groups(records: Sequence[SupplyRecord]) -> list[list[int]]:
    """Places of the members of each group; whoever has too few neighbours joins his tariff, or all."""
    left = list(range(len(records)))
    groups: list[list[int]] = []
    for key in (_place, _tariff):
        by_key: dict[tuple[str, ...], list[int]] = {}
        for at in left:
            by_key.setdefault(key(records[at]), []).append(at)
        groups += [members for members in by_key.values() if len(members) >= LEAST_PEERS]
        left = [at for members in by_key.values() if len(members) < LEAST_PEERS for at in members]
    return [*groups, left] if left else groups


def _place(record: SupplyRecord) -> tuple[str, ...]:
    return record.area, record.tariff


def _tariff(record: SupplyRecord) -> tuple[str, ...]:
    return (record.tariff,)


def middle(values: Floats, *, axis: int) -> Floats:
    """The median of what is known; not a number where nothing is."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # an empty slice is an answer here
        found: Floats = np.nanmedian(values, axis=axis)
    return found


def deviation(values: Floats) -> float:
    """The spread around the median, by the median of distances: one wild value does not move it. 0 for none."""
    known = values[~np.isnan(values)]
    return float(TO_SIGMA * np.median(np.abs(known - np.median(known)))) if len(known) else 0.0
