"""The journal as a verifier reads it: what each of its rows says it brought, and what the tables hold, both as text.

A database may put the text together itself (`sqlite_pages.py`); `PlainPages` is how any does it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from typing import Protocol

from vending_app.ledger.books import Books, Row
from vending_app.ledger.codec import canonical
from vending_app.ledger.journal import INTENT, digest
from vending_app.ledger.tables import PRIMARY_KEYS

PageText = tuple[int, int, int, str, bytes, bytes, bytes, str]
"""A journal row: id, desk, number, kind, previous, hash, the hash it must have, its body without the intent."""

RowText = tuple[int, str]
"""A row of a table: the journal row that brought it, its canonical text."""

EntryText = tuple[int, str, int, int]
"""The postings of a journal row: its id, their canonical text, what they lack to zero in money and in energy."""


class Pages(Protocol):
    """Rows that belong to a stretch of the journal by id: those after `since` up to and with `until`, in its order."""

    def journal(self, since: int, until: int) -> Iterator[PageText]:
        """The rows of the journal."""

    def entries(self, since: int, until: int) -> Iterator[EntryText]:
        """The postings, those of one journal row together."""

    def rows(self, table: str, since: int, until: int) -> Iterator[RowText]:
        """The rows of another table."""


class PlainPages:
    """Text that Python puts together, as it was when it was written."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def journal(self, since: int, until: int) -> Iterator[PageText]:
        """See Pages."""
        for row in self._books.stream(f"SELECT * FROM journal {_within('id', since, until)} ORDER BY id"):
            page = row["id"], row["desk"], row["number"], row["kind"]
            yield *page, row["previous"], row["hash"], digest(row), without_intent(row["body"])

    def entries(self, since: int, until: int) -> Iterator[EntryText]:
        """See Pages."""
        lines = self._books.stream(_written("postings", since, until))
        for journal, found in groupby(lines, key=_journal):
            rows = list(found)
            money = sum(row["amount"] for row in rows if row["commodity"] == "money")
            text = canonical([[row["line"], row["commodity"], row["account"], row["amount"]] for row in rows])
            yield journal, text, money, sum(row["amount"] for row in rows) - money

    def rows(self, table: str, since: int, until: int) -> Iterator[RowText]:
        """See Pages."""
        for row in self._books.stream(_written(table, since, until)):
            yield row.pop("journal"), canonical(row)


def without_intent(body: str) -> str:
    """What tables repeat of a body; a text that this program did not write stays as it is."""
    if f'"{INTENT}":' not in body:
        return body
    try:
        read = json.loads(body)
        read.pop(INTENT, None)
        return canonical(read)
    except (ValueError, AttributeError, TypeError, RecursionError):
        return body


def _written(table: str, since: int, until: int) -> str:
    return f"SELECT * FROM {table} {_within('journal', since, until)} ORDER BY journal, {PRIMARY_KEYS[table]}"


def _within(column: str, since: int, until: int) -> str:
    return f"WHERE {column} > {since} AND {column} <= {until}"


def _journal(row: Row) -> int:
    found: int = row["journal"]
    return found
