"""Every test runs without a display and at one place of the earth."""

from __future__ import annotations

import gc
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.postgres import Server, a_server
from vending_app import practice
from vending_app.domain.money import Money
from vending_app.practice_history import CASHIER
from vending_app.services.use_cases import LogIn, OpenShift

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["TZ"] = "UTC"
time.tzset()

# How fast a machine is at that moment is measured by `bench`, never by a test.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


def pytest_collection_finish() -> None:
    """What is loaded stays: nobody looks through it for garbage again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """One PostgreSQL server for all tests, quick and not durable; each makes a database of its own."""
    with a_server() as server:
        yield server


@pytest.fixture(scope="session")
def practice_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A practice office with its year of history, made once; each test copies it."""
    folder = tmp_path_factory.mktemp("data") / "practice"
    practice.prepare(folder)
    return folder


@pytest.fixture
def own_practice(practice_folder: Path, tmp_path: Path) -> Path:
    """A practice office of this test alone."""
    return shutil.copytree(practice_folder, tmp_path / "practice")


@pytest.fixture
def training(own_practice: Path) -> Iterator[practice.PracticeCounter]:
    """A practice counter with its cashier logged in and a shift open."""
    with practice.open_practice(own_practice, waits=False) as counter:
        counter.do(LogIn(CASHIER.name, practice.PIN))
        counter.do(OpenShift(Money(10_000)))
        yield counter
