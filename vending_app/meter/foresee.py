"""The reference meter asked beforehand: what the device will do with an order, by the registers it last wrote back."""

from __future__ import annotations

from vending_app.domain.card import CardHeader, CardImage, CardKind, ImageState, Order, RecordState, Slot, WriteBack
from vending_app.domain.foreseen import Foreseen
from vending_app.domain.ids import CardNo
from vending_app.meter import rules
from vending_app.meter.registers import Registers


def foresee(last: WriteBack | None, order: Order, card: CardNo) -> Foreseen:
    """Let a meter with these registers decide on a card with this order; nothing is written anywhere."""
    before = _registers(last, order)
    header = CardHeader(CardKind.USER, 0, card, order.key_version)
    slot = Slot("A", RecordState.VALID, b"", order)
    decision, after = rules.decide(before, CardImage(ImageState.OURS, b"", header, (slot,)))
    return Foreseen(decision, after.energy_total - before.energy_total, after.remaining)


def _registers(last: WriteBack | None, order: Order) -> Registers:
    """What the meter had when it wrote back; one that never did is as it left the factory."""
    if last is None:
        return Registers(order.meter, key_versions=(order.key_version,))
    return Registers(
        meter=last.meter,
        supply=order.supply,
        # Which card the meter is bound to is not written back: the office's current card is never the older one.
        generation=order.generation,
        sequence=last.sequence,
        energy_total=last.energy_total,
        used_total=last.used_total,
        remaining=last.remaining,
        zero_crossing=last.zero_crossing,
        purchases=last.purchases,
        parameters=order.parameters,
        key_versions=(order.key_version,),
    )
