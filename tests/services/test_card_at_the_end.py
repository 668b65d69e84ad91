"""Energy on a card when its supply ends: it goes back, so no order of events lets it reach a meter for nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.services.test_supply_desk import SECOND_METER, Technician, _in_reader, _stock, petra
from vending_app.bench.world import MOMENT, SUPPLY
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.faults import Fault, FaultKind, Residue
from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.errors import Code
from vending_app.domain.meter import MeterDecision
from vending_app.domain.money import Money
from vending_app.domain.people import SupplyState
from vending_app.domain.permissions import Act
from vending_app.domain.records import CardAtEnd, FinalReading, MeterChange, ReadingHow, Settlement
from vending_app.domain.sale import Purpose, SaleState
from vending_app.domain.verdict import Verdict
from vending_app.services import supply_cases as ask
from vending_app.services.use_cases import DeskState, FinishSale, IssueCard, Recover, SaleDone, ShowDesk
from vending_app.ui.sell.telling import done_shown

__all__ = ["petra"]


def _bought(petra: Technician) -> tuple[Energy, Energy]:
    """One purchase in the meter, another one on the card alone, which lies in the reader; what is on the card."""
    card = petra.desk.card
    petra.desk.sell("50.00")
    petra.loads(card)
    taken = petra.file().energy_total
    petra.sells(card, "20.00")
    return taken, petra.file().energy_total - taken


def _present(petra: Technician, card: EmulatedCard) -> None:
    petra.desk.readers.pull()
    petra.desk.readers.insert(card)


def _closes(petra: Technician, **how: object) -> Settlement:
    request = replace(ask.CloseSupply(SUPPLY, "moved away"), **how)  # type: ignore[arg-type]
    done = petra.asks(replace(request, approval=petra.approved(request, Act.CLOSE_SUPPLY)))
    assert isinstance(done, Settlement)
    return done


def _refused(petra: Technician, **how: object) -> Code:
    request = replace(ask.CloseSupply(SUPPLY, "moved away"), **how)  # type: ignore[arg-type]
    return petra.refusal(replace(request, approval=petra.approved(request, Act.CLOSE_SUPPLY)))


def _by_hand(petra: Technician) -> FinalReading:
    """What the display shows now."""
    view = petra.desk.world.meter.view()
    return FinalReading(ReadingHow.HAND, view.used_total, view.remaining)


def _loaded_after_end(petra: Technician) -> Energy:
    return petra.desk.counter.outside.ledger.life(SUPPLY).balance.loaded_after_end


def _reads(petra: Technician, card: EmulatedCard) -> Verdict:
    _present(petra, card)
    return petra.desk.read().verdict


# --- the card is there -----------------------------------------------------------------------------------


def test_a_card_that_is_there_is_emptied_and_loads_nothing(petra: Technician) -> None:
    taken, on_card = _bought(petra)
    left = petra.asks(ask.ShowLeft(SUPPLY))
    assert isinstance(left, ask.Left)
    assert (left.left.on_card, left.is_loose) == (on_card, False)
    done = _closes(petra)
    assert (done.returned, done.card) == (taken + on_card, CardAtEnd.EMPTIED)
    assert petra.file().energy_total == taken
    petra.loads(petra.desk.card)
    meter = petra.desk.world.meter.view()
    assert (meter.energy_total, meter.remaining) == (taken, taken)
    assert _reads(petra, petra.desk.card) is Verdict.SUPPLY_CLOSED
    assert _loaded_after_end(petra) == NO_ENERGY
    assert [petra.held(f"{where}:{SUPPLY}") for where in ("card", "meter", "unexplained")] == [0, 0, 0]
    assert petra.adds_up()


def test_a_meter_that_took_it_and_could_not_write_back_gives_it_again(petra: Technician) -> None:
    """The card was pulled early, so it looks as if the meter had not taken the second purchase."""
    taken, on_card = _bought(petra)
    petra.desk.card.arm(Fault(FaultKind.TEAR, 1))
    petra.loads(petra.desk.card)
    petra.desk.card.put_back()
    assert petra.desk.world.meter.view().energy_total == taken + on_card
    _present(petra, petra.desk.card)
    done = _closes(petra)
    assert done.returned == taken + on_card
    petra.loads(petra.desk.card)
    meter = petra.desk.world.meter.view()
    assert (meter.energy_total, meter.remaining) == (taken, taken)
    assert _reads(petra, petra.desk.card) is Verdict.SUPPLY_CLOSED
    assert _loaded_after_end(petra) == NO_ENERGY
    assert petra.adds_up()


def test_where_nothing_is_on_the_card_nothing_is_written(petra: Technician) -> None:
    petra.desk.sell("50.00")
    petra.loads(petra.desk.card)
    petra.desk.reinsert()
    sequence = petra.file().sequence
    assert _closes(petra).card is CardAtEnd.NOTHING
    assert petra.file().sequence == sequence


@pytest.mark.parametrize("residue", list(Residue))
@pytest.mark.parametrize("at", [3, 4, 9, 16])
@pytest.mark.parametrize("first", ["office", "meter"])
def test_a_card_torn_on_the_way_is_emptied_when_it_is_seen_again(
    petra: Technician, residue: Residue, at: int, first: str
) -> None:
    taken, _ = _bought(petra)
    card = petra.desk.card
    request = ask.CloseSupply(SUPPLY, "moved away")
    approval = petra.approved(request, Act.CLOSE_SUPPLY)
    _present(petra, card)
    card.arm(Fault(FaultKind.TEAR, at, residue))
    done = petra.asks(replace(request, approval=approval))
    card.put_back()
    assert isinstance(done, Settlement)
    assert (done.card, petra.file().state) == (CardAtEnd.WAITS, SupplyState.CLOSED)
    assert petra.adds_up()
    if first == "meter":
        petra.loads(card)
    assert _reads(petra, card) is Verdict.FINISH_SALE
    # Whoever has it before him finishes it: no new energy comes of it.
    finished = petra.asks(FinishSale())
    assert isinstance(finished, SaleDone)
    assert (finished.sale.state, finished.sale.intent.purpose) == (SaleState.POSTED, Purpose.CANCELLATION)
    shown = done_shown(finished, office="Riverbend", receipt="", today=MOMENT.date())
    assert "empty now" in shown.note[2]
    petra.loads(card)
    assert petra.desk.world.meter.view().energy_total == taken
    assert _reads(petra, card) is Verdict.SUPPLY_CLOSED
    assert _loaded_after_end(petra) == NO_ENERGY
    assert petra.adds_up()


def test_a_card_that_never_comes_back_after_it_was_torn_keeps_nobody_waiting(petra: Technician) -> None:
    """Its order still waits for it, and what the meter takes meanwhile is told."""
    _, on_card = _bought(petra)
    request = ask.CloseSupply(SUPPLY, "moved away")
    approval = petra.approved(request, Act.CLOSE_SUPPLY)
    petra.desk.card.arm(Fault(FaultKind.PULL_UNWRITTEN, 1))
    done = petra.asks(replace(request, approval=approval))
    assert isinstance(done, Settlement)
    assert done.card is CardAtEnd.WAITS
    petra.desk.card.put_back()
    assert petra.desk.counter.outside.ledger.open_sales() != ()
    desk = petra.desk.counter.do(ShowDesk())
    assert isinstance(desk, DeskState)
    assert desk.open_sales == ()
    petra.loads(petra.desk.card)
    _reads(petra, petra.desk.card)
    assert _loaded_after_end(petra) == on_card
    assert not petra.desk.counter.outside.ledger.life(SUPPLY).balance.adds_up
    assert petra.adds_up()
    # It came back after all.
    petra.asks(Recover())
    petra.loads(petra.desk.card)
    _reads(petra, petra.desk.card)
    assert _loaded_after_end(petra) == NO_ENERGY


def _torn_at_the_end(petra: Technician, fault: Fault) -> Energy:
    """The supply is closed, and its card left on the way; what was on the card alone."""
    _, on_card = _bought(petra)
    request = ask.CloseSupply(SUPPLY, "moved away")
    approval = petra.approved(request, Act.CLOSE_SUPPLY)
    petra.desk.card.arm(fault)
    done = petra.asks(replace(request, approval=approval))
    petra.desk.card.put_back()
    assert isinstance(done, Settlement)
    assert done.card is CardAtEnd.WAITS
    return on_card


def _writes_off(petra: Technician, **how: object) -> ask.LifeShown:
    request = replace(ask.WriteOffCard(SUPPLY, "lost on the way home", is_meter_off=True), **how)  # type: ignore[arg-type]
    shown = petra.asks(replace(request, approval=petra.approved(request, Act.CLOSE_SUPPLY)))
    assert isinstance(shown, ask.LifeShown)
    return shown


NOT_WRITTEN = Fault(FaultKind.PULL_UNWRITTEN, 1)
NOT_CHECKED = Fault(FaultKind.PULL_UNCHECKED, 1)


def test_a_card_that_will_not_come_back_is_written_off_by_two_people(petra: Technician) -> None:
    on_card = _torn_at_the_end(petra, NOT_WRITTEN)
    before = petra.asks(ask.ShowLife(SUPPLY))
    assert isinstance(before, ask.LifeShown)
    assert before.waiting is not None
    assert before.waiting.intent.carried == -on_card
    petra.desk.readers.pull()
    assert petra.refusal(ask.WriteOffCard(SUPPLY, "lost", is_meter_off=True)) is Code.APPROVAL_NEEDED
    after = _writes_off(petra)
    ledger = petra.desk.counter.outside.ledger
    voided = ledger.sale(before.waiting.id)
    assert voided is not None
    assert (voided.state, after.waiting, ledger.open_sales()) == (SaleState.VOIDED, None, ())
    # The money stays what it was: the end had given the energy back.
    assert after.life.balance.refund_due == before.life.balance.refund_due
    assert petra.held(f"card:{SUPPLY}") == 0
    assert petra.adds_up()


@pytest.mark.parametrize(("fault", "is_empty"), [(NOT_WRITTEN, False), (NOT_CHECKED, True)])
@pytest.mark.parametrize("first", ["office", "meter"])
def test_a_card_that_turns_up_after_it_was_written_off_is_one_of_a_closed_supply(
    petra: Technician, fault: Fault, is_empty: bool, first: str
) -> None:
    """Nothing is lost and nothing counts twice: a meter that was on after all is told by what it took."""
    on_card = _torn_at_the_end(petra, fault)
    petra.desk.readers.pull()
    due = _writes_off(petra).life.balance.refund_due
    card = petra.desk.card
    if first == "meter":
        petra.loads(card)
    assert _reads(petra, card) is Verdict.SUPPLY_CLOSED
    petra.loads(card)
    assert _reads(petra, card) is Verdict.SUPPLY_CLOSED
    assert _loaded_after_end(petra) == (NO_ENERGY if is_empty else on_card)
    assert petra.desk.counter.outside.ledger.open_sales() == ()
    assert petra.desk.counter.outside.ledger.life(SUPPLY).balance.refund_due == due
    assert petra.adds_up()


def test_a_card_is_not_written_off_while_its_meter_takes_cards_or_none_is_waited_for(petra: Technician) -> None:
    _torn_at_the_end(petra, NOT_WRITTEN)
    petra.desk.readers.pull()

    def refused(**how: object) -> Code:
        request = replace(ask.WriteOffCard(SUPPLY, "lost", is_meter_off=True), **how)  # type: ignore[arg-type]
        return petra.refusal(replace(request, approval=petra.approved(request, Act.CLOSE_SUPPLY)))

    assert refused(is_meter_off=False) is Code.CARD_STILL_GOOD
    assert refused(reason=" ") is Code.REASON_MISSING
    assert petra.desk.counter.outside.ledger.open_sales() != ()
    _writes_off(petra)
    assert refused() is Code.NO_CARD_WAITED_FOR


def test_an_interrupted_sale_is_not_written_off(petra: Technician) -> None:
    petra.desk.interrupt(NOT_WRITTEN)
    request = ask.WriteOffCard(SUPPLY, "lost", is_meter_off=True)
    given = petra.approved(request, Act.CLOSE_SUPPLY)
    assert petra.refusal(replace(request, approval=given)) is Code.NO_CARD_WAITED_FOR
    assert petra.desk.counter.outside.ledger.open_sale(supply=SUPPLY) is not None


def test_a_meter_change_empties_the_old_card_too(petra: Technician) -> None:
    taken, on_card = _bought(petra)
    _stock(petra, SECOND_METER)
    change = petra.asks(ask.ChangeMeter(SUPPLY, SECOND_METER, "display dark"))
    assert isinstance(change, MeterChange)
    assert (change.carried, change.card) == (taken + on_card, CardAtEnd.EMPTIED)
    petra.loads(petra.desk.card)
    assert petra.desk.world.meter.view().energy_total == taken
    petra.blank()
    petra.asks(IssueCard(petra.desk.world.new_id(), change.new))
    new = petra.meter(SECOND_METER)
    assert petra.loads(_in_reader(petra), new) is MeterDecision.CREDITED
    assert new.view().remaining == taken + on_card
    assert petra.adds_up()


def test_a_meter_is_changed_without_the_card_because_the_old_one_comes_off_the_wall(petra: Technician) -> None:
    taken, on_card = _bought(petra)
    petra.desk.readers.pull()
    _stock(petra, SECOND_METER)
    change = petra.asks(ask.ChangeMeter(SUPPLY, SECOND_METER, "display dark", _by_hand(petra)))
    assert isinstance(change, MeterChange)
    assert (change.carried, change.card) == (taken + on_card, CardAtEnd.NOTHING)
    # It stayed on the wall after all, and was loaded.
    petra.loads(petra.desk.card)
    _reads(petra, petra.desk.card)
    assert _loaded_after_end(petra) == on_card
    assert petra.adds_up()


# --- the card is not there -------------------------------------------------------------------------------


def test_without_the_card_a_supply_is_closed_when_its_meter_is_off(petra: Technician) -> None:
    taken, on_card = _bought(petra)
    petra.desk.readers.pull()
    reading = _by_hand(petra)
    assert _refused(petra, reading=reading) is Code.CARD_STILL_GOOD
    assert petra.file().state is SupplyState.OPEN
    done = _closes(petra, reading=reading, is_meter_off=True)
    assert (done.returned, done.card) == (taken + on_card, CardAtEnd.METER_OFF)
    # Never loaded: nothing to tell.
    assert _reads(petra, petra.desk.card) is Verdict.SUPPLY_CLOSED
    assert _loaded_after_end(petra) == NO_ENERGY
    # It was not off.
    petra.loads(petra.desk.card)
    _reads(petra, petra.desk.card)
    assert _loaded_after_end(petra) == on_card
    assert petra.adds_up()


def test_what_was_approved_for_a_meter_that_is_off_is_not_good_for_another(petra: Technician) -> None:
    _bought(petra)
    petra.desk.readers.pull()
    request = ask.CloseSupply(SUPPLY, "moved away", _by_hand(petra))
    approval = petra.approved(request, Act.CLOSE_SUPPLY)
    assert petra.refusal(replace(request, is_meter_off=True, approval=approval)) is Code.APPROVAL_OTHER


def test_a_card_loaded_before_a_reading_by_hand_has_nothing_left(petra: Technician) -> None:
    taken, on_card = _bought(petra)
    petra.loads(petra.desk.card)
    petra.desk.readers.pull()
    done = _closes(petra, reading=_by_hand(petra))
    assert (done.returned, done.card) == (taken + on_card, CardAtEnd.NOTHING)
    _reads(petra, petra.desk.card)
    assert _loaded_after_end(petra) == NO_ENERGY
    assert petra.adds_up()


@pytest.mark.parametrize("seen", [False, True])
def test_a_card_that_was_replaced_is_loose_until_the_meter_has_seen_the_new_one(petra: Technician, seen: bool) -> None:
    taken, on_card = _bought(petra)
    old = petra.desk.card
    new = petra.reissue()
    if seen:
        petra.loads(new)
        petra.sells(new, "10.00")
        on_card = petra.file().energy_total - taken - on_card
        taken = petra.file().energy_total - on_card
    _present(petra, new)
    if not seen:
        assert _refused(petra) is Code.CARD_STILL_GOOD
        petra.loads(old)
        assert petra.desk.world.meter.view().energy_total == taken + on_card
        return
    assert _closes(petra).card is CardAtEnd.EMPTIED
    assert petra.loads(old) is MeterDecision.CARD_REPLACED
    petra.loads(new)
    assert petra.desk.world.meter.view().energy_total == taken
    assert petra.adds_up()


def test_an_old_card_in_the_reader_tells_the_registers_and_is_not_written(petra: Technician) -> None:
    _, on_card = _bought(petra)
    old = petra.desk.card
    petra.reissue()
    _present(petra, old)
    assert _refused(petra) is Code.CARD_STILL_GOOD
    done = _closes(petra, is_meter_off=True)
    assert (done.card, done.returned >= on_card) == (CardAtEnd.METER_OFF, True)
    assert petra.adds_up()


def test_money_is_due_for_what_an_emptied_card_had(petra: Technician) -> None:
    _bought(petra)
    done = _closes(petra)
    assert Money.parse("60.00") < done.refund < Money.parse("68.20")
    assert petra.desk.counter.outside.ledger.refund_due(SUPPLY) == done.refund
