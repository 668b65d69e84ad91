"""The bars of a report: the figures of its tables, by what a person compares, each opening what its line opens."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from tests.documents.builders import a_report as a_shift
from tests.gui.conftest import MakeWindow
from tests.gui.reports import a_report
from tests.gui.test_reports import on_page, page_of
from vending_app.domain.closing import Hour
from vending_app.domain.energy import Energy
from vending_app.domain.ids import SupplyNo
from vending_app.domain.money import Money
from vending_app.domain.report import Opens, Report, Row
from vending_app.domain.report_asked import ON_PAGE, ReportAsked, ReportKind, Span, period_of
from vending_app.domain.said_report import Bar, SaidReport
from vending_app.services.shift_tables import as_report
from vending_app.services.supply_cases import ShowLife
from vending_app.ui.reports.captions import CAPTIONS
from vending_app.ui.reports.picture_words import MOST_BARS
from vending_app.ui.reports.report_words import said_report
from vending_app.ui.reports.shift_words import said_shift

MONTH, DAY = "2025-11", "2025-11-14"


def told(kind: ReportKind, period: str = MONTH, **asked: str) -> SaidReport:
    return said_report(a_report(ReportAsked(kind, period, **asked)))  # type: ignore[arg-type]


def with_rows(report: Report, rows: list[Row]) -> SaidReport:
    first = replace(report.tables[0], rows=tuple(rows), opens=())
    return said_report(replace(report, tables=(first, *report.tables[1:])))


def heights(bars: tuple[Bar, ...]) -> list[tuple[str, int]]:
    return [(bar.label, bar.height) for bar in bars]


def test_every_report_has_a_picture_but_what_is_empty_on_a_good_day() -> None:
    by_day = {ReportKind.DAY, ReportKind.SALES}
    for kind in ON_PAGE:
        # The balance of one month alone is no line: its picture is that of twelve.
        span = Span.NOW if kind is ReportKind.LOSSES else Span.DAY if kind in by_day else Span.MONTH
        said = told(kind, period_of(date(2025, 11, 14), span))
        assert bool(said.bars or said.lines) is (kind is not ReportKind.GAPS), kind
        assert said.picture


def test_an_area_in_one_month_shows_what_was_delivered_used_and_sold() -> None:
    year = a_report(ReportAsked(ReportKind.LOSSES, area="N-3"))
    supplies, months = year.tables[:2]
    (row,) = (row for row in months.rows if row[:3] == ("N-3", "North 3, Mill Lane", "2025-09"))
    one = replace(months, rows=(row,))
    said = said_report(replace(year, asked=replace(year.asked, period="2025-09"), tables=(supplies, one)))
    keys = ("delivered", "used", "sold")
    assert [(bar.label, Energy(bar.height)) for bar in said.bars] == [
        (CAPTIONS[key], row[months.place_of(key)]) for key in keys
    ]
    assert {bar.opens for bar in said.bars} == {Opens("table", "loss-supplies")}
    assert not said.lines
    assert said_report(year).lines


@pytest.mark.parametrize("is_blind", [False, True])
def test_an_x_shows_its_hours_and_no_money_while_the_count_is_blind(is_blind: bool) -> None:
    begun = datetime(2025, 11, 14, 8, tzinfo=UTC)
    hours = tuple(Hour(begun + timedelta(hours=at), 3 + at, Money(12_345 + at)) for at in range(3))
    made = a_shift(is_closed=False, is_blind=is_blind)
    made = replace(made, totals=replace(made.totals, hours=hours))
    said = said_shift(made, as_report(made, currency="€", at=made.shift.opened_at))
    figures = [hour.count if is_blind else hour.total.minor for hour in hours]
    assert [bar.height for bar in said.bars] == figures
    assert [bar.label for bar in said.bars] == [f"{hour.begins.astimezone():%H}" for hour in hours]
    assert said.picture == ("Sales by hour" if is_blind else "Sold by hour, in €")
    assert (said.title, said.about.endswith("still open")) == ("X", True)
    told_all = [cell for table in said.tables for line in table.rows for cell in line]
    assert any(str(hour.total) in told_all for hour in hours) is not is_blind


def test_taxes_and_levies_stand_beside_each_other_and_open_what_their_lines_open() -> None:
    report = a_report(ReportAsked(ReportKind.TAXES, MONTH))
    said = said_report(report)
    figures = [(row[0], row[1]) for each in report.tables[:2] for row in each.rows]
    assert [(bar.label, Money(bar.height)) for bar in said.bars] == figures
    assert said.picture.endswith("in €")


def test_only_steps_tell_the_energy_of_steps() -> None:
    report = a_report(ReportAsked(ReportKind.STEPS, MONTH))
    said = said_report(report)
    assert heights(said.bars) == [("H2 Step 1", 812_340_000), ("H2 Step 2", 204_110_000), ("B1 Step 1", 91_000_000)]
    assert [bar.opens for bar in said.bars] == [report.tables[0].opened(at) for at in (1, 2, 4)]


def test_the_figure_of_a_bar_is_the_nearest_whole_one() -> None:
    report = a_report(ReportAsked(ReportKind.ARREARS))
    at, row = report.tables[0].place_of("owed"), report.tables[0].rows[0]
    owed = [Money(8_80), Money(8_49), Money(8_50), Money(-8_50), Money(-8_49)]
    said = with_rows(report, [(*row[:at], each, *row[at + 1 :]) for each in owed])
    assert [bar.figure for bar in said.bars] == ["9", "8", "9", "−9", "−8"]


def test_the_largest_debts_are_shown_and_how_many_there_are_is_said() -> None:
    report = a_report(ReportAsked(ReportKind.ARREARS))
    row = report.tables[0].rows[0]
    many: list[Row] = [(f"{at:08d}", *row[1:-1], Money(90_000 - at)) for at in range(40)]
    said = with_rows(report, many)
    assert len(said.bars) == MOST_BARS
    assert f"the {MOST_BARS} largest of 40" in said.picture
    assert said.bars[3].opens == Opens("supply", "00000003")


def test_silence_is_told_by_how_long_without_a_hole() -> None:
    said = told(ReportKind.SILENT)
    assert heights(said.bars) == [("60–89", 1), ("90–179", 2), ("180–364", 0), ("365 and more", 1)]
    opens = said.bars[1].opens
    assert opens is not None
    assert opens.asked == ReportAsked(ReportKind.SILENT, MONTH, days=90)


def test_a_clock_that_was_put_back_makes_nobody_fall_out_of_the_picture() -> None:
    report = a_report(ReportAsked(ReportKind.SILENT))
    row = report.tables[0].rows[0]
    said = with_rows(report, [(*row[:-1], -1), (*row[:-1], 70)])
    assert sum(bar.height for bar in said.bars) == 2


def test_areas_show_what_was_sold_beside_what_was_used() -> None:
    report = a_report(ReportAsked(ReportKind.ENERGY))
    said, areas = said_report(report), report.tables[0]
    assert said.pair == ("sold", "used")
    sold, used = (areas.rows[1][areas.place_of(key)] for key in ("sold", "used"))
    assert (Energy(said.bars[0].height), Energy(said.bars[0].beside or 0)) == (sold, used)
    assert said.bars[1].label == "No area"
    assert str(Energy(21_588_610)) in said.bars[0].said


def test_people_are_compared_by_what_is_no_plain_sale() -> None:
    report = a_report(ReportAsked(ReportKind.OPERATORS, MONTH))
    bars = {bar.label: bar for bar in said_report(report).bars}
    for at, row in enumerate(report.tables[0].rows):
        wrong_counts, failed = report.tables[1].rows[at][2], report.tables[1].rows[at][5]
        counted = [cell for cell in (*row[3:], wrong_counts, failed) if isinstance(cell, int)]
        assert bars[str(row[0])].height == sum(counted)
        assert bars[str(row[0])].opens == report.tables[0].opened(at)
    one = told(ReportKind.OPERATORS, by="cashier", of="ana")
    assert ("Copies", 2) in heights(one.bars)
    leads = {bar.label: bar.opens for bar in one.bars}
    assert leads["Copies"] == Opens("table", "undone")
    assert leads[CAPTIONS["drawer"]] == Opens("table", "drawer-openings")


def test_cards_that_came_stand_beside_those_that_went() -> None:
    said = told(ReportKind.CARDS)
    assert [(bar.label, bar.height, bar.beside) for bar in said.bars] == [("3", 200, 0), ("7", 0, 1)]
    assert said.bars[1].opens == Opens("day", "2025-11-07")


def test_approvals_are_counted_by_act() -> None:
    said = told(ReportKind.APPROVALS)
    assert heights(said.bars) == [("Supply closed", 1), ("Void", 1)]
    assert said.bars[1].opens == Opens("report", asked=ReportAsked(ReportKind.APPROVALS, MONTH, by="act", of="void"))


def test_an_hour_of_sales_that_share_something_leads_to_the_first_of_them() -> None:
    report = a_report(ReportAsked(ReportKind.SALES, DAY, by="cashier", of="ana"))
    first = report.tables[0].rows[0]
    later: list[Row] = [(datetime(2025, 11, 14, 23, minute).astimezone(), *first[1:]) for minute in (5, 9)]
    said = with_rows(report, [*report.tables[0].rows, *later])
    assert said.bars[-1].opens == Opens("row", str(len(report.tables[0].rows)))


def test_a_bar_of_one_person_puts_the_cursor_into_the_table_of_that_kind(make_person: MakeWindow) -> None:
    person = on_page(make_person, ReportKind.OPERATORS)
    page = page_of(person)
    page.go_to(ReportAsked(ReportKind.OPERATORS, MONTH, by="cashier", of="ana"))
    person.waits_until(lambda: page.report is not None and page.report.asked.by == "cashier")
    assert page.said is not None
    (at,) = (at for at, bar in enumerate(page.said.bars) if bar.label == "Copies")
    page.chart.setFocus()
    page.chart.point_at(at)
    person.presses(Qt.Key.Key_Return)
    assert page.card.table is not None
    assert page.said.tables[page.card.at].title == CAPTIONS["undone"]
    assert page.card.table.hasFocus()


@pytest.mark.parametrize(
    ("period", "label", "narrower"),
    [
        (DAY, "08", ReportAsked(ReportKind.SALES, DAY, by="hour", of="8")),
        (MONTH, "14", ReportAsked(ReportKind.SALES, DAY)),
        ("2025", "Nov", ReportAsked(ReportKind.SALES, MONTH)),
    ],
)
def test_sales_are_shown_over_their_period_and_lead_to_a_part_of_it(
    period: str, label: str, narrower: ReportAsked
) -> None:
    said_all = told(ReportKind.SALES, period)
    report = a_report(ReportAsked(ReportKind.SALES, period))
    # The sample sells within one morning; another sale far from it makes two bars.
    first = report.tables[0].rows[0]
    last: Row = (datetime(2025, 12, 30, 23, 5).astimezone(), *first[1:])
    said = with_rows(report, [*report.tables[0].rows, last])
    bar = said.bars[0]
    assert bar.label == label
    assert bar.opens is not None
    assert bar.opens.asked == narrower
    took = [row[5] for row in (*report.tables[0].rows, last)]
    assert sum(bar.height for bar in said.bars) == sum(cell.minor for cell in took if isinstance(cell, Money))
    assert bool(said_all.bars) is (period == DAY), "one bar alone compares nothing"


def test_what_is_sold_by_weekday_is_asked_of_its_days() -> None:
    report = a_report(ReportAsked(ReportKind.SALES, MONTH, by="weekday", of="4"))
    first = report.tables[0].rows[0]
    week_later: Row = (datetime(2025, 11, 21, 9, 5).astimezone(), *first[1:])
    said = with_rows(report, [first, week_later])
    assert [bar.opens.asked for bar in said.bars if bar.opens is not None] == [
        ReportAsked(ReportKind.SALES, "2025-11-14"),
        ReportAsked(ReportKind.SALES, "2025-11-21"),
    ]


def test_a_click_on_who_owes_opens_his_supply(make_person: MakeWindow) -> None:
    person = on_page(make_person, ReportKind.ARREARS)
    page = page_of(person)
    chart, said = page.chart, page.said
    assert said is not None
    middle = chart.plot.widget.mapTo(chart, QPoint(0, 0)).x() if chart.plot is not None else 0
    QTest.mouseMove(chart, QPoint(middle + 110, 120))
    person.waits_until(lambda: chart.pointed == 0)
    assert chart.remark == said.bars[0].said
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=QPoint(middle + 110, 120))
    person.waits_until(lambda: person.asked(ShowLife))
    assert person.asked(ShowLife) == [ShowLife(SupplyNo("00417739"))]
