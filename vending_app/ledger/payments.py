"""Payments that buy no energy, and sales whose tender was booked wrongly."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import ActId, DeskNo, OperatorName, PaymentNo, ShiftNo, SupplyNo
from vending_app.domain.money import Money
from vending_app.domain.payment import Payment, PaymentKind, TenderCorrection
from vending_app.domain.sale import Purpose, Sale, SaleState, TenderKind
from vending_app.ledger import entries
from vending_app.ledger.books import Books, Row
from vending_app.ledger.codec import time_text
from vending_app.ledger.drawer import require_open
from vending_app.ledger.entries import Posting, post_entry
from vending_app.ledger.journal import acting
from vending_app.ledger.keeping import require_settled
from vending_app.ledger.kinds import Kind
from vending_app.ledger.repeats import repeated
from vending_app.ledger.sale_reading import sale as read_sale

NUMBERS_SKIPPED = 1000
"""Payment numbers of a desk that may have been given after a copy was made are never given again."""


def pay(books: Books, payment: Payment, *, request: str) -> Payment:
    """Post a payment and give it its number; the same id again gives back the first.

    Raises OperatorError books-restored, shift-closed, supply-unknown, payment-too-much (more than is owed),
    cash-not-there.
    """
    with books.writing():
        books.lock_supply(payment.supply)
        if repeated(books, "payments", payment.id, request):
            return _existing(books, payment.id)
        require_settled(books)
        require_open(books, payment.shift)
        _check_owed(books, payment)
        number = _next_number(books)
        kind = Kind.PAYMENT if payment.kind is PaymentKind.ARREARS else Kind.REFUND
        with acting(books, kind, at=payment.at) as page:
            page.insert("payments", _row(payment, number, request))
            post_entry(page, _postings(payment))
    return replace(payment, number=payment_no(books.desk, number))


def _next_number(books: Books) -> int:
    """The one after the newest of this desk; after a restoration so many are skipped."""
    newest = books.one(
        "SELECT number, journal FROM payments WHERE desk = ? ORDER BY number DESC LIMIT 1", (books.desk,)
    )
    last, journal = (newest["number"], newest["journal"]) if newest else (0, 0)
    restored = books.value("SELECT count(*) FROM restorations WHERE journal > ?", (journal,))
    return int(last + restored * NUMBERS_SKIPPED + 1)


def _check_owed(books: Books, payment: Payment) -> None:
    if books.value("SELECT 1 FROM supplies WHERE number = ?", (payment.supply,)) is None:
        raise OperatorError(Code.SUPPLY_UNKNOWN, supply=payment.supply)
    owed = Money(entries.balance(books, _owed(payment)))
    most = owed if payment.kind is PaymentKind.ARREARS else -owed
    if payment.amount > most:
        raise OperatorError(Code.PAYMENT_TOO_MUCH, most=most)
    is_cash_out = payment.kind is PaymentKind.REFUND and payment.tender is TenderKind.CASH
    if is_cash_out and payment.amount > Money(entries.till_balance(books, books.desk)):
        raise OperatorError(Code.CASH_NOT_THERE)


def _owed(payment: Payment) -> str:
    is_arrears = payment.kind is PaymentKind.ARREARS
    return entries.arrears(payment.supply) if is_arrears else entries.refund_due(payment.supply)


def _postings(payment: Payment) -> list[Posting]:
    came_in = payment.amount if payment.kind is PaymentKind.ARREARS else -payment.amount
    paid = entries.paid_in(payment.tender, payment.desk)
    return [entries.money(paid, came_in), entries.money(_owed(payment), -came_in)]


def _row(payment: Payment, number: int, request: str) -> Row:
    return {
        "id": payment.id,
        "kind": payment.kind.value,
        "desk": payment.desk,
        "number": number,
        "shift": payment.shift,
        "operator": payment.operator,
        "supply": payment.supply,
        "amount_minor": payment.amount.minor,
        "tender": payment.tender.value,
        "reference": payment.reference,
        "reason": payment.reason,
        "at": time_text(payment.at),
        "request": request,
    }


def _existing(books: Books, number: ActId) -> Payment:
    row = books.one("SELECT * FROM payments WHERE id = ?", (number,))
    assert row is not None, "an id that is repeated was stored"
    return _payment_of(row)


def payments(books: Books, shift: ShiftNo) -> tuple[Payment, ...]:
    """Of a shift, oldest first."""
    return tuple(map(_payment_of, books.all("SELECT * FROM payments WHERE shift = ? ORDER BY journal", (shift,))))


def _payment_of(row: Row) -> Payment:
    return Payment(
        id=ActId(row["id"]),
        kind=PaymentKind(row["kind"]),
        supply=SupplyNo(row["supply"]),
        amount=Money(row["amount_minor"]),
        tender=TenderKind(row["tender"]),
        desk=DeskNo(row["desk"]),
        shift=ShiftNo(row["shift"]),
        operator=OperatorName(row["operator"]),
        at=datetime.fromisoformat(row["at"]),
        reference=row["reference"],
        reason=row["reason"],
        number=payment_no(row["desk"], row["number"]),
    )


def payment_no(desk: int, number: int) -> PaymentNo:
    """`2-P000012`."""
    return PaymentNo(f"{desk}-P{number:06d}")


def refund_due(books: Books, supply: SupplyNo) -> Money:
    """What reversals owe the customer."""
    return -Money(entries.balance(books, entries.refund_due(supply)))


# --- corrections -----------------------------------------------------------------------------------------


def correct_tender(books: Books, correction: TenderCorrection, *, request: str) -> Sale:
    """Move a posted sale's money from one tender to another, while its shift is open.

    Raises OperatorError sale-unknown, correction-too-late, correction-elsewhere (another desk finished the sale: its
    commerce stands in that desk's journal, its money in this desk's drawer), tender-same, shift-closed, sale-id-reused.
    """
    with books.writing():
        found = _correctable(books, correction)
        if repeated(books, "tender_corrections", correction.id, request):
            return found
        assert found.tender is not None, "a posted sale was paid"
        if found.tender.kind is correction.tender:
            raise OperatorError(Code.TENDER_SAME, tender=correction.tender.value)
        with acting(books, Kind.TENDER, at=correction.at) as page:
            page.insert("tender_corrections", _correction_row(correction, found.tender.kind, request))
            was, now = (entries.paid_in(kind, books.desk) for kind in (found.tender.kind, correction.tender))
            post_entry(page, [entries.money(was, -found.amount), entries.money(now, found.amount)])
    return _correctable(books, correction)


def _correctable(books: Books, correction: TenderCorrection) -> Sale:
    found = read_sale(books, correction.sale)
    if found is None or found.intent.purpose is not Purpose.SALE or found.state is not SaleState.POSTED:
        raise OperatorError(Code.SALE_UNKNOWN, sale=correction.sale)
    if found.intent.shift != correction.shift:
        raise OperatorError(Code.CORRECTION_TOO_LATE, sale=correction.sale)
    require_open(books, correction.shift)
    finished_at = books.value(_FINISHED_AT, (correction.sale,))
    if finished_at != books.desk:
        raise OperatorError(Code.CORRECTION_ELSEWHERE, sale=correction.sale, desk=DeskNo(finished_at))
    return found


_FINISHED_AT = """
SELECT journal.desk FROM sale_events JOIN journal ON journal.id = sale_events.journal
WHERE sale = ? AND state = 'posted'
"""


def _correction_row(correction: TenderCorrection, was: TenderKind, request: str) -> Row:
    return {
        "id": correction.id,
        "sale": correction.sale,
        "shift": correction.shift,
        "operator": correction.operator,
        "was": was.value,
        "tender": correction.tender.value,
        "reference": correction.reference,
        "reason": correction.reason,
        "at": time_text(correction.at),
        "request": request,
    }
