"""Identities of the trade. Numbers are text of a fixed count of figures, because zeros in front count."""

from __future__ import annotations

from typing import NewType

SupplyNo = NewType("SupplyNo", str)
"""8 figures."""
MeterNo = NewType("MeterNo", str)
"""12 figures."""
CardNo = NewType("CardNo", str)
"""12 figures."""
SaleId = NewType("SaleId", str)
"""A ULID, made by the desk before anything is asked of the ledger."""
OperatorName = NewType("OperatorName", str)
ApprovalId = NewType("ApprovalId", str)
"""32 hexadecimal figures, random."""
ShiftNo = NewType("ShiftNo", int)
DeskNo = NewType("DeskNo", int)
ReceiptNo = NewType("ReceiptNo", str)
"""`2-004518`: desk, then a number without gaps."""
ReaderName = NewType("ReaderName", str)
ActId = NewType("ActId", str)
"""A ULID made by the desk for an act that is no sale: cash moved, a payment, a correction."""
PaymentNo = NewType("PaymentNo", str)
"""`2-P000012`: desk, then a number without gaps but for 1000 at each restoration."""

JournalRow = NewType("JournalRow", int)
"""Which row of the journal, of whatever desk."""

ULID_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ULID_LENGTH = 26


def ulid(milliseconds: int, randomness: bytes) -> SaleId:
    """A ULID (github.com/ulid/spec): 48 bits of Unix time in milliseconds, then 80 random bits."""
    value = (milliseconds & (2**48 - 1)) << 80 | int.from_bytes(randomness[:10], "big")
    figures = (ULID_ALPHABET[(value >> shift) & 31] for shift in range(125, -1, -5))
    return SaleId("".join(figures))


def is_ulid(text: str) -> bool:
    """Whether the text could have come from `ulid`."""
    return len(text) == ULID_LENGTH and text[0] <= "7" and set(text) <= set(ULID_ALPHABET)


def masked(card: CardNo | str) -> str:
    """A card number as people may see it: four dots and its last four figures."""
    return f"•••• {card[-4:]}"


def spaced(number: str) -> str:
    """A long number in groups of four: `0000 1234 5678`."""
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))
