"""The sample: points added up, the highest first, and some by lot (row S11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from numpy.random import PCG64, Generator

from vending_app.domain.energy import Energy
from vending_app.domain.inspection import Criteria, Criterion, Gap, Reason, Sample, SupplyRecord, Suspect
from vending_app.sampling.chart import chart_of
from vending_app.sampling.evidence import JUDGES, Each, Scene, scene_of
from vending_app.sampling.learning import MOST_POINTS

STANDS_OUT = 10
"""Points; less is everyday life."""


TIMES = 2
"""How often all records are gone through."""


def sample_of(records: Sequence[SupplyRecord], criteria: Criteria, *, today: date, each: Each = iter) -> Sample:
    """The same records, criteria and day give the same sample, whatever the order of the records.

    `each` goes through them, so many `TIMES`.
    """
    ordered = sorted(records, key=lambda record: record.supply)
    scene = scene_of(ordered, today=today, each=each)
    judged = [judged_of(scene, at, criteria) for at, _ in enumerate(each(ordered))]
    listed = sorted((each for each in judged if each.priority >= STANDS_OUT), key=_rank)
    by_lot = _places_by_lot(criteria)
    chosen = listed[: criteria.size - by_lot]
    taken = {suspect.record.supply for suspect in chosen}
    others = [suspect for suspect in judged if suspect.record.supply not in taken]
    drawn = _drawn(others, by_lot, seed=criteria.seed, day=today)
    place_of = {record.supply: at for at, record in enumerate(ordered)}
    suspects = tuple(
        replace(suspect, chart=chart_of(scene, place_of[suspect.record.supply])) for suspect in (*chosen, *drawn)
    )
    return Sample(today, criteria, suspects, len(ordered), len(listed))


def judged_of(scene: Scene, at: int, criteria: Criteria) -> Suspect:
    """All reasons of one supply, the heaviest first."""
    reasons = []
    for criterion, judge in JUDGES.items():
        evidence = judge(scene, at)
        points = round(evidence.strength * criteria.weights.get(criterion, 0))
        if points > 0:
            reasons.append(Reason(criterion, points, evidence.facts))
    reasons.sort(key=lambda reason: (-reason.points, reason.criterion))
    priority = min(MOST_POINTS, sum(reason.points for reason in reasons))
    return Suspect(scene.records[at], priority, tuple(reasons), _gap(reasons, scene, at))


def _gap(reasons: Sequence[Reason], scene: Scene, at: int) -> Gap | None:
    if all(reason.criterion is not Criterion.FELL for reason in reasons):
        return None
    since = scene.panel.months[int(scene.changes.month[at])]
    expected, counted = (Energy(round(float(of[at]))) for of in (scene.changes.expected_wh, scene.changes.counted_wh))
    return Gap(since, expected, counted)


def _rank(suspect: Suspect) -> tuple[int, int, str]:
    return -suspect.priority, -suspect.missing.wh, suspect.record.supply


def _places_by_lot(criteria: Criteria) -> int:
    """The share to the nearest whole place; a share that was wanted leaves a short list one, if it has two."""
    nearest = (criteria.size * criteria.by_chance_percent + 50) // 100
    least = 1 if criteria.by_chance_percent > 0 and criteria.size >= 2 else 0
    return max(nearest, least)


def _drawn(others: Sequence[Suspect], count: int, *, seed: int, day: date) -> list[Suspect]:
    """From the seed and the day: each day others, and for a kept day the same again."""
    lot = Generator(PCG64([seed, day.toordinal()]))
    places = lot.choice(len(others), size=min(count, len(others)), replace=False)
    return [_by_chance(others[place]) for place in places]


def _by_chance(suspect: Suspect) -> Suspect:
    return replace(suspect, reasons=(*suspect.reasons, Reason(Criterion.CHANCE, 0)))
