"""The private server of the bench, as tests need it: with databases that come and go, quick or durable."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from tests.quick_books import FIRST_DESK, QuickServer
from vending_app.bench.private_postgres import PrivatePostgres
from vending_app.bench.rooms import memory_folder
from vending_app.ledger.books import Store
from vending_app.ledger.postgres_server import PostgresServer

QUICK = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off"}
"""For tests that are not about what a crash leaves."""


@dataclass
class Server(PrivatePostgres):
    """A cluster that can be asked as its superuser, too."""

    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def run_sql(self, sql: str, *, database: str = "postgres") -> list[tuple[Any, ...]]:
        """As the superuser."""
        with psycopg.connect(make_conninfo(self.url(database)), autocommit=True) as connection:
            cursor = connection.execute(sql)
            return cursor.fetchall() if cursor.description else []

    @contextmanager
    def database(self, *, like: str = "template1") -> Iterator[str]:
        """A database of one test, which takes 7 MB while it is there."""
        name = f"office{next(self.numbers)}"
        self.run_sql(f"CREATE DATABASE {name} TEMPLATE {like} STRATEGY file_copy")
        yield name
        self.run_sql(f"DROP DATABASE {name} WITH (FORCE)")

    @contextmanager
    def books(self, witness: Path) -> Iterator[Store]:
        """Where a test founds its books, in a database of its own."""
        with self.database(like=self._tables) as database:
            yield QuickServer(self.url(database), witness=witness)

    @cached_property
    def _tables(self) -> str:
        """A database with this program's tables, and no office."""
        name = "tables"
        self.run_sql(f"CREATE DATABASE {name}")
        with PostgresServer(self.url(name)).founding(FIRST_DESK) as books:
            books.close()
        return name


@contextmanager
def a_server(settings: Mapping[str, str] = QUICK) -> Iterator[Server]:
    # A quick one in memory, where a database is made in a third of the time.
    where = memory_folder() if settings is QUICK else None
    server = Server(Path(tempfile.mkdtemp(prefix="vending-postgres-", dir=where)), settings)
    try:
        server.make()
        server.start()
        yield server
    finally:
        server.close()
