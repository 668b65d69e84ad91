"""The books as they are given away, and what a table that comes in must fit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from vending_app.domain.ids import DeskNo
from vending_app.domain.keeping import ChainHead
from vending_app.domain.people import Customer
from vending_app.ledger import people
from vending_app.ledger.backup import HEADS
from vending_app.ledger.books import Books
from vending_app.ledger.tables import APPEND_ONLY
from vending_app.ledger.tariff_counts import COUNTS
from vending_app.ports.keeping import BooksToExport, Cells, TableToExport, Taken

RECORDS = {
    "office": "id",
    "desks": "number",
    "counters": "name",
    "operators": "name",
    "customers": "number",
    "areas": "code",
    "meters": "number",
    "supplies": "number",
    "open_sales": "held",
}
"""Tables that may be corrected, with what their rows are ordered by. The text for searching is made from them."""

SECRETS = {"operators": frozenset({"hashed"})}
"""Columns that never leave the books."""


@contextmanager
def exporting(books: Books) -> Iterator[BooksToExport]:
    """Every table of one moment."""
    with books.reading():
        heads = tuple(ChainHead(DeskNo(r["desk"]), r["number"], bytes(r["hash"])) for r in books.all(HEADS))
        schema = int(books.value("SELECT max(version) FROM schema_versions"))
        yield BooksToExport(people.office(books), schema, heads, _tables(books))


def _tables(books: Books) -> Iterator[TableToExport]:
    for table, key in {**RECORDS, **APPEND_ONLY}.items():
        # A table without rows has a row of nothing here, which still tells its columns.
        told = books.one(f"SELECT {table}.* FROM (SELECT 1 AS one) AS always LEFT JOIN {table} ON 1 = 1 LIMIT 1")
        assert told is not None, "a left join has the row of its left side"
        columns = tuple(column for column in told if column not in SECRETS.get(table, ()))
        query = f"SELECT {', '.join(columns)} FROM {table} ORDER BY {key}"
        yield TableToExport(table, columns, _rows(books, query))


def _rows(books: Books, query: str) -> Iterator[Cells]:
    return (tuple(row.values()) for row in books.stream(query))


def taken(books: Books, *, on: date) -> Taken:
    """See ports.keeping.KeptLedger."""
    customers = books.all("SELECT number, name, address, phone FROM customers")
    return Taken(
        supplies=frozenset(row["number"] for row in books.all("SELECT number FROM supplies")),
        meters=frozenset(row["meter"] for row in books.all("SELECT meter FROM supplies WHERE state <> 'closed'")),
        customers={row["number"]: Customer(**row) for row in customers},
        tariffs=frozenset(
            row["code"]
            for row in books.all(f"SELECT code FROM tariffs WHERE valid_from <= ? AND {COUNTS}", (on.isoformat(),))
        ),
    )
