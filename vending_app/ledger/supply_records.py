"""What the books know of all open supplies, or knew with some row of the journal, for statistics."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from vending_app.domain.energy import Energy
from vending_app.domain.ids import MeterNo, SupplyNo
from vending_app.domain.inspection import Reading, SupplyRecord
from vending_app.domain.people import SupplyState
from vending_app.domain.records import Subject
from vending_app.ledger.books import Books, Row
from vending_app.ledger.codec import day_of
from vending_app.ledger.parts import supply_parts
from vending_app.ledger.records import KEYS
from vending_app.ports.telling import Tally, Tell, untold

_RECORDS = {
    Subject.SUPPLY: "SELECT number, meter, customer, area, tariff, state FROM supplies ORDER BY number",
    Subject.CUSTOMER: "SELECT number, name FROM customers",
    Subject.AREA: "SELECT code, name FROM areas",
}
_BEFORE = """
SELECT key, before FROM record_changes WHERE journal > ? AND subject = ? AND verb <> 'note' ORDER BY journal DESC
"""
_FIRST_CARDS = """
SELECT cards.supply, sale_events.journal, sale_events.at, EXISTS (SELECT 1 FROM record_changes
    WHERE subject = 'supply' AND key = cards.supply AND verb = 'enter') AS opens
FROM cards JOIN sale_events ON sale_events.sale = cards.sale AND state = 'posted' WHERE generation = 1
"""
"""They open supplies that were entered, without a change of the record; those the books began with were open."""
_READINGS = """
SELECT supply, at, body FROM write_backs WHERE supply >= ? AND supply <= ? AND journal <= ?
ORDER BY supply, running, journal
"""
_PURCHASES = """
SELECT supply, sales.at, energy_wh FROM sales JOIN sale_events AS event ON event.sale = id AND event.state = 'posted'
WHERE supply >= ?1 AND supply <= ?2 AND purpose = 'sale' AND event.journal <= ?3
    AND NOT EXISTS (SELECT 1 FROM sale_events AS later WHERE later.reverses = sales.id AND later.journal <= ?3)
ORDER BY supply, sales.journal
"""
_UNEXPLAINED = """
SELECT substr(account, 13) AS supply, sum(amount) AS energy_wh FROM postings
WHERE account >= 'unexplained:' AND account < 'unexplained;' AND journal <= ? GROUP BY account
"""
_REISSUES = """
SELECT cards.supply, count(*) AS times FROM cards JOIN sales ON sales.id = sale
WHERE generation > 1 AND sales.journal <= ?1 AND sales.at >= ?2 GROUP BY cards.supply
"""
_TAKEN_BACK = """
SELECT undone.supply, count(*) AS times
FROM sale_events AS event JOIN sales AS undone ON undone.id = event.reverses
WHERE event.journal <= ?1 AND event.at >= ?2 AND EXISTS (SELECT 1 FROM write_backs
    WHERE write_backs.supply = undone.supply AND write_backs.sequence >= undone.sequence
        AND write_backs.journal < event.journal)
GROUP BY undone.supply
"""
"""Reversals of sales that the meter had shown to have taken before."""


def supply_records(books: Books, *, until: int, since: date, tell: Tell = untold) -> tuple[SupplyRecord, ...]:
    """Of the supplies that were open with the journal row `until`, as they were then; events count from `since`.

    What takes long, their write-backs and purchases, is read in parts, each of which is told.
    """
    with books.reading():
        names, areas = (_names(books, subject, until) for subject in (Subject.CUSTOMER, Subject.AREA))
        parts = supply_parts(books)
        told: dict[str, Sequence[Reading]] = {}
        purchases: dict[str, list[tuple[date, Energy]]] = {}
        for part in Tally(tell, len(parts)).each(parts):
            told |= readings(books, until, part)
            purchases |= _purchases(books, until, part)
        unexplained = {row["supply"]: int(row["energy_wh"]) for row in books.all(_UNEXPLAINED, (until,))}
        reissues, taken_back = (_times(books, sql, until, since) for sql in (_REISSUES, _TAKEN_BACK))
        return tuple(
            SupplyRecord(
                supply=SupplyNo(row["number"]),
                meter=MeterNo(row["meter"]),
                customer=names[row["customer"]],
                area=areas[row["area"]] if row["area"] else "",
                tariff=row["tariff"],
                open_since=opened,
                readings=tuple(told.get(row["number"], ())),
                purchases=tuple(purchases.get(row["number"], ())),
                unexplained=Energy(unexplained.get(row["number"], 0)),
                reissues=reissues.get(row["number"], 0),
                taken_back=taken_back.get(row["number"], 0),
            )
            for row, opened in _open_supplies(books, until)
        )


def _open_supplies(books: Books, until: int) -> Iterator[tuple[Row, date]]:
    """Each with the day since which it could buy: of its first card, or else the day on which the books began."""
    first = {row["supply"]: row for row in books.all(_FIRST_CARDS)}
    began = books.value("SELECT at FROM journal ORDER BY id LIMIT 1")
    for row in _as_of(books, Subject.SUPPLY, until):
        card = first.get(row["number"])
        is_carded = card is not None and card["journal"] <= until
        if row["state"] == SupplyState.OPEN and (card is None or is_carded or not card["opens"]):
            yield row, _day(card["at"] if card and is_carded else began)


def _names(books: Books, subject: Subject, until: int) -> dict[str, str]:
    return {row[KEYS[subject]]: row["name"] for row in _as_of(books, subject, until)}


def _as_of(books: Books, subject: Subject, until: int) -> Iterator[Row]:
    """Records as they stood with that row: the first change of one after it tells what was before, if anything was."""
    before: dict[str, str] = {row["key"]: row["before"] for row in books.all(_BEFORE, (until, subject.value))}
    for row in books.all(_RECORDS[subject]):
        was = before.get(row[KEYS[subject]])
        if was is None:
            yield row
        elif was:
            yield json.loads(was)


def _times(books: Books, sql: str, until: int, since: date) -> dict[str, int]:
    return {row["supply"]: int(row["times"]) for row in books.all(sql, (until, since.isoformat()))}


def _purchases(books: Books, until: int, part: tuple[str, str]) -> dict[str, list[tuple[date, Energy]]]:
    """By supply, of the supplies of a part: days and energy, without those that were reversed by then."""
    found: dict[str, list[tuple[date, Energy]]] = defaultdict(list)
    for supply, at, wh in books.tuples(_PURCHASES, (*part, until)):
        found[supply].append((_day(at), Energy(wh)))
    return dict(found)


def readings(books: Books, until: int, part: tuple[str, str]) -> dict[str, Sequence[Reading]]:
    """By supply, as the meter counted them, by what the journal row `until` knew; of the supplies of a part."""
    found: dict[str, list[Reading]] = defaultdict(list)
    for row in books.all(_READINGS, (*part, until)):
        found[row["supply"]].append(_reading(row["at"], json.loads(row["body"])))
    return dict(found)


def _reading(at: str, told: dict[str, int | str]) -> Reading:
    """By the meter's clock, unless it is ahead of ours: a card cannot come before it was written."""
    return Reading(
        on=min(_day(str(told["meter_time"])), _day(at)),
        used=Energy(int(told["used_total_wh"])),
        remaining=Energy(int(told["remaining_wh"])),
        bought=Energy(int(told["energy_total_wh"])),
        past_zero=Energy(int(told["zero_crossing_wh"])),
        illegal_cards=int(told["illegal_cards"]),
        cover=int(told["tamper_events"]),
        overload=int(told["overload_trips"]),
    )


def _day(text: str) -> date:
    return day_of(datetime.fromisoformat(text))
