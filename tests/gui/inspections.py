"""The inspection list of the pictures: an office with planted cases, and people who live there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from tests.gui import values
from vending_app.bench import planted_offices
from vending_app.domain.energy import Energy
from vending_app.domain.ids import MeterNo
from vending_app.domain.inspection import (
    USUAL_WEIGHTS,
    Criteria,
    Criterion,
    FieldRead,
    KeptSample,
    OpenRoute,
    Sample,
    SampleLine,
)
from vending_app.domain.money import ZERO, Money
from vending_app.sampling.sample import sample_of
from vending_app.services.inspection_cases import InspectionShown, Listed

PEOPLE = (
    "Omar Haddad",
    "Sunrise Bakery",
    "Grace Mensah",
    "Viktor Petrov",
    "Lin Wei",
    "St Anne’s School",
    "Paul Dubois",
)
STREETS = ("Tarn Road", "Mill Lane", "Harbour Walk", "Quay Street", "Old Market", "School Lane", "Orchard Row")


def a_sample(size: int = 16) -> Sample:
    """From an office with planted cases."""
    return sample_of(
        planted_offices.planted_office(5, supplies=400).records, Criteria(size=size), today=planted_offices.TODAY
    )


def an_inspection(sample: Sample | None = None, *, names: Sequence[str] = PEOPLE) -> InspectionShown:
    """The list as the books keep it, counted this morning; the two most urgent are on the route."""
    sample = sample or a_sample()
    lines = [
        SampleLine(each.record.supply, each.priority, each.reasons, each.gap, each.chart, is_on_route=at < 2)
        for at, each in enumerate(sample.suspects)
    ]
    on = values.NOW.date()
    kept = KeptSample(7, 1000, on, datetime(2025, 11, 14, 6, 0, tzinfo=UTC), sample.criteria, tuple(lines), 1842, 23)
    listed = [
        Listed(
            line,
            names[at % len(names)],
            f"{STREETS[at % len(STREETS)]} {at + 3}",
            each.record.area,
            MeterNo(f"{88112040 + at * 7411:012d}"),
            date(2025, 8, 12) if at == 1 else None,
            at_stake=Money(61_35) if line.lost else ZERO,
            area_code=f"A{at % 3}",
            read=FieldRead(17, date(2025, 11, 12), Energy(4_812_340)) if at == 1 else None,
        )
        for at, (line, each) in enumerate(zip(lines, sample.suspects, strict=True))
    ]
    hits = {Criterion.COVER: (14, 20), Criterion.FELL: (9, 20), Criterion.CHANCE: (1, 9)}
    proposed = dict(USUAL_WEIGHTS) | {Criterion.COVER: 31}
    return InspectionShown(sample.criteria, kept, tuple(listed), hits, proposed, 34, values.NOW, kept.number)


def from_days_ago(shown: InspectionShown, days: int, *, number: int | None = None) -> InspectionShown:
    """The same list, counted some days before, with what is still to come of its route."""
    assert shown.sample is not None
    kept = replace(
        shown.sample,
        number=number or shown.sample.number,
        on=shown.sample.on - timedelta(days=days),
        at=shown.sample.at - timedelta(days=days),
    )
    waiting = tuple(each.line.supply for each in shown.route if each.line.finding is None)
    return replace(shown, sample=kept, newest=kept.number, open_routes=(OpenRoute(kept.number, kept.on, waiting),))
