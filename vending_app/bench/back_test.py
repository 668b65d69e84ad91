"""The sample beside chance and beside each single criterion, on offices with planted cases that it never saw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from vending_app.bench.figure import Figure, milli
from vending_app.bench.planted_offices import GUILTY, TODAY, Case, Office, planted_office
from vending_app.domain.inspection import USUAL_WEIGHTS, Criteria, Criterion
from vending_app.sampling.sample import sample_of

HELD_OUT = (201, 202, 203, 204, 205)
"""Seeds of offices that no weight was chosen by."""
SAMPLE_SHARE_PERCENT = 5
"""Meters that an office can visit, of all it has."""
CLEAR_MARGIN_MILLI = 1200
"""Found by the list beside found by the best single criterion."""


@dataclass(frozen=True, slots=True)
class BackTest:
    """Planted cases found among the meters visited, in all offices together."""

    offices: int
    supplies: int
    visited: int
    guilty: int
    found: int
    by_chance: int
    """What a lot would find on average."""
    by_criterion: Mapping[Criterion, tuple[int, int]]
    """Found, and the visits that its own list makes: it is shorter where the criterion speaks for few."""
    by_case: Mapping[Case, tuple[int, int]]
    """Found and planted; of the honest, visited in vain and all."""

    @property
    def best_single(self) -> Criterion:
        """The one that finds the most."""
        return max(self.by_criterion, key=lambda criterion: self.by_criterion[criterion][0])

    @property
    def figure(self) -> Figure:
        best, _ = self.by_criterion[self.best_single]
        name = f"found by the list, beside `{self.best_single.value}` alone"
        return Figure(name, f"{self.found}", f"{best}", milli(self.found, best), CLEAR_MARGIN_MILLI, at_most=False)


def back_test(seeds: Sequence[int] = HELD_OUT, *, supplies: int = 2000) -> BackTest:
    """The list as it is shipped, its share by lot with it, and lists of at most its size by each criterion alone."""
    size = supplies * SAMPLE_SHARE_PERCENT // 100
    usual = Criteria(size=size)
    found, guilty, found_by, visits_by = 0, 0, Counter[Criterion](), Counter[Criterion]()
    visited_of, all_of = Counter[Case](), Counter[Case]()
    for office in (planted_office(seed, supplies=supplies) for seed in seeds):
        cases = _visited(office, usual)
        found += sum(case in GUILTY for case in cases)
        guilty += sum(case in GUILTY for case in office.cases)
        visited_of.update(cases)
        all_of.update(office.cases)
        for criterion, weight in USUAL_WEIGHTS.items():
            alone = replace(usual, weights={criterion: 100 if weight else 0}, by_chance_percent=0)
            cases = _visited(office, alone)
            found_by[criterion] += sum(case in GUILTY for case in cases)
            visits_by[criterion] += len(cases)
    return BackTest(
        offices=len(seeds),
        supplies=supplies * len(seeds),
        visited=visited_of.total(),
        guilty=guilty,
        found=found,
        by_chance=guilty * size // supplies,
        by_criterion={criterion: (found_by[criterion], visits_by[criterion]) for criterion in USUAL_WEIGHTS},
        by_case={case: (visited_of[case], all_of[case]) for case in Case},
    )


def _visited(office: Office, criteria: Criteria) -> list[Case]:
    """What is behind the meters of the list."""
    case_of = dict(zip((record.supply for record in office.records), office.cases, strict=True))
    return [case_of[suspect.record.supply] for suspect in sample_of(office.records, criteria, today=TODAY).suspects]


def lines(tested: BackTest) -> Iterator[str]:
    """For people: precision and recall beside their floors."""
    yield (
        f"{tested.offices} offices, {tested.supplies} supplies, {tested.guilty} planted cases, "
        f"{tested.visited} meters visited"
    )
    rows = {"the list": (tested.found, tested.visited), "all by lot": (tested.by_chance, tested.visited)}
    singles = sorted(tested.by_criterion.items(), key=lambda row: -row[1][0])
    rows |= {f"{criterion.value} alone": told for criterion, told in singles}
    yield f"{'':<22}{'visits':>8}{'found':>7}{'precision':>12}{'recall':>9}"
    for name, (found, visits) in rows.items():
        precision, recall = _per_cent(found, visits), _per_cent(found, tested.guilty)
        yield f"{name:<22}{visits:>8}{found:>7}{precision:>12}{recall:>9}"
    yield f"{'visited':<22}{'':>7}{'of all':>12}"
    for case, (visited, planted) in tested.by_case.items():
        yield f"{case.value:<22}{visited:>7}{planted:>12}"


def _per_cent(part: int, whole: int) -> str:
    """Of no visit, nothing is right and nothing wrong."""
    return f"{milli(part, whole) // 10} %" if whole else "–"
