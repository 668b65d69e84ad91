"""Looking up a record while somebody types: by index on a million, and each with what the books know of it.

Whoever has or had a supply is found by its folded text, and so are its meters and cards; customers without one have
a text of their own, and meters that hang nowhere are few enough to be looked through.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.folding import folded
from vending_app.domain.ids import CardNo, SupplyNo
from vending_app.domain.people import Customer, SupplyLine
from vending_app.domain.record_lines import (
    MOST_COUNTED,
    AreaLine,
    CardLine,
    CardStanding,
    CustomerLine,
    MeterLine,
    RecordKind,
    RecordLine,
)
from vending_app.domain.records import Area, CardEnd, MeterState
from vending_app.ledger import search
from vending_app.ledger.books import Books, Row, anywhere
from vending_app.ledger.journal import INTENT
from vending_app.ledger.records import meter_of

SUPPLIES_LOOKED_AT = 4
"""Times the limit: an estate has many supplies, and shall not hide the other customers of its name."""

_STANDING_FIRST = "ORDER BY CASE state WHEN 'closed' THEN 1 ELSE 0 END, id DESC LIMIT 1"
_CUSTOMERS = f"""
SELECT customers.*, (SELECT count(*) FROM supplies WHERE customer = customers.number) AS supplies,
    (SELECT number FROM supplies WHERE customer = customers.number {_STANDING_FIRST}) AS supply
FROM customers
"""
_METERS = f"""
SELECT meters.*, hangs.number AS supply, customers.name AS customer FROM meters
LEFT JOIN supplies AS hangs ON hangs.number = (
    SELECT number FROM supplies WHERE meter = meters.number {_STANDING_FIRST})
LEFT JOIN customers ON customers.number = hangs.customer
"""
_CARDS = """
SELECT cards.number, cards.supply, cards.generation, customers.name AS customer, supplies.state, supplies.closed_on,
    issued.state AS issue, coalesce(issued.at, sales.at) AS since, ended.at AS until,
    (SELECT body FROM journal WHERE id = following.journal) AS body
FROM cards JOIN sales ON sales.id = cards.sale
JOIN supplies ON supplies.number = cards.supply JOIN customers ON customers.number = supplies.customer
LEFT JOIN sale_events AS issued ON issued.sale = cards.sale AND issued.is_final = 1
LEFT JOIN sales AS following ON following.id = (
    SELECT later.sale FROM cards AS later JOIN sales AS issue ON issue.id = later.sale
    JOIN sale_events AS event ON event.sale = issue.id AND event.state = 'posted'
    WHERE later.supply = cards.supply AND issue.sequence > sales.sequence ORDER BY issue.sequence LIMIT 1)
LEFT JOIN sale_events AS ended ON ended.sale = following.id AND ended.is_final = 1
"""


def find(books: Books, kind: RecordKind, text: str, *, limit: int) -> tuple[RecordLine, ...]:
    """Records that have every typed word somewhere; without a word the first ones, of cards the newest."""
    words = list(dict.fromkeys(folded(text).split()))
    with books.reading():
        match kind:
            case RecordKind.CUSTOMER:
                return _customers(books, words, limit)
            case RecordKind.METER:
                return _meters(books, words, limit)
            case RecordKind.CARD:
                return _cards(books, words, limit)
        return _areas(books, words, limit)


def line(books: Books, kind: RecordKind, key: str) -> RecordLine:
    """One record. Raises OperatorError customer-unknown, meter-unknown, card-unknown, area-unknown."""
    with books.reading():
        match kind:
            case RecordKind.CUSTOMER:
                row = books.one(f"{_CUSTOMERS} WHERE number = ?", (key,))
                return _customer(_known(row, Code.CUSTOMER_UNKNOWN, number=key))
            case RecordKind.METER:
                row = books.one(f"{_METERS} WHERE meters.number = ?", (key,))
                return _meter(_known(row, Code.METER_UNKNOWN, meter=key))
            case RecordKind.CARD:
                row = books.one(f"{_CARDS} WHERE cards.number = ?", (key,))
                return _card(_known(row, Code.CARD_UNKNOWN, card=key))
        row = books.one("SELECT code, name, transformer FROM areas WHERE code = ?", (key,))
        area = Area(**_known(row, Code.AREA_UNKNOWN, area=key))
        return AreaLine(area, books.value("SELECT count(*) FROM supplies WHERE area = ?", (key,)))


def supplies_of(books: Books, found: RecordLine, *, limit: int) -> tuple[SupplyLine, ...]:
    """Those that a record has or had."""
    match found:
        case CustomerLine():
            return search.supplies_by(books, "customer", found.customer.number, limit=limit)
        case MeterLine():
            return search.supplies_by(books, "meter", found.meter.number, limit=limit)
        case CardLine():
            return search.supplies_by(books, "number", found.supply, limit=limit)
    return search.supplies_by(books, "area", found.area.code, limit=limit)


def _known(row: Row | None, code: Code, **facts: str) -> Row:
    if row is None:
        raise OperatorError(code, **facts)
    return row


def _of_supplies(books: Books, column: str, words: Sequence[str], limit: int) -> list[str]:
    """What the supplies with these words have in a column."""
    chosen, values = books.found_ids(words, limit=limit * SUPPLIES_LOOKED_AT)
    rows = books.all(f"SELECT DISTINCT {column} AS found FROM supplies WHERE id IN ({chosen})", values)
    return [row["found"] for row in rows]


def _these(books: Books, query: str, key: str, numbers: Sequence[str]) -> list[Row]:
    """The rows of these keys, in their order."""
    if not numbers:
        return []
    return books.all(f"{query} WHERE {key} IN ({', '.join('?' * len(numbers))}) ORDER BY {key}", numbers)


# --- customers -------------------------------------------------------------------------------------------


def _customers(books: Books, words: Sequence[str], limit: int) -> tuple[CustomerLine, ...]:
    if not words:
        rows = books.all(f"{_CUSTOMERS} ORDER BY number LIMIT ?", (limit,))
    else:
        chosen, values = books.found_customers(words, limit=limit)
        alone = [row["customer"] for row in books.all(chosen, values)]
        numbers = sorted({*alone, *_of_supplies(books, "customer", words, limit)})[:limit]
        rows = _these(books, _CUSTOMERS, "number", numbers)
    return tuple(map(_customer, rows))


def _customer(row: Row) -> CustomerLine:
    fields = ("number", "name", "address", "phone", "identity", "notes")
    supply = SupplyNo(row["supply"]) if row["supply"] else None
    return CustomerLine(Customer(**{field: row[field] for field in fields}), row["supplies"], supply)


# --- meters ----------------------------------------------------------------------------------------------


def _meters(books: Books, words: Sequence[str], limit: int) -> tuple[MeterLine, ...]:
    """Those that hang nowhere first: they are what somebody looks for who types nothing."""
    like = "lower(meters.number || ' ' || make || ' ' || model) LIKE ? ESCAPE '\\'"
    tests = "".join(f" AND {like}" for _ in words)
    waiting = f"{_METERS} WHERE meters.state <> 'installed'{tests} ORDER BY meters.state DESC, meters.number LIMIT ?"
    rows = books.all(waiting, (*map(anywhere, words), limit))
    if words:
        known = {row["number"] for row in rows}
        numbers = [number for number in sorted(_of_supplies(books, "meter", words, limit)) if number not in known]
        rows += _these(books, _METERS, "meters.number", numbers[:limit])
    else:
        hanging = f"{_METERS} WHERE meters.state = 'installed' ORDER BY meters.number LIMIT ?"
        rows += books.all(hanging, (limit - len(rows),))
    return tuple(map(_meter, rows[:limit]))


def _meter(row: Row) -> MeterLine:
    supply = SupplyNo(row["supply"]) if row["supply"] else None
    return MeterLine(meter_of(row), MeterState(row["state"]), supply, row["customer"] or "")


# --- cards -----------------------------------------------------------------------------------------------


def _cards(books: Books, words: Sequence[str], limit: int) -> tuple[CardLine, ...]:
    """Every card of the supplies that were found; those that have the words in their own number first."""
    if not words:
        return tuple(map(_card, books.all(f"{_CARDS} ORDER BY cards.number DESC LIMIT ?", (limit,))))
    chosen, values = books.found_ids(words, limit=limit)
    rows = books.all(f"{_CARDS} WHERE supplies.id IN ({chosen}) ORDER BY cards.number DESC", values)
    rows.sort(key=lambda row: not all(word in row["number"] for word in words))
    return tuple(map(_card, rows[:limit]))


_ENDS = {CardEnd.LOST: CardStanding.LOST, CardEnd.STOLEN: CardStanding.STOLEN, CardEnd.BROKEN: CardStanding.BROKEN}


def _card(row: Row) -> CardLine:
    standing, until = _standing(row)
    return CardLine(
        number=CardNo(row["number"]),
        supply=SupplyNo(row["supply"]),
        customer=row["customer"],
        generation=row["generation"],
        standing=standing,
        since=datetime.fromisoformat(row["since"]),
        until=until,
    )


def _standing(row: Row) -> tuple[CardStanding, datetime | None]:
    """What became of it, and when; why a card ended stands in the order that issued the next one."""
    if row["issue"] is None:
        return CardStanding.ISSUING, None
    if row["issue"] == "voided":
        return CardStanding.RETIRED, datetime.fromisoformat(row["since"])
    if row["until"]:
        told = json.loads(row["body"])[INTENT].get("ends")
        why = CardEnd(told) if told else CardEnd.CUSTOMER
        return _ENDS.get(why, CardStanding.REPLACED), datetime.fromisoformat(row["until"])
    if row["state"] == "closed":
        # Noon of the day, which is the same day in every zone that has a desk.
        closed = datetime.fromisoformat(f"{row['closed_on']}T00:00:00+00:00") + timedelta(hours=12)
        return CardStanding.RETIRED, closed
    return CardStanding.ACTIVE, None


# --- areas -----------------------------------------------------------------------------------------------


def _areas(books: Books, words: Sequence[str], limit: int) -> tuple[AreaLine, ...]:
    """There are few: each is folded as it is looked at."""
    every = [Area(**row) for row in books.all("SELECT code, name, transformer FROM areas ORDER BY code")]
    found = [area for area in every if _has(area, words)][:limit]
    some = "SELECT count(*) FROM (SELECT 1 FROM supplies WHERE area = ? LIMIT ?) AS few"
    return tuple(AreaLine(area, books.value(some, (area.code, MOST_COUNTED))) for area in found)


def _has(area: Area, words: Sequence[str]) -> bool:
    text = folded(f"{area.code}\n{area.name}\n{area.transformer}")
    return all(word in text for word in words)
