"""Sales one by one (rows P1, P2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from vending_app.domain.closing import ClosingKind
from vending_app.domain.energy import Energy
from vending_app.domain.money import Money
from vending_app.domain.report import Column, Opens, Table, Unit, table
from vending_app.domain.report_asked import EVERY, TAKEN_BACK
from vending_app.domain.sale import Purpose
from vending_app.ledger import closings
from vending_app.ledger.account_tables import booked
from vending_app.ledger.asking import Asking
from vending_app.ledger.books import Books, Row
from vending_app.ledger.fold import Stretch, within
from vending_app.ledger.refund_tables import each_refund
from vending_app.ledger.running import asked_stretches, stretch_of_shift
from vending_app.ledger.sale_rows import receipt_no
from vending_app.ledger.step_tables import charged

_WITHIN = within("line", "{}")
_SALES = f"""
SELECT event.at, sales.id, event.receipt_desk, event.receipt_number, sales.supply, customers.name AS customer,
    sales.operator, operators.full_name AS cashier, line.desk, sales.tariff, purpose, energy_wh, total_minor,
    coalesce((SELECT tender FROM tender_corrections WHERE sale = sales.id ORDER BY journal DESC LIMIT 1),
        sales.tender, '{TAKEN_BACK}') AS paid
FROM journal AS line JOIN sale_events AS event ON event.journal = line.id AND event.state = 'posted'
JOIN sales ON sales.id = event.sale AND purpose IN ('sale', 'reversal')
JOIN supplies ON supplies.number = sales.supply JOIN customers ON customers.number = supplies.customer
JOIN operators ON operators.name = sales.operator
WHERE {_WITHIN} ORDER BY line.number
"""
_SHARED = {"cashier": "operator", "tariff": "tariff", "tender": "paid"}
"""The column that holds what sales are told apart by; their hour is told by the clock of the office."""
_OTHERWISE = {"account": booked, "line": charged, "refund": each_refund}
"""Not sales as they are, but the part of each that a line of a report adds up, or what followed from them."""


SALES = (
    Column("at", Unit.MOMENT),
    Column("receipt", Unit.TEXT),
    Column("customer", Unit.TEXT),
    Column("supply", Unit.TEXT),
    Column("energy", Unit.ENERGY, adds=True),
    Column("takings", Unit.MONEY, adds=True),
    Column("tender", Unit.WORD),
    Column("cashier", Unit.TEXT),
    Column("desk", Unit.TEXT),
    Column("tariff", Unit.TEXT),
)


def sales(books: Books, asking: Asking) -> Iterator[Table]:
    """Those of a day, month or year that share what was asked, by the clock; each leads to its page."""
    if asking.asked.by in _OTHERWISE:
        yield from _OTHERWISE[asking.asked.by](books, asking)
        return
    found = [
        row
        for stretch in asking.each(_stretches(books, asking))
        for row in books.stream(_SALES.format(*stretch))
        if _is_asked(row, asking)
    ]
    found.sort(key=lambda row: row["at"])
    yield table("each-sale", SALES, map(_told, found), (Opens("sale", row["id"]) for row in found))


def _stretches(books: Books, asking: Asking) -> list[Stretch]:
    """Of what was asked; a weekday is told by the days of that name that are closed, whenever their sales were made, a
    shift by its Z, or by what was done at its desk since the Z before."""
    by, of = asking.asked.by, asking.asked.of
    if by == "shift":
        return [stretch_of_shift(books, int(of))]
    if by != "weekday":
        return asked_stretches(books, asking)
    days = closings.within(books, ClosingKind.DAY, asking.period)
    weekdays = range(7) if of == EVERY else [int(of)]
    meant = (day for day in days if date.fromisoformat(day.period).weekday() in weekdays)
    return [closings.stretch_of(head) for day in meant for head in day.heads]


def _told(row: Row) -> tuple[str | datetime | Energy | Money, ...]:
    return (
        datetime.fromisoformat(row["at"]),
        receipt_no(row["receipt_desk"], row["receipt_number"]),
        row["customer"],
        row["supply"],
        Energy(row["energy_wh"]),
        Money(row["total_minor"]),
        row["paid"],
        row["cashier"],
        str(row["desk"]),
        row["tariff"] or "",
    )


def _is_asked(row: Row, asking: Asking) -> bool:
    by, of = asking.asked.by, asking.asked.of
    if by in {"sold-hour", "sold-until"} and row["purpose"] != Purpose.SALE:
        return False
    if by in {"hour", "sold-hour", "sold-until"}:
        hour = datetime.fromisoformat(row["at"]).astimezone().hour
        return hour < int(of) if by == "sold-until" else hour == int(of)
    return by in {"", "weekday", "shift"} or str(row[_SHARED[by]] or "") == of
