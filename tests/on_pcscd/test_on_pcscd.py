"""Runs the tests in `inside` in processes with their own mounts, network and pcscd."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.on_pcscd.conftest import INSIDE
from vending_app.bench.private_pcscd import PORT_VARIABLE, NotPossibleHere, require_possible

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
ONE_S, ALL_S = 90, 250
"""Patience with one test and with a file of them; both end before the test that waits for them does."""


@pytest.fixture(autouse=True)
def _possible() -> None:
    try:
        require_possible()
    except NotPossibleHere as missing:
        pytest.skip(f"no private pcscd on this machine: {missing}")


@pytest.mark.parametrize("file", sorted((HERE / "inside").glob("test_*.py")), ids=lambda file: file.stem)
def test_cards_over_a_real_pcscd(file: Path) -> None:
    """A file at a time, each beside a service of its own; a test that hangs is ended there, and named."""
    options = ["-q", "-n", "0", "-p", "no:cacheprovider", "-o", f"timeout={ONE_S}"]
    said, code = ended([sys.executable, "-m", "pytest", *options, str(file)])
    assert code == 0, said
    assert " passed" in said


def ended(command: list[str]) -> tuple[str, int]:
    """What it said and its exit code; one that never ends is made to say where every thread stands."""
    environment = {**os.environ, INSIDE: "1", "PYTHONFAULTHANDLER": "1"}
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        said, _ = process.communicate(timeout=ALL_S)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGABRT)
        said, _ = process.communicate()
    return said, process.returncode


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
