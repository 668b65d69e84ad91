"""What a report may be asked about, and where its lines lead."""

from __future__ import annotations

from datetime import date

import pytest

from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.report import Column, Opens, Unit, table
from vending_app.domain.report_asked import ReportAsked, ReportKind, Span, period_beside, period_of


@pytest.mark.parametrize(
    "asked",
    [
        ReportAsked(ReportKind.DAY, ""),
        ReportAsked(ReportKind.DAY, "2025-11"),
        ReportAsked(ReportKind.DAY, "2025-02-29"),
        ReportAsked(ReportKind.MONTH, ""),
        ReportAsked(ReportKind.MONTH, "2025"),
        ReportAsked(ReportKind.MONTH, "2025-13"),
        ReportAsked(ReportKind.MONTH, "2025-1"),
        ReportAsked(ReportKind.TAXES, "0000-00"),
        ReportAsked(ReportKind.YEAR, "2025-11"),
        ReportAsked(ReportKind.YEAR, "twenty"),
        ReportAsked(ReportKind.SALES, "202"),
        ReportAsked(ReportKind.DAY, "0001-01-01"),
        ReportAsked(ReportKind.APPROVALS, "9999-12"),
        ReportAsked(ReportKind.APPROVALS, "' OR 1=1 --"),
        ReportAsked(ReportKind.LOSSES, "2025-11"),
        ReportAsked(ReportKind.LOSSES, "2025", area="E1"),
        ReportAsked(ReportKind.SILENT, days=0),
        ReportAsked(ReportKind.SILENT, days=3651),
    ],
)
def test_what_is_no_period_is_refused(asked: ReportAsked) -> None:
    with pytest.raises(OperatorError) as refused:
        asked.require_sound()
    assert refused.value.code is Code.REPORT_PERIOD


@pytest.mark.parametrize(("by", "of"), [("weather", "rain"), ("cashier", ""), ("", "x")])
def test_what_nothing_is_told_apart_by_is_refused(by: str, of: str) -> None:
    with pytest.raises(OperatorError) as refused:
        ReportAsked(ReportKind.SALES, "2025-11", by=by, of=of).require_sound()
    assert refused.value.code is Code.REPORT_FILTER


def test_what_is_told_of_the_whole_office_is_not_asked_of_a_desk() -> None:
    with pytest.raises(OperatorError) as refused:
        ReportAsked(ReportKind.MONTH, "2025-11", desk=2).require_sound()
    assert refused.value.code is Code.REPORT_FILTER
    ReportAsked(ReportKind.SALES, "2025-11", by="cashier", of="ana", desk=2).require_sound()


@pytest.mark.parametrize("period", ["2025-11-14", "2025-11", "2025"])
def test_sales_are_asked_of_a_day_a_month_or_a_year(period: str) -> None:
    ReportAsked(ReportKind.SALES, period, by="cashier", of="ana").require_sound()
    assert period_of(date(2025, 11, 14), Span.ANY) == "2025-11-14"


@pytest.mark.parametrize(
    ("period", "step", "then"),
    [
        ("2025-12", 1, "2026-01"),
        ("2025-01", -1, "2024-12"),
        ("2025", 1, "2026"),
        ("2025-12-31", 1, "2026-01-01"),
        ("2024-03-01", -1, "2024-02-29"),
    ],
)
def test_the_period_beside(period: str, step: int, then: str) -> None:
    assert period_beside(period, step) == then


def test_a_line_leads_to_what_it_names_unless_it_is_told_otherwise() -> None:
    days = table("days", [Column("day", Unit.DAY)], [(date(2025, 11, 14),), (None,)])
    assert days.opened(0) == Opens("day", "2025-11-14")
    assert days.opened(1) is None
    months = table("months", [Column("month", Unit.TEXT)], [("2025-11",)])
    assert months.opened(0) == Opens("report", asked=ReportAsked(ReportKind.MONTH, "2025-11"))
    supplies = table("arrears", [Column("supply", Unit.TEXT)], [("00417726",)])
    assert supplies.opened(0) == Opens("supply", "00417726")
    told = table("undone", [Column("supply", Unit.TEXT)], [("00417726",)], [Opens("sale", "01HF")])
    assert told.opened(0) == Opens("sale", "01HF")
    assert table("taxes", [Column("tax", Unit.TEXT)], [("VAT",)]).opened(0) is None
