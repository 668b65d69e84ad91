"""The slips of payments: a refund is signed for, arrears say what is still owed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

from tests.documents.builders import OFFICE, a_payment, a_supply
from tests.documents.reading import lines, out_of_bounds
from vending_app.documents.papers import Papers
from vending_app.documents.slip import Manner
from vending_app.domain.payment import Payment, PaymentKind

PAPERS = Papers(Manner(zone=UTC))
LONG = "عبد الرحمن بن محمد الخطيب Wolfeschlegelsteinhausenbergerdorff " * 4


def a_pdf(payment: Payment) -> bytes:
    return PAPERS.payment_slip(payment, office=OFFICE, supply=a_supply())


def test_a_refund_is_paid_out_and_signed_for() -> None:
    text = lines(a_pdf(a_payment()))
    said = ["Refund", "2-P000012", "14 Nov 2025, 10:42", "Desk 2, ana", "Amara Okafor", "0000 0017"]
    said += ["Wrong amount typed", "PAID OUT", "€ 50.00", "Cash", "Received by the customer"]
    assert [word for word in said if word not in text] == []
    assert "Still owed" not in text


def test_arrears_that_are_paid_tell_how_and_what_is_left() -> None:
    text = lines(a_pdf(a_payment(PaymentKind.ARREARS)))
    said = ["Payment", "PAID", "Cheque", "Cheque 004417 of Eastfield Savings", "Still owed", "54.30"]
    assert [word for word in said if word not in text] == []
    assert "Received by the customer" not in text


def test_long_names_and_reasons_stay_on_the_paper() -> None:
    payment = replace(a_payment(), reason=LONG, reference=LONG)
    customer = replace(a_supply().customer, name=LONG)
    supply = replace(a_supply(), customer=customer)
    pdf = PAPERS.payment_slip(payment, office=replace(OFFICE, is_practice=True), supply=supply)
    assert out_of_bounds(pdf) == []
    assert "PRACTICE" in lines(pdf)
