"""The supervisor's verbs: a day, and the inspection list, from a command line."""

from __future__ import annotations

from pathlib import Path

from tests.commands.conftest import Call
from tests.documents.reading import texts_of_pages
from vending_app.app import now
from vending_app.domain.inspection import USUAL_WEIGHTS

SUPPLY = "00417726"


def test_a_day_is_told_in_figures_and_on_paper(office: Call, tmp_path: Path) -> None:
    paper = tmp_path / "day.pdf"
    day = office("report", "day", "--pdf", str(paper)).answer
    assert (day["sales"], day["takings_minor"], day["number"], day["is_closed"]) == (0, 0, 1, False)
    assert (day["report"], day["hours"], day["differences"]) == ("day", [], [])
    assert paper.read_bytes().startswith(b"%PDF")
    other = office("report", "day", "--date", "2020-02-29", "--desk", "1").answer
    assert (other["period"], other["desk"], other["exceptions"]) == ("2020-02-29", 1, [])
    assert office("report", "day", "--date", "yesterday").refusal == "report-period"
    assert office("report", "day", "--operator", "cashier").refusal == "permission-denied"
    assert office("report", "day", "--pdf", str(tmp_path / "nowhere" / "x.pdf")).refusal == "file-unreadable"


def test_the_list_is_counted_walked_and_learnt_from(office: Call, tmp_path: Path) -> None:
    assert office("inspect", "show").answer["sample"] is None
    set_ = office("inspect", "criteria", "--size", "3", "--by-lot", "100", "--points", "cover=40").answer["criteria"]
    assert (set_["size"], set_["by_chance_percent"], set_["points"]["cover"]) == (3, 100, 40)
    counted = office("inspect", "count").answer
    (line, *_) = counted["lines"]
    assert [reason["criterion"] for reason in line["reasons"]] == ["chance"]
    assert line["says"] == "Drawn by lot."
    supply = line["supply"]
    assert office("inspect", "route", supply).answer["lines"][0]["is_on_route"] is True
    paper = tmp_path / "route.pdf"
    assert office("inspect", "sheet", "--pdf", str(paper)).answer["pdf"] == str(paper)
    assert counted["lines"][0]["meter"] in "".join(texts_of_pages(paper.read_bytes())).replace(" ", "")
    assert office("inspect", "route", supply, "--off").answer["lines"][0]["is_on_route"] is False
    assert office("inspect", "sheet", "--pdf", str(paper)).refusal == "route-empty"
    assert office("inspect", "sheet", "--list", "99", "--pdf", str(paper)).refusal == "sample-unknown"
    assert office("inspect", "finding", supply, "bypass", "--used", "-3").refusal == "finding-refused"
    assert office("inspect", "finding", supply, "bypass", "--on", "2020-01-01").refusal == "finding-refused"
    found = office("inspect", "finding", supply, "bypass", "--used", "12.5", "--note", "wire").answer
    assert found["lines"][0]["finding"]["outcome"] == "bypass"
    assert found["hits"] == {"chance": {"found": 1, "visits": 1}}
    assert office("inspect", "repeat", str(counted["sample"])).answer["is_equal"] is True
    assert office("ledger", "verify").answer["ok"] is True


def test_findings_are_entered_for_every_list_that_waits_for_them(office: Call) -> None:
    """Of the newest where the meter waits, or of one that is named."""
    office("inspect", "criteria", "--size", "1", "--by-lot", "100")
    old = office("inspect", "count").answer
    (line,) = old["lines"]
    supply, number = line["supply"], old["sample"]
    assert office("inspect", "route", supply).answer["to_come"] == 1
    new = office("inspect", "count").answer
    assert new["open_lists"] == [{"sample": number, "on": old["on"], "waiting": [supply]}]
    assert office("inspect", "route", supply, "--off").answer["sample"] == number, "it waits there"
    shown = office("inspect", "route", supply, "--list", str(number)).answer
    assert (shown["sample"], shown["to_come"]) == (number, 1)
    assert office("inspect", "show").answer["sample"] == new["sample"]
    found = office("inspect", "finding", supply, "bypass").answer
    assert (found["sample"], found["to_come"], found["open_lists"]) == (number, 0, [])
    later = office("inspect", "finding", supply, "nothing", "--list", str(new["sample"])).answer
    assert (later["sample"], later["hits"]) == (new["sample"], {"chance": {"found": 0, "visits": 1}})
    told = office("inspect", "show", "--list", str(number)).answer["lines"][0]["finding"]
    assert told["outcome"] == "bypass", "each list has its own word"
    assert office("inspect", "finding", supply, "nothing", "--list", "987").refusal == "sample-unknown"


def test_what_cannot_be_meant_is_refused(office: Call) -> None:
    assert office("inspect", "route", SUPPLY).refusal == "sample-unknown"
    assert list(office("inspect", "criteria").answer["criteria"]["points"]) == [each.value for each in USUAL_WEIGHTS]
    assert office("inspect", "criteria", "--points", "cover=101").refusal == "criteria-refused"
    assert office("inspect", "criteria", "--seed", "-1").refusal == "criteria-refused"
    assert office("inspect", "criteria", "--seed", "9" * 23).refusal == "criteria-refused"
    assert office("inspect", "criteria", "--points", "weather=3").code == 2
    assert office("inspect", "finding", SUPPLY, "ghost").code == 2
    assert office("inspect", "finding", SUPPLY, "bypass", "--on", "soon").code == 2
    assert office("inspect", "count", "--operator", "technician").refusal == "permission-denied"


def test_every_report_is_told_in_figures_and_into_files(office: Call, tmp_path: Path) -> None:
    for kind, span in (
        ("day", ("--date", "2026-01-05")),
        ("month", ("--month", "2026-01")),
        ("sales", ("--period", "2026-01", "--of", "tender=cash")),
        ("steps", ("--month", "2026-01")),
        ("operators", ("--month", "2026-01")),
        ("operators", ("--month", "2026-01", "--of", "cashier")),
        ("year", ("--year", "2026")),
        ("taxes", ("--month", "2026-01")),
        ("arrears", ()),
        ("silent", ("--days", "30")),
        ("energy", ()),
        ("losses", ()),
        ("gaps", ()),
        ("approvals", ("--month", "2026-01")),
        ("approvals", ("--month", "2026-01", "--of", "void")),
        ("cards", ("--month", "2026-01")),
    ):
        files = {form: tmp_path / f"{kind}.{form}" for form in ("pdf", "csv", "xlsx")}
        into = [word for form, path in files.items() for word in (f"--{form}", str(path))]
        told = office("report", kind, *span, *into).answer
        assert told["report"] == kind
        assert files["pdf"].read_bytes().startswith(b"%PDF")
        assert files["xlsx"].read_bytes().startswith(b"PK")
        assert files["csv"].read_bytes().startswith("\ufeff".encode())
    owed = office("report", "arrears").answer["arrears"]
    assert all(isinstance(row["owed_minor"], int) and row["supply"] for row in owed)
    assert SUPPLY in {row["supply"] for row in owed}
    assert office("report", "month", "--month", "2026-13").refusal == "report-period"
    assert office("report", "sales", "--period", "2026-01", "--of", "weather=rain").refusal == "report-filter"
    assert office("report", "operators", "--month", "2026-01", "--of", "nobody").refusal == "report-filter"
    assert office("report", "approvals", "--month", "2026-01", "--of", "nothing").refusal == "report-filter"
    assert office("report", "silent", "--days", "0").refusal == "report-period"
    today = now().astimezone().date()
    for kinds, period in (
        (("month", "taxes", "steps", "operators", "approvals", "cards"), f"{today:%Y-%m}"),
        (("year",), f"{today:%Y}"),
        (("sales",), f"{today}"),
    ):
        assert [office("report", kind).answer["period"] for kind in kinds] == [period] * len(kinds)
    assert office("report", "arrears", "--operator", "cashier").refusal == "permission-denied"
    assert office("report", "arrears", "--csv", str(tmp_path / "nowhere" / "x.csv")).refusal == "file-unreadable"
