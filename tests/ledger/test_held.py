"""Books that another program holds: a desk that writes is refused in words, and goes on when they are let go."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ledger.at_work import AtWork
from tests.ledger.builders import DESK, NOON, Counter
from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.ledger.held import HeldBooks
from vending_app.ledger.sqlite_file import SqliteFile


@pytest.fixture
def store(path: Path) -> SqliteFile:
    """Only a file can be held by another program."""
    return SqliteFile(path)


def test_held_books_refuse_a_desk_that_writes_and_not_one_that_reads(path: Path, counter: Counter) -> None:
    intent = counter.intent("10.00")
    impatient = AtWork.open(SqliteFile(path, busy_ms=20), desk=DESK)
    held = HeldBooks(path)
    held.hold()
    held.hold()
    with pytest.raises(EnvironmentFault) as caught:
        impatient.reserve(intent)
    assert caught.value.code is Code.LEDGER_LOCKED
    assert impatient.supply(intent.order.supply, today=NOON.date()).sequence == 1, "reading goes on"
    held.let_go()
    assert not held.are_held
    impatient.reserve(intent)
    assert impatient.sale(intent.id) is not None
    impatient.close()
