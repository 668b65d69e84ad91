"""The books on a server as a backup takes them: pg_dump of one moment, which also tells where the chains end in it.

The dump is made from the snapshot of a transaction in which the heads were read, so that both are of the same moment
while desks go on selling. The address goes to pg_dump through the environment: a command line is shown to everybody.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import psycopg
from psycopg.conninfo import conninfo_to_dict

from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.ids import DeskNo
from vending_app.domain.keeping import ChainHead
from vending_app.ledger.backup import HEADS, READ
from vending_app.ledger.postgres_faults import fault_of_connecting
from vending_app.ledger.postgres_schema import SCHEMA
from vending_app.ledger.url import masked
from vending_app.ports.keeping import LedgerSnapshot

DUMP = "ledger.pgdump"
"""What the dump is called inside a backup; pg_restore reads it."""
CONNECT_S = 3
_VARIABLES = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "dbname": "PGDATABASE",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "passfile": "PGPASSFILE",
    "service": "PGSERVICE",
    "options": "PGOPTIONS",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}
"""libpq's names for the parts of an address."""


_WHAT = ("--format=custom", "--compress=0", f"--schema={SCHEMA}", "--extension=pg_trgm")
"""The index for searching needs the extension, which a schema does not bring along."""


@dataclass(frozen=True, slots=True)
class PgDumpSource:
    """`ports.keeping.LedgerSource` of books on a server; any thread may use it."""

    url: str = field(repr=False)

    @contextmanager
    def snapshot(self, scratch: Path) -> Iterator[LedgerSnapshot]:
        """See ports.keeping.LedgerSource; also raises EnvironmentFault backup-failed without pg_dump."""
        try:
            with psycopg.connect(self.url, connect_timeout=CONNECT_S, autocommit=True) as connection:
                connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                heads, schema, moment = _state(connection)
                yield LedgerSnapshot(DUMP, heads, schema, self._dumped(moment, scratch))
        except psycopg.Error as cause:
            raise fault_of_connecting(str(cause), masked(self.url)) from cause

    def _dumped(self, moment: str, scratch: Path) -> Iterator[bytes]:
        """What pg_dump writes, as it writes it; its trouble is known at the end, before anything is a backup."""
        command = ["pg_dump", *_WHAT, f"--snapshot={moment}"]
        with (scratch / "trouble").open("w+b") as trouble:
            with _started(command, self._environment(), trouble) as process:
                assert process.stdout is not None, "its output is a pipe"
                while block := process.stdout.read(READ):
                    yield block
            if process.returncode:
                trouble.seek(0)
                said = trouble.read(400).decode(errors="replace").strip()
                raise EnvironmentFault(Code.BACKUP_FAILED, path=masked(self.url), reason=said or "pg_dump failed")

    def _environment(self) -> dict[str, str]:
        parts = conninfo_to_dict(self.url)
        told = {variable: str(parts[name]) for name, variable in _VARIABLES.items() if parts.get(name) is not None}
        return {**os.environ, "PGCONNECT_TIMEOUT": str(CONNECT_S), **told}


def _state(connection: psycopg.Connection[tuple[object, ...]]) -> tuple[tuple[ChainHead, ...], int, str]:
    connection.execute(f"SET LOCAL search_path = {SCHEMA}")
    rows = connection.execute(HEADS).fetchall()
    heads = tuple(ChainHead(DeskNo(int(str(desk))), int(str(number)), _bytes(h)) for desk, number, h in rows)
    schema = connection.execute("SELECT max(version) FROM schema_versions").fetchone()
    moment = connection.execute("SELECT pg_export_snapshot()").fetchone()
    assert schema is not None
    assert moment is not None
    return heads, int(str(schema[0])), str(moment[0])


def _bytes(value: object) -> bytes:
    assert isinstance(value, bytes | bytearray | memoryview), "a hash is stored as bytes"
    return bytes(value)


@contextmanager
def _started(command: list[str], environment: dict[str, str], trouble: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is over when the block is left, whatever happened in it."""
    try:
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=trouble)
    except OSError as cause:
        raise EnvironmentFault(Code.BACKUP_FAILED, path=command[0], reason="it is not installed") from cause
    with process, ExitStack() as unless_it_ended:
        unless_it_ended.callback(process.kill)
        yield process
        unless_it_ended.pop_all()
