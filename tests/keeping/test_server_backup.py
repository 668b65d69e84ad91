"""Backups of books on a server: one moment of them, sealed while it is dumped, and brought back with pg_restore."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.ledger.at_work import AtWork
from tests.ledger.builders import DESK, NOON, Counter, create
from tests.ledger.test_proof import move_and_end
from tests.postgres import Server
from vending_app import backing_up, kept, office_files, settings
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError
from vending_app.domain.restoring import PaperReceipt
from vending_app.keeping.backups import BackupFolder
from vending_app.keeping.recovery_key import RecoveryKey
from vending_app.keeping.restoring import new_folder, unseal
from vending_app.ledger import copying
from vending_app.ledger.postgres_dump import DUMP, PgDumpSource
from vending_app.ledger.postgres_server import PostgresServer
from vending_app.ledger.schema_3_supplies import SUPPLIES_KEYS, SUPPLIES_RECORDS

KEY = RecoveryKey(bytes(range(32)))
DESK_ROLE = "desk_of_backups"


@dataclass
class Office:
    """Books on a server, and the folder of a desk."""

    server: Server
    folder: Path
    databases: ExitStack
    database: str = ""

    def take_fresh_database(self) -> None:
        self.database = self.databases.enter_context(self.server.database())

    @property
    def url(self) -> str:
        return self.server.url(self.database)

    def store(self, url: str = "") -> BackupFolder:
        return BackupFolder(
            folder=self.folder / "backups",
            second=None,
            office=self.folder,
            files=(),
            public=self.folder / "recovery.pub",
            source=PgDumpSource(url or self.url),
            desk=DESK,
            clock=lambda: NOON,
            entropy=bytes,
        )

    def open(self, *, witness: bool = True) -> AtWork:
        return AtWork.open(PostgresServer(self.url, witness=self.folder if witness else None), desk=DESK)

    def brought_back(self, backup: Path) -> None:
        """The dump in a fresh database, which takes the place of the one that was lost."""
        with new_folder(self.folder / "again") as making:
            unseal(backup, KEY, allowed=frozenset({DUMP}), into=making)
        self.take_fresh_database()
        command = ["pg_restore", f"--dbname={self.url}", "--exit-on-error", str(self.folder / "again" / DUMP)]
        subprocess.run(command, check=True, env={**os.environ, "PGUSER": "postgres"}, stdout=subprocess.DEVNULL)


@pytest.fixture
def office(server: Server, tmp_path: Path) -> Iterator[Office]:
    with ExitStack() as databases:
        office = Office(server, tmp_path, databases)
        office.take_fresh_database()
        with closing(create(PostgresServer(office.url, witness=tmp_path))) as ledger:
            counter = Counter(ledger)
            counter.open_shift()
            counter.issue()
            counter.sell("50.00")
        KEY.public.save(tmp_path / "recovery.pub")
        yield office


def test_a_dump_comes_back_as_the_books_it_was_made_of(office: Office) -> None:
    made = office.store().make()
    with closing(office.open()) as ledger:
        assert ledger.knows(office.store().heads_in(made.stored))
    office.brought_back(made.stored.path)
    with closing(office.open()) as ledger:
        assert ledger.verify().is_ok
        assert ledger.sale_of_receipt("2-000001") is not None


def test_books_with_every_kind_of_row_come_back_row_by_row(office: Office) -> None:
    """Also records and their changes, meter changes and settlements, whatever brought them."""
    with closing(office.open()) as ledger:
        shift = ledger.shift(desk=DESK)
        assert shift is not None
        counter = Counter(ledger, now=NOON + timedelta(hours=1), count=100, shift=shift.number)
        move_and_end(counter)
        counter.sell("30.00")
        before, proof = copying.fingerprint(ledger._books), ledger.verify()
    made = office.store().make()
    office.brought_back(made.stored.path)
    with closing(office.open()) as ledger:
        for table in SUPPLIES_KEYS | SUPPLIES_RECORDS:
            assert ledger._books.value(f"SELECT count(*) FROM {table}") > 0
        assert copying.fingerprint(ledger._books) == before
        assert ledger.verify() == proof
        assert proof.is_ok


def test_a_desk_without_other_rights_can_back_up(office: Office) -> None:
    if not office.server.run_sql(f"SELECT 1 FROM pg_roles WHERE rolname = '{DESK_ROLE}'"):
        office.server.run_sql(f"CREATE ROLE {DESK_ROLE} LOGIN IN ROLE vending_desk")
    url = office.server.url(office.database, DESK_ROLE)
    assert office.store(url).make().stored.size > 0


def test_a_server_that_is_gone_is_told_and_leaves_no_backup(office: Office) -> None:
    with pytest.raises(EnvironmentFault) as caught:
        office.store("postgresql://nobody@127.0.0.1:1/none").make()
    assert caught.value.code is Code.LEDGER_SERVER_GONE
    assert office.store().all() == []


def test_without_pg_dump_the_backup_says_so(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(EnvironmentFault) as caught:
        office.store().make()
    assert caught.value.code is Code.BACKUP_FAILED
    assert office.store().all() == []


def test_a_dump_that_breaks_off_is_no_backup(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pg_dump").write_text("#!/bin/sh\nprintf 'half of it'\necho 'server closed' >&2\nexit 1\n")
    (tmp_path / "pg_dump").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(EnvironmentFault) as caught:
        office.store().make()
    assert caught.value.facts["reason"] == "server closed"
    assert office.store().all() == []


def test_no_password_is_on_a_command_line(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pg_dump").write_text('#!/bin/sh\necho "$@" "password $PGPASSWORD" >&2\nexit 1\n')
    (tmp_path / "pg_dump").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    source = PgDumpSource(f"{office.url}&password=figures")
    assert "figures" not in repr(source)
    with pytest.raises(EnvironmentFault) as caught:
        office.store(f"{office.url}&password=figures").make()
    arguments, _, password = str(caught.value.facts["reason"]).partition(" password ")
    assert "figures" not in arguments
    assert password == "figures"
    assert "figures" not in str(caught.value.facts["path"])


def test_a_desk_that_knows_more_sells_only_after_it_was_accepted_and_settled(office: Office) -> None:
    made = office.store().make()
    with closing(office.open()) as ledger:
        later = Counter(ledger, now=NOON.replace(hour=15), count=50, shift=ledger.shift(desk=DESK).number)  # type: ignore[union-attr]
        later.sell("20.00")
    replace(office.store(), clock=lambda: NOON.replace(hour=16)).make()
    office.brought_back(made.stored.path)
    with closing(office.open()) as ledger, pytest.raises(EnvironmentFault) as caught:
        ledger.note_restored(backup="", made_at=NOON, at=NOON, is_older=True)
    assert caught.value.code is Code.LEDGER_RESTORED
    with closing(office.open()) as ledger:
        backing_up.mark_older_books(office.store(), ledger)
        assert ledger.restoration() is None, "the desk opens to look, and says at the first act why it does not write"
    settings.save(office_files.Files(office.folder).settings, settings.Settings(desk=DESK, ledger=office.url))
    kept.accept_older_server(office.folder)
    with closing(office.open()) as ledger:
        counter = Counter(ledger, now=NOON.replace(hour=16), count=70, shift=ledger.shift(desk=DESK).number)  # type: ignore[union-attr]
        with pytest.raises(OperatorError) as refused:
            counter.sell("10.00")
        assert refused.value.code is Code.BOOKS_RESTORED
        ledger.end_restoration([PaperReceipt.parse("2-000002")], at=counter.tick())
        assert counter.sell("10.00").receipt == "2-000003"
        assert ledger.verify().is_ok
