"""What in the field would be lost without one version of the master keys."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from vending_app.domain.card_stock import retired_reference
from vending_app.domain.ids import CardNo
from vending_app.domain.key_ceremony import KeyNeed
from vending_app.ledger.books import Books, Row
from vending_app.ledger.codec import Json
from vending_app.ledger.journal import INTENT
from vending_app.ledger.key_versions import order_version, proved, told_by
from vending_app.ledger.kinds import Kind

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
_ONE_METER = f"{_METERS} AND number = ?"
_HEADS = """
SELECT desks.number AS desk, (SELECT max(journal.number) FROM journal WHERE journal.desk = desks.number) AS head
FROM desks
"""
_AFTER = "SELECT kind, body FROM journal WHERE desk = ? AND number > ?"
Heads = Mapping[int, int]
"""By desk, the number of the newest row of its chain: what comes later in these books has a higher one."""
_NEXT_MADE = "SELECT min(journal) FROM key_events WHERE deed = 'made' AND key_version >= ?"


def need(books: Books, key_version: int, *, on: date, next_oldest: int | None) -> KeyNeed:
    """What needs a version on that day, as `KeyBooks.retire_key` says, by all the books: seconds in large ones."""
    with books.reading():
        cards = _customers_cards(books, key_version) + _tool_cards(books, key_version, on)
        meters = books.all(_METERS, (_made_next(books, key_version, next_oldest),))
        return KeyNeed(cards, _without(meters, proved(books), key_version, next_oldest))


def heads(books: Books) -> Heads:
    """Where each chain ends in the state of the books that is being read."""
    return {row["desk"]: row["head"] for row in books.all(_HEADS) if row["head"] is not None}


def need_since(books: Books, known: Heads, key_version: int, *, on: date, next_oldest: int | None) -> KeyNeed:
    """What has come to need a version after nothing did, by the rows behind those heads alone, and all tool cards.

    What needed nothing then needs nothing now, or a row says why: cards and orders come with theirs, a meter counts
    anew when it tells something or its record changes. Every order under the version counts, settled or not.
    """
    since = [row for desk in heads(books) for row in books.all(_AFTER, (desk, known.get(desk, 0)))]
    told = [(Kind(row["kind"]), json.loads(row["body"])) for row in since]
    cards = {body["sales"][0]["card"] for kind, body in told if kind in _ORDERS and key_version in _under(body[INTENT])}
    named = {body[_METER[kind][0]][0][_METER[kind][1]] for kind, body in told if kind in _METER}
    made = _made_next(books, key_version, next_oldest)
    meters = [row for meter in named for row in books.all(_ONE_METER, (made, meter))]
    versions = {meter: told_by(books, meter) for meter in named}
    missing = _without(meters, versions, key_version, next_oldest)
    return KeyNeed(len(cards) + _tool_cards(books, key_version, on), missing)


_ORDERS = frozenset({Kind.RESERVE, Kind.REENTRY})
_METER = {
    Kind.HARVEST: ("write_backs", "meter"),
    Kind.TOOL_READING: ("tool_readings", "meter"),
    Kind.RECORD: ("record_changes", "key"),
}
"""Where a row of the journal names a meter; the key of another record is no meter's number, or harmless."""


def _under(intent: Json) -> tuple[int, int]:
    """The versions of an order and of its card."""
    return intent["order_key_version"], intent["key_version"]


def uncleared(books: Books) -> Mapping[int, int]:
    """See ports.key_keeping.KeyBooks."""
    return _by_version(books, _UNCLEARED)


def _customers_cards(books: Books, key_version: int) -> int:
    customers = {row["card"] for row in books.all(_CARDS) if _of_card(row) == key_version}
    customers |= {row["card"] for row in books.all(_WAITING) if key_version in {_of_card(row), order_version(row)}}
    return len(customers)


def _tool_cards(books: Books, key_version: int, on: date) -> int:
    return int(books.value(_TOOLS, (key_version, on.isoformat())))


def _by_version(books: Books, cards: str) -> Counter[int]:
    return Counter(map(_of_card, books.all(cards)))


def _of_card(row: Row) -> int:
    return int(json.loads(row["body"])[INTENT]["key_version"])


def _made_next(books: Books, key_version: int, next_oldest: int | None) -> int:
    """The row of the journal after which meters came with the version that follows; above all rows if none was made."""
    row = books.value(_NEXT_MADE, (next_oldest or key_version + 1,))
    return 2**62 if row is None else int(row)


def _without(
    meters: Iterable[Row], told: Mapping[str, frozenset[int]], key_version: int, next_oldest: int | None
) -> int:
    """One that never wrote back has what comes next if it came into the books after that was made.

    A key card brings the newest version and none between: one that proved version 3 may lack version 2.
    """

    def is_free(meter: Row) -> bool:
        versions = told.get(meter["number"])
        if not versions:
            return bool(meter["is_younger"])
        return max(versions) > key_version if next_oldest is None else next_oldest in versions

    return sum(not is_free(meter) for meter in meters)
