"""Books that are closed again, in a file and on a server: what is true of one is true of the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ledger.at_work import AtWork
from tests.ledger.builders import Counter, create
from tests.postgres import Server
from tests.quick_books import QuickFile
from vending_app.ledger.books import Store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "books.sqlite3"


@pytest.fixture(params=["file", "server"])
def store(request: pytest.FixtureRequest, path: Path) -> Iterator[Store]:
    """A test about one of them alone has a fixture of this name in its own module."""
    if request.param == "file":
        yield QuickFile(path)
        return
    server: Server = request.getfixturevalue("server")
    with server.books(path.parent) as books:
        yield books


@pytest.fixture
def ledger(store: Store) -> Iterator[AtWork]:
    ledger = create(store, arrears="64.30", share=20)
    yield ledger
    ledger.close()


@pytest.fixture
def counter(ledger: AtWork) -> Counter:
    """A shift is open and Amara Okafor has her card."""
    counter = Counter(ledger)
    counter.open_shift()
    counter.issue()
    return counter
