"""What every opened ledger is guarded by: how SQLite writes, who may read its files, and a file without a row."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest

from tests.ledger.at_work import AtWork
from tests.ledger.builders import DESK, NOON, OFFICE, Counter, connection_of
from vending_app.ledger import SqliteFile
from vending_app.ledger.books import Store
from vending_app.ledger.migrations import back_up
from vending_app.ledger.sqlite import SqliteBooks, connect


@pytest.fixture
def store(path: Path) -> Store:
    """This module is about the file."""
    return SqliteFile(path)


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("recursive_triggers", 1),
        ("trusted_schema", 0),
    ],
)
def test_an_opened_ledger_writes_with_every_guard_on(store: Store, ledger: AtWork, pragma: str, value: object) -> None:
    assert ledger._books.value(f"PRAGMA {pragma}") == value
    again = AtWork.open(store, desk=DESK)
    assert again._books.value(f"PRAGMA {pragma}") == value
    again.close()


def test_a_sale_asks_once_in_each_of_its_two_transactions_and_its_journal_row_comes_last(ledger: AtWork) -> None:
    counter = Counter(ledger)
    counter.open_shift()
    counter.issue()
    intent = counter.intent()
    told: list[str] = []
    connection_of(ledger).set_trace_callback(told.append)
    ledger.reserve(intent)
    ledger.post(intent.id, at=counter.tick())
    connection_of(ledger).set_trace_callback(None)
    # A statement is told again for each trigger that it starts.
    verbs = [" ".join(sql.split()[:3]) for sql, _ in groupby(told)]
    asking = [at for at, verb in enumerate(verbs) if verb.startswith("SELECT")]
    assert asking == [1, 8]
    assert [verb for verb in verbs if not verb.startswith("SELECT")] == [
        "BEGIN IMMEDIATE",
        "INSERT INTO sales",
        "INSERT INTO postings",
        "INSERT INTO open_sales",
        "INSERT INTO journal",
        "COMMIT",
        "BEGIN IMMEDIATE",
        "INSERT INTO sale_events",
        "DELETE FROM open_sales",
        "INSERT INTO postings",
        "INSERT INTO journal",
        "COMMIT",
    ]


# --- who may read ----------------------------------------------------------------------------------------


@pytest.fixture
def _usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.usefixtures("_usual_umask")
def test_books_their_log_and_their_copies_are_read_by_their_owner_only(path: Path) -> None:
    ledger = AtWork.create(SqliteFile(path), office=OFFICE, desk=DESK, at=NOON)
    back_up(connection_of(ledger), path, version=1)
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    ledger.close()
    names = [path.name, f"{path.name}-wal", f"{path.name}-shm", f"{path.name}.version-1"]
    assert modes == dict.fromkeys(names, 0o600)


def test_books_without_a_row_have_no_newest_moment(path: Path, ledger: AtWork) -> None:
    assert ledger.newest_moment() == NOON
    connection = connect(path)
    for statement in ("DROP TRIGGER journal_no_delete", "DELETE FROM journal"):
        connection.execute(statement)
    emptied = AtWork(SqliteBooks(path, connection, desk=DESK), SqliteFile(path))
    assert emptied.newest_moment() is None
    emptied.close()
