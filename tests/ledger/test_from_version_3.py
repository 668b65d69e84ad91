"""Books of version 3 become books of this version: what was entered then is found now."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from tests.ledger.builders import DESK
from vending_app.domain.record_lines import RecordKind
from vending_app.ledger import DeskLedger, SqliteFile
from vending_app.ledger.books import Store
from vending_app.ledger.migrations import MIGRATIONS, migrate
from vending_app.ledger.sqlite import connect, make_file


@pytest.fixture
def store(path: Path) -> Store:
    """This module is about the file."""
    return SqliteFile(path)


@pytest.fixture
def old(path: Path) -> Path:
    """An office of version 3 with a customer who has no supply, and with no line of card stock."""
    make_file(path)
    with closing(connect(path)) as connection:
        migrate(connection, path, steps=MIGRATIONS[:3])
        for statement in (
            "INSERT INTO office VALUES (1, 'Old', '', '', '', '', 77, '€', 0)",
            f"INSERT INTO desks VALUES ({DESK}, 'Desk')",
            "INSERT INTO customers (number, name, address, phone) VALUES ('0000007', 'Lena Hoffmann', 'x', '')",
        ):
            connection.execute(statement)
    return path


def test_a_customer_without_a_supply_is_found(old: Path, store: Store) -> None:
    with closing(DeskLedger.open(store, desk=DESK)) as ledger:
        assert [line.key for line in ledger.find_records(RecordKind.CUSTOMER, "Hoffmann", limit=9)] == ["0000007"]
        assert (ledger.card_stock(limit=9).here, ledger.card_stock(limit=9).is_counted) == (0, False)
    assert old.with_name(f"{old.name}.version-3").exists()
