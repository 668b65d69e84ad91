"""Runs the tests in `inside` in a process with its own mounts, network and pcscd."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.on_pcscd.conftest import INSIDE
from vending_app.bench.private_pcscd import PORT_VARIABLE, NotPossibleHere, require_possible

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@pytest.fixture(autouse=True)
def _possible() -> None:
    try:
        require_possible()
    except NotPossibleHere as missing:
        pytest.skip(f"no private pcscd on this machine: {missing}")


def test_cards_over_a_real_pcscd() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", HERE / "inside"],
        cwd=ROOT,
        env={**os.environ, INSIDE: "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert " passed" in run.stdout


def test_any_command_can_be_run_beside_a_private_pcscd() -> None:
    program = f"import os, sys; from vending_app.cardio.pcsc import PcscReaders; int(os.environ['{PORT_VARIABLE}']); "
    program += "print(*(r.name for r in PcscReaders().list())); sys.exit(7)"
    run = subprocess.run(
        [sys.executable, "-m", "vending_app.bench.private_pcscd", "--", sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert run.returncode == 7, run.stderr
    assert "Virtual PCD" in run.stdout
