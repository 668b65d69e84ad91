"""The technician's verbs that need no reader; those at the reader are in the loop over a real pcscd."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.conftest import SECRETS, Call
from tests.documents.reading import lines

SUPPLY, METER = "00417726", "000087654321"
APPROVED = ("--approve", "supervisor")
APPROVAL = {"VENDING_APPROVAL_PASSWORD": SECRETS["VENDING_PASSWORD"]}
BUYER = ("--name", "Lena Hoffmann", "--address", "3 Quay Road")


@pytest.fixture
def stocked(office: Call) -> Call:
    """One meter waits in stock."""
    added = office("meter-stock", "add", METER, "--model", "RM-2", "--constant", "800", "--phases", "3", "--ct", "20")
    (meter,) = added.answer["stock"]
    assert (meter["meter"], meter["phases"], meter["ct_ratio"]) == (METER, 3, 20)
    return office


def test_a_new_supply_has_the_meter_from_stock_and_the_limits_that_were_named(stocked: Call) -> None:
    assert stocked("supply", "area", "E1", "--name", "Eastfield", "--transformer", "T7").answer["areas"] == [
        {"area": "E1", "name": "Eastfield", "transformer": "T7"}
    ]
    terms = ("--tariff", "H2", "--area", "E1", "--ends", "2027-11-30", "--overload", "4.5", "--alarm-1", "30")
    entered = stocked("supply", "new", *BUYER, "--meter", METER, *terms)
    assert (entered.code, entered.answer["state"]) == (0, "prepared")
    shown = stocked("supply", "show", entered.answer["supply"]).answer
    assert (shown["area"], shown["ends_on"], shown["meter"]["constant_imp_per_kwh"]) == ("E1", "2027-11-30", 800)
    assert shown["limits"] == {
        "alarm_1_wh": 30_000,
        "alarm_2_wh": 5_000,
        "overload_w": 4_500,
        "overdraft_wh": 0,
        "hoarding_wh": 5_000_000,
    }
    assert stocked("meter-stock", "list").answer["stock"] == []
    assert stocked("supply", "new", *BUYER, "--meter", METER, "--tariff", "H2").refusal == "meter-installed"
    assert stocked("ledger", "verify").answer["ok"] is True


def test_a_known_customer_is_taken_by_his_number(stocked: Call) -> None:
    known = stocked("supply", "customer", *BUYER, "--phone", "0170").answer["customer"]
    entered = stocked("supply", "new", "--customer", known, "--meter", METER, "--tariff", "H2").answer
    assert (entered["customer"]["name"], entered["customer"]["phone"]) == ("Lena Hoffmann", "0170")
    stranger = stocked("supply", "change", SUPPLY, "--customer", "C999999", "--reason", "moved in")
    assert stranger.refusal == "customer-unknown"
    corrected = ("supply", "customer", "--number", known, *BUYER)
    assert stocked(*corrected).refusal == "reason-missing"
    assert stocked(*corrected, "--reason", "new phone").answer["phone"] == ""


def test_what_is_changed_is_named_and_the_rest_stays(office: Call) -> None:
    before = office("supply", "show", SUPPLY).answer
    change = ("supply", "change", SUPPLY, "--reason", "smaller fuse")
    after = office(*change, "--overload", "4.5", "--share", "30", "--ends", "2030-01-31").answer
    assert after["limits"] == before["limits"] | {"overload_w": 4_500}
    assert (after["arrears_share_percent"], after["ends_on"]) == (30, "2030-01-31")
    assert (after["tariff"], after["area"]) == (before["tariff"], before["area"])
    assert office(*change, "--ends", "").answer["ends_on"] is None
    assert office(*change, "--alarm-2", "50", "--alarm-1", "20").refusal == "record-refused"
    assert office(*change, "--ends", "soon").code == 2
    assert office(*change, "--state", "suspended").answer["state"] == "suspended"
    noted = office("supply", "note", SUPPLY, "the dog bites").answer["events"]
    assert [event["text"] for event in noted if event["kind"] == "note"] == ["the dog bites"]


def test_a_supply_is_closed_by_two_people_with_what_its_display_shows(office: Call) -> None:
    assert office("supply", "stake", SUPPLY, "--purchases", "9").answer["stake"] == "impossible"
    assert office("supply", "stake", SUPPLY, "--remaining", "9").answer["stake"] == "impossible"
    reading = ("--how", "hand", "--used", "12.5", "--left", "-12.5")
    left = office("supply", "left", SUPPLY, *reading).answer
    assert left["reading"] == {"how": "hand", "used_total_wh": 12_500, "remaining_wh": -12_500}
    assert (left["on_card_wh"], left["is_loose"]) == (0, False)
    assert sum(line["amount_minor"] for line in left["lines"]) == left["price_minor"] < 0
    more = ("--how", "hand", "--used", "12.5", "--left", "-2")
    assert office("supply", "left", SUPPLY, *more).refusal == "reading-beyond"
    assert office("supply", "left", SUPPLY, "--how", "hand").refusal == "usage"
    assert office("supply", "left", SUPPLY, "--used", "3").refusal == "usage"
    close = ("supply", "close", SUPPLY, *reading, "--reason", "moved away")
    assert office(*close).refusal == "approval-needed"
    closed = office(*close, *APPROVED, **APPROVAL).answer
    assert (closed["returned_wh"], closed["refund_due_minor"]) == (left["energy_wh"], 0)
    assert (closed["card"], closed["lines"]) == ("nothing", left["lines"])
    shown = office("supply", "show", SUPPLY).answer
    assert (shown["state"], shown["balance"]["loaded_after_end_wh"]) == ("closed", 0)
    assert office(*close, *APPROVED, **APPROVAL).refusal == "supply-closed"
    assert shown["waits_for_card_wh"] is None
    write_off = ("supply", "write-off", SUPPLY, "--meter-off", "--reason", "lost")
    assert office(*write_off).refusal == "approval-needed"
    assert office(*write_off, *APPROVED, **APPROVAL).refusal == "no-card-waited-for"
    assert office("ledger", "verify").answer["ok"] is True


def test_a_meter_that_shows_nothing_is_changed_by_an_estimate_of_two(stocked: Call) -> None:
    change = ("supply", "change-meter", SUPPLY, METER, "--reason", "display dark")
    guess = ("--how", "estimate", "--used", "0", "--left", "0")
    assert stocked(*change, *guess).refusal == "approval-needed"
    changed = stocked(*change, *guess, *APPROVED, **APPROVAL).answer
    assert (changed["new_meter"], changed["carried_wh"]) == (METER, 0)
    shown = stocked("supply", "show", changed["new_supply"]).answer
    assert (shown["before"], shown["state"]) == (SUPPLY, "prepared")
    assert stocked("supply", "show", SUPPLY).answer["after"] == changed["new_supply"]


def test_a_cashier_looks_and_changes_nothing(office: Call) -> None:
    cashier = ("--operator", "cashier")
    assert office("supply", "show", SUPPLY, *cashier).code == 0
    assert office("supply", "note", SUPPLY, "x", *cashier).refusal == "permission-denied"
    assert office("meter-stock", "list", *cashier).refusal == "permission-denied"
    assert office("supply", "show", "99999999").refusal == "supply-unknown"


def test_a_card_is_not_reissued_without_the_service(office: Call) -> None:
    reissue = ("supply", "reissue", SUPPLY, "--why", "lost")
    assert office(*reissue, "--id", "short").refusal == "usage"
    assert office(*reissue, PCSCLITE_CSOCK_NAME="/nonexistent").refusal == "pcsc-no-service"


def test_the_slip_of_a_procedure_is_written_by_its_row(office: Call, tmp_path: Path) -> None:
    paper = tmp_path / "slip.pdf"
    assert office("supply", "change", SUPPLY, "--overload", "4.5", "--reason", "smaller fuse").code == 0
    assert office("supply", "change", SUPPLY, "--share", "35", "--reason", "agreed").code == 0
    events = office("supply", "show", SUPPLY).answer["events"]
    fuse, share = (event["row"] for event in events if event["has_slip"])
    told = office("supply", "slip", SUPPLY, "--pdf", str(paper)).answer
    assert (told["slip"], told["pdf"], told["printer"]) == (f"Slip-{SUPPLY}-{share}", str(paper), None)
    assert any("now 35 %" in line for line in lines(paper.read_bytes()))
    assert office("supply", "slip", SUPPLY, "--row", str(fuse), "--pdf", str(paper)).code == 0
    assert any("now 4.50 kW" in line for line in lines(paper.read_bytes()))
    assert office("supply", "slip", SUPPLY, "--row", "1").refusal == "procedure-unknown"
    assert office("supply", "slip", "99999999").refusal == "supply-unknown"
    assert office("supply", "slip", SUPPLY, "--operator", "cashier").refusal == "permission-denied"
    assert office("tool", "slip", "1").refusal == "tool-card-unknown"
