"""What every opened ledger is guarded by: how SQLite writes, who may read its files, what it remembers of cards."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ledger.at_work import AtWork
from tests.ledger.builders import DESK, NOON, OFFICE, Counter
from vending_app.domain.ids import CardNo, DeskNo
from vending_app.ledger.migrations import back_up
from vending_app.ledger.transaction import Books, connect

CARD, OTHER_CARD = CardNo("000770000001"), CardNo("000770000002")
OTHER_DESK = DeskNo(3)


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
def test_an_opened_ledger_writes_with_every_guard_on(ledger: AtWork, pragma: str, value: object) -> None:
    assert ledger._books.value(f"PRAGMA {pragma}") == value
    again = AtWork.open(ledger._books.path, desk=DESK)
    assert again._books.value(f"PRAGMA {pragma}") == value
    again.close()


# --- who may read ----------------------------------------------------------------------------------------


@pytest.fixture
def _usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.usefixtures("_usual_umask")
def test_books_their_log_and_their_copies_are_read_by_their_owner_only(path: Path) -> None:
    ledger = AtWork.create(path, office=OFFICE, desk=DESK, at=NOON)
    back_up(ledger._books._connection, path, version=1)
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    ledger.close()
    names = [path.name, f"{path.name}-wal", f"{path.name}-shm", f"{path.name}.version-1"]
    assert modes == dict.fromkeys(names, 0o600)


# --- what is remembered ----------------------------------------------------------------------------------


def test_a_card_that_refused_its_code_is_known_at_every_desk(counter: Counter) -> None:
    ledger = counter.ledger
    assert not ledger.code_was_refused(CARD)
    ledger.note_code_refused(CARD, at=counter.tick())
    ledger.note_code_refused(CARD, at=counter.tick())
    ledger.add_desk(OTHER_DESK, name="Desk 3")
    elsewhere = AtWork.open(ledger._books.path, desk=OTHER_DESK)
    assert elsewhere.code_was_refused(CARD)
    assert not elsewhere.code_was_refused(OTHER_CARD)
    assert elsewhere.verify().is_ok
    elsewhere.close()


def test_the_newest_moment_is_that_of_the_last_row_of_any_desk(counter: Counter) -> None:
    ledger = counter.ledger
    counter.sell()
    assert ledger.newest_moment() == counter.now
    ledger.add_desk(OTHER_DESK, name="Desk 3")
    elsewhere = AtWork.open(ledger._books.path, desk=OTHER_DESK)
    elsewhere.note_code_refused(CARD, at=counter.tick())
    elsewhere.close()
    assert ledger.newest_moment() == counter.now


def test_books_without_a_row_have_no_newest_moment(path: Path, ledger: AtWork) -> None:
    assert ledger.newest_moment() == NOON
    connection = connect(path)
    for statement in ("DROP TRIGGER journal_no_delete", "DELETE FROM journal"):
        connection.execute(statement)
    emptied = AtWork(Books(path, connection, desk=DESK))
    assert emptied.newest_moment() is None
    emptied.close()
