"""A card that carries an order of this office which these books do not know: sold elsewhere, or after a backup."""

from __future__ import annotations

from dataclasses import dataclass

from vending_app.domain.card import CardImage, Order, RecordState
from vending_app.domain.energy import Energy
from vending_app.domain.ids import SupplyNo
from vending_app.domain.people import SupplyFile


@dataclass(frozen=True, slots=True)
class CardAhead:
    """The newest order on a card, and where the books stood when it was seen."""

    supply: SupplyNo
    sequence: int
    energy_total: Energy
    known_sequence: int
    """The highest ever reserved."""
    known_total: Energy

    @property
    def orders(self) -> int:
        """How many numbers the books lack."""
        return self.sequence - self.known_sequence

    @property
    def energy(self) -> Energy:
        """What the card carries beyond the books; below nothing if what they lack took energy back."""
        return self.energy_total - self.known_total


def unknown_order(image: CardImage, supply: SupplyFile) -> Order | None:
    """The newest order on a card, if these books never gave its number."""
    order = image.order
    return order if order is not None and order.sequence > supply.sequence else None


def hides_order(image: CardImage, known: int) -> bool:
    """Whether a slot carries an order newer than this sequence under keys that are missing here.

    What it says nobody here can prove; but it may be paid for, and whoever has its keys can tell.
    """
    hidden = [slot.told for slot in image.slots if slot.state is RecordState.NO_KEY]
    return any(told is None or told.sequence > known for told in hidden)


def card_ahead(image: CardImage, supply: SupplyFile) -> CardAhead | None:
    """By how much a card is ahead of the books; None for one that is not."""
    order = unknown_order(image, supply)
    if order is None:
        return None
    return CardAhead(supply.number, order.sequence, order.energy_total, supply.sequence, supply.energy_total)
