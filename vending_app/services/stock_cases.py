"""Use cases of the blank cards of a desk."""

from __future__ import annotations

from dataclasses import dataclass

from vending_app.domain.ids import ApprovalId, ReaderName


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
class ClearCard:
    """Make the card in the reader blank again, which nobody needs any more. Answer: CardStock, with one card more.

    Refused: card-blank, card-foreign, card-is-tool, card-unknown, card-in-use, sale-interrupted, card-cannot-clear.
    """

    reader: ReaderName | None = None
    approval: ApprovalId | None = None


Approvable = ReceiveCards | SpoilCards | CountCards | ClearCard
"""What an office may demand somebody's approval for, given in its field `approval`."""
