"""What the meter does with a card and with a load: pure functions from registers to registers.

The numbered rules are those of docs/card-format.md, "What the meter does with a card".
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from vending_app.domain.card import CardImage, CardKind, ImageState, MeterStatus, Order, WriteBack
from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.ids import CardNo
from vending_app.domain.meter import MeterDecision, MeterView, TripReason
from vending_app.meter.registers import Registers

RELAY_OPENS_IN_S = 1
"""What the load still draws while the relay opens at zero is zero-crossing energy (row S9)."""


def decide(registers: Registers, image: CardImage) -> tuple[MeterDecision, Registers]:
    """Rules 1 to 5: the decision on a card, and the registers after it. Nothing is written here."""
    if not registers.has_power:
        return MeterDecision.NO_POWER, registers
    if image.state is not ImageState.OURS or image.header is None or image.header.kind is not CardKind.USER:
        return MeterDecision.NOT_OURS, illegal(registers)
    order = _own(registers, image)
    if _names_another(registers, image, order):
        return MeterDecision.OTHER_METER, illegal(registers)
    if order is None:
        return MeterDecision.MAC_WRONG, illegal(registers)
    if order.supply in registers.barred or registers.supply not in {None, order.supply}:
        return MeterDecision.OTHER_SUPPLY, registers
    if order.generation < registers.generation:
        return MeterDecision.CARD_REPLACED, registers
    if order.generation == registers.generation and registers.card not in {None, image.header.card}:
        return MeterDecision.OTHER_CARD, registers
    return _take(_bind(registers, order, image.header.card), order)


def _own(registers: Registers, image: CardImage) -> Order | None:
    """The current order among those whose MAC this meter can prove; the others do not exist for it."""
    proved = [slot.order for slot in image.slots if slot.order is not None]
    own = [each for each in proved if each.meter == registers.meter and each.key_version in registers.key_versions]
    return max(own, key=lambda order: order.sequence, default=None)


def _names_another(registers: Registers, image: CardImage, own: Order | None) -> bool:
    """Whether the newest complete order is for another meter, whose key this one does not have."""
    told = [slot.told for slot in image.slots if slot.told is not None and slot.told.meter != registers.meter]
    return any(own is None or order.sequence > own.sequence for order in told)


def illegal(registers: Registers) -> Registers:
    """One more card that is refused as illegal."""
    return replace(registers, illegal_cards=registers.illegal_cards + 1)


def _bind(registers: Registers, order: Order, card: CardNo) -> Registers:
    # What a clear card took of the supply before is kept no longer.
    return replace(registers, supply=order.supply, generation=order.generation, card=card, final=None)


def _take(registers: Registers, order: Order) -> tuple[MeterDecision, Registers]:
    """Rule 4, then the release of rule 5."""
    if order.sequence < registers.sequence:
        return MeterDecision.OLD_ORDER, released(registers)
    if order.sequence == registers.sequence:
        return MeterDecision.NOTHING_NEW, released(registers)
    difference = order.energy_total - registers.energy_total
    hoarding = order.parameters.hoarding
    if hoarding and difference > NO_ENERGY and registers.remaining + difference > hoarding:
        return MeterDecision.OVER_HOARDING, released(registers)
    return MeterDecision.CREDITED, released(_credited(registers, order, difference))


def _credited(registers: Registers, order: Order, difference: Energy) -> Registers:
    remaining = registers.remaining + difference
    return replace(
        registers,
        sequence=order.sequence,
        key_version=max(registers.key_version, order.key_version),
        energy_total=order.energy_total,
        remaining=remaining,
        purchases=order.purchases,
        last_purchase=order.last_purchase,
        parameters=order.parameters,
        has_tripped_low=registers.has_tripped_low and remaining <= order.parameters.alarm_2,
    )


def released(registers: Registers) -> Registers:
    """A card closes the relay after a low-credit or overload trip; at zero it stays open until there is credit."""
    empty = registers.remaining <= -registers.parameters.overdraft
    return replace(registers, trip=TripReason.ZERO if empty else TripReason.NONE)


def use(registers: Registers, energy: Energy, *, power_w: int) -> Registers:
    """Let the load take energy until it is done or the relay opens.

    Opens for overload before anything is taken, however short the load lasts (row S6); once at the second alarm level
    (row S8); and at zero, where an overdraft limit lets it go that far below (row S9). Without mains nothing flows.
    """
    if registers.trip is not TripReason.NONE or not registers.has_power:
        return registers
    limit_w = registers.parameters.overload_w
    if limit_w and power_w > limit_w:
        trips = registers.overload_trips + 1
        return replace(_peak(registers, power_w), trip=TripReason.OVERLOAD, overload_trips=trips)
    seen = _peak(registers, power_w)
    return _draw(seen, energy, power_w=power_w) if energy > NO_ENERGY else seen


def _peak(registers: Registers, power_w: int) -> Registers:
    return replace(registers, power_max_w=max(registers.power_max_w, power_w))


def _draw(registers: Registers, energy: Energy, *, power_w: int) -> Registers:
    to_alarm = registers.remaining - registers.parameters.alarm_2
    # Below it already where a parameter card took the overdraft away: the relay opens, and nothing is given back.
    to_zero = max(registers.remaining + registers.parameters.overdraft, NO_ENERGY)
    trips_low = registers.parameters.alarm_2 and not registers.has_tripped_low and NO_ENERGY <= to_alarm <= energy
    if trips_low and to_alarm < to_zero:
        drawn = _taken(registers, to_alarm)
        trips = registers.low_credit_trips + 1
        return replace(drawn, trip=TripReason.LOW_CREDIT, has_tripped_low=True, low_credit_trips=trips)
    if energy < to_zero:
        return _taken(registers, energy)
    late = Energy(-(-power_w * RELAY_OPENS_IN_S // 3600))
    return replace(_taken(registers, min(energy, to_zero) + min(late, energy - to_zero)), trip=TripReason.ZERO)


def _taken(registers: Registers, energy: Energy) -> Registers:
    remaining = registers.remaining - energy
    past_zero = min(energy, -remaining) if remaining < NO_ENERGY else NO_ENERGY
    return replace(
        registers,
        remaining=remaining,
        used_total=registers.used_total + energy,
        zero_crossing=registers.zero_crossing + past_zero,
    )


def power_lost(registers: Registers) -> Registers:
    """The mains go away (row S14): the failure is counted, and every register is kept."""
    if not registers.has_power:
        return registers
    return replace(registers, has_power=False, power_failures=registers.power_failures + 1)


def power_back(registers: Registers) -> Registers:
    """The mains return; a relay that was open stays open, because only a card closes it."""
    return registers if registers.has_power else replace(registers, has_power=True, mains_since=registers.time)


def cover_opened(registers: Registers) -> Registers:
    """Somebody opens the cover (row S15). The switch has a battery: it counts without mains too."""
    if registers.is_cover_open:
        return registers
    return replace(registers, is_cover_open=True, tamper_events=registers.tamper_events + 1)


def cover_closed(registers: Registers) -> Registers:
    """The flag goes, the count stays until the office has seen it."""
    return replace(registers, is_cover_open=False)


def at_time(registers: Registers, now: datetime) -> Registers:
    """Move the meter's clock; a new month closes the one before. A clock set back changes nothing."""
    if now <= registers.time:
        return registers
    months = (now.year - registers.time.year) * 12 + now.month - registers.time.month
    if not months:
        return replace(registers, time=now)
    # Nothing was used in a month that the meter never saw.
    last_month = registers.used_total - registers.used_before_month if months == 1 else NO_ENERGY
    return replace(registers, time=now, last_month=last_month, used_before_month=registers.used_total)


def write_back_of(registers: Registers) -> WriteBack:
    """What the meter writes on the card: its registers as they stand."""
    return WriteBack(
        meter=registers.meter,
        sequence=registers.sequence,
        used_total=registers.used_total,
        remaining=registers.remaining,
        energy_total=registers.energy_total,
        zero_crossing=registers.zero_crossing,
        purchases=registers.purchases,
        illegal_cards=registers.illegal_cards,
        overload_trips=registers.overload_trips,
        low_credit_trips=registers.low_credit_trips,
        tamper_events=registers.tamper_events,
        power_failures=registers.power_failures,
        power_max_w=registers.power_max_w,
        status=status_of(registers),
        last_month=registers.last_month,
        meter_time=registers.time,
        running=registers.running,
        key_version=registers.key_version,
    )


def status_of(registers: Registers) -> MeterStatus:
    """The status flags."""
    flags = {
        MeterStatus.RELAY_OPEN: registers.trip is not TripReason.NONE,
        MeterStatus.LOW_CREDIT: registers.is_alarm,
        MeterStatus.LOW_CREDIT_TRIPPED: registers.trip is TripReason.LOW_CREDIT,
        MeterStatus.AT_ZERO: registers.remaining <= NO_ENERGY,
        MeterStatus.OVERLOAD_TRIPPED: registers.trip is TripReason.OVERLOAD,
        MeterStatus.COVER_OPEN: registers.is_cover_open,
    }
    status = MeterStatus(0)
    for flag, is_set in flags.items():
        status = status | flag if is_set else status
    return status


def view_of(registers: Registers) -> MeterView:
    """What the display can show."""
    return MeterView(
        meter=registers.meter,
        supply=registers.supply,
        remaining=registers.remaining,
        used_total=registers.used_total,
        energy_total=registers.energy_total,
        purchases=registers.purchases,
        last_purchase=registers.last_purchase,
        zero_crossing=registers.zero_crossing,
        alarm_1=registers.parameters.alarm_1,
        overload_w=registers.parameters.overload_w,
        constant_imp_per_kwh=registers.parameters.constant_imp_per_kwh,
        relay=registers.relay,
        reason=registers.trip,
        is_alarm=registers.is_alarm,
        power_max_w=registers.power_max_w,
        alarm_2=registers.parameters.alarm_2,
        last_month=registers.last_month,
        illegal_cards=registers.illegal_cards,
        overload_trips=registers.overload_trips,
        low_credit_trips=registers.low_credit_trips,
        tamper_events=registers.tamper_events,
        power_failures=registers.power_failures,
        is_cover_open=registers.is_cover_open,
        has_power=registers.has_power,
        time=registers.time,
    )
