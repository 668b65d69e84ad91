"""A technician's procedure that was done, as the slip tells it that customer and technician sign."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from vending_app.domain.ids import CardNo, DeskNo, OperatorName, SupplyNo
from vending_app.domain.people import SupplyFile
from vending_app.domain.records import MeterChange, Settlement
from vending_app.domain.sale import Sale

Outcome = Sale | MeterChange | Settlement
"""A card that was re-issued, a meter that was changed, a supply that was closed."""


def supplies_of(outcome: Outcome) -> tuple[SupplyNo, ...]:
    """The supply to which it was done, and the one that took over, if one did."""
    match outcome:
        case Sale():
            return (outcome.intent.order.supply,)
        case MeterChange():
            return outcome.old, outcome.new
        case Settlement():
            return (outcome.supply,)


@dataclass(frozen=True, slots=True)
class Procedure:
    """What was done, to whom, by whom."""

    outcome: Outcome
    supply: SupplyFile
    """As it stands afterwards; of a meter change the one that ended."""
    desk: DeskNo
    operator: OperatorName
    old_card: CardNo | None = None
    """The card that a new one replaced."""

    @property
    def at(self) -> datetime:
        """When it was done."""
        return self.outcome.intent.at if isinstance(self.outcome, Sale) else self.outcome.at
