"""Power cuts by enumeration: what a disk may hold at any moment, if only what was synced is sure to be there.

The statements of a real sale and a real close are recorded from the program's own connection and played again through
apsw, whose VFS writes down every write and every sync. A crash state is the disk before them, all that was synced up to
the cut, and of the rest nothing, everything, all but one, one alone, or all with the last one torn at 512 bytes. A file
that SQLite deletes is gone, or is still there until its folder was synced.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw

from vending_app.bench.crash_child import close, next_intent
from vending_app.bench.world import CASHIER, DESK, MOMENT, World
from vending_app.domain.permissions import Act, Authority
from vending_app.ledger import DeskLedger, SqliteFile
from vending_app.ledger.driver import sqlite3

SECTOR = 512
WRITES = ("BEGIN", "COMMIT", "INSERT", "UPDATE", "DELETE")


def statements_of_the_work(world: World) -> list[str]:
    """What the program says to SQLite for one more sale and the close, as text with its values."""
    said: list[str] = []
    with closing(DeskLedger.open(SqliteFile(world.ledger_file), desk=DESK)) as ledger:
        ledger._books._connection.set_trace_callback(said.append)  # type: ignore[attr-defined]
        with ledger.acting_as(Authority(CASHIER.name, Act.SELL)):
            intent = next_intent(ledger)
            ledger.reserve(intent)
            ledger.post(intent.id, at=MOMENT)
        close(ledger)
    writes = [line for line in said if line.lstrip().startswith(WRITES)]
    # A statement is told once more for each trigger that it sets off.
    return [line for at, line in enumerate(writes) if at == 0 or line != writes[at - 1]]


@dataclass(frozen=True, slots=True)
class Write:
    """Bytes that went to a file; they are safe once the file is synced."""

    file: str
    offset: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Sync:
    """Everything written to a file before is safe."""

    file: str


@dataclass(frozen=True, slots=True)
class Truncate:
    """A file is shortened; safe with its next sync, like a write."""

    file: str
    size: int


@dataclass(frozen=True, slots=True)
class Delete:
    """A file is taken away."""

    file: str


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A commit returned: so many rows of the journal are promised."""

    rows: int


@dataclass
class Log:
    """The trace."""

    events: list[Any] = field(default_factory=list)


class RecordingVfs(apsw.VFS):
    """The system's own, with every write told to a log."""

    def __init__(self, log: Log) -> None:
        self.log = log
        super().__init__("recording", "")

    def xOpen(self, name: Any, flags: list[int]) -> RecordingFile:
        return RecordingFile(self.log, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:
        super().xDelete(filename, syncdir)
        name = Path(filename).name
        self.log.events.append(Delete(name))
        if syncdir:
            self.log.events.append(Sync(name))


class RecordingFile(apsw.VFSFile):
    """One file."""

    def __init__(self, log: Log, name: Any, flags: list[int]) -> None:
        self.log = log
        self.name = Path(name.filename() if isinstance(name, apsw.URIFilename) else name or "").name
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:
        self.log.events.append(Write(self.name, offset, bytes(data)))
        super().xWrite(data, offset)

    def xSync(self, flags: int) -> None:
        super().xSync(flags)
        self.log.events.append(Sync(self.name))

    def xTruncate(self, size: int) -> None:
        self.log.events.append(Truncate(self.name, size))
        super().xTruncate(size)


def play(file: Path, statements: list[str], *, synchronous: str) -> Log:
    """Say the statements through the recording VFS; after each commit note what is promised."""
    log = Log()
    vfs = RecordingVfs(log)
    connection = apsw.Connection(str(file), vfs="recording")
    for pragma in (
        "journal_mode = WAL",
        f"synchronous = {synchronous}",
        "foreign_keys = ON",
        "recursive_triggers = ON",
    ):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    for statement in statements:
        connection.execute(statement).fetchall()
        if statement == "COMMIT":
            promised = connection.execute("SELECT count(*) FROM journal").fetchall()[0][0]
            assert isinstance(promised, int), "a count is a number"
            log.events.append(Acknowledged(promised))
    connection.close()
    del vfs
    return log


def crash_states(log: Log) -> Iterator[tuple[int, list[Any]]]:
    """At every cut: how many rows were promised, and the writes that the disk holds."""
    sure: list[Any] = []
    waiting: list[Any] = []
    promised = 0
    for event in log.events:
        if isinstance(event, Acknowledged):
            promised = event.rows
        elif isinstance(event, Sync):
            sure += [write for write in waiting if write.file == event.file]
            waiting = [write for write in waiting if write.file != event.file]
        else:
            waiting.append(event)
        for kept in _kept(waiting):
            yield promised, [*sure, *kept]


def _kept(waiting: list[Any]) -> Iterator[list[Any]]:
    yield []
    if waiting:
        yield waiting
        for missing in range(len(waiting)):
            yield waiting[:missing] + waiting[missing + 1 :]
        if len(waiting) > 2:
            yield from ([alone] for alone in waiting)
        last = waiting[-1]
        if isinstance(last, Write) and len(last.data) > SECTOR:
            yield [*waiting[:-1], Write(last.file, last.offset, last.data[:SECTOR])]


def problem_of(before: Path, folder: Path, promised: int, writes: list[Any]) -> str:
    """What is wrong with the disk of a crash state once SQLite has recovered it; empty if nothing."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    file = folder / before.name
    shutil.copyfile(before, file)
    for write in writes:
        _apply(folder / write.file, write)
    try:
        with closing(sqlite3.connect(str(file))) as connection:
            return _wrong(connection, promised)
    except sqlite3.DatabaseError as cause:
        return f"unreadable: {cause}"


def _apply(path: Path, write: Any) -> None:
    if isinstance(write, Delete):
        path.unlink(missing_ok=True)
        return
    path.touch()
    with path.open("r+b") as target:
        if isinstance(write, Truncate):
            target.truncate(write.size)
            return
        target.seek(write.offset)
        target.write(write.data)


def _wrong(connection: sqlite3.Connection, promised: int) -> str:
    if connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
        return "damaged"
    found = connection.execute("SELECT count(*) FROM journal").fetchone()[0]
    if found < promised:
        return f"{promised - found} acknowledged rows are lost"
    unbalanced = "SELECT journal FROM postings GROUP BY journal, commodity HAVING sum(amount) <> 0"
    return "out of balance" if connection.execute(unbalanced).fetchone() else ""
