"""Operators in the books: every change of one is a row of the journal, and nobody is ever deleted."""

from __future__ import annotations

import hashlib
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime

from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import OperatorName
from vending_app.domain.people import Operator, OperatorChange, Role
from vending_app.domain.permissions import APPROVERS, Act
from vending_app.ledger import approvers
from vending_app.ledger.books import Books, Row
from vending_app.ledger.codec import Json, canonical, time_text
from vending_app.ledger.journal import acting
from vending_app.ledger.kinds import Kind
from vending_app.ledger.rules_asked import demands

KINDS = {
    OperatorChange.ADD: Kind.OPERATOR,
    OperatorChange.CHANGE: Kind.OPERATOR,
    OperatorChange.RESET: Kind.OPERATOR,
    OperatorChange.LOCK: Kind.OPERATOR,
    OperatorChange.UNLOCK: Kind.OPERATOR,
    OperatorChange.OWN_SECRET: Kind.SECRET,
    OperatorChange.REKEY: Kind.SECRET,
    OperatorChange.LOCKOUT: Kind.LOCKOUT,
}
"""As which kind of row each change is written, and so by whose right."""

_NEW_SECRET = {OperatorChange.ADD, OperatorChange.RESET, OperatorChange.OWN_SECRET}
_COLUMNS = ("full_name", "role", "pin_figures", "is_active", "must_change", "secret_changed_at")


def operators(books: Books) -> tuple[Operator, ...]:
    """By name."""
    return tuple(map(operator_of, books.all("SELECT * FROM operators ORDER BY full_name, name")))


def operator(books: Books, name: OperatorName) -> Operator | None:
    """As he is now."""
    row = books.one("SELECT * FROM operators WHERE name = ?", (name,))
    return operator_of(row) if row else None


def operator_of(row: Row) -> Operator:
    return Operator(
        OperatorName(row["name"]),
        row["full_name"],
        Role(row["role"]),
        row["pin_figures"],
        is_active=bool(row["is_active"]),
        must_change=bool(row["must_change"]),
    )


def add(books: Books, added: Operator, *, hashed: str, at: datetime) -> None:
    """Raises OperatorError operator-exists, approval-…"""
    with books.writing():
        books.lock_office()
        if operator(books, added.name) is not None:
            raise OperatorError(Code.OPERATOR_EXISTS, name=added.name)
        _write(books, added, OperatorChange.ADD, before=None, hashed=hashed, at=at)


def change(books: Books, changed: Operator, how: OperatorChange, *, hashed: str | None, at: datetime) -> None:
    """Write the operator as he is from now on. Raises OperatorError operator-unknown, operator-last, approval-…"""
    with books.writing():
        books.lock_office()
        before = books.one("SELECT * FROM operators WHERE name = ?", (changed.name,))
        if before is None:
            raise OperatorError(Code.OPERATOR_UNKNOWN, name=changed.name)
        if _is_missed(books, operator_of(before), changed):
            raise OperatorError(Code.OPERATOR_LAST, name=changed.name)
        _write(books, changed, how, before=before, hashed=hashed, at=at)


def lock_out(books: Books, name: OperatorName, *, at: datetime) -> None:
    """Lock somebody after too many failures; who is needed stays, or nobody could unlock anybody.

    So do the last two whose word approves: neither could unlock the other.
    """
    found = operator(books, name)
    if found is None or not found.is_active:
        return
    locked = replace(found, is_active=False)
    if not _is_missed(books, found, locked) and not _leaves_one_word(books, found, locked):
        change(books, locked, OperatorChange.LOCKOUT, hashed=None, at=at)


def _is_missed(books: Books, before: Operator, after: Operator) -> bool:
    """Whether nobody could keep operators any more: no administrator is left, or nobody to approve for him."""
    if _loses(before, after, {Role.ADMINISTRATOR}) and _active(books, {Role.ADMINISTRATOR}) <= 1:
        return True
    return _leaves_one_word(books, before, after) and demands(books, Role.ADMINISTRATOR, Act.OPERATORS)


def _leaves_one_word(books: Books, before: Operator, after: Operator) -> bool:
    """Whether there is nobody any more who could approve for the one who is left."""
    return _loses(before, after, APPROVERS) and _active(books, APPROVERS) <= 2


def _loses(before: Operator, after: Operator, roles: AbstractSet[Role]) -> bool:
    """Whether somebody at work in one of these roles is so no longer."""
    return before.is_active and before.role in roles and not (after.is_active and after.role in roles)


def _active(books: Books, roles: AbstractSet[Role]) -> int:
    return sum(found.is_active and found.role in roles for found in operators(books))


def _write(
    books: Books, changed: Operator, how: OperatorChange, *, before: Row | None, hashed: str | None, at: datetime
) -> None:
    approvers.check_right(books, operator_of(before) if before else None, changed, how)
    row: Row = {
        "name": changed.name,
        "full_name": changed.full_name,
        "role": changed.role.value,
        "pin_figures": changed.pin_figures,
        "hashed": before["hashed"] if before and hashed is None else hashed,
        "is_active": int(changed.is_active),
        "must_change": int(changed.must_change),
        "secret_changed_at": time_text(at) if how in _NEW_SECRET else before and before["secret_changed_at"],
    }
    texts = {"before": canonical(state_of(before)) if before else "", "after": canonical(state_of(row))}
    with acting(books, KINDS[how], at=at) as page:
        page.insert("operator_changes", {"name": changed.name, "verb": how.value, **texts})
    # After the journal row, which asks whether he may: an administrator can lock himself or become something else.
    if before is None:
        books.insert("operators", row)
    else:
        sets = ", ".join(f"{column} = ?" for column in row)
        books.run(f"UPDATE operators SET {sets} WHERE name = ?", (*row.values(), changed.name))


def state_of(row: Row) -> Json:
    """What the journal tells of an operator: his secret only as the digest of its hash, which nobody can search."""
    secret = hashlib.sha256(row["hashed"].encode()).hexdigest()
    return {"secret": secret, **{column: row[column] for column in _COLUMNS}}
