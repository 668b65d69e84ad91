"""The picture behind a suspect: its months beside its neighbours', with what its counters told."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from vending_app.domain.energy_balance import month_edges
from vending_app.domain.inspection import Criterion, Mark, UseChart
from vending_app.sampling.evidence import Scene, recent
from vending_app.sampling.use import Floats

UNKNOWN = -1
COUNTERS = {"cover": Criterion.COVER, "illegal_cards": Criterion.ILLEGAL_CARDS, "overload": Criterion.OVERLOAD}
MOST_MARKS = 4
"""More would lie on each other."""


def chart_of(scene: Scene, at: int) -> UseChart:
    """Wh a month, whole months: a part of one is drawn out to all of it."""
    lengths = np.diff([edge.toordinal() for edge in month_edges(scene.today, len(scene.panel.months))]).astype(
        np.float64
    )
    peers = scene.peers
    beside = np.where(peers.is_told[at], _usual_level(scene, at) + peers.season[at], np.nan)
    low, high = (np.exp(beside + shift) for shift in peers.band[at])
    return UseChart(
        months=scene.panel.months,
        own=_whole(scene.panel.per_day[at] * lengths),
        middle=_whole(np.exp(beside) * lengths),
        low=_whole(low * lengths),
        high=_whole(high * lengths),
        marks=tuple(sorted(_marks(scene, at), key=lambda mark: mark.on))[-MOST_MARKS:],
        peers=int(peers.count[at]) - 1,
    )


def _usual_level(scene: Scene, at: int) -> float:
    """Its own level before it fell; of others, of all months. Where nothing is known, its group's."""
    month = int(scene.changes.month[at])
    own = scene.peers.own[at] - scene.peers.season[at]
    known = own[:month] if month > 0 else own
    known = known[~np.isnan(known)]
    return float(np.median(known)) if len(known) else float(np.nan_to_num(scene.peers.level_of_group[at]))


def _whole(values: Floats) -> tuple[int, ...]:
    return tuple(UNKNOWN if np.isnan(value) else round(float(value)) for value in values)


def _marks(scene: Scene, at: int) -> Iterator[Mark]:
    for before, after in pairwise(recent(scene, at)):
        for counter, criterion in COUNTERS.items():
            times = getattr(after, counter) - getattr(before, counter)
            if times > 0:
                yield Mark(after.on, criterion, times)
