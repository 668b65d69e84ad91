"""Who is on the list, and why: each criterion on a supply that was made for it."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.sampling.builders import (
    MONTHS,
    TODAY,
    a_reading,
    a_record,
    days_ago,
    neighbours,
    readings_of,
    seasons,
)
from vending_app.domain.energy_balance import month_edges
from vending_app.domain.ids import SupplyNo
from vending_app.domain.inspection import (
    USUAL_WEIGHTS,
    Criteria,
    Criterion,
    Reason,
    Sample,
    SupplyRecord,
    Suspect,
    Visit,
)
from vending_app.sampling.chart import chart_of
from vending_app.sampling.evidence import scene_of
from vending_app.sampling.learning import proposed_weights
from vending_app.sampling.sample import judged_of, sample_of

FALL_AT = 14
"""The place of the month in which something happens."""


def judged(record: SupplyRecord, *others: SupplyRecord) -> Suspect:
    """Among twenty honest neighbours."""
    scene = scene_of([record, *others, *neighbours(20)], today=TODAY)
    return judged_of(scene, 0, Criteria())


def reason(suspect: Suspect, criterion: Criterion) -> Reason | None:
    return next((each for each in suspect.reasons if each.criterion is criterion), None)


def test_a_fall_is_found_in_its_month_with_what_is_missing() -> None:
    usual = seasons(200, 3)
    found = judged(a_record(1, [*usual[:FALL_AT], *(kwh * 0.4 for kwh in usual[FALL_AT:])]))
    fell = reason(found, Criterion.FELL)
    assert fell is not None
    assert fell.facts["since"] == month_edges(TODAY, MONTHS)[FALL_AT]
    assert fell.facts["percent"] == pytest.approx(60, abs=4)
    assert fell.facts["peers"] == 20
    missing = 0.6 * 1000 * sum(usual[FALL_AT:])
    assert found.missing.wh == pytest.approx(missing, rel=0.1)


def test_a_season_is_no_fall() -> None:
    assert judged(a_record(1, seasons(200, 3))).reasons == ()


def test_who_came_home_again_has_not_fallen() -> None:
    usual = seasons(200, 3)
    away = [kwh * (0.3 if 12 <= at < 18 else 1.0) for at, kwh in enumerate(usual)]
    assert reason(judged(a_record(1, away)), Criterion.FELL) is None


def test_nobody_at_home_weighs_less_than_half_a_household() -> None:
    usual = seasons(200, 3)
    half, none = ([*usual[:FALL_AT], *(kwh * share for kwh in usual[FALL_AT:])] for share in (0.5, 0.01))
    halved, empty = reason(judged(a_record(1, half)), Criterion.FELL), reason(judged(a_record(1, none)), Criterion.FELL)
    assert halved is not None
    assert empty is not None
    assert empty.points < halved.points / 2


def test_a_fall_that_all_share_is_nobodys() -> None:
    def falls(record: SupplyRecord) -> SupplyRecord:
        at = int(record.supply) % 9
        usual = seasons(150 + 10 * at, at)
        return replace(record, readings=tuple(readings_of([*usual[:FALL_AT], *(kwh * 0.5 for kwh in usual[FALL_AT:])])))

    everybody = [falls(record) for record in neighbours(20)]
    scene = scene_of(everybody, today=TODAY)
    assert [reason(judged_of(scene, at, Criteria()), Criterion.FELL) for at in range(20)] == [None] * 20


def registers(**risen: int) -> list[object]:
    """Read twice in the last year, with counters that rose between."""
    return [*readings_of(seasons(200, 3)[:-1]), a_reading(days_ago(1), 6_000_000, **risen)]


CASES: dict[Criterion, Callable[[], SupplyRecord]] = {
    Criterion.UNEXPLAINED: lambda: a_record(1, seasons(200, 3), unexplained=-200_000),
    Criterion.PAST_ZERO: lambda: a_record(1, readings=registers(past_zero=40_000)),  # type: ignore[arg-type]
    Criterion.BELOW_PEERS: lambda: a_record(1, seasons(20, 3)),
    Criterion.SILENT: lambda: a_record(
        1, seasons(200, 3), purchases=[(days_ago(at), 90_000) for at in (500, 480, 460, 440, 420, 400)]
    ),
    Criterion.UNREAD: lambda: a_record(
        1,
        readings=[a_reading(days_ago(300), 0), a_reading(days_ago(200), 500_000)],
        purchases=[(days_ago(at), 20_000) for at in (180, 150, 120, 90, 60, 30)],
    ),
    Criterion.ILLEGAL_CARDS: lambda: a_record(1, readings=registers(illegal_cards=6)),  # type: ignore[arg-type]
    Criterion.COVER: lambda: a_record(1, readings=registers(cover=2)),  # type: ignore[arg-type]
    Criterion.OVERLOAD: lambda: a_record(1, readings=registers(overload=30)),  # type: ignore[arg-type]
    Criterion.REISSUES: lambda: replace(a_record(1, seasons(200, 3)), reissues=5),
    Criterion.TAKEN_BACK: lambda: replace(a_record(1, seasons(200, 3)), taken_back=3),
}


@pytest.mark.parametrize(
    ("opened", "bought", "read", "days"),
    [(200, (), (), 200), (300, (250,), (), 250), (300, (250, 240, 230), (185,), 185), (300, (181,), (290,), 181)],
)
def test_who_neither_bought_nor_was_read_for_half_a_year_is_silent(
    opened: int, bought: tuple[int, ...], read: tuple[int, ...], days: int
) -> None:
    """Without any habit, too; since its opening, if it never did."""
    record = a_record(
        1,
        readings=[a_reading(days_ago(ago), 1_000) for ago in read],
        purchases=[(days_ago(ago), 90_000) for ago in bought],
        open_since=days_ago(opened),
    )
    found = reason(judged(record), Criterion.SILENT)
    assert found is not None
    assert found.points == USUAL_WEIGHTS[Criterion.SILENT]
    assert found.facts == {"days": days, "ever": int(bool(bought or read))}


def test_who_gave_a_sign_of_life_or_is_new_is_not_silent() -> None:
    new = a_record(1, readings=[], open_since=days_ago(60))
    read = a_record(1, readings=[a_reading(days_ago(20), 1_000)], open_since=days_ago(400))
    bought = a_record(1, readings=[], purchases=[(days_ago(50), 90_000)], open_since=days_ago(400))
    assert [reason(judged(record), Criterion.SILENT) for record in (new, read, bought)] == [None] * 3


@pytest.mark.parametrize("criterion", CASES)
def test_each_criterion_speaks_for_what_it_is_about(criterion: Criterion) -> None:
    found = reason(judged(CASES[criterion]()), criterion)
    assert found is not None
    assert found.points == USUAL_WEIGHTS[criterion]


@pytest.mark.parametrize("criterion", CASES)
def test_a_criterion_without_weight_is_silent(criterion: Criterion) -> None:
    scene = scene_of([CASES[criterion](), *neighbours(20)], today=TODAY)
    weights = {**USUAL_WEIGHTS, criterion: 0}
    assert reason(judged_of(scene, 0, Criteria(weights=weights)), criterion) is None


def test_old_events_are_history() -> None:
    old = [a_reading(days_ago(700), 0), a_reading(days_ago(600), 9, cover=5), a_reading(days_ago(3), 99, cover=5)]
    assert reason(judged(a_record(1, readings=old)), Criterion.COVER) is None


def test_a_chart_tells_neighbours_only_of_months_in_which_three_of_them_are_known() -> None:
    told = readings_of(seasons(200, 3))
    begun, ended = MONTHS - 9, MONTHS - 2
    read = [a_record(at, readings=told[begun : ended + 1]) for at in range(2, 12)]
    first = [a_record(at, readings=told[begun - 1 : ended + 1]) for at in (12, 13)]
    scene = scene_of([a_record(1, readings=told), *read, *first], today=TODAY)
    chart = chart_of(scene, 0)
    known = [at for at, wh in enumerate(chart.middle) if wh >= 0]
    # With the one itself three are known of the month before the others begin.
    assert known == list(range(begun - 1, ended))
    assert [at for at, wh in enumerate(chart.low) if wh >= 0] == known
    assert [at for at, wh in enumerate(chart.high) if wh >= 0] == known
    assert all(wh > 0 for wh in chart.own)


def office() -> list[SupplyRecord]:
    odd = (replace(a_record(at, seasons(200, 3), unexplained=at * 9_000), reissues=3) for at in range(1, 8))
    return [*neighbours(40), *odd]


def test_the_order_of_the_records_does_not_matter_and_the_seed_repeats_the_lot() -> None:
    records = office()
    criteria = Criteria(size=20, by_chance_percent=40, seed=9)
    first = sample_of(records, criteria, today=TODAY)
    random.Random(4).shuffle(records)
    assert sample_of(records, criteria, today=TODAY) == first
    other = sample_of(records, replace(criteria, seed=10), today=TODAY)
    assert [suspect.record.supply for suspect in other.suspects] != [
        suspect.record.supply for suspect in first.suspects
    ]


def drawn(sample: Sample) -> list[SupplyNo]:
    return [
        suspect.record.supply
        for suspect in sample.suspects
        if any(each.criterion is Criterion.CHANCE for each in suspect.reasons)
    ]


def test_each_day_draws_others_and_the_same_day_the_same() -> None:
    records, criteria = neighbours(40), Criteria(size=10, by_chance_percent=30)
    lots = [drawn(sample_of(records, criteria, today=TODAY - timedelta(days=days))) for days in (0, 1, 2, 0)]
    assert [len(lot) for lot in lots] == [3, 3, 3, 3]
    assert lots[0] == lots[3]
    assert lots[0] != lots[1] != lots[2] != lots[0]


@pytest.mark.parametrize(
    ("size", "percent", "places"),
    [(5, 8, 1), (2, 1, 1), (1, 8, 0), (1, 60, 1), (20, 7, 1), (20, 8, 2), (25, 8, 2), (25, 0, 0), (25, 100, 25)],
)
def test_the_share_by_lot_is_rounded_and_never_rounded_away(size: int, percent: int, places: int) -> None:
    sample = sample_of(neighbours(30), Criteria(size=size, by_chance_percent=percent), today=TODAY)
    assert len(drawn(sample)) == places


def test_so_many_are_drawn_by_lot_and_nobody_twice() -> None:
    sample = sample_of(office(), Criteria(size=20, by_chance_percent=40), today=TODAY)
    assert len(drawn(sample)) == 8
    assert len({suspect.record.supply for suspect in sample.suspects}) == len(sample.suspects)
    assert sample.looked_at == 47
    priorities = [suspect.priority for suspect in sample.suspects if suspect.record.supply not in drawn(sample)]
    assert priorities == sorted(priorities, reverse=True)


def test_an_office_without_supplies_or_readings_has_an_empty_list() -> None:
    assert sample_of([], Criteria(), today=TODAY).suspects == ()
    bare = [a_record(at, readings=[], open_since=date(2025, 12, 1)) for at in range(30)]
    assert sample_of(bare, Criteria(by_chance_percent=0), today=date(2026, 1, 1)).suspects == ()


COVER, OVERLOAD = Reason(Criterion.COVER, 20), Reason(Criterion.OVERLOAD, 5)


def visited(
    reason: Reason, times: int, *, has_found: bool, weights: Mapping[Criterion, int] = USUAL_WEIGHTS
) -> list[Visit]:
    return [Visit((reason,), has_found, weights)] * times


def test_weights_are_proposed_from_what_visits_found() -> None:
    visits = [*visited(COVER, 20, has_found=True), *visited(OVERLOAD, 20, has_found=False)]
    proposed = proposed_weights(visits, Criteria())
    assert proposed[Criterion.COVER] > USUAL_WEIGHTS[Criterion.COVER]
    assert proposed[Criterion.OVERLOAD] < USUAL_WEIGHTS[Criterion.OVERLOAD]
    assert proposed[Criterion.FELL] == USUAL_WEIGHTS[Criterion.FELL]
    assert proposed_weights([], Criteria()) == USUAL_WEIGHTS


def test_a_proposal_that_was_taken_stands_until_there_is_another_visit() -> None:
    """However often it is taken: the same visits never move a weight twice, and one visit more moves it by little."""
    visits = [*visited(COVER, 20, has_found=False), *visited(OVERLOAD, 20, has_found=True)]
    first = proposed_weights(visits, Criteria())
    assert first[Criterion.COVER] < USUAL_WEIGHTS[Criterion.COVER] - 5
    again = proposed_weights(visits, Criteria(weights=first))
    assert again == first
    more = [*visits, *visited(COVER, 1, has_found=True, weights=first)]
    assert abs(proposed_weights(more, Criteria(weights=first))[Criterion.COVER] - first[Criterion.COVER]) <= 1


@pytest.mark.parametrize("seed", range(20))
def test_whatever_was_found_a_proposal_is_a_fixed_point(seed: int) -> None:
    lot = random.Random(seed)
    chosen_by = [{criterion: lot.randint(1, 100) for criterion in USUAL_WEIGHTS} for _ in range(3)]
    reasons = [Reason(criterion, 1) for criterion in (*USUAL_WEIGHTS, Criterion.CHANCE)]
    visits = [
        Visit(tuple(lot.sample(reasons, lot.randint(1, 3))), lot.random() < 0.3, lot.choice(chosen_by))
        for _ in range(lot.randint(0, 60))
    ]
    taken = proposed_weights(visits, Criteria())
    assert proposed_weights(visits, Criteria(weights=taken)) == taken
    assert all(0 <= points <= 100 for points in taken.values())


def test_a_weight_that_somebody_set_since_does_not_change_what_visits_speak_for() -> None:
    visits = [*visited(COVER, 20, has_found=False), *visited(OVERLOAD, 20, has_found=True)]
    by_hand = Criteria(weights={**USUAL_WEIGHTS, Criterion.COVER: 90, Criterion.SILENT: 33})
    proposed = proposed_weights(visits, by_hand)
    assert proposed[Criterion.COVER] == proposed_weights(visits, Criteria())[Criterion.COVER]
    assert proposed[Criterion.SILENT] == 33, "no visit speaks for it"
