"""The books as a backup takes them: a copy of one moment, made while desks go on selling, and proven.

The copy is made page by page with SQLite's online backup while one read transaction holds the moment: without it a
sale at another desk would make the copy begin anew each time. It takes a third of the time of VACUUM INTO, and a
writer beside it waits a seventh as long at worst (docs/backup.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.ids import DeskNo
from vending_app.domain.keeping import ChainHead
from vending_app.ledger.driver import sqlite3
from vending_app.ledger.sqlite import connect, file_fault, make_file, translated
from vending_app.ports.keeping import LedgerSnapshot

MEMBER = "ledger.sqlite3"
"""What the copy is called inside a backup."""
PAGES = 256
"""1 MiB a step, so that the copying thread lets the others work in between."""
READ = 1024 * 1024
HEADS = (
    "SELECT desk, number, hash FROM journal AS newest"
    " WHERE number = (SELECT max(number) FROM journal WHERE desk = newest.desk) ORDER BY desk"
)


@dataclass(frozen=True, slots=True)
class SqliteSource:
    """`ports.keeping.LedgerSource` of one SQLite file, on a connection of its own; any thread may use it."""

    path: Path

    @contextmanager
    def snapshot(self, scratch: Path) -> Iterator[LedgerSnapshot]:
        """See ports.keeping.LedgerSource."""
        copy = scratch / "ledger.copy"
        make_file(copy)
        with closing(connect(self.path)) as source, translated(self.path):
            source.execute("BEGIN")
            heads = heads_of(source)
            _copy(source, copy)
        schema = check_copy(copy, heads)
        yield LedgerSnapshot(MEMBER, heads, schema, _blocks(copy))


def heads_of(connection: sqlite3.Connection) -> tuple[ChainHead, ...]:
    """The newest row of every desk's chain."""
    return tuple(ChainHead(DeskNo(row[0]), int(row[1]), bytes(row[2])) for row in connection.execute(HEADS).fetchall())


def _copy(source: sqlite3.Connection, copy: Path) -> None:
    with translated(copy), closing(sqlite3.connect(str(copy), isolation_level=None)) as target:
        # The copy need not survive a power cut: it is sealed and thrown away.
        target.execute("PRAGMA synchronous = OFF")
        source.backup(target, pages=PAGES)


def check_copy(copy: Path, heads: tuple[ChainHead, ...]) -> int:
    """That a copy is whole and ends where the books ended; its schema version is given back.

    Raises EnvironmentFault backup-damaged, ledger-…
    """
    with (
        translated(copy),
        closing(sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as kept,
    ):
        found = kept.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if found != "ok":
            raise EnvironmentFault(Code.BACKUP_DAMAGED, file=copy.name, why=found)
        if heads_of(kept) != heads:
            raise EnvironmentFault(Code.BACKUP_DAMAGED, file=copy.name, why="its journal ends elsewhere")
        return int(kept.execute("SELECT max(version) FROM schema_versions").fetchone()[0])


def _blocks(copy: Path) -> Iterator[bytes]:
    try:
        with copy.open("rb") as file:
            while block := file.read(READ):
                yield block
    except OSError as cause:
        raise file_fault(cause, copy) from cause
