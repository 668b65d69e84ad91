"""What sales brought by tariff and step, and each line down to its sales (row P1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

import orjson

from vending_app.domain.energy import Energy
from vending_app.domain.money import Money
from vending_app.domain.report import Cell, Column, Opens, Table, Unit, table
from vending_app.domain.report_asked import EVERY
from vending_app.domain.tariff import LineKind, Price
from vending_app.domain.tariff_line import TariffLine
from vending_app.ledger.asking import Asking, sales_of, sales_that_share
from vending_app.ledger.books import Books, Row
from vending_app.ledger.fold import within
from vending_app.ledger.journal import INTENT
from vending_app.ledger.running import asked_stretches
from vending_app.ledger.sale_rows import receipt_no

_POSTED = """
FROM journal AS line
JOIN sale_events AS event ON event.journal = line.id AND event.state = 'posted'
JOIN sales ON sales.id = event.sale AND purpose IN ('sale', 'reversal')
JOIN journal AS reserved ON reserved.id = sales.journal
"""
_WITHIN = within("line", "{}")
_QUOTES = f"SELECT reserved.body {_POSTED} WHERE {_WITHIN}"
_WHOSE = f"""
SELECT reserved.body, event.at, event.receipt_desk, event.receipt_number, sales.id, sales.supply,
    customers.name AS customer
{_POSTED}
JOIN supplies ON supplies.number = sales.supply JOIN customers ON customers.number = supplies.customer
WHERE {_WITHIN}
"""
Charged = tuple[TariffLine, int, int]
"""A line of a quote, its energy in Wh, and its money in minor units."""


def _lines(row: Row) -> Iterator[Charged]:
    quote: dict[str, Any] = orjson.loads(row["body"])[INTENT]["quote"]
    for line in quote["lines"]:
        part = TariffLine(
            quote["tariff"],
            date.fromisoformat(quote["tariff_from"]),
            LineKind(line["kind"]),
            line.get("price_micro", 0),
            line["name"],
        )
        yield part, line.get("energy_wh", 0), line["amount_minor"]


STEPS = (
    Column("tariff", Unit.TEXT),
    Column("since", Unit.DAY),
    Column("line", Unit.TEXT),
    Column("price", Unit.TEXT),
    Column("energy", Unit.ENERGY),
    Column("amount", Unit.MONEY, adds=True),
)


def steps(books: Books, asking: Asking) -> Iterator[Table]:
    """What each line of each tariff brought, reversals taken off, by the quotes that sales were made by."""
    energy: Counter[TariffLine] = Counter()
    money: Counter[TariffLine] = Counter()
    for stretch in asking.each(asked_stretches(books, asking)):
        for row in books.stream(_QUOTES.format(*stretch)):
            for part, wh, minor in _lines(row):
                energy[part] += wh
                money[part] += minor
    # Energy does not add up: each kWh stands under its step and under each levy on it.
    order = sorted(money, key=lambda part: part.order)
    rows = (_step(part, energy[part] or None, money[part]) for part in order)
    yield table("steps", STEPS, rows, (sales_that_share(sales_of(asking), "line", str(part)) for part in order))


def _step(part: TariffLine, wh: int | None, minor: int) -> tuple[Cell, ...]:
    said = str(Price(part.price_micro)) if part.price_micro else ""
    return part.tariff, part.since, part.name, said, Energy(wh) if wh is not None else None, Money(minor)


CHARGED = (
    Column("at", Unit.MOMENT),
    Column("receipt", Unit.TEXT),
    Column("customer", Unit.TEXT),
    Column("supply", Unit.TEXT),
    Column("energy", Unit.ENERGY, adds=True),
    Column("amount", Unit.MONEY, adds=True),
)


def charged(books: Books, asking: Asking) -> Iterator[Table]:
    """The sales and reversals in whose quotes one line stands, with what it came to; or every sale with all its lines.
    Each leads to its page."""
    meant = TariffLine.parse(asking.asked.of)
    found = [
        (row, *_added(lines))
        for stretch in asking.each(asked_stretches(books, asking))
        for row in books.stream(_WHOSE.format(*stretch))
        if (lines := [line for line in _lines(row) if asking.asked.of == EVERY or line[0] == meant])
    ]
    found.sort(key=lambda one: one[0]["at"])
    yield table("each-charge", CHARGED, (_told(*one) for one in found), (Opens("sale", row["id"]) for row, *_ in found))


def _added(lines: Sequence[Charged]) -> tuple[int, int]:
    """Of several lines the energy of the steps alone, because each levy tells the same again; and the money of all."""
    counted = lines if len(lines) == 1 else [line for line in lines if line[0].kind is LineKind.STEP]
    return sum(wh for _, wh, _ in counted), sum(minor for *_, minor in lines)


def _told(row: Row, wh: int, minor: int) -> tuple[Cell, ...]:
    return (
        datetime.fromisoformat(row["at"]),
        receipt_no(row["receipt_desk"], row["receipt_number"]),
        row["customer"],
        row["supply"],
        Energy(wh) if wh else None,
        Money(minor),
    )
