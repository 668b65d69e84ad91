"""The counter sale end to end on the command line: a real pcscd, an emulated card, the reference meter."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import SECRETS, Call
from vending_app.bench.private_pcscd import NotPossibleHere, require_possible

Steps = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("loop")


@pytest.fixture(scope="module")
def steps(folder: Path) -> Steps:
    """Every step's exit code and answer, by its name."""
    try:
        require_possible()
    except NotPossibleHere as missing:
        pytest.skip(f"no private pcscd on this machine: {missing}")
    environment = {**os.environ, **SECRETS, "VENDING_DATA": str(folder / "office")}
    python = sys.executable
    for words in (["init", "--sample"], ["shift", "open", "--float", "100.00"]):
        subprocess.run([python, "-m", "vending_app", *words], env=environment, check=True, stdout=subprocess.DEVNULL)
    command = [
        python,
        "-m",
        "vending_app.bench.private_pcscd",
        "--",
        python,
        "-m",
        "tests.commands.loop_inside",
        str(folder),
    ]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=240)
    assert run.returncode == 0, run.stdout + run.stderr
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    return {line["step"]: line for line in lines}


def test_the_readers_are_listed(steps: Steps) -> None:
    assert steps["readers"]["answer"]["readers"][0]["reader"] == "Virtual PCD 00 00"
    assert steps["no card"]["code"] == 1
    assert steps["no card"]["answer"]["error"]["code"] == "card-absent"


def test_a_blank_card_is_recognised_and_not_sold_to(steps: Steps) -> None:
    assert steps["blank"]["answer"]["verdict"] == "blank"
    assert steps["sell to blank"]["answer"]["error"]["code"] == "card-blank"
    assert steps["sell to blank"]["code"] == 1


def test_a_card_is_issued_once(steps: Steps) -> None:
    assert steps["issue"]["answer"]["state"] == "posted"
    assert steps["issue"]["answer"]["sequence"] == 1
    assert steps["issue again"]["answer"]["error"]["code"] == "supply-has-card"


def test_fifty_are_sold_with_change_and_a_receipt(steps: Steps, folder: Path) -> None:
    sold = steps["sell"]["answer"]
    assert (sold["state"], sold["amount_minor"], sold["change_minor"]) == ("posted", 5000, 5000)
    assert sum(line["amount_minor"] for line in sold["lines"]) == 5000
    assert sold["receipt"] == "1-000001"
    assert (folder / "receipt.pdf").read_bytes().startswith(b"%PDF-")


def test_the_same_id_sells_nothing_more(steps: Steps) -> None:
    first, again = steps["sell"]["answer"], steps["sell again"]["answer"]
    assert again["repeated"] is True
    told = ("sale", "state", "receipt", "amount_minor", "energy_wh", "sequence", "change_minor", "lines")
    assert [again[key] for key in told] == [first[key] for key in told]
    assert steps["recover"]["answer"] == {"resolved": [], "waiting": [], "give_back": []}


def test_the_meter_credits_uses_and_writes_back_and_the_card_brings_it_home(steps: Steps) -> None:
    sold, loaded, used = (steps[name]["answer"] for name in ("sell", "meter", "use"))
    assert loaded["decision"] == "credited"
    assert loaded["credited_wh"] == sold["energy_wh"]
    assert loaded["relay"] == "closed"
    assert used["remaining_wh"] == sold["energy_wh"] - 12_500
    assert steps["meter again"]["answer"]["decision"] == "nothing-new"
    shown = steps["show"]["answer"]
    assert shown["verdict"] == "ready"
    assert shown["order"]["sequence"] == 2
    assert shown["write_back"]["remaining_wh"] == sold["energy_wh"] - 12_500
    assert shown["write_back"]["used_total_wh"] == 12_500


def test_energy_is_sold_exactly_and_an_unknown_dialect_refused(steps: Steps) -> None:
    assert steps["sell energy"]["answer"]["energy_wh"] == 120_000
    assert steps["other dialect"]["answer"]["error"]["code"] == "reader-dialect"


def test_a_receipt_that_cannot_be_saved_is_said_and_the_sale_stands(steps: Steps) -> None:
    sold = steps["sell energy"]
    assert (sold["code"], sold["answer"]["state"]) == (0, "posted")
    assert sold["answer"]["receipt_file"] is None
    assert sold["answer"]["receipt_problem"] == "printer-failed"


def test_a_card_torn_while_it_is_written_exits_unknown_and_the_same_card_finishes_the_sale(steps: Steps) -> None:
    torn = steps["torn"]
    assert torn["code"] == 4
    assert torn["answer"]["error"]["code"] == "sale-in-doubt"
    assert torn["answer"]["error"]["sale"] == "01J8ZC5W9Q3T7V2X4N6M8K0H2G"
    assert steps["torn card"]["answer"]["verdict"] == "finish-sale"
    assert steps["sell to torn"]["answer"]["error"]["code"] == "sale-interrupted"
    resolved = steps["finish"]["answer"]["resolved"]
    assert [(r["sale"], r["state"]) for r in resolved] == [("01J8ZC5W9Q3T7V2X4N6M8K0H2G", "posted")]
    finished = steps["finished"]["answer"]
    assert (finished["repeated"], finished["state"]) == (True, "posted")
    assert steps["meter last"]["answer"]["credited_wh"] == finished["energy_wh"] + 120_000


def test_a_check_card_goes_out_and_comes_home(steps: Steps) -> None:
    torn, finished, again = (steps[name] for name in ("tool torn", "tool finished", "tool again"))
    assert (torn["code"], torn["answer"]["error"]["code"]) == (4, "tool-card-in-doubt")
    assert (finished["answer"]["finished"], finished["answer"]["state"]) == (True, "out")
    assert (again["code"], again["answer"]["mandate"]) == (0, finished["answer"]["mandate"])
    assert steps["meter takes the tool"]["answer"]["decision"] == "collected"
    assert steps["tool issued unread"]["answer"]["error"]["code"] == "tool-card-unread"
    assert steps["tool card shown"]["answer"]["verdict"] == "not-a-customer-card"
    [reading] = steps["tool read"]["answer"]["readings"]
    assert (reading["supply"], reading["outcome"], reading["is_new"]) == ("00417726", "counted", True)
    assert reading["write_back"]["used_total_wh"] == 12_500
    [known] = steps["tool read again"]["answer"]["readings"]
    assert known["is_new"] is False
    states = [card["state"] for card in steps["tool list"]["answer"]["cards"]]
    assert states == ["out", "anew"]


def test_a_sale_that_was_undone_is_not_told_as_sold(steps: Steps) -> None:
    assert steps["undone"]["answer"]["voided"] == steps["to be undone"]["answer"]["error"]["sale"]
    again = steps["undone again"]
    assert (again["code"], again["answer"]["error"]["code"]) == (1, "sale-voided")


def test_a_reversal_asked_for_again_is_paid_once(steps: Steps) -> None:
    first, again, otherwise = (steps[name] for name in ("reversal", "reversal again", "reversal otherwise"))
    assert first["answer"]["refund"]["amount_minor"] == 1000
    assert first["answer"]["due_minor"] == steps["reversal left due"]["answer"]["due_minor"] == 3000
    told = ("sale", "receipt", "refund", "due_minor")
    assert [again["answer"][key] for key in told] == [first["answer"][key] for key in told]
    assert (otherwise["code"], otherwise["answer"]["error"]["code"]) == (1, "sale-id-reused")


def test_a_lost_card_is_replaced_and_refused_and_the_meter_changed_by_its_write_back(steps: Steps) -> None:
    assert steps["stake"]["answer"]["stake"] == "nothing"
    assert steps["free alone"]["answer"]["error"]["code"] == "approval-needed"
    fresh, again = steps["reissue"]["answer"], steps["reissue again"]["answer"]
    assert (fresh["generation"], fresh["repeated"]) == (2, False)
    assert (again["card"], again["repeated"]) == (fresh["card"], True)
    assert steps["meter takes the new"]["answer"]["decision"] == "credited"
    assert steps["meter takes the new"]["answer"]["credited_wh"] == 0
    assert steps["meter refuses the old"]["answer"]["code"] == "E-05"
    changed, left = steps["change meter"]["answer"], steps["show the new"]["answer"]["write_back"]
    assert changed["reading"]["how"] == "card"
    assert changed["carried_wh"] == left["remaining_wh"]


def test_the_books_add_up_afterwards(steps: Steps) -> None:
    proof = steps["verify"]["answer"]
    assert proof["ok"] is True
    sold = steps["sell"]["answer"]["energy_wh"] + 120_000 + steps["finished"]["answer"]["energy_wh"]
    assert proof["energy_wh"]["office"] == -sold
    assert proof["energy_wh"]["used:00417726"] == 12_500


def test_repeating_init_changes_nothing(steps: Steps, folder: Path, call: Call) -> None:
    again = call("init", "--sample", VENDING_DATA=str(folder / "office"))
    assert (again.code, again.refusal) == (1, "ledger-exists")
