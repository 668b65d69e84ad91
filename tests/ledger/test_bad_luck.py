"""Full disks, locks, strange files: each has its code, and nothing that was acknowledged is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ledger.at_work import AtWork
from tests.ledger.builders import DESK, NOON, OFFICE, Counter
from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.sale import Sale, SaleState
from vending_app.ledger import SqliteFile, sqlite
from vending_app.ledger.books import Store
from vending_app.ledger.driver import sqlite3
from vending_app.ledger.migrations import MIGRATIONS, Migration, migrate
from vending_app.ledger.sqlite import ROOM_NEEDED, connect


@pytest.fixture
def store(path: Path) -> Store:
    """This module is about the file."""
    return SqliteFile(path)


def fault_of_opening(path: Path) -> Code:
    with pytest.raises(EnvironmentFault) as caught:
        AtWork.open(SqliteFile(path), desk=DESK).close()
    return caught.value.code


def sell_on_and_on(counter: Counter, kept: list[Sale]) -> None:
    for _ in range(100):
        kept.append(counter.sell("10.00"))


def test_a_full_disk_refuses_the_sale_and_keeps_all_before_it(counter: Counter) -> None:
    ledger = counter.ledger
    kept = [counter.sell("10.00") for _ in range(3)]
    pages = ledger._books.value("PRAGMA page_count")
    ledger._books.value(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(EnvironmentFault) as caught:
        sell_on_and_on(counter, kept)
    assert caught.value.code is Code.LEDGER_DISK_FULL
    ledger._books.value("PRAGMA max_page_count = 1000000")
    assert ledger.verify().is_ok
    for sale in kept:
        found = ledger.sale(sale.id)
        assert found is not None
        assert found.state is SaleState.POSTED
    waiting = ledger.open_sales()
    for sale in waiting:
        ledger.post(sale.id, at=counter.tick())
    assert counter.sell("10.00").receipt == f"2-{len(kept) + len(waiting) + 1:06d}"
    assert ledger.verify().is_ok


def log_that_cannot_be_opened(path: Path) -> None:
    """A folder where the log belongs: SQLite says of it what it says of a disk without room for one."""
    path.with_name(f"{path.name}-wal").mkdir()


@pytest.mark.parametrize(
    ("free", "code"), [(ROOM_NEEDED - 1, Code.LEDGER_DISK_FULL), (ROOM_NEEDED, Code.LEDGER_UNAVAILABLE)]
)
def test_books_that_cannot_be_opened_are_told_apart_by_the_room_left(
    path: Path, ledger: AtWork, monkeypatch: pytest.MonkeyPatch, free: int, code: Code
) -> None:
    ledger.close()
    log_that_cannot_be_opened(path)
    monkeypatch.setattr(sqlite, "free_bytes", lambda _: free)
    assert fault_of_opening(path) is code


FULL_AT_THE_START = """
import os, sys
from pathlib import Path
from vending_app.domain.errors import EnvironmentFault
from vending_app.ledger import DeskLedger, SqliteFile

folder = Path(sys.argv[1])
with (folder / "filler").open("wb", buffering=0) as filler:
    try:
        while filler.write(bytes(4096)):
            pass
    except OSError:
        pass
try:
    DeskLedger.open(SqliteFile(folder / "books.sqlite3"), desk=2).close()
except EnvironmentFault as fault:
    print(fault.code.value)
"""


def is_mounting_allowed() -> bool:
    return os.geteuid() == 0 and subprocess.run(["unshare", "-m", "true"], check=False).returncode == 0


@pytest.mark.skipif("not is_mounting_allowed()", reason="a small disk of one's own needs root")
def test_a_disk_that_is_full_when_the_program_starts_is_called_full(path: Path, tmp_path: Path, ledger: AtWork) -> None:
    ledger.close()
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = 'mount -t tmpfs -o size=3m none "$1" && cp "$2" "$1/books.sqlite3" && exec "$3" -c "$4" "$1"'
    command = ["unshare", "-m", "sh", "-c", mount, "sh", str(disk), str(path), sys.executable, FULL_AT_THE_START]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=60)
    assert done.stdout.strip() == Code.LEDGER_DISK_FULL.value


def test_books_that_could_not_be_made_leave_nothing_behind(path: Path) -> None:
    log_that_cannot_be_opened(path)
    with pytest.raises(EnvironmentFault):
        AtWork.create(SqliteFile(path), office=OFFICE, desk=DESK, at=NOON)
    assert not path.exists()


@contextmanager
def locked_by_another_process(path: Path) -> Iterator[None]:
    script = (
        "import sys, pysqlite3.dbapi2 as s; c = s.connect(sys.argv[1], isolation_level=None);"
        "c.execute('BEGIN IMMEDIATE'); print('locked', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", script, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"locked\n"
        yield
        assert process.stdin is not None
        process.stdin.close()
        process.wait(timeout=20)


def test_books_locked_by_another_process_refuse_and_work_again_afterwards(path: Path, counter: Counter) -> None:
    intent = counter.intent("10.00")
    impatient = AtWork.open(SqliteFile(path, busy_ms=20), desk=DESK)
    with locked_by_another_process(path):
        with pytest.raises(EnvironmentFault) as caught:
            impatient.reserve(intent)
        assert impatient.supply(intent.order.supply, today=NOON.date()).sequence == 1, "reading goes on"
    assert caught.value.code is Code.LEDGER_LOCKED
    assert impatient.reserve(intent).state is SaleState.PENDING
    impatient.close()


def test_there_are_no_books(tmp_path: Path) -> None:
    assert fault_of_opening(tmp_path / "none.sqlite3") is Code.LEDGER_MISSING


def test_new_books_never_take_the_place_of_old_ones(path: Path, ledger: AtWork) -> None:
    with pytest.raises(EnvironmentFault) as caught:
        AtWork.create(SqliteFile(path), office=OFFICE, desk=DESK, at=NOON)
    assert caught.value.code is Code.LEDGER_EXISTS
    assert ledger.verify().is_ok


def test_a_folder_without_room_for_a_file(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault) as caught:
        AtWork.create(SqliteFile(tmp_path / "no" / "such" / "folder" / "b.sqlite3"), office=OFFICE, desk=DESK, at=NOON)
    assert caught.value.code is Code.LEDGER_UNAVAILABLE


@given(st.binary(max_size=3000))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_a_file_holds_that_is_not_ours_it_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "strange.sqlite3"
    path.write_bytes(content)
    assert fault_of_opening(path) in {Code.LEDGER_DAMAGED, Code.LEDGER_UNAVAILABLE}


@pytest.mark.parametrize("kept", [0, 1, 100, 4096, 4096 * 5 + 17])
def test_a_truncated_file_is_refused_or_found_out(path: Path, counter: Counter, kept: int) -> None:
    counter.sell()
    counter.ledger.close()
    path.write_bytes(path.read_bytes()[:kept])
    try:
        ledger = AtWork.open(SqliteFile(path), desk=DESK)
    except EnvironmentFault as fault:
        assert fault.code is Code.LEDGER_DAMAGED
        return
    proof = ledger.verify()
    ledger.close()
    assert not proof.is_ok


def test_another_programs_database_is_not_taken_for_ours(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite3"
    connection = sqlite3.connect(str(path))
    connection.execute("CREATE TABLE sales (id INTEGER)")
    connection.close()
    before = path.read_bytes()
    assert fault_of_opening(path) is Code.LEDGER_DAMAGED
    assert before[100:] == path.read_bytes()[100:], "only the header may tell of the log"


def test_tables_of_no_version_are_damage(path: Path, ledger: AtWork) -> None:
    ledger.close()
    connection = sqlite3.connect(str(path), isolation_level=None)
    connection.execute("DROP TRIGGER schema_versions_no_delete")
    connection.execute("DELETE FROM schema_versions")
    connection.close()
    assert fault_of_opening(path) is Code.LEDGER_DAMAGED


def test_a_desk_is_not_entered_in_books_that_are_not_there(tmp_path: Path) -> None:
    path = tmp_path / "none.sqlite3"
    with pytest.raises(EnvironmentFault) as caught:
        AtWork.enter_desk(SqliteFile(path), DESK)
    assert caught.value.code is Code.LEDGER_MISSING
    assert not path.exists()


def test_an_sqlite_that_can_lose_pages_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "SQLITE_NEEDED", (99, 0, 0))
    with pytest.raises(EnvironmentFault) as caught:
        connect(path)
    assert caught.value.code is Code.SQLITE_TOO_OLD


# --- migrations ------------------------------------------------------------------------------------------

NEXT = Migration(
    MIGRATIONS[-1].version + 1,
    "a test",
    "CREATE TABLE extra (id INTEGER PRIMARY KEY) STRICT;\nINSERT INTO extra VALUES (7);\n",
)


def test_books_of_a_newer_program_are_left_alone(path: Path, ledger: AtWork) -> None:
    ledger.close()
    connection = connect(path)
    migrate(connection, path, steps=(*MIGRATIONS, NEXT))
    connection.close()
    assert fault_of_opening(path) is Code.LEDGER_NEWER


def test_a_step_and_its_record_come_together_and_the_old_file_is_kept(path: Path, counter: Counter) -> None:
    sold = counter.sell()
    counter.ledger.close()
    connection = connect(path)
    assert migrate(connection, path, steps=(*MIGRATIONS, NEXT)) == (NEXT.version,)
    assert connection.execute("SELECT id FROM extra").fetchone()[0] == 7
    assert migrate(connection, path, steps=(*MIGRATIONS, NEXT)) == ()
    connection.close()
    copy = AtWork.open(SqliteFile(path.with_name(f"{path.name}.version-{MIGRATIONS[-1].version}")), desk=DESK)
    assert copy.sale(sold.id) is not None
    assert copy.verify().is_ok
    copy.close()


def test_a_step_that_fails_half_way_leaves_the_old_version_whole(path: Path, counter: Counter) -> None:
    counter.sell()
    counter.ledger.close()
    broken = Migration(NEXT.version, "broken", NEXT.sql + "INSERT INTO extra VALUES (7);")
    connection = connect(path)
    with pytest.raises(sqlite3.IntegrityError):
        migrate(connection, path, steps=(*MIGRATIONS, broken))
    connection.close()
    ledger = AtWork.open(SqliteFile(path), desk=DESK)
    assert ledger.verify().is_ok
    ledger.close()
