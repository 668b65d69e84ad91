"""The commercial event and its life: pending, in doubt, posted or voided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vending_app.domain.card import CardWrite, Order
from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.ids import DeskNo, OperatorName, ReceiptNo, SaleId, ShiftNo
from vending_app.domain.money import ZERO, Money
from vending_app.domain.quote import Quote
from vending_app.domain.records import CardEnd


class Purpose(StrEnum):
    """Why an order is written on a card."""

    SALE = "sale"
    ISSUE = "issue"
    REVERSAL = "reversal"
    """A lower total that takes a posted sale back."""
    CANCELLATION = "cancellation"
    """The total as it was, under a sequence of its own: after a void, whatever the card hid (card-format.md).

    Or the total that the meter has, when a supply ends with energy on its card: it takes that off the card.
    """

    @property
    def has_receipt(self) -> bool:
        """Whether it is commerce, and has a price and a receipt number."""
        return self is Purpose.SALE or self is Purpose.REVERSAL


class SaleState(StrEnum):
    """Posted and voided are final; the two others wait for the card."""

    PENDING = "pending"
    IN_DOUBT = "in_doubt"
    POSTED = "posted"
    VOIDED = "voided"

    @property
    def is_final(self) -> bool:
        return self is SaleState.POSTED or self is SaleState.VOIDED


class TenderKind(StrEnum):
    """How the customer pays."""

    CASH = "cash"
    BANK_CARD = "card"
    MOBILE = "mobile"
    CHEQUE = "cheque"


@dataclass(frozen=True, slots=True)
class Tender:
    """What the customer hands over."""

    kind: TenderKind
    received: Money
    reference: str = ""


@dataclass(frozen=True, slots=True)
class SaleIntent:
    """Everything that must be durable before the card is touched.

    A sale has a quote and a tender; a reversal the quote of its sale turned round, and no tender; an issue and a
    cancellation cost nothing and sell nothing, but they write an order all the same.
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
    undoes: SaleId | None = None
    """The sale that a reversal takes back, or whose void a cancellation follows; at an end the newest order."""
    reason: str = ""
    """Why it is undone, in the words of whoever does it."""
    fee: Money = ZERO
    """Of an issue: what the card or the connection costs; owed until it is paid at a till."""
    carried: Energy = NO_ENERGY
    """Of a first issue after a meter change: what the old meter left over. Of a cancellation at the end of a supply,
    and below zero: what it takes off the card."""
    ends: CardEnd | None = None
    """Of an issue: why the card before it is replaced."""

    @property
    def energy(self) -> Energy:
        """What the order adds to the total, before a reversal's sign."""
        return self.quote.energy if self.quote else self.carried


@dataclass(frozen=True, slots=True)
class Sale:
    """An intent and what became of it."""

    intent: SaleIntent
    state: SaleState
    resolved_at: datetime | None = None
    receipt: ReceiptNo | None = None
    """Given when the sale is posted; gapless per desk. An issue and a cancellation have none."""
    customer_name: str = ""
    operator_name: str = ""
    is_printed: bool = False
    corrected: Tender | None = None
    """How it was paid after all, if it was booked wrongly first."""
    reversed_by: SaleId | None = None
    """The posted reversal that took it back."""
    fingerprint: str = ""
    """First 8 figures of the hash of the journal row that posted it: what a receipt proves the books by."""

    @property
    def id(self) -> SaleId:
        return self.intent.id

    @property
    def finished_elsewhere(self) -> DeskNo | None:
        """The desk that posted it, where another one had begun it: it gave the receipt, and there the sale counts."""
        desk = DeskNo(int(self.receipt.partition("-")[0])) if self.receipt else self.intent.desk
        return desk if desk != self.intent.desk else None

    @property
    def amount(self) -> Money:
        return self.intent.quote.total if self.intent.quote else Money(0)

    @property
    def tender(self) -> Tender | None:
        """How it was paid."""
        return self.corrected or self.intent.tender

    @property
    def change(self) -> Money:
        """What goes back over the counter."""
        return self.tender.received - self.amount if self.tender else Money(0)
