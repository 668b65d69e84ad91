"""Faults on demand at the practice counter: each is real, strikes as it says, and is put right as easily (row O2)."""

from __future__ import annotations

from pathlib import Path

import pytest

from vending_app import app, office_files, other_side
from vending_app.cardio.builtin import BuiltInReaders
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError, OutcomeUnknown, VendingError
from vending_app.domain.meter import MeterDecision
from vending_app.domain.money import Money
from vending_app.domain.verdict import Verdict
from vending_app.ledger.sqlite_file import SqliteFile
from vending_app.practice import PracticeCounter
from vending_app.practice_history import TECHNICIAN
from vending_app.practice_street import HOUSEHOLDS
from vending_app.services.drill_list import AMARA, BAKERY
from vending_app.services.practice_cases import CardFault, PracticeAct, PracticeState
from vending_app.services.setup import SampleOffice
from vending_app.services.use_cases import CardReading, FinishSale, IssueCard, ReadCard, SaleDone, Sell

SUPPLY = HOUSEHOLDS[0].supply


def act(training: PracticeCounter, verb: str, card: str = "", number: int = 0) -> PracticeState:
    state = training.do(PracticeAct(verb, card, number))
    assert isinstance(state, PracticeState)
    return state


def sell(training: PracticeCounter) -> SaleDone:
    done = training.do(Sell(app.new_id(), SUPPLY, amount=Money(5000)))
    assert isinstance(done, SaleDone)
    return done


def read(training: PracticeCounter) -> CardReading:
    reading = training.do(ReadCard())
    assert isinstance(reading, CardReading)
    return reading


@pytest.mark.parametrize(
    ("fault", "carries_the_sale", "is_torn"),
    [(CardFault.UNWRITTEN, False, False), (CardFault.TORN, False, True), (CardFault.UNCHECKED, True, False)],
)
def test_a_card_that_leaves_while_it_is_written_leaves_a_sale_in_doubt_that_is_finished(
    training: PracticeCounter, fault: CardFault, *, carries_the_sale: bool, is_torn: bool
) -> None:
    act(training, "insert", AMARA)
    before = read(training).image
    act(training, "card-fault", fault)
    with pytest.raises(OutcomeUnknown):
        sell(training)
    state = act(training, "show")
    assert (state.in_reader, state.faults.card) == (None, CardFault.NONE)
    act(training, "insert", AMARA)
    again = read(training)
    assert again.verdict is Verdict.FINISH_SALE
    assert again.image.order is not None
    assert before.order is not None
    assert (again.image.order.sequence > before.order.sequence) is carries_the_sale
    assert any(slot.state.value == "torn" for slot in again.image.slots) is is_torn
    finished = training.do(FinishSale())
    assert isinstance(finished, SaleDone)
    assert read(training).verdict is Verdict.READY


def test_another_card_in_the_reader_is_noticed_before_anything_is_written(training: PracticeCounter) -> None:
    act(training, "insert", AMARA)
    read(training)
    images = {key: training.tray.card(key).image for key in (AMARA, BAKERY)}
    assert act(training, "card-fault", CardFault.SWAPPED).in_reader == AMARA
    with pytest.raises(OperatorError) as refused:
        sell(training)
    assert refused.value.code is Code.CARD_WRONG_SUPPLY
    state = act(training, "show")
    assert (state.in_reader, state.faults.card) == (BAKERY, CardFault.NONE)
    assert {key: training.tray.card(key).image for key in images} == images
    act(training, "insert", AMARA)
    assert sell(training).sale.amount == Money(5000)


def test_a_fault_that_is_called_off_does_not_strike(training: PracticeCounter) -> None:
    for fault in (CardFault.SWAPPED, CardFault.TORN, CardFault.UNWRITTEN, CardFault.UNCHECKED):
        act(training, "card-fault", fault)
    act(training, "insert", AMARA)
    act(training, "card-fault", CardFault.NONE)
    assert sell(training).sale.amount == Money(5000)


def test_a_fault_waits_for_the_next_card(training: PracticeCounter) -> None:
    act(training, "card-fault", CardFault.TORN)
    act(training, "insert", AMARA)
    act(training, "pull")
    act(training, "meter", AMARA)
    assert act(training, "insert", AMARA).faults.card is CardFault.TORN
    with pytest.raises(OutcomeUnknown):
        sell(training)


def test_an_unplugged_reader_is_gone_until_it_is_plugged_in(training: PracticeCounter) -> None:
    act(training, "insert", AMARA)
    state = act(training, "reader-off", number=1)
    assert (state.faults.is_reader_unplugged, state.in_reader) == (True, AMARA)
    assert training.counter.outside.cards.readers() == ()
    with pytest.raises(VendingError) as refused:
        sell(training)
    assert refused.value.code in {Code.READER_GONE, Code.READER_NONE}
    assert not act(training, "reader-off", number=0).faults.is_reader_unplugged
    assert sell(training).sale.amount == Money(5000)


def test_books_that_another_program_holds_refuse_a_sale_before_the_card_is_touched(
    practice_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    # A desk with less patience than the five seconds of a real one.
    monkeypatch.setattr(app, "store_of", lambda files, _: SqliteFile(files.ledger, busy_ms=20))
    training: PracticeCounter = request.getfixturevalue("training")
    act(training, "insert", AMARA)
    before = training.tray.card(AMARA).image
    assert act(training, "books-locked", number=1).faults.are_books_locked
    with pytest.raises(EnvironmentFault) as refused:
        sell(training)
    assert refused.value.code is Code.LEDGER_LOCKED
    assert training.tray.card(AMARA).image == before
    assert not act(training, "books-locked", number=0).faults.are_books_locked
    assert sell(training).sale.amount == Money(5000)


# --- the street ----------------------------------------------------------------------------------------------


def test_each_of_the_ten_meters_takes_its_own_card_and_refuses_the_neighbours(training: PracticeCounter) -> None:
    for house, neighbour in zip(HOUSEHOLDS, (*HOUSEHOLDS[1:], HOUSEHOLDS[0]), strict=True):
        act(training, "house", house.supply)
        came = act(training, "meter", house.key).insertion
        assert came is not None
        assert came.decision in {MeterDecision.NOTHING_NEW, MeterDecision.CREDITED}
        other = act(training, "meter", neighbour.key).insertion
        assert other is not None
        assert other.decision is MeterDecision.OTHER_METER


def test_the_habits_of_the_street_show_in_its_meters(training: PracticeCounter) -> None:
    street = {house.supply: house.meter for house in act(training, "show").street}
    by_key = {house.key: street[house.supply] for house in HOUSEHOLDS}
    assert len(street) == 10
    assert by_key["yusuf"].overload_trips > 0
    assert by_key["lin-wei"].illegal_cards > 0
    assert by_key["kofi"].tamper_events > 0
    assert by_key["fatima"].power_failures > 0
    assert by_key["fatima"].zero_crossing > Energy(2000)
    assert by_key["lena"].low_credit_trips > 0
    assert by_key["amara"].remaining == Energy(18_400)


def test_a_meter_takes_its_own_card_when_no_other_is_at_hand(training: PracticeCounter) -> None:
    act(training, "house", HOUSEHOLDS[4].supply)
    assert act(training, "meter").in_meter == HOUSEHOLDS[4].key
    act(training, "insert", AMARA)
    act(training, "pull")
    assert act(training, "meter").in_meter == AMARA


def test_a_card_is_in_one_place_only(training: PracticeCounter) -> None:
    act(training, "insert", AMARA)
    state = act(training, "meter")
    assert (state.in_reader, state.in_meter) == (None, AMARA)
    assert act(training, "house", HOUSEHOLDS[1].supply).in_meter is None
    state = act(training, "insert", AMARA)
    assert (state.in_reader, state.in_meter, state.meter_of) == (AMARA, None, "Amara Okafor")


def test_time_is_the_business_of_the_meter_that_is_looked_at(training: PracticeCounter) -> None:
    before = {house.supply: house.meter.used_total for house in act(training, "show").street}
    state = act(training, "pass-time", number=3600)
    changed = {house.supply for house in state.street if house.meter.used_total != before[house.supply]}
    assert changed == {SUPPLY}


# --- real and practice ---------------------------------------------------------------------------------------


def test_real_and_practice_cards_and_meters_refuse_each_other(training: PracticeCounter, tmp_path: Path) -> None:
    """The same sample office for real: the same numbers of supply and meter, and still nothing fits."""
    data, real_card, practice_card = tmp_path / "real", EmulatedCard.blank(), training.tray.card(AMARA)
    sample = SampleOffice.of(office_files.sample_description())
    app.create_office(data, sample, password="112358", passphrase="a real one")
    readers = BuiltInReaders()
    readers.insert(real_card)
    with app.open_office(data, passphrase=lambda: "a real one", readers=readers) as office:
        office.counter.operator = TECHNICIAN
        office.counter.do(IssueCard(app.new_id(), SUPPLY))
        real = other_side.Keys(office.vault, office.codec)
        readers.insert(practice_card)
        at_real_desk = office.counter.do(ReadCard())
        assert isinstance(at_real_desk, CardReading)
        assert at_real_desk.verdict is Verdict.NOT_OURS
        number = office.ledger.supply(SUPPLY, today=app.now().date()).meter.number
        real_meter = other_side.reference_meter(tmp_path / "meter.json", number, codec=office.codec)
        assert real_meter.insert(other_side.meter_slot(practice_card, real)).decision is MeterDecision.NOT_OURS
        assert real_meter.insert(other_side.meter_slot(real_card, real)).decision is MeterDecision.CREDITED
    training.readers.insert(real_card)
    assert read(training).verdict is Verdict.NOT_OURS
    board = training.meters.board(SUPPLY, number)
    board.put_in(AMARA, other_side.meter_slot(real_card, training.keys))
    assert board.insertion is not None
    assert board.insertion.decision is MeterDecision.NOT_OURS
