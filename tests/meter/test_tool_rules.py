"""What the meter does with a tool card, rule by rule, on real cards: docs/card-format.md, "Tool cards"."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.meter.test_rules import CODEC, METER, NOON, SUPPLY, VAULT, AMeter, a_card, an_order
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.faults import Fault, FaultKind, Residue
from vending_app.cardio.emulated.store import FACTORY_STATE, MemoryStore
from vending_app.domain.card import CardHeader, CardKind, RecordState
from vending_app.domain.display import after_card
from vending_app.domain.energy import Energy
from vending_app.domain.ids import CardNo, MeterNo, SupplyNo
from vending_app.domain.meter import MeterDecision, RelayState
from vending_app.domain.tool_card import FieldRecord, Limits, Mandate, ToolContent
from vending_app.meter.reference import on_card
from vending_app.meter.registers import RegisterFile, Registers
from vending_app.meter.rules import write_back_of
from vending_app.meter.tool_rules import record_of

TOOL = CardNo("041170000900")
AREA = "N-3"
CHECK = Mandate(17, AREA, None, NOON.date(), 4, 1)
CLEAR = replace(CHECK, area="", meter=METER)
LIMITS = Limits(Energy(30_000), Energy(0), 4_000, Energy(10_000), Energy(0))
OTHERS = tuple(MeterNo(f"{number:012d}") for number in range(1, 6))


def a_tool_card(kind: CardKind = CardKind.CHECK, mandate: Mandate = CHECK, *, full_of: int = 0) -> EmulatedCard:
    """A tool card of ours, its code changed as at issue, with records of so many other meters."""
    made = EmulatedCard(MemoryStore(FACTORY_STATE))
    made.chip.present(b"\xff\xff\xff")
    made.chip.update_main(0x20, CODEC.encode_header(CardHeader(kind, 7, TOOL, 1)))
    limits = LIMITS if kind is CardKind.PARAMETER else None
    record = CODEC.encode_mandate(kind, mandate, card=TOOL, limits=limits)
    made.chip.update_main(0x30, record)
    for at, other in enumerate(OTHERS[:full_of]):
        raw = CODEC.encode_field_record(a_record(other), mandate=mandate, card=TOOL)
        made.chip.update_main(0x30 + len(record) + 32 * at, raw)
    made.chip.update_psc(VAULT.psc(card=TOOL, key_version=1))
    made.power_off()
    return made


def a_record(meter: MeterNo) -> FieldRecord:
    return record_of(on_card(write_back_of(Registers(meter, time=NOON))))


def tool_on(card: EmulatedCard) -> ToolContent:
    found = CODEC.decode(card.image).tool
    assert found is not None
    return found


def records_on(card: EmulatedCard) -> list[FieldRecord]:
    return [place.record for place in tool_on(card).records if place.record is not None]


class AnAreaMeter(AMeter):
    """A meter that was provisioned for the area, with credit."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        RegisterFile(folder / "meter.json", METER).save(Registers(METER, area=AREA, time=NOON - timedelta(days=1)))

    @property
    def registers(self) -> Registers:
        return self.reference.file.load()

    def switch_mains(self) -> None:
        self.reference.set_mains(on=False)
        self.reference.set_mains(on=True)


@pytest.fixture
def meter(tmp_path: Path) -> AnAreaMeter:
    made = AnAreaMeter(tmp_path)
    made.with_credit(100_000)
    made.reference.use(Energy(12_345), power_w=500)
    return made


def test_a_check_card_takes_the_registers_and_changes_nothing_else(meter: AnAreaMeter) -> None:
    card, before = a_tool_card(), meter.registers
    came = meter.insert(card)
    assert (came.decision, came.wrote_back, came.decision.error_code) == (MeterDecision.COLLECTED, True, "")
    assert meter.registers == replace(before, running=before.running + 1)
    [record] = records_on(card)
    assert (record.meter, record.running_low, record.sequence_low) == (METER, 2, 1)
    # 12.345 kWh used: rounded down, and what that leaves stays with the remaining energy.
    assert (record.used_total, record.remaining) == (Energy(12_340), Energy(87_660))
    assert record.hour == NOON


def test_a_meter_that_is_on_the_card_writes_over_its_own_record(meter: AnAreaMeter) -> None:
    card = a_tool_card(full_of=4)
    meter.insert(card)
    meter.reference.use(Energy(1_000), power_w=500)
    meter.insert(card)
    assert [record.meter for record in records_on(card)] == [*OTHERS[:4], METER]
    assert (records_on(card)[-1].used_total, records_on(card)[-1].running_low) == (Energy(13_340), 3)


def test_a_parameter_card_sets_limits_and_never_what_the_meter_counts_by(meter: AnAreaMeter) -> None:
    card, before = a_tool_card(CardKind.PARAMETER), meter.registers
    assert meter.insert(card).decision is MeterDecision.LIMITS_SET
    after = meter.registers.parameters
    assert after == LIMITS.applied_to(before.parameters)
    assert after.constant_imp_per_kwh == before.parameters.constant_imp_per_kwh == 1600
    assert [record.running_low for record in records_on(card)] == [2], "the acknowledgment"
    assert tool_on(card).limits == LIMITS


def test_limits_hold_although_the_card_left_before_the_acknowledgment(meter: AnAreaMeter) -> None:
    card = a_tool_card(CardKind.PARAMETER)
    card.arm(Fault(FaultKind.TEAR, 6, Residue.MIXED))
    came = meter.insert(card)
    assert (came.decision, came.wrote_back) == (MeterDecision.LIMITS_SET, False)
    assert meter.registers.parameters.overload_w == LIMITS.overload_w
    assert records_on(card) == []


def test_a_clear_card_takes_the_last_registers_and_leaves_a_meter_without_supply(meter: AnAreaMeter) -> None:
    meter.switch_mains()
    card, before = a_tool_card(CardKind.CLEAR, CLEAR), meter.registers
    came = meter.insert(card)
    assert came.decision is MeterDecision.CLEARED
    [record] = records_on(card)
    assert (record.used_total, record.remaining, record.sequence_low) == (Energy(12_340), Energy(87_660), 1)
    after = meter.registers
    assert after == Registers(
        METER,
        used_total=record.used_total,
        used_before_month=record.used_total,
        running=before.running + 1,
        time=before.time,
        mains_since=before.mains_since,
        area=AREA,
        final=record,
        barred=(SUPPLY,),
    )
    assert (came.view.supply, came.view.relay) == (None, RelayState.OPEN)


def test_a_cleared_meter_writes_the_same_last_registers_again_until_another_supply_binds(meter: AnAreaMeter) -> None:
    meter.switch_mains()
    first = a_tool_card(CardKind.CLEAR, CLEAR)
    meter.insert(first)
    again = a_tool_card(CardKind.CLEAR, CLEAR)
    meter.insert(first)
    assert meter.insert(again).decision is MeterDecision.CLEARED
    assert again.image == first.image
    other = an_order(1, 50_000, supply=SupplyNo("00417727"), generation=1)
    assert meter.insert(a_card(other, card=CardNo("041170000002"))).credited == Energy(50_000)
    assert meter.registers.final is None
    assert meter.registers.used_total == Energy(12_340), "the register of use goes on"


def test_a_cleared_meter_does_not_credit_the_totals_of_its_last_supply_once_more(meter: AnAreaMeter) -> None:
    meter.switch_mains()
    meter.insert(a_tool_card(CardKind.CLEAR, CLEAR))
    came = meter.insert(a_card(an_order(2, 150_000)))
    assert (came.decision, came.credited) == (MeterDecision.OTHER_SUPPLY, Energy(0))
    other = an_order(1, 50_000, supply=SupplyNo("00417727"), generation=1)
    assert meter.insert(a_card(other, card=CardNo("041170000002"))).decision is MeterDecision.CREDITED


def test_a_meter_that_was_cleared_of_two_supplies_credits_neither_once_more(meter: AnAreaMeter) -> None:
    other = an_order(1, 50_000, supply=SupplyNo("00417727"), generation=1)
    for order in (other, None):
        meter.switch_mains()
        assert meter.insert(a_tool_card(CardKind.CLEAR, CLEAR)).decision is MeterDecision.CLEARED
        if order is not None:
            meter.insert(a_card(order, card=CardNo("041170000002")))
    for refused in (an_order(1, 100_000), other):
        assert meter.insert(a_card(refused)).decision is MeterDecision.OTHER_SUPPLY


def test_a_meter_is_not_cleared_while_its_last_registers_are_not_safe(meter: AnAreaMeter) -> None:
    meter.switch_mains()
    clean = a_tool_card(CardKind.CLEAR, CLEAR)
    for at in range(1, 40):
        card = a_tool_card(CardKind.CLEAR, CLEAR)
        card.arm(Fault(FaultKind.TEAR, at, Residue.MIXED))
        came = meter.insert(card)
        if came.wrote_back:
            break
        assert came.decision is MeterDecision.NOT_CLEARED
        assert meter.registers.supply is not None, at
        assert meter.registers.remaining == Energy(87_655)
    assert at > 10, "a record has many bytes"
    assert meter.insert(clean).decision is MeterDecision.CLEARED
    assert [record.remaining for record in records_on(clean)] == [Energy(87_660)]


def written(card: EmulatedCard, address: int, value: int) -> EmulatedCard:
    card.chip.present(VAULT.psc(card=TOOL, key_version=1))
    card.chip.update_main(address, bytes([value]))
    card.power_off()
    return card


def torn(card: EmulatedCard) -> EmulatedCard:
    return written(card, 0x30, 0xFF)


def changed(card: EmulatedCard, address: int) -> EmulatedCard:
    return written(card, address, card.image[address] ^ 1)


LATER = replace(CHECK, expires_on=NOON.date() - timedelta(days=1))
REFUSALS = [
    ("torn mandate", lambda: torn(a_tool_card()), "E-11", 1),
    ("mandate changed", lambda: changed(a_tool_card(), 0x46), "E-11", 1),
    ("limits changed", lambda: changed(a_tool_card(CardKind.PARAMETER), 0x52), "E-11", 1),
    ("another area", lambda: a_tool_card(mandate=replace(CHECK, area="N-4")), "E-12", 1),
    ("area changed by hand", lambda: changed(a_tool_card(), 0x37), "E-12", 1),
    ("another meter", lambda: a_tool_card(CardKind.CLEAR, replace(CLEAR, meter=OTHERS[0])), "E-12", 1),
    ("past its last day", lambda: a_tool_card(mandate=LATER), "E-13", 1),
    ("full", lambda: a_tool_card(full_of=5), "E-14", 0),
    ("mains came back long ago", lambda: a_tool_card(CardKind.CLEAR, CLEAR), "E-15", 0),
]


@pytest.mark.parametrize(("make", "code", "illegal"), [row[1:] for row in REFUSALS], ids=[row[0] for row in REFUSALS])
def test_a_refused_tool_card_is_not_written(meter: AnAreaMeter, make: object, code: str, illegal: int) -> None:
    assert callable(make)
    card, before = make(), meter.registers
    image = card.image
    came = meter.insert(card)
    assert (came.decision.error_code, came.wrote_back, card.image) == (code, False, image)
    assert meter.registers == replace(before, illegal_cards=before.illegal_cards + illegal)


@pytest.mark.parametrize("kind", [CardKind.CHECK, CardKind.PARAMETER])
def test_a_card_torn_at_any_byte_loses_nothing_and_takes_the_registers_when_it_returns(
    meter: AnAreaMeter, kind: CardKind
) -> None:
    before = meter.registers
    for at in range(1, 45):
        for residue in Residue:
            card = a_tool_card(kind, full_of=2)
            card.arm(Fault(FaultKind.TEAR, at, residue))
            came = meter.insert(card)
            assert meter.registers.remaining == before.remaining
            assert [record.meter for record in records_on(card)][:2] == [*OTHERS[:2]], "no other record is touched"
            if not came.wrote_back and card.chip.error_counter.bit_count() == 3:
                card.is_out = False
                card.arm(None)
                came = meter.insert(card)
                assert came.wrote_back, (at, residue)
            if came.wrote_back:
                assert records_on(card)[-1].running_low == meter.registers.running


def test_two_minutes_after_the_mains_a_clear_card_is_late(meter: AnAreaMeter) -> None:
    meter.switch_mains()
    meter.now = NOON + timedelta(minutes=2, seconds=1)
    assert meter.insert(a_tool_card(CardKind.CLEAR, CLEAR)).decision is MeterDecision.TOOL_LATE
    meter.switch_mains()
    meter.now += timedelta(minutes=2)
    assert meter.insert(a_tool_card(CardKind.CLEAR, CLEAR)).decision is MeterDecision.CLEARED


def test_the_last_day_is_a_day_on_which_the_card_is_taken(meter: AnAreaMeter) -> None:
    meter.now = NOON.replace(hour=23, minute=59)
    assert meter.insert(a_tool_card()).decision is MeterDecision.COLLECTED
    meter.now += timedelta(minutes=1)
    assert meter.insert(a_tool_card()).decision is MeterDecision.TOOL_EXPIRED


def test_a_meter_without_an_area_takes_no_tool_card_of_an_area(tmp_path: Path) -> None:
    plain = AMeter(tmp_path).with_credit(1_000)
    nowhere = replace(CHECK, area="", meter=None)
    assert nowhere.meter is None
    assert plain.insert(a_tool_card()).decision is MeterDecision.TOOL_ELSEWHERE


def test_a_dark_meter_takes_no_tool_card(meter: AnAreaMeter) -> None:
    meter.reference.set_mains(on=False)
    before = meter.registers
    card = a_tool_card()
    assert meter.insert(card).decision is MeterDecision.NO_POWER
    assert meter.registers == before
    assert records_on(card) == []


def test_a_torn_record_is_written_anew_on_the_same_place(meter: AnAreaMeter) -> None:
    card = a_tool_card()
    card.arm(Fault(FaultKind.TEAR, 12, Residue.ERASED))
    assert not meter.insert(card).wrote_back
    assert tool_on(card).places[0].state is RecordState.BAD_MAC
    card.is_out = False
    assert meter.insert(card).wrote_back
    assert [place.state for place in tool_on(card).places] == [RecordState.VALID, *[RecordState.EMPTY] * 4]
    assert date(2026, 3, 2) == records_on(card)[0].hour.date()


def test_the_display_says_what_became_of_a_tool_card(meter: AnAreaMeter) -> None:
    told = [after_card(meter.insert(card)) for card in (a_tool_card(), a_tool_card(CardKind.PARAMETER))]
    assert [page.caption for page in told if page] == ["READ OUT", "LIMITS SET"]
    late = after_card(meter.insert(a_tool_card(CardKind.CLEAR, CLEAR)))
    assert late is not None
    assert (late.caption, late.figure) == ("CARD REFUSED", "E-15")
    meter.switch_mains()
    cleared = after_card(meter.insert(a_tool_card(CardKind.CLEAR, CLEAR)))
    assert cleared is not None
    assert (cleared.caption, cleared.figure) == ("CLEARED", "0000.00")
