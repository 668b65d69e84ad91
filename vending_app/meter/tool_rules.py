"""What the meter does with a tool card, as docs/card-format.md says it: pure functions from registers to registers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from vending_app.domain.card import CardKind, RecordState, WriteBack
from vending_app.domain.energy import Energy
from vending_app.domain.ids import MeterNo
from vending_app.domain.meter import MeterDecision
from vending_app.domain.tool_card import FieldRecord, Mandate, RecordPlace, ToolContent
from vending_app.meter import rules
from vending_app.meter.registers import EPOCH, Registers, hour_of

CLEARED_WITHIN = timedelta(minutes=2)
"""After the mains came back: whoever clears a meter stands before it and has switched it."""
MOST_CROSSED = Energy.from_card_units(2**24 - 1)

_DONE = {
    CardKind.CHECK: MeterDecision.COLLECTED,
    CardKind.PARAMETER: MeterDecision.LIMITS_SET,
    CardKind.CLEAR: MeterDecision.CLEARED,
    CardKind.KEY: MeterDecision.KEYS_LEARNT,
}


def decide(registers: Registers, kind: CardKind, tool: ToolContent) -> tuple[MeterDecision, Registers]:
    """The decision on a tool card, and the registers as they are kept before anything is written on it."""
    if not registers.has_power:
        return MeterDecision.NO_POWER, registers
    if tool.told is None:
        return MeterDecision.TOOL_NOT_VALID, rules.illegal(registers)
    if not _is_meant(registers, tool.told):
        return MeterDecision.TOOL_ELSEWHERE, rules.illegal(registers)
    if tool.mandate is None or tool.mandate.key_version not in registers.key_versions:
        return MeterDecision.TOOL_NOT_VALID, rules.illegal(registers)
    if (registers.time - EPOCH).days > (tool.mandate.expires_on - EPOCH.date()).days:
        return MeterDecision.TOOL_EXPIRED, rules.illegal(registers)
    if kind is CardKind.KEY and tool.new_keys is None:
        return MeterDecision.KEYS_NOT_OPENED, rules.illegal(registers)
    # The right card at a bad moment is not an illegal one.
    if kind is CardKind.KEY and _is_known(registers, tool):
        return MeterDecision.KEYS_KNOWN, registers
    if place_for(tool, registers.meter) is None:
        return MeterDecision.TOOL_FULL, registers
    if kind is CardKind.CLEAR and registers.time - registers.mains_since > CLEARED_WITHIN:
        return MeterDecision.TOOL_LATE, registers
    return _DONE[kind], _taken(registers, kind, tool)


def _is_known(registers: Registers, tool: ToolContent) -> bool:
    """An old key card. The one that brought the newest keys gets its acknowledgment again, if it left too early."""
    assert tool.new_keys is not None, "they were proved"
    assert tool.mandate is not None, "and so was the mandate"
    return tool.new_keys.version <= registers.key_versions[-1] and tool.mandate.number != registers.taught_by


def _is_meant(registers: Registers, mandate: Mandate) -> bool:
    if mandate.meter is not None:
        return mandate.meter == registers.meter
    return bool(registers.area) and mandate.area == registers.area


def _taken(registers: Registers, kind: CardKind, tool: ToolContent) -> Registers:
    """One running number for each record but the last one of a meter that is cleared already, which stays the same."""
    if kind is CardKind.CLEAR and registers.final is not None:
        return registers
    counted = _learnt(replace(registers, running=registers.running + 1), tool)
    if tool.limits is None:
        return counted
    limits = tool.limits
    has_tripped = registers.has_tripped_low and registers.remaining <= limits.alarm_2
    return replace(counted, parameters=limits.applied_to(registers.parameters), has_tripped_low=has_tripped)


def _learnt(registers: Registers, tool: ToolContent) -> Registers:
    """New keys beside the old ones, and from now on under them; kept before anything is written on the card."""
    if tool.new_keys is None or tool.mandate is None:
        return registers
    versions = tuple(sorted({*registers.key_versions, tool.new_keys.version}))
    return replace(registers, key_versions=versions, key_version=versions[-1], taught_by=tool.mandate.number)


def place_for(tool: ToolContent, meter: MeterNo) -> RecordPlace | None:
    """Where this meter writes: on the place that bears its number, else on the first empty one.

    The one place of a key card is its own, whatever stands there: no other meter takes that card.
    """
    if tool.new_keys is not None:
        return next(iter(tool.places), None)
    own = [place for place in tool.places if place.meter == meter]
    empty = [place for place in tool.places if place.state is RecordState.EMPTY]
    return next(iter(own + empty), None)


def record_of(told: WriteBack) -> FieldRecord:
    """What goes on the card, of a write-back as its fields hold it."""
    return FieldRecord(
        meter=told.meter,
        running_low=told.running & 0xFFFF,
        sequence_low=told.sequence & 0xFFFF,
        used_total=told.used_total,
        remaining=told.remaining,
        zero_crossing=min(told.zero_crossing, MOST_CROSSED),
        illegal_low=told.illegal_cards & 0xFF,
        overload_low=told.overload_trips & 0xFF,
        tamper_low=told.tamper_events & 0xFF,
        status=told.status,
        hour=hour_of(told.meter_time),
    )


def cleared(registers: Registers, final: FieldRecord) -> Registers:
    """A meter without supply, whose register of use goes on where the clear card took it."""
    return Registers(
        meter=registers.meter,
        key_version=registers.key_version,
        used_total=final.used_total,
        used_before_month=final.used_total,
        is_cover_open=registers.is_cover_open,
        has_power=registers.has_power,
        time=registers.time,
        running=registers.running,
        area=registers.area,
        mains_since=registers.mains_since,
        final=final,
        barred=registers.barred if registers.supply is None else (*registers.barred, registers.supply),
        # A meter that lost its keys would never take a card again.
        key_versions=registers.key_versions,
        taught_by=registers.taught_by,
    )
