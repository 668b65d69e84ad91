"""The reference meter: rules joined to a register file and a card slot. It plays the meter's side exactly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from vending_app.domain.card import CardHeader, CardImage, CardKind, WriteBack
from vending_app.domain.energy import CARD_UNIT_WH, NO_ENERGY, Energy
from vending_app.domain.meter import Insertion, MeterDecision, MeterView
from vending_app.domain.tool_card import FieldRecord, ToolContent
from vending_app.meter import rules, tool_rules
from vending_app.meter.registers import EPOCH, KeepsRegisters, Registers
from vending_app.ports import CardCodec
from vending_app.ports.meter_side import MeterCardSlot

REFUSED = frozenset(
    {
        MeterDecision.NOT_OURS,
        MeterDecision.MAC_WRONG,
        MeterDecision.OTHER_METER,
        MeterDecision.OTHER_SUPPLY,
        MeterDecision.CARD_REPLACED,
        MeterDecision.OTHER_CARD,
        MeterDecision.TOOL_NOT_VALID,
        MeterDecision.TOOL_ELSEWHERE,
        MeterDecision.TOOL_EXPIRED,
        MeterDecision.TOOL_FULL,
        MeterDecision.TOOL_LATE,
        MeterDecision.KEYS_KNOWN,
        MeterDecision.KEYS_NOT_OPENED,
        MeterDecision.NO_POWER,
    }
)
"""Nothing is written on such a card."""


@dataclass(frozen=True, slots=True)
class MeterInFile:
    """One meter: ports.meter_side.ReferenceMeter. Every call loads, decides and saves, so a kill loses nothing."""

    file: KeepsRegisters
    codec: CardCodec
    clock: Callable[[], datetime]

    def insert(self, slot: MeterCardSlot) -> Insertion:
        """Put a card in: decide, keep the registers, then write back (rule 6: in this order)."""
        before = _now(self.file, self.clock)
        image = self.codec.decode(slot.read())
        if image.header is not None and image.tool is not None:
            return self._take_tool(slot, image.header, image.tool, before)
        decision, after = rules.decide(before, image)
        if decision not in REFUSED:
            after = replace(after, running=before.running + 1)
        self.file.save(after)
        wrote = decision not in REFUSED and self._write_back(slot, image, after)
        return Insertion(decision, after.energy_total - before.energy_total, wrote, rules.view_of(after))

    def _write_back(self, slot: MeterCardSlot, image: CardImage, registers: Registers) -> bool:
        assert image.header is not None, "a card that is not refused has a header"
        card, version = image.header.card, image.header.key_version
        if version not in registers.key_versions:
            # It has no code for a card of keys that it never learnt; what it credited is safe in its registers.
            return False
        record = self.codec.encode_write_back(on_card(rules.write_back_of(registers)), card=card)
        return slot.write_back(record, card=card, key_version=version)

    def _take_tool(self, slot: MeterCardSlot, header: CardHeader, tool: ToolContent, before: Registers) -> Insertion:
        """Keep the registers, then write the record; a meter is cleared only once its last one is safe on the card."""
        decision, after = tool_rules.decide(before, header.kind, tool)
        self.file.save(after)
        wrote = False
        if decision not in REFUSED:
            record = after.final if header.kind is CardKind.CLEAR else None
            record = record or tool_rules.record_of(on_card(rules.write_back_of(after)))
            wrote = self._write_place(slot, header, tool, record)
            if decision is MeterDecision.CLEARED and wrote:
                after = tool_rules.cleared(after, record)
                self.file.save(after)
            elif decision is MeterDecision.CLEARED:
                decision = MeterDecision.NOT_CLEARED
        return Insertion(decision, NO_ENERGY, wrote, rules.view_of(after))

    def _write_place(self, slot: MeterCardSlot, header: CardHeader, tool: ToolContent, record: FieldRecord) -> bool:
        place = tool_rules.place_for(tool, record.meter)
        assert place is not None, "a card that is not refused has a place"
        assert tool.mandate is not None, "and a mandate"
        raw = self.codec.encode_field_record(record, mandate=tool.mandate, card=header.card)
        return slot.write_place(place.number, raw, card=header.card, key_version=header.key_version)

    def use(self, energy: Energy, *, power_w: int = 0) -> MeterView:
        """Let the load take energy; the relay may open on the way."""
        return Load(self.file, self.clock).use(energy, power_w=power_w)

    def set_mains(self, *, on: bool) -> MeterView:
        """The mains fail, or return."""
        return Load(self.file, self.clock).set_mains(on=on)

    def set_cover(self, *, is_open: bool) -> MeterView:
        """Somebody opens the cover, or closes it."""
        return _happened(self.file, self.clock, rules.cover_opened if is_open else rules.cover_closed)

    def view(self) -> MeterView:
        """What the display shows."""
        return rules.view_of(self.file.load())


@dataclass(frozen=True, slots=True)
class Load:
    """The house around a meter: its load and its mains need no keys."""

    file: KeepsRegisters
    clock: Callable[[], datetime]

    def use(self, energy: Energy, *, power_w: int = 0) -> MeterView:
        """Take energy until it is done or the relay opens."""
        return _happened(self.file, self.clock, lambda before: rules.use(before, energy, power_w=power_w))

    def set_mains(self, *, on: bool) -> MeterView:
        """The mains fail, or return."""
        return _happened(self.file, self.clock, rules.power_back if on else rules.power_lost)


def _happened(file: KeepsRegisters, clock: Callable[[], datetime], rule: Callable[[Registers], Registers]) -> MeterView:
    after = rule(_now(file, clock))
    file.save(after)
    return rules.view_of(after)


def _now(file: KeepsRegisters, clock: Callable[[], datetime]) -> Registers:
    return rules.at_time(file.load(), clock().replace(microsecond=0))


def on_card(write_back: WriteBack) -> WriteBack:
    """The same as its fields on the card can hold it.

    In whole card units: what is used rounds down and the rest stays with the remaining energy, so that
    bought = used + remaining holds on the card too. What outgrows its field stays at the field's end.
    """
    carried = write_back.used_total.wh % CARD_UNIT_WH
    return replace(
        write_back,
        sequence=_counted(write_back.sequence, size=4),
        used_total=_whole_units(write_back.used_total),
        remaining=_remaining(Energy(write_back.remaining.wh + carried)),
        energy_total=_whole_units(write_back.energy_total),
        zero_crossing=_whole_units(write_back.zero_crossing),
        purchases=_counted(write_back.purchases, size=3),
        illegal_cards=_counted(write_back.illegal_cards, size=2),
        overload_trips=_counted(write_back.overload_trips, size=2),
        low_credit_trips=_counted(write_back.low_credit_trips, size=2),
        tamper_events=_counted(write_back.tamper_events, size=2),
        power_failures=_counted(write_back.power_failures, size=2),
        power_max_w=_counted(write_back.power_max_w, size=3),
        last_month=_whole_units(write_back.last_month),
        meter_time=min(write_back.meter_time, EPOCH + timedelta(seconds=highest(4))),
        running=_counted(write_back.running, size=4),
    )


def highest(size: int) -> int:
    """Of an unsigned field of so many bytes."""
    return int(256**size - 1)


def _counted(value: int, *, size: int) -> int:
    return min(value, highest(size))


def _whole_units(energy: Energy) -> Energy:
    """Rounded down, within the four bytes of every energy register."""
    return Energy.from_card_units(min(max(energy.wh // CARD_UNIT_WH, 0), highest(4)))


def _remaining(energy: Energy) -> Energy:
    """The one signed register: four bytes in two's complement."""
    most = highest(4) // 2 * CARD_UNIT_WH
    return min(max(energy, Energy(-most - CARD_UNIT_WH)), Energy(most))
