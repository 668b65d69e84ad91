"""Shifts: a float goes into the till, the till is counted out; the difference has an account of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from vending_app.domain.closing import Closing, ClosingKind, ShiftReport
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import DeskNo, OperatorName, SaleId, ShiftNo
from vending_app.domain.money import ZERO, Money
from vending_app.domain.payment import Payment, PaymentKind
from vending_app.domain.people import Shift
from vending_app.domain.permissions import Act
from vending_app.domain.sale import TenderKind
from vending_app.ledger import closings, drawer, entries, payments
from vending_app.ledger.books import Books, Row
from vending_app.ledger.codec import time_text
from vending_app.ledger.entries import post_entry
from vending_app.ledger.fold import Stretch, fold, last_row
from vending_app.ledger.journal import acting
from vending_app.ledger.kinds import Kind
from vending_app.ledger.sale_reading import open_sales_of
from vending_app.ports.book_keeping import Signer

_WHOLE = """
SELECT shifts.*, closing.at AS closed_at, counted_minor, expected_minor, reason, handed_to,
    (SELECT count(*) FROM journal AS line
     JOIN sale_events AS event ON event.journal = line.id AND event.state = 'posted'
     JOIN sales ON sales.id = event.sale AND purpose = 'sale'
     WHERE line.desk = shifts.desk AND line.number > opened.number
        AND (closed.number IS NULL OR line.number < closed.number)) AS sales
FROM shifts JOIN journal AS opened ON opened.id = shifts.journal
LEFT JOIN shift_closings AS closing ON closing.shift = shifts.number
LEFT JOIN journal AS closed ON closed.id = closing.journal
"""
"""Sales are counted along the desk's own chain, as its Z tells them: however old the shift, however many the desks."""

_NEXT_NUMBER = """
INSERT INTO counters SELECT 'shift', coalesce(max(number), 0) + 1 FROM shifts WHERE true
ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value
"""
"""Two desks that open at the same moment wait here for each other, and neither fails."""


# --- opening ---------------------------------------------------------------------------------------------


def open_shift(books: Books, *, desk: DeskNo, operator: OperatorName, float_cash: Money, at: datetime) -> Shift:
    """Open with a float from the safe, or with exactly what the cashier before handed over.

    Raises OperatorError shift-already-open, handover-other (it is for somebody else), handover-differs.
    """
    with books.writing():
        other = shift(books, desk=desk)
        if other is not None:
            raise OperatorError(Code.SHIFT_ALREADY_OPEN, desk=desk, operator=other.operator)
        waits = handed_over(books, desk=desk)
        _check_handover(waits, operator, float_cash)
        number = books.value(_NEXT_NUMBER)
        with acting(books, Kind.SHIFT_OPEN, at=at) as page:
            row: Row = {"number": number, "desk": desk, "operator": operator, "at": time_text(at)}
            page.insert("shifts", row | {"float_minor": float_cash.minor})
            source = entries.handover(desk) if waits else entries.SAFE
            put_in = [entries.money(entries.till(desk), float_cash), entries.money(source, -float_cash)]
            post_entry(page, put_in)
        return _existing(books, number)


def _check_handover(waits: Shift | None, operator: OperatorName, float_cash: Money) -> None:
    if waits is None:
        return
    if waits.handed_to != operator:
        raise OperatorError(Code.HANDOVER_OTHER, operator=waits.handed_to or "")
    if waits.counted != float_cash:
        raise OperatorError(Code.HANDOVER_DIFFERS, counted=waits.counted or ZERO)


def handed_over(books: Books, *, desk: DeskNo) -> Shift | None:
    """The closed shift of a desk whose cash waits in the drawer for somebody; None if the drawer is empty."""
    found = _newest(books, desk)
    return found if found is not None and found.handed_to is not None else None


# --- closing ---------------------------------------------------------------------------------------------


def close_shift(
    books: Books,
    number: ShiftNo,
    *,
    operator: OperatorName,
    reason: str,
    handed_to: OperatorName | None,
    at: datetime,
    signer: Signer,
) -> tuple[Shift, Closing]:
    """Count the till out by its newest count, and close the shift with its Z.

    Raises OperatorError shift-closed, permission-denied (it is a colleague's), count-missing, count-outdated (something
    was posted since), shift-has-open-sales (unsigned ones), difference-needs-reason.
    """
    with books.writing():
        found = _existing(books, number)
        if not found.is_open or found.desk != books.desk:
            raise OperatorError(Code.SHIFT_CLOSED, desk=found.desk)
        _check_whose(books, found, operator)
        counted, expected = _counted(books, found)
        _check_open_sales(books, number)
        if counted != expected and not reason.strip():
            raise OperatorError(Code.DIFFERENCE_NEEDS_REASON, difference=counted - expected)
        row = {"reason": reason.strip(), "handed_to": handed_to}
        _count_out(books, found, counted=counted, expected=expected, why=row, at=at)
        z = closings.close_shift(books, shift=number, operator=operator, at=at, signer=signer)
        return _existing(books, number), z


def _check_whose(books: Books, found: Shift, operator: OperatorName) -> None:
    """Whoever closes for a colleague does it by a right of his own."""
    act = books.authority.act if books.authority else None
    if found.operator != operator and act is not Act.CLOSE_OTHER_SHIFT:
        raise OperatorError(Code.PERMISSION_DENIED, act=Act.CLOSE_OTHER_SHIFT, operator=operator)


def _counted(books: Books, found: Shift) -> tuple[Money, Money]:
    """What was counted last, and what should be there; they belong to the same moment."""
    last = drawer.last_count(books, found.number)
    if last is None:
        raise OperatorError(Code.COUNT_MISSING)
    expected = entries.till_balance(books, found.desk)
    if expected != last["expected_minor"]:
        raise OperatorError(Code.COUNT_OUTDATED)
    return Money(last["counted_minor"]), Money(expected)


def _check_open_sales(books: Books, number: ShiftNo) -> None:
    signed = signed_sales(books, number)
    count = sum(sale.id not in signed for sale in open_sales_of(books, number))
    if count:
        raise OperatorError(Code.SHIFT_HAS_OPEN_SALES, count=count)


def _count_out(books: Books, found: Shift, *, counted: Money, expected: Money, why: Row, at: datetime) -> None:
    """The till is left empty: what was counted goes to the safe or the next cashier, what is missing is named."""
    goes_to = entries.handover(found.desk) if why["handed_to"] else entries.SAFE
    with acting(books, Kind.SHIFT_CLOSE, at=at) as page:
        sums = {"counted_minor": counted.minor, "expected_minor": expected.minor}
        page.insert("shift_closings", {"shift": found.number, "at": time_text(at), **sums, **why})
        taken_out = [
            entries.money(entries.till(found.desk), -expected),
            entries.money(goes_to, counted),
            entries.money(entries.cash_difference(found.desk), expected - counted),
        ]
        post_entry(page, taken_out)


def sign_open_sale(
    books: Books, sale: SaleId, *, shift_no: ShiftNo, operator: OperatorName, note: str, at: datetime
) -> None:
    """A supervisor takes an interrupted sale on himself, so that its shift may close; the sale waits on.

    Raises OperatorError sale-unknown for one that does not wait in this shift. Signing again changes nothing.
    """
    with books.writing():
        if all(waiting.id != sale for waiting in open_sales_of(books, shift_no)):
            raise OperatorError(Code.SALE_UNKNOWN, sale=sale)
        if sale in signed_sales(books, shift_no):
            return
        row: Row = {"sale": sale, "shift": shift_no, "operator": operator, "note": note, "at": time_text(at)}
        with acting(books, Kind.SIGN, at=at) as page:
            page.insert("signed_sales", row)


def signed_sales(books: Books, number: ShiftNo) -> frozenset[str]:
    """The interrupted sales of a shift that were signed for."""
    return frozenset(row["sale"] for row in books.all("SELECT sale FROM signed_sales WHERE shift = ?", (number,)))


# --- reading ---------------------------------------------------------------------------------------------


def shift(books: Books, *, desk: DeskNo) -> Shift | None:
    """The open shift of a desk."""
    found = _newest(books, desk)
    return found if found is not None and found.closed_at is None else None


def _newest(books: Books, desk: DeskNo) -> Shift | None:
    """A desk opens a shift only when the one before is closed."""
    row = books.one(f"{_WHOLE} WHERE shifts.number = (SELECT max(number) FROM shifts WHERE desk = ?)", (desk,))
    return _shift_of(row) if row else None


def report(books: Books, number: ShiftNo, *, is_blind: bool) -> ShiftReport:
    """The X of an open shift, or what the Z of a closed one told. Raises OperatorError shift-closed if unknown."""
    found = _existing(books, number)
    z = closings.closing(books, ClosingKind.SHIFT, str(number), desk=found.desk)
    paid = payments.payments(books, number)
    expected = found.expected if z else Money(entries.till_balance(books, found.desk))
    return ShiftReport(
        shift=found,
        totals=z.totals if z else fold(books, [_since_last_z(books, found.desk)]),
        movements=drawer.movements(books, number),
        paid_in=_cash(paid, PaymentKind.ARREARS),
        paid_out=_cash(paid, PaymentKind.REFUND),
        expected=None if is_blind and z is None else expected,
        open_sales=open_sales_of(books, number),
        signed=signed_sales(books, number),
        closing=z,
    )


def _since_last_z(books: Books, desk: DeskNo) -> Stretch:
    last = closings.newest(books, ClosingKind.SHIFT, desk=desk)
    until = last_row(books, desk)
    return Stretch(desk, last.heads[0].until if last else 0, until)


def _cash(paid: tuple[Payment, ...], kind: PaymentKind) -> Money:
    return sum((p.amount for p in paid if p.kind is kind and p.tender is TenderKind.CASH), ZERO)


def _existing(books: Books, number: ShiftNo) -> Shift:
    row = books.one(f"{_WHOLE} WHERE shifts.number = ?", (number,))
    if row is None:
        raise OperatorError(Code.SHIFT_CLOSED, shift=number)
    return _shift_of(row)


def _shift_of(row: Row) -> Shift:
    opened = Shift(
        number=ShiftNo(row["number"]),
        desk=DeskNo(row["desk"]),
        operator=OperatorName(row["operator"]),
        opened_at=datetime.fromisoformat(row["at"]),
        float_cash=Money(row["float_minor"]),
        sales=row["sales"],
    )
    if row["closed_at"] is None:
        return opened
    return replace(
        opened,
        closed_at=datetime.fromisoformat(row["closed_at"]),
        counted=Money(row["counted_minor"]),
        expected=Money(row["expected_minor"]),
        reason=row["reason"] or "",
        handed_to=OperatorName(row["handed_to"]) if row["handed_to"] else None,
    )
