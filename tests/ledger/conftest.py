"""Books that are closed again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ledger.at_work import AtWork
from tests.ledger.builders import Counter, create


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "books.sqlite3"


@pytest.fixture
def ledger(path: Path) -> Iterator[AtWork]:
    ledger = create(path, arrears="64.30", share=20)
    yield ledger
    ledger.close()


@pytest.fixture
def counter(ledger: AtWork) -> Counter:
    """A shift is open and Amara Okafor has her card."""
    counter = Counter(ledger)
    counter.open_shift()
    counter.issue()
    return counter
