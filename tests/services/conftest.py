"""The desk of the services' tests, with its books in a file and on a server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import Server
from tests.services.desk_of import DeskOf, a_desk
from vending_app.ledger.postgres_server import PostgresServer


@pytest.fixture(params=["file", "server"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[DeskOf]:
    server: Server | None = request.getfixturevalue("server") if request.param == "server" else None
    books = PostgresServer(server.url(server.new_database()), witness=tmp_path) if server else None
    with a_desk(tmp_path, server=books) as made:
        yield made
