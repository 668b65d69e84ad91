"""The list finds planted cases that no weight was chosen by, and more of them than any single criterion."""

from __future__ import annotations

import pytest

from vending_app.bench.back_test import back_test, lines, visited_alone
from vending_app.bench.planted_offices import GUILTY, SHARES, TODAY, Case, planted_office
from vending_app.domain.inspection import USUAL_WEIGHTS, Criteria, Criterion
from vending_app.sampling.evidence import JUDGES, scene_of
from vending_app.sampling.sample import sample_of


def test_an_office_is_the_same_for_its_seed_and_holds_what_was_planted() -> None:
    office = planted_office(5, supplies=400)
    assert office == planted_office(5, supplies=400)
    assert office != planted_office(6, supplies=400)
    assert sum(case in GUILTY for case in office.cases) >= 10
    assert set(SHARES) >= set(office.cases) - {Case.HONEST}
    for record in office.records:
        for reading in record.readings:
            assert reading.used + reading.remaining == reading.bought


def test_the_list_beats_chance_and_every_single_criterion() -> None:
    tested = back_test((301,), supplies=1200)
    best, _ = tested.by_criterion[tested.best_single]
    # A small office: the whole margin is the business of `bench sampling`.
    assert tested.found * 10 >= best * 11
    assert tested.found > 8 * tested.by_chance
    assert tested.found / tested.visited > 0.6
    assert sum(found for found, _ in tested.by_case.values()) == tested.visited
    told = {line.split()[0]: line.split()[2:5] for line in lines(tested) if " alone " in line}
    assert set(told) == set(USUAL_WEIGHTS)
    for criterion, (found, signs) in tested.by_criterion.items():
        assert told[criterion] == [str(tested.visited), str(tested.visited - signs), str(found)]
        assert found <= tested.visited
    assert tested.by_criterion[Criterion.UNEXPLAINED][1] < tested.visited == 60


def test_a_single_criterion_makes_as_many_visits_by_its_sign_first_and_then_by_lot() -> None:
    office = planted_office(5, supplies=400)
    scene = scene_of(office.records, today=TODAY)
    for criterion in USUAL_WEIGHTS:
        cases, signs = visited_alone(office, criterion, scene, size=20, seed=5)
        strengths = [JUDGES[criterion](scene, at).strength for at in range(len(office.records))]
        strongest = sorted(range(400), key=lambda at: (-strengths[at], at))[:20]
        assert len(cases) == 20
        assert signs == sum(strengths[at] > 0 for at in strongest)
        assert cases[:signs] == [office.cases[at] for at in strongest[:signs]]
        assert (cases, signs) == visited_alone(office, criterion, scene, size=20, seed=5)
    by_lot = [visited_alone(office, Criterion.OVERLOAD, scene, size=200, seed=seed)[0] for seed in (5, 6)]
    assert by_lot[0] != by_lot[1], "another seed, another lot"


def test_the_list_that_is_compared_has_the_share_by_lot_that_is_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[Criteria] = []

    def noting(records: object, criteria: Criteria, **how: object) -> object:
        counted.append(criteria)
        return sample_of(records, criteria, **how)  # type: ignore[arg-type]

    monkeypatch.setattr("vending_app.bench.back_test.sample_of", noting)
    back_test((5,), supplies=400)
    assert counted == [Criteria(size=20)]
