"""Backup, loss, restore and the way back to selling, as another program calls it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.commands.conftest import SECRETS, Call
from vending_app import app
from vending_app.keeping.backups import listed


def test_an_office_comes_back_from_its_backup_and_sells_only_when_it_is_settled(call: Call, tmp_path: Path) -> None:
    key, new = tmp_path / "key.txt", tmp_path / "new"
    assert call("init", "--sample", "--recovery-key", str(key)).answer["recovery_key_file"] == str(key)
    assert key.stat().st_mode & 0o077 == 0
    assert call("shift", "open", "--float", "100.00").code == 0
    made = call("backup", "now").answer
    assert call("backup", "list").answer["backups"][0]["file"] == made["file"]
    assert call("backup", "verify", made["file"], "--key", str(key)).answer["opened"] is True
    shutil.rmtree(tmp_path / "office" / "receipts", ignore_errors=True)
    told = call("backup", "restore", made["file"], "--key", str(key), "--to", str(new)).answer
    assert set(told["files"]) == {"ledger.sqlite3", "settings.json", "vault.sealed", "recovery.pub"}
    here = {"VENDING_DATA": str(new)}
    assert call("restore", "status", **here).answer["last_receipts"] == [{"receipt": "1-000000", "mark": ""}]
    assert call("restore", "check", "--receipt", "1-000004", **here).answer["receipts"][0]["found"] == "later"
    assert call("restore", "finish", "--last", "1-0", "--operator", "cashier", **here).refusal == "permission-denied"
    assert call("restore", "finish", "--last", "1-4", **here).answer == {
        "lost": [{"first": "1-000001", "last": "1-000004"}]
    }
    assert call("restore", "status", **here).answer == {"restored": False}
    assert call("ledger", "verify", **here).answer["ok"] is True


def test_a_shift_that_closes_leaves_a_backup(office: Call, tmp_path: Path) -> None:
    assert office("shift", "open", "--float", "100.00").code == 0
    assert office("shift", "close", "--counted", "100.00").code == 0
    assert len(listed(tmp_path / "office" / "backups")) == 1


def test_the_recovery_key_is_shown_once_and_made_once(office: Call, call: Call, tmp_path: Path) -> None:
    assert office("backup", "key").refusal == "recovery-key-exists"
    (tmp_path / "office" / "recovery.pub").unlink()
    assert office("backup", "now").refusal == "recovery-key-missing"
    assert len(office("backup", "key").answer["recovery_key"].split("-")) == 13
    assert office("backup", "now").code == 0


def test_a_folder_that_cannot_be_written_stops_no_sale(office: Call, tmp_path: Path) -> None:
    (tmp_path / "stick").write_text("")
    assert office("settings", "backup_folder", str(tmp_path / "stick")).code == 0
    assert office("backup", "now").refusal == "backup-failed"
    assert office("shift", "open", "--float", "1.00").code == 0
    assert office("shift", "close", "--counted", "1.00").code == 0


def test_an_old_file_put_back_without_the_verb_is_found_at_the_next_start(tmp_path: Path, office: Call) -> None:
    ledger, old = tmp_path / "office" / "ledger.sqlite3", tmp_path / "old"
    shutil.copy(ledger, old)
    assert office("shift", "open", "--float", "100.00").code == 0
    assert office("backup", "now").code == 0
    shutil.copy(old, ledger)
    secret = SECRETS["VENDING_VAULT_PASSPHRASE"]
    with app.open_office(tmp_path / "office", passphrase=lambda: secret) as opened:
        pending = opened.ledger.restoration()
    assert pending is not None
    assert pending.last_receipts[0].number == 0
    assert office("restore", "finish", "--last", "1-0").code == 0
    with app.open_office(tmp_path / "office", passphrase=lambda: secret) as opened:
        assert opened.ledger.restoration() is None


@pytest.mark.parametrize("verb", [("verify",), ("restore", "--to", "elsewhere")])
def test_a_file_that_is_no_backup_is_refused(office: Call, tmp_path: Path, verb: tuple[str, ...]) -> None:
    (tmp_path / "other").write_text("not a backup")
    (tmp_path / "key").write_text("not a key")
    words = ["backup", verb[0], str(tmp_path / "other"), *verb[1:]]
    found = office(*words, *(["--key", str(tmp_path / "key")] if verb[0] == "restore" else []))
    assert found.refusal == ("recovery-key-wrong" if verb[0] == "restore" else "backup-damaged")


def test_the_example_table_is_entered_and_a_spoilt_one_is_told_row_by_row(office: Call, tmp_path: Path) -> None:
    example = Path("resources/supplies-example.csv")
    assert office("import", str(example), "--dry-run").answer == {"rows": 3, "entered": False, "bad": []}
    assert office("import", str(example), "--operator", "supervisor").refusal == "permission-denied"
    assert office("import", str(example)).answer["entered"] is True
    assert len(office("supplies", "diallo").answer["supplies"]) == 2
    again = office("import", str(example))
    assert again.code == 1
    assert {bad["reason"] for bad in again.answer["bad"]} == {"in-books", "meter-used"}
    (tmp_path / "other.csv").write_bytes(b"\x00\x01 no table")
    assert office("import", str(tmp_path / "other.csv")).refusal == "table-unreadable"
    assert office("ledger", "verify").answer["ok"] is True


def test_the_books_are_given_away_by_a_supervisor_only(office: Call, tmp_path: Path) -> None:
    assert office("export", "--to", str(tmp_path / "out"), "--operator", "cashier").refusal == "permission-denied"
    assert not (tmp_path / "out").exists()
    assert office("export", "--to", str(tmp_path / "out")).answer["rows"]["supplies"] == 20
    assert office("export", "--to", str(tmp_path / "out")).refusal == "folder-taken"
