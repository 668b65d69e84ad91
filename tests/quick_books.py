"""Books that are founded by copying what the program itself founded once: the tables take longer than most tests.

For tests of what happens in books. How they are founded is tested on the stores themselves.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from vending_app.domain.ids import DeskNo
from vending_app.ledger.books import Books
from vending_app.ledger.postgres_server import PostgresServer
from vending_app.ledger.sqlite import make_file
from vending_app.ledger.sqlite_file import SqliteFile

FIRST_DESK = DeskNo(1)
"""Opens the books that are copied; nothing of it is in them."""


@cache
def tables() -> bytes:
    """A file with this program's tables, and no office."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "books"
        with SqliteFile(path).founding(FIRST_DESK) as books:
            books.close()
        return path.read_bytes()


class QuickFile(SqliteFile):
    """`books.Store` in one file."""

    @contextmanager
    def founding(self, desk: DeskNo) -> Iterator[Books]:
        """Whoever fails in between leaves the file to the test's folder."""
        make_file(self.path)
        self.path.write_bytes(tables())
        yield self._opened(desk)


class QuickServer(PostgresServer):
    """`books.Store` in a database that has the tables already."""

    def _migrate(self, *, is_new: bool) -> tuple[int, ...]:
        return () if is_new else super()._migrate(is_new=is_new)
