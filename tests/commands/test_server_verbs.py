"""An office whose books are on a server: made, joined, worked with and proved from the command line."""

from __future__ import annotations

import json
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.conftest import Call
from tests.postgres import Server

PASSWORD = "a-password-of-the-server"


@pytest.fixture
def address(server: Server) -> Iterator[str]:
    with server.database() as database:
        yield server.url(database, user=f"postgres:{PASSWORD}")


def test_an_office_on_a_server_is_made_joined_and_proved(call: Call, address: str, tmp_path: Path) -> None:
    assert call("init", "--sample", "--ledger", address).code == 0
    assert not (tmp_path / "office" / "ledger.sqlite3").exists()
    assert call("shift", "open", "--float", "50.00").answer["shift"] == 1
    assert len(call("supplies").answer["supplies"]) == 20

    second = tmp_path / "second"
    second.mkdir()
    shutil.copy(tmp_path / "office" / "vault.sealed", second)
    for key, value in (("desk", "2"), ("ledger", address)):
        assert call("settings", key, value, VENDING_DATA=str(second)).code == 0
    opened = call("shift", "open", "--float", "20.00", VENDING_DATA=str(second)).answer
    assert (opened["shift"], opened["desk"]) == (2, 2)

    proof = call("ledger", "verify").answer
    assert (proof["ok"], proof["money_minor"]["safe"]) == (True, -70_00)
    assert call("ledger", "migrate").answer["steps"] == []
    assert call("init", "--sample", "--ledger", address).refusal == "ledger-exists"


def test_the_password_of_a_server_is_shown_nowhere_and_kept_for_its_owner_only(
    call: Call, address: str, tmp_path: Path
) -> None:
    said = [call("init", "--sample", "--ledger", address), call("settings"), call("settings", "ledger", "x" + address)]
    said.append(call("settings", "ledger", address.replace("host=", "no_such_option=1&host=")))
    said.append(call("ledger", "verify"))
    assert [called.code for called in said] == [0, 0, 1, 3, 0], "an address that leads nowhere is not kept"
    assert not [called for called in said if PASSWORD in called.out + called.err]
    kept = tmp_path / "office" / "settings.json"
    assert PASSWORD in json.loads(kept.read_text())["ledger"]
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_server_without_books_or_without_answer_is_told_apart(call: Call, address: str, tmp_path: Path) -> None:
    (tmp_path / "office").mkdir()
    assert call("settings", "ledger", address).refusal == "ledger-missing"
    nowhere = f"postgresql://desk@/office?host={tmp_path}"
    assert call("settings", "ledger", nowhere).refusal == "ledger-server-gone"
    assert call("ledger", "migrate", "--ledger", address).refusal == "ledger-missing"
    assert call("init", "--sample", "--ledger", nowhere).refusal == "ledger-server-gone"
    assert not (tmp_path / "office" / "vault.sealed").exists()


def test_an_office_is_moved_to_a_server_and_back(call: Call, address: str, tmp_path: Path) -> None:
    assert call("init", "--sample").code == 0
    office, back = str(tmp_path / "office"), str(tmp_path / "back.sqlite3")
    there = call("ledger", "copy", "--from", office, "--to", address)
    assert (there.code, there.answer["ok"]) == (0, True)
    assert PASSWORD not in there.out
    assert call("settings", "ledger", address).code == 0
    assert call("shift", "open", "--float", "50.00").answer["shift"] == 1
    moved = call("ledger", "copy", "--from", address, "--to", back).answer
    assert (moved["ok"], moved["money_minor"]["till:1"]) == (True, 50_00)
    assert call("ledger", "copy", "--from", back, "--to", address).refusal == "ledger-exists"
