"""The sample beside chance and beside each single criterion, on offices with planted cases that it never saw.

All make as many visits. A single criterion visits by its own sign first, down to the faintest, and the rest by lot.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from numpy.random import PCG64, Generator

from vending_app.bench.figure import Figure, milli
from vending_app.bench.planted_offices import GUILTY, TODAY, Case, Office, planted_office
from vending_app.domain.inspection import USUAL_WEIGHTS, Criteria, Criterion
from vending_app.sampling.evidence import JUDGES, Scene, scene_of
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
    """Found in as many visits, and how many of these its own sign chose; the others were by lot."""
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
    """The list as it is shipped, its share by lot with it, and lists of its size by each criterion alone."""
    size = supplies * SAMPLE_SHARE_PERCENT // 100
    usual = Criteria(size=size)
    found, guilty, found_by, signs_by = 0, 0, Counter[Criterion](), Counter[Criterion]()
    visited_of, all_of = Counter[Case](), Counter[Case]()
    for seed, office in ((seed, planted_office(seed, supplies=supplies)) for seed in seeds):
        cases = _visited(office, usual)
        found += sum(case in GUILTY for case in cases)
        guilty += sum(case in GUILTY for case in office.cases)
        visited_of.update(cases)
        all_of.update(office.cases)
        scene = scene_of(office.records, today=TODAY)
        for criterion in USUAL_WEIGHTS:
            cases, signs = visited_alone(office, criterion, scene, size=size, seed=seed)
            found_by[criterion] += sum(case in GUILTY for case in cases)
            signs_by[criterion] += signs
    return BackTest(
        offices=len(seeds),
        supplies=supplies * len(seeds),
        visited=visited_of.total(),
        guilty=guilty,
        found=found,
        by_chance=guilty * size // supplies,
        by_criterion={criterion: (found_by[criterion], signs_by[criterion]) for criterion in USUAL_WEIGHTS},
        by_case={case: (visited_of[case], all_of[case]) for case in Case},
    )


def _visited(office: Office, criteria: Criteria) -> list[Case]:
    """What is behind the meters of the list."""
    case_of = dict(zip((record.supply for record in office.records), office.cases, strict=True))
    return [case_of[suspect.record.supply] for suspect in sample_of(office.records, criteria, today=TODAY).suspects]


def visited_alone(
    office: Office, criterion: Criterion, scene: Scene, *, size: int, seed: int
) -> tuple[list[Case], int]:
    """What is behind the meters that one criterion alone visits, and how many of them show its sign at all."""
    strengths = [JUDGES[criterion](scene, at).strength for at in range(len(office.records))]
    signs = sorted((at for at, strength in enumerate(strengths) if strength > 0), key=lambda at: (-strengths[at], at))
    others = [at for at, strength in enumerate(strengths) if strength <= 0]
    lot = Generator(PCG64([seed, list(Criterion).index(criterion)]))
    rest = lot.permutation(others)[: max(size - len(signs), 0)]
    return [office.cases[at] for at in (*signs[:size], *map(int, rest))], min(len(signs), size)


def lines(tested: BackTest) -> Iterator[str]:
    """For people: precision and recall at the size of the sample, all by as many visits."""
    yield (
        f"{tested.offices} offices, {tested.supplies} supplies, {tested.guilty} planted cases, "
        f"{tested.visited} meters visited"
    )
    rows = {"the list": (tested.found, ""), "all by lot": (tested.by_chance, "")}
    singles = sorted(tested.by_criterion.items(), key=lambda row: -row[1][0])
    rows |= {f"{criterion.value} alone": (found, str(tested.visited - signs)) for criterion, (found, signs) in singles}
    yield f"{'':<22}{'visits':>8}{'by lot':>8}{'found':>7}{'precision':>12}{'recall':>9}"
    for name, (found, by_lot) in rows.items():
        precision, recall = _per_cent(found, tested.visited), _per_cent(found, tested.guilty)
        yield f"{name:<22}{tested.visited:>8}{by_lot:>8}{found:>7}{precision:>12}{recall:>9}"
    yield f"{'visited':<22}{'':>7}{'of all':>12}"
    for case, (visited, planted) in tested.by_case.items():
        yield f"{case.value:<22}{visited:>7}{planted:>12}"


def _per_cent(part: int, whole: int) -> str:
    return f"{milli(part, whole) // 10} %"
