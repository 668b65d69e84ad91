"""A meter learns newer keys from a key card and never loses the old ones: docs/card-format.md, rule 7 of tool cards."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.meter.test_rules import CARD, METER, NOON, AMeter, an_order
from vending_app.bench.world import MASTER_KEY
from vending_app.cardio.derivation import MAC_LABEL, PSC_LABEL, derive
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.faults import Fault, FaultKind
from vending_app.cardio.emulated.meter_slot import EmulatedMeterSlot
from vending_app.cardio.emulated.store import FACTORY_STATE, MemoryStore
from vending_app.cardio.meter_keys import MeterKeyring, MeterKeys
from vending_app.cardio.totals1 import Totals1
from vending_app.cardio.vault import SealedVault
from vending_app.domain.card import CardHeader, CardKeyName, CardKind, Order
from vending_app.domain.energy import Energy
from vending_app.domain.errors import EnvironmentFault
from vending_app.domain.ids import CardNo, MeterNo
from vending_app.domain.meter import Insertion, MeterDecision
from vending_app.domain.tool_card import Mandate, NewKeys
from vending_app.meter.reference import MeterInFile
from vending_app.meter.registers import RegisterFile, Registers, dump, parse

VAULT = SealedVault({1: bytearray(MASTER_KEY), 2: bytearray(range(16)), 3: bytearray(range(16, 32))})
CODEC = Totals1(VAULT, utility=7)
TOOL = CardNo("041170000900")
MANDATE = Mandate(21, "", METER, NOON.date(), 4, 1)


class ARolledMeter(AMeter):
    """A meter of an office with three versions of the keys."""

    @property
    def reference(self) -> MeterInFile:
        return MeterInFile(RegisterFile(self._folder / "meter.json", METER), CODEC, lambda: self.now)

    def insert(self, card: EmulatedCard) -> Insertion:
        return self.reference.insert(EmulatedMeterSlot(card, vault=VAULT))

    @property
    def registers(self) -> Registers:
        return self.reference.file.load()


@pytest.fixture
def meter(tmp_path: Path) -> ARolledMeter:
    made = ARolledMeter(tmp_path)
    RegisterFile(tmp_path / "meter.json", METER).save(Registers(METER, area="N-3", time=NOON - timedelta(days=1)))
    made.insert(a_user_card(an_order(1, 100_000)))
    return made


def issued(header: CardHeader, record: bytes) -> EmulatedCard:
    made = EmulatedCard(MemoryStore(FACTORY_STATE))
    made.chip.present(b"\xff\xff\xff")
    made.chip.update_main(0x20, CODEC.encode_header(header))
    made.chip.update_main(0x30, record)
    made.chip.update_psc(VAULT.psc(card=header.card, key_version=header.key_version))
    made.power_off()
    return made


def a_key_card(version: int = 2, *, mandate: Mandate = MANDATE) -> EmulatedCard:
    record = CODEC.encode_mandate(CardKind.KEY, mandate, card=TOOL, new_keys=NewKeys(version, "N-3"))
    return issued(CardHeader(CardKind.KEY, 7, TOOL, 1), record)


def a_user_card(order: Order, *, header_version: int = 1) -> EmulatedCard:
    return issued(CardHeader(CardKind.USER, 7, CARD, header_version), CODEC.encode_order(order, card=CARD))


def changed(card: EmulatedCard, at: int, value: int | None = None) -> EmulatedCard:
    """The same card with one byte that somebody changed."""
    psc = VAULT.psc(card=TOOL, key_version=1)
    assert card.chip.present(psc)
    card.chip.update_main(at, bytes([card.image[at] ^ 1 if value is None else value]))
    card.power_off()
    return card


def test_a_key_card_brings_new_keys_and_the_old_ones_stay(meter: ARolledMeter) -> None:
    before, card = meter.registers, a_key_card()
    came = meter.insert(card)
    assert (came.decision, came.wrote_back, came.decision.error_code) == (MeterDecision.KEYS_LEARNT, True, "")
    assert meter.registers == replace(
        before, running=before.running + 1, key_versions=(1, 2), key_version=2, taught_by=21
    )
    tool = CODEC.decode(card.image).tool
    assert tool is not None
    assert tool.new_keys == NewKeys(2, "N-3")
    assert [place.number for place in tool.records] == [4]


def test_cards_of_both_versions_are_taken_and_the_write_back_tells_the_newest(meter: ARolledMeter) -> None:
    meter.insert(a_key_card())
    old = a_user_card(an_order(2, 150_000))
    assert meter.insert(old).decision is MeterDecision.CREDITED
    new = a_user_card(an_order(3, 200_000, key_version=2), header_version=2)
    assert meter.insert(new).decision is MeterDecision.CREDITED
    told = [CODEC.decode(card.image).write_back for card in (old, new)]
    assert [back.key_version for back in told if back] == [2, 2]


def test_an_order_of_keys_that_the_meter_never_learnt_does_not_exist_for_it(meter: ARolledMeter) -> None:
    card = a_user_card(an_order(2, 150_000, key_version=2))
    assert meter.insert(card).decision is MeterDecision.MAC_WRONG
    slot_b = CODEC.encode_order(an_order(1, 100_000), card=CARD)
    both = a_user_card(an_order(2, 150_000, key_version=2))
    both.chip.present(VAULT.psc(card=CARD, key_version=1))
    both.chip.update_main(0x70, slot_b)
    both.power_off()
    assert meter.insert(both).decision is MeterDecision.NOTHING_NEW


def test_a_card_whose_code_the_meter_cannot_compute_is_credited_and_not_written(meter: ARolledMeter) -> None:
    card = a_user_card(an_order(2, 150_000), header_version=2)
    came = meter.insert(card)
    assert (came.decision, came.wrote_back) == (MeterDecision.CREDITED, False)
    assert CODEC.decode(card.image).write_back is None


def test_a_replayed_key_card_is_refused_and_changes_nothing(meter: ARolledMeter) -> None:
    meter.insert(a_key_card(2))
    meter.insert(a_key_card(3, mandate=replace(MANDATE, number=22)))
    before = meter.registers
    assert before.key_versions == (1, 2, 3)
    for old in (a_key_card(2), a_key_card(2, mandate=replace(MANDATE, number=23)), a_key_card(1)):
        came = meter.insert(old)
        assert (came.decision.error_code, came.wrote_back) == ("E-16", False)
    assert meter.registers == before


@pytest.mark.parametrize("at", [0x50, 0x51, 0x58, 0x70, 0xA7, 0xA8, 0xAF])
def test_new_keys_that_were_changed_anywhere_are_refused(meter: ARolledMeter, at: int) -> None:
    before = meter.registers
    came = meter.insert(changed(a_key_card(), at))
    assert (came.decision.error_code, came.wrote_back) == ("E-17", False)
    assert meter.registers == replace(before, illegal_cards=before.illegal_cards + 1)


def test_new_keys_that_do_not_open_are_refused_whatever_their_mac_says(meter: ARolledMeter) -> None:
    record = bytearray(CODEC.encode_mandate(CardKind.KEY, MANDATE, card=TOOL, new_keys=NewKeys(2, "N-3")))
    record[70] ^= 1
    message = b"NKEYS" + record[1:24] + record[32:120] + bytes.fromhex(TOOL)
    record[120:] = VAULT.record_mac(message, meter=METER, key_version=1)
    came = meter.insert(issued(CardHeader(CardKind.KEY, 7, TOOL, 1), bytes(record)))
    assert (came.decision.error_code, meter.registers.key_versions) == ("E-17", (1,))


def a_torn_card() -> EmulatedCard:
    return changed(a_key_card(), 0x30, 0xFF)


REFUSED: dict[str, tuple[Callable[[], EmulatedCard], str]] = {
    "torn": (a_torn_card, "E-11"),
    "mandate changed": (lambda: changed(a_key_card(), 0x34), "E-11"),
    "made under keys it never learnt": (lambda: a_key_card(3, mandate=replace(MANDATE, key_version=2)), "E-11"),
    "of another meter": (lambda: a_key_card(mandate=replace(MANDATE, meter=MeterNo("000012345679"))), "E-12"),
    "past its last day": (
        lambda: a_key_card(mandate=replace(MANDATE, expires_on=NOON.date() - timedelta(days=1))),
        "E-13",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_card_that_is_not_right_leaves_the_keys_as_they_are(meter: ARolledMeter, name: str) -> None:
    make, code = REFUSED[name]
    came = meter.insert(make())
    assert (came.decision.error_code, came.wrote_back) == (code, False)
    assert (meter.registers.key_versions, meter.registers.key_version) == ((1,), 1)


@pytest.mark.parametrize("at", range(1, 33))
def test_a_card_pulled_while_it_is_acknowledged_gets_its_record_when_it_is_put_in_again(
    meter: ARolledMeter, at: int
) -> None:
    card = a_key_card()
    card.arm(Fault(FaultKind.TEAR, at))
    assert not meter.insert(card).wrote_back
    assert meter.registers.key_versions == (1, 2)
    card.put_back()
    assert meter.insert(a_user_card(an_order(2, 150_000))).decision is MeterDecision.CREDITED
    if card.chip.error_counter != 0x07:
        return  # a tear while the code was presented has cost a try: the office reads that card in
    came = meter.insert(card)
    assert (came.decision, came.wrote_back) == (MeterDecision.KEYS_LEARNT, True)


def test_a_meter_killed_while_it_keeps_the_keys_has_the_old_or_both(
    meter: ARolledMeter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise OSError("power lost")

    with monkeypatch.context() as broken:
        broken.setattr("vending_app.meter.registers.os.replace", killed)
        with pytest.raises(EnvironmentFault):
            meter.insert(a_key_card())
    assert meter.registers.key_versions == (1,)
    assert meter.insert(a_user_card(an_order(2, 150_000))).decision is MeterDecision.CREDITED
    assert meter.insert(a_key_card()).decision is MeterDecision.KEYS_LEARNT
    assert meter.insert(a_user_card(an_order(3, 200_000, key_version=2))).decision is MeterDecision.CREDITED


def test_a_meter_that_is_cleared_keeps_its_keys(meter: ARolledMeter) -> None:
    meter.insert(a_key_card())
    meter.reference.set_mains(on=False)
    meter.reference.set_mains(on=True)
    clear = replace(MANDATE, number=24)
    record = CODEC.encode_mandate(CardKind.CLEAR, clear, card=TOOL)
    assert meter.insert(issued(CardHeader(CardKind.CLEAR, 7, TOOL, 1), record)).decision is MeterDecision.CLEARED
    assert (meter.registers.key_versions, meter.registers.key_version) == ((1, 2), 2)


def test_registers_of_before_know_the_first_version() -> None:
    body = json.loads(dump(Registers(METER)))
    del body["key_versions"], body["taught_by"]
    older = json.dumps(body | {"format": 3, "barred": None}).encode()
    assert parse(older, name="meter.json").key_versions == (1,)


def test_energy_that_was_bought_under_either_version_counts_once(meter: ARolledMeter) -> None:
    meter.insert(a_key_card())
    for version in (1, 2, 1):
        meter.insert(a_user_card(an_order(2, 150_000, key_version=version)))
    assert meter.registers.remaining == Energy(150_000)


def test_a_meter_that_reads_contactless_cards_opens_those_of_the_new_version_by_what_the_key_card_brought() -> None:
    """It has no master: a card that is issued anew under version 2 would else be a stranger's to it."""
    ring = MeterKeyring(METER, {1: keys_of(1)}, area=b"N-3\0\0\0\0\0")
    uid = bytes.fromhex("04A1B2C3")
    with pytest.raises(EnvironmentFault):
        ring.classic_keys(uid=uid, key_version=2)
    told = {"meter": METER, "area": b"N-3\0\0\0\0\0", "known": 1, "version": 2}
    assert ring.opens_wrapped(VAULT.wrapped_keys(**told), **told)  # type: ignore[arg-type]
    assert ring.classic_keys(uid=uid, key_version=2) == VAULT.classic_keys(uid=uid, key_version=2)
    of_meter = CardKeyName.METER
    assert ring.card_key(of_meter, uid, key_version=2) == VAULT.card_key(of_meter, uid, key_version=2)
    with pytest.raises(EnvironmentFault):
        ring.card_key(CardKeyName.OFFICE, uid, key_version=2)


def keys_of(version: int) -> MeterKeys:
    """What the meter left its factory with."""
    mark, master = bytes([version]), MASTER_KEY
    return MeterKeys(
        bytes(derive(master, MAC_LABEL, bytes.fromhex(METER) + mark)), bytes(derive(master, PSC_LABEL, mark))
    )
