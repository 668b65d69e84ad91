"""A few of the system calls of a sale and a close fail: `vending-app bench syscalls` lets each of them fail."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from vending_app.bench import syscalls
from vending_app.bench.crash_child import NEXT, work
from vending_app.bench.flows import world_of_one_sale
from vending_app.bench.world import DESK
from vending_app.ledger import DeskLedger, SqliteFile


def test_no_failing_call_loses_or_doubles_anything(tmp_path: Path) -> None:
    assert syscalls.is_possible(), "the installer brings strace"
    outcomes = list(syscalls.sweep(tmp_path, every=32))
    assert {outcome.injection for outcome in outcomes} == set(syscalls.INJECTIONS)
    assert [outcome for outcome in outcomes if outcome.problem] == []
    assert any("posted" in outcome.said for outcome in outcomes)
    assert any("posted" not in outcome.said for outcome in outcomes)


@pytest.mark.parametrize("said", [("reserved",), ("reserved", "posted"), ("closed",)])
def test_what_was_said_and_is_not_in_the_books_is_called_lost(tmp_path: Path, said: tuple[str, ...]) -> None:
    """The sweep itself must be able to fail: books that were put back as they were before."""
    office = world_of_one_sale(tmp_path / "office")
    meant = syscalls.undisturbed(office, tmp_path / "undisturbed")
    told = syscalls.problem(office.ledger_file, said, meant)
    assert "lost" in told or "open again" in told


def test_accounts_that_hold_more_than_the_work_brings_are_called_wrong(tmp_path: Path) -> None:
    """As if something had been done twice."""
    office = world_of_one_sale(tmp_path / "office")
    meant = syscalls.undisturbed(office, tmp_path / "undisturbed")
    name = sorted(meant)[0]
    told = syscalls.problem(office.ledger_file, (), {**meant, name: meant[name] - 1})
    assert told == f"{name} holds {meant[name]} instead of {meant[name] - 1}"


def test_the_work_repeated_is_done_once(tmp_path: Path) -> None:
    office = world_of_one_sale(tmp_path / "office")
    work(office.ledger_file)
    work(office.ledger_file)
    with closing(DeskLedger.open(SqliteFile(office.ledger_file), desk=DESK)) as ledger:
        assert ledger.sale(NEXT) is not None
        assert ledger.verify().is_ok
