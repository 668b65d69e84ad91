"""A DESFire card through the services, from the blank card to the meter and back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.services.whole_loop import Life, live
from vending_app.bench.world import TECHNICIAN, built_in, make_world
from vending_app.cardio.emulated.faults import Fault, FaultKind
from vending_app.services.diagnosis_cases import Compared, DiagnoseCard, Diagnosis

COMMIT = {"desfire-ev1": 14, "desfire-ev2": 13, "desfire-ev3": 13}
"""The number of the command that makes a sale count."""


@pytest.mark.parametrize("chip", COMMIT)
@pytest.mark.parametrize("kind", [FaultKind.PULL_BEFORE, FaultKind.ANSWER_LOST])
def test_the_whole_loop_passes_over_a_desfire_card(tmp_path: Path, chip: str, kind: FaultKind) -> None:
    life = Life(make_world(tmp_path / "office", chip=chip), built_in)
    live(life, Fault(kind, COMMIT[chip]))
    found = life.does(DiagnoseCard(), by=TECHNICIAN)
    assert isinstance(found, Diagnosis)
    assert len(found.history) > 3
    assert Compared.PAST_ORDERS not in {each.what for each in found.compared}, "the books made all of them"
