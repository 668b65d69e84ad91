"""One connection, one way to write: BEGIN IMMEDIATE, the rows, one commit; and SQLite's errors in our words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlite_utils

from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.ids import DeskNo
from vending_app.ledger.driver import sqlite3

Row = dict[str, Any]
"""A row by column names; it never leaves this room."""

SQLITE_NEEDED = (3, 51, 3)
"""Before it, two connections that checkpoint at once can lose committed pages (the WAL-reset bug)."""

BUSY_MS = 5_000
"""How long a writer waits for another one; a sale holds the lock for milliseconds."""

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


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """SQLite's troubles as EnvironmentFault; anything that is not the surroundings' fault stays a bug."""
    try:
        yield
    except sqlite3.DatabaseError as cause:
        name = str(getattr(cause, "sqlite_errorname", "") or "").split("_")
        code = _CODES.get(name[1]) if len(name) > 1 else None
        if code is None:
            raise
        raise EnvironmentFault(code, path=str(path), reason="_".join(name)) from cause


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
    ):
        connection.execute(f"PRAGMA {pragma}").fetchall()


class Books:
    """The open file of one desk: read with `one` and `all`, write inside `writing`."""

    def __init__(self, path: Path, connection: sqlite3.Connection, *, desk: DeskNo) -> None:
        self.path = path
        self.desk = desk
        self.db = sqlite_utils.Database(connection)
        self._connection = connection

    def all(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """Every row of a query."""
        with translated(self.path):
            return [dict(row) for row in self._connection.execute(sql, parameters)]

    def one(self, sql: str, parameters: Sequence[object] = ()) -> Row | None:
        """The first row of a query."""
        with translated(self.path):
            row = self._connection.execute(sql, parameters).fetchone()
        return None if row is None else dict(row)

    def value(self, sql: str, parameters: Sequence[object] = ()) -> Any:
        """The first column of the first row; None if there is none."""
        with translated(self.path):
            row = self._connection.execute(sql, parameters).fetchone()
        return None if row is None else row[0]

    def run(self, sql: str, parameters: Sequence[object] = ()) -> None:
        """A statement that writes; only inside `writing`."""
        assert self._connection.in_transaction, "a write belongs inside a transaction"
        self._connection.execute(sql, parameters)

    def insert(self, table: str, row: Row) -> None:
        """One new row."""
        columns, marks = ", ".join(row), ", ".join("?" * len(row))
        self.run(f"INSERT INTO {table} ({columns}) VALUES ({marks})", tuple(row.values()))

    @property
    def is_writing(self) -> bool:
        return bool(self._connection.in_transaction)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction, durable when the block is left; a block inside another joins it.

        IMMEDIATE, because a reader that turns writer is refused at once when somebody wrote in between.
        """
        if self.is_writing:
            yield
            return
        with translated(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            finally:
                self._roll_back_what_is_left()

    def _roll_back_what_is_left(self) -> None:
        # After SQLITE_FULL the transaction may be gone already, and a second ROLLBACK would hide the cause.
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def close(self) -> None:
        """Give the file back; harmless when repeated."""
        self._connection.close()
