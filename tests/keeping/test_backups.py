"""Backups of real books: made while somebody sells, proven, rotated, and made into books again."""

from __future__ import annotations

import itertools
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.ledger.builders import DESK, NOON, Counter, create
from tests.ledger.test_proof import busy
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError
from vending_app.domain.keeping import fingerprint
from vending_app.keeping.backups import SCRATCH, BackupFolder, check_written, listed
from vending_app.keeping.recovery_key import RecoveryKey
from vending_app.keeping.restoring import check_content, new_folder, unseal
from vending_app.ledger import DeskLedger, SqliteFile, backup, copying
from vending_app.ledger.backup import MEMBER, SqliteSource, check_copy
from vending_app.ledger.driver import sqlite3
from vending_app.ledger.schema_3_supplies import SUPPLIES_KEYS, SUPPLIES_RECORDS
from vending_app.ledger.sqlite import connect

KEY = RecoveryKey(bytes(range(32)))
__all__ = ["busy"]

ALLOWED = frozenset({MEMBER, "settings.json", "vault.sealed"})


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    """A shift is open and Amara Okafor has her card."""
    with closing(create(SqliteFile(tmp_path / "busy.sqlite3"), arrears="64.30", share=20)) as ledger:
        counter = Counter(ledger)
        counter.open_shift()
        counter.issue()
        yield counter


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """An office with two sales, a sealed vault and settings."""
    folder = tmp_path / "office"
    folder.mkdir()
    with closing(create(SqliteFile(folder / MEMBER))) as ledger:
        counter = Counter(ledger)
        counter.open_shift()
        counter.issue()
        counter.sell("50.00")
        counter.sell("20.00")
    (folder / "settings.json").write_text("{}")
    (folder / "vault.sealed").write_bytes(b"sealed keys")
    KEY.public.save(folder / "recovery.pub")
    return folder


Keeper = Callable[..., BackupFolder]


@pytest.fixture
def keeper(office: Path) -> Keeper:
    hours = itertools.count(1)

    def clock() -> datetime:
        return NOON + timedelta(hours=next(hours))

    def made(**changes: Path | None) -> BackupFolder:
        return BackupFolder(
            folder=changes.get("folder") or office / "backups",
            second=changes.get("second"),
            office=office,
            files=("settings.json", "vault.sealed"),
            public=office / "recovery.pub",
            source=SqliteSource(office / MEMBER),
            desk=DESK,
            clock=clock,
            entropy=bytes,
        )

    return made


def restored(path: Path, into: Path) -> DeskLedger:
    with new_folder(into) as making:
        found = unseal(path, KEY, allowed=ALLOWED, into=making)
        check_copy(making / MEMBER, found.heads)
    return DeskLedger.open(SqliteFile(into / MEMBER), desk=DESK)


def test_books_keys_and_settings_come_back_equal(office: Path, keeper: Keeper, tmp_path: Path) -> None:
    made = keeper().make()
    with closing(restored(made.stored.path, tmp_path / "again")) as ledger:
        assert ledger.verify().is_ok
        assert ledger.sale_of_receipt("2-000002") is not None
    assert (tmp_path / "again" / "vault.sealed").read_bytes() == b"sealed keys"
    assert (tmp_path / "again" / "settings.json").read_text() == "{}"
    assert not list(office.glob(f"{SCRATCH}*")), "no copy in the clear is left behind"


def test_books_with_every_kind_of_row_come_back_row_by_row(
    busy: Counter,
    office: Path,
    keeper: Keeper,
    tmp_path: Path,
) -> None:
    """Also records and their changes, meter changes and settlements, whatever brought them."""
    books = Path(busy.ledger._books.where)
    made = replace(keeper(), source=SqliteSource(books)).make()
    with closing(restored(made.stored.path, tmp_path / "again")) as ledger:
        for table in SUPPLIES_KEYS | SUPPLIES_RECORDS:
            assert ledger._books.value(f"SELECT count(*) FROM {table}") > 0
        assert copying.fingerprint(ledger._books) == copying.fingerprint(busy.ledger._books)
        assert ledger.verify() == busy.ledger.verify()
        assert ledger.verify().is_ok


def test_nothing_of_the_books_can_be_read_in_a_backup(keeper: Keeper) -> None:
    sealed = keeper().make().stored.path.read_bytes()
    assert not any(secret in sealed for secret in (b"Amara", b"SQLite", b"sealed keys", b"argon2"))


SELLER = """
import sys
from vending_app.ledger.sqlite import connect
from pathlib import Path
books = connect(Path(sys.argv[1]))
print("ready", flush=True)
for number in range(1_000_000):
    books.execute("BEGIN IMMEDIATE")
    books.execute("INSERT INTO counters VALUES (?, ?)", (f"other {number}", number))
    books.execute("COMMIT")
"""


def test_a_copy_made_while_another_desk_writes_is_of_one_moment(office: Path, tmp_path: Path) -> None:
    with closing(connect(office / MEMBER)) as books:
        books.execute("BEGIN IMMEDIATE")
        books.executemany("INSERT INTO counters VALUES (?, 0)", [(f"{n:0500d}",) for n in range(20_000)])
        books.execute("COMMIT")
    seller = subprocess.Popen([sys.executable, "-c", SELLER, str(office / MEMBER)], stdout=subprocess.PIPE)
    try:
        assert seller.stdout is not None
        assert seller.stdout.readline() == b"ready\n"
        with SqliteSource(office / MEMBER).snapshot(tmp_path) as snapshot:
            copied = b"".join(snapshot.blocks)
        assert seller.poll() is None
    finally:
        seller.kill()
        seller.wait()
        assert seller.stdout is not None
        seller.stdout.close()
    (tmp_path / "copy").write_bytes(copied)
    assert len(copied) > 10 * 1024 * 1024
    check_copy(tmp_path / "copy", snapshot.heads)


def test_what_is_written_after_the_heads_were_read_is_not_in_the_copy(
    office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = backup._copy

    def after_a_later_row(source: sqlite3.Connection, copy: Path) -> None:
        with closing(connect(office / MEMBER)) as books:
            books.execute("INSERT INTO counters VALUES ('later', 1)")
        real(source, copy)

    monkeypatch.setattr(backup, "_copy", after_a_later_row)
    with SqliteSource(office / MEMBER).snapshot(tmp_path) as snapshot:
        (tmp_path / "copy").write_bytes(b"".join(snapshot.blocks))
    with closing(connect(tmp_path / "copy")) as copied:
        assert copied.execute("SELECT 1 FROM counters WHERE name = 'later'").fetchone() is None


def test_a_copy_that_ends_elsewhere_is_no_backup(office: Path, keeper: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    real = backup._copy

    def spoilt(source: sqlite3.Connection, copy: Path) -> None:
        real(source, copy)
        with closing(sqlite3.connect(str(copy), isolation_level=None)) as copied:
            copied.execute("DROP TRIGGER journal_no_delete")
            copied.execute("DELETE FROM journal WHERE id = (SELECT max(id) FROM journal)")

    monkeypatch.setattr(backup, "_copy", spoilt)
    with pytest.raises(EnvironmentFault) as caught:
        keeper().make()
    assert caught.value.code is Code.BACKUP_DAMAGED
    assert listed(office / "backups") == []


def test_a_disk_that_writes_something_else_is_found_at_once(keeper: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vending_app.keeping.backups.check_written", _spoil_first)
    with pytest.raises(EnvironmentFault) as caught:
        keeper().make()
    assert caught.value.code is Code.BACKUP_DAMAGED
    assert listed(keeper().folder) == []


def _spoil_first(path: Path, digest: bytes) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    check_written(path, digest)


def test_a_second_folder_gets_the_same_bytes(keeper: Keeper, tmp_path: Path) -> None:
    made = keeper(second=tmp_path / "stick").make()
    assert made.copied_to is not None
    assert made.copied_to.read_bytes() == made.stored.path.read_bytes()


def test_a_second_folder_that_is_gone_leaves_the_first_backup_standing(keeper: Keeper, tmp_path: Path) -> None:
    (tmp_path / "stick").write_text("a file where a folder should be")
    made = keeper(second=tmp_path / "stick").make()
    assert made.copy_trouble is not None
    assert made.copy_trouble.code is Code.BACKUP_FAILED
    assert made.stored.path.exists()


def test_a_folder_that_cannot_be_written_is_told(keeper: Keeper, tmp_path: Path) -> None:
    (tmp_path / "full").write_text("")
    with pytest.raises(EnvironmentFault) as caught:
        keeper(folder=tmp_path / "full").make()
    assert caught.value.code is Code.BACKUP_FAILED


def test_without_a_recovery_key_nothing_is_written(office: Path, keeper: Keeper) -> None:
    (office / "recovery.pub").unlink()
    with pytest.raises(EnvironmentFault) as caught:
        keeper().make()
    assert caught.value.code is Code.RECOVERY_KEY_MISSING
    assert not (office / "backups").exists()


def test_old_backups_go_only_after_the_new_one_was_proven(keeper: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = keeper()
    for _ in range(26):
        folder.make()
    assert len(folder.all()) < 26
    before = {one.name for one in folder.all()}
    monkeypatch.setattr("vending_app.keeping.backups.check_written", _spoil_first)
    with pytest.raises(EnvironmentFault):
        folder.make()
    assert {one.name for one in folder.all()} == before


def test_the_newest_of_this_office_is_found_among_others_and_tells_where_the_books_end(
    office: Path, keeper: Keeper
) -> None:
    folder = keeper()
    ours = folder.make().stored
    later = ours.name.made_at + timedelta(days=1)
    (office / "backups" / str(type(ours.name)(later, DESK, "00000000"))).write_bytes(b"not whole")
    found = folder.newest_of_office()
    assert found == ours
    assert fingerprint(folder.heads_in(ours)) == ours.name.fingerprint
    with closing(DeskLedger.open(SqliteFile(office / MEMBER), desk=DESK)) as ledger:
        assert ledger.knows(folder.heads_in(ours))


def test_a_name_in_a_backup_is_never_a_path(keeper: Keeper) -> None:
    made = keeper().make()
    with pytest.raises(EnvironmentFault) as caught:
        check_content(made.stored.path, KEY, allowed=ALLOWED - {"settings.json"})
    assert caught.value.code is Code.BACKUP_DAMAGED


def test_a_folder_that_is_there_is_never_written_over(keeper: Keeper, tmp_path: Path) -> None:
    target = tmp_path / "taken"
    target.mkdir()
    (target / "mine").write_text("kept")
    made = keeper().make()
    with pytest.raises(OperatorError) as caught:
        restored(made.stored.path, target)
    assert caught.value.code is Code.FOLDER_TAKEN
    with new_folder(target, aside="aside") as making:
        (making / "fresh").write_text("")
    assert (tmp_path / "taken.aside" / "mine").read_text() == "kept"
    assert [path.name for path in target.iterdir()] == ["fresh"]


def test_a_restoring_that_breaks_leaves_nothing_behind(keeper: Keeper, tmp_path: Path) -> None:
    made = keeper().make()
    with pytest.raises(OperatorError), new_folder(tmp_path / "new") as making:
        unseal(made.stored.path, RecoveryKey(bytes(32)), allowed=ALLOWED, into=making)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["office"]
