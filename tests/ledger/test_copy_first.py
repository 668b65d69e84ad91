"""Old books are copied before they are changed; a copy that is killed, or finds no room, leaves nothing behind."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.ledger.at_work import AtWork
from tests.ledger.builders import DESK
from tests.ledger.test_bad_luck import NEXT, is_mounting_allowed
from tests.ledger.test_from_version_1 import DUMP
from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.ledger import SqliteFile, migrations
from vending_app.ledger.driver import sqlite3
from vending_app.ledger.migrations import MIGRATIONS, Migration, migrate
from vending_app.ledger.sqlite import connect

OPENING = """
import resource, signal, sys
from pathlib import Path
from vending_app.domain.errors import EnvironmentFault
from vending_app.ledger import DeskLedger, SqliteFile

path, most, is_killed = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "killed"
if is_killed:
    # The system kills whoever writes a file longer than that: here the copy, half way.
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
if most:
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
try:
    DeskLedger.open(SqliteFile(path), desk=2).close()
except EnvironmentFault as fault:
    print(fault.code.value, fault.facts.get("needs"))
"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Books of version 1, of some megabytes."""
    path = tmp_path / "books.sqlite3"
    with closing(sqlite3.connect(str(path))) as connection:
        connection.executescript(DUMP.read_text(encoding="utf-8"))
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE bulk (content BLOB)")
        connection.executemany("INSERT INTO bulk VALUES (zeroblob(65536))", [()] * 32)
        connection.commit()
    return path


def opened_with(path: Path, *, most: int = 0, how: str = "told") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", OPENING, str(path), str(most), how]
    return subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True, timeout=60)


def left_of(path: Path) -> set[str]:
    """What lies beside the books, but for the log of SQLite and what keeps the chains."""
    return {each.name.removeprefix(path.name) for each in path.parent.iterdir() if ".version-" in each.name}


def version(path: Path) -> int:
    with closing(sqlite3.connect(str(path))) as connection:
        return int(connection.execute("SELECT max(version) FROM schema_versions").fetchone()[0])


HALF = 1 << 20


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are POSIX")
def test_a_copy_that_is_killed_is_taken_away_by_the_next_start(old: Path) -> None:
    killed = opened_with(old, most=HALF, how="killed")
    assert killed.returncode == -signal.SIGXFSZ
    assert left_of(old) == {".version-1.partial", ".version-1.partial-journal"}
    assert version(old) == 1
    with closing(AtWork.open(SqliteFile(old), desk=DESK)) as ledger:
        assert ledger.verify().is_ok
    assert left_of(old) == {".version-1"}
    assert version(old.with_name(f"{old.name}.version-1")) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are POSIX")
def test_a_copy_that_cannot_be_written_leaves_nothing_and_says_what_it_needs(old: Path) -> None:
    told = opened_with(old, most=HALF)
    assert told.stdout.split()[0] == Code.LEDGER_NOT_COPIED.value
    assert int(told.stdout.split()[1]) >= 3
    assert (left_of(old), version(old)) == (set(), 1)
    assert opened_with(old).stdout == ""
    assert left_of(old) == {".version-1"}


@pytest.mark.skipif(not is_mounting_allowed(), reason="a small disk of one's own needs root")
def test_a_disk_without_room_for_a_copy_is_said_before_anything_is_written(old: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = (
        'mount -t tmpfs -o size=4m none "$1" && cp "$2" "$1/books.sqlite3" && "$3" -c "$4" "$1/books.sqlite3" 0 told'
        ' && ls "$1"'
    )
    command = ["unshare", "-m", "sh", "-c", mount, "sh", str(disk), str(old), sys.executable, OPENING]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=60)
    said, *files = done.stdout.splitlines()
    assert said.split()[0] == Code.LEDGER_NOT_COPIED.value
    assert not [name for name in files if ".version-" in name]


def test_what_is_left_of_a_copy_is_taken_away_also_where_nothing_is_to_be_done(old: Path) -> None:
    AtWork.open(SqliteFile(old), desk=DESK).close()
    for name in (".version-6.partial", ".version-6.partial-journal"):
        (old.parent / f"{old.name}{name}").write_bytes(b"half")
    (old.parent / "other.version-6.partial").write_bytes(b"not ours")
    AtWork.open(SqliteFile(old), desk=DESK).close()
    assert left_of(old) == {".version-1", "other.version-6.partial"}


@pytest.fixture
def ready(old: Path) -> Iterator[sqlite3.Connection]:
    AtWork.open(SqliteFile(old), desk=DESK).close()
    with closing(connect(old)) as connection:
        yield connection


def test_a_step_that_fails_keeps_no_copy_of_what_it_did_not_change(old: Path, ready: sqlite3.Connection) -> None:
    broken = Migration(NEXT.version, "broken", NEXT.sql + "INSERT INTO extra VALUES (7);")
    with pytest.raises(sqlite3.IntegrityError):
        migrate(ready, old, steps=(*MIGRATIONS, broken))
    assert left_of(old) == {".version-1"}


def test_of_two_desks_that_start_at_once_one_copies_and_changes_the_books(
    old: Path, ready: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one has seen the old version too, and comes to the copy when the first is done."""
    alone = migrations._copied_alone

    def first_the_other(connection: sqlite3.Connection, path: Path, *, version: int) -> Path | None:
        monkeypatch.setattr(migrations, "_copied_alone", alone)
        with closing(connect(path)) as other:
            assert migrate(other, path, steps=(*MIGRATIONS, NEXT)) == (NEXT.version,)
        return alone(connection, path, version=version)

    monkeypatch.setattr(migrations, "_copied_alone", first_the_other)
    assert migrate(ready, old, steps=(*MIGRATIONS, NEXT)) == ()
    assert ready.execute("SELECT count(*) FROM extra").fetchone()[0] == 1
    assert left_of(old) == {".version-1", f".version-{MIGRATIONS[-1].version}"}


def test_nobody_writes_while_the_copy_is_made(
    old: Path, ready: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = migrations.back_up

    def watched(connection: sqlite3.Connection, path: Path, *, version: int) -> Path:
        with closing(connect(path, busy_ms=1)) as other, pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        return whole(connection, path, version=version)

    monkeypatch.setattr(migrations, "back_up", watched)
    assert migrate(ready, old, steps=(*MIGRATIONS, NEXT)) == (NEXT.version,)


def test_the_words_tell_how_much_room_it_takes() -> None:
    from vending_app.ui.words import trouble

    said = trouble(EnvironmentFault(Code.LEDGER_NOT_COPIED, path="x", needs=12, reason="no room"))
    assert "12 MB" in said.sentence
    assert "as they were" in said.sentence
