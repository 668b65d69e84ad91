"""What was booked to one account, act by act: what a line of charges, taxes, levies or arrears adds up (row P1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from vending_app.domain.money import Money
from vending_app.domain.report import CHARGED, Cell, Column, Opens, Table, Unit, table
from vending_app.domain.sale import Purpose
from vending_app.domain.statement import LineOf
from vending_app.ledger.asking import Asking
from vending_app.ledger.books import Books, Row
from vending_app.ledger.codec import tariff_of
from vending_app.ledger.entries import INCOME_ENERGY, INCOME_FEE, INCOME_FIXED, ROUNDING
from vending_app.ledger.fold import within
from vending_app.ledger.payments import payment_no
from vending_app.ledger.recovered import IS_PAID
from vending_app.ledger.running import asked_stretches
from vending_app.ledger.sale_rows import receipt_no

ARREARS = "arrears"
_ALONE = "account = ?"
_TAXES, _LEVIES = (f"account >= '{kind}:' AND account < '{kind};'" for kind in ("tax", "levy"))
_INCOME = f"account IN ('{INCOME_ENERGY}', '{INCOME_FIXED}', '{INCOME_FEE}', '{ROUNDING}')"
_TOGETHER = dict(
    zip(CHARGED, (_TAXES, _LEVIES, _INCOME, f"({_TAXES} OR {_LEVIES} OR {_INCOME} OR ({IS_PAID}))"), strict=True)
)
"""The accounts that a table of charges adds up, by its key."""
_BOOKED = f"""
SELECT told.*, customers.name AS customer FROM (
    SELECT line.at, line.number AS row_number, sales.id AS sale, purpose, receipt_desk, receipt_number,
        payments.desk AS paid_desk, payments.number AS paid_number,
        CASE WHEN payments.journal IS NOT NULL THEN '{LineOf.PAYMENT.value}'
            WHEN settlements.journal IS NOT NULL THEN '{LineOf.SETTLEMENT.value}'
            ELSE '{LineOf.METER_CHANGE.value}' END AS act,
        coalesce(sales.supply, payments.supply, settlements.supply, meter_changes.new_supply) AS supply,
        (SELECT -sum(amount) FROM postings
         WHERE postings.journal = line.id AND commodity = 'money' AND {{which}}) AS minor
    FROM journal AS line
    LEFT JOIN sale_events AS event ON event.journal = line.id LEFT JOIN sales ON sales.id = event.sale
    LEFT JOIN payments ON payments.journal = line.id
    LEFT JOIN settlements ON settlements.journal = line.id
    LEFT JOIN meter_changes ON meter_changes.journal = line.id
    WHERE {within("line")}
) AS told
JOIN supplies ON supplies.number = told.supply JOIN customers ON customers.number = supplies.customer
WHERE minor <> 0 ORDER BY row_number
"""
BOOKED = (
    Column("at", Unit.MOMENT),
    Column("line-of", Unit.WORD),
    Column("receipt", Unit.TEXT),
    Column("customer", Unit.TEXT),
    Column("supply", Unit.TEXT),
    Column("amount", Unit.MONEY, adds=True),
)


def is_charged(books: Books, account: str) -> bool:
    """Whether something that customers pay may be booked there: an account of the table *Charges*."""
    if account in {*_TOGETHER, ARREARS, INCOME_ENERGY, INCOME_FIXED, INCOME_FEE, ROUNDING}:
        return True
    every = [tariff_of(row["body"]) for row in books.all("SELECT body FROM tariffs")]
    of_tariffs = {f"tax:{tax.name}" for tariff in every for tax in tariff.taxes}
    return account in of_tariffs | {f"levy:{levy.name}" for tariff in every for levy in tariff.levies}


def booked(books: Books, asking: Asking) -> Iterator[Table]:
    """Of one account, or of all that a table adds up; by the clock, what was earned above nothing. A sale leads to its
    page, all else to the life of its supply."""
    account = asking.asked.of
    of_many = {ARREARS: IS_PAID, **_TOGETHER}.get(account)
    which, named = (of_many, ()) if of_many is not None else (_ALONE, (account,))
    query = _BOOKED.format(which=which)
    found = [
        row for stretch in asking.each(asked_stretches(books, asking)) for row in books.all(query, (*named, *stretch))
    ]
    found.sort(key=lambda row: row["at"])
    yield table("each-booking", BOOKED, map(_told, found), map(_opens, found))


def _told(row: Row) -> tuple[Cell, ...]:
    return (
        datetime.fromisoformat(row["at"]),
        row["purpose"] or row["act"],
        _document(row),
        row["customer"],
        row["supply"],
        Money(row["minor"]),
    )


def _document(row: Row) -> str:
    if row["paid_number"] is not None:
        return payment_no(row["paid_desk"], row["paid_number"])
    return receipt_no(row["receipt_desk"], row["receipt_number"]) if row["receipt_number"] is not None else ""


def _opens(row: Row) -> Opens:
    has_page = row["purpose"] in {Purpose.SALE, Purpose.REVERSAL}
    return Opens("sale", row["sale"]) if has_page else Opens("supply", row["supply"])
