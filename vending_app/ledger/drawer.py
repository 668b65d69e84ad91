"""The cash drawer: cash moved, counted, and the drawer opened without a sale."""

from __future__ import annotations

from datetime import datetime

from vending_app.domain.cash import CashCount, CashKind, CashMovement, Counted
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import ActId, OperatorName, ShiftNo
from vending_app.domain.money import ZERO, Money
from vending_app.ledger import entries
from vending_app.ledger.books import Books, Row
from vending_app.ledger.codec import canonical, time_text
from vending_app.ledger.entries import post_entry
from vending_app.ledger.journal import acting
from vending_app.ledger.kinds import Kind
from vending_app.ledger.repeats import repeated
from vending_app.ledger.rules_asked import limits

_OTHER_SIDE = {
    CashKind.FROM_SAFE: entries.SAFE,
    CashKind.TO_SAFE: entries.SAFE,
    CashKind.PAID_IN: entries.PAID_IN,
    CashKind.PAID_OUT: entries.PAID_OUT,
}


def require_open(books: Books, shift: ShiftNo) -> None:
    """Raises OperatorError shift-closed unless it is open at this desk."""
    is_open = "SELECT 1 FROM shifts WHERE number = ? AND desk = ? AND NOT EXISTS"
    if not books.value(f"{is_open} (SELECT 1 FROM shift_closings WHERE shift = number)", (shift, books.desk)):
        raise OperatorError(Code.SHIFT_CLOSED, shift=shift)


def move(books: Books, movement: CashMovement, *, request: str) -> CashMovement:
    """Post cash that came or went; the same id again changes nothing.

    Raises OperatorError shift-closed, cash-not-there if more is taken than the till holds, sale-id-reused.
    """
    with books.writing():
        if repeated(books, "cash_movements", movement.id, request):
            return movement
        require_open(books, movement.shift)
        held = Money(entries.till_balance(books, books.desk))
        if not movement.kind.is_in and movement.amount > held:
            raise OperatorError(Code.CASH_NOT_THERE)
        _post_movement(books, movement, request)
    return movement


def over_limit(books: Books) -> Money:
    """The limit of the office if the drawer of this desk holds more; nothing while it does not, or without a limit."""
    most = limits(books).drawer_most
    return most if most and Money(entries.till_balance(books, books.desk)) > most else ZERO


def _post_movement(books: Books, movement: CashMovement, request: str) -> None:
    row: Row = {
        "id": movement.id,
        "shift": movement.shift,
        "operator": movement.operator,
        "kind": movement.kind.value,
        "amount_minor": movement.amount.minor,
        "reason": movement.reason,
        "at": time_text(movement.at),
        "request": request,
    }
    came_in = movement.amount if movement.kind.is_in else -movement.amount
    with acting(books, Kind.CASH, at=movement.at) as page:
        page.insert("cash_movements", row)
        till, other = entries.till(books.desk), _OTHER_SIDE[movement.kind]
        post_entry(page, [entries.money(till, came_in), entries.money(other, -came_in)])


def movements(books: Books, shift: ShiftNo) -> tuple[CashMovement, ...]:
    """Of a shift, oldest first."""
    rows = books.all("SELECT * FROM cash_movements WHERE shift = ? ORDER BY journal", (shift,))
    return tuple(map(_movement_of, rows))


def _movement_of(row: Row) -> CashMovement:
    return CashMovement(
        id=ActId(row["id"]),
        shift=ShiftNo(row["shift"]),
        kind=CashKind(row["kind"]),
        amount=Money(row["amount_minor"]),
        reason=row["reason"],
        at=datetime.fromisoformat(row["at"]),
        operator=OperatorName(row["operator"]),
    )


def count(books: Books, shift: ShiftNo, counted: CashCount, *, at: datetime) -> Counted:
    """Store what was counted, and only then tell what should have been there. Raises OperatorError shift-closed."""
    with books.writing():
        require_open(books, shift)
        expected = entries.till_balance(books, books.desk)
        row: Row = {
            "shift": shift,
            "at": time_text(at),
            "counted_minor": counted.total.minor,
            "expected_minor": expected,
            "pieces": canonical([[piece.minor, number] for piece, number in counted.pieces]),
        }
        with acting(books, Kind.COUNT, at=at) as page:
            page.insert("cash_counts", row)
        times = books.value("SELECT count(*) FROM cash_counts WHERE shift = ?", (shift,))
    return Counted(shift, counted.total, Money(expected), times)


def last_count(books: Books, shift: ShiftNo) -> Row | None:
    """The newest count of a shift: `counted_minor` and `expected_minor`."""
    newest = "SELECT counted_minor, expected_minor FROM cash_counts WHERE shift = ? ORDER BY journal DESC LIMIT 1"
    return books.one(newest, (shift,))


def note_opened(books: Books, *, operator: OperatorName, reason: str, at: datetime) -> None:
    """Remember that the drawer was opened without a sale."""
    row: Row = {"desk": books.desk, "operator": operator, "reason": reason, "at": time_text(at)}
    with acting(books, Kind.DRAWER, at=at) as page:
        page.insert("drawer_openings", row)
