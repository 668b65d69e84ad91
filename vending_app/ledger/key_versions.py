"""Which versions of the master keys the books have seen: in orders, on cards, and by what meters proved."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping

from vending_app.domain.ids import MeterNo
from vending_app.ledger.books import Books, Row
from vending_app.ledger.journal import INTENT

_TOLD = """
SELECT meter, body, 0 AS carried FROM write_backs
UNION ALL SELECT tool_readings.meter, body, key_version FROM tool_readings
JOIN tool_cards ON tool_cards.mandate = tool_readings.mandate
"""
"""What meters wrote on cards; a meter that took a tool card has the version of that one too."""
_TOLD_BY = """
SELECT body, 0 AS carried FROM write_backs
WHERE meter = ?1 AND supply IN (SELECT number FROM supplies WHERE meter = ?1)
UNION ALL SELECT body, key_version FROM tool_readings
JOIN tool_cards ON tool_cards.mandate = tool_readings.mandate WHERE tool_readings.meter = ?1
"""
_TAKEN_BY = """
SELECT journal.body FROM write_backs
JOIN sales ON sales.supply = write_backs.supply AND sales.sequence = write_backs.sequence
JOIN journal ON journal.id = sales.journal
WHERE meter = ?1 AND write_backs.supply IN (SELECT number FROM supplies WHERE meter = ?1)
    AND NOT EXISTS (SELECT 1 FROM reentries WHERE sale = sales.id)
"""
"""The orders that it took by what it wrote back; under which keys one was that was entered again, nobody told."""
_SOLD = """
SELECT journal.body FROM cards JOIN sales ON sales.id = cards.sale JOIN journal ON journal.id = sales.journal
UNION ALL SELECT journal.body FROM supplies
JOIN sales ON sales.supply = supplies.number
    AND sequence = (SELECT max(sequence) FROM sales AS every WHERE every.supply = supplies.number)
JOIN journal ON journal.id = sales.journal
"""
"""Every issue, and the newest order of each supply: one before it is under no newer version."""
_LAST_TOLD = """
SELECT (SELECT body FROM write_backs WHERE supply = supplies.number ORDER BY running DESC, journal DESC LIMIT 1) AS body
FROM supplies
"""
_TOOLS = "SELECT DISTINCT key_version FROM tool_cards"
_BROUGHT = "SELECT DISTINCT limits FROM tool_cards WHERE kind = 'key'"
"""What key cards bring: a meter may have it long before anybody hears of that."""
_COLLECTED = "SELECT body FROM tool_readings"


def told_by(books: Books, meter: MeterNo) -> frozenset[int]:
    """As `proved` has it of this meter; nothing if it never told anything."""
    return frozenset(_versions(books.all(_TOLD_BY, (meter,))))


def proved_by(books: Books, meter: MeterNo) -> frozenset[int]:
    """See ports.key_keeping.KeyBooks."""
    with books.reading():
        told, taken = books.all(_TOLD_BY, (meter,)), books.all(_TAKEN_BY, (meter,))
    return frozenset((*_versions(told), *map(order_version, taken)))


def proved(books: Books) -> Mapping[str, frozenset[int]]:
    """Of every meter that ever wrote back or took a tool card, the versions that it proved so.

    The orders that it took tell no more here: none is made under a newer version than the oldest in use, unless a meter
    proved that one before.
    """
    found: dict[str, set[int]] = defaultdict(set)
    for row in books.stream(_TOLD):
        found[row["meter"]].update(_versions([row]))
    return {meter: frozenset(versions) for meter, versions in found.items()}


def seen(books: Books) -> frozenset[int]:
    """See ports.key_keeping.KeyBooks."""
    with books.reading():
        sold = (json.loads(row["body"])[INTENT] for row in books.all(_SOLD))
        orders = {told[name] for told in sold for name in ("order_key_version", "key_version")}
        told = (row["body"] for query in (_LAST_TOLD, _COLLECTED) for row in books.all(query))
        proofs = {int(json.loads(body)["key_version"]) for body in told if body is not None}
        tools = {row["key_version"] for row in books.all(_TOOLS)}
        tools |= {int(json.loads(row["limits"])["version"]) for row in books.all(_BROUGHT)}
    return frozenset(orders | proofs | tools)


def order_version(row: Row) -> int:
    """Of the order in the journal's `body` of a sale."""
    return int(json.loads(row["body"])[INTENT]["order_key_version"])


def _versions(rows: Iterable[Row]) -> Iterable[int]:
    for row in rows:
        yield int(json.loads(row["body"])["key_version"])
        if row["carried"]:
            yield row["carried"]
