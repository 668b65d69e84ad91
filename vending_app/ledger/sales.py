"""The life of a sale: reserved once, resolved once, every step one transaction and one journal row."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import CardNo, DeskNo, SaleId, ShiftNo, SupplyNo
from vending_app.domain.keeping import short
from vending_app.domain.people import SupplyState
from vending_app.domain.sale import Purpose, Sale, SaleIntent, SaleState
from vending_app.ledger import allowances, card_stock, entries, search
from vending_app.ledger.at_once import page_at_once
from vending_app.ledger.books import Books, Row
from vending_app.ledger.entries import Posting, post_entry
from vending_app.ledger.journal import Page, acting, ask, open_page
from vending_app.ledger.kinds import Kind
from vending_app.ledger.sale_rows import (
    OUTCOME,
    WHOLE,
    intent_json,
    receipt_no,
    receipt_parts,
    row_of,
    sale_of,
)

# --- reading ---------------------------------------------------------------------------------------------


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


# --- reserving -------------------------------------------------------------------------------------------


def reserve(books: Books, intent: SaleIntent) -> Sale:
    """Store the intent, or give back what became of it when it was stored before."""
    return _reserve_at_once(books, intent) or _reserve(books, intent)


def _reserve_at_once(books: Books, intent: SaleIntent) -> Sale | None:
    """A plain sale whose order follows the newest one; None if it has to be looked at, and nothing was stored."""
    is_plain = intent.purpose is Purpose.SALE and not intent.carried
    page = page_at_once(books, Kind.RESERVE, at=intent.at) if is_plain else None
    if page is None:
        return None
    _check_shape(intent)
    _write_intent(page, intent)
    answer = page.send(intent.order.supply, intent.write.card)
    if answer is None:
        return None
    names = answer["customer_name"], answer["operator_name"]
    books.newest = Sale(intent, SaleState.PENDING, customer_name=names[0], operator_name=names[1])
    return books.newest


def _reserve(books: Books, intent: SaleIntent) -> Sale:
    with books.writing():
        books.lock_supply(intent.order.supply)
        now = _now(books, intent)
        if now["known_request"] is None:
            _check(intent, now)
            allowances.check(books, intent, is_limited=now["is_limited"])
            if intent.purpose is Purpose.REVERSAL:
                _check_reversible(books, intent)
            if intent.carried:
                check = _check_taken_off if intent.purpose is Purpose.CANCELLATION else _check_carried
                check(books, intent)
            _store(books, intent, now)
            names = now["customer_name"], now["operator_name"]
            books.newest = Sale(intent, SaleState.PENDING, customer_name=names[0], operator_name=names[1])
            return books.newest
        if now["known_request"] != intent.request:
            raise OperatorError(Code.SALE_ID_REUSED, sale=intent.id)
        return _existing(books, intent.id)


def _now(books: Books, intent: SaleIntent) -> Row:
    """What a sale is checked against, read in the transaction that stores it."""
    order, card = intent.order, intent.write.card
    asked = (order.supply, intent.shift, intent.desk, card, intent.id, intent.operator)
    return ask(books, Kind.RESERVE, _NOW, asked)


_NOW = """,
    (SELECT request FROM sales WHERE id = ?9) AS known_request,
    (SELECT state FROM supplies WHERE number = ?5) AS state,
    (SELECT name FROM supplies JOIN customers ON customers.number = customer WHERE supplies.number = ?5)
        AS customer_name,
    (SELECT full_name FROM operators WHERE name = ?10) AS operator_name,
    (SELECT 1 FROM shifts WHERE number = ?6 AND desk = ?7
        AND NOT EXISTS (SELECT 1 FROM shift_closings WHERE shift = number)) AS is_shift_open,
    (SELECT made_at FROM restorations WHERE journal NOT IN (SELECT restoration FROM restoration_ends) LIMIT 1)
        AS copy_of, EXISTS (SELECT 1 FROM allowances WHERE desk = ?7) AS is_limited,
    coalesce((SELECT sale FROM open_sales WHERE held = ?5), (SELECT sale FROM open_sales WHERE held = ?8)) AS open_sale,
    (SELECT coalesce(max(sequence), 0) FROM sales WHERE supply = ?5) AS last_sequence,
    coalesce((SELECT energy_total_wh FROM sales JOIN sale_events ON sale = id AND sale_events.state = 'posted'
        WHERE supply = ?5 ORDER BY sequence DESC LIMIT 1), 0) AS bought_wh
"""
"""Bought in all is what the newest posted order says; `verify` proves that it is the sum."""


def _check(intent: SaleIntent, now: Row) -> None:
    """Everything that may have changed since the card was read, in the order of precedence."""
    _check_shape(intent)
    if now["copy_of"] is not None:
        raise OperatorError(Code.BOOKS_RESTORED, made_at=datetime.fromisoformat(now["copy_of"]))
    if intent.purpose.has_receipt and not now["is_shift_open"]:
        raise OperatorError(Code.SHIFT_CLOSED, desk=intent.desk)
    _check_supply(intent, now["state"])
    if now["open_sale"] is not None:
        raise OperatorError(Code.SALE_INTERRUPTED, sale=now["open_sale"], supply=intent.order.supply)
    _check_order(intent, last=now["last_sequence"], bought=Energy(now["bought_wh"]))


def _check_shape(intent: SaleIntent) -> None:
    purpose = intent.purpose
    assert (intent.quote is not None) == purpose.has_receipt, "what has a receipt has a price"
    assert (intent.tender is not None) == (purpose is Purpose.SALE), "only a sale takes money"
    assert intent.write.issues_card == (purpose is Purpose.ISSUE), "only an issue writes a header"
    assert (intent.undoes is not None) == (purpose in {Purpose.REVERSAL, Purpose.CANCELLATION}), (
        "what is undone is named"
    )


def _check_supply(intent: SaleIntent, state: str | None) -> None:
    supply = intent.order.supply
    if state is None:
        raise OperatorError(Code.SUPPLY_UNKNOWN, supply=supply)
    is_first_card = intent.purpose is Purpose.ISSUE and state == SupplyState.PREPARED
    # A cancellation adds nothing, and must reach the card whatever has become of the supply.
    if state != SupplyState.OPEN and not is_first_card and intent.purpose is not Purpose.CANCELLATION:
        raise OperatorError(Code.SUPPLY_CLOSED, supply=supply, state=state)


def _check_order(intent: SaleIntent, *, last: int, bought: Energy) -> None:
    """Raises OperatorError ledger-busy if another desk sold to this supply after this order was made up."""
    order = intent.order
    if order.sequence <= last:
        raise OperatorError(Code.LEDGER_BUSY, supply=order.supply)
    if order.sequence != last + 1:
        raise OperatorError(Code.CARD_AHEAD, supply=order.supply, sequence=order.sequence, next=last + 1)
    if order.energy_total != bought + intent.energy:
        raise OperatorError(Code.LEDGER_BUSY, supply=order.supply)


def _check_reversible(books: Books, intent: SaleIntent) -> None:
    """Only the newest sale of a supply, and only once: older ones are reached by reversing the newer ones first."""
    assert intent.undoes is not None, "a reversal names its sale"
    newest = books.value(_NEWEST_STANDING, (intent.order.supply,))
    if newest != intent.undoes:
        raise OperatorError(Code.REVERSAL_NOT_NEWEST, sale=intent.undoes)


def _check_carried(books: Books, intent: SaleIntent) -> None:
    """What the meter before left over is carried once, by the first order."""
    told = books.value("SELECT carried_wh FROM meter_changes WHERE new_supply = ?", (intent.order.supply,))
    assert intent.purpose is Purpose.ISSUE, "only a card that is issued carries over"
    if told != intent.carried.wh or intent.order.sequence != 1:
        raise OperatorError(Code.LEDGER_BUSY, supply=intent.order.supply)


def _check_taken_off(books: Books, intent: SaleIntent) -> None:
    """From the card of a supply that has ended, once."""
    supply = intent.order.supply
    known = "SELECT 1 FROM sales WHERE supply = ? AND purpose = 'cancellation' AND energy_wh <> 0"
    ended = books.value("SELECT 1 FROM supplies WHERE number = ? AND state = 'closed'", (supply,))
    if intent.carried > NO_ENERGY or ended is None or books.value(known, (supply,)) is not None:
        raise OperatorError(Code.LEDGER_BUSY, supply=supply)


_NEWEST_STANDING = """
SELECT id FROM sales JOIN sale_events AS event ON event.sale = id AND event.state = 'posted'
WHERE supply = ? AND purpose = 'sale' AND NOT EXISTS (SELECT 1 FROM sale_events WHERE reverses = sales.id)
ORDER BY sequence DESC LIMIT 1
"""


def newest_standing(books: Books, supply: SupplyNo) -> Sale | None:
    """The newest sale of a supply that was posted and not reversed: the one that may be reversed."""
    number = books.value(_NEWEST_STANDING, (supply,))
    return sale(books, number) if number else None


def _store(books: Books, intent: SaleIntent, now: Row) -> None:
    order, card = intent.order, intent.write.card
    page = open_page(books, Kind.RESERVE, at=intent.at, now=now)
    _write_intent(page, intent)
    books.insert_rows("open_sales", [(order.supply, intent.id), (card, intent.id)])
    page.close()


def _write_intent(page: Page, intent: SaleIntent) -> None:
    order, card = intent.order, intent.write.card
    page.keep(intent_json(intent))
    page.insert("sales", row_of(intent))
    if intent.purpose is Purpose.ISSUE:
        issued: Row = {"number": card, "supply": order.supply, "generation": order.generation}
        page.insert("cards", issued | {"sale": intent.id})
    post_entry(page, _received(intent, intent.desk))


# --- resolving -------------------------------------------------------------------------------------------


def mark_in_doubt(books: Books, number: SaleId, *, reason: str, at: datetime) -> Sale:
    """Note that nobody knows; repeating it changes nothing."""
    with books.writing():
        _lock(books, number)
        found = _existing(books, number)
        if found.state.is_final:
            raise OperatorError(Code.SALE_ALREADY_RESOLVED, sale=number, state=found.state.value)
        if found.state is SaleState.PENDING:
            with acting(books, Kind.DOUBT, at=at) as page:
                _event(page, number, SaleState.IN_DOUBT, reason=reason)
    return replace(found, state=SaleState.IN_DOUBT)


def post(books: Books, number: SaleId, *, at: datetime) -> Sale:
    """The card carries the order: the sale is final."""
    return _post_at_once(books, number, at=at) or _post(books, number, at=at)


def _post_at_once(books: Books, number: SaleId, *, at: datetime) -> Sale | None:
    """The plain sale that this desk stored last; None if it has to be looked at, and nothing was written."""
    found, last = _just_stored(books, number), books.last_receipt
    if found is None or last is None or found.intent.purpose is not Purpose.SALE:
        return None
    page = page_at_once(books, Kind.POST, at=at)
    if page is None:
        return None
    receipt = books.desk, last + 1
    _event(page, number, SaleState.POSTED, receipt=receipt)
    post_entry(page, _sold(found.intent))
    answer = page.send(found.intent.order.supply, found.intent.write.card)
    return _posted(books, found, at=at, receipt=receipt, written=answer["hash"]) if answer else None


def _posted(books: Books, found: Sale, *, at: datetime, receipt: tuple[int, int] | None, written: bytes) -> Sale:
    """What became of it; the desk goes on counting from its receipt."""
    if receipt is not None:
        books.last_receipt = receipt[1]
    shown = receipt_no(*receipt) if receipt else None
    return replace(found, state=SaleState.POSTED, resolved_at=at, receipt=shown, fingerprint=short(written))


def _post(books: Books, number: SaleId, *, at: datetime) -> Sale:
    with books.writing():
        _lock(books, number)
        found = _just_stored(books, number) or _unresolved(books, number, wanted=SaleState.POSTED)
        now = _standing(books, found)
        if not now["is_open"]:
            return _posted_before(books, number)
        purpose = found.intent.purpose
        # Given inside the commit: a number that was given was posted.
        last = max(now["last_receipt"] or 0, now["last_lost"] or 0)
        receipt = (books.desk, last + 1) if purpose.has_receipt else None
        page = open_page(books, Kind.POST, at=at, now=now)
        _resolve(page, found, SaleState.POSTED, receipt=receipt)
        post_entry(page, _sold(found.intent))
        if found.intent.write.issues_card:
            card_stock.take(page, sale=number)
        written = page.close()
        if purpose is Purpose.ISSUE:
            _make_current(books, found.intent)
    return _posted(books, found, at=at, receipt=receipt, written=written)


def void(books: Books, number: SaleId, *, reason: str, at: datetime) -> Sale:
    """The card proves that it does not carry the order: the money goes back. Its sequence is never used again."""
    with books.writing():
        _lock(books, number)
        found = _unresolved(books, number, wanted=SaleState.VOIDED)
        if found.state is SaleState.VOIDED:
            return found
        undone = [Posting(line.commodity, line.account, -line.amount) for line in _received(found.intent, books.desk)]
        with acting(books, Kind.VOID, at=at) as page:
            _resolve(page, found, SaleState.VOIDED, reason=reason)
            post_entry(page, undone)
    return replace(found, state=SaleState.VOIDED, resolved_at=at)


def cancel(books: Books, number: SaleId, cancellation: SaleIntent) -> Sale:
    """Void a sale that its card does not show, and in the same transaction reserve the order that makes sure of it.

    A card may have hidden what was written; the next sequence with the total as it was puts the meter right whatever
    it did (card-format.md, "What the office promises"). Answers the cancellation. Raises as void and reserve.
    """
    assert cancellation.undoes == number, "a cancellation names the sale that was voided"
    with books.writing():
        if sale(books, cancellation.id) is None:
            void(books, number, reason=cancellation.reason, at=cancellation.at)
        return reserve(books, cancellation)


def _lock(books: Books, number: SaleId) -> None:
    """Nobody settles this sale at another desk from here on."""
    known = _just_stored(books, number)
    supply = known.intent.order.supply if known else books.value("SELECT supply FROM sales WHERE id = ?", (number,))
    if supply is not None:
        books.lock_supply(supply)


def _existing(books: Books, number: SaleId) -> Sale:
    found = sale(books, number)
    if found is None:
        raise OperatorError(Code.SALE_UNKNOWN, sale=number)
    return found


def _just_stored(books: Books, number: SaleId) -> Sale | None:
    """The sale that this desk stored last, as it was then: it need not be read again."""
    newest = books.newest
    return newest if newest is not None and newest.id == number else None


def _standing(books: Books, found: Sale) -> Row:
    """Whether nobody has settled it yet, and what posting it needs, by one query."""
    return ask(books, Kind.POST, _STANDING, (found.intent.order.supply, found.id))


_STANDING = """,
    (SELECT 1 FROM open_sales WHERE held = ?5 AND sale = ?6) AS is_open,
    (SELECT receipt_number FROM sale_events WHERE receipt_desk = ?1 AND receipt_number IS NOT NULL
        ORDER BY receipt_number DESC LIMIT 1) AS last_receipt,
    (SELECT last FROM receipt_gaps WHERE desk = ?1 ORDER BY last DESC LIMIT 1) AS last_lost
"""


def _posted_before(books: Books, number: SaleId) -> Sale:
    found = _unresolved(books, number, wanted=SaleState.POSTED)
    assert found.state is SaleState.POSTED, "a sale is open until it is settled"
    return found


def _unresolved(books: Books, number: SaleId, *, wanted: SaleState) -> Sale:
    found = _existing(books, number)
    if found.state.is_final and found.state is not wanted:
        raise OperatorError(Code.SALE_ALREADY_RESOLVED, sale=number, state=found.state.value)
    return found


def _resolve(
    page: Page, found: Sale, state: SaleState, *, reason: str = "", receipt: tuple[int, int] | None = None
) -> None:
    reverses = found.intent.undoes if found.intent.purpose is Purpose.REVERSAL else None
    _event(page, found.id, state, reason=reason, receipt=receipt, reverses=reverses if receipt else None)
    held = found.intent.order.supply, found.intent.write.card
    page.books.run("DELETE FROM open_sales WHERE held IN (?, ?)", held)


def _event(
    page: Page,
    number: SaleId,
    state: SaleState,
    *,
    reason: str = "",
    receipt: tuple[int, int] | None = None,
    reverses: SaleId | None = None,
) -> None:
    desk, given = receipt or (None, None)
    row: Row = {
        "sale": number,
        "is_final": int(state.is_final),
        "state": state.value,
        "at": page.at,
        "reason": reason,
        "receipt_desk": desk,
        "receipt_number": given,
        "reverses": reverses,
    }
    page.insert("sale_events", row)


def _make_current(books: Books, intent: SaleIntent) -> None:
    supply = intent.order.supply
    books.run("UPDATE supplies SET state = 'open' WHERE number = ? AND state = 'prepared'", (supply,))
    search.index_supply(books, supply)


# --- entries ---------------------------------------------------------------------------------------------


def _received(intent: SaleIntent, desk: DeskNo) -> list[Posting]:
    """The customer's money is in the till of this desk, and belongs to nobody until the card is written."""
    if intent.quote is None or intent.tender is None:
        return []
    paid = intent.quote.total.minor
    return [
        Posting("money", entries.paid_in(intent.tender.kind, desk), paid),
        Posting("money", entries.suspense(intent.order.supply), -paid),
    ]


def _sold(intent: SaleIntent) -> list[Posting]:
    """The money finds its owners and the energy leaves the office on the card; of a reversal, the other way round."""
    supply, quote = intent.order.supply, intent.quote
    if quote is None:
        owed = entries.money(entries.arrears(supply), intent.fee)
        return [owed, entries.money(entries.INCOME_FEE, -intent.fee)]
    is_reversal = intent.purpose is Purpose.REVERSAL
    waits = entries.refund_due(supply) if is_reversal else entries.suspense(supply)
    return [
        Posting("money", waits, quote.total.minor),
        *[Posting("money", entries.earned(line, supply), -line.amount.minor) for line in quote.lines],
        Posting("energy", entries.OFFICE, -quote.energy.wh),
        Posting("energy", entries.on_card(supply), quote.energy.wh),
    ]
