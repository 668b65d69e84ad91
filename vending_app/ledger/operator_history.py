"""What was ever changed about the operators, and when each was last let in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import OperatorName
from vending_app.domain.people import Operator, OperatorChange, OperatorEvent
from vending_app.ledger.books import Books, Row
from vending_app.ledger.operators import operator, operator_of

_CHANGES = """
SELECT journal.at, journal.operator, name, verb, before, after FROM operator_changes
JOIN journal ON journal.id = operator_changes.journal WHERE name = ? ORDER BY operator_changes.journal
"""
_LAST = "SELECT operator, max(at) AS at FROM logins WHERE succeeded = 1 GROUP BY operator"


def changes(books: Books, name: OperatorName) -> tuple[OperatorEvent, ...]:
    """Of one operator, the oldest first; nothing of his secret. Raises OperatorError operator-unknown."""
    with books.reading():
        if operator(books, name) is None:
            raise OperatorError(Code.OPERATOR_UNKNOWN, name=name)
        rows = books.all(_CHANGES, (name,))
    return tuple(map(_event, rows))


def last_let_in(books: Books) -> Mapping[OperatorName, datetime]:
    """When each last typed his secret rightly, to log in or to approve."""
    return {OperatorName(row["operator"]): datetime.fromisoformat(row["at"]) for row in books.all(_LAST)}


def _event(row: Row) -> OperatorEvent:
    after = _as_he_was(row["name"], row["after"])
    assert after is not None, "a change leaves somebody behind"
    by = row["operator"]
    return OperatorEvent(
        datetime.fromisoformat(row["at"]),
        OperatorName(by) if by else None,
        OperatorChange(row["verb"]),
        _as_he_was(row["name"], row["before"]),
        after,
    )


def _as_he_was(name: str, text: str) -> Operator | None:
    return operator_of({"name": name, **json.loads(text)}) if text else None
