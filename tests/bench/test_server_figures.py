"""One short turn of `vending-app bench ledger --server`: both sides work, and what is missing is told in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from vending_app.bench import private_postgres, server_figures
from vending_app.commands.bench import bench


def test_eight_desks_sell_beside_pgbench() -> None:
    figure, facts = server_figures.measure(None, rounds=1, round_ms=1000, scale=1)
    assert int(figure.value.removesuffix("/s")) > 50
    assert int(figure.floor.removesuffix("/s")) > 50
    assert len(facts) == 4


def test_without_postgresql_the_bench_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(private_postgres, "_DEBIAN", tmp_path)
    said = CliRunner().invoke(bench, ["ledger", "--server"])
    assert said.exit_code == 2
    assert "PostgreSQL is not installed" in said.output
