"""A cashier's period at a desk, in its first form: opened with a float, closed by a blind count (row C3)."""

from __future__ import annotations

from dataclasses import dataclass

from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import DeskNo
from vending_app.domain.money import ZERO, Money
from vending_app.domain.people import Operator, Shift
from vending_app.ports import Clock, Ledger


@dataclass(frozen=True, slots=True)
class Shifts:
    """Opens and closes shifts; one per desk."""

    ledger: Ledger
    clock: Clock
    desk: DeskNo

    def open(self, float_cash: Money, *, operator: Operator) -> Shift:
        """Raises OperatorError amount-not-positive for a float below zero, shift-already-open."""
        _refuse_negative(float_cash)
        return self.ledger.open_shift(desk=self.desk, operator=operator.name, float_cash=float_cash, at=self.clock())

    def close(self, counted: Money) -> Shift:
        """Close with what was counted; the expected sum is told only now.

        Raises OperatorError shift-closed, shift-has-open-sales.
        """
        _refuse_negative(counted)
        shift = self.ledger.shift(desk=self.desk)
        if shift is None:
            raise OperatorError(Code.SHIFT_CLOSED)
        return self.ledger.close_shift(shift.number, counted=counted, at=self.clock())


def _refuse_negative(amount: Money) -> None:
    if amount < ZERO:
        raise OperatorError(Code.AMOUNT_NOT_POSITIVE, amount=amount)
