"""Moving a whole office from one store to another: the same rows under the same ids and hashes, or nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.ids import DeskNo
from vending_app.ledger import search
from vending_app.ledger.books import Books, Store
from vending_app.ledger.codec import canonical
from vending_app.ledger.proof import prove
from vending_app.ledger.schema_2_people import RULE_KEYS
from vending_app.ledger.tables import APPEND_ONLY, RECORDS
from vending_app.ports import LedgerProof

NO_DESK = DeskNo(0)
"""Copying is nobody's act: no row is written that was not written before."""

KEYS = {**RECORDS, **APPEND_ONLY, "open_sales": "held"}
"""Every table that is copied, in an order in which what a row refers to stands before it, and what orders its rows."""
_MADE_BY_MIGRATIONS = {"schema_versions", *RULE_KEYS}


@dataclass(frozen=True, slots=True)
class Copied:
    """What was copied, and that it is the same: the fingerprint of all rows, which both ends have."""

    rows: int
    fingerprint: str
    proof: LedgerProof


def copy(source: Store, target: Store) -> Copied:
    """Fill a target without books. Raises EnvironmentFault ledger-exists, ledger-missing, ledger-…

    A target that does not come out equal is taken away again: ledger-damaged.
    """
    old = source.open(NO_DESK)
    try:
        with old.reading(), target.founding(NO_DESK) as new:
            with new.writing(), new.filling():
                rows = sum(_copy_table(old, new, table) for table in KEYS if table not in _MADE_BY_MIGRATIONS)
                search.index_all(new)
            with new.reading():
                printed = fingerprint(new)
                if printed != fingerprint(old):
                    raise EnvironmentFault(Code.LEDGER_DAMAGED, path=new.where, reason="the copy is not equal")
                proof = prove(new)
        new.close()
    finally:
        old.close()
    return Copied(rows, printed, proof)


def _copy_table(old: Books, new: Books, table: str) -> int:
    count = 0
    for row in old.stream(f"SELECT * FROM {table} ORDER BY {KEYS[table]}"):
        new.insert(table, row)
        count += 1
    return count


def fingerprint(books: Books) -> str:
    """SHA-256 of all rows of all tables: `<table>` and the canonical JSON of each row, in the order of their keys."""
    digest = hashlib.sha256()
    with books.reading():
        for table, key in KEYS.items():
            digest.update(f"{table}\n".encode())
            for row in books.stream(f"SELECT * FROM {table} ORDER BY {key}"):
                digest.update(f"{canonical(row)}\n".encode())
    return digest.hexdigest()
