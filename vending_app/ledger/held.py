"""Books held by somebody else: a second connection that keeps every desk from writing, for practice (row O2)."""

from __future__ import annotations

from contextlib import ExitStack, closing
from pathlib import Path

from vending_app.ledger.driver import sqlite3
from vending_app.ledger.sqlite import connect, translated


class HeldBooks:
    """Another program at the file of the books. While it holds them, a desk that writes waits and is then refused."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None

    @property
    def are_held(self) -> bool:
        return self._connection is not None

    def hold(self) -> None:
        """Take the one right to write. Raises EnvironmentFault ledger-locked if somebody else writes for seconds."""
        if self._connection is not None:
            return
        with ExitStack() as until_held:
            connection = until_held.enter_context(closing(connect(self._path)))
            with translated(self._path):
                connection.execute("BEGIN IMMEDIATE")
            until_held.pop_all()
            self._connection = connection

    def let_go(self) -> None:
        """Give it back; nothing was written."""
        if self._connection is not None:
            self._connection.rollback()
            self._connection.close()
            self._connection = None
