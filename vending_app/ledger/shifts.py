"""Shifts: a float goes into the till, the till is counted out; the difference has an account of its own."""

from __future__ import annotations

from datetime import datetime

from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import DeskNo, OperatorName, ShiftNo
from vending_app.domain.money import Money
from vending_app.domain.people import Shift
from vending_app.ledger import entries
from vending_app.ledger.codec import time_text
from vending_app.ledger.entries import post_entry
from vending_app.ledger.journal import acting
from vending_app.ledger.kinds import Kind
from vending_app.ledger.transaction import Books, Row

_WHOLE = """
SELECT shifts.*, closing.at AS closed_at, counted_minor, expected_minor,
    (SELECT count(*) FROM sales JOIN sale_events ON sale = sales.id AND state = 'posted'
     WHERE sales.journal > shifts.journal AND sales.shift = shifts.number AND purpose = 'sale') AS sales
FROM shifts LEFT JOIN shift_closings AS closing ON closing.shift = shifts.number
"""


def open_shift(books: Books, *, desk: DeskNo, operator: OperatorName, float_cash: Money, at: datetime) -> Shift:
    """Raises OperatorError shift-already-open."""
    with books.writing():
        other = shift(books, desk=desk)
        if other is not None:
            raise OperatorError(Code.SHIFT_ALREADY_OPEN, desk=desk, operator=other.operator)
        number = books.value("SELECT coalesce(max(number), 0) + 1 FROM shifts")
        with acting(books, Kind.SHIFT_OPEN, at=at) as page:
            row: Row = {"number": number, "desk": desk, "operator": operator, "at": time_text(at)}
            page.insert("shifts", row | {"float_minor": float_cash.minor})
            put_in = [
                entries.money(entries.till(desk), float_cash),
                entries.money(entries.SAFE, -float_cash),
            ]
            post_entry(page, put_in)
        return _existing(books, number)


def close_shift(books: Books, number: ShiftNo, *, counted: Money, at: datetime) -> Shift:
    """Raises OperatorError shift-closed, shift-has-open-sales."""
    with books.writing():
        found = _existing(books, number)
        if not found.is_open:
            raise OperatorError(Code.SHIFT_CLOSED, desk=found.desk)
        undecided = "SELECT count(*) FROM open_sales JOIN sales ON sales.id = sale AND supply = held WHERE shift = ?"
        count = books.value(undecided, (number,))
        if count:
            raise OperatorError(Code.SHIFT_HAS_OPEN_SALES, count=count)
        _count_out(books, found, counted, at)
        return _existing(books, number)


def _count_out(books: Books, found: Shift, counted: Money, at: datetime) -> None:
    """The till is left empty: what was counted goes to the safe, what is missing or too much is named."""
    expected = Money(entries.till_balance(books, found.desk))
    with acting(books, Kind.SHIFT_CLOSE, at=at) as page:
        sums = {"counted_minor": counted.minor, "expected_minor": expected.minor}
        page.insert("shift_closings", {"shift": found.number, "at": time_text(at), **sums})
        taken_out = [
            entries.money(entries.till(found.desk), -expected),
            entries.money(entries.SAFE, counted),
            entries.money(entries.cash_difference(found.desk), expected - counted),
        ]
        post_entry(page, taken_out)


def shift(books: Books, *, desk: DeskNo) -> Shift | None:
    """The open shift of a desk."""
    row = books.one(f"{_WHOLE} WHERE shifts.desk = ? AND closing.shift IS NULL", (desk,))
    return _shift_of(row) if row else None


def _existing(books: Books, number: ShiftNo) -> Shift:
    row = books.one(f"{_WHOLE} WHERE shifts.number = ?", (number,))
    if row is None:
        raise OperatorError(Code.SHIFT_CLOSED, shift=number)
    return _shift_of(row)


def _shift_of(row: Row) -> Shift:
    is_closed = row["closed_at"] is not None
    return Shift(
        number=ShiftNo(row["number"]),
        desk=DeskNo(row["desk"]),
        operator=OperatorName(row["operator"]),
        opened_at=datetime.fromisoformat(row["at"]),
        float_cash=Money(row["float_minor"]),
        closed_at=datetime.fromisoformat(row["closed_at"]) if is_closed else None,
        counted=Money(row["counted_minor"]) if is_closed else None,
        expected=Money(row["expected_minor"]) if is_closed else None,
        sales=row["sales"],
    )
