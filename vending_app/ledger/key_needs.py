"""What in the field has nothing newer than one version of the master keys."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import date

from vending_app.domain.card_stock import retired_reference
from vending_app.domain.ids import CardNo
from vending_app.domain.key_ceremony import KeyNeed
from vending_app.ledger.books import Books
from vending_app.ledger.journal import INTENT

_CARDS = """
SELECT journal.body FROM cards
JOIN sales ON sales.id = cards.sale
JOIN supplies ON supplies.number = cards.supply AND supplies.state <> 'closed'
JOIN journal ON journal.id = sales.journal
WHERE NOT EXISTS (SELECT 1 FROM sale_events WHERE sale = sales.id AND state = 'voided')
    AND NOT EXISTS (SELECT 1 FROM cards AS later JOIN sale_events AS event
        ON event.sale = later.sale AND event.state = 'posted'
        WHERE later.supply = cards.supply AND later.generation > cards.generation)
"""
"""The card that each supply has, and one that is just being issued."""
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
_TOLD = """
SELECT meter, (SELECT body FROM write_backs WHERE supply = supplies.number
    ORDER BY running DESC, journal DESC LIMIT 1) AS body FROM supplies
"""
"""What each meter wrote back last; one that was changed or came back from somewhere has more than one row."""
_METERS = """
SELECT number, EXISTS (SELECT 1 FROM record_changes
    WHERE subject = 'meter' AND key = number AND verb = 'enter' AND journal > ?) AS is_younger
FROM meters WHERE state <> 'removed'
"""
_NEXT_MADE = "SELECT min(journal) FROM key_events WHERE deed = 'made' AND key_version > ?"


def need(books: Books, key_version: int, *, on: date) -> KeyNeed:
    """See ports.key_keeping.KeyBooks."""
    with books.reading():
        return KeyNeed(_cards(books, key_version, on), _meters(books, key_version))


def uncleared(books: Books) -> Mapping[int, int]:
    """See ports.key_keeping.KeyBooks."""
    return _by_version(books, _UNCLEARED)


def _cards(books: Books, key_version: int, on: date) -> int:
    return _by_version(books, _CARDS)[key_version] + int(books.value(_TOOLS, (key_version, on.isoformat())))


def _by_version(books: Books, cards: str) -> Counter[int]:
    return Counter(int(json.loads(row["body"])[INTENT]["key_version"]) for row in books.all(cards))


def _meters(books: Books, key_version: int) -> int:
    """One that proved a newer version has it. One that never wrote back has it if it came after that was made."""
    proved: dict[str, int] = {}
    for row in books.all(_TOLD):
        if row["body"] is not None:
            version = int(json.loads(row["body"])["key_version"])
            proved[row["meter"]] = max(version, proved.get(row["meter"], 0))
    next_made = books.value(_NEXT_MADE, (key_version,))
    meters = books.all(_METERS, (2**62 if next_made is None else next_made,))
    return sum(
        proved[row["number"]] <= key_version if row["number"] in proved else not row["is_younger"] for row in meters
    )
