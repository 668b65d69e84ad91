"""What a meter will do with the card that is about to be handed over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from vending_app.domain.card import Order, WriteBack
from vending_app.domain.energy import Energy
from vending_app.domain.ids import CardNo
from vending_app.domain.meter import MeterDecision


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The outcome by the registers that the meter last wrote back; what was used since is not known."""

    decision: MeterDecision
    credited: Energy
    """May be below zero after a reversal."""
    remaining: Energy
    """What the meter would have then."""

    @property
    def is_taken(self) -> bool:
        """Whether the meter takes the order."""
        return self.decision is MeterDecision.CREDITED


Foresee = Callable[[WriteBack | None, Order, CardNo], Foreseen]
"""From the newest write-back (None for a meter that never wrote one) and the order on the card."""
