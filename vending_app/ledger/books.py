"""What the room of the books asks of a database: rows in and out, one way to write, and where the dialects differ.

`sqlite.py` and `postgres.py` are the two answers; everything else in this room is written once, for both.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import cache
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from vending_app.domain.ids import DeskNo, SupplyNo
from vending_app.domain.permissions import Authority
from vending_app.domain.sale import Sale
from vending_app.ledger.codec import Json
from vending_app.ledger.kinds import Kind
from vending_app.ledger.witness import Head

if TYPE_CHECKING:
    from vending_app.ledger.pages import Pages

Row = dict[str, Any]
"""A row by column names; it never leaves this room."""


@cache
def insertion(table: str, columns: tuple[str, ...]) -> str:
    """The statement that makes one row; the same text each time, so that it is compiled once."""
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"


@cache
def _insertion_of_many(table: str, columns: int, rows: int) -> str:
    row = f"({', '.join('?' * columns)})"
    return f"INSERT INTO {table} VALUES {', '.join([row] * rows)}"


def anywhere(word: str) -> str:
    """The pattern of LIKE for a word anywhere in a text, with a backslash before what would be a sign."""
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


class Writing:
    """The block of one transaction. A class, because a generator would cost as much as a small query."""

    __slots__ = ("_books", "_is_outermost")

    def __init__(self, books: Books) -> None:
        self._books = books
        self._is_outermost = not books.is_writing

    def __enter__(self) -> None:
        if self._is_outermost:
            self._books.begin()

    def __exit__(self, _kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if self._is_outermost:
            self._books.end(error)


class Books(ABC):
    """The open books of one desk: read with `one` and `all`, write inside `writing`.

    SQL is written as both databases understand it: `?` or `?1` for a value, integers and text and bytes, no PRAGMA,
    rowid or GLOB, no alias in WHERE or HAVING. What they say differently is asked of the methods and texts below.
    """

    next_id: ClassVar[str]
    """SQL of the number that the next row of the journal takes."""
    of_one_supply: ClassVar[str]
    """SQL that is true for the accounts that are asked for one at a time; word for word that of their index."""
    unreadable: ClassVar[tuple[type[Exception], ...]]
    """What is raised where books are damaged so that a query over them fails."""

    def __init__(self, where: str, *, desk: DeskNo) -> None:
        self.where = where
        self.desk = desk
        self.newest: Sale | None = None
        self.authority: Authority | None = None
        """By whose right rows are written now."""
        self.tip: Head | None = None
        """The newest row of this desk's chain, where acts can be written at once and it is known."""
        self.last_receipt: int | None = None
        """The number of the receipt that this desk gave last, if it is known."""

    # --- reading ---

    @abstractmethod
    def all(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """Every row of a query."""

    @abstractmethod
    def one(self, sql: str, parameters: Sequence[object] = ()) -> Row | None:
        """The first row of a query."""

    @abstractmethod
    def value(self, sql: str, parameters: Sequence[object] = ()) -> Any:
        """The first column of the first row; None if there is none."""

    @abstractmethod
    def stream(self, sql: str) -> Iterator[Row]:
        """Rows one at a time, for what may not fit in memory."""

    def tuples(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Every row of a query without the names of its columns, for what is read by the thousand."""
        return [tuple(row.values()) for row in self.all(sql, parameters)]

    def own_pages(self) -> Pages | None:
        """The journal and what it brought as text that this database puts together; None if it leaves that to us."""
        return None

    def elsewhere(self) -> Callable[[], Books] | None:
        """How another process opens what was committed here, to read it beside this one; None if it cannot."""
        return None

    @abstractmethod
    def reading(self) -> AbstractContextManager[None]:
        """One unchanging state for several queries, while other desks go on writing."""

    # --- writing ---

    @abstractmethod
    def run(self, sql: str, parameters: Sequence[object] = ()) -> None:
        """A statement that writes, only inside `writing`; a database far away may do it with the next one."""

    def insert(self, table: str, row: Row) -> None:
        """One new row."""
        self.run(insertion(table, tuple(row)), tuple(row.values()))

    def insert_rows(self, table: str, rows: Sequence[Sequence[object]]) -> None:
        """New rows with a value for every column, in one statement."""
        self.run(_insertion_of_many(table, len(rows[0]), len(rows)), [value for row in rows for value in row])

    def writing(self) -> Writing:
        """One transaction, durable when the block is left; a block inside another joins it."""
        return Writing(self)

    @property
    @abstractmethod
    def is_writing(self) -> bool:
        """Whether a transaction is open."""

    @abstractmethod
    def begin(self) -> None:
        """Nobody else writes for this desk from here on; `writing` calls it."""

    @abstractmethod
    def end(self, error: BaseException | None) -> None:
        """Commit, or undo all if there was an error; the database's own is told in our words."""

    @abstractmethod
    def lock_supply(self, number: SupplyNo) -> None:
        """No other desk changes what belongs to this supply until this transaction ends.

        Called before the first reading that the act depends on.
        """

    @abstractmethod
    def lock_supplies(self) -> None:
        """Nothing is reserved for any supply until this transaction ends; what is being reserved now is waited for.

        Called after `lock_office`, as whoever takes both does.
        """

    @abstractmethod
    def lock_office(self) -> None:
        """No other desk does what is done for the whole office, until this transaction ends."""

    @abstractmethod
    def foresee(self, sql: str, parameters: Sequence[object]) -> None:
        """This will be asked before anything is written in this block: a database far away may be asked at once."""

    def write_at_once(self, kind: Kind, known: Sequence[object], body: Json) -> Row | None:
        """One act that has read nothing (`at_once.py`), durable when this returns; None if nothing was written.

        A file is near, so nothing is gained there and nothing written.
        """
        return None

    @abstractmethod
    def filling(self) -> AbstractContextManager[None]:
        """Inside `writing` of new books, for rows written elsewhere: whether they might be written was asked there."""

    # --- where the dialects differ ---

    @abstractmethod
    def put_search_text(self, supply_id: int, text: str) -> None:
        """The folded text by which a supply is found, in place of an older one."""

    @abstractmethod
    def found_ids(self, words: Sequence[str], *, limit: int) -> tuple[str, tuple[object, ...]]:
        """The query, with its values, for the first ids of supplies whose text has every word."""

    @abstractmethod
    def put_customer_text(self, number: str, text: str) -> None:
        """The folded text by which a customer without a supply is found, in place of an older one; empty for none."""

    @abstractmethod
    def found_customers(self, words: Sequence[str], *, limit: int) -> tuple[str, tuple[object, ...]]:
        """The query, with its values, for `customer` numbers of those whose own text has every word."""

    @abstractmethod
    def problems(self) -> Iterator[str]:
        """What the database itself finds wrong with its file and its references."""

    @abstractmethod
    def close(self) -> None:
        """Give the database back; harmless when repeated."""


class Store(Protocol):
    """Where books are: a file, or a server."""

    def founding(self, desk: DeskNo) -> AbstractContextManager[Books]:
        """New books without a row; taken away again if the block raises.

        Raises EnvironmentFault ledger-exists, ledger-…
        """

    def open(self, desk: DeskNo) -> Books:
        """Books that are there. Raises EnvironmentFault ledger-missing, ledger-newer, ledger-damaged, ledger-…"""
