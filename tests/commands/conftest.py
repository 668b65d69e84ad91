"""The command line as another program calls it, in a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
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


@pytest.fixture(scope="session")
def warm() -> Iterator[subprocess.Popen[str]]:
    """The process from which verbs are forked; what a whole start does is seen by `test_counter_loop.py` and others."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.commands.warm"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        assert process.stdin is not None, "it was piped"
        process.stdin.close()


@pytest.fixture
def call(tmp_path: Path, warm: subprocess.Popen[str]) -> Call:
    """Run a verb with `--json` on the office in `tmp_path/office`."""
    return calling(tmp_path, warm)


def calling(place: Path, warm: subprocess.Popen[str]) -> Call:
    """Runs verbs on the office in `place/office`; what they print lies beside it."""
    folder = place / "called"
    folder.mkdir()

    def run(*words: str, without: str = "", **variables: str) -> Called:
        environment = {**os.environ, **SECRETS, "VENDING_DATA": str(place / "office"), **variables}
        environment.pop(without, None)
        assert warm.stdin is not None, "it was piped"
        assert warm.stdout is not None, "it was piped"
        asked = {"words": [*words, "--json"], "environment": environment, "folder": str(folder)}
        warm.stdin.write(f"{json.dumps(asked)}\n")
        warm.stdin.flush()
        code = json.loads(warm.stdout.readline())["code"]
        return Called(code, (folder / "out").read_text(), (folder / "err").read_text())

    return run


@pytest.fixture(scope="session")
def sample_office(tmp_path_factory: pytest.TempPathFactory, warm: subprocess.Popen[str]) -> Path:
    """What `init --sample` made, once: it takes its time to make secrets hard to guess."""
    place = tmp_path_factory.mktemp("sample")
    assert calling(place, warm)("init", "--sample").code == 0
    return place / "office"


@pytest.fixture
def office(call: Call, sample_office: Path, tmp_path: Path) -> Call:
    """The same, after `init --sample`."""
    shutil.copytree(sample_office, tmp_path / "office")
    return call
