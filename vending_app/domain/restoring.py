"""What reveals sales that a restored copy of the books does not know: receipts on paper, cards, and other copies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vending_app.domain.closing import FINGERPRINT_FIGURES
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import DeskNo, ReceiptNo
from vending_app.domain.sale import SaleIntent

LONGEST_NUMBER = 15
_HEXADECIMAL = frozenset("0123456789ABCDEF")


@dataclass(frozen=True, slots=True, order=True)
class PaperReceipt:
    """What a receipt on paper tells: its number, and the mark of the books (the first 8 figures of its row's hash)."""

    desk: DeskNo
    number: int
    """0 for a desk that never printed one."""
    mark: str = ""
    """Empty if the paper has none, or if it was not typed."""

    @property
    def receipt(self) -> ReceiptNo:
        return ReceiptNo(f"{self.desk}-{self.number:06d}")

    @classmethod
    def parse(cls, text: str) -> PaperReceipt:
        """`2-004518:3F9A0C22`, spaces and small letters allowed. Raises OperatorError receipt-not-read."""
        number, _, mark = "".join(text.split()).upper().partition(":")
        desk, dash, count = number.partition("-")
        figures = all(part.isascii() and part.isdigit() and len(part) <= LONGEST_NUMBER for part in (desk, count))
        is_mark = not mark or (len(mark) == FINGERPRINT_FIGURES and set(mark) <= _HEXADECIMAL)
        if not dash or not figures or not is_mark:
            raise OperatorError(Code.RECEIPT_NOT_READ, text=text[:40])
        return cls(DeskNo(int(desk)), int(count), mark)


class Found(StrEnum):
    """What these books say of a receipt on paper."""

    KNOWN = "known"
    """There, with the same mark, or without one to compare."""
    OTHER = "other"
    """The number is there with another mark: the paper is of a sale that these books lost, or is no paper of ours."""
    LATER = "later"
    """A number that this desk has not reached: sold after the copy was made."""
    MISSING = "missing"
    """Below the newest and yet not there: given up as lost when the books were restored."""


@dataclass(frozen=True, slots=True)
class ReceiptFinding:
    """One receipt held against the books."""

    paper: PaperReceipt
    found: Found
    known_mark: str = ""


@dataclass(frozen=True, slots=True)
class Restoration:
    """These books come from a copy, and nobody has yet shown that nothing is missing."""

    made_at: datetime
    """Of the copy."""
    at: datetime
    backup: str
    """Fingerprint of the chain heads in the copy."""
    last_receipts: tuple[PaperReceipt, ...]
    """Of every desk, the last one that these books know; number 0 for a desk without."""


class Proof(StrEnum):
    """What shows that a sale was made."""

    CARD = "card"
    """The order stands on the card, with the right MAC."""
    PAPER = "paper"


@dataclass(frozen=True, slots=True)
class Reentry:
    """A sale that was made, and that a restored copy of the books does not know."""

    intent: SaleIntent
    """With the order as the card or the paper tells it; the quote has its arrears and, in one line, all the rest."""
    proof: Proof
    paper: PaperReceipt | None = None
