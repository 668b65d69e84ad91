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
        return self._note(table, {"journal": self.journal, **row})

    def insert_posting(self, row: Row) -> None:
        """Postings belong to their entry and do not name the page."""
        self._note("postings", row)

    def _note(self, table: str, row: Row) -> int:
        number = self.books.insert(table, row)
        self.body.setdefault(table, []).append({**row, "id": number} if table in WITH_OWN_ID else row)
        return number


@contextmanager
def acting(books: Books, act: Act, *, at: datetime) -> Iterator[Page]:
    """One transaction that ends with its journal row; the block writes its rows on the page it gets."""
    with books.writing():
        page = Page(books, int(books.value("SELECT coalesce(max(id), 0) + 1 FROM journal")))
        yield page
        _append(books, act, page, at)


def last_time(books: Books) -> datetime:
    """When the newest row was written: the time of records that are entered without one of their own."""
    return datetime.fromisoformat(books.value("SELECT at FROM journal ORDER BY id DESC"))


def _append(books: Books, act: Act, page: Page, at: datetime) -> None:
    assert set(page.body) <= {*TABLES[act], "postings"}, f"{act.value} wrote where it has no business"
    last = books.one("SELECT number, hash FROM journal WHERE desk = ? ORDER BY number DESC", (books.desk,))
    row: Row = {
        "id": page.journal,
        "desk": books.desk,
        "number": last["number"] + 1 if last else 1,
        "at": time_text(at),
        "kind": act.value,
        "body": canonical(page.body),
        "previous": last["hash"] if last else FIRST,
    }
    books.insert("journal", {**row, "hash": digest(row)})


def digest(row: Row) -> bytes:
    """What a journal row must carry as its hash."""
    head = canonical({key: row[key] for key in ("id", "desk", "number", "at", "kind")})
    return hashlib.sha256(row["previous"] + f"{head}\n{row['body']}".encode()).digest()
