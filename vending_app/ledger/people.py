"""The office, how its operators logged in, and what was printed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.ids import OperatorName, SaleId
from vending_app.domain.people import LoginAttempts, Office
from vending_app.ledger.books import Books
from vending_app.ledger.codec import time_text
from vending_app.ledger.journal import acting
from vending_app.ledger.kinds import Kind
from vending_app.ledger.operators import lock_out, operator_of
from vending_app.ports import StoredSecret


def founded(books: Books) -> Office:
    """The utility as it was founded."""
    row = books.one("SELECT * FROM office")
    if row is None:
        raise EnvironmentFault(Code.LEDGER_DAMAGED, path=books.where, reason="no office in it")
    fields = {key: value for key, value in row.items() if key not in {"id", "is_practice"}}
    return Office(**fields, is_practice=bool(row["is_practice"]))


def office(books: Books) -> Office:
    """The utility as it is called now: the newest rule about it (`office_rules.py`), or as it was founded.

    Raises EnvironmentFault ledger-damaged.
    """
    text = books.value("SELECT after FROM office_rules WHERE subject = 'identity' ORDER BY journal DESC LIMIT 1")
    try:
        return replace(founded(books), **json.loads(text)) if text else founded(books)
    except (ValueError, TypeError, RecursionError) as cause:
        raise EnvironmentFault(Code.LEDGER_DAMAGED, path=books.where, reason="the rule identity") from cause


MOST_FAILURES = 10
"""So many wrong secrets in a row lock a name until an administrator unlocks it (OWASP Authentication Cheat Sheet)."""


def secret(books: Books, name: OperatorName) -> StoredSecret | None:
    row = books.one("SELECT * FROM operators WHERE name = ?", (name,))
    if row is None:
        return None
    return StoredSecret(operator=operator_of(row), hashed=row["hashed"], attempts=_attempts(books, name))


def _attempts(books: Books, name: OperatorName) -> LoginAttempts:
    row = books.one(_ATTEMPTS, (name,))
    assert row is not None, "an aggregate has one row"
    last = row["last_at"]
    return LoginAttempts(row["failures"], datetime.fromisoformat(last) if last else None)


_ATTEMPTS = """
SELECT count(*) AS failures, max(at) AS last_at FROM logins WHERE operator = ?1
    AND journal > (SELECT coalesce(max(journal), 0) FROM logins WHERE operator = ?1 AND succeeded = 1)
    AND journal > (SELECT coalesce(max(journal), 0) FROM operator_changes WHERE name = ?1
        AND verb IN ('unlock', 'reset'))
"""
"""Since he last got in, or an administrator last let him begin anew."""


def record_login(books: Books, name: OperatorName, *, succeeded: bool, at: datetime) -> None:
    """Note an attempt, and lock the name after MOST_FAILURES in a row.

    A name that nobody has is not noted: it may be a secret typed in the wrong field.
    """
    with books.writing():
        if books.value("SELECT 1 FROM operators WHERE name = ?", (name,)) is None:
            return
        with acting(books, Kind.LOGIN, at=at) as page:
            page.insert("logins", {"operator": name, "at": time_text(at), "succeeded": int(succeeded)})
        if not succeeded and _attempts(books, name).failures >= MOST_FAILURES:
            lock_out(books, name, at=at)


def mark_printed(books: Books, sale: SaleId, *, at: datetime, is_copy: bool) -> int:
    """Note a print, and count the copies after the first."""
    with acting(books, Kind.PRINT, at=at) as page:
        page.insert("prints", {"sale": sale, "at": time_text(at), "is_copy": int(is_copy)})
        return int(books.value("SELECT count(*) FROM prints WHERE sale = ? AND is_copy = 1", (sale,)))
