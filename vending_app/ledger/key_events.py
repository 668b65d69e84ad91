"""Key ceremonies in the books."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime

from vending_app.domain.errors import Code, EnvironmentFault, OperatorError
from vending_app.domain.ids import OperatorName
from vending_app.domain.key_ceremony import KeyDeed, KeyEvent
from vending_app.ledger import key_needs
from vending_app.ledger.books import Books, Row
from vending_app.ledger.codec import canonical, time_text
from vending_app.ledger.journal import acting
from vending_app.ledger.kinds import Kind

_EVENTS = """
SELECT key_events.*, journal.operator, approvals.approver FROM key_events
JOIN journal ON journal.id = key_events.journal LEFT JOIN approvals ON approvals.id = journal.approval
ORDER BY key_events.journal
"""


def tell(books: Books, event: KeyEvent) -> None:
    """See ports.key_keeping.KeyBooks."""
    row: Row = {
        "deed": event.deed.value,
        "key_version": event.key_version,
        "check_value": event.check_value,
        "custodians": canonical(list(event.custodians)),
        "sharing": event.sharing,
        "at": time_text(event.at),
    }
    with books.writing():
        # So their ids rise in the order in which others see them, also at a server.
        books.lock_office()
        told = check_values(books).get(event.key_version, event.check_value)
        if told != event.check_value:
            raise EnvironmentFault(Code.KEY_OTHER, key_version=event.key_version)
        with acting(books, Kind.KEY, at=event.at) as page:
            page.insert("key_events", row)


@contextmanager
def claiming(books: Books, *, above: int) -> Iterator[None]:
    """See ports.key_keeping.KeyBooks."""
    with books.writing():
        books.lock_office()
        newest = books.value("SELECT max(key_version) FROM key_events")
        if newest is not None and newest > above:
            raise OperatorError(Code.KEY_VERSION_TAKEN, key_version=newest)
        yield


def retire(books: Books, event: KeyEvent, *, on: date, next_oldest: int | None) -> None:
    """See ports.key_keeping.KeyBooks."""
    version = event.key_version
    # All the books are looked through while everybody goes on; what came meanwhile is little, and looked at alone.
    with books.reading():
        known = key_needs.heads(books)
        key_needs.need(books, version, on=on, next_oldest=next_oldest).require_none(version)
    with books.writing():
        books.lock_office()
        books.lock_supplies()
        key_needs.need_since(books, known, version, on=on, next_oldest=next_oldest).require_none(version)
        tell(books, event)


def check_values(books: Books) -> Mapping[int, str]:
    """See ports.key_keeping.KeyBooks."""
    rows = books.all("SELECT key_version, check_value FROM key_events WHERE deed <> 'restored' ORDER BY journal DESC")
    return {row["key_version"]: row["check_value"] for row in rows}


def check_keys(books: Books) -> Iterator[str]:
    """No version is told of two keys; books from before that was refused may have two desks' of one number."""
    told = check_values(books)
    for row in books.all("SELECT * FROM key_events ORDER BY journal"):
        if row["check_value"] != told.get(row["key_version"], row["check_value"]):
            yield f"key_events: row {row['journal']} tells of another key under version {row['key_version']}"


def events(books: Books) -> tuple[KeyEvent, ...]:
    """See ports.key_keeping.KeyBooks."""
    return tuple(map(_event_of, books.all(_EVENTS)))


def _event_of(row: Row) -> KeyEvent:
    return KeyEvent(
        deed=KeyDeed(row["deed"]),
        key_version=row["key_version"],
        check_value=row["check_value"],
        custodians=tuple(json.loads(row["custodians"])),
        sharing=row["sharing"],
        at=datetime.fromisoformat(row["at"]),
        operator=OperatorName(row["operator"]) if row["operator"] else None,
        approver=OperatorName(row["approver"]) if row["approver"] else None,
    )
