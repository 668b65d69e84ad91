"""Use cases of the blank cards of a desk."""

from __future__ import annotations

from dataclasses import dataclass

from vending_app.domain.card_stock import CardStock
from vending_app.domain.ids import ApprovalId, CardNo, ReaderName, SupplyNo


@dataclass(frozen=True, slots=True)
class ShowCardStock:
    """What lies at this desk, and what moved it. Answer: CardStock."""


@dataclass(frozen=True, slots=True)
class ReceiveCards:
    """A delivery came. Answer: CardStock. Refused: record-refused for a number that cannot be."""

    count: int
    reference: str = ""
    """Of its delivery note."""
    approval: ApprovalId | None = None


@dataclass(frozen=True, slots=True)
class SpoilCards:
    """Blank cards were thrown away. Answer: CardStock. Refused: reason-missing, record-refused."""

    count: int
    reason: str
    approval: ApprovalId | None = None


@dataclass(frozen=True, slots=True)
class CountCards:
    """So many lie in the box. Answer: CardStock.

    Refused: reason-missing where it is another number than the books say; the first count needs none.
    """

    counted: int
    reason: str = ""
    approval: ApprovalId | None = None


@dataclass(frozen=True, slots=True)
class RetireCard:
    """Make this card blank again, which lies in the reader and nobody needs any more; always with an approval.

    Answer: CardRetired. Refused: card-swapped for any other card, card-blank, card-foreign, card-is-tool, card-unknown,
    card-in-use, card-unproved, sale-interrupted, card-torn, card-not-cleared, and as the chip refuses (psc-wrong, …);
    before the books tell of it key-version-unknown if its keys are not in use here, or an order on it is of such, and
    card-locked, card-last-try, card-tries-untold.
    """

    card: CardNo | None = None
    """None for one that is blank already, where nobody heard whether it was done, if its chip has a number of its own;
    of any other blank card the number that it had, as somebody knows it."""
    reader: ReaderName | None = None
    approval: ApprovalId | None = None


@dataclass(frozen=True, slots=True)
class CardRetired:
    """A blank card, and the box of this desk with one more in it."""

    card: CardNo
    """The number that it had."""
    supply: SupplyNo
    chip: str
    stock: CardStock


Approvable = ReceiveCards | SpoilCards | CountCards | RetireCard
"""What needs somebody's approval, or may where an office demands it; given in its field `approval`."""
