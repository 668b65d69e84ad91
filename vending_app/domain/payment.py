"""Money over the counter that buys no energy: arrears paid, and refunds paid out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vending_app.domain.ids import ActId, DeskNo, OperatorName, PaymentNo, SaleId, ShiftNo, SupplyNo
from vending_app.domain.money import Money
from vending_app.domain.sale import TenderKind


class PaymentKind(StrEnum):
    """Which way the money goes, and why."""

    ARREARS = "arrears"
    """A customer pays what he owes."""
    REFUND = "refund"
    """A customer is paid what a reversal owes him."""


@dataclass(frozen=True, slots=True)
class Payment:
    """One slip's worth of money; what becomes of it is known at once, so it is never in doubt."""

    id: ActId
    kind: PaymentKind
    supply: SupplyNo
    amount: Money
    """Above zero; the kind tells the direction."""
    tender: TenderKind
    desk: DeskNo
    shift: ShiftNo
    operator: OperatorName
    at: datetime
    reference: str = ""
    reason: str = ""
    number: PaymentNo | None = None
    """Given when it is posted; gapless per desk."""


@dataclass(frozen=True, slots=True)
class TenderCorrection:
    """A sale was booked as paid one way and was paid another."""

    id: ActId
    sale: SaleId
    tender: TenderKind
    shift: ShiftNo
    operator: OperatorName
    at: datetime
    reason: str
    reference: str = ""
