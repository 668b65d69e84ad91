"""Blank cards: how many lie in the box of each desk, and everything that moved them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vending_app.domain.ids import CardNo, DeskNo, SaleId

LOW = 20
"""Cards of a desk below which somebody should order, unless its office says otherwise: a week of a busy technician."""


def retired_reference(card: CardNo) -> str:
    """Where a blank card that comes back into the box came from."""
    return f"card {card}, retired"


class StockVerb(StrEnum):
    """What moved the stock."""

    RECEIVE = "receive"
    TAKE = "take"
    """A card was issued; no person enters it."""
    SPOIL = "spoil"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class StockMove:
    """One line of a desk's stock."""

    verb: StockVerb
    change: int
    """Below zero for what went out; of a count its difference."""
    level: int
    """What lay there afterwards by the books; below zero where cards were used that nobody entered."""
    at: datetime
    reference: str = ""
    """Of a delivery: its note."""
    reason: str = ""
    sale: SaleId | None = None
    """Of a take: the issue."""
    mandate: int | None = None
    """Of a take: the tool card."""
    operator: str = ""


@dataclass(frozen=True, slots=True)
class CardStock:
    """The box of one desk, and what all desks have together."""

    desk: DeskNo
    here: int
    office: int
    is_counted: bool
    """Whether anybody ever received or counted cards at this desk; else its level means nothing."""
    moves: tuple[StockMove, ...] = ()
    """Of this desk, newest first."""
    low: int = LOW
    """Below so many somebody should order."""

    @property
    def needs_count(self) -> bool:
        """The box holds something else than the books say, and everybody can see it."""
        return not self.is_counted or self.here < 0

    @property
    def is_low(self) -> bool:
        return not self.needs_count and self.here < self.low
