"""The life of a sale: reserved once, resolved once, every step one transaction and one journal row."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import CardNo, SaleId, ShiftNo, SupplyNo
from vending_app.domain.people import SupplyState
from vending_app.domain.sale import Purpose, Sale, SaleIntent, SaleState
from vending_app.ledger import entries, search
from vending_app.ledger.codec import time_text
from vending_app.ledger.entries import Posting, post_entry
from vending_app.ledger.journal import Act, acting
from vending_app.ledger.sale_rows import WHOLE, receipt_parts, row_of, sale_of
from vending_app.ledger.transaction import Books

# --- reading ---------------------------------------------------------------------------------------------


def sale(books: Books, number: SaleId) -> Sale | None:
    row = books.one(f"{WHOLE} WHERE sales.id = ?", (number,))
    return sale_of(row) if row else None


def sale_of_receipt(books: Books, receipt: str) -> Sale | None:
    parts = receipt_parts(receipt)
    if parts is None:
        return None
    row = books.one(f"{WHOLE} WHERE receipts.desk = ? AND receipts.number = ?", parts)
    return sale_of(row) if row else None


def open_sale(books: Books, *, supply: SupplyNo | None, card: CardNo | None) -> Sale | None:
    """The undecided sale of a supply, or else for a card."""
    number = books.value("SELECT sale FROM open_sales WHERE supply = ? OR card = ?", (supply, card))
    return sale(books, number) if number else None


def open_sales(books: Books) -> tuple[Sale, ...]:
    """Oldest first."""
    rows = books.all(f"{WHOLE} WHERE sales.id IN (SELECT sale FROM open_sales) ORDER BY sales.journal")
    return tuple(map(sale_of, rows))


def recent_sales(books: Books, *, shift: ShiftNo, limit: int) -> tuple[Sale, ...]:
    """Newest first."""
    where = "WHERE sales.shift = ? AND purpose = 'sale' ORDER BY sales.journal DESC LIMIT ?"
    return tuple(map(sale_of, books.all(f"{WHOLE} {where}", (shift, limit))))


# --- reserving -------------------------------------------------------------------------------------------


def reserve(books: Books, intent: SaleIntent) -> Sale:
    """Store the intent, or give back what became of it when it was stored before."""
    with books.writing():
        known = sale(books, intent.id)
        if known is None:
            _check(books, intent)
            _store(books, intent)
        elif known.intent.request != intent.request:
            raise OperatorError(Code.SALE_ID_REUSED, sale=intent.id)
        return known or _existing(books, intent.id)


def _check(books: Books, intent: SaleIntent) -> None:
    _check_shape(intent)
    if intent.purpose is Purpose.SALE:
        _check_shift(books, intent)
    _check_supply(books, intent)
    other = open_sale(books, supply=intent.order.supply, card=intent.write.card)
    if other is not None:
        raise OperatorError(Code.SALE_INTERRUPTED, sale=other.id, supply=other.intent.order.supply)
    _check_order(books, intent)


def _check_shape(intent: SaleIntent) -> None:
    is_sale = intent.purpose is Purpose.SALE
    assert (intent.quote is not None) == is_sale, "a sale has a quote, an issue has none"
    assert (intent.tender is not None) == is_sale, "a sale has a tender, an issue has none"
    assert intent.write.issues_card != is_sale, "an issue writes a header, a sale writes none"


def _check_shift(books: Books, intent: SaleIntent) -> None:
    """The shift is open now, at this desk: read in the same transaction that stores the sale."""
    is_open = books.value(
        "SELECT 1 FROM shifts LEFT JOIN shift_closings ON shift = shifts.number"
        " WHERE shifts.number = ? AND shifts.desk = ? AND shift IS NULL",
        (intent.shift, intent.desk),
    )
    if not is_open:
        raise OperatorError(Code.SHIFT_CLOSED, desk=intent.desk)


def _check_supply(books: Books, intent: SaleIntent) -> None:
    state = books.value("SELECT state FROM supplies WHERE number = ?", (intent.order.supply,))
    if state is None:
        raise OperatorError(Code.SUPPLY_UNKNOWN, supply=intent.order.supply)
    allowed = {SupplyState.OPEN}
    if intent.purpose is Purpose.ISSUE:
        allowed.add(SupplyState.PREPARED)
    if SupplyState(state) not in allowed:
        raise OperatorError(Code.SUPPLY_CLOSED, supply=intent.order.supply, state=state)


def _check_order(books: Books, intent: SaleIntent) -> None:
    order = intent.order
    last = books.value("SELECT coalesce(max(sequence), 0) FROM sales WHERE supply = ?", (order.supply,))
    if order.sequence != last + 1:
        raise OperatorError(Code.CARD_AHEAD, supply=order.supply, sequence=order.sequence, next=last + 1)
    sold = intent.quote.energy if intent.quote else Energy(0)
    bought = energy_total(books, order.supply)
    assert order.energy_total == bought + sold, "the order's total is what was posted and what is sold now"


def energy_total(books: Books, supply: SupplyNo) -> Energy:
    """Bought in all: what the newest posted order says (verify proves that it is the sum)."""
    newest = books.value(
        "SELECT energy_total_wh FROM sales JOIN sale_events ON sale = id AND state = 'posted'"
        " WHERE supply = ? ORDER BY sequence DESC",
        (supply,),
    )
    return Energy(newest or 0)


def _store(books: Books, intent: SaleIntent) -> None:
    order = intent.order
    with acting(books, Act.RESERVE, at=intent.at) as journal:
        books.insert("sales", {"journal": journal, **row_of(intent)})
        _event(books, journal, intent.id, SaleState.PENDING, at=intent.at)
        if intent.purpose is Purpose.ISSUE:
            card = (intent.write.card, journal, order.supply, order.generation, intent.id)
            books.run("INSERT INTO cards VALUES (?, ?, ?, ?, ?)", card)
        post_entry(books, journal, kind="reserve", subject=intent.id, postings=_received(intent))
        opened = (intent.id, order.supply, intent.write.card)
        books.run("INSERT INTO open_sales VALUES (?, ?, ?)", opened)


# --- resolving -------------------------------------------------------------------------------------------


def mark_in_doubt(books: Books, number: SaleId, *, reason: str, at: datetime) -> Sale:
    """Note that nobody knows; repeating it changes nothing."""
    with books.writing():
        found = _existing(books, number)
        if found.state.is_final:
            raise OperatorError(Code.SALE_ALREADY_RESOLVED, sale=number, state=found.state.value)
        if found.state is SaleState.PENDING:
            with acting(books, Act.DOUBT, at=at) as journal:
                _event(books, journal, number, SaleState.IN_DOUBT, reason=reason, at=at)
        return _existing(books, number)


def post(books: Books, number: SaleId, *, at: datetime) -> Sale:
    """The card carries the order: the sale is final."""
    with books.writing():
        found = _unresolved(books, number, wanted=SaleState.POSTED)
        if found.state is SaleState.POSTED:
            return found
        with acting(books, Act.POST, at=at) as journal:
            _resolve(books, journal, found, SaleState.POSTED, at=at)
            if found.intent.purpose is Purpose.ISSUE:
                _make_current(books, found.intent)
            else:
                _give_receipt(books, journal, number)
            post_entry(books, journal, kind="post", subject=number, postings=_sold(found.intent))
        return _existing(books, number)


def void(books: Books, number: SaleId, *, reason: str, at: datetime) -> Sale:
    """The card proves that it does not carry the order: the money goes back. Its sequence is never used again."""
    with books.writing():
        found = _unresolved(books, number, wanted=SaleState.VOIDED)
        if found.state is SaleState.VOIDED:
            return found
        undone = [Posting(line.commodity, line.account, -line.amount) for line in _received(found.intent)]
        with acting(books, Act.VOID, at=at) as journal:
            _resolve(books, journal, found, SaleState.VOIDED, reason=reason, at=at)
            post_entry(books, journal, kind="void", subject=number, postings=undone)
        return _existing(books, number)


def _existing(books: Books, number: SaleId) -> Sale:
    found = sale(books, number)
    if found is None:
        raise OperatorError(Code.SALE_UNKNOWN, sale=number)
    return found


def _unresolved(books: Books, number: SaleId, *, wanted: SaleState) -> Sale:
    found = _existing(books, number)
    if found.state.is_final and found.state is not wanted:
        raise OperatorError(Code.SALE_ALREADY_RESOLVED, sale=number, state=found.state.value)
    return found


def _resolve(books: Books, journal: int, found: Sale, state: SaleState, *, at: datetime, reason: str = "") -> None:
    _event(books, journal, found.id, state, at=at, reason=reason)
    books.run("DELETE FROM open_sales WHERE sale = ?", (found.id,))


def _event(books: Books, journal: int, number: SaleId, state: SaleState, *, at: datetime, reason: str = "") -> None:
    row = (number, journal, state.value, time_text(at), reason)
    books.run("INSERT INTO sale_events VALUES (?, ?, ?, ?, ?)", row)


def _give_receipt(books: Books, journal: int, number: SaleId) -> None:
    """The next number of this desk, inside the commit: a number that was given was posted."""
    row = (books.desk, books.desk, journal, number)
    books.run(
        "INSERT INTO receipts (desk, number, journal, sale)"
        " VALUES (?, (SELECT coalesce(max(number), 0) + 1 FROM receipts WHERE desk = ?), ?, ?)",
        row,
    )


def _make_current(books: Books, intent: SaleIntent) -> None:
    supply = intent.order.supply
    books.run("UPDATE supplies SET state = 'open' WHERE number = ? AND state = 'prepared'", (supply,))
    search.index_supply(books, supply)


# --- entries ---------------------------------------------------------------------------------------------


def _received(intent: SaleIntent) -> list[Posting]:
    """The customer's money is in the till, and belongs to nobody until the card is written."""
    if intent.quote is None or intent.tender is None:
        return []
    total = intent.quote.total
    return [
        entries.money(entries.paid_in(intent.tender.kind, intent.desk), total),
        entries.money(entries.suspense(intent.order.supply), -total),
    ]


def _sold(intent: SaleIntent) -> Iterable[Posting]:
    """The money finds its owners, and the energy leaves the office on the card."""
    if intent.quote is None:
        return
    supply, quote = intent.order.supply, intent.quote
    yield entries.money(entries.suspense(supply), quote.total)
    for line in quote.lines:
        yield entries.money(entries.earned(line, supply), -line.amount)
    yield entries.energy(entries.OFFICE, -quote.energy)
    yield entries.energy(entries.on_card(supply), quote.energy)
