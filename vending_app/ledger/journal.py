"""The hash chain of a desk: every act brings its rows, and their text, bound to all that was before.

hash = SHA-256 of: the hash before it (32 bytes), the canonical JSON of {at, desk, id, kind, number}, a line feed,
the body (docs/ledger-schema.md).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from vending_app.ledger.codec import Json, canonical, time_text
from vending_app.ledger.transaction import Books, Row

FIRST = bytes(32)
"""What the first row of a chain names as the row before it."""


class Act(StrEnum):
    """What can be done to the books."""

    FOUNDING = "founding"
    TARIFF = "tariff"
    OPENING = "opening"
    LOGIN = "login"
    SHIFT_OPEN = "shift-open"
    SHIFT_CLOSE = "shift-close"
    RESERVE = "reserve"
    DOUBT = "doubt"
    POST = "post"
    VOID = "void"
    HARVEST = "harvest"
    PRINT = "print"


TABLES = {
    Act.FOUNDING: (),
    Act.TARIFF: ("tariffs",),
    Act.OPENING: ("entries",),
    Act.LOGIN: ("logins",),
    Act.SHIFT_OPEN: ("shifts", "entries"),
    Act.SHIFT_CLOSE: ("shift_closings", "entries"),
    Act.RESERVE: ("sales", "sale_events", "cards", "entries"),
    Act.DOUBT: ("sale_events",),
    Act.POST: ("sale_events", "receipts", "entries"),
    Act.VOID: ("sale_events", "entries"),
    Act.HARVEST: ("write_backs", "entries"),
    Act.PRINT: ("prints",),
}
"""Which tables an act may bring rows to."""

WITH_OWN_ID = frozenset({"write_backs", "prints", "logins", "entries"})


@dataclass(slots=True)
class Page:
    """The rows of one act, written to their tables and remembered for the journal's text."""

    books: Books
    journal: int
    body: Json = field(default_factory=dict)

    def insert(self, table: str, row: Row) -> int:
        """One row that names this page; returns its id where the table counts by itself."""
        named = {"journal": self.journal, **row}
        number = self.books.insert(table, named)
        self.body.setdefault(table, []).append({**named, "id": number} if table in WITH_OWN_ID else named)
        return number

    def insert_postings(self, rows: list[Row]) -> None:
        """Postings belong to their entry and do not name the page."""
        self.books.insert_many("postings", rows)
        self.body.setdefault("postings", []).extend(rows)


@contextmanager
def acting(books: Books, act: Act, *, at: datetime) -> Iterator[Page]:
    """One transaction that ends with its journal row; the block writes its rows on the page it gets."""
    with books.writing():
        last = books.one(_LAST, (books.desk,))
        assert last is not None, "a query without a table has one row"
        page = Page(books, last["id"] + 1)
        yield page
        _append(page, act, at=at, number=last["number"] + 1, previous=last["hash"])


_LAST = """
SELECT (SELECT coalesce(max(id), 0) FROM journal) AS id, coalesce(number, 0) AS number,
    coalesce(hash, zeroblob(32)) AS hash
FROM (SELECT 1) LEFT JOIN (SELECT number, hash FROM journal WHERE desk = ? ORDER BY number DESC LIMIT 1)
"""
"""The newest row of all, and of this desk; FIRST where there is none."""


def last_time(books: Books) -> datetime:
    """When the newest row was written: the time of records that are entered without one of their own."""
    return datetime.fromisoformat(books.value("SELECT at FROM journal ORDER BY id DESC"))


def _append(page: Page, act: Act, *, at: datetime, number: int, previous: bytes) -> None:
    assert set(page.body) <= {*TABLES[act], "postings"}, f"{act.value} wrote where it has no business"
    row: Row = {
        "id": page.journal,
        "desk": page.books.desk,
        "number": number,
        "at": time_text(at),
        "kind": act.value,
        "body": canonical(page.body),
        "previous": previous,
    }
    page.books.insert("journal", {**row, "hash": digest(row)})


def digest(row: Row) -> bytes:
    """What a journal row must carry as its hash."""
    head = canonical({key: row[key] for key in ("id", "desk", "number", "at", "kind")})
    return hashlib.sha256(row["previous"] + f"{head}\n{row['body']}".encode()).digest()
