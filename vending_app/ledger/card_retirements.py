"""Cards that are made blank again: told before the card is touched, so that an erased one has its row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from vending_app.domain.card_stock import retired_reference
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import CardNo
from vending_app.domain.people import CardRecord, CardState, SupplyState
from vending_app.ledger import card_stock
from vending_app.ledger.books import Books, Row
from vending_app.ledger.codec import time_text
from vending_app.ledger.journal import acting
from vending_app.ledger.kinds import Kind
from vending_app.ledger.supplies import card

_IS_TOLD = "SELECT 1 FROM card_retirements WHERE card = ?"
_OPEN = "SELECT sale FROM open_sales WHERE held = ?"
_STATE = "SELECT state FROM supplies WHERE number = ?"
_TORN = """
SELECT card_retirements.card FROM card_retirements JOIN journal ON journal.id = card_retirements.journal
WHERE journal.desk = ?1 AND chip = ?2 AND uid = ?3 AND (uid <> '' OR card_retirements.journal = (
    SELECT max(told.journal) FROM card_retirements AS told JOIN journal ON journal.id = told.journal
    WHERE journal.desk = ?1))
ORDER BY card_retirements.journal DESC LIMIT 1
"""
_IS_IN_BOX = "SELECT 1 FROM card_stock WHERE verb = 'receive' AND reference = ?"
_TOLD = "SELECT card FROM card_retirements ORDER BY journal"


def retire(books: Books, number: CardNo, *, chip: str, uid: bytes, at: datetime) -> None:
    """See ports.record_keeping.RecordKeeping."""
    with books.writing():
        found = card(books, number)
        if found is None:
            raise OperatorError(Code.CARD_UNKNOWN, card=number)
        if books.value(_IS_TOLD, (number,)) is not None:
            return
        waiting = books.value(_OPEN, (number,))
        if waiting is not None:
            raise OperatorError(Code.SALE_INTERRUPTED, sale=waiting, supply=found.supply)
        if _is_needed(books, found):
            raise OperatorError(Code.CARD_IN_USE, supply=found.supply)
        row: Row = {"card": number, "supply": found.supply, "chip": chip, "uid": uid.hex(), "at": time_text(at)}
        with acting(books, Kind.RETIRE, at=at) as page:
            page.insert("card_retirements", row)


def receive(books: Books, number: CardNo, *, at: datetime) -> None:
    """See ports.record_keeping.RecordKeeping."""
    with books.writing():
        if books.value(_IS_IN_BOX, (retired_reference(number),)) is None:
            card_stock.receive(books, 1, reference=retired_reference(number), at=at)


def torn(books: Books, *, chip: str, uid: bytes) -> CardRecord | None:
    """See ports.record_keeping.RecordKeeping."""
    number = books.value(_TORN, (books.desk, chip, uid.hex()))
    if number is None or books.value(_IS_IN_BOX, (retired_reference(CardNo(number)),)) is not None:
        return None
    return card(books, CardNo(number))


def _is_needed(books: Books, found: CardRecord) -> bool:
    is_closed = books.value(_STATE, (found.supply,)) == SupplyState.CLOSED.value
    return not is_closed and found.state in {CardState.ACTIVE, CardState.ISSUING}


def check_retirements(books: Books) -> Iterator[str]:
    """No card was made blank that its supply still has."""
    for row in books.all(_TOLD):
        found = card(books, CardNo(row["card"]))
        if found is None or _is_needed(books, found):
            yield f"card {row['card']} was retired, and its supply still has it"
