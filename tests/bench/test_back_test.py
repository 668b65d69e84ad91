"""The list finds planted cases that no weight was chosen by, and more of them than any single criterion."""

from __future__ import annotations

from vending_app.bench.back_test import back_test, lines
from vending_app.bench.planted_offices import GUILTY, SHARES, Case, planted_office
from vending_app.domain.inspection import USUAL_WEIGHTS


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
    best = tested.by_criterion[tested.best_single]
    # A small office: the whole margin is the business of `bench sampling`.
    assert tested.found * 10 >= best * 11
    assert tested.found > 8 * tested.by_chance
    assert tested.found / tested.visited > 0.6
    assert sum(found for found, _ in tested.by_case.values()) == tested.visited
    text = "\n".join(lines(tested))
    assert all(criterion.value in text for criterion in USUAL_WEIGHTS)
