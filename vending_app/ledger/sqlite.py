"""The books in one file: SQLite, one way to write (BEGIN IMMEDIATE, the rows, one commit), its errors in our words."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.ids import DeskNo, SupplyNo
from vending_app.ledger.books import Books, Row
from vending_app.ledger.driver import sqlite3
from vending_app.ledger.schema_2_books import OF_ONE_SUPPLY
from vending_app.ledger.schema_6_rules import ASKED_THEN
from vending_app.ledger.sqlite_pages import SqlitePages

SQLITE_NEEDED = (3, 51, 3)
"""Before it, two connections that checkpoint at once can lose committed pages (the WAL-reset bug)."""

BUSY_MS = 5_000
"""How long a writer waits for another one; a sale holds the lock for milliseconds."""

CHECKPOINT_PAGES = 500
"""2 MB of log, some thirty sales, before it is folded into the file and begun anew: a log that is written over needs
no new blocks from the file system, and is made durable sooner than one that grows."""

APPLICATION_ID = 0x56454E44
"""`VEND` in the header of the file, so that another program's database is never taken for ours."""

_CODES = {
    "BUSY": Code.LEDGER_LOCKED,
    "LOCKED": Code.LEDGER_LOCKED,
    "FULL": Code.LEDGER_DISK_FULL,
    "CORRUPT": Code.LEDGER_DAMAGED,
    "NOTADB": Code.LEDGER_DAMAGED,
    "IOERR": Code.LEDGER_UNAVAILABLE,
    "CANTOPEN": Code.LEDGER_UNAVAILABLE,
    "READONLY": Code.LEDGER_UNAVAILABLE,
    "PERM": Code.LEDGER_UNAVAILABLE,
}


_MAYBE_FULL = frozenset({"IOERR", "CANTOPEN"})
"""What SQLite says when a file beside the books (the log, its index) finds no room: FULL is for their own pages."""

ROOM_NEEDED = 1 << 20
"""Bytes. With less, the log and its index cannot be opened and written for a day: the disk counts as full."""


def fault(cause: sqlite3.DatabaseError, path: Path) -> EnvironmentFault | None:
    """SQLite's trouble in our words; None if it is not the surroundings' fault but a bug."""
    name = str(getattr(cause, "sqlite_errorname", "") or "").split("_")
    code = _CODES.get(name[1]) if len(name) > 1 else None
    if code is None:
        return None
    if name[1] in _MAYBE_FULL and is_full(path.parent):
        code = Code.LEDGER_DISK_FULL
    return EnvironmentFault(code, path=str(path), reason="_".join(name))


def file_fault(cause: OSError, path: Path) -> EnvironmentFault:
    """The operating system's trouble with the file of the books, in our words."""
    is_room_gone = cause.errno in {errno.ENOSPC, errno.EDQUOT}
    code = Code.LEDGER_DISK_FULL if is_room_gone else Code.LEDGER_UNAVAILABLE
    return EnvironmentFault(code, path=str(path), reason=str(cause.strerror))


def is_full(folder: Path) -> bool:
    """Whether the disk has less than ROOM_NEEDED left; a folder that cannot be asked is not full but gone."""
    try:
        return free_bytes(folder) < ROOM_NEEDED
    except OSError:
        return False


def free_bytes(folder: Path) -> int:
    """What this user may still write there."""
    return shutil.disk_usage(folder).free


def make_file(path: Path) -> None:
    """An empty file that only its owner may read; SQLite gives the log and its index the same mode.

    Raises EnvironmentFault ledger-exists, ledger-disk-full, ledger-unavailable.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError as cause:
        raise EnvironmentFault(Code.LEDGER_EXISTS, path=str(path)) from cause
    except OSError as cause:
        raise file_fault(cause, path) from cause


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """SQLite's troubles as EnvironmentFault; a bug stays what it is."""
    try:
        yield
    except sqlite3.DatabaseError as cause:
        known = fault(cause, path)
        if known is None:
            raise
        raise known from cause


def connect(path: Path, *, busy_ms: int = BUSY_MS) -> sqlite3.Connection:
    """A connection with every guard on. Raises EnvironmentFault sqlite-too-old, ledger-…"""
    if sqlite3.sqlite_version_info < SQLITE_NEEDED:
        needed = ".".join(map(str, SQLITE_NEEDED))
        raise EnvironmentFault(Code.SQLITE_TOO_OLD, found=sqlite3.sqlite_version, needed=needed)
    with translated(path):
        # The ledger is opened by the program's start and used by the one desk thread, never by two at once.
        connection = sqlite3.connect(str(path), isolation_level=None, check_same_thread=False)
        try:
            _guard(connection, busy_ms)
        except sqlite3.DatabaseError:
            connection.close()
            raise
    return connection


def _guard(connection: sqlite3.Connection, busy_ms: int) -> None:
    connection.row_factory = sqlite3.Row
    for pragma in (
        f"busy_timeout = {busy_ms}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "recursive_triggers = ON",
        "trusted_schema = OFF",
        f"wal_autocheckpoint = {CHECKPOINT_PAGES}",
    ):
        connection.execute(f"PRAGMA {pragma}").fetchall()


def statements(sql: str) -> Iterator[str]:
    """The single statements of a script: `executescript` would commit before it begins."""
    statement = ""
    for line in sql.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        yield statement


def _named(row: sqlite3.Row) -> Row:
    """Not `dict(row)`, which looks for each of its names among all of them."""
    return dict(zip(row.keys(), row, strict=True))


TRIGRAM = 3
"""Letters. FTS5 looks up that many and more; fewer are looked for in the order of the supplies."""


class SqliteBooks(Books):
    """The open file of one desk."""

    next_id = "(SELECT coalesce(max(id), 0) + 1 FROM journal)"
    of_one_supply = OF_ONE_SUPPLY
    unreadable = (EnvironmentFault, sqlite3.DatabaseError)

    def __init__(self, path: Path, connection: sqlite3.Connection, *, desk: DeskNo) -> None:
        super().__init__(str(path), desk=desk)
        self.path = path
        self._connection = connection
        # What answers with no row needs no cursor of its own, which costs a third of a small statement.
        self._told = connection.cursor()

    def all(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        return list(map(_named, self._fetch(sql, parameters)))

    def one(self, sql: str, parameters: Sequence[object] = ()) -> Row | None:
        rows = self._fetch(sql, parameters, most=1)
        return _named(rows[0]) if rows else None

    def value(self, sql: str, parameters: Sequence[object] = ()) -> Any:
        rows = self._fetch(sql, parameters, most=1)
        return rows[0][0] if rows else None

    def _fetch(self, sql: str, parameters: Sequence[object], *, most: int = 0) -> list[sqlite3.Row]:
        try:
            cursor = self._connection.execute(sql, parameters)
            return cursor.fetchmany(most) if most else cursor.fetchall()
        except sqlite3.DatabaseError as cause:
            self._tell(cause)

    def _tell(self, cause: sqlite3.DatabaseError) -> NoReturn:
        """As `translated`. A try costs nothing until it is needed; a context manager, a fifth of a small query."""
        known = fault(cause, self.path)
        if known is None:
            raise cause
        raise known from cause

    def stream(self, sql: str) -> Iterator[Row]:
        # Loaded with the first long reading: the library and its plug-ins take a tenth of the time of a start.
        import sqlite_utils  # noqa: PLC0415 - see above

        with translated(self.path):
            yield from sqlite_utils.Database(self._connection).query(sql)

    def tuples(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        cursor = self._connection.cursor()
        cursor.row_factory = None
        try:
            return cursor.execute(sql, parameters).fetchall()
        except sqlite3.DatabaseError as cause:
            self._tell(cause)

    def own_pages(self) -> SqlitePages:
        return SqlitePages(self._connection)

    def elsewhere(self) -> Callable[[], Books] | None:
        """Not from within a transaction: nobody else sees what it wrote."""
        return None if self.is_writing else partial(open_beside, self.path)

    def run(self, sql: str, parameters: Sequence[object] = ()) -> None:
        assert self._connection.in_transaction, "a write belongs inside a transaction"
        self._told.execute(sql, parameters)

    @property
    def is_writing(self) -> bool:
        return bool(self._connection.in_transaction)

    @contextmanager
    def reading(self) -> Iterator[None]:
        if self.is_writing:
            yield
            return
        with translated(self.path):
            self._connection.execute("BEGIN")
            try:
                yield
            finally:
                self._roll_back_what_is_left()

    def begin(self) -> None:
        """IMMEDIATE, because a reader that turns writer is refused at once when somebody wrote in between."""
        try:
            self._told.execute("BEGIN IMMEDIATE")
        except sqlite3.DatabaseError as cause:
            self._tell(cause)

    def end(self, error: BaseException | None) -> None:
        try:
            if error is None:
                self._told.execute("COMMIT")
            elif isinstance(error, sqlite3.DatabaseError):
                raise error
        except sqlite3.DatabaseError as cause:
            self._tell(cause)
        finally:
            self._roll_back_what_is_left()

    def _roll_back_what_is_left(self) -> None:
        # After SQLITE_FULL the transaction may be gone already, and a second ROLLBACK would hide the cause.
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def lock_supply(self, number: SupplyNo) -> None:
        """Nothing to do: there is one writer at a time."""

    def lock_supplies(self) -> None:
        """Nothing to do, for the same reason."""

    def lock_office(self) -> None:
        """Nothing to do, for the same reason."""

    @contextmanager
    def filling(self) -> Iterator[None]:
        marks = ", ".join("?" * len(ASKED_THEN))
        triggers = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        told = self.all(f"{triggers} AND name IN ({marks})", ASKED_THEN)
        for trigger in told:
            self.run(f"DROP TRIGGER {trigger['name']}")
        yield
        for trigger in told:
            self.run(trigger["sql"])

    def foresee(self, sql: str, parameters: Sequence[object]) -> None:
        """Nothing to do: the file is near."""

    def put_search_text(self, supply_id: int, text: str) -> None:
        self.run("DELETE FROM supply_search WHERE rowid = ?", (supply_id,))
        self.run("INSERT INTO supply_search (rowid, folded) VALUES (?, ?)", (supply_id, text))

    def found_ids(self, words: Sequence[str], *, limit: int) -> tuple[str, tuple[object, ...]]:
        return self._found("supply_search", "rowid", words, limit)

    def put_customer_text(self, number: str, text: str) -> None:
        self.run("DELETE FROM customer_search WHERE customer = ?", (number,))
        if text:
            self.run("INSERT INTO customer_search (customer, folded) VALUES (?, ?)", (number, text))

    def found_customers(self, words: Sequence[str], *, limit: int) -> tuple[str, tuple[object, ...]]:
        return self._found("customer_search", "customer", words, limit)

    def _found(self, table: str, key: str, words: Sequence[str], limit: int) -> tuple[str, tuple[object, ...]]:
        """The long words by trigram, the short ones by looking."""
        long = [word for word in words if len(word) >= TRIGRAM]
        short = [word for word in words if len(word) < TRIGRAM]
        tests = ["instr(folded, ?) > 0"] * len(short)
        if long:
            tests.insert(0, f"{table} MATCH ?")
        match = " AND ".join('"' + word.replace('"', '""') + '"' for word in long)
        query = f"SELECT {key} FROM {table} WHERE {' AND '.join(tests)} ORDER BY rowid LIMIT ?"
        return query, (*([match] if long else []), *short, limit)

    def problems(self) -> Iterator[str]:
        for row in self.all("PRAGMA integrity_check(5)"):
            if row["integrity_check"] != "ok":
                yield f"the file is damaged: {row['integrity_check']}"
        for row in self.all("PRAGMA foreign_key_check"):
            yield f"a row of {row['table']} names a row of {row['parent']} that is not there"

    def close(self) -> None:
        self._connection.close()


def open_beside(path: Path) -> SqliteBooks:
    """Books that are open in another process, here to be read only. Raises EnvironmentFault ledger-…"""
    connection = connect(path)
    connection.execute("PRAGMA query_only = ON")
    # Mapped, pages need not be copied. A disk that fails under a mapping ends the process: not that of a counter.
    connection.execute(f"PRAGMA mmap_size = {1 << 40}")
    return SqliteBooks(path, connection, desk=DeskNo(0))
