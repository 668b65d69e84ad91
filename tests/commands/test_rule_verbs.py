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


def test_a_rule_is_set_by_two_and_told(office: Call, tmp_path: Path) -> None:
    words = ("office", "set", "--drawer-most", "500", "--low-cards", "5")
    assert office(*words).refusal == "approval-needed"
    assert office(*words, "--approve", "supervisor").refusal == "approval-self"
    assert office(*words, "--operator", "technician", "--approve", "admin").refusal == "permission-denied"
    kept = office(*words, "--approve", "admin").answer
    assert (kept["limits"]["drawer_most_minor"], kept["limits"]["low_cards"]) == (500_00, 5)
    assert office(*words, "--approve", "admin").refusal == "rule-same"
    (change,) = office("office", "changes").answer["changes"]
    assert (change["subject"], change["operator"], change["approver"]) == ("limits", "supervisor", "admin")
    assert (change["before"]["low_cards"], change["after"]["low_cards"]) == (20, 5)


def test_lines_logo_holidays_and_demands_are_set_one_by_one(office: Call, tmp_path: Path) -> None:
    picture = tmp_path / "logo.png"
    picture.write_bytes(a_png())
    two = ("--approve", "admin")
    office("office", "set", "--above", "Welcome", "--above", "to us", *two)
    office("office", "logo", str(picture), *two)
    office("office", "holidays", "add", "2027-01-01", "New Year", *two)
    office("office", "demand", "cashier", "drawer", *two)
    shown = office("office", "show").answer
    assert shown["receipt"]["above"] == ["Welcome", "to us"]
    assert len(shown["receipt"]["logo"]) == 64
    assert shown["calendar"]["holidays"] == [["2027-01-01", "New Year"]]
    assert shown["approvals"] == {"demanded": ["cashier:drawer"]}
    picture.write_bytes(b"no picture")
    assert office("office", "logo", str(picture), *two).refusal == "logo-refused"
    assert office("office", "set", "--above", "x", "--low-cards", "3", *two).refusal == "usage"
    assert office("drawer", "--reason", "change").refusal == "approval-needed"
    assert office("ledger", "verify").answer["ok"] is True


def test_a_setting_from_the_command_line_is_told_by_nobody(office: Call) -> None:
    office("settings", "reader", "ACR39")
    (change,) = office("office", "changes").answer["changes"]
    assert (change["subject"], change["operator"]) == ("desk-1", None)
    assert (change["before"], change["after"]) == ({"reader": ""}, {"reader": "ACR39"})
    assert "password" not in json.dumps(change)
