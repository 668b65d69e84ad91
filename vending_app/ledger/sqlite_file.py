"""The file that holds the books of an office with one desk, or of a few that share a disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.ids import DeskNo
from vending_app.ledger.books import Books
from vending_app.ledger.migrations import check_is_ours, migrate
from vending_app.ledger.sqlite import BUSY_MS, SqliteBooks, connect, make_file


@dataclass(frozen=True, slots=True)
class SqliteFile:
    """`books.Store` in one file; a copy of it is made before an older one is brought to this program's version."""

    path: Path
    busy_ms: int = BUSY_MS

    @contextmanager
    def founding(self, desk: DeskNo) -> Iterator[Books]:
        """See books.Store."""
        make_file(self.path)
        with ExitStack() as until_it_holds:
            # Half-made books would be in the way of the next attempt.
            until_it_holds.callback(self.path.unlink, missing_ok=True)
            books = self._opened(desk)
            until_it_holds.callback(books.close)
            yield books
            until_it_holds.pop_all()

    def open(self, desk: DeskNo) -> Books:
        """See books.Store; also raises EnvironmentFault sqlite-too-old."""
        if not self.path.exists():
            raise EnvironmentFault(Code.LEDGER_MISSING, path=str(self.path))
        check_is_ours(self.path)
        return self._opened(desk)

    def _opened(self, desk: DeskNo) -> SqliteBooks:
        with ExitStack() as until_it_holds:
            connection = until_it_holds.enter_context(closing(connect(self.path, busy_ms=self.busy_ms)))
            migrate(connection, self.path)
            until_it_holds.pop_all()
        return SqliteBooks(self.path, connection, desk=desk)
