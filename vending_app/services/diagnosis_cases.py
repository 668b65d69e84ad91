"""Use cases of whoever looks for what is wrong with a card (row T4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vending_app.domain.card import PastOrder
    from vending_app.domain.card_fields import CardField
    from vending_app.domain.ids import ApprovalId, ReaderName, SaleId
    from vending_app.domain.sale import Sale
    from vending_app.services.use_cases import CardReading


@dataclass(frozen=True, slots=True)
class DiagnoseCard:
    """Everything about the card in the reader. Answer: Diagnosis."""

    reader: ReaderName | None = None


@dataclass(frozen=True, slots=True)
class RepairCard:
    """Write this posted order, or the header of this issue, on the card in the reader that lacks it.

    Answer: Diagnosis, of the card as it is then.

    Refused: card-not-repairable for a card that lacks nothing, or that the books know nothing for; card-swapped for one
    that lacks something else; sale-interrupted, and what a chip may refuse before it is written. Broken off:
    sale-in-doubt; do it again.
    """

    sale: SaleId
    """As `Diagnosis.repair` named it: whoever approves it sees whose card that is."""
    reader: ReaderName | None = None
    approval: ApprovalId | None = None


class Compared(StrEnum):
    """What stands on the card and in the books."""

    CARD = "card"
    SUPPLY = "supply"
    METER = "meter"
    GENERATION = "generation"
    SEQUENCE = "sequence"
    ENERGY_TOTAL = "energy-total"
    PURCHASES = "purchases"
    READ_LAST = "read-last"
    """The running number of the write-back."""
    PAST_ORDERS = "past-orders"
    """Orders that the card remembers and the books never made; told only where there are any."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One thing, as the card says it and as the books do; empty where one says nothing."""

    what: Compared
    on_card: str
    in_books: str

    @property
    def is_equal(self) -> bool:
        return self.on_card == self.in_books


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A card, looked at from all sides."""

    reading: CardReading
    fields: tuple[CardField, ...]
    atr: bytes
    uid: bytes
    """Empty for a chip without one."""
    milliseconds: int
    """How long the chip and its reader took to be recognised and read."""
    at: datetime
    history: tuple[PastOrder, ...]
    """The orders that the card remembers, newest first; none of a chip that remembers none, or that did not tell."""
    issue_begun: bool | None
    """Of a blank card, whether an issue was begun on it and not finished; None if its chip does not tell."""
    compared: tuple[Comparison, ...]
    """Nothing for a card that the books do not know, or not yet."""
    repair: Sale | None
    """Whose order belongs on the card and is not there; or what made a card that lost its header."""

    @property
    def lost_header(self) -> bool:
        """Whether it is the header that is written again."""
        return self.repair is not None and self.reading.image.header is None
