"""The verbs of drawer, shift, closings and proofs that need no reader."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.conftest import SECRETS, Call

APPROVAL = {"VENDING_APPROVAL_PASSWORD": SECRETS["VENDING_PASSWORD"]}


@pytest.fixture
def desk(office: Call) -> Call:
    """A shift is open with 100.00."""
    assert office("shift", "open", "--float", "100.00").code == 0
    return office


def test_a_shift_is_counted_closed_and_told_again(desk: Call) -> None:
    assert desk("shift", "x").answer["expected_minor"] is None
    counted = desk("shift", "count", "--counted", "99.50").answer
    assert (counted["expected_minor"], counted["difference_minor"], counted["times"]) == (10_000, -50, 1)
    refused = desk("shift", "close", "--counted", "99.50")
    assert (refused.code, refused.refusal) == (1, "difference-needs-reason")
    closed = desk("shift", "close", "--counted", "99.50", "--reason", "a coin fell").answer
    assert (closed["counted_minor"], closed["number"]) == (9_950, 1)
    z = desk("shift", "z").answer
    assert z["z"]["fingerprint"] == closed["fingerprint"]
    assert desk("shift", "waiting").answer == {"waiting": []}


def test_an_x_and_a_z_are_made_again_by_the_number_of_the_shift(desk: Call, tmp_path: Path) -> None:
    desk("cash", "to-safe", "20.00", "--reason", "too much")
    into = {form: tmp_path / f"shift.{form}" for form in ("pdf", "csv", "xlsx")}
    words = [word for form, path in into.items() for word in (f"--{form}", str(path))]
    x = desk("report", "shift", "1", *words).answer
    assert (x["z"], x["expected_minor"]) == (None, None)
    # Nor what would tell it: the account of the drawer, or what was paid in.
    assert (x["totals"], x["paid_in_minor"], x["paid_out_minor"]) == (None, None, None)
    blind = into["csv"].read_text("utf-8-sig").splitlines()
    assert any(line.endswith(",To the safe,-20.00,too much") for line in blind)
    assert not any("Expected" in line for line in blind)
    desk("shift", "count", "--counted", "79.50")
    desk("shift", "close", "--counted", "79.50", "--reason", "a coin fell")
    z = desk("report", "shift", "1", *words).answer
    assert z["totals"]["acts"]["cash"] == 1
    assert z == desk("report", "shift").answer == desk("shift", "z").answer == desk("shift", "z", "1").answer
    told = [line.split(",", 1)[1] for line in into["csv"].read_text("utf-8-sig").splitlines() if "," in line]
    assert {"Expected,80.00,", "Counted,79.50,", "Difference,-0.50,a coin fell"} <= set(told)
    assert into["pdf"].read_bytes().startswith(b"%PDF")
    assert into["xlsx"].read_bytes().startswith(b"PK")
    assert desk("report", "shift", "99").refusal == "shift-closed"
    assert desk("report", "shift", "1", "--csv", str(tmp_path / "no" / "x.csv")).refusal == "file-unreadable"


def test_cash_moves_and_what_is_paid_out_needs_another_s_word(desk: Call) -> None:
    assert desk("cash", "to-safe", "20.00").answer["amount_minor"] == 2_000
    paid = ("cash", "paid-out", "5.00", "--reason", "window cleaner")
    assert desk(*paid).refusal == "approval-needed"
    assert desk(*paid, "--approve", "cashier", **APPROVAL).refusal == "approval-self"
    assert desk(*paid, "--approve", "supervisor", VENDING_APPROVAL_PASSWORD="1357").refusal == "login-refused"
    assert desk(*paid, "--approve", "supervisor", **APPROVAL).answer["kind"] == "paid-out"
    assert desk("shift", "count", "--counted", "75.00").answer["difference_minor"] == 0
    assert desk("drawer", "--reason", "change").refusal == "drawer-missing"


def test_a_day_is_closed_after_its_shifts_and_told_again(desk: Call) -> None:
    assert desk("close", "period", "day").refusal == "period-has-open-shift"
    assert desk("shift", "close", "--counted", "100.00").code == 0
    closed = desk("close", "period", "day").answer
    assert (closed["kind"], closed["number"]) == ("day", 1)
    listed = desk("close", "list", "day").answer
    assert [one["fingerprint"] for one in listed["closings"]] == [closed["fingerprint"]]
    assert desk("close", "period", "month", "nonsense").refusal == "period-not-a-date"


def test_the_books_are_verified_under_the_published_key_and_no_other(desk: Call, tmp_path: Path) -> None:
    desk("shift", "close", "--counted", "100.00")
    key = desk("ledger", "key").answer["key"]
    assert len(key) == 64
    assert desk("ledger", "verify").answer["ok"] is True
    other = desk("ledger", "verify", "--key", "00" * 32)
    assert (other.code, other.answer["ok"]) == (1, False)
    assert "not this office's" in other.answer["problems"][0]
    (tmp_path / "office" / "signing.pub").write_text("00" * 32)
    assert desk("shift", "x").refusal == "signing-key-differs"


def test_money_for_nobody_is_refused(desk: Call) -> None:
    supply = desk("supplies").answer["supplies"][0]["supply"]
    refund = desk("refund", "--supply", supply, "1.00", "--approve", "supervisor", **APPROVAL)
    assert refund.refusal == "payment-too-much"
    assert desk("arrears", "--supply", "99999999", "1.00").refusal == "supply-unknown"
    assert desk("ledger", "proof", "01HF7YAT040000000000000004").refusal == "sale-unknown"
    assert desk("reverse", "--receipt", "1-000009", "--reason", "x").refusal == "sale-unknown"
