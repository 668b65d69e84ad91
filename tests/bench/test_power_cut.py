"""A power cut at any moment of a sale and a close: nothing acknowledged is lost, and the enumeration can tell."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.bench.power_cut import crash_states, play, problem_of, statements_of_the_work
from vending_app.bench.flows import world_of_one_sale


def problems(folder: Path, *, synchronous: str) -> tuple[int, list[str]]:
    """How many crash states there are, and what is wrong with those that are wrong."""
    world = world_of_one_sale(folder / "office")
    before = folder / "ledger.sqlite3"
    shutil.copyfile(world.ledger_file, before)
    statements = statements_of_the_work(world)
    played = folder / "played"
    played.mkdir()
    shutil.copyfile(before, played / before.name)
    log = play(played / before.name, statements, synchronous=synchronous)
    states = list(crash_states(log))
    found = [problem_of(before, folder / "crash", promised, writes) for promised, writes in states]
    return len(states), [problem for problem in found if problem]


def test_with_full_synchronisation_no_power_cut_loses_what_was_acknowledged(tmp_path: Path) -> None:
    count, wrong = problems(tmp_path, synchronous="FULL")
    assert count > 100
    assert wrong == []


def test_the_enumeration_catches_books_that_are_not_synced_at_each_commit(tmp_path: Path) -> None:
    _, wrong = problems(tmp_path, synchronous="NORMAL")
    assert any("acknowledged rows are lost" in problem for problem in wrong)


@pytest.mark.parametrize("count", [1, 3])
def test_every_subset_that_is_tried_is_a_part_of_what_was_written(tmp_path: Path, count: int) -> None:
    from tests.bench.power_cut import Log, Write

    log = Log([Write("f", at, b"x" * 600) for at in range(count)])
    assert all(len(writes) <= count for _, writes in crash_states(log))
