"""What in the field would be lost without one version of the master keys."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import date

from vending_app.domain.card_stock import retired_reference
from vending_app.domain.ids import CardNo
from vending_app.domain.key_ceremony import KeyNeed
from vending_app.ledger.books import Books, Row
from vending_app.ledger.journal import INTENT
from vending_app.ledger.key_versions import order_version, proved

_CARDS = """
SELECT cards.number AS card, journal.body FROM cards
JOIN sales ON sales.id = cards.sale
JOIN supplies ON supplies.number = cards.supply AND supplies.state <> 'closed'
JOIN journal ON journal.id = sales.journal
WHERE NOT EXISTS (SELECT 1 FROM sale_events WHERE sale = sales.id AND state = 'voided')
    AND NOT EXISTS (SELECT 1 FROM cards AS later JOIN sale_events AS event
        ON event.sale = later.sale AND event.state = 'posted'
        WHERE later.supply = cards.supply AND later.generation > cards.generation)
"""
"""The card that each supply has, and one that is just being issued."""
_WAITING = """
SELECT sales.card, journal.body FROM sales JOIN journal ON journal.id = sales.journal
WHERE sales.id IN (SELECT sale FROM open_sales)
"""
"""What is not settled: a card may carry it, and only who has its keys can tell."""
_AS_BOXED = retired_reference(CardNo("' || cards.number || '"))
_UNCLEARED = f"""
SELECT journal.body FROM cards
JOIN sale_events AS issued ON issued.sale = cards.sale AND issued.state = 'posted'
JOIN sales ON sales.id = cards.sale
JOIN supplies ON supplies.number = cards.supply
JOIN journal ON journal.id = sales.journal
WHERE '{_AS_BOXED}' NOT IN (SELECT reference FROM card_stock WHERE verb = 'receive')
    AND (supplies.state = 'closed' OR EXISTS (SELECT 1 FROM cards AS later JOIN sale_events AS event
        ON event.sale = later.sale AND event.state = 'posted'
        WHERE later.supply = cards.supply AND later.generation > cards.generation))
"""
"""Cards that nobody needs any more, and that never came back into a box: one that was only begun is not blank."""
_TOOLS = """
SELECT count(*) FROM tool_cards WHERE key_version = ? AND expires_on >= ?
    AND NOT EXISTS (SELECT 1 FROM tool_marks WHERE tool_marks.mandate = tool_cards.mandate AND mark = 'read')
"""
"""Those that are out, and not past their last day."""
_METERS = """
SELECT number, EXISTS (SELECT 1 FROM record_changes
    WHERE subject = 'meter' AND key = number AND verb = 'enter' AND journal > ?) AS is_younger
FROM meters WHERE state <> 'removed'
"""
_NEXT_MADE = "SELECT min(journal) FROM key_events WHERE deed = 'made' AND key_version >= ?"


def need(books: Books, key_version: int, *, on: date, next_oldest: int | None) -> KeyNeed:
    """See ports.key_keeping.KeyBooks."""
    with books.reading():
        return KeyNeed(_cards(books, key_version, on), _meters(books, key_version, next_oldest))


def uncleared(books: Books) -> Mapping[int, int]:
    """See ports.key_keeping.KeyBooks."""
    return _by_version(books, _UNCLEARED)


def _cards(books: Books, key_version: int, on: date) -> int:
    customers = {row["card"] for row in books.all(_CARDS) if _of_card(row) == key_version}
    customers |= {row["card"] for row in books.all(_WAITING) if key_version in {_of_card(row), order_version(row)}}
    return len(customers) + int(books.value(_TOOLS, (key_version, on.isoformat())))


def _by_version(books: Books, cards: str) -> Counter[int]:
    return Counter(map(_of_card, books.all(cards)))


def _of_card(row: Row) -> int:
    return int(json.loads(row["body"])[INTENT]["key_version"])


def _meters(books: Books, key_version: int, next_oldest: int | None) -> int:
    """One that never wrote back has what comes next if it came into the books after that was made.

    A key card brings the newest version and none between: one that proved version 3 may lack version 2.
    """
    told, follows = proved(books), next_oldest or key_version + 1
    next_made = books.value(_NEXT_MADE, (follows,))
    meters = books.all(_METERS, (2**62 if next_made is None else next_made,))

    def is_free(meter: Row) -> bool:
        versions = told.get(meter["number"])
        if versions is None:
            return bool(meter["is_younger"])
        return max(versions) > key_version if next_oldest is None else next_oldest in versions

    return sum(not is_free(meter) for meter in meters)
