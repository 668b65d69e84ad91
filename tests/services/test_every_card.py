"""Whichever card in front of whichever reader: the same life through the services, and nothing else is chosen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.services.whole_loop import Life, live
from vending_app.bench.world import built_in, make_world
from vending_app.cardio.emulated.faults import Fault, FaultKind, Residue

TORN_AT = {"sle4442": 9, "sle4442-acs-old": 9, "sle4442-omnikey": 9, "classic": 3, "classic-identiv": 3}
"""A byte, of a MIFARE Classic a block, in the middle of the order."""


@pytest.mark.parametrize("chip", TORN_AT)
@pytest.mark.parametrize("residue", [Residue.OLD, Residue.MIXED])
def test_the_whole_loop_passes_over_every_card(tmp_path: Path, chip: str, residue: Residue) -> None:
    live(Life(make_world(tmp_path / "office", chip=chip), built_in), Fault(FaultKind.TEAR, TORN_AT[chip], residue))
