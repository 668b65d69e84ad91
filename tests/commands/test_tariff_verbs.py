"""Tariffs from the command line, put in force by two people and never for the past; and the history of people."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

from tests.commands.conftest import Call


def test_prices_are_tried_and_put_in_force_by_two_people(office: Call, tmp_path: Path) -> None:
    file, soon = tmp_path / "h2.json", (date.today() + timedelta(days=40)).isoformat()
    body = office("tariff", "template").answer
    file.write_text(json.dumps({**body, "valid_from": soon}))
    given = ("tariff", "preview", "--file", str(file), "--buying", "1200")
    tried = office(*given).answer
    assert [line["energy_wh"] for line in tried["households"]] == [50_000, 100_000, 300_000, 600_000, 1_200_000]
    told = tried["households"][2]
    # By hand: 1.80 + 60 × 0.105 + 90 × 0.148 + 150 × 0.215 = 53.67, with 8 % VAT 57.96.
    assert told["then"] == {"total_minor": 5796, "refused": None}
    assert "57.96" in told["says"]
    assert office("tariff", "preview", "--file", str(tmp_path / "none")).refusal == "file-unreadable"
    put = ("tariff", "put", "--file", str(file))
    assert office(*put).refusal == "approval-needed"
    approval = {"VENDING_APPROVAL_PASSWORD": "246810"}
    assert office(*put, "--approve", "supervisor", **approval).refusal == "approval-self"
    (newest, *_) = office(*put, "--approve", "admin", **approval).answer["versions"]
    assert newest["tariff"] == {**body, "valid_from": soon}
    assert (newest["operator"], newest["approver"]) == ("supervisor", "admin")
    assert office(*put, "--approve", "admin", **approval).refusal == "tariff-exists"
    listed = {each["code"]: each for each in office("tariff", "list").answer["tariffs"]}
    assert (listed["H2"]["next_from"], listed["H2"]["supplies"] > 0) == (soon, True)
    back = ("tariff", "withdraw", "H2", "--from", soon)
    assert office(*back).refusal == "approval-needed"
    # The template has a card fee and the prices before it have none: what is right is entered first.
    assert office(*back, "--approve", "admin", **approval).refusal == "tariff-fee-differs"
    later = (date.today() + timedelta(days=41)).isoformat()
    file.write_text(json.dumps({**body, "valid_from": later}))
    assert office(*put, "--approve", "admin", **approval).code == 0
    left = {each["code"]: each for each in office(*back, "--approve", "admin", **approval).answer["tariffs"]}
    assert (left["H2"]["next_from"], left["H2"]["withdrawn"]) == (later, [soon])
    assert office(*back, "--approve", "admin", **approval).refusal == "tariff-missing"
    (told_of, *_) = office("office", "changes").answer["changes"]
    assert (told_of["subject"], told_of["approver"]) == (f"withdrawn:H2:{soon}", "admin")
    assert office("ledger", "verify").answer["ok"]
    # Refused with the field of the file, and with the first day that is not the past.
    for changed, code, said in (
        ({"fixed_per_month_minor": 1.8}, "tariff-refused", "fixed_per_month_minor"),
        ({"valid_from": date.today().isoformat()}, "tariff-not-ahead", "never changed"),
    ):
        file.write_text(json.dumps({**body, **changed}))
        refused = office("tariff", "preview", "--file", str(file))
        assert (refused.code, refused.refusal) == (1, code)
        assert said in refused.answer["error"]["sentence"]


def test_what_was_changed_about_somebody_is_told(office: Call) -> None:
    assert office("operator", "change", "cashier", "--full-name", "Ana Lind").code == 0
    told = office("operator", "history", "cashier").answer["changes"]
    assert [(each["by"], each["change"]) for each in told] == [("admin", "change"), (None, "add")]
    assert (told[0]["before"]["full_name"], told[0]["after"]["full_name"]) == ("Ana Moreau", "Ana Lind")
    listed = {each["operator"]: each["last_let_in"] for each in office("operator", "list").answer["operators"]}
    assert listed["technician"] is None
    assert listed["admin"] is not None
