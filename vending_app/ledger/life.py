"""The whole life of one supply, read from every table that knows of it."""

from __future__ import annotations

import json
from datetime import date, datetime

from vending_app.domain.energy import Energy
from vending_app.domain.ids import CardNo, JournalRow, MeterNo, SaleId, SupplyNo
from vending_app.domain.money import Money
from vending_app.domain.records import CardEnd, CardOfSupply, LifeEvent, SupplyBalance, SupplyLife
from vending_app.ledger import entries, records
from vending_app.ledger.books import Books, Row
from vending_app.ledger.codec import day_of
from vending_app.ledger.journal import INTENT
from vending_app.ledger.sale_rows import receipt_no
from vending_app.ledger.write_backs import last_write_back

MOST_EVENTS = 4000
"""Of the newest: a household of a century."""

_EVENTS = """
SELECT sales.at, purpose AS kind, energy_wh, coalesce(total_minor, 0) AS minor, NULL AS remaining_wh, '' AS text,
    coalesce(newest.state, 'pending') AS state, receipt_desk, receipt_number, sales.id AS sale, '' AS before,
    '' AS after, sequence, sales.journal AS journal
FROM sales LEFT JOIN sale_events AS newest ON newest.sale = sales.id
    AND newest.is_final = (SELECT max(is_final) FROM sale_events WHERE sale = sales.id)
WHERE supply = ?1
UNION ALL
SELECT at, 'write-back', used_total_wh, 0, remaining_wh,
    CASE WHEN EXISTS (SELECT 1 FROM tool_cards WHERE tool_cards.card = write_backs.card) THEN 'field' ELSE '' END,
    '', NULL, NULL, NULL, '', body, sequence, journal
FROM write_backs WHERE supply = ?1
UNION ALL
SELECT at, CASE kind WHEN 'arrears' THEN 'payment' ELSE 'refund' END, 0, amount_minor, NULL, reason, '', NULL, NULL,
    NULL, '', '', 0, journal
FROM payments WHERE supply = ?1
UNION ALL
SELECT at, CASE verb WHEN 'note' THEN 'note' ELSE 'record' END, 0, 0, NULL, reason, '', NULL, NULL, NULL, before,
    after, 0, journal
FROM record_changes WHERE subject = 'supply' AND key = ?1
UNION ALL
SELECT at, 'meter-change', carried_wh, 0, remaining_wh, reason, '', NULL, NULL, NULL, old_meter, new_meter, 0, journal
FROM meter_changes WHERE old_supply = ?1 OR new_supply = ?1
UNION ALL
SELECT at, 'settlement', returned_wh, price_minor, remaining_wh, reason, '', NULL, NULL, NULL, '', '', 0, journal
FROM settlements WHERE supply = ?1
UNION ALL
SELECT at, 'finding', coalesce(used_total_wh, 0), 0, NULL, note, outcome, NULL, NULL, NULL, '', on_day, 0, journal
FROM findings WHERE supply = ?1
ORDER BY journal DESC LIMIT ?2
"""
_CARDS = """
SELECT cards.number, generation, event.at,
    (SELECT body FROM journal WHERE id = sales.journal) AS body
FROM cards JOIN sales ON sales.id = cards.sale
JOIN sale_events AS event ON event.sale = sales.id AND event.state = 'posted'
WHERE cards.supply = ? ORDER BY sales.sequence
"""
_OF_ENERGY = """
SELECT account, sum(amount) AS held FROM postings WHERE commodity = 'energy' AND journal <= ?2 AND journal IN (
    SELECT sale_events.journal FROM sales JOIN sale_events ON sale = sales.id WHERE supply = ?1
    UNION ALL SELECT journal FROM write_backs WHERE supply = ?1
    UNION ALL SELECT journal FROM meter_changes WHERE old_supply = ?1 OR new_supply = ?1
    UNION ALL SELECT journal FROM settlements WHERE supply = ?1)
GROUP BY account
"""
"""Up to a row of the journal, by the rows that are about this supply: its accounts alone would be looked for among
those of all."""
NEWEST = JournalRow(2**63 - 1)
"""No row comes after it."""
_PAID = """
SELECT (SELECT coalesce(sum(total_minor), 0) FROM sales JOIN sale_events ON sale = id AND state = 'posted'
        WHERE supply = ?1)
    + (SELECT coalesce(sum(CASE kind WHEN 'arrears' THEN amount_minor ELSE 0 END), 0) FROM payments WHERE supply = ?1)
"""
_TERMS = """
SELECT at, before, after FROM record_changes WHERE subject = 'supply' AND key = ? AND verb <> 'note' ORDER BY journal
"""


def life(books: Books, supply: SupplyNo) -> SupplyLife:
    """Every event, every card, and where the energy is. Raises OperatorError supply-unknown."""
    with books.reading():
        events = tuple(reversed([_event(row) for row in books.all(_EVENTS, (supply, MOST_EVENTS))]))
        came = books.one("SELECT * FROM meter_changes WHERE new_supply = ?", (supply,))
        went = books.value("SELECT new_supply FROM meter_changes WHERE old_supply = ?", (supply,))
        return SupplyLife(
            events=events,
            cards=_cards(books, supply),
            balance=_balance(books, supply),
            tariffs=_tariffs(books, supply),
            before=SupplyNo(came["old_supply"]) if came else None,
            after=SupplyNo(went) if went else None,
            before_meter=MeterNo(came["old_meter"]) if came else None,
            before_since=_opened(books, came["old_supply"]) if came else None,
        )


def _event(row: Row) -> LifeEvent:
    remaining = row["remaining_wh"]
    receipt = receipt_no(row["receipt_desk"], row["receipt_number"]) if row["receipt_number"] else ""
    return LifeEvent(
        at=datetime.fromisoformat(row["at"]),
        kind=row["kind"],
        energy=Energy(row["energy_wh"]),
        money=Money(row["minor"]),
        remaining=None if remaining is None else Energy(remaining),
        text=receipt or _told(row),
        state=row["state"],
        sale=SaleId(row["sale"]) if row["sale"] else None,
        before=row["before"],
        after=row["after"],
        sequence=row["sequence"],
        row=JournalRow(row["journal"]),
        has_slip=_has_slip(row),
    )


def _has_slip(row: Row) -> bool:
    match row["kind"]:
        case "issue":
            return bool(row["state"] == "posted")
        case "record":
            return records.tells_terms(row["before"], row["after"])
    return row["kind"] in {"meter-change", "settlement"}


def _told(row: Row) -> str:
    """A reason; of a note its sentence, which the journal keeps as what the change left behind."""
    return str(json.loads(row["after"])["note"]) if row["kind"] == "note" else str(row["text"])


def _cards(books: Books, supply: SupplyNo) -> tuple[CardOfSupply, ...]:
    """Newest first; why a card ended stands in the order that issued the next one."""
    found: list[CardOfSupply] = []
    until, why = None, None
    for row in reversed(books.all(_CARDS, (supply,))):
        since = datetime.fromisoformat(row["at"])
        found.append(CardOfSupply(CardNo(row["number"]), row["generation"], since, until, why))
        told = json.loads(row["body"])[INTENT].get("ends")
        until, why = since, CardEnd(told) if told else None
    return tuple(found)


def _balance(books: Books, supply: SupplyNo) -> SupplyBalance:
    held = energy_of(books, supply, until=NEWEST)
    nothing = Energy(0)
    on_card, in_meter = held.get(entries.on_card(supply), nothing), held.get(entries.in_meter(supply), nothing)
    used, odd = held.get(entries.used(supply), nothing), held.get(entries.unexplained(supply), nothing)
    return SupplyBalance(
        bought=on_card + in_meter + used + odd,
        used=used,
        in_meter=in_meter,
        on_card=on_card,
        unexplained=odd,
        paid=Money(books.value(_PAID, (supply,))),
        arrears=Money(entries.balance(books, entries.arrears(supply))),
        refund_due=-Money(entries.balance(books, entries.refund_due(supply))),
        loaded_after_end=_loaded_after_end(books, supply),
    )


def energy_of(books: Books, supply: SupplyNo, *, until: JournalRow) -> dict[str, Energy]:
    """What every account of energy held after that row, by rows that are about this supply."""
    return {row["account"]: Energy(row["held"]) for row in books.all(_OF_ENERGY, (supply, until))}


_ENDED = """
SELECT journal, returned_wh - remaining_wh AS on_card_wh FROM settlements WHERE supply = ?1
UNION ALL SELECT change.journal, change.carried_wh + coalesce((
    SELECT sum(amount) FROM postings WHERE postings.journal = change.journal AND account = 'office'), 0)
    - change.remaining_wh FROM meter_changes AS change WHERE old_supply = ?1
"""
"""What was on the card when a supply ended: all that was left, less what was in the meter."""
_BOUGHT_BEFORE = """
SELECT energy_total_wh FROM sales JOIN sale_events ON sale = id AND state = 'posted'
WHERE supply = ? AND sale_events.journal < ? ORDER BY sequence DESC LIMIT 1
"""


def _loaded_after_end(books: Books, supply: SupplyNo) -> Energy:
    """What the meter says to have accepted beyond what it had when its supply ended."""
    ended, last = books.one(_ENDED, (supply,)), last_write_back(books, supply)
    if ended is None or last is None:
        return Energy(0)
    bought = books.value(_BOUGHT_BEFORE, (supply, ended["journal"])) or 0
    return max(last.energy_total - Energy(bought - ended["on_card_wh"]), Energy(0))


def _tariffs(books: Books, supply: SupplyNo) -> tuple[tuple[date, str], ...]:
    """From when which code held: the first one since the supply was opened."""
    row = books.one("SELECT tariff, opened_on FROM supplies WHERE number = ?", (supply,))
    if row is None:
        return ()
    told = books.all(_TERMS, (supply,))
    changes = [(line["at"], _tariff_in(line["before"]), _tariff_in(line["after"])) for line in told]
    real = [(at, before, after) for at, before, after in changes if before and after and before != after]
    first = real[0][1] if real else row["tariff"]
    held = [(date.fromisoformat(row["opened_on"]), first)]
    return (*held, *((day_of(datetime.fromisoformat(at)), after) for at, _, after in real))


def _tariff_in(text: str) -> str:
    return str(json.loads(text)["tariff"]) if text else ""


def _opened(books: Books, supply: str) -> date:
    return date.fromisoformat(books.value("SELECT opened_on FROM supplies WHERE number = ?", (supply,)))
