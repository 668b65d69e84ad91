"""The part of the ledger about vending allowances."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from vending_app.domain.allowance import Allowance, SignedGrant
from vending_app.domain.ids import DeskNo


class AllowanceBooks(Protocol):
    """What desks may sell; a desk without a grant is not limited."""

    def enter_grant(self, signed: SignedGrant, *, at: datetime) -> None:
        """It holds from now on. Raises OperatorError allowance-refused for one that is not newer, desk-unknown."""

    def newest_grant(self, desk: DeskNo) -> int:
        """Its number; 0 without one."""

    def allowance(self, desk: DeskNo) -> Allowance | None:
        """Where a desk stands. `reserve` asks the same in its transaction: allowance-over, allowance-spent."""
