"""The hash chain of a desk: every act brings its rows, and their text, bound to all that was before.

hash = SHA-256 of the canonical JSON of {at, body, desk, id, kind, number, previous} (docs/ledger-schema.md).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum

from vending_app.ledger.codec import Json, canonical, time_text
from vending_app.ledger.schema import JOURNALLED
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

ORDER = {
    "tariffs": "code, valid_from",
    "shifts": "number",
    "shift_closings": "shift",
    "sales": "id",
    "sale_events": "sale, state",
    "receipts": "desk, number",
    "cards": "number",
    "write_backs": "id",
    "prints": "id",
    "logins": "id",
    "entries": "id",
}
POSTINGS = "SELECT postings.* FROM entries JOIN postings ON entry = id WHERE journal = ? ORDER BY entry, line"


@contextmanager
def acting(books: Books, act: Act, *, at: datetime) -> Iterator[int]:
    """One transaction that ends with its journal row; the block gets the id its rows must name."""
    with books.writing():
        journal = int(books.value("SELECT coalesce(max(id), 0) + 1 FROM journal"))
        yield journal
        _append(books, act, journal, at)


def last_time(books: Books) -> datetime:
    """When the newest row was written: the time of records that are entered without one of their own."""
    return datetime.fromisoformat(books.value("SELECT at FROM journal ORDER BY id DESC"))


def _append(books: Books, act: Act, journal: int, at: datetime) -> None:
    last = books.one("SELECT number, hash FROM journal WHERE desk = ? ORDER BY number DESC", (books.desk,))
    row: Row = {
        "id": journal,
        "desk": books.desk,
        "number": last["number"] + 1 if last else 1,
        "at": time_text(at),
        "kind": act.value,
        "body": canonical(body_of(books, journal, TABLES[act])),
        "previous": last["hash"] if last else FIRST,
    }
    books.insert("journal", {**row, "hash": digest(row)})


def body_of(books: Books, journal: int, tables: tuple[str, ...] = JOURNALLED) -> Json:
    """The rows that a journal row brought, read back from their tables."""
    body: Json = {}
    for table in tables:
        rows = books.all(f"SELECT * FROM {table} WHERE journal = ? ORDER BY {ORDER[table]}", (journal,))
        if rows:
            body[table] = rows
    if "entries" in body:
        body["postings"] = books.all(POSTINGS, (journal,))
    return body


def digest(row: Row) -> bytes:
    """What a journal row must carry as its hash."""
    bound = {key: row[key] for key in ("id", "desk", "number", "at", "kind", "body", "previous")}
    return hashlib.sha256(canonical(bound).encode()).digest()
