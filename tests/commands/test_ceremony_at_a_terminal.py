"""At a terminal: each custodian sees his own share, the screen cleared before the next; what is new is typed twice."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.commands.conftest import SECRETS, Call
from vending_app.domain.key_share import parse_share

WORD = {"VENDING_APPROVAL_PASSWORD": SECRETS["VENDING_PASSWORD"]}
SHARE = re.compile(r"(?:[0-9A-Z]{5}-){10}[0-9A-Z]{5}")
CLEARED = "\x1b[3J"
SILENCE_S = 0.2
pytestmark = pytest.mark.skipif(os.name != "posix", reason="a terminal of this kind")


def at_a_terminal(folder: Path, *words: str, answers: Sequence[str] = (), without: str = "", **variables: str) -> str:
    """Everything that was shown to somebody who answers what he is asked, and then presses a key whenever it is still.

    `without` is a variable that is not set.
    """
    mine, theirs = pty.openpty()
    environment = {**os.environ, **SECRETS, **WORD, "VENDING_DATA": str(folder), "TERM": "xterm", **variables}
    environment.pop(without, None)
    left = list(answers)
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
                elif left and shown.endswith(b": "):
                    os.write(mine, f"{left.pop(0)}\n".encode())
                elif not left:
                    os.write(mine, b" ")
        except OSError:
            pass  # the terminal is closed with the program
        finally:
            os.close(mine)
    assert process.returncode == 0, shown.decode()
    return shown.decode()


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


def test_the_new_passphrase_of_a_lost_vault_is_typed_twice_and_is_never_empty(office: Call, tmp_path: Path) -> None:
    out = tmp_path / "shares"
    out.mkdir()
    words = [word for name in ("Ann", "Bo") for word in ("--custodian", name, "--out", f"{name}={out / name}")]
    assert (
        office("keys", "split", "--version", "1", *words, "--one-folder", "--approve", "supervisor", **WORD).code == 0
    )
    shares = "\n".join((out / name).read_text().splitlines()[3] for name in ("Ann", "Bo"))
    vault = tmp_path / "office" / "vault.sealed"
    vault.unlink()
    empty = office("keys", "join", VENDING_KEY_SHARES=shares, VENDING_VAULT_PASSPHRASE="")
    assert (empty.code, empty.refusal, vault.exists()) == (1, "secret-weak", False)
    shown = at_a_terminal(
        tmp_path / "office",
        *("keys", "join"),
        answers=("", "three quiet words", "three quiet worms", "four quiet words", "four quiet words"),
        without="VENDING_VAULT_PASSPHRASE",
        VENDING_KEY_SHARES=shares,
    )
    assert shown.count("do not match") == 1
    assert "quiet" not in shown
    assert office("keys", "show", VENDING_VAULT_PASSPHRASE="four quiet words").code == 0


def test_a_new_secret_of_somebody_is_typed_twice(office: Call, tmp_path: Path) -> None:
    shown = at_a_terminal(
        tmp_path / "office",
        *("operator", "secret", "cashier", "--operator", "admin", "--approve", "supervisor"),
        answers=("135791", "135792", "975318", "975318"),
        without="VENDING_NEW_SECRET",
    )
    assert shown.count("do not match") == 1
