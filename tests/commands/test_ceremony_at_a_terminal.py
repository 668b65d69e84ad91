"""Shares at a terminal: each custodian sees his own, and the screen is cleared before the next one looks."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.conftest import SECRETS, Call
from vending_app.domain.key_share import parse_share

WORD = {"VENDING_APPROVAL_PASSWORD": SECRETS["VENDING_PASSWORD"]}
SHARE = re.compile(r"(?:[0-9A-Z]{5}-){10}[0-9A-Z]{5}")
CLEARED = "\x1b[3J"
SILENCE_S = 0.2


def at_a_terminal(folder: Path, *words: str) -> str:
    """Everything that was shown to somebody who presses a key whenever he is asked to."""
    mine, theirs = pty.openpty()
    environment = {**os.environ, **SECRETS, **WORD, "VENDING_DATA": str(folder), "TERM": "xterm"}
    with subprocess.Popen(
        [sys.executable, "-m", "vending_app", *words], stdin=theirs, stdout=theirs, stderr=theirs, env=environment
    ) as process:
        os.close(theirs)
        shown = b""
        try:
            while True:
                # What is typed before it is asked for is thrown away, so he waits for silence.
                if select.select([mine], [], [], SILENCE_S)[0]:
                    shown += os.read(mine, 4096)
                else:
                    os.write(mine, b" ")
        except OSError:
            pass  # the terminal is closed with the program
        finally:
            os.close(mine)
    assert process.returncode == 0, shown.decode()
    return shown.decode()


@pytest.mark.skipif(os.name != "posix", reason="a terminal of this kind")
def test_each_custodian_sees_his_share_alone_and_once(office: Call, tmp_path: Path) -> None:
    names = ("Ann Lee", "Bo Okoye", "Chi Wu")
    custodians = [word for name in names for word in ("--custodian", name)]
    shown = at_a_terminal(
        tmp_path / "office", "keys", "split", "--version", "1", *custodians, "--approve", "supervisor"
    )
    pages = [page for page in shown.split(CLEARED) if SHARE.search(page)]
    shares = [SHARE.findall(page) for page in pages]
    assert [len(on_page) for on_page in shares] == [1, 1, 1]
    assert all(name in page for name, page in zip(names, pages, strict=True))
    assert not SHARE.search(shown.rpartition(CLEARED)[2]), "nothing stays on the screen"
    assert [parse_share(text).number for [text] in shares] == [1, 2, 3]
    proven = office("keys", "prove", VENDING_KEY_SHARES="\n".join(text for [text] in shares))
    assert proven.answer["custodians"] == list(names)
