"""The command line as another program calls it, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

SECRETS = {"VENDING_PASSWORD": "246810", "VENDING_VAULT_PASSPHRASE": "a passphrase for tests"}


@dataclass(frozen=True)
class Called:
    """How a verb ended."""

    code: int
    out: str
    err: str

    @property
    def answer(self) -> dict[str, Any]:
        """The one JSON object that was printed."""
        parsed = json.loads(self.out)
        assert isinstance(parsed, dict)
        return parsed

    @property
    def refusal(self) -> str:
        return str(self.answer["error"]["code"])


Call = Callable[..., Called]


@pytest.fixture
def call(tmp_path: Path) -> Call:
    """Run a verb with `--json` on the office in `tmp_path/office`."""

    def run(*words: str, without: str = "", **variables: str) -> Called:
        environment = {**os.environ, **SECRETS, "VENDING_DATA": str(tmp_path / "office"), **variables}
        environment.pop(without, None)
        done = subprocess.run(
            [sys.executable, "-m", "vending_app", *words, "--json"],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        return Called(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def office(call: Call) -> Call:
    """The same, after `init --sample`."""
    assert call("init", "--sample").code == 0
    return call
