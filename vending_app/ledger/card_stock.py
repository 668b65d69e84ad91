"""Blank cards, desk by desk: each line tells what moved and what lies there afterwards, so that the newest tells all.

A card leaves the box when its issue is posted: then the card in the reader was read back and is somebody's. Not when
the issue is reserved, because a reserved one may wait for days, is finished with the same card or with another blank
one, and is posted once however often it was begun. What was spoilt on the way is entered by whoever throws it away.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from vending_app.domain.card_stock import CardStock, StockMove, StockVerb
from vending_app.domain.ids import DeskNo, SaleId
from vending_app.ledger.books import Books, Row
from vending_app.ledger.journal import Page, acting
from vending_app.ledger.kinds import Kind
from vending_app.ledger.rules_asked import limits

_LEVEL = "SELECT level FROM card_stock WHERE desk = ? ORDER BY journal DESC LIMIT 1"
_OFFICE = """
SELECT coalesce(sum((SELECT level FROM card_stock WHERE desk = desks.number ORDER BY journal DESC LIMIT 1)), 0) AS held
FROM desks
"""
_MOVES = """
SELECT card_stock.*, journal.operator FROM card_stock JOIN journal ON journal.id = card_stock.journal
WHERE card_stock.desk = ? ORDER BY card_stock.journal DESC LIMIT ?
"""


def take(page: Page, *, sale: SaleId | None = None, mandate: int | None = None) -> None:
    """One card of this desk became somebody's, on the page that posts its issue; or a tool, on that of its mark."""
    _insert(page, StockVerb.TAKE, -1, sale=sale, mandate=mandate)


def receive(books: Books, count: int, *, reference: str, at: datetime) -> None:
    """Cards were delivered to this desk."""
    with acting(books, Kind.CARD_STOCK, at=at) as page:
        _insert(page, StockVerb.RECEIVE, count, reference=reference)


def spoil(books: Books, count: int, *, reason: str, at: datetime) -> None:
    """Cards were thrown away."""
    with acting(books, Kind.CARD_STOCK, at=at) as page:
        _insert(page, StockVerb.SPOIL, -count, reason=reason)


def count(books: Books, counted: int, *, reason: str, at: datetime) -> None:
    """So many lie there: what differs stands in the line."""
    with acting(books, Kind.CARD_STOCK, at=at) as page:
        _insert(page, StockVerb.COUNT, counted - level(books), reason=reason)


def _insert(
    page: Page,
    verb: StockVerb,
    change: int,
    *,
    reference: str = "",
    reason: str = "",
    sale: SaleId | None = None,
    mandate: int | None = None,
) -> None:
    row: Row = {
        "desk": page.books.desk,
        "verb": verb.value,
        "change": change,
        "level": level(page.books) + change,
        "reference": reference.strip(),
        "reason": reason.strip(),
        "sale": sale,
        "mandate": mandate,
        "at": page.at,
    }
    page.insert("card_stock", row)


def level(books: Books) -> int:
    """What lies at this desk by its newest line; 0 before the first."""
    return int(books.value(_LEVEL, (books.desk,)) or 0)


def stock(books: Books, *, limit: int) -> CardStock:
    """Of this desk, with its newest lines."""
    entered = "SELECT 1 FROM card_stock WHERE desk = ? AND verb IN ('receive', 'count') LIMIT 1"
    with books.reading():
        return CardStock(
            desk=DeskNo(books.desk),
            here=level(books),
            office=int(books.value(_OFFICE)),
            is_counted=books.value(entered, (books.desk,)) is not None,
            moves=tuple(map(_move, books.all(_MOVES, (books.desk, limit)))),
            low=limits(books).low_cards,
        )


def _move(row: Row) -> StockMove:
    return StockMove(
        verb=StockVerb(row["verb"]),
        change=row["change"],
        level=row["level"],
        at=datetime.fromisoformat(row["at"]),
        reference=row["reference"],
        reason=row["reason"],
        sale=SaleId(row["sale"]) if row["sale"] else None,
        mandate=row["mandate"],
        operator=row["operator"] or "",
    )


_BROKEN = """
SELECT journal, desk FROM (
    SELECT card_stock.journal, card_stock.desk, journal.desk AS written_at, change, level,
        lag(level, 1, 0) OVER (PARTITION BY card_stock.desk ORDER BY card_stock.journal) AS before
    FROM card_stock JOIN journal ON journal.id = card_stock.journal) AS lines
WHERE before + change <> level OR desk <> written_at ORDER BY journal
"""
_UNTAKEN = """
SELECT card_stock.sale FROM card_stock JOIN sales ON sales.id = card_stock.sale
LEFT JOIN sale_events ON sale_events.sale = sales.id AND sale_events.journal = card_stock.journal
WHERE purpose <> 'issue' OR coalesce(sale_events.state, '') <> 'posted' ORDER BY card_stock.journal
"""

_NO_TOOL = """
SELECT card_stock.mandate FROM card_stock WHERE card_stock.mandate IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM tool_marks WHERE tool_marks.journal = card_stock.journal
        AND tool_marks.mandate = card_stock.mandate AND mark = 'written') ORDER BY card_stock.journal
"""


def check_card_stock(books: Books) -> Iterator[str]:
    """Every line follows from the one before at its desk, and a card is taken by the row that posts its issue."""
    for row in books.all(_BROKEN):
        yield f"card stock of desk {row['desk']}: the line of row {row['journal']} does not follow from the one before"
    for row in books.all(_UNTAKEN):
        yield f"card stock: a card is taken for {row['sale']}, which issued none then"
    for row in books.all(_NO_TOOL):
        yield f"card stock: a card is taken for the tool card {row['mandate']}, which was not written then"
