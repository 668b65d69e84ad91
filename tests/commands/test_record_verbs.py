"""Records that are looked up, meters that come back, and blank cards, from a command line."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from tests.commands.conftest import Call

SUPPLY, NEW = "00417726", "000087654321"


def test_records_are_found_and_shown_with_their_history(office: Call) -> None:
    found = office("record", "find", "customer", "okafor").answer
    ((amara,), more) = found["found"], found["has_more"]
    assert (amara["name"], amara["supply"], more) == ("Amara Okafor", SUPPLY, False)
    number = amara["customer"]
    whole = ("supply", "customer", "--number", number, "--name", "Amara Okafor", "--address", "14 Mill Lane")
    assert office(*whole, "--phone", "0170 1", "--reason", "new phone").code == 0
    shown = office("record", "show", "customer", number).answer
    (change,) = shown["changes"]
    assert (change["reason"], change["operator"], change["after"]["phone"]) == ("new phone", "technician", "0170 1")
    assert [each["supply"] for each in shown["of_supplies"]] == [SUPPLY]
    assert office("record", "show", "card", "999999999999").refusal == "card-unknown"
    assert office("record", "find", "card").answer == {"found": [], "has_more": False}


def test_a_removed_meter_comes_back_to_stock_and_no_other(office: Call) -> None:
    meter = office("supply", "show", SUPPLY).answer["meter"]["meter"]
    assert office("meter-stock", "add", NEW, "--model", "RM-2", "--make", "Reference").code == 0
    back = ("meter-stock", "return", meter, "--reading", "76.5", "--reason", "tested")
    assert office(*back).refusal == "meter-not-removed"
    change = ("supply", "change-meter", SUPPLY, NEW, "--reason", "dark", "--how", "hand", "--used", "0", "--left", "0")
    assert office(*change).code == 0
    answer = office(*back).answer
    assert (answer["state"], answer["initial_wh"], answer["supply"]) == ("stock", 76_500, SUPPLY)
    assert answer["changes"][0]["reason"] == "tested"
    assert [each["meter"] for each in office("meter-stock", "list").answer["stock"]] == [meter]
    assert office("ledger", "verify").answer["ok"] is True


def test_blank_cards_are_received_spoilt_and_counted(office: Call) -> None:
    assert office("card-stock", "show").answer["needs_count"] is True
    received = office("card-stock", "receive", "100", "--reference", "DN 4471").answer
    assert (received["here"], received["office"], received["is_counted"], received["is_low"]) == (100, 100, True, False)
    assert office("card-stock", "spoil", "3", "--reason", "bent").answer["here"] == 97
    assert office("card-stock", "count", "19").refusal == "reason-missing"
    counted = office("card-stock", "count", "19", "--reason", "a box is missing", "--operator", "supervisor").answer
    assert (counted["here"], counted["is_low"]) == (19, True)
    assert [(move["verb"], move["change"], move["operator"]) for move in counted["moves"]] == [
        ("count", -78, "supervisor"),
        ("spoil", -3, "technician"),
        ("receive", 100, "technician"),
    ]
    assert office("card-stock", "receive", "0").refusal == "record-refused"
    assert office("card-stock", "receive", "5", "--operator", "cashier").refusal == "permission-denied"
    assert office("ledger", "verify").answer["ok"] is True


def test_readings_of_a_feeder_are_entered_corrected_withdrawn_and_brought_in(office: Call, tmp_path: Path) -> None:
    # Days that are years back when somebody runs this are refused.
    year, example = datetime.now(UTC).year - 1, str(tmp_path / "readings.csv")
    Path(example).write_text(Path("resources/readings-example.csv").read_text("utf-8").replace(";2025-", f";{year}-"))
    assert {bad["reason"] for bad in office("reading", "import", example).answer["bad"]} == {"area-unknown"}
    assert office("supply", "area", "N-3", "--name", "North 3").code == 0
    assert office("reading", "import", example, "--dry-run").answer == {"rows": 5, "entered": False, "bad": []}
    assert office("reading", "list").answer == {"readings": []}
    assert office("reading", "import", example).answer["entered"] is True
    lower = ("reading", "add", "N-3", "T-07", "--on", f"{year}-11-08", "--kwh", "518.74", "--factor", "40")
    assert office(*lower).refusal == "reading-lower"
    newest = office(*lower[:-3], "600", "--factor", "40", "--operator", "technician").answer["readings"][-1]
    assert (newest["shown_wh"], newest["reading_wh"], newest["kind"]) == (600_000, 24_000_000, "reading")
    withdrawn = ("reading", "withdraw", "N-3", "T-07", "--on", f"{year}-11-08", "--reason", "another counter")
    assert len(office(*withdrawn).answer["readings"]) == 5
    assert office(*withdrawn).refusal == "record-refused"
    assert office(*lower, "--operator", "cashier").refusal == "permission-denied"
    balance = office("report", "losses", "--csv", str(tmp_path / "x.csv")).answer
    north = next(row for row in balance["losses"] if row["area_code"] == "N-3")
    assert (north["loss_wh"], north["loss_share_bp"], north["told_months"]) == (None, None, 0)
    assert office("report", "losses", "--area", "N-3").answer["loss-months"][0]["area_code"] == "N-3"
    assert office("report", "losses", "--area", "X").refusal == "area-unknown"


def test_a_statement_tells_what_is_owed_and_writes_its_paper(office: Call, tmp_path: Path) -> None:
    owed = office("supply", "show", SUPPLY).answer["balance"]["arrears_minor"]
    paper = tmp_path / "statement.pdf"
    tables = [str(tmp_path / f"statement.{form}") for form in ("csv", "xlsx")]
    into = ("--pdf", str(paper), "--csv", tables[0], "--xlsx", tables[1])
    told = office("supply", "statement", SUPPLY, *into).answer
    lines = list(csv.reader(io.StringIO(Path(tables[0]).read_text("utf-8-sig"))))
    balances = lines[lines.index(["Balances"]) + 2 :]
    assert [Decimal(owed) * 100 for _, owed, _ in balances] == [told["opening_minor"], told["closing_minor"]]
    assert Path(tables[1]).read_bytes().startswith(b"PK")
    assert (told["closing_minor"], told["pdf"]) == (owed, str(paper))
    assert sum(line["arrears_minor"] for line in told["lines"]) + told["opening_minor"] == owed
    assert paper.read_bytes().startswith(b"%PDF-")
    assert office("report", "statement", SUPPLY).answer == {**told, "pdf": None}
    early = office("supply", "statement", SUPPLY, "--from", "2020-01-01", "--to", "2020-01-31").answer
    assert (early["lines"], early["closing_minor"]) == ([], 0)
    assert (
        office("supply", "statement", SUPPLY, "--from", "2026-02-01", "--to", "2026-01-31").refusal
        == "period-backwards"
    )
    assert office("supply", "statement", "99999999").refusal == "supply-unknown"
    assert office("supply", "statement", SUPPLY, "--pdf", str(tmp_path / "no" / "x.pdf")).code == 3
