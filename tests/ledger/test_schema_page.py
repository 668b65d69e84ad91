"""The page about the schema knows every table and every version."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.ledger.at_work import AtWork
from vending_app.ledger import SqliteFile
from vending_app.ledger.books import Store
from vending_app.ledger.migrations import MIGRATIONS


@pytest.fixture
def store(path: Path) -> Store:
    """This module is about the file."""
    return SqliteFile(path)


PAGE = Path(__file__).parents[2] / "docs" / "ledger-schema.md"


def test_every_table_is_named_on_the_page(ledger: AtWork) -> None:
    rows = ledger._books.all("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    tables = {row["name"] for row in rows if not row["name"].startswith(("supply_search_", "customer_search_"))}
    named = set(re.findall(r"`([a-z_]+)`", PAGE.read_text(encoding="utf-8")))
    assert tables - named == set()


def test_every_version_has_its_reason_on_the_page() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [step.version for step in MIGRATIONS if not re.search(rf"^\| {step.version} \| \w", page, re.M)] == []
