"""What may be asked about vending allowances, and the answers; frozen values, as every use case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from vending_app.domain.allowance import Allowance, SignedGrant
from vending_app.domain.energy import Energy
from vending_app.domain.ids import ApprovalId, DeskNo


@dataclass(frozen=True, slots=True)
class ShowAllowance:
    """Where a desk stands; None is this one. Answer: AllowanceShown."""

    desk: DeskNo | None = None


@dataclass(frozen=True, slots=True)
class AllowanceShown:
    """`allowance` is None for a desk that was never limited."""

    desk: DeskNo
    allowance: Allowance | None


@dataclass(frozen=True, slots=True)
class ListAllowances:
    """Where every desk stands. Answer: AllowancesShown."""


@dataclass(frozen=True, slots=True)
class AllowancesShown:
    """One of each desk of the books, by number."""

    desks: tuple[AllowanceShown, ...]


@dataclass(frozen=True, slots=True)
class GrantAllowance:
    """Let a desk sell so much from now on, always with an approval. Answer: AllowanceShown.

    Fails with allowance-amount for less than nothing or too much, allowance-day for a day that is over; desk-unknown.
    """

    desk: DeskNo
    energy: Energy | None
    """None lifts the limit."""
    until: date
    number: int | None = None
    """Of a grant for a desk with books of its own, which know the last one: it is only signed, nothing entered here."""
    approval: ApprovalId | None = None


@dataclass(frozen=True, slots=True)
class TakeGrant:
    """Enter a grant that came in a file. Answer: AllowanceShown. Fails with allowance-refused, desk-unknown."""

    signed: SignedGrant
    approval: ApprovalId | None = None


Approvable = GrantAllowance | TakeGrant
"""What needs a second person."""
