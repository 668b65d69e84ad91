"""The cash drawer: what goes in and out besides sales, and what lies in it when it is counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import ActId, OperatorName, ShiftNo
from vending_app.domain.money import ZERO, Money

MOST_PIECES = 100_000
"""Of one note or coin in a drawer: more is a slip of the finger."""


class CashKind(StrEnum):
    """Why cash moves without a sale."""

    FROM_SAFE = "from-safe"
    TO_SAFE = "to-safe"
    PAID_IN = "paid-in"
    PAID_OUT = "paid-out"

    @property
    def is_in(self) -> bool:
        """Whether the drawer has more afterwards."""
        return self in {CashKind.FROM_SAFE, CashKind.PAID_IN}


@dataclass(frozen=True, slots=True)
class CashMovement:
    """Cash put into the drawer or taken out of it, with the reason in somebody's words."""

    id: ActId
    shift: ShiftNo
    kind: CashKind
    amount: Money
    """Above zero; the kind tells the direction."""
    reason: str
    at: datetime
    operator: OperatorName


DENOMINATIONS = tuple(Money(figure * 10**power) for power in range(4, -1, -1) for figure in (5, 2, 1))
"""The notes and coins that are counted, largest first: 500.00 down to 0.01 in the steps most currencies follow."""


@dataclass(frozen=True, slots=True)
class CashCount:
    """What was counted: so many pieces of each note and coin, or the sum alone."""

    total: Money
    pieces: tuple[tuple[Money, int], ...] = ()
    """Note or coin, and how many; empty if only the sum was given."""

    @classmethod
    def of_pieces(cls, pieces: tuple[tuple[Money, int], ...]) -> CashCount:
        """Raises OperatorError count-not-a-number for less than none of a piece, or more than a drawer holds."""
        if any(not 0 <= number <= MOST_PIECES for _, number in pieces):
            raise OperatorError(Code.COUNT_NOT_A_NUMBER)
        total = sum((piece * number for piece, number in pieces), ZERO)
        return cls(total, tuple((piece, number) for piece, number in pieces if number))


@dataclass(frozen=True, slots=True)
class Counted:
    """A count that is stored, and only then what should have been there (a blind count)."""

    shift: ShiftNo
    counted: Money
    expected: Money
    times: int
    """How often this drawer was counted; every count is kept."""

    @property
    def difference(self) -> Money:
        """Below zero if money is missing."""
        return self.counted - self.expected
