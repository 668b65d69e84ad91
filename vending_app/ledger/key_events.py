"""Key ceremonies in the books."""

from __future__ import annotations

import json
from datetime import datetime

from vending_app.domain.ids import OperatorName
from vending_app.domain.key_ceremony import KeyDeed, KeyEvent
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
    with books.writing(), acting(books, Kind.KEY, at=event.at) as page:
        page.insert("key_events", row)


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
