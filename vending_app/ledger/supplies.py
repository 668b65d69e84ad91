"""What a desk must know of one supply: its record, and where its books stand, derived from posted sales."""

from __future__ import annotations

import json
from datetime import date, datetime

from vending_app.domain.card import WriteBack
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import CardNo, SaleId, SupplyNo
from vending_app.domain.money import ZERO, Money
from vending_app.domain.people import (
    CardRecord,
    CardState,
    Customer,
    HistoryEntry,
    SupplyFile,
    SupplyState,
)
from vending_app.domain.tariff import Tariff
from vending_app.ledger import entries
from vending_app.ledger.books import Books, Row
from vending_app.ledger.codec import day, parameters_of, tariff_of
from vending_app.ledger.records import meter_of
from vending_app.ledger.sale_rows import receipt_no
from vending_app.ledger.tariff_counts import COUNTS

_RECORD = """
SELECT supplies.*, customers.name, customers.address, customers.phone,
    meters.model, meters.constant_imp_per_kwh, meters.phases, meters.ct_ratio, meters.pt_ratio,
    meters.initial_reading_wh, meters.make, customers.identity, customers.notes,
    follows.carried_wh, follows.old_supply
FROM supplies
JOIN customers ON customers.number = supplies.customer
JOIN meters ON meters.number = supplies.meter
LEFT JOIN meter_changes AS follows ON follows.new_supply = supplies.number
WHERE supplies.number = ?
"""
_NEWEST_ORDER = """
SELECT sequence, energy_total_wh, purchases FROM sales
JOIN sale_events ON sale = id AND state = 'posted' WHERE supply = ? ORDER BY sequence DESC LIMIT 1
"""
_CURRENT_CARD = """
SELECT cards.number, cards.generation FROM cards JOIN sales ON sales.id = cards.sale
JOIN sale_events ON sale_events.sale = sales.id AND state = 'posted'
WHERE cards.supply = ? ORDER BY sequence DESC LIMIT 1
"""
_CHARGED = """
SELECT max(charged_until) FROM sales JOIN sale_events ON sale = id AND state = 'posted'
WHERE supply = ? AND purpose = 'sale' AND NOT EXISTS (SELECT 1 FROM sale_events WHERE reverses = sales.id)
"""
_LAST_SEQUENCE = "SELECT coalesce(max(sequence), 0) FROM sales WHERE supply = ?"
_OF_MONTH = """
WITH RECURSIVE line (number) AS (
    SELECT number FROM supplies WHERE number = ?1
    UNION SELECT old_supply FROM meter_changes JOIN line ON new_supply = line.number)
SELECT coalesce(sum(energy_wh), 0) FROM sales
JOIN sale_events ON sale = id AND state = 'posted' WHERE supply IN (SELECT number FROM line) AND charged_until = ?2
"""
"""With what was bought under the meters before: another meter opens no cheap step again."""


def supply(books: Books, number: SupplyNo, *, today: date) -> SupplyFile:
    """Raises OperatorError supply-unknown."""
    with books.reading():
        return _read(books, number, today)


def _read(books: Books, number: SupplyNo, today: date) -> SupplyFile:
    """One state of the books, however many queries it takes."""
    of_month = (number, today.replace(day=1).isoformat())
    for query in (_NEWEST_ORDER, _CURRENT_CARD, _LAST_SEQUENCE, _CHARGED):
        books.foresee(query, (number,))
    books.foresee(_OF_MONTH, of_month)
    row = books.one(_RECORD, (number,))
    if row is None:
        raise OperatorError(Code.SUPPLY_UNKNOWN, supply=number)
    order = books.one(_NEWEST_ORDER, (number,)) or {"sequence": 0, "energy_total_wh": 0, "purchases": 0}
    card = books.one(_CURRENT_CARD, (number,)) or {"number": None, "generation": 0}
    last = books.value(_LAST_SEQUENCE, (number,))
    charged = max(filter(None, (books.value(_CHARGED, (number,)), row["charged_until"])), default=None)
    return SupplyFile(
        number=number,
        customer=Customer(row["customer"], row["name"], row["address"], row["phone"], row["identity"], row["notes"]),
        meter=meter_of(row | {"number": row["meter"]}),
        tariff=row["tariff"],
        tariff_name=_tariff_name(books, row["tariff"], today),
        state=SupplyState(row["state"]),
        parameters=parameters_of(json.loads(row["parameters"])),
        opened_on=date.fromisoformat(row["opened_on"]),
        closed_on=day(row["closed_on"]),
        card=CardNo(card["number"]) if card["number"] else None,
        generation=card["generation"],
        sequence=last,
        order_sequence=order["sequence"],
        energy_total=Energy(order["energy_total_wh"]),
        purchases=order["purchases"],
        arrears=Money(entries.balance(books, entries.arrears(number))),
        arrears_share_percent=row["arrears_share_percent"],
        charged_until=day(charged),
        bought_this_month=Energy(books.value(_OF_MONTH, of_month)),
        area=row["area"] or "",
        ends_on=day(row["ends_on"]),
        carried=Energy(row["carried_wh"] or 0),
        taken_from=SupplyNo(row["old_supply"]) if row["old_supply"] else None,
    )


def _tariff_name(books: Books, code: str, on: date) -> str:
    text = _tariff_text(books, code, on)
    return tariff_of(text).name if text else ""


def tariff(books: Books, code: str, *, on: date) -> Tariff:
    """Raises OperatorError tariff-missing."""
    text = _tariff_text(books, code, on)
    if text is None:
        raise OperatorError(Code.TARIFF_MISSING, tariff=code, on=on)
    return tariff_of(text)


def tariffs(books: Books, *, on: date) -> tuple[tuple[str, str], ...]:
    """Code and name of those that hold on a day, by code."""
    codes = books.all(
        f"SELECT DISTINCT code FROM tariffs WHERE valid_from <= ? AND {COUNTS} ORDER BY code", (on.isoformat(),)
    )
    return tuple((row["code"], _tariff_name(books, row["code"], on)) for row in codes)


def _tariff_text(books: Books, code: str, on: date) -> str | None:
    found: str | None = books.value(
        f"SELECT body FROM tariffs WHERE code = ? AND valid_from <= ? AND {COUNTS} ORDER BY valid_from DESC",
        (code, on.isoformat()),
    )
    return found


def totals_after(books: Books, supply: SupplyNo, last: WriteBack | None) -> tuple[Energy, ...]:
    """The energy totals of all orders, whatever became of them, that the meter had not seen by then."""
    later = "SELECT energy_total_wh FROM sales WHERE supply = ? AND sequence > ? ORDER BY sequence"
    rows = books.all(later, (supply, last.sequence if last else 0))
    return tuple(Energy(row["energy_total_wh"]) for row in rows)


# --- cards -----------------------------------------------------------------------------------------------

_CARD = """
SELECT cards.*, sales.sequence, newest.state, coalesce(newest.at, sales.at) AS at,
    (SELECT min(event.at) FROM cards AS later JOIN sales AS issue ON issue.id = later.sale
     JOIN sale_events AS event ON event.sale = issue.id AND event.state = 'posted'
     WHERE later.supply = cards.supply AND issue.sequence > sales.sequence) AS replaced_at
FROM cards JOIN sales ON sales.id = cards.sale
LEFT JOIN sale_events AS newest ON newest.sale = sales.id
    AND newest.journal = (SELECT max(journal) FROM sale_events WHERE sale = sales.id)
WHERE cards.number = ?
"""


def card(books: Books, number: CardNo) -> CardRecord | None:
    """What became of a card follows from what became of the sale that issued it, and of later ones."""
    row = books.one(_CARD, (number,))
    if row is None:
        return None
    state = {"posted": CardState.ACTIVE, "voided": CardState.RETIRED}.get(row["state"], CardState.ISSUING)
    since = row["at"]
    if state is CardState.ACTIVE and row["replaced_at"]:
        state, since = CardState.REPLACED, row["replaced_at"]
    return CardRecord(
        number=number,
        supply=SupplyNo(row["supply"]),
        generation=row["generation"],
        state=state,
        since=datetime.fromisoformat(since),
    )


CARD_SERIAL_FIGURES = 7


def new_card_number(books: Books) -> CardNo:
    """The office's number and a rising one: never given twice, even if the card is never issued."""
    with books.writing():
        serial = books.value(
            "INSERT INTO counters VALUES ('card', 1) ON CONFLICT (name) DO UPDATE SET value = counters.value + 1"
            " RETURNING value"
        )
        utility = books.value("SELECT utility FROM office")
        return CardNo(f"{utility:05d}{serial:0{CARD_SERIAL_FIGURES}d}")


# --- history ---------------------------------------------------------------------------------------------

_HISTORY = """
SELECT sales.at, purpose AS kind, sequence, energy_wh, coalesce(total_minor, 0) AS minor, NULL AS remaining_wh,
    coalesce(newest.state, 'pending') AS state, receipt_desk, receipt_number, sales.id AS sale,
    sales.journal AS journal
FROM sales LEFT JOIN sale_events AS newest ON newest.sale = sales.id
    AND newest.journal = (SELECT max(journal) FROM sale_events WHERE sale = sales.id)
WHERE supply = ?1
UNION ALL
SELECT at, 'write-back', sequence, used_total_wh, 0, remaining_wh, '', NULL, NULL, NULL, journal
FROM write_backs WHERE supply = ?1
ORDER BY journal DESC LIMIT ?2
"""


def history(books: Books, number: SupplyNo, *, limit: int) -> tuple[HistoryEntry, ...]:
    """Newest first, in the order in which the books learnt of it."""
    return tuple(map(_history_entry, books.all(_HISTORY, (number, limit))))


def _history_entry(row: Row) -> HistoryEntry:
    remaining = row["remaining_wh"]
    return HistoryEntry(
        at=datetime.fromisoformat(row["at"]),
        kind=row["kind"],
        sequence=row["sequence"],
        energy=Energy(row["energy_wh"]),
        money=Money(row["minor"]) if row["minor"] else ZERO,
        remaining=None if remaining is None else Energy(remaining),
        receipt=receipt_no(row["receipt_desk"], row["receipt_number"]) if row["receipt_number"] else "",
        state=row["state"],
        sale=SaleId(row["sale"]) if row["sale"] else None,
    )
