"""What the meter will do with the next order, asked before money is taken (row S1): pure, so that each key may ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from vending_app.domain.card import Order, WriteBack
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.foreseen import Foresee, Foreseen
from vending_app.domain.ids import DeskNo
from vending_app.domain.meter import MeterDecision
from vending_app.domain.people import SupplyFile

NO_KEY = 0
"""Which key signs an order changes nothing that a meter decides."""


@dataclass(frozen=True, slots=True)
class Preview:
    """The reference meter of one supply, as it wrote back last."""

    foresee: Foresee
    supply: SupplyFile
    last: WriteBack | None
    at: datetime
    desk: DeskNo

    def of(self, energy: Energy) -> Foreseen | None:
        """The outcome of the order that this purchase would write; None for a supply without a card."""
        card = self.supply.card
        if card is None:
            return None
        order = order_after(self.supply, energy, at=self.at, desk=self.desk, key_version=NO_KEY)
        return self.foresee(self.last, order, card)


def order_after(supply: SupplyFile, energy: Energy, *, at: datetime, desk: DeskNo, key_version: int) -> Order:
    """The order after the last reserved one: the total so far and this purchase, all parameters absolute."""
    return Order(
        meter=supply.meter.number,
        supply=supply.number,
        generation=supply.generation,
        sequence=supply.sequence + 1,
        energy_total=supply.energy_total + energy,
        last_purchase=energy,
        purchases=supply.purchases + 1,
        parameters=supply.parameters,
        sold_at=at.replace(microsecond=0),
        desk=desk,
        key_version=key_version,
    )


def refusal(foreseen: Foreseen | None, energy: Energy, *, at_most: Energy | None) -> OperatorError | None:
    """Why this much is not sold: the meter would refuse it. `at_most` is what the hoarding limit still allows.

    Where nobody can ask the meter, its limit alone decides.
    """
    if at_most is None:
        return None
    is_refused = foreseen.decision is MeterDecision.OVER_HOARDING if foreseen is not None else energy > at_most
    if not is_refused:
        return None
    return OperatorError(Code.AMOUNT_OVER_HOARDING, at_most=at_most, over=energy - at_most, asked=energy)
