"""What a desk may sell, from the command line: granted, taken from a file, shown."""

from __future__ import annotations

from pathlib import Path

from tests.commands.conftest import SECRETS, Call

WORD = {"VENDING_APPROVAL_PASSWORD": SECRETS["VENDING_PASSWORD"]}
GRANT = ("allowance", "grant", "--desk", "1", "--energy", "500", "--until", "2199-12-31")


def test_a_grant_holds_at_once_and_a_lifted_limit_is_none(office: Call) -> None:
    assert office("allowance", "show").answer == {
        "desk": 1,
        "is_limited": False,
        **dict.fromkeys(("number", "energy_wh", "used_wh", "left_wh", "until", "granted_at")),
    }
    assert office(*GRANT).refusal == "approval-needed"
    below = ("allowance", "grant", "--desk", "1", "--energy=-5", "--until", "2199-12-31")
    assert office(*below, "--approve", "admin", **WORD).refusal == "allowance-amount"
    granted = office(*GRANT, "--approve", "admin", **WORD).answer
    assert (granted["is_limited"], granted["left_wh"], granted["until"]) == (True, 500_000, "2199-12-31")
    assert office("allowance", "show", "--operator", "cashier").answer == granted
    assert office("allowance", "grant", "--desk", "1", "--no-limit", "--approve", "admin", **WORD).code == 0
    assert not office("allowance", "show").answer["is_limited"]
    assert office("ledger", "verify").answer["ok"]


def test_a_grant_in_a_file_is_entered_once_and_not_if_it_was_changed(office: Call, tmp_path: Path) -> None:
    file, changed = tmp_path / "grant.txt", tmp_path / "changed.txt"
    assert office(*GRANT, "--out", str(file), "--number", "1", "--approve", "admin", **WORD).answer["file"] == str(file)
    assert not office("allowance", "show").answer["is_limited"], "it is only written"
    changed.write_text(file.read_text().replace("energy_wh=500000", "energy_wh=900000"))
    take = ("allowance", "take", "--approve", "admin")
    assert office(*take, str(changed), **WORD).refusal == "allowance-refused"
    assert office(*take, str(file), **WORD).answer["left_wh"] == 500_000
    assert office(*take, str(file), **WORD).refusal == "allowance-refused"


def test_a_desk_with_books_of_its_own_is_granted_more_by_a_second_file(office: Call, tmp_path: Path) -> None:
    """Its books alone know the number of its last grant; the head office, which enters none, is told it."""
    word = ("--approve", "admin")
    for number in ("1", "2"):
        file = str(tmp_path / f"grant-{number}.txt")
        made = office(*GRANT, "--out", file, "--number", number, *word, **WORD)
        assert made.answer["number"] == int(number)
    for number in ("1", "2"):
        taken = office("allowance", "take", str(tmp_path / f"grant-{number}.txt"), *word, **WORD).answer
        assert (taken["number"], taken["left_wh"]) == (int(number), 500_000)
    assert office("allowance", "take", str(tmp_path / "grant-1.txt"), *word, **WORD).refusal == "allowance-refused"


def test_a_limited_desk_does_not_become_another_one(office: Call) -> None:
    word = ("--approve", "admin")
    assert office(*GRANT, *word, **WORD).code == 0
    assert office("settings", "desk", "2").refusal == "desk-limited"
    assert office("settings", "ledger", "postgresql://nobody@127.0.0.1:9/none").refusal == "desk-limited"
    assert office("settings").answer["settings"]["desk"] == 1
    assert office("allowance", "grant", "--desk", "1", "--no-limit", *word, **WORD).code == 0
    assert office("settings", "desk", "2").answer["settings"]["desk"] == 2


def test_half_a_grant_is_no_command(office: Call) -> None:
    for words in (
        GRANT[:6],
        (*GRANT, "--no-limit"),
        GRANT[:4],
        (*GRANT, "--number", "2"),
        (*GRANT, "--out", "grant.txt"),
    ):
        assert office(*words).refusal == "usage"
