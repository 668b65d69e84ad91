"""Keeping the people of an office from the command line."""

from __future__ import annotations

import json
from pathlib import Path

from tests.commands.conftest import SECRETS, Call

PIN, OTHER_PIN = "482915", "730264"
PHRASE = "the ferry leaves at noon"


def test_a_new_cashier_chooses_her_own_pin_and_then_works(office: Call) -> None:
    added = office("operator", "add", "maria", "--role", "cashier", "--full-name", "Maria Osei", VENDING_NEW_SECRET=PIN)
    assert added.answer["operator"] == {
        "operator": "maria",
        "full_name": "Maria Osei",
        "role": "cashier",
        "is_active": True,
        "must_change": True,
    }
    opening = ("shift", "open", "--float", "1", "--operator", "maria")
    assert office(*opening, VENDING_PASSWORD=PIN).refusal == "secret-must-change"
    own = {"VENDING_PASSWORD": PIN, "VENDING_NEW_SECRET": OTHER_PIN}
    assert office("operator", "secret", "maria", "--operator", "maria", **own).code == 0
    assert office(*opening, VENDING_PASSWORD=PIN).refusal == "login-refused"
    assert office(*opening, VENDING_PASSWORD=OTHER_PIN).code == 0
    assert office("ledger", "verify").answer["ok"]


def test_who_is_locked_is_listed_and_comes_in_again_when_unlocked(office: Call) -> None:
    opening = ("shift", "open", "--float", "1")
    assert office("operator", "lock", "cashier").code == 0
    assert office(*opening).refusal == "login-locked"
    listed = office("operator", "list").answer["operators"]
    assert {one["operator"]: one["is_active"] for one in listed} == {
        "cashier": False,
        "supervisor": True,
        "technician": True,
        "admin": True,
    }
    assert office("operator", "unlock", "cashier").code == 0
    assert office(*opening).code == 0


def test_only_an_administrator_keeps_people_and_the_last_one_stays(office: Call) -> None:
    for words in (("list",), ("lock", "cashier"), ("change", "cashier", "--role", "supervisor")):
        assert office("operator", *words, "--operator", "supervisor").refusal == "permission-denied"
    assert office("operator", "lock", "admin").refusal == "operator-last"
    assert office("operator", "change", "admin", "--role", "cashier").refusal == "operator-last"


def test_one_administrator_brings_no_prices_in_force_by_way_of_another_name(office: Call) -> None:
    """He enters a supervisor, or opens the word of the one there is, and approves with it."""
    sup2 = ("operator", "add", "sup2", "--role", "supervisor", "--full-name", "Second Eyes")
    new = {"VENDING_NEW_SECRET": PHRASE}
    assert office(*sup2, **new).refusal == "approval-needed"
    for words in (("secret", "supervisor"), ("change", "cashier", "--role", "supervisor")):
        assert office("operator", *words, **new).refusal == "approval-needed"
    word = {"VENDING_APPROVAL_PASSWORD": SECRETS["VENDING_PASSWORD"], **new}
    own = office("operator", "secret", "supervisor", "--approve", "supervisor", **word)
    assert own.refusal == "approval-self"
    assert office(*sup2, "--approve", "supervisor", **word).answer["operator"]["role"] == "supervisor"
    assert office("ledger", "verify").answer["ok"]


def test_a_changed_role_holds_and_wants_another_kind_of_secret(office: Call) -> None:
    changed = office("operator", "change", "cashier", "--role", "technician", "--full-name", "Ana Lind").answer
    assert (changed["operator"]["role"], changed["operator"]["must_change"]) == ("technician", True)
    weak = office("operator", "secret", "cashier", "--operator", "cashier", VENDING_NEW_SECRET=PIN)
    assert weak.refusal == "secret-weak"
    assert office("operator", "secret", "cashier", "--operator", "cashier", VENDING_NEW_SECRET=PHRASE).code == 0
    opening = ("shift", "open", "--float", "1")
    assert office(*opening, VENDING_PASSWORD=PHRASE).refusal == "permission-denied"


def test_in_an_office_of_ones_own_everybody_chooses_his_secret_first(call: Call, tmp_path: Path) -> None:
    description = json.loads((Path(__file__).parents[2] / "resources" / "sample-office.json").read_text())
    own = tmp_path / "own.json"
    own.write_text(json.dumps(description))
    assert call("init", "--office", str(own)).code == 0
    assert call("operator", "list").refusal == "secret-must-change"


def test_an_office_without_an_administrator_is_not_made(call: Call, tmp_path: Path) -> None:
    description = json.loads((Path(__file__).parents[2] / "resources" / "sample-office.json").read_text())
    description["operators"] = [one for one in description["operators"] if one["role"] != "administrator"]
    own = tmp_path / "own.json"
    own.write_text(json.dumps(description))
    assert call("init", "--office", str(own)).refusal == "file-unreadable"
