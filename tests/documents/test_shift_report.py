"""X and Z on paper: what stands on them, what a blind count hides, and that nothing falls off."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

import pytest

from tests.documents.builders import AT, OFFICE, TOTALS, a_report
from tests.documents.reading import lines, out_of_bounds
from vending_app.documents.papers import Papers
from vending_app.documents.slip import Manner
from vending_app.domain.closing import ShiftReport, Totals
from vending_app.domain.ids import OperatorName, spaced
from vending_app.domain.money import Money

PAPERS = Papers(Manner(zone=UTC))
LONG = "Wolfeschlegelsteinhausenbergerdorff " * 6


def a_pdf(report: ShiftReport) -> bytes:
    return PAPERS.shift_report(report, office=OFFICE, at=AT)


def test_a_z_tells_the_whole_shift() -> None:
    report = a_report()
    assert report.closing is not None
    text = lines(a_pdf(report))
    for said in (
        ["Z report", "2-000041", "Shift 318", "Desk 2", "ana", "14 Nov 2025, 08:02", "14 Nov 2025, 17:01"],
        ["Cash", "61 ×", "2 551.50", "Bank card", "9 ×", "415.00", "Mobile money", "121.90", "Cheque", "900.00"],
        ["Reversals", "1 ×", "−50.00", "Sales less reversals", "3 938.40", "16 827.67 kWh"],
        ["Arrears paid", "41.90", "Refunds paid out", "10:12  From the safe", "11:12  Paid out", "−18.50"],
        ["Paper for the printer, receipt in the folder", "Drawer opened without a sale", "2"],
        ["Float", "100.00", "Expected", "2 384.90", "Counted", "2 382.40", "Difference", "−2.50"],
        ["Change given twice", "Handed to", "ben", "Lena Hoffmann", "signed for"],
        [f"Books {spaced(report.closing.fingerprint)}", "18 244 070.15 · 74 120 442.18 kWh"],
    ):
        assert [word for word in said if word not in text] == []


def test_an_open_blind_shift_tells_nothing_that_would_give_the_drawer_away() -> None:
    text = lines(a_pdf(a_report(is_closed=False)))
    assert "X report" in text
    assert "What is expected is told after the count." in text
    for hidden in ("Expected", "2 551.50", "3 938.40", "41.90", "−50.00", "Counted", "Difference"):
        assert hidden not in text
    assert "61 ×" in text, "how many is no secret"
    assert "415.00" in text, "nor what does not lie in the drawer"
    assert "not signed for" in text


def test_an_open_shift_that_is_not_blind_tells_what_is_expected() -> None:
    text = lines(a_pdf(a_report(is_closed=False, is_blind=False)))
    assert "2 384.90" in text
    assert "2 551.50" in text


@pytest.mark.parametrize(("minor", "said"), [(238_490, "0.00"), (238_500, "+0.10"), (238_480, "−0.10")])
def test_a_difference_says_which_way_it_goes(minor: int, said: str) -> None:
    report = a_report()
    counted = replace(report, shift=replace(report.shift, counted=Money(minor)))
    assert said in lines(a_pdf(counted))


def test_a_drawer_that_is_not_handed_over_went_to_the_safe() -> None:
    report = a_report()
    alone = replace(report, shift=replace(report.shift, handed_to=None))
    text = lines(a_pdf(alone))
    assert "Brought to the safe" in text
    assert "Handed to" not in text


def test_a_shift_without_sales_says_so() -> None:
    empty = replace(a_report(is_closed=False), totals=Totals(), movements=(), open_sales=(), paid_in=Money(0))
    assert "none" in lines(a_pdf(empty))


def test_long_names_and_reasons_stay_on_the_paper() -> None:
    report = a_report(reason=LONG)
    (waiting,) = report.open_sales
    spoilt = replace(
        report,
        shift=replace(report.shift, operator=OperatorName("a" * 40), handed_to=OperatorName("b" * 40)),
        open_sales=(replace(waiting, customer_name=LONG),),
        movements=tuple(replace(each, reason=LONG) for each in report.movements),
        totals=replace(TOTALS, acts={"drawer": 12_345}),
    )
    pdf = PAPERS.shift_report(spoilt, office=replace(OFFICE, name=LONG, is_practice=True), at=AT)
    assert out_of_bounds(pdf) == []
    assert "PRACTICE" in lines(pdf)


def test_the_same_report_gives_the_same_bytes() -> None:
    assert a_pdf(a_report()) == a_pdf(a_report())
