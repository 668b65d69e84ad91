"""How strongly each criterion speaks, from 0 to 1, with the facts of the sentence that says it (rows S11, S15)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

from vending_app.domain.inspection import Criterion, Reading, SupplyRecord
from vending_app.sampling.change import Changes, changes_of
from vending_app.sampling.peers import Peers, peers_of
from vending_app.sampling.use import Panel, panel_of

Facts = Mapping[str, int | date]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One criterion's word on one supply."""

    strength: float
    facts: Facts


@dataclass(frozen=True, slots=True)
class Scene:
    """All supplies side by side."""

    records: Sequence[SupplyRecord]
    today: date
    panel: Panel
    peers: Peers
    changes: Changes


Judge = Callable[[Scene, int], Evidence]
Each = Callable[[Sequence[SupplyRecord]], Iterable[SupplyRecord]]
"""Goes through all records, and may tell how far it is."""

LOOKED_BACK = timedelta(days=365)
"""Events count for a year; what was inspected or forgiven before is history."""
NOTHING = Evidence(0.0, {})


def scene_of(records: Sequence[SupplyRecord], *, today: date, each: Each = iter) -> Scene:
    panel = panel_of(each(records), today=today)
    peers = peers_of(records, panel)
    return Scene(records, today, panel, peers, changes_of(panel, peers))


def ramp(value: float, low: float, high: float) -> float:
    """0 up to `low`, 1 from `high` on, a straight line between."""
    return min(1.0, max(0.0, (value - low) / (high - low)))


# --- use -------------------------------------------------------------------------------------------------

AWAY_BELOW = 0.08
"""Of the use before: a house that stands empty still has a refrigerator or nothing at all; a bypass leaves more."""
AWAY_STRENGTH = 0.25


def fell(scene: Scene, at: int) -> Evidence:
    month, ratio = int(scene.changes.month[at]), float(scene.changes.ratio[at])
    clear = ramp(float(scene.changes.clarity[at]), 3.0, 9.0)
    deep = ramp(1.0 - ratio, 0.12, 0.40)
    strength = clear * deep * (AWAY_STRENGTH if ratio < AWAY_BELOW else 1.0)
    if strength <= 0.0:
        return NOTHING
    return Evidence(
        strength,
        {
            "percent": round(100 * (1 - ratio)),
            "since": scene.panel.months[month],
            "peers": int(scene.peers.count[at]) - 1,
            **_beside_last_year(scene, at, month),
            "energy_wh": round(float(scene.changes.expected_wh[at] - scene.changes.counted_wh[at])),
        },
    )


YEAR, LEAST_PAIRS = 12, 2


def _beside_last_year(scene: Scene, at: int, month: int) -> Facts:
    """The months since, beside the same months of the year before: its own, and the middle neighbour's, in per cent."""
    own, season = scene.peers.own[at], scene.peers.season[at]
    since = np.arange(max(month, YEAR), min(month + YEAR, len(own)))
    since = since[~np.isnan(own[since]) & ~np.isnan(own[since - YEAR])]
    if len(since) < LEAST_PAIRS:
        return {}
    changes = (float(np.mean(curve[since] - curve[since - YEAR])) for curve in (own, season))
    own_percent, peers_percent = (round(100 * (float(np.exp(change)) - 1)) for change in changes)
    return {"own_percent": own_percent, "peers_percent": peers_percent}


def below_peers(scene: Scene, at: int) -> Evidence:
    distance = float(scene.peers.level_of_group[at] - scene.peers.level[at])
    if np.isnan(distance):
        return NOTHING
    strength = ramp(distance / float(scene.peers.spread_of_group[at]), 1.6, 3.2)
    percent = round(100 * (1 - float(np.exp(-distance))))
    return Evidence(strength, {"percent": percent, "peers": int(scene.peers.count[at]) - 1})


# --- registers -------------------------------------------------------------------------------------------


def unexplained(scene: Scene, at: int) -> Evidence:
    """Beside what it uses in a month: rounding and a figure read wrongly are small."""
    energy = scene.records[at].unexplained.wh
    return Evidence(ramp(abs(energy) / (30 * _day_wh(scene, at)), 0.05, 0.6), {"energy_wh": energy})


def past_zero(scene: Scene, at: int) -> Evidence:
    """Some of it flows before any relay has opened: it is weighed by how many days' use it is."""
    times, energy = 0, 0
    for before, after in pairwise(recent(scene, at)):
        risen = after.past_zero.wh - before.past_zero.wh
        times, energy = times + (risen > 0), energy + max(risen, 0)
    return Evidence(ramp(energy / _day_wh(scene, at), 0.3, 3.0), {"times": times, "energy_wh": energy})


def _day_wh(scene: Scene, at: int) -> float:
    """Its usual use of a day; where that is not known, of a small household."""
    return max(float(np.nan_to_num(np.exp(scene.peers.level[at]), nan=0.0)), LEAST_DAY_WH)


LEAST_DAY_WH = 1_000.0


def illegal_cards(scene: Scene, at: int) -> Evidence:
    return _risen(scene, at, "illegal_cards", low=1, high=5)


def cover(scene: Scene, at: int) -> Evidence:
    return _risen(scene, at, "cover", low=0, high=2)


def overload(scene: Scene, at: int) -> Evidence:
    return _risen(scene, at, "overload", low=6, high=20)


def _risen(scene: Scene, at: int, counter: str, *, low: float, high: float) -> Evidence:
    read = recent(scene, at)
    times = getattr(read[-1], counter) - getattr(read[0], counter) if read else 0
    return Evidence(ramp(times, low, high), {"times": times})


def recent(scene: Scene, at: int) -> list[Reading]:
    """Readings of the last year, and the one before it to count from."""
    readings = scene.records[at].readings
    since = scene.today - LOOKED_BACK
    first = next((place for place, reading in enumerate(readings) if reading.on > since), len(readings))
    return list(readings[max(first - 1, 0) :])


# --- visits ----------------------------------------------------------------------------------------------

LEAST_PURCHASES = 4
"""Fewer show no habit."""


LONG_IDLE = (120, 180)
"""Days without a purchase and without a write-back: from the first on it begins to speak, from the second fully."""


def silent(scene: Scene, at: int) -> Evidence:
    """By its own habit, or by whether anything came from it at all: a supply that never bought has no habit."""
    return max(_past_habit(scene, at), _idle(scene, at), key=lambda evidence: evidence.strength)


def _past_habit(scene: Scene, at: int) -> Evidence:
    """Who buys once a quarter is not silent after two months."""
    days = [on.toordinal() for on, _ in scene.records[at].purchases]
    if len(days) < LEAST_PURCHASES:
        return NOTHING
    habit = float(np.median(np.diff(days)))
    since = scene.today.toordinal() - days[-1]
    return Evidence(ramp(since / max(habit, 7.0), 3.0, 8.0), {"days": since})


def _idle(scene: Scene, at: int) -> Evidence:
    """Nothing bought and nothing read, since the last that was, or since its first card if nothing ever was."""
    record = scene.records[at]
    signs = [*(on for on, _ in record.purchases[-1:]), *(reading.on for reading in record.readings[-1:])]
    days = (scene.today - max(signs, default=record.open_since)).days
    return Evidence(ramp(days, *LONG_IDLE), {"days": days, "ever": int(bool(signs))})


def unread(scene: Scene, at: int) -> Evidence:
    """Purchases that no meter has shown to have taken."""
    record = scene.records[at]
    last = record.readings[-1].on if record.readings else date.min
    waiting = [energy.wh for on, energy in record.purchases if on > last]
    days = (scene.today - last).days if record.readings else 0
    return Evidence(ramp(len(waiting), 2, 5), {"times": len(waiting), "days": days, "energy_wh": sum(waiting)})


def reissues(scene: Scene, at: int) -> Evidence:
    times = scene.records[at].reissues
    return Evidence(ramp(times, 1, 4), {"times": times})


def taken_back(scene: Scene, at: int) -> Evidence:
    times = scene.records[at].taken_back
    return Evidence(ramp(times, 0, 3), {"times": times})


JUDGES: Mapping[Criterion, Judge] = {
    Criterion.UNEXPLAINED: unexplained,
    Criterion.PAST_ZERO: past_zero,
    Criterion.FELL: fell,
    Criterion.BELOW_PEERS: below_peers,
    Criterion.SILENT: silent,
    Criterion.UNREAD: unread,
    Criterion.ILLEGAL_CARDS: illegal_cards,
    Criterion.COVER: cover,
    Criterion.OVERLOAD: overload,
    Criterion.REISSUES: reissues,
    Criterion.TAKEN_BACK: taken_back,
}
