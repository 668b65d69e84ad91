"""Putting an office's records into new books: few or a hundred thousand, in one transaction."""

from __future__ import annotations

from datetime import date, datetime

from vending_app.domain.card import MeterParameters
from vending_app.domain.ids import DeskNo, SupplyNo
from vending_app.domain.money import Money
from vending_app.domain.people import Customer, Meter, Office, SupplyState
from vending_app.domain.tariff import Tariff
from vending_app.ledger import entries, search
from vending_app.ledger.books import Books, Row
from vending_app.ledger.codec import canonical, day_text, parameters_json, tariff_text
from vending_app.ledger.entries import post_entry
from vending_app.ledger.journal import acting, last_time
from vending_app.ledger.kinds import Kind


def found_office(books: Books, office: Office, *, at: datetime) -> None:
    """The first page: an office, this desk, and the first row of its chain."""
    with books.writing():
        set_office(books, office)
        add_desk(books, books.desk, name=f"Desk {books.desk}")
        with acting(books, Kind.FOUNDING, at=at):
            pass


def set_office(books: Books, office: Office) -> None:
    fields = ("name", "address", "tax_number", "help_hours", "help_phone", "utility", "currency")
    row: Row = {"id": 1, **{field: getattr(office, field) for field in fields}}
    _upsert(books, "office", row | {"is_practice": int(office.is_practice)}, key="id")


def add_desk(books: Books, number: DeskNo, *, name: str) -> None:
    _upsert(books, "desks", {"number": number, "name": name}, key="number")


def has_desk(books: Books, number: DeskNo) -> bool:
    """Whether this desk may write in these books."""
    return bool(books.value("SELECT 1 FROM desks WHERE number = ?", (number,)))


def add_tariff(books: Books, tariff: Tariff, *, at: datetime | None = None) -> None:
    """A tariff is never changed: a change is a tariff from another day. Without `at`, at the time of the newest row."""
    with acting(books, Kind.TARIFF, at=at or last_time(books)) as page:
        row = {"code": tariff.code, "valid_from": tariff.valid_from.isoformat(), "body": tariff_text(tariff)}
        page.insert("tariffs", row)


def add_customer(books: Books, customer: Customer) -> None:
    """A new customer, or a correction: then he and his supplies are found by what he is called now."""
    with books.writing():
        _put_customer(books, customer)
        search.index_customer(books, customer.number)


def _put_customer(books: Books, customer: Customer) -> None:
    fields = ("number", "name", "address", "phone")
    with books.writing():
        _upsert(books, "customers", {field: getattr(customer, field) for field in fields}, key="number")
        for row in books.all("SELECT number FROM supplies WHERE customer = ?", (customer.number,)):
            search.index_supply(books, row["number"])


def add_meter(books: Books, meter: Meter) -> None:
    fields = ("number", "model", "constant_imp_per_kwh", "phases", "ct_ratio", "pt_ratio")
    row: Row = {field: getattr(meter, field) for field in fields}
    _upsert(books, "meters", row | {"initial_reading_wh": meter.initial_reading.wh}, key="number")


def add_supply(
    books: Books,
    number: SupplyNo,
    *,
    customer: Customer,
    meter: Meter,
    tariff: str,
    parameters: MeterParameters,
    opened_on: date,
    arrears: Money,
    arrears_share_percent: int,
    charged_until: date | None,
    state: SupplyState,
) -> None:
    row: Row = {
        "number": number,
        "customer": customer.number,
        "meter": meter.number,
        "tariff": tariff,
        "state": state.value,
        "parameters": canonical(parameters_json(parameters)),
        "opened_on": opened_on.isoformat(),
        "charged_until": day_text(charged_until),
        "arrears_share_percent": arrears_share_percent,
    }
    with books.writing():
        _put_customer(books, customer)
        add_meter(books, meter)
        books.insert("supplies", row)
        search.index_supply(books, number)
        search.index_customer(books, customer.number)
        if arrears:
            _post_opening(books, number, arrears)


def _post_opening(books: Books, supply: SupplyNo, arrears: Money) -> None:
    with acting(books, Kind.OPENING, at=last_time(books)) as page:
        owed = [
            entries.money(entries.arrears(supply), arrears),
            entries.money(entries.OPENING, -arrears),
        ]
        post_entry(page, owed)


def _upsert(books: Books, table: str, row: Row, *, key: str) -> None:
    """A record is entered once and may be corrected."""
    columns, marks = ", ".join(row), ", ".join("?" * len(row))
    changed = ", ".join(f"{column} = excluded.{column}" for column in row if column != key)
    with books.writing():
        books.run(
            f"INSERT INTO {table} ({columns}) VALUES ({marks}) ON CONFLICT ({key}) DO UPDATE SET {changed}",
            tuple(row.values()),
        )
