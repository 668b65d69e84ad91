"""When a supply began to use less than before, while its neighbours went on: the month that parts its life best."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vending_app.sampling.peers import TO_SIGMA, Peers, middle
from vending_app.sampling.use import Floats, Panel

LEAST_BEFORE, LEAST_AFTER = 4, 2
"""Months that must be known on each side of a change."""
LEAST_NOISE = 0.10
"""Of a month's use, as a share: nobody lives more evenly than that."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Of each supply: the clearest fall."""

    month: NDArray[np.int64]
    """Place of the first month after it; -1 where nothing can be said."""
    ratio: Floats
    """Use after it over use before it, both freed of the season; of the whole time since or of the last months alone,
    whichever is nearer to what it was: who came home again is not on the list."""
    clarity: Floats
    """How many standard deviations; above 4 it is no chance. 0 where use did not fall."""
    expected_wh: Floats
    """What would have been used since, had it gone on as before."""
    counted_wh: Floats


def changes_of(panel: Panel, peers: Peers) -> Changes:
    """The clearest fall of each supply, all at once."""
    flat = peers.own - peers.season
    month = _parting(flat)
    before = _is_before(flat, month)
    usual, since = (middle(np.where(where, flat, np.nan), axis=1) for where in (before, ~before))
    known = ~np.isnan(flat)
    count, count_since = (known & before).sum(axis=1), (known & ~before).sum(axis=1)
    weight = np.sqrt(count * count_since / np.maximum(count + count_since, 1))
    clarity = np.maximum(np.nan_to_num((usual - since) / _noise(flat) * weight), 0.0)
    ratio = np.exp(np.fmax(since, _newest(flat)) - usual)
    is_told = month >= 0
    return Changes(
        month=month,
        ratio=np.where(is_told, ratio, 1.0),
        clarity=np.where(is_told, clarity, 0.0),
        expected_wh=np.where(is_told, _summed(np.exp(usual[:, None] + peers.season), panel, before), 0.0),
        counted_wh=np.where(is_told, _summed(panel.per_day, panel, before), 0.0),
    )


def _noise(flat: Floats) -> Floats:
    """From one month to the next, which a single change hardly touches."""
    steps = np.diff(flat, axis=1)
    noise: Floats = np.maximum(np.nan_to_num(TO_SIGMA * middle(np.abs(steps), axis=1) / np.sqrt(2)), LEAST_NOISE)
    return noise


def _parting(flat: Floats) -> NDArray[np.int64]:
    """The month before which, and from which on, use was most like its own middle; -1 if no fall parts it."""
    best = np.full(len(flat), -1)
    least = np.full(len(flat), np.inf)
    for month in range(LEAST_BEFORE, flat.shape[1] - LEAST_AFTER + 1):
        before, after = flat[:, :month], flat[:, month:]
        usual, since = middle(before, axis=1), middle(after, axis=1)
        strayed = np.nansum(np.abs(before - usual[:, None]), axis=1) + np.nansum(np.abs(after - since[:, None]), axis=1)
        is_known = ((~np.isnan(before)).sum(axis=1) >= LEAST_BEFORE) & ((~np.isnan(after)).sum(axis=1) >= LEAST_AFTER)
        is_better = is_known & (since < usual) & (strayed < least)
        best[is_better], least[is_better] = month, strayed[is_better]
    return best


NEWEST = 2
"""Months that say how it is now."""


def _newest(flat: Floats) -> Floats:
    """The middle of the last months that are known."""
    from_end = np.cumsum(~np.isnan(flat[:, ::-1]), axis=1)[:, ::-1]
    return middle(np.where((from_end >= 1) & (from_end <= NEWEST), flat, np.nan), axis=1)


def _is_before(flat: Floats, month: NDArray[np.int64]) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = np.arange(flat.shape[1])[None, :] < month[:, None]
    return found


def _summed(per_day: Floats, panel: Panel, is_before: NDArray[np.bool_]) -> Floats:
    """Wh since the change, in months that are known."""
    is_known = ~is_before & ~np.isnan(panel.per_day)
    summed: Floats = np.where(is_known, per_day * panel.days, 0.0).sum(axis=1, where=is_known)
    return summed
