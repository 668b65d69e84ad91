"""Proving what the books say of people: who may do what, and that nobody was changed without a row that says so."""

from __future__ import annotations

import json
from collections.abc import Iterator

from vending_app.domain.permissions import PERMISSIONS, approves
from vending_app.ledger.authority import WRITES
from vending_app.ledger.books import Books, Row
from vending_app.ledger.codec import canonical
from vending_app.ledger.kinds import Kind
from vending_app.ledger.operators import state_of


def check_rules(books: Books) -> Iterator[str]:
    """Who may do what is in the books what it is in the program."""
    for row in books.all("SELECT * FROM permissions"):
        act, role = row["act"], row["role"]
        if (row["granted"], row["approves"]) != _RULES.get((act, role)):
            yield f"permissions: {role} and {act} are not as this program has them"
    if books.value("SELECT count(*) FROM permissions") != len(_RULES):
        yield "permissions: not as many rows as this program has"
    told = [(row["act"], row["kind"], row["is_effect"]) for row in books.all("SELECT * FROM act_kinds")]
    if sorted(told) != sorted((act, kind, int(full)) for act, kinds in WRITES.items() for kind, full in kinds.items()):
        yield "act_kinds: not the rows that this program has"


_RULES = {(act, role): (told, int(approves(role, act))) for (act, role), told in PERMISSIONS.items()}


def check_operators(books: Books) -> Iterator[str]:
    """Each operator is what the last change of him says; what he did to himself changed his secret alone."""
    for row in books.all(_AS_TOLD):
        if canonical(state_of(row)) != row["told"]:
            yield f"operator {row['name']}: not as the last change of him says"
    for row in books.all(_CHANGES):
        allowed = _OWN_COLUMNS.get(row["kind"])
        if allowed is not None and not _changed(row) <= allowed:
            yield f"operator {row['name']}: row {row['journal']} changed more than a row of its kind may"
        if row["kind"] == Kind.SECRET and row["operator"] != row["name"]:
            yield f"operator {row['name']}: row {row['journal']} is about the secret of somebody else"


_AS_TOLD = """
SELECT operators.*, after AS told FROM operators JOIN operator_changes AS newest ON newest.name = operators.name
    AND newest.journal = (SELECT max(journal) FROM operator_changes WHERE name = operators.name)
"""
_CHANGES = """
SELECT operator_changes.*, journal.operator, kind FROM operator_changes
    JOIN journal ON journal.id = operator_changes.journal
"""
_OWN_COLUMNS = {
    Kind.SECRET: {"secret", "pin_figures", "must_change", "secret_changed_at"},
    Kind.LOCKOUT: {"is_active"},
}


def _changed(row: Row) -> set[str]:
    try:
        before, after = json.loads(row["before"]), json.loads(row["after"])
        return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    except (ValueError, AttributeError, RecursionError):
        return {"text"}
