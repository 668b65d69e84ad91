"""Every test runs without a display and at one place of the earth."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest

from tests.postgres import Server, a_server

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["TZ"] = "UTC"
time.tzset()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """One PostgreSQL server for all tests, quick and not durable; each makes a database of its own."""
    with a_server() as server:
        yield server
