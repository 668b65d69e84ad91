"""Sales as they stand in the books, read."""

from __future__ import annotations

from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import CardNo, SaleId, ShiftNo, SupplyNo
from vending_app.domain.sale import Sale
from vending_app.ledger.books import Books
from vending_app.ledger.sale_rows import OUTCOME, WHOLE, receipt_parts, sale_of


def sale(books: Books, number: SaleId) -> Sale | None:
    """An intent is never changed, so the one that was just stored need not be read again."""
    newest = books.newest
    known = newest.intent if newest is not None and newest.id == number else None
    row = books.one(f"{OUTCOME if known else WHOLE} WHERE sales.id = ?", (number,))
    return sale_of(row, intent=known) if row else None


def sale_of_receipt(books: Books, receipt: str) -> Sale | None:
    parts = receipt_parts(receipt)
    if parts is None:
        return None
    row = books.one(f"{WHOLE} WHERE receipt_desk = ? AND receipt_number = ?", parts)
    return sale_of(row) if row else None


def open_sale(books: Books, *, supply: SupplyNo | None, card: CardNo | None) -> Sale | None:
    """The undecided sale of a supply, or else for a card."""
    number = books.value("SELECT sale FROM open_sales WHERE held IN (?, ?)", (supply, card))
    return sale(books, number) if number else None


def open_sales(books: Books) -> tuple[Sale, ...]:
    """Oldest first."""
    rows = books.all(f"{WHOLE} WHERE sales.id IN (SELECT sale FROM open_sales) ORDER BY sales.journal")
    return tuple(map(sale_of, rows))


def open_sales_of(books: Books, shift: ShiftNo) -> tuple[Sale, ...]:
    """Of one shift, oldest first."""
    return tuple(found for found in open_sales(books) if found.intent.shift == shift)


def recent_sales(books: Books, *, shift: ShiftNo, limit: int) -> tuple[Sale, ...]:
    """Newest first."""
    since = "sales.journal > (SELECT journal FROM shifts WHERE number = ?1)"
    where = (
        f"WHERE {since} AND sales.shift = ?1 AND purpose IN ('sale', 'reversal') ORDER BY sales.journal DESC LIMIT ?2"
    )
    return tuple(map(sale_of, books.all(f"{WHOLE} {where}", (shift, limit))))


def just_stored(books: Books, number: SaleId) -> Sale | None:
    """The sale that this desk stored last, as it was then: it need not be read again."""
    newest = books.newest
    return newest if newest is not None and newest.id == number else None


def existing(books: Books, number: SaleId) -> Sale:
    """Raises OperatorError sale-unknown."""
    found = sale(books, number)
    if found is None:
        raise OperatorError(Code.SALE_UNKNOWN, sale=number)
    return found
