"""What was paid out to customers, by the way it was paid, and act by act (row P1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from vending_app.domain.money import Money
from vending_app.domain.report import Column, Opens, Table, Unit, table
from vending_app.domain.report_asked import EVERY, ReportAsked
from vending_app.domain.sale import TenderKind
from vending_app.ledger.asking import Asking, sales_that_share
from vending_app.ledger.books import Books, Row
from vending_app.ledger.fold import Stretch
from vending_app.ledger.payments import payment_no
from vending_app.ledger.running import asked_stretches

# In this order, because payments are few beside the rows of a year; SQLite keeps to it in a CROSS JOIN.
_REFUNDS = """
SELECT payments.at, payments.desk, payments.number, payments.supply, customers.name AS customer, amount_minor,
    payments.tender, coalesce(operators.full_name, '') AS cashier, payments.reason,
    line.desk AS line_desk, line.number AS line_number
FROM payments CROSS JOIN journal AS line
JOIN supplies ON supplies.number = payments.supply JOIN customers ON customers.number = customer
LEFT JOIN operators ON operators.name = payments.operator
WHERE payments.journal > ? AND payments.journal <= ? AND payments.kind = 'refund' AND line.id = payments.journal
ORDER BY payments.at
"""
_ROW = "SELECT id FROM journal WHERE desk = ? AND number = ?"
REFUNDS = (
    Column("tender", Unit.WORD),
    Column("refunds", Unit.COUNT, adds=True),
    Column("amount", Unit.MONEY, adds=True),
)
EACH_REFUND = (
    Column("at", Unit.MOMENT),
    Column("receipt", Unit.TEXT),
    Column("customer", Unit.TEXT),
    Column("supply", Unit.TEXT),
    Column("amount", Unit.MONEY, adds=True),
    Column("tender", Unit.WORD),
    Column("cashier", Unit.TEXT),
    Column("desk", Unit.TEXT),
    Column("reason", Unit.TEXT),
)


def refunds(books: Books, about: ReportAsked, found: Sequence[Stretch]) -> Table:
    """What reversals and ends of supplies left due and was paid out, each tender leading to its refunds."""
    times: Counter[str] = Counter()
    money: Counter[str] = Counter()
    for row in _within(books, found):
        times[row["tender"]] += 1
        money[row["tender"]] += row["amount_minor"]
    there = [kind.value for kind in TenderKind if times[kind.value]]
    rows = ((kind, times[kind], Money(money[kind])) for kind in there)
    return table("refunds", REFUNDS, rows, (sales_that_share(about, "refund", kind) for kind in there))


def each_refund(books: Books, asking: Asking) -> Iterator[Table]:
    """Those of one tender, or all of them, by the clock, each leading to the life of its supply."""
    found = [row for row in _within(books, asked_stretches(books, asking)) if asking.asked.of in {EVERY, row["tender"]}]
    yield table("each-refund", EACH_REFUND, map(_told, found), (Opens("supply", row["supply"]) for row in found))


def _within(books: Books, found: Sequence[Stretch]) -> list[Row]:
    edges = [(stretch.desk, number) for stretch in found for number in (stretch.since, stretch.until)]
    # Before its first row a desk has none.
    rows = [int(books.value(_ROW, edge) or 0) for edge in edges]
    near = books.all(_REFUNDS, (min(rows), max(rows))) if rows else []
    return [row for row in near if any(_lies_in(row, stretch) for stretch in found)]


def _lies_in(row: Row, stretch: Stretch) -> bool:
    return bool(row["line_desk"] == stretch.desk and stretch.since < row["line_number"] <= stretch.until)


def _told(row: Row) -> tuple[datetime | str | Money, ...]:
    return (
        datetime.fromisoformat(row["at"]),
        payment_no(row["desk"], row["number"]),
        row["customer"],
        row["supply"],
        Money(row["amount_minor"]),
        row["tender"],
        row["cashier"],
        str(row["desk"]),
        row["reason"],
    )
