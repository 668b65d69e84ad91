"""Statements to a PostgreSQL server and rows back, many in one round trip.

A desk far from its server pays for round trips, not for statements, and a server with many desks pays for parsing. So
statements go out together (libpq's pipeline mode), each is prepared once in a connection, and every answer is waited
for with a limit: a server that stands still must not hold the counter.
"""

from __future__ import annotations

import itertools
import re
import select
import time
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

import psycopg
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult

from vending_app.ledger.books import Row

Statement = tuple[str, Sequence[object]]
"""SQL with `?` or `?1` for its values, and the values."""


class ServerError(Exception):
    """What the server answered instead of a result: without the values of the row, which may be anybody's."""

    def __init__(self, sqlstate: str, message: str, constraint: str = "") -> None:
        super().__init__(f"{sqlstate} {message}")
        self.sqlstate, self.constraint = sqlstate, constraint


class ServerLost(Exception):
    """The connection broke; whether the last statements were done is not known."""


class AnswerLate(ServerLost):
    """The server did not answer in time, and its answer is not waited for any more."""


class Translated(NamedTuple):
    """A statement as the server understands it."""

    sql: bytes
    is_prepared: bool
    """A search is planned for the word that is typed, a cursor has a name of its own: neither is prepared."""


_MARK = re.compile(r"'[^']*'|\?(\d*)")


@cache
def translated(sql: str) -> Translated:
    """`?` becomes `$1`, `$2` …, and `?2` becomes `$2`; a question mark inside a text stays."""
    count = 0

    def numbered(found: re.Match[str]) -> str:
        nonlocal count
        if found[1] is None:
            return found[0]
        count += 1
        return f"${found[1] or count}"

    is_search = "FROM supply_search" in sql or "FROM customer_search" in sql
    is_prepared = not is_search and not sql.startswith(("DECLARE", "FETCH"))
    return Translated(_MARK.sub(numbered, sql).encode(), is_prepared)


def _hexadecimal(value: bytes) -> bytes:
    return b"\\x" + value.hex().encode()


_ENCODERS: dict[type, Callable[[Any], bytes | None]] = {
    str: str.encode,
    int: b"%d".__mod__,
    bytes: _hexadecimal,
    type(None): lambda _: None,
}


def encoded(value: object) -> bytes | None:
    """A value on its way out, as text; its type is what the statement makes of it, as with a literal."""
    encoder = _ENCODERS.get(type(value))
    if encoder is None:  # a word of a closed set, a truth: what they are a kind of is asked once
        encoder = next((_ENCODERS[base] for base in type(value).__mro__ if base in _ENCODERS), None)
        assert encoder is not None, f"no column holds a {type(value).__name__}"
        _ENCODERS[type(value)] = encoder
    return encoder(value)


def _bytes_of(text: bytes) -> bytes:
    return bytes.fromhex(text[2:].decode())


_DECODERS: dict[int, Callable[[bytes], Any]] = {
    16: lambda text: int(text == b"t"),
    17: _bytes_of,
    20: int,
    21: int,
    23: int,
    1700: int,  # a sum of whole numbers is whole
}
"""By the number of a type in the server's catalog. Everything else is text; a truth is 0 or 1, as in SQLite."""

Columns = list[tuple[str, Callable[[bytes], Any]]]


class Wire:
    """One connection that stays in pipeline mode: `trip` sends statements together and takes their answers."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._pg: PGconn = connection.pgconn
        self._pg.enter_pipeline_mode()
        self._poll = select.poll()
        self._prepared: dict[bytes, bytes] = {}
        self._names = itertools.count()
        self._columns: dict[str, Columns] = {}

    @property
    def is_in_transaction(self) -> bool:
        return self._pg.transaction_status != TransactionStatus.IDLE

    @property
    def has_news(self) -> bool:
        """Whether something came in unasked, such as the end of the connection."""
        self._poll.register(self._pg.socket, select.POLLIN)
        return bool(self._poll.poll(0))

    def close(self) -> None:
        """Harmless when repeated."""
        self._connection.close()

    # --- a round trip ---

    def trip(self, statements: Sequence[Statement], *, wait_ms: int) -> list[PGresult]:
        """The result of each statement. Raises ServerError of the first that failed: nothing after it was done.

        Raises ServerLost, AnswerLate; then this wire is of no more use.
        """
        until = time.monotonic_ns() + wait_ms * 1_000_000
        try:
            fresh = [self._send(*statement) for statement in statements]
            self._pg.pipeline_sync()
            while self._pg.flush():
                self._wait(until, select.POLLIN | select.POLLOUT)
            return self._receive(fresh, until)
        except psycopg.Error as cause:
            raise ServerLost(str(cause).strip()) from cause

    def _send(self, sql: str, parameters: Sequence[object]) -> bytes | None:
        """Returns the statement if it is prepared by this trip: its result is preceded by that of preparing it."""
        told = translated(sql)
        texts = [encoded(value) for value in parameters]
        if not told.is_prepared:
            self._pg.send_query_params(told.sql, texts)
            return None
        name = self._prepared.get(told.sql)
        is_fresh = name is None
        if name is None:
            name = self._prepared[told.sql] = b"s%d" % next(self._names)
            self._pg.send_prepare(name, told.sql)
        self._pg.send_query_prepared(name, texts)
        return told.sql if is_fresh else None

    def _receive(self, fresh: Sequence[bytes | None], until: int) -> list[PGresult]:
        results: list[PGresult] = []
        failure: ServerError | None = None
        for sql in fresh:
            if sql is not None:
                prepared = self._answer(until)
                failure = failure or _failure(prepared)
                if prepared.status != ExecStatus.COMMAND_OK:
                    del self._prepared[sql]
            results.append(self._answer(until))
            failure = failure or _failure(results[-1])
        self._next(until)  # the mark of the end, after which the server is ready again
        if failure is not None:
            raise failure
        return results

    def _answer(self, until: int) -> PGresult:
        """The result of one command, and the nothing that ends it."""
        result = self._next(until)
        if result is None:
            raise ServerLost("the connection ended")
        if self._pg.status == ConnStatus.BAD:
            raise ServerLost(result.error_message.decode(errors="replace").strip())
        self._next(until)
        return result

    def _next(self, until: int) -> PGresult | None:
        while self._pg.is_busy():
            self._wait(until, select.POLLIN)
        return self._pg.get_result()

    def _wait(self, until: int, events: int) -> None:
        self._poll.register(self._pg.socket, events)
        left_ms = (until - time.monotonic_ns()) // 1_000_000
        if left_ms <= 0 or not self._poll.poll(left_ms):
            raise AnswerLate("no answer in time")
        self._pg.consume_input()

    # --- rows ---

    def rows(self, sql: str, result: PGresult) -> list[Row]:
        """The rows of a result of this statement."""
        columns = self._columns.get(sql)
        if columns is None or len(columns) != result.nfields:
            columns = self._columns[sql] = columns_of(result)
        return [
            {
                name: None if (text := result.get_value(row, column)) is None else decode(text)
                for column, (name, decode) in enumerate(columns)
            }
            for row in range(result.ntuples)
        ]


def columns_of(result: PGresult) -> Columns:
    """Names and decoders of a result."""
    return [
        ((result.fname(column) or b"").decode(), _DECODERS.get(result.ftype(column), bytes.decode))
        for column in range(result.nfields)
    ]


def _failure(result: PGresult) -> ServerError | None:
    if result.status != ExecStatus.FATAL_ERROR:
        return None
    field = psycopg.pq.DiagnosticField
    parts = (result.error_field(part) or b"" for part in (field.SQLSTATE, field.MESSAGE_PRIMARY, field.CONSTRAINT_NAME))
    return ServerError(*(part.decode(errors="replace") for part in parts))
