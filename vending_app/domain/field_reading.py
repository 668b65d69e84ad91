"""What a record from the field means: the write-back that it is the short form of (docs/card-format.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vending_app.domain.card import WriteBack
from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.ids import MeterNo, SupplyNo
from vending_app.domain.tool_card import FieldRecord

MOST_CROSSED = Energy.from_card_units(2**24 - 1)
"""Where the register of energy past zero stops on a tool card."""
HIGHEST_COUNT = 0xFFFF
"""Where a counter stops in a write-back."""


class FieldOutcome(StrEnum):
    """What became of a record that was read in."""

    COUNTED = "counted"
    """It is the newest that the meter told: its energy is posted."""
    OLDER = "older"
    """The customer's card, or another round, told something newer already."""
    CLEARED = "cleared"
    """The meter was cleared since: it starts from nothing and moves no energy."""
    NO_SUPPLY = "no-supply"
    """The meter feeds nobody: kept and shown."""


@dataclass(frozen=True, slots=True)
class OrderTold:
    """Of the order that a meter last accepted: its sequence, and its totals as far as the books have them."""

    sequence: int
    energy_total: Energy | None = None
    purchases: int = 0


@dataclass(frozen=True, slots=True)
class FieldReading:
    """One record as the books keep it."""

    mandate: int
    record: bytes
    """The 32 bytes of the card."""
    write_back: WriteBack
    """What it means, whole."""
    supply: SupplyNo | None
    customer: str
    outcome: FieldOutcome
    used: Energy | None
    """Since the reading before; None where nothing is counted."""
    at: datetime
    """When it was read in."""
    is_new: bool = False
    """Whether it came in just now."""

    @property
    def meter(self) -> MeterNo:
        return self.write_back.meter


def completed(
    record: FieldRecord, last: WriteBack | None, order: OrderTold, *, initial: Energy, key_version: int
) -> WriteBack:
    """The whole write-back of a record, by the newest one that is known and the order that the meter accepted.

    `initial` is what the meter's register of use showed when its supply began.
    """
    running = nearest(record.running_low, last.running if last else None, bits=16)
    is_newer = last is None or running > last.running

    def count(low: int, known: int) -> int:
        return min(risen(low, known, bits=8, is_newer=is_newer), HIGHEST_COUNT)

    by_registers = record.used_total - initial + record.remaining
    return WriteBack(
        meter=record.meter,
        sequence=order.sequence,
        used_total=record.used_total,
        remaining=record.remaining,
        energy_total=by_registers if order.energy_total is None else order.energy_total,
        zero_crossing=_crossed(record, last),
        purchases=order.purchases,
        illegal_cards=count(record.illegal_low, last.illegal_cards if last else 0),
        overload_trips=count(record.overload_low, last.overload_trips if last else 0),
        low_credit_trips=last.low_credit_trips if last else 0,
        tamper_events=count(record.tamper_low, last.tamper_events if last else 0),
        power_failures=last.power_failures if last else 0,
        power_max_w=last.power_max_w if last else 0,
        status=record.status,
        last_month=last.last_month if last else NO_ENERGY,
        meter_time=_time(record, last, is_newer=is_newer),
        running=running,
        key_version=key_version,
    )


def nearest(low: int, known: int | None, *, bits: int) -> int:
    """The number with these low bits that is nearest to the known one; serial numbers as in RFC 1982."""
    if known is None:
        return low
    whole, half = 1 << bits, 1 << (bits - 1)
    ahead = (low - known + half) % whole - half
    return known + ahead if known + ahead >= 0 else low


def risen(low: int, known: int, *, bits: int, is_newer: bool) -> int:
    """A counter with these low bits: not below the known one; of an older record not above it."""
    whole = 1 << bits
    if is_newer:
        return known + (low - known) % whole
    return max(known - (known - low) % whole, low)


def _crossed(record: FieldRecord, last: WriteBack | None) -> Energy:
    if last is not None and record.zero_crossing == MOST_CROSSED:
        return max(last.zero_crossing, MOST_CROSSED)
    return record.zero_crossing


def _time(record: FieldRecord, last: WriteBack | None, *, is_newer: bool) -> datetime:
    """Within the hour of the record, and not before what was told in that very hour."""
    if last is None or not is_newer or last.meter_time.replace(minute=0, second=0, microsecond=0) != record.hour:
        return record.hour
    return last.meter_time
