"""Codes of cards in the books: which were refused, and how many tries may be spent where no reader shows them."""

from __future__ import annotations

from datetime import datetime

from vending_app.domain.card import ANY_BLANK
from vending_app.domain.ids import CardNo
from vending_app.ledger.books import Books
from vending_app.ledger.codec import time_text
from vending_app.ledger.journal import acting
from vending_app.ledger.kinds import Kind

_SPENT = """
SELECT spent FROM (
    SELECT journal, spent FROM card_tries WHERE card = ?1
    UNION ALL SELECT journal, 2 FROM card_refusals WHERE card = ?1
    UNION ALL SELECT max(journal), 0 FROM card_stock WHERE verb = 'spoil' AND ?1 = ?2
) AS told WHERE journal IS NOT NULL ORDER BY journal DESC LIMIT 1
"""
"""A blank card that was entered as spoilt is the one whose code was strange: the next one may be tried."""


def refuse(books: Books, card: CardNo, *, at: datetime) -> None:
    """Remember that a chip refused its code: whether it may be tried again is asked at every desk."""
    with acting(books, Kind.CODE_REFUSED, at=at) as page:
        page.insert("card_refusals", {"card": card, "at": time_text(at)})


def was_refused(books: Books, card: CardNo) -> bool:
    """Whether that was ever noted."""
    return books.value("SELECT 1 FROM card_refusals WHERE card = ?", (card,)) is not None


def spend(books: Books, card: CardNo, spent: int, *, at: datetime) -> None:
    """Told before a code is sent, and again when it is known what became of it."""
    with acting(books, Kind.CODE_TRIED, at=at) as page:
        page.insert("card_tries", {"card": card, "spent": spent, "at": time_text(at)})


def spent(books: Books, card: CardNo) -> int:
    """By the newest row about this card, of any desk."""
    return int(books.value(_SPENT, (card, ANY_BLANK)) or 0)
