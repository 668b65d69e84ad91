"""The reference meter's side of the contract, rule by rule, on real cards of the real format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vending_app.bench.world import MASTER_KEY
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.faults import Fault, FaultKind
from vending_app.cardio.emulated.meter_slot import EmulatedMeterSlot
from vending_app.cardio.emulated.store import FACTORY_STATE, MemoryStore
from vending_app.cardio.totals1 import Totals1
from vending_app.cardio.vault import SealedVault
from vending_app.domain.card import CardHeader, CardKind, MeterParameters, Order, RecordState
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.ids import CardNo, DeskNo, MeterNo, SupplyNo
from vending_app.domain.meter import Insertion, MeterDecision, RelayState, TripReason
from vending_app.meter import rules
from vending_app.meter.reference import MeterInFile
from vending_app.meter.registers import RegisterFile, Registers, dump, parse

METER, SUPPLY, CARD = MeterNo("000012345678"), SupplyNo("00417726"), CardNo("041170000001")
LIMITS = MeterParameters(Energy(20_000), Energy(10_000), 8000, Energy(0), Energy(500_000), 1600)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
VAULT = SealedVault({1: bytearray(MASTER_KEY)})
CODEC = Totals1(VAULT, utility=7)
SLOTS = {"A": 0x30, "B": 0x70}


def an_order(sequence: int, total_wh: int, **changes: object) -> Order:
    order = Order(METER, SUPPLY, 1, sequence, Energy(total_wh), Energy(total_wh), sequence, LIMITS, NOON, DeskNo(1), 1)
    return replace(order, **changes)  # type: ignore[arg-type]


def a_card(order: Order, *, card: CardNo = CARD, header: CardHeader | None = None) -> EmulatedCard:
    """A card of ours with one order, its code changed as at issue."""
    made = EmulatedCard(MemoryStore(FACTORY_STATE))
    made.chip.present(b"\xff\xff\xff")
    made.chip.update_main(0x20, CODEC.encode_header(header or CardHeader(CardKind.USER, 7, card, 1)))
    made.chip.update_main(0x30, CODEC.encode_order(order, card=card))
    made.chip.update_psc(VAULT.psc(card=card, key_version=1))
    made.power_off()
    return made


class AMeter:
    def __init__(self, folder: Path) -> None:
        self.now = NOON
        self._folder = folder

    @property
    def reference(self) -> MeterInFile:
        """Built anew for every event, as after a power cut."""
        return MeterInFile(RegisterFile(self._folder / "meter.json", METER), CODEC, lambda: self.now)

    def insert(self, card: EmulatedCard) -> Insertion:
        return self.reference.insert(EmulatedMeterSlot(card, vault=VAULT))

    def with_credit(self, wh: int) -> AMeter:
        self.insert(a_card(an_order(1, wh)))
        return self


@pytest.fixture
def meter(tmp_path: Path) -> AMeter:
    return AMeter(tmp_path)


def test_a_new_meter_has_no_power_until_its_first_card(meter: AMeter) -> None:
    assert meter.reference.view().relay is RelayState.OPEN
    came = meter.insert(a_card(an_order(1, 100_000)))
    assert came.decision is MeterDecision.CREDITED
    assert came.credited == Energy(100_000)
    assert came.view.relay is RelayState.CLOSED
    assert came.view.supply == SUPPLY


def test_the_difference_to_the_total_is_credited_never_the_total_again(meter: AMeter) -> None:
    meter.with_credit(100_000)
    assert meter.insert(a_card(an_order(2, 160_000))).credited == Energy(60_000)
    again = meter.insert(a_card(an_order(2, 160_000)))
    assert again.decision is MeterDecision.NOTHING_NEW
    assert again.view.remaining == Energy(160_000)


def test_an_old_order_gives_nothing_and_is_still_answered(meter: AMeter) -> None:
    meter.insert(a_card(an_order(5, 100_000)))
    old = meter.insert(a_card(an_order(4, 90_000)))
    assert old.decision is MeterDecision.OLD_ORDER
    assert old.credited == Energy(0)
    assert old.wrote_back


def test_a_lower_total_with_a_higher_sequence_takes_credit_back(meter: AMeter) -> None:
    meter.with_credit(100_000)
    back = meter.insert(a_card(an_order(2, 40_000)))
    assert back.credited == Energy(-60_000)
    assert back.view.remaining == Energy(40_000)


def test_too_much_credit_stays_on_the_card_with_its_own_code(meter: AMeter) -> None:
    meter.with_credit(400_000)
    refused = meter.insert(a_card(an_order(2, 500_010)))
    assert refused.decision is MeterDecision.OVER_HOARDING
    assert refused.decision.error_code == "E-07"
    assert refused.view.remaining == Energy(400_000)
    meter.reference.use(Energy(10))
    assert meter.insert(a_card(an_order(2, 500_010))).decision is MeterDecision.CREDITED


def _of_other_meter() -> EmulatedCard:
    return a_card(an_order(2, 1000, meter=MeterNo("000099999999")))


def _foreign() -> EmulatedCard:
    return EmulatedCard(MemoryStore(FACTORY_STATE))


def _forged() -> EmulatedCard:
    card = a_card(an_order(2, 1000))
    card.chip.present(VAULT.psc(card=CARD, key_version=1))
    card.chip.update_main(0x40, b"\x7f")
    card.power_off()
    return card


def _check_card() -> EmulatedCard:
    return a_card(an_order(2, 1000), header=CardHeader(CardKind.CHECK, 7, CARD, 1))


@pytest.mark.parametrize(
    ("make", "decision"),
    [
        (_foreign, MeterDecision.NOT_OURS),
        (_check_card, MeterDecision.TOOL_NOT_VALID),
        (_forged, MeterDecision.MAC_WRONG),
        (_of_other_meter, MeterDecision.OTHER_METER),
    ],
)
def test_an_illegal_card_is_counted_and_nothing_is_written_on_it(
    meter: AMeter, make: Callable[[], EmulatedCard], decision: MeterDecision
) -> None:
    meter.with_credit(100_000)
    card = make()
    before = card.image
    refused = meter.insert(card)
    assert refused.decision is decision
    assert not refused.wrote_back
    assert card.image == before
    assert meter.reference.file.load().illegal_cards == 1


def test_a_meter_serves_one_supply(meter: AMeter) -> None:
    meter.with_credit(100_000)
    other = meter.insert(a_card(an_order(2, 200_000, supply=SupplyNo("00417799"))))
    assert other.decision is MeterDecision.OTHER_SUPPLY
    assert other.view.remaining == Energy(100_000)


def test_a_re_issued_card_kills_the_old_one_whatever_the_old_one_carries(meter: AMeter) -> None:
    meter.with_credit(100_000)
    new = CardNo("041170000002")
    assert meter.insert(a_card(an_order(2, 150_000, generation=2), card=new)).credited == Energy(50_000)
    dead = meter.insert(a_card(an_order(3, 900_000)))
    assert dead.decision is MeterDecision.CARD_REPLACED
    assert dead.view.remaining == Energy(150_000)


def test_a_twin_of_the_same_generation_with_another_number_is_refused(meter: AMeter) -> None:
    meter.with_credit(100_000)
    twin = meter.insert(a_card(an_order(2, 150_000), card=CardNo("041170000009")))
    assert twin.decision is MeterDecision.OTHER_CARD


def test_the_write_back_says_what_the_registers_hold(meter: AMeter) -> None:
    meter.with_credit(100_000)
    meter.reference.use(Energy(31_250), power_w=3200)
    card = a_card(an_order(1, 100_000))
    meter.insert(card)
    told = CODEC.decode(card.image).write_back
    assert told is not None
    assert (told.used_total, told.remaining) == (Energy(31_250), Energy(68_750))
    assert told.power_max_w == 3200
    assert told.sequence == 1


def test_a_card_pulled_early_is_credited_and_merely_looks_old(meter: AMeter) -> None:
    card = a_card(an_order(1, 100_000))
    card.arm(Fault(FaultKind.TEAR, 10))
    early = meter.insert(card)
    assert early.decision is MeterDecision.CREDITED
    assert not early.wrote_back
    assert CODEC.decode(card.image).write_back_state is not RecordState.VALID
    card.put_back()
    card.arm(None)
    again = meter.insert(card)
    assert again.decision is MeterDecision.NOTHING_NEW
    assert again.wrote_back
    assert again.view.remaining == Energy(100_000)


def test_the_alarm_shows_at_its_level(meter: AMeter) -> None:
    meter.with_credit(100_000)
    assert not meter.reference.use(Energy(79_990)).is_alarm
    assert meter.reference.use(Energy(10)).is_alarm


def test_it_trips_once_at_the_alarm_level_and_the_card_closes_it_again(meter: AMeter) -> None:
    meter.with_credit(100_000)
    tripped = meter.reference.use(Energy(95_000))
    assert (tripped.relay, tripped.reason) == (RelayState.OPEN, TripReason.LOW_CREDIT)
    assert tripped.remaining == LIMITS.alarm_2
    assert meter.reference.use(Energy(1000)).remaining == LIMITS.alarm_2
    assert meter.insert(a_card(an_order(1, 100_000))).view.relay is RelayState.CLOSED
    assert meter.reference.use(Energy(5000)).relay is RelayState.CLOSED


def test_the_one_trip_comes_back_with_new_credit(meter: AMeter) -> None:
    meter.with_credit(100_000)
    meter.reference.use(Energy(95_000))
    meter.insert(a_card(an_order(2, 150_000)))
    assert meter.reference.use(Energy(60_000)).reason is TripReason.LOW_CREDIT
    assert meter.reference.file.load().low_credit_trips == 2


def _run_down(meter: AMeter) -> None:
    meter.with_credit(100_000)
    meter.reference.use(Energy(95_000))
    meter.insert(a_card(an_order(1, 100_000)))


def test_at_zero_it_trips_and_no_card_without_credit_closes_it(meter: AMeter) -> None:
    _run_down(meter)
    empty = meter.reference.use(Energy(50_000), power_w=7200)
    assert (empty.relay, empty.reason) == (RelayState.OPEN, TripReason.ZERO)
    assert meter.insert(a_card(an_order(1, 100_000))).view.relay is RelayState.OPEN
    assert meter.insert(a_card(an_order(2, 120_000))).view.relay is RelayState.CLOSED


def test_what_flows_while_the_relay_opens_is_zero_crossing_energy_and_is_paid_by_the_next_credit(meter: AMeter) -> None:
    _run_down(meter)
    empty = meter.reference.use(Energy(50_000), power_w=7200)
    # 7.2 kW for one second.
    assert empty.zero_crossing == Energy(2)
    assert empty.remaining == Energy(-2)
    assert meter.insert(a_card(an_order(2, 120_000))).view.remaining == Energy(20_000 - 2)


def test_an_overdraft_limit_lets_it_run_so_far_below_zero(meter: AMeter) -> None:
    lent = replace(LIMITS, overdraft=Energy(3000))
    meter.insert(a_card(an_order(1, 5000, parameters=lent)))
    view = meter.reference.use(Energy(7000))
    assert view.relay is RelayState.CLOSED
    assert view.zero_crossing == Energy(2000)
    assert meter.reference.use(Energy(7000)).reason is TripReason.ZERO


def test_an_overdraft_that_a_parameter_card_took_away_gives_no_energy_back() -> None:
    """The relay stays closed under every tool card, so the load comes upon a meter below its new limit."""
    below = Registers(METER, supply=SUPPLY, used_total=Energy(8000), remaining=Energy(-5000), trip=TripReason.NONE)
    after = rules.use(below, Energy(1000), power_w=7200)
    assert (after.trip, after.used_total, after.remaining) == (TripReason.ZERO, Energy(8002), Energy(-5002))


def test_overload_trips_before_anything_is_taken_and_the_card_closes_it(meter: AMeter) -> None:
    meter.with_credit(100_000)
    over = meter.reference.use(Energy(1000), power_w=8001)
    assert (over.reason, over.remaining) == (TripReason.OVERLOAD, Energy(100_000))
    assert meter.insert(a_card(an_order(1, 100_000))).view.relay is RelayState.CLOSED
    assert meter.reference.use(Energy(1000), power_w=8000).remaining == Energy(99_000)


def test_a_month_that_ends_is_kept_as_last_month_s_use(meter: AMeter) -> None:
    meter.with_credit(100_000)
    meter.reference.use(Energy(30_000))
    meter.now = datetime(2026, 4, 1, 0, 0, 1, tzinfo=UTC)
    meter.reference.use(Energy(1000))
    assert meter.reference.file.load().last_month == Energy(30_000)


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 400_000), st.integers(0, 12_000)), max_size=12),
    st.integers(0, 3000),
)
def test_bought_is_always_used_plus_remaining(events: list[tuple[bool, int, int]], overdraft: int) -> None:
    registers = Registers(METER, supply=SUPPLY, parameters=replace(LIMITS, overdraft=Energy(overdraft)))
    bought = 0
    for is_card, energy, power in events:
        if is_card:
            bought += energy
            credited = registers.remaining + Energy(energy)
            registers = rules.released(replace(registers, energy_total=Energy(bought), remaining=credited))
        else:
            registers = rules.use(registers, Energy(energy), power_w=power)
        assert registers.energy_total == registers.used_total + registers.remaining
        # Below zero only by the overdraft, and by what flows while the relay opens.
        assert registers.remaining.wh >= -overdraft - 4


@given(st.binary(max_size=400))
def test_any_bytes_are_registers_or_a_typed_error(data: bytes) -> None:
    try:
        parse(data, name="meter.json")
    except EnvironmentFault as fault:
        assert fault.code is Code.METER_STATE_DAMAGED


@given(st.data())
def test_registers_with_a_byte_changed_are_read_or_refused(data: st.DataObject) -> None:
    good = dump(Registers(METER, supply=SUPPLY, card=CARD, parameters=LIMITS, remaining=Energy(12_345)))
    at = data.draw(st.integers(0, len(good) - 1))
    changed = good[:at] + bytes([data.draw(st.integers(0, 255))]) + good[at + 1 :]
    try:
        read = parse(changed, name="meter.json")
    except EnvironmentFault as fault:
        assert fault.code is Code.METER_STATE_DAMAGED
    else:
        assert isinstance(read.remaining.wh, int)


def test_registers_survive_the_file_unchanged() -> None:
    registers = Registers(METER, supply=SUPPLY, card=CARD, parameters=LIMITS, remaining=Energy(-12), time=NOON)
    assert parse(dump(registers), name="meter.json") == registers


def test_the_registers_of_another_meter_are_refused(meter: AMeter, tmp_path: Path) -> None:
    meter.with_credit(1000)
    with pytest.raises(EnvironmentFault) as refused:
        RegisterFile(tmp_path / "meter.json", MeterNo("000099999999")).load()
    assert refused.value.code is Code.METER_OTHER
    assert refused.value.facts["of"] == METER
