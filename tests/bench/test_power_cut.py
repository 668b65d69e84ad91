"""A power cut at any moment of a sale and a close: nothing acknowledged is lost, and the enumeration can tell."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench.power_cut import crash_states, play, problem_of, statements_of_the_work
from vending_app.bench.flows import world_of_one_sale


def problems(folder: Path, *, synchronous: str) -> Iterator[str]:
    """For every crash state what is wrong with it; empty if nothing."""
    world = world_of_one_sale(folder / "office")
    before = folder / "ledger.sqlite3"
    shutil.copyfile(world.ledger_file, before)
    statements = statements_of_the_work(world)
    played = folder / "played"
    played.mkdir()
    shutil.copyfile(before, played / before.name)
    log = play(played / before.name, statements, synchronous=synchronous)
    for promised, writes in crash_states(log):
        yield problem_of(before, folder / "crash", promised, writes)


def test_with_full_synchronisation_no_power_cut_loses_what_was_acknowledged(tmp_path: Path) -> None:
    found = list(problems(tmp_path, synchronous="FULL"))
    assert len(found) > 100
    assert set(found) == {""}


def test_the_enumeration_catches_books_that_are_not_synced_at_each_commit(tmp_path: Path) -> None:
    assert any("acknowledged rows are lost" in problem for problem in problems(tmp_path, synchronous="NORMAL"))


@pytest.mark.parametrize("count", [1, 3])
def test_every_subset_that_is_tried_is_a_part_of_what_was_written(tmp_path: Path, count: int) -> None:
    from tests.bench.power_cut import Log, Write

    log = Log([Write("f", at, b"x" * 600) for at in range(count)])
    assert all(len(writes) <= count for _, writes in crash_states(log))
