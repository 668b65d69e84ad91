"""The verb office: each rule takes two people, and what was changed is told with both."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from tests.commands.conftest import SECRETS, Call
from tests.documents.pictures import a_png


@pytest.fixture
def office(office: Call) -> Call:
    """With the secret of whoever approves at hand."""
    return partial(office, VENDING_APPROVAL_PASSWORD=SECRETS["VENDING_PASSWORD"])


def test_each_rule_is_set_by_two_people_and_told_with_both(office: Call, tmp_path: Path) -> None:
    """One long story, because each verb is a process of its own."""
    two = ("--approve", "admin")
    words = ("office", "set", "--drawer-most", "500", "--low-cards", "5")
    assert office(*words).refusal == "approval-needed"
    kept = office(*words, *two).answer
    assert (kept["limits"]["drawer_most_minor"], kept["limits"]["low_cards"]) == (500_00, 5)
    (tmp_path / "logo.png").write_bytes(a_png())
    office("office", "logo", str(tmp_path / "logo.png"), *two)
    office("office", "holidays", "add", "2027-01-01", "New Year", *two)
    shown = office("office", "demand", "cashier", "drawer", *two).answer
    assert len(shown["receipt"]["logo"]) == 64
    assert shown["calendar"]["holidays"] == [["2027-01-01", "New Year"]]
    assert shown["approvals"] == {"demanded": ["cashier:drawer"]}
    assert office("drawer", "--reason", "change").refusal == "approval-needed"
    office("office", "demand", "administrator", "operators", *two)
    lock = ("operator", "lock", "cashier")
    assert office(*lock).refusal == "approval-needed"
    assert office(*lock, "--approve", "supervisor").answer["operator"]["is_active"] is False
    assert office("office", "set", "--desk-name", "1", "Main hall", *two).answer["desks"] == {
        "names": [[1, "Main hall"]]
    }
    office("settings", "reader", "ACR39")
    (desk,) = office("office", "desks").answer["desks"]
    assert (desk["desk"], desk["name"], desk["chosen"]) == (1, "Main hall", {"reader": "ACR39"})
    assert desk["last_act"]
    told, *_, first = office("office", "changes").answer["changes"]
    assert (told["subject"], told["operator"], told["after"]) == ("desk-1", "technician", {"reader": "ACR39"})
    assert (first["subject"], first["operator"], first["approver"]) == ("limits", "supervisor", "admin")
    assert (first["before"]["low_cards"], first["after"]["low_cards"]) == (20, 5)


def test_how_a_desk_counts_and_when_it_locks_is_two_peoples_word(office: Call, tmp_path: Path) -> None:
    for key, value in (("blind_count", "no"), ("lock_minutes", "0")):
        assert office("settings", key, value).refusal == "usage"
    words = ("office", "set", "--blind-count", "no", "--lock-minutes", "20")
    assert office(*words).refusal == "approval-needed"
    kept = office(*words, "--approve", "admin").answer["limits"]
    assert (kept["blind_count"], kept["lock_minutes"]) == (False, 20)
    (told,) = office("office", "changes").answer["changes"]
    assert (told["operator"], told["approver"]) == ("supervisor", "admin")
    assert (told["before"]["lock_minutes"], told["after"]["lock_minutes"]) == (5, 20)
    assert (told["before"]["blind_count"], told["after"]["blind_count"]) == (True, False)
    assert office("office", "set", "--lock-minutes", "481", "--approve", "admin").refusal == "rule-refused"
    assert office("shift", "open", "--float", "10").code == 0
    assert office("shift", "x").answer["expected_minor"] == 10_00


def test_what_a_desk_chooses_by_command_line_is_told_with_who(office: Call, tmp_path: Path) -> None:
    assert office("settings", "dark", "yes", VENDING_PASSWORD="wrong").refusal == "login-refused"
    assert office("settings", "dark", "yes", "--operator", "cashier").refusal == "permission-denied"
    assert '"dark": true' not in (tmp_path / "office" / "settings.json").read_text()
    assert office("settings", "dark", "yes").answer["settings"]["dark"] is True
    (told,) = office("office", "changes").answer["changes"]
    assert (told["operator"], told["before"], told["after"]) == ("technician", {"dark": "no"}, {"dark": "yes"})


@pytest.mark.parametrize(
    ("key", "value"),
    [("drawer", "tcp:192.0.2.7:9100"), ("backup_copy", "stick"), ("vault_token", "desk"), ("desk", "3")],
)
def test_where_things_of_a_desk_are_is_told_with_who(office: Call, key: str, value: str) -> None:
    assert office("settings", key, value, VENDING_PASSWORD="wrong").refusal == "login-refused"
    assert office("settings", key, value, "--operator", "cashier").refusal == "permission-denied"
    assert str(office("settings").answer["settings"][key]) != value
    assert str(office("settings", key, value).answer["settings"][key]) == value
    (told,) = office("office", "changes").answer["changes"]
    assert (told["subject"], told["operator"], told["after"]) == ("desk-1", "technician", {key: value})


def test_an_address_that_leads_nowhere_is_put_right_by_whoever_has_the_machine(office: Call, tmp_path: Path) -> None:
    kept = tmp_path / "office" / "settings.json"
    nowhere = {**office("settings").answer["settings"], "ledger": f"postgresql://desk@/office?host={tmp_path}"}
    kept.write_text(json.dumps(nowhere))
    assert office("supplies").refusal == "ledger-server-gone"
    assert office("settings", "ledger", "").answer["settings"]["ledger"] == ""
    (told,) = office("office", "changes").answer["changes"]
    assert told["operator"] is None


def test_rules_are_given_one_by_one(call: Call) -> None:
    assert call("office", "set", "--above", "x", "--low-cards", "3").refusal == "usage"
