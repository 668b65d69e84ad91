"""The inspection list from real books: counted, kept, repeated, walked, and learnt from (row S11)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.services.desk_of import DeskOf
from vending_app.bench.world import ADMINISTRATOR, MOMENT, SUPERVISOR, SUPPLY, TARIFF
from vending_app.cardio.emulated.meter_slot import EmulatedMeterSlot
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code
from vending_app.domain.ids import ActId, SaleId, SupplyNo
from vending_app.domain.inspection import (
    USUAL_WEIGHTS,
    Criteria,
    Criterion,
    Finding,
    Gap,
    Outcome,
    Reason,
    Sample,
    SampleLine,
    Suspect,
)
from vending_app.domain.money import ZERO, Money
from vending_app.domain.permissions import Act, Authority
from vending_app.domain.tariff import Price, Step
from vending_app.ledger import DeskLedger
from vending_app.services import inspection_cases as ask
from vending_app.services.book_cases import ReverseSale
from vending_app.services.inspection import Inspecting, count
from vending_app.services.supply_cases import LifeShown, ShowLife
from vending_app.ui.supply.entry_words import said_detail, said_energy, said_kind
from vending_app.ui.supply.timeline import timeline_of

ALL_BY_POINTS = Criteria(by_chance_percent=0)


def asks(desk: DeskOf, use_case: object) -> ask.InspectionShown:
    desk.counter.operator = SUPERVISOR
    shown = desk.counter.do(use_case)
    assert isinstance(shown, ask.InspectionShown)
    return shown


def open_cover(desk: DeskOf) -> None:
    for is_open in (True, False):
        desk.world.meter.set_cover(is_open=is_open)


def tampered(desk: DeskOf) -> None:
    """Amara loads and opens the cover twice, and all of it again; each time the card comes home."""
    for amount in ("50.00", "20.00"):
        desk.sell(amount)
        desk.world.meter.insert(EmulatedMeterSlot(desk.card, vault=desk.world.vault))
        for _ in range(2):
            open_cover(desk)
    desk.sell("10.00")
    desk.world.meter.insert(EmulatedMeterSlot(desk.card, vault=desk.world.vault))
    desk.read()


def test_a_list_is_counted_from_the_books_with_its_reasons(desk: DeskOf) -> None:
    tampered(desk)
    asks(desk, ask.SetCriteria(ALL_BY_POINTS))
    shown = asks(desk, ask.CountSample())
    assert shown.sample is not None
    (listed,) = shown.lines
    assert (listed.line.supply, listed.customer) == (SUPPLY, "Amara Okafor")
    cover = next(reason for reason in listed.line.reasons if reason.criterion is Criterion.COVER)
    assert cover.facts["times"] == 4
    assert cover.points == USUAL_WEIGHTS[Criterion.COVER]
    assert shown.sample.looked_at == 1
    assert desk.counter.outside.ledger.verify().is_ok


def test_counting_tells_how_far_it_is_from_the_first_supply_read_to_the_last_one_judged(desk: DeskOf) -> None:
    told: list[tuple[int, int]] = []
    count(desk.counter.outside.ledger, lambda *far: told.append(far), criteria=Criteria(), today=MOMENT.date())
    assert {of for _, of in told} == {100}
    done = [far for far, _ in told]
    assert (done[0], done[-1]) == (0, 100)
    assert done == sorted(done)
    assert len(set(done)) == 4, "its one supply is read, laid beside others, and judged"


def test_a_kept_list_is_counted_again_to_the_same_whatever_came_since(desk: DeskOf) -> None:
    tampered(desk)
    shown = asks(desk, ask.CountSample())
    assert shown.sample is not None
    before = shown.sample.lines
    open_cover(desk)
    desk.counter.operator = SUPERVISOR
    desk.sell("10.00")
    desk.world.meter.insert(EmulatedMeterSlot(desk.card, vault=desk.world.vault))
    desk.read()
    desk.counter.operator = SUPERVISOR
    repeated = desk.counter.do(ask.RepeatSample(shown.sample.number))
    assert isinstance(repeated, ask.Repeated)
    assert repeated.is_equal
    assert asks(desk, ask.CountSample()).lines[0].line.reasons != before[0].reasons


def test_findings_stay_are_corrected_beside_and_teach_the_weights(desk: DeskOf) -> None:
    tampered(desk)
    shown = asks(desk, ask.CountSample())
    assert shown.sample is not None
    number, day = shown.sample.number, MOMENT.date()
    first = Finding(SUPPLY, Outcome.NOTHING, day, Energy(123_450), "seal whole")
    assert asks(desk, ask.EnterFinding(number, first)).lines[0].line.finding == first
    corrected = replace(first, outcome=Outcome.TAMPERING, note=" seal cut ")
    shown = asks(desk, ask.EnterFinding(number, corrected))
    assert shown.lines[0].line.finding == replace(corrected, note="seal cut")
    assert shown.lines[0].last_visit == day
    assert shown.hits[Criterion.COVER] == (1, 1)
    assert shown.proposed.keys() == shown.criteria.weights.keys()
    assert shown.criteria.weights == USUAL_WEIGHTS
    nobody = replace(first, outcome=Outcome.NO_ACCESS)
    assert asks(desk, ask.EnterFinding(number, nobody)).hits == {}
    assert desk.counter.outside.ledger.verify().is_ok


def test_what_was_seen_at_the_meter_stands_in_the_life_of_its_supply(desk: DeskOf) -> None:
    tampered(desk)
    number, day = _number(asks(desk, ask.CountSample())), MOMENT.date()
    asks(desk, ask.EnterFinding(number, Finding(SUPPLY, Outcome.BYPASS, day, Energy(123_450), "wire behind the board")))
    asks(desk, ask.EnterFinding(number, Finding(SUPPLY, Outcome.NO_ACCESS, day)))
    shown = desk.counter.do(ShowLife(SUPPLY))
    assert isinstance(shown, LifeShown)
    line = shown.life.events[-2]
    assert said_kind(line.kind, line.text) == "Inspected"
    assert said_detail(line.kind, line.sequence, line.state, line.text) == "Bypass: wire behind the board"
    assert said_energy(line.kind, line.energy) == "used 123.45"
    visits = [event for event in timeline_of(shown, whole=True).events if event.title.startswith("Inspected")]
    told = [(event.tone, event.line, event.on) for event in visits]
    assert told == [("bad", "Bypass: wire behind the board", day), ("muted", "Nobody there", day)]


def test_what_is_at_stake_is_the_energy_that_is_missing_or_does_not_add_up(desk: DeskOf) -> None:
    """At the last step with its tax, 0.148 and 8 %; the same energy may show twice, so nothing is added up."""
    gap = Gap(MOMENT.date(), Energy.parse("400"), Energy.parse("90"))
    above, below = (Reason(Criterion.UNEXPLAINED, 50, {"energy_wh": wh}) for wh in (310_000, -310_000))
    past_zero = Reason(Criterion.PAST_ZERO, 9, {"times": 2, "energy_wh": 4_000})
    unread = Reason(Criterion.UNREAD, 50, {"times": 3, "days": 90, "energy_wh": 900_000})
    inspecting = Inspecting(desk.counter.outside.ledger, desk.counter.outside.clock)

    def at_stake(*reasons: Reason, gap: Gap | None = None) -> Money:
        return inspecting.listed(SampleLine(SUPPLY, 50, reasons, gap)).at_stake

    assert at_stake(above) == at_stake(past_zero, below) == at_stake(past_zero, gap=gap) == Money(49_55)
    assert at_stake(past_zero) == Money(64)
    assert at_stake(unread) == at_stake() == ZERO


def test_what_is_at_stake_stays_what_it_was_when_the_list_was_kept(desk: DeskOf) -> None:
    """A tariff that is four times as dear begins later; only a list that was kept without its prices follows it."""
    ledger, today = desk.counter.outside.ledger, MOMENT.date()
    assert isinstance(ledger, DeskLedger)
    (record,) = [
        each for each in ledger.supply_records(until=ledger.newest_row(), since=today) if each.supply == SUPPLY
    ]
    suspect = Suspect(record, 50, (Reason(Criterion.UNEXPLAINED, 50, {"energy_wh": 310_000}),))
    counted = ask.Counted(Sample(today, Criteria(), (suspect,), 1, 1), ledger.newest_row())
    with ledger.acting_as(Authority(SUPERVISOR.name, Act.INSPECT)):
        (kept,) = Inspecting(ledger, lambda: MOMENT).keep(counted).lines
    dearer = replace(TARIFF, valid_from=today + timedelta(days=1), steps=(Step(None, Price(4 * 148_000)),))
    with ledger.acting_as(Authority(ADMINISTRATOR.name, Act.IMPORT)):
        ledger.add_tariff(dearer)
    later = Inspecting(ledger, lambda: MOMENT + timedelta(days=2))
    (line,) = later.show().lines
    assert line.at_stake == kept.at_stake == Money(49_55)
    assert later.listed(replace(line.line, at_stake=None)).at_stake == Money(198_20)


def test_a_route_is_what_was_put_on_it_and_not_taken_off(desk: DeskOf) -> None:
    tampered(desk)
    number = _number(asks(desk, ask.CountSample()))
    assert asks(desk, ask.MarkRoute(number, SUPPLY, is_on=True)).lines[0].line.is_on_route
    assert not asks(desk, ask.MarkRoute(number, SUPPLY, is_on=False)).lines[0].line.is_on_route


@pytest.mark.parametrize(
    "criteria",
    [
        Criteria(weights={Criterion.COVER: 101}),
        Criteria(weights={Criterion.COVER: -1}),
        Criteria(size=0),
        Criteria(size=1001),
        Criteria(by_chance_percent=101),
        Criteria(seed=-1),
        Criteria(seed=2**32),
    ],
)
def test_criteria_that_cannot_be_are_refused(desk: DeskOf, criteria: Criteria) -> None:
    desk.counter.operator = SUPERVISOR
    assert desk.refusal(ask.SetCriteria(criteria)) is Code.CRITERIA_REFUSED
    assert desk.counter.outside.ledger.criteria() == Criteria()


def test_what_is_not_on_the_list_is_refused(desk: DeskOf) -> None:
    desk.counter.operator = SUPERVISOR
    number = _number(asks(desk, ask.CountSample()))
    other = SupplyNo("00009999")
    day = MOMENT.date()
    assert desk.refusal(ask.MarkRoute(number, other, is_on=True)) is Code.SAMPLE_UNKNOWN
    assert desk.refusal(ask.EnterFinding(number, Finding(other, Outcome.CARD, day))) is Code.SAMPLE_UNKNOWN
    assert desk.refusal(ask.RepeatSample(987)) is Code.SAMPLE_UNKNOWN


def test_what_cannot_have_been_found_is_refused(desk: DeskOf) -> None:
    """A day before the list or to come, a register below nothing or beyond its figures, a note without end."""
    number, day = _number(asks(desk, ask.CountSample())), MOMENT.date()
    seen = Finding(SUPPLY, Outcome.CARD, day, Energy(0), "x" * 1000)
    impossible = (
        replace(seen, on=day + timedelta(days=1)),
        replace(seen, on=day - timedelta(days=1)),
        replace(seen, used=Energy(-3_000)),
        replace(seen, used=Energy.from_card_units(2**32)),
        replace(seen, note="x" * 1001),
    )
    assert {desk.refusal(ask.EnterFinding(number, each)) for each in impossible} == {Code.FINDING_REFUSED}
    assert asks(desk, ask.EnterFinding(number, seen)).lines[0].line.finding == seen


def test_a_reversal_counts_where_the_meter_had_taken_the_sale(desk: DeskOf) -> None:
    """And one of a sale that only the card had does not; neither is a purchase any more."""
    ledger = desk.counter.outside.ledger
    untaken = desk.sell("50.00").sale
    asks_reversal(desk, untaken.id)
    (record,) = ledger.supply_records(until=ledger.newest_row(), since=MOMENT.date())
    assert (record.taken_back, record.purchases) == (0, ())
    taken = desk.sell("50.00").sale
    desk.world.meter.insert(EmulatedMeterSlot(desk.card, vault=desk.world.vault))
    desk.read()
    asks_reversal(desk, taken.id)
    (record,) = ledger.supply_records(until=ledger.newest_row(), since=MOMENT.date())
    assert record.taken_back == 1
    (record,) = ledger.supply_records(until=ledger.newest_row(), since=MOMENT.date() + timedelta(days=1))
    assert record.taken_back == 0


def asks_reversal(desk: DeskOf, sale: SaleId) -> None:
    desk.counter.operator = SUPERVISOR
    desk.counter.do(ReverseSale(desk.world.new_id(), sale, "wrong customer", ActId(desk.world.new_id())))


def _number(shown: ask.InspectionShown) -> int:
    assert shown.sample is not None
    return shown.sample.number
