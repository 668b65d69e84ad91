"""The commercial event and its life: pending, in doubt, posted or voided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vending_app.domain.card import CardWrite, Order
from vending_app.domain.ids import DeskNo, OperatorName, ReceiptNo, SaleId, ShiftNo
from vending_app.domain.money import Money
from vending_app.domain.quote import Quote


class Purpose(StrEnum):
    """Why an order is written on a card."""

    SALE = "sale"
    ISSUE = "issue"


class SaleState(StrEnum):
    """Posted and voided are final; the two others wait for the card."""

    PENDING = "pending"
    IN_DOUBT = "in_doubt"
    POSTED = "posted"
    VOIDED = "voided"

    @property
    def is_final(self) -> bool:
        return self in {SaleState.POSTED, SaleState.VOIDED}


class TenderKind(StrEnum):
    """How the customer pays."""

    CASH = "cash"
    BANK_CARD = "card"
    MOBILE = "mobile"


@dataclass(frozen=True, slots=True)
class Tender:
    """What the customer hands over."""

    kind: TenderKind
    received: Money
    reference: str = ""


@dataclass(frozen=True, slots=True)
class SaleIntent:
    """Everything that must be durable before the card is touched.

    An issue has no quote and no tender: it costs nothing and sells nothing, but it writes an order all the same.
    """

    id: SaleId
    purpose: Purpose
    order: Order
    write: CardWrite
    desk: DeskNo
    operator: OperatorName
    at: datetime
    shift: ShiftNo | None = None
    quote: Quote | None = None
    tender: Tender | None = None
    request: str = ""
    """Canonical text of what was asked; the same id with another request is refused."""


@dataclass(frozen=True, slots=True)
class Sale:
    """An intent and what became of it."""

    intent: SaleIntent
    state: SaleState
    resolved_at: datetime | None = None
    receipt: ReceiptNo | None = None
    """Given when the sale is posted; gapless per desk. An issue has none."""
    customer_name: str = ""
    operator_name: str = ""
    is_printed: bool = False

    @property
    def id(self) -> SaleId:
        return self.intent.id

    @property
    def amount(self) -> Money:
        return self.intent.quote.total if self.intent.quote else Money(0)

    @property
    def change(self) -> Money:
        """What goes back over the counter."""
        tender = self.intent.tender
        return tender.received - self.amount if tender else Money(0)
