"""The server with the books of an office of many desks: how a desk comes in, how books are made and migrated."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.ids import DeskNo
from vending_app.ledger.books import Books
from vending_app.ledger.migrations import MIGRATIONS
from vending_app.ledger.postgres import PostgresBooks
from vending_app.ledger.postgres_faults import fault, fault_of_connecting
from vending_app.ledger.postgres_schema import DESKS, OWNER, SCHEMA, sql_of_guards, sql_of_version
from vending_app.ledger.postgres_wire import ServerError, ServerLost, Wire
from vending_app.ledger.url import masked
from vending_app.ledger.witness import Witness

CONNECT_S = 3
"""How long a connection may take; a desk that asks a server which is gone waits for this."""
UNACKNOWLEDGED_MS = 8_000
"""How long what was sent may stay unacknowledged before the connection counts as broken."""
STATEMENT_MS, LOCK_MS, IDLE_MS = 8_000, 4_000, 60_000
"""How long the server works at a statement, waits for a row that another desk holds, and lets a desk that stands still
hold rows itself. The first two end before the desk's own patience (postgres.WAIT_MS)."""

_LIMITS: dict[str, Any] = {
    "connect_timeout": CONNECT_S,
    "tcp_user_timeout": UNACKNOWLEDGED_MS,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "client_encoding": "UTF8",
}
_SESSION = {
    "search_path": f"{SCHEMA}, pg_temp",
    "statement_timeout": STATEMENT_MS,
    "lock_timeout": LOCK_MS,
    "idle_in_transaction_session_timeout": IDLE_MS,
    "synchronous_commit": "on",
    "default_transaction_isolation": "read committed",
    "jit": "off",
    # A desk asks by keys. Without this, a plan that was made while a table was empty reads all of it later.
    "enable_seqscan": "off",
}
"""What every connection is like, whatever the server chose."""

ENTER = (
    "SELECT "
    + ", ".join(f"set_config('{name}', '{value}', false)" for name, value in _SESSION.items())
    + ", set_config('role', ?, false)"
)
"""The role last, because it takes rights away."""
_VERSION = "SELECT max(version) AS version FROM schema_versions"


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """`books.Store` at an address such as `postgresql://desk1@books.example/office?sslmode=verify-full`."""

    url: str = field(repr=False)
    witness: Path | None = None
    """The folder in which the desk keeps what it last knew of its chain; None for books that are only looked at."""

    @contextmanager
    def founding(self, desk: DeskNo) -> Iterator[Books]:
        """See books.Store; the address is that of a role that may make roles and schemas."""
        self._migrate(is_new=True)
        with ExitStack() as until_it_holds:
            until_it_holds.callback(self._take_away)
            books = self._books(desk, role=OWNER)
            until_it_holds.callback(books.close)
            yield books
            until_it_holds.pop_all()
        books.come_in_by(lambda: self._connect(desk, role=DESKS))

    def open(self, desk: DeskNo) -> Books:
        """See books.Store; raises EnvironmentFault ledger-server-gone, -slow, -refused, ledger-older too."""
        books = self._books(desk, role=DESKS)
        books.value("SELECT 1")
        return books

    def _books(self, desk: DeskNo, *, role: str) -> PostgresBooks:
        witness = Witness(self.witness, desk) if self.witness else None
        return PostgresBooks(masked(self.url), lambda: self._connect(desk, role=role), desk=desk, witness=witness)

    def migrate(self) -> tuple[int, ...]:
        """Bring the books to this program's version, as their owner; tells which steps were taken.

        Raises EnvironmentFault ledger-missing, ledger-newer, ledger-server-…
        """
        return self._migrate(is_new=False)

    # --- a desk comes in ---

    def _connect(self, desk: DeskNo, *, role: str) -> Wire:
        connection = self._connection(application_name=f"vending-app desk {desk}", autocommit=True)
        with ExitStack() as unless_it_may:
            unless_it_may.callback(connection.close)
            wire = Wire(connection)
            try:
                answer = wire.trip([(ENTER, (role,)), (_VERSION, ())], wait_ms=CONNECT_S * 1000)[1]
            except (ServerError, ServerLost) as cause:
                raise fault(cause, masked(self.url)) or cause from cause
            self._check_version(wire.rows(_VERSION, answer)[0]["version"])
            unless_it_may.pop_all()
        return wire

    def _check_version(self, found: int | None) -> None:
        known = MIGRATIONS[-1].version
        if found is None:
            raise EnvironmentFault(Code.LEDGER_DAMAGED, path=masked(self.url), reason="tables of no version")
        if found != known:
            code = Code.LEDGER_NEWER if found > known else Code.LEDGER_OLDER
            raise EnvironmentFault(code, found=found, known=known)

    def _connection(self, *, application_name: str, autocommit: bool) -> psycopg.Connection[Any]:
        try:
            address = make_conninfo(self.url, **_LIMITS, application_name=application_name)
        except psycopg.ProgrammingError:
            # Not chained: what the driver says of an address it cannot read may hold its password.
            raise EnvironmentFault(Code.LEDGER_SERVER_REFUSED, server="", reason="not an address") from None
        try:
            return psycopg.connect(address, autocommit=autocommit)
        except psycopg.OperationalError as cause:
            raise fault_of_connecting(str(cause), masked(self.url)) from cause

    # --- the owner makes and migrates ---

    def _migrate(self, *, is_new: bool) -> tuple[int, ...]:
        with self._connection(application_name="vending-app owner", autocommit=False) as connection:
            try:
                return _bring_up_to_date(connection.cursor(), masked(self.url), is_new=is_new)
            except psycopg.Error as cause:
                known = fault(ServerError(cause.sqlstate or "08006", ""), masked(self.url))
                raise known or cause from cause

    def _take_away(self) -> None:
        """Half-made books would be in the way of the next attempt."""
        with self._connection(application_name="vending-app owner", autocommit=True) as connection:
            connection.execute(f"DROP SCHEMA {SCHEMA} CASCADE")


def _bring_up_to_date(cursor: psycopg.Cursor[Any], where: str, *, is_new: bool) -> tuple[int, ...]:
    """All of it is one transaction, and one at a time."""
    cursor.execute("SELECT pg_advisory_xact_lock(hashtext('vending-app migrates'))")
    is_there = cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", (SCHEMA,)).fetchone() is not None
    if is_there == is_new:
        raise EnvironmentFault(Code.LEDGER_EXISTS if is_new else Code.LEDGER_MISSING, path=where)
    if is_new:
        _make_roles(cursor)
        cursor.execute(f"CREATE SCHEMA {SCHEMA} AUTHORIZATION {OWNER}")
        cursor.execute(f"CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA {SCHEMA}")
    cursor.execute(f"SET LOCAL search_path = {SCHEMA}, public")
    cursor.execute(f"SET LOCAL ROLE {OWNER}")
    found = 0 if is_new else cursor.execute("SELECT max(version) FROM schema_versions").fetchone()[0] or 0  # type: ignore[index]
    if found > MIGRATIONS[-1].version:
        raise EnvironmentFault(Code.LEDGER_NEWER, found=found, known=MIGRATIONS[-1].version)
    pending = [step for step in MIGRATIONS if step.version > found]
    for step in pending:
        _run_script(cursor, sql_of_version(step.version))
        cursor.execute("INSERT INTO schema_versions VALUES (%s, %s)", (step.version, step.reason))
    if pending:
        _run_script(cursor, sql_of_guards())
    return tuple(step.version for step in pending)


def _make_roles(cursor: psycopg.Cursor[Any]) -> None:
    for role in (OWNER, DESKS):
        if cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone() is None:
            cursor.execute(f"CREATE ROLE {role} NOLOGIN")
        if cursor.execute("SELECT pg_has_role(%s, 'MEMBER')", (role,)).fetchone() != (True,):
            cursor.execute(f"GRANT {role} TO CURRENT_USER")


def _run_script(cursor: psycopg.Cursor[Any], script: str) -> None:
    # Every part of it is a text of this program: nothing that anybody typed.
    cursor.execute(script)
