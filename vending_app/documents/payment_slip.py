"""The slip of money that buys no energy: arrears paid, or a refund paid out, which the customer signs for."""

from __future__ import annotations

from dataclasses import dataclass

from vending_app.documents.sheet import fitting, width
from vending_app.documents.slip import GAP, INNER, LEFT, RIGHT, TEXT, Slip
from vending_app.domain.ids import spaced
from vending_app.domain.payment import Payment, PaymentKind
from vending_app.domain.people import SupplyFile


@dataclass
class PaymentSlip(Slip):
    """One payment."""

    payment: Payment
    supply: SupplyFile

    def draw(self) -> bytes:
        """All of it. The same arguments give the same bytes."""
        words, is_refund = self.words, self.payment.kind is PaymentKind.REFUND
        title, number = words.refund if is_refund else words.arrears_payment, self.payment.number or ""
        self.banner(0)
        self.head()
        self.title(title, number)
        self.who()
        self.sum(words.paid_out if is_refund else words.paid)
        if is_refund:
            self.signature(words.received_by)
        else:
            self.y += 21
            self.dashes()
            self.row(words.still_owed_now, str(self.supply.arrears))
        self.y += 40
        self.sheet.text(LEFT, self.y, words.keep, TEXT)
        return self.pdf(f"{title} {number}")

    def who(self) -> None:
        """When, at which desk, for whom, and why."""
        words, payment = self.words, self.payment
        desk = words.desk.format(desk=payment.desk, cashier=payment.operator)
        self.y = self.pair(LEFT, self.y + 37, self.moment(payment.at), desk, TEXT) + 20
        self.dashes()
        self.y += 5
        self.row(words.customer, self.supply.customer.name)
        self.row(words.supply, spaced(self.supply.number))
        if payment.reason:
            self.row(words.reason, payment.reason)

    def sum(self, label: str) -> None:
        """What was paid, and how."""
        words, payment = self.words, self.payment
        self.y += 21
        self.sheet.rule(LEFT, RIGHT, self.y, 4)
        self.y += 65
        total = f"{self.office.currency} {payment.amount}"
        size = fitting(total, 65, INNER - width(label, 36, bold=True) - GAP, bold=True)
        self.sheet.text(LEFT, self.y, label, 36, bold=True)
        self.sheet.text_right(RIGHT, self.y, total, size, bold=True)
        self.y += 10
        self.row(words.tender[payment.tender], str(payment.amount))
        if payment.reference:
            self.row(words.reference, payment.reference)
