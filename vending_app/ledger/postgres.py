"""The books on a PostgreSQL server, for one desk of many.

A transaction takes the row of its own desk first, so that nobody else adds to this desk's chain, and the row of the
supply it is about: no desk ever waits for another one's chain. What is read is answered at once; what is written waits
and goes out with the next reading or with COMMIT, so that a sale costs four round trips, however many rows it has.
One that follows another costs two: it says itself what the server must find (`at_once.py`).
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

from psycopg.pq.abc import PGresult

from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.ids import DeskNo, SupplyNo
from vending_app.ledger.books import Books, Row, anywhere
from vending_app.ledger.codec import Json
from vending_app.ledger.kinds import Kind
from vending_app.ledger.postgres_at_once import at_once
from vending_app.ledger.postgres_faults import INTEGRITY, fault
from vending_app.ledger.postgres_schema import REFERENCES
from vending_app.ledger.postgres_schema_2 import OF_ONE_SUPPLY
from vending_app.ledger.postgres_wire import AnswerLate, ServerError, ServerLost, Statement, Wire
from vending_app.ledger.witness import Head, Witness

Connect = Callable[[], Wire]
"""A new connection with its limits set. Raises EnvironmentFault ledger-server-…, ledger-missing."""

WAIT_MS = 10_000
"""How long an answer is waited for; the server gives up before that (postgres_server.py) and tells why."""
READING_WAIT_MS = 900_000
"""As long as proving or exporting the books of a country may take for one statement."""
SETTLING_MS = 10_000
"""How long a desk asks whether its last transaction was committed, when the answer was lost."""
PAUSE_S = 0.2
"""Between two such attempts."""
QUEUE_LIMIT = 500
"""Statements that may wait. An import sends them in between, or they would fill the memory."""
STREAM_ROWS = 2_000
"""How many rows of a long reading come at a time."""

_ASKED_THEN = (
    ("journal", "journal_approvers"),
    ("journal", "journal_authority"),
    ("meter_changes", "meter_changes_estimate"),
    ("settlements", "settlements_estimate"),
    ("office_rules", "office_rules_two_people"),
)
"""Tables and triggers that ask who may write now: what comes from elsewhere was asked when it was written."""

_BEGIN: Statement = ("BEGIN", ())
_COMMIT: Statement = ("COMMIT", ())
_ROLLBACK: Statement = ("ROLLBACK", ())
_BEGIN_READING: tuple[Statement, ...] = (
    ("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", ()),
    (f"SET LOCAL statement_timeout = {READING_WAIT_MS}", ()),
    ("SET LOCAL enable_seqscan = on", ()),
)
_LOCK_DESK = "SELECT 1 FROM desks WHERE number = ? FOR NO KEY UPDATE"
_LOCK_OFFICE = "SELECT 1 FROM office FOR NO KEY UPDATE"
_LOCK_SUPPLIES = "LOCK TABLE supplies IN EXCLUSIVE MODE"
"""Waits for, and keeps out, every transaction that has the row of a supply; who only reads goes on."""
_LOCK_SUPPLY = "SELECT 1 FROM supplies WHERE number = ? FOR NO KEY UPDATE"
_OF_CHAIN = "SELECT hash FROM journal WHERE desk = ? AND number = ?"
_OF_CHAIN_WHOLE = "SELECT previous, body FROM journal WHERE desk = ? AND number = ?"
_NEWEST = "SELECT number, hash FROM journal WHERE desk = ? ORDER BY number DESC LIMIT 1"


class PostgresBooks(Books):
    """One desk at a server; it connects when it is first used, and again after the server was gone."""

    next_id = "nextval('journal_ids')"
    of_one_supply = OF_ONE_SUPPLY
    unreadable = (EnvironmentFault, ServerError)

    def __init__(self, where: str, connect: Connect, *, desk: DeskNo, witness: Witness | None) -> None:
        super().__init__(where, desk=desk)
        self._connect = connect
        self._witness = witness
        self._wire: Wire | None = None
        self._is_older = False
        self._queue: list[Statement] = []
        self._foreseen: list[Statement] = []
        self._known: dict[tuple[str, tuple[object, ...]], list[Row]] = {}
        self._is_writing = self._is_reading = self._is_begun = False
        self._written: Head | None = None
        self._names = itertools.count(1)

    # --- reading ---

    def all(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        known = self._known.get((sql, tuple(parameters)))
        if known is not None:
            return known
        foreseen, self._foreseen = self._foreseen, []
        *before, result = self._send(*foreseen, (sql, parameters))
        wire = self._wire
        assert wire is not None, "what was answered has a connection"
        for (told, values), answer in zip(foreseen, before[len(before) - len(foreseen) :], strict=True):
            self._known[told, tuple(values)] = wire.rows(told, answer)
        return wire.rows(sql, result)

    def one(self, sql: str, parameters: Sequence[object] = ()) -> Row | None:
        return next(iter(self.all(sql, parameters)), None)

    def value(self, sql: str, parameters: Sequence[object] = ()) -> Any:
        row = self.one(sql, parameters)
        return next(iter(row.values())) if row else None

    def stream(self, sql: str) -> Iterator[Row]:
        with self.reading():
            cursor = f"stream_{next(self._names)}"
            self._send((f"DECLARE {cursor} NO SCROLL CURSOR FOR {sql}", ()))
            while rows := self.all(f"FETCH {STREAM_ROWS} FROM {cursor}"):
                yield from rows

    @contextmanager
    def reading(self) -> Iterator[None]:
        if self._is_writing or self._is_reading:
            yield
            return
        self._queue, self._is_reading = list(_BEGIN_READING), True
        try:
            yield
        finally:
            self._leave()

    # --- writing ---

    @property
    def is_writing(self) -> bool:
        return self._is_writing

    def run(self, sql: str, parameters: Sequence[object] = ()) -> None:
        assert self._is_writing, "a write belongs inside a transaction"
        self._known.clear()
        self._queue.append((sql, parameters))
        if len(self._queue) >= QUEUE_LIMIT:
            self._send()

    def insert(self, table: str, row: Row) -> None:
        super().insert(table, row)
        if table == "journal":
            self._written = Head(row["number"], row["hash"])

    def begin(self) -> None:
        assert not self._is_reading, "what only reads does not turn to writing"
        self._queue, self._is_writing = [_BEGIN, (_LOCK_DESK, (self.desk,))], True

    def lock_supply(self, number: SupplyNo) -> None:
        self._lock(_LOCK_SUPPLY, number)

    def lock_supplies(self) -> None:
        self._lock(_LOCK_SUPPLIES)

    def lock_office(self) -> None:
        self._lock(_LOCK_OFFICE)

    def _lock(self, sql: str, *which: object) -> None:
        assert self._is_writing, "a lock belongs inside a transaction"
        self._queue.append((sql, which))

    @contextmanager
    def filling(self) -> Iterator[None]:
        for table, trigger in _ASKED_THEN:
            self.run(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
        yield
        for sequence, table in (("journal_ids", "journal"), ("supplies_id_seq", "supplies")):
            self.run(f"SELECT setval('{sequence}', coalesce(max(id), 0) + 1, false) FROM {table}")
        for table, trigger in _ASKED_THEN:
            self.run(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")

    def foresee(self, sql: str, parameters: Sequence[object]) -> None:
        self._foreseen.append((sql, parameters))

    def end(self, error: BaseException | None) -> None:
        try:
            if error is None and (self._is_begun or len(self._queue) > 1):
                self._commit()
            elif isinstance(error, ServerError):
                self._tell(error)
        finally:
            self._leave()

    def _commit(self) -> None:
        if not self._is_begun:
            self._send()  # while nothing was done yet, a connection that broke is made anew
        wire, written = self._wire, self._written
        assert wire is not None, "what was begun has a connection"
        try:
            wire.trip([*self._queue, _COMMIT], wait_ms=WAIT_MS)
        except ServerError as cause:
            self._tell(cause)
        except ServerLost as cause:
            self._drop()
            if written is None or not self._is_committed(written):
                self._tell(cause)
        if written is not None:
            self._remember(written)

    def _remember(self, written: Head) -> None:
        self.tip = written
        if self._witness is not None:
            self._witness.keep(written)

    def _is_committed(self, written: Head) -> bool:
        """Whether the row that this desk was adding is there."""
        found = self._settled(_OF_CHAIN, (self.desk, written.number))
        return found is not None and found["hash"] == written.hash

    def _settled(self, sql: str, parameters: Sequence[object]) -> Row | None:
        """The first row of what decides whether an act came through: asked until the server is back, or too long."""
        until = time.monotonic_ns() + SETTLING_MS * 1_000_000
        while True:
            try:
                wire = self._connected()
                return next(iter(wire.rows(sql, wire.trip([(sql, parameters)], wait_ms=WAIT_MS)[0])), None)
            except (EnvironmentFault, ServerLost):
                self._drop()
                if time.monotonic_ns() > until:
                    return None
                time.sleep(PAUSE_S)

    # --- writing at once ---

    def write_at_once(self, kind: Kind, known: Sequence[object], body: Json) -> Row | None:
        """See books.Books. Raises EnvironmentFault ledger-server-…, ledger-busy."""
        wire = self._wire
        # A connection that broke while nobody sold is made anew by the ordinary way, which had not begun either.
        if wire is None or wire.has_news:
            self.tip = None
            return None
        statement = at_once(kind, known, body)
        try:
            answer = next(iter(wire.rows(statement[0], wire.trip([statement], wait_ms=WAIT_MS)[0])), None)
        except ServerError as cause:
            if not cause.sqlstate.startswith(INTEGRITY):
                self._tell(cause)
            answer = None
        except ServerLost as cause:
            self._drop()
            self._check_came_through(cause, known)
            return None  # it is in the books, where the ordinary way finds it
        if answer is None:
            self.tip = None
        else:
            self._remember(Head(int(str(known[1])), answer["hash"]))
        return answer

    def _check_came_through(self, cause: ServerLost, known: Sequence[object]) -> None:
        """Raises EnvironmentFault ledger-server-… unless the row that this desk was adding is there."""
        desk, number, previous, *_ = known
        found = self._settled(_OF_CHAIN_WHOLE, (desk, number))
        if found is None or (found["previous"], found["body"]) != (previous, known[8]):
            self._tell(cause)

    def _leave(self) -> None:
        """Undo what is left of a transaction; a connection that cannot is given up, and the server undoes it."""
        self._queue, self._foreseen = [], []
        self._known.clear()
        self._is_writing = self._is_reading = self._is_begun = False
        self._written = None
        if self._wire is not None and self._wire.is_in_transaction:
            try:
                self._wire.trip([_ROLLBACK], wait_ms=WAIT_MS)
            except (ServerError, ServerLost):
                self._drop()

    # --- the connection ---

    def _send(self, *more: Statement) -> list[PGresult]:
        """What waits, and this; answered in one round trip. A transaction that was not begun yet is begun anew once."""
        statements, self._queue = [*self._queue, *more], []
        is_fresh = self._wire is None
        try:
            results = self._trip(statements)
        except ServerLost as cause:
            self._drop()
            if is_fresh or self._is_begun or isinstance(cause, AnswerLate):
                self._tell(cause)
            return self._send(*statements)
        self._is_begun = self._is_writing or self._is_reading
        return results

    def _trip(self, statements: Sequence[Statement]) -> list[PGresult]:
        wire = self._connected()
        if self._is_writing and self._is_older:
            self._check_age(wire)
        try:
            return wire.trip(statements, wait_ms=READING_WAIT_MS if self._is_reading else WAIT_MS)
        except ServerError as cause:
            self._tell(cause)

    def _connected(self) -> Wire:
        if self._wire is None:
            self._wire = self._connect()
            self._is_older = self._witness is not None
        return self._wire

    def _check_age(self, wire: Wire) -> None:
        """Raises EnvironmentFault ledger-restored if the server does not know what this desk wrote last."""
        known = self._witness.head() if self._witness else None
        if known is not None:
            result = wire.trip([(_OF_CHAIN, (self.desk, known.number))], wait_ms=WAIT_MS)[0]
            if [row["hash"] for row in wire.rows(_OF_CHAIN, result)] != [known.hash]:
                raise EnvironmentFault(Code.LEDGER_RESTORED, server=self.where, desk=self.desk, number=known.number)
        self._is_older = False

    def _drop(self) -> None:
        self.tip = None
        if self._wire is not None:
            self._wire.close()
        self._wire = None

    def _tell(self, cause: ServerError | ServerLost) -> NoReturn:
        known = fault(cause, self.where)
        if known is None:
            raise cause
        raise known from cause

    def come_in_by(self, connect: Connect) -> None:
        """Go on with another connection, that of a desk after that of the owner."""
        self._drop()
        self._connect = connect

    def close(self) -> None:
        self._drop()
        if self._witness is not None:
            self._witness.close()

    # --- where the dialects differ ---

    def put_search_text(self, supply_id: int, text: str) -> None:
        self.run(
            "INSERT INTO supply_search VALUES (?, ?) ON CONFLICT (supply) DO UPDATE SET folded = excluded.folded",
            (supply_id, text),
        )

    def found_ids(self, words: Sequence[str], *, limit: int) -> tuple[str, tuple[object, ...]]:
        return self._found("supply_search", "supply", words, limit)

    def put_customer_text(self, number: str, text: str) -> None:
        if text:
            known = "ON CONFLICT (customer) DO UPDATE SET folded = excluded.folded"
            self.run(f"INSERT INTO customer_search VALUES (?, ?) {known}", (number, text))
        else:
            self.run("DELETE FROM customer_search WHERE customer = ?", (number,))

    def found_customers(self, words: Sequence[str], *, limit: int) -> tuple[str, tuple[object, ...]]:
        return self._found("customer_search", "customer", words, limit)

    def _found(self, table: str, key: str, words: Sequence[str], limit: int) -> tuple[str, tuple[object, ...]]:
        tests = " AND ".join(["folded LIKE ?"] * len(words))
        return f"SELECT {key} FROM {table} WHERE {tests} ORDER BY {key} LIMIT ?", (*map(anywhere, words), limit)

    def problems(self) -> Iterator[str]:
        for (table, column), (parent, key) in REFERENCES.items():
            meant = f"SELECT 1 FROM {parent} AS parent WHERE parent.{key} = child.{column}"
            lost = f"SELECT count(*) FROM {table} AS child WHERE {column} IS NOT NULL AND NOT EXISTS ({meant})"
            if self.value(lost):
                yield f"a row of {table} names a row of {parent} that is not there"
