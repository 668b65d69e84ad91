"""Books of version 1, as that version wrote them, become books of today: they prove themselves and go on selling."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.ledger.at_work import ANA, AtWork
from tests.ledger.builders import DESK, NOON, SUPPLY, Counter
from vending_app.domain.ids import OperatorName, SupplyNo
from vending_app.domain.people import Operator, OperatorChange, Role
from vending_app.domain.permissions import Act, Authority
from vending_app.ledger import SqliteFile
from vending_app.ledger.driver import sqlite3

DUMP = Path(__file__).parents[1] / "fixtures" / "ledger-version-1.sql"
DAY = timedelta(days=1)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The file that the dump describes."""
    path = tmp_path / "books.sqlite3"
    with closing(sqlite3.connect(str(path))) as connection:
        connection.executescript(DUMP.read_text(encoding="utf-8"))
    return path


@pytest.fixture
def hashes(old: Path) -> list[tuple[int, bytes]]:
    with closing(sqlite3.connect(str(old))) as connection:
        return list(connection.execute("SELECT id, hash FROM journal ORDER BY id"))


@pytest.fixture
def today(hashes: list[tuple[int, bytes]], old: Path) -> Iterator[AtWork]:
    """The same books, opened by this program."""
    assert hashes
    with closing(AtWork.open(SqliteFile(old), desk=DESK)) as ledger:
        yield ledger


def test_they_prove_themselves_with_the_hashes_they_had(today: AtWork, hashes: list[tuple[int, bytes]]) -> None:
    assert today.verify().problems == ()
    rows = today._books.all("SELECT id, hash, operator FROM journal ORDER BY id")
    assert [(row["id"], row["hash"]) for row in rows] == hashes
    assert {row["operator"] for row in rows} == {None}


def test_the_old_file_is_kept_beside_them(today: AtWork, old: Path) -> None:
    kept = old.with_name(f"{old.name}.version-1")
    with closing(sqlite3.connect(str(kept))) as connection:
        assert connection.execute("SELECT max(version) FROM schema_versions").fetchone() == (1,)


def test_the_sale_in_doubt_is_finished_and_the_next_one_is_sold(today: AtWork) -> None:
    (doubtful,) = today.open_sales()
    counter = Counter(today, now=NOON + DAY, count=100, shift=doubtful.intent.shift)
    assert today.post(doubtful.id, at=counter.tick()).receipt == "2-000002"
    sold = counter.sell("30.00")
    assert sold.receipt == "2-000003"
    assert sold.intent.order.energy_total == doubtful.intent.order.energy_total + sold.intent.order.last_purchase
    assert today.verify().problems == ()
    row = today._books.one("SELECT operator, act, approval FROM journal ORDER BY id DESC LIMIT 1")
    assert row == {"operator": ANA, "act": "finish", "approval": None}


def test_everybody_is_still_who_he_was_and_his_first_change_is_told(today: AtWork) -> None:
    cashier = today.operator(ANA)
    assert cashier == Operator(ANA, "Ana Moreau", Role.CASHIER, pin_figures=6)
    changed = Operator(ANA, "Ana Moreau-Lind", Role.CASHIER, pin_figures=6)
    with today.acting_as(Authority(OperatorName("admin"), Act.OPERATORS)):
        today.change_operator(changed, OperatorChange.CHANGE, at=NOON + DAY)
    assert today.operator(ANA) == changed
    assert today.verify().problems == ()


def test_the_second_supply_has_its_history_too(today: AtWork) -> None:
    assert today.supply(SupplyNo("00000018"), today=NOON.date()).customer.name == "Boubacar Diallo"
    assert len(today.history(SUPPLY)) == 5
