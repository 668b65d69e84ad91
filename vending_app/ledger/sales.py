"""The end of a sale: resolved once, every step one transaction and one journal row."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import SaleId
from vending_app.domain.keeping import short
from vending_app.domain.money import Money
from vending_app.domain.sale import Purpose, Sale, SaleIntent, SaleState, TenderKind
from vending_app.ledger import card_stock, entries, search
from vending_app.ledger.at_once import page_at_once
from vending_app.ledger.books import Books, Row
from vending_app.ledger.entries import Posting, post_entry
from vending_app.ledger.journal import Page, acting, ask, open_page
from vending_app.ledger.kinds import Kind
from vending_app.ledger.reserving import received, reserve
from vending_app.ledger.sale_reading import existing, just_stored, sale
from vending_app.ledger.sale_rows import receipt_no


def mark_in_doubt(books: Books, number: SaleId, *, reason: str, at: datetime) -> Sale:
    """Note that nobody knows; repeating it changes nothing."""
    with books.writing():
        _lock(books, number)
        found = existing(books, number)
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
    found, last = just_stored(books, number), books.last_receipt
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
    """What became of it; the desk goes on counting from its receipt, unless the act that this belongs to may fail."""
    if receipt is not None:
        books.last_receipt = None if books.is_writing else receipt[1]
    shown = receipt_no(*receipt) if receipt else None
    return replace(found, state=SaleState.POSTED, resolved_at=at, receipt=shown, fingerprint=short(written))


def _post(books: Books, number: SaleId, *, at: datetime) -> Sale:
    with books.writing():
        _lock(books, number)
        found = just_stored(books, number) or _unresolved(books, number, wanted=SaleState.POSTED)
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
        undone = [Posting(line.commodity, line.account, -line.amount) for line in received(found.intent, books.desk)]
        with acting(books, Kind.VOID, at=at) as page:
            _resolve(page, found, SaleState.VOIDED, reason=reason)
            post_entry(page, undone)
    return replace(found, state=SaleState.VOIDED, resolved_at=at)


def cancel(books: Books, number: SaleId, cancellation: SaleIntent) -> Sale:
    """Void a sale that its card does not show, and in the same transaction reserve the order that makes sure of it.

    A card may have hidden what was written; the next sequence with the total as it was puts the meter right whatever
    it did (card-format.md, "What the office promises"). Answers the cancellation. Raises OperatorError cash-not-there,
    and as void and reserve.
    """
    assert cancellation.undoes == number, "a cancellation names the sale that was voided"
    with books.writing():
        if sale(books, cancellation.id) is None:
            _require_cash(books, existing(books, number))
            void(books, number, reason=cancellation.reason, at=cancellation.at)
        return reserve(books, cancellation)


def _require_cash(books: Books, voided: Sale) -> None:
    """The drawer of this desk must have what is given back from it."""
    tender = voided.intent.tender
    is_cash_out = tender is not None and tender.kind is TenderKind.CASH and not voided.state.is_final
    if is_cash_out and voided.amount > Money(entries.till_balance(books, books.desk)):
        raise OperatorError(Code.CASH_NOT_THERE)


def reissue(books: Books, waiting: SaleId, issue: SaleIntent, *, at: datetime) -> Sale:
    """Settle what waits for a card that is replaced, and in the same transaction reserve the order of the new one.

    A sale was paid, and the new card has it; a reversal paid nothing back yet, and the new card has the full total.
    A refusal leaves it waiting for the old card, which may carry it. Answers the issue. Raises as post, void, reserve.
    """
    with books.writing():
        if sale(books, issue.id) is None:
            _settle_for(books, waiting, at=at)
        return reserve(books, issue)


def _settle_for(books: Books, waiting: SaleId, *, at: datetime) -> None:
    if existing(books, waiting).intent.purpose is Purpose.REVERSAL:
        void(books, waiting, reason="card replaced", at=at)
    else:
        post(books, waiting, at=at)


def _lock(books: Books, number: SaleId) -> None:
    """Nobody settles this sale at another desk from here on."""
    known = just_stored(books, number)
    supply = known.intent.order.supply if known else books.value("SELECT supply FROM sales WHERE id = ?", (number,))
    if supply is not None:
        books.lock_supply(supply)


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
    found = existing(books, number)
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
