"""The desk of the services' tests, with its books in a file and on a server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.postgres import Server
from tests.services.desk_of import DeskOf, a_desk


@pytest.fixture(params=["file", "server"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[DeskOf]:
    with ExitStack() as stack:
        books = None
        if request.param == "server":
            server: Server = request.getfixturevalue("server")
            books = stack.enter_context(server.books(tmp_path))
        yield stack.enter_context(a_desk(tmp_path, server=books))
