"""Cards that are mended from the books: which order belongs on one, and that it was written again (row T4)."""

from __future__ import annotations

from datetime import datetime

from vending_app.domain.ids import CardNo, SaleId, SupplyNo
from vending_app.domain.sale import Sale
from vending_app.ledger import sale_reading
from vending_app.ledger.books import Books, Row
from vending_app.ledger.codec import time_text
from vending_app.ledger.journal import acting
from vending_app.ledger.kinds import Kind

_NEWEST = """
SELECT id FROM sales JOIN sale_events AS event ON event.sale = id AND event.state = 'posted'
WHERE supply = ? ORDER BY sequence DESC LIMIT 1
"""


def newest_order(books: Books, supply: SupplyNo) -> Sale | None:
    """Whatever brought the newest posted order of a supply: a sale, an issue, a reversal, a cancellation."""
    number = books.value(_NEWEST, (supply,))
    return sale_reading.sale(books, number) if number else None


def issue_of(books: Books, card: CardNo) -> Sale | None:
    """What made a card; None for one that these books do not know."""
    number = books.value("SELECT sale FROM cards WHERE number = ?", (card,))
    return sale_reading.sale(books, number) if number else None


def note(books: Books, sale: SaleId, card: CardNo, *, at: datetime) -> None:
    """Before the card is touched: whoever finds it torn knows what was meant."""
    row: Row = {"sale": sale, "card": card, "at": time_text(at)}
    with acting(books, Kind.CARD_REPAIR, at=at) as page:
        page.insert("card_repairs", row)
