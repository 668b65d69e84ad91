"""A sale is reserved: checked against its supply, and stored once with the exact bytes for its card."""

from __future__ import annotations

from datetime import datetime

from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import DeskNo, SupplyNo
from vending_app.domain.people import SupplyState
from vending_app.domain.sale import Purpose, Sale, SaleIntent, SaleState
from vending_app.ledger import allowances, entries
from vending_app.ledger.at_once import page_at_once
from vending_app.ledger.books import Books, Row
from vending_app.ledger.entries import Posting, post_entry
from vending_app.ledger.journal import Page, ask, open_page
from vending_app.ledger.kinds import Kind
from vending_app.ledger.sale_reading import existing, sale
from vending_app.ledger.sale_rows import intent_json, row_of


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
        return existing(books, intent.id)


def _now(books: Books, intent: SaleIntent) -> Row:
    """What a sale is checked against, read in the transaction that stores it."""
    order, card = intent.order, intent.write.card
    who = intent.shift, intent.desk, card, intent.id, intent.operator
    asked = (order.supply, *who, order.key_version, intent.write.key_version)
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
        AS copy_of,
    (SELECT key_version FROM key_events WHERE deed = 'retired' AND key_version IN (?11, ?12) LIMIT 1) AS retired_key,
    EXISTS (SELECT 1 FROM allowances WHERE desk = ?7) AS is_limited,
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
    if now["retired_key"] is not None:
        raise OperatorError(Code.KEY_VERSION_RETIRED, key_version=now["retired_key"])


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
    post_entry(page, received(intent, intent.desk))


def received(intent: SaleIntent, desk: DeskNo) -> list[Posting]:
    """The customer's money is in the till of this desk, and belongs to nobody until the card is written."""
    if intent.quote is None or intent.tender is None:
        return []
    paid = intent.quote.total.minor
    return [
        Posting("money", entries.paid_in(intent.tender.kind, desk), paid),
        Posting("money", entries.suspense(intent.order.supply), -paid),
    ]
