"""The reports page: every report whole in both looks, by keyboard, down to its days and supplies, and into files."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from tests.gui import scene, values
from tests.gui.beside import Beside
from tests.gui.conftest import MakeWindow, Person, a_pdf
from tests.gui.looks import looked_at
from tests.gui.reports import a_report
from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.ids import SaleId, ShiftNo, SupplyNo
from vending_app.domain.money import Money
from vending_app.domain.report import Column, Opens, Row, Unit
from vending_app.domain.report_asked import ON_PAGE, ReportAsked, ReportKind
from vending_app.ports.telling import Tell, untold
from vending_app.services.book_cases import ShowReversal, ShowShiftReport
from vending_app.services.day_cases import ShowDay
from vending_app.services.report_cases import (
    MakeTables,
    PrintReportPaper,
    ReportPaperShown,
    ShowReport,
    ShowReportPaper,
    TableForm,
    TablesMade,
)
from vending_app.services.supply_cases import ShowLife
from vending_app.ui.components.rail import DAY, SELL
from vending_app.ui.fonts import Face
from vending_app.ui.pages.reports_page import ReportsPage
from vending_app.ui.paint import text_width
from vending_app.ui.reports.captions import CAPTIONS
from vending_app.ui.reports.report_flow import REPORTS
from vending_app.ui.reports.report_words import NOT_OPENED, READING, STOPPED, TITLES, said_far, said_report

ROOT = Path(__file__).parents[2]


class Office(Beside):
    """Reads what is asked beside the counter, as the process does; what `holds` is made when the test says so."""

    holds = False
    made_then: object = None

    def finish(self) -> None:
        assert self.running is not None, "something is being made"
        running, self.running = self.running, None
        running.set_result(self.made_then)

    def start(self, work: Callable[..., Any], tell: Tell = untold, /) -> Future[Any]:
        assert isinstance(work, partial)
        asked = work.keywords["asked"]
        if isinstance(asked, ReportAsked):
            self.answer = a_report(asked)
        elif isinstance(asked, MakeTables):
            self.answer = TablesMade(asked.title, asked.form, b"made")
        else:
            self.answer = ReportPaperShown(asked.title, asked, a_pdf())
        if self.holds:
            self.made_then, self.answer = self.answer, None
        return super().start(work, tell)

    def made(self, kind: type) -> list[object]:
        """What was asked to be made."""
        keywords = [work.keywords["asked"] for work in self.asked if isinstance(work, partial)]
        return [asked for asked in keywords if isinstance(asked, kind)]


def on_page(
    make: MakeWindow, kind: ReportKind = ReportKind.MONTH, *, beside: Beside | None = None, **how: bool
) -> Person:
    """Daniel opens the reports and goes down to one."""
    person = make(scene.Counter(operators=(values.DANIEL,), beside=beside or Office()), **how)
    person.logs_in()
    person.window.press("F10")
    assert person.window.shell.current == REPORTS
    page_of(person).kinds.setFocus()
    for _ in range(ON_PAGE.index(kind)):
        person.presses(Qt.Key.Key_Down)
    if beside is None:
        person.waits_until(lambda: (shown := page_of(person).report) and shown.asked.kind is kind)
    return person


def beside_of(person: Person) -> Office:
    beside = person.counter.beside
    assert isinstance(beside, Office)
    return beside


def page_of(person: Person) -> ReportsPage:
    return person.window.rooms.reports


@pytest.mark.parametrize(
    ("kind", "dark"), [(kind, False) for kind in ON_PAGE] + [(ReportKind.DAY, True), (ReportKind.LOSSES, True)]
)
def test_no_text_is_cut(
    make_person: MakeWindow, caplog: pytest.LogCaptureFixture, kind: ReportKind, dark: bool
) -> None:
    person = on_page(make_person, kind, dark=dark)
    looked_at(person.window, caplog, f"reports-{kind.value}-{'dark' if dark else 'light'}")


def test_the_place_of_a_chart_goes_while_a_report_is_read(
    make_person: MakeWindow, caplog: pytest.LogCaptureFixture
) -> None:
    """*Gaps* has no picture: nothing above its table, neither before nor after it is read."""
    person = on_page(make_person)
    page, beside = page_of(person), beside_of(person)
    top = page.chart.y()
    assert page.chart.isVisible()
    assert page.card.y() > top
    beside.holds = True
    page.go_to(ReportAsked(ReportKind.GAPS))
    assert page.report is None
    assert (page.chart.isVisible(), page.card.y()) == (False, top)
    looked_at(person.window, caplog, "reports-gaps-reading")
    beside.finish()
    person.waits_until(lambda: page.report)
    assert (page.chart.isVisible(), page.card.y()) == (False, top)


def test_beside_the_practice_dock_there_is_room_too(make_person: MakeWindow, caplog: pytest.LogCaptureFixture) -> None:
    person = on_page(make_person, practice=True)
    looked_at(person.window, caplog, "reports-practice")


def test_columns_without_room_are_gone_to_by_keyboard_and_by_a_button(
    make_person: MakeWindow, caplog: pytest.LogCaptureFixture
) -> None:
    person = on_page(make_person, practice=True)
    card = page_of(person).card
    table = card.table
    assert table is not None
    last = len(table.rows_model.columns) - 1

    def seen() -> list[int]:
        return [at for at in range(last + 1) if not table.isColumnHidden(at)]

    at_first = seen()
    assert last not in at_first
    table.setFocus()
    for _ in range(last):
        person.presses(Qt.Key.Key_Right)
    assert {0, last - 1, last} <= set(seen())
    looked_at(person.window, caplog, "reports-practice-columns")
    for _ in range(last):
        person.presses(Qt.Key.Key_Left)
    assert seen() == at_first
    while last not in seen():
        card.sideways.click()
    card.sideways.click()
    assert seen() == at_first


def test_tables_without_room_for_their_tabs_are_gone_through_by_arrows(
    make_person: MakeWindow, caplog: pytest.LogCaptureFixture
) -> None:
    person = on_page(make_person, ReportKind.DAY)
    card = page_of(person).card
    assert not card.tabs.isHidden()
    person.window.resize(1050, 590)
    assert card.tabs.isHidden()
    card.after.click()
    assert card.title == "By cashier, 2 of 11"
    card.before.click()
    card.before.click()
    assert card.title == "Differences, 11 of 11"
    looked_at(person.window, caplog, "reports-low")


def test_a_period_without_anything_says_so(make_person: MakeWindow, caplog: pytest.LogCaptureFixture) -> None:
    person = on_page(make_person, ReportKind.SILENT)
    page_of(person).days.chosen.emit(180)
    person.waits_until(lambda: (shown := page_of(person).report) and shown.asked.days == 180)
    table = page_of(person).card.table
    assert table is not None
    assert table.empty[1] == "Everybody has bought and brought a card."
    looked_at(person.window, caplog, "reports-nothing")


def test_every_word_of_the_books_has_its_caption() -> None:
    his = ReportAsked(ReportKind.OPERATORS, "2025", by="cashier", of="ana")
    for asked in (his, *(ReportAsked(kind, "2025") for kind in ON_PAGE)):
        for table in a_report(asked).tables:
            assert table.key in CAPTIONS
            assert all(column.key in CAPTIONS for column in table.columns)
        assert asked.kind in TITLES


def test_silence_begins_where_the_office_says(make_person: MakeWindow) -> None:
    person = on_page(make_person)
    page = page_of(person)
    page.show_usual_days(45)
    assert [choice.key for choice in page.days.choices] == [30, 45, 90, 180]
    page.kinds.selectRow(ON_PAGE.index(ReportKind.SILENT))
    person.waits_until(lambda: page.report and page.report.asked == ReportAsked(ReportKind.SILENT, "", 45))
    assert page.days.key == 45


# --- what a supervisor does ------------------------------------------------------------------------------


def test_a_month_shows_its_days_its_sums_and_its_shares(make_person: MakeWindow) -> None:
    person = on_page(make_person)
    page = page_of(person)
    assert page.title == "Month"
    assert page.remark == "November 2025, not closed"
    assert page.card.table is not None
    rows = page.card.table.rows_model.rows
    assert rows[0][0] == "All"
    assert rows[1][:2] == ("1 Nov 2025", "277")
    assert rows[-1][1] == "open"
    assert page.report is not None
    sums = page.report.tables[0].sums
    assert sums is not None
    assert rows[0][4] == str(sums[4])
    page.card.tabs.chosen.emit(4)
    assert [row[0] for row in page.card.table.rows_model.rows] == ["All", "Cash", "Mobile", "Bank card", "Taken back"]


def test_months_are_gone_through_and_not_past_this_one(make_person: MakeWindow) -> None:
    person = on_page(make_person)
    page = page_of(person)
    assert not page.later.isEnabled()
    page.earlier.click()
    person.waits_until(lambda: page.remark == "October 2025, closed")
    assert page.later.isEnabled()


def test_a_day_leads_to_its_page_and_a_month_to_its_days(make_person: MakeWindow) -> None:
    person = on_page(make_person, ReportKind.YEAR)
    page = page_of(person)
    assert page.card.table is not None
    page.card.table.setFocus()
    page.card.table.selectRow(10)
    person.presses(Qt.Key.Key_Return)
    person.waits_until(lambda: ShowReport(ReportAsked(ReportKind.MONTH, "2025-10")) in person.asked(ShowReport))
    person.waits_until(lambda: page.remark == "October 2025, closed")
    page.card.table.setFocus()
    page.card.table.selectRow(13)
    person.presses(Qt.Key.Key_Return)
    person.waits_until(lambda: person.window.shell.current == DAY.key)
    person.waits_until(lambda: ShowDay(date(2025, 11, 13)) in person.asked(ShowDay))


def opens_table(page: ReportsPage, title: str) -> None:
    assert page.said is not None
    at = [table.title for table in page.said.tables].index(title)
    page.card.tabs.choose(at)
    page.card.tabs.chosen.emit(at)


def opens_row(person: Person, row: int) -> None:
    table = page_of(person).card.table
    assert table is not None
    table.setFocus()
    table.selectRow(row)
    person.presses(Qt.Key.Key_Return)


def test_the_sums_lead_to_all_sales_or_stay_where_their_rows_lead_on(make_person: MakeWindow) -> None:
    person = on_page(make_person)
    page = page_of(person)
    opens_row(person, 0)
    person.waits_until(lambda: page.report is not None and page.report.asked.kind is ReportKind.SALES)
    assert page.choice == ReportAsked(ReportKind.SALES, "2025-11")
    person.window.press("Esc")
    person.waits_until(lambda: page.report is not None and page.report.asked.kind is ReportKind.MONTH)
    opens_table(page, "Refunds")
    opens_row(person, 0)
    person.waits_until(lambda: page.report is not None and page.report.asked.kind is ReportKind.SALES)
    assert page.remark == "November 2025, refunds"
    page.kinds.selectRow(ON_PAGE.index(ReportKind.ARREARS))
    person.waits_until(lambda: page.report is not None and page.report.asked.kind is ReportKind.ARREARS)
    asked = page.choice
    opens_row(person, 0)
    assert page.choice == asked


def test_a_line_leads_to_its_sales_and_these_to_their_pages(make_person: MakeWindow) -> None:
    person = on_page(make_person, ReportKind.DAY)
    person.counter.refuses[ShowReversal] = EnvironmentFault(Code.LEDGER_UNAVAILABLE, path="x", reason="y")
    page = page_of(person)
    assert page.remark == "Friday, 14 November 2025, not closed"
    page.card.tabs.chosen.emit(1)
    opens_row(person, 1)
    person.waits_until(lambda: page.report is not None and page.report.asked.kind is ReportKind.SALES)
    assert page.report is not None
    assert page.report.asked == ReportAsked(ReportKind.SALES, "2025-11", by="cashier", of="Ana Moreau")
    assert page.kinds.chosen is ReportKind.SALES
    opens_row(person, 2)
    person.waits_until(lambda: person.asked(ShowReversal))
    assert person.asked(ShowReversal) == [ShowReversal(SaleId("01HF1"))]
    person.window.press("Esc")
    person.waits_until(lambda: page.report is not None and page.report.asked.kind is ReportKind.DAY)
    assert person.window.shell.current == REPORTS


def test_a_tax_leads_to_what_was_booked_and_that_to_sales_and_supplies(
    make_person: MakeWindow, caplog: pytest.LogCaptureFixture
) -> None:
    person = on_page(make_person, ReportKind.DAY)
    page = page_of(person)
    opens_table(page, "Charges")
    opens_row(person, 2)
    person.waits_until(lambda: page.report is not None and page.report.asked.by == "account")
    assert page.remark == "Friday, 14 November 2025, tax VAT"
    looked_at(person.window, caplog, "report-booked")
    person.counter.refuses[ShowReversal] = EnvironmentFault(Code.LEDGER_UNAVAILABLE, path="x", reason="y")
    opens_row(person, 2)
    person.waits_until(lambda: person.asked(ShowReversal))
    assert person.asked(ShowReversal) == [ShowReversal(SaleId("01HF1"))]


def test_a_step_leads_to_what_it_came_to_in_each_sale(
    make_person: MakeWindow, caplog: pytest.LogCaptureFixture
) -> None:
    person = on_page(make_person, ReportKind.STEPS)
    page = page_of(person)
    opens_row(person, 2)
    person.waits_until(lambda: page.report is not None and page.report.asked.by == "line")
    assert page.remark == "November 2025, H2 since 1 Jul 2025, Step 1 at 0.1050"
    looked_at(person.window, caplog, "report-charged")


def test_a_person_is_opened_down_to_each_of_his_acts_and_his_sales(
    make_person: MakeWindow, caplog: pytest.LogCaptureFixture
) -> None:
    person = on_page(make_person, ReportKind.OPERATORS)
    page = page_of(person)
    opens_row(person, 1)
    person.waits_until(lambda: page.report is not None and page.report.asked.of == "ana")
    assert page.remark == "November 2025, Ana Moreau"
    opens_table(page, "Undone")
    looked_at(person.window, caplog, "report-operators-acts")
    person.counter.refuses[ShowReversal] = EnvironmentFault(Code.LEDGER_UNAVAILABLE, path="x", reason="y")
    opens_row(person, 0)
    person.waits_until(lambda: person.asked(ShowReversal))
    page.card.tabs.chosen.emit(0)
    opens_row(person, 0)
    person.waits_until(lambda: page.report is not None and page.report.asked.kind is ReportKind.SALES)
    assert page.report is not None
    assert page.report.asked == ReportAsked(ReportKind.SALES, "2025-11", by="cashier", of="ana")
    person.window.press("Esc")
    person.waits_until(lambda: page.report is not None and page.report.asked.kind is ReportKind.OPERATORS)
    assert page.report.asked.of == "ana"
    person.window.press("Esc")
    person.waits_until(lambda: page.report is not None and not page.report.asked.of)


def test_a_day_before_is_asked_for_and_a_wrong_count_leads_to_its_z(make_person: MakeWindow) -> None:
    person = on_page(make_person, ReportKind.DAY)
    page = page_of(person)
    assert not page.later.isEnabled()
    page.earlier.click()
    person.waits_until(lambda: page.report is not None and page.report.asked.period == "2025-11-13")
    assert page.said is not None
    person.counter.refuses[ShowShiftReport] = EnvironmentFault(Code.LEDGER_UNAVAILABLE, path="x", reason="y")
    page.card.tabs.chosen.emit(next(at for at, table in enumerate(page.said.tables) if table.title == "Differences"))
    opens_row(person, 1)
    person.waits_until(lambda: person.asked(ShowShiftReport))
    assert person.asked(ShowShiftReport) == [ShowShiftReport(ShiftNo(41))]


def test_from_the_page_of_a_day_its_report_is_opened(make_person: MakeWindow) -> None:
    person = make_person(scene.Counter(operators=(values.DANIEL,), beside=Office()))
    person.logs_in()
    person.window.go(DAY.key)
    person.waits_until(lambda: person.window.rooms.day.report)
    person.window.rooms.day.earlier.click()
    person.waits_until(lambda: (shown := person.window.rooms.day.report) and shown.day == date(2025, 11, 13))
    person.window.press("F10")
    person.waits_until(lambda: page_of(person).report is not None)
    assert page_of(person).choice == ReportAsked(ReportKind.DAY, "2025-11-13")


def test_a_bar_leads_to_its_day_by_keyboard_and_to_its_month_by_a_click(make_person: MakeWindow) -> None:
    person = on_page(make_person)
    chart = page_of(person).chart
    chart.setFocus(Qt.FocusReason.TabFocusReason)
    person.presses(Qt.Key.Key_Left)
    person.presses(Qt.Key.Key_Left)
    said = page_of(person).said
    assert said is not None
    assert chart.remark == f"12 Nov 2025: {said.bars[11].said.partition(': ')[2]}"
    person.presses(Qt.Key.Key_Return)
    person.waits_until(lambda: ShowDay(date(2025, 11, 12)) in person.asked(ShowDay))
    person.window.press("F10")
    page_of(person).kinds.selectRow(ON_PAGE.index(ReportKind.YEAR))
    person.waits_until(lambda: (shown := page_of(person).report) and shown.asked.kind is ReportKind.YEAR)
    # January is the first of eleven bars, right of the figures of the axis.
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=QPoint(110, 150))
    person.waits_until(lambda: ShowReport(ReportAsked(ReportKind.MONTH, "2025-01")) in person.asked(ShowReport))


def test_a_line_leads_down_to_its_area_and_supplies_and_esc_back(make_person: MakeWindow) -> None:
    person = on_page(make_person, ReportKind.LOSSES)
    page = page_of(person)
    said = "North 3, Mill Lane lost 18 % in Sep 2025, where other areas lost 7 to 9 %."
    assert said in page.chart.accessibleDescription()
    assert [choice.text for choice in page.card.tabs.choices] == ["Area, in kWh", "Month, in kWh", "What stands out"]
    page.chart.setFocus(Qt.FocusReason.TabFocusReason)
    person.presses(Qt.Key.Key_Down)
    assert page.chart.remark == "North 3, Mill Lane: 18.2 % in Sep"
    person.presses(Qt.Key.Key_Return)
    person.waits_until(lambda: page.report is not None and page.report.asked.area == "N-3")
    assert page.card.table is not None
    assert page.card.table.hasFocus()
    person.presses(Qt.Key.Key_Down)
    person.presses(Qt.Key.Key_Return)
    person.waits_until(lambda: person.asked(ShowLife) == [ShowLife(SupplyNo("00417739"))])
    person.window.open_page(REPORTS)
    person.window.press("Esc")
    person.waits_until(lambda: page.report is not None and not page.report.asked.area)
    assert person.window.shell.current == REPORTS


def test_every_row_of_a_long_list_is_reached_by_keyboard(make_person: MakeWindow) -> None:
    person = on_page(make_person, ReportKind.SALES)
    page = page_of(person)
    assert page.report is not None
    (short,) = page.report.tables
    count = 12_000
    rows = [(*short.rows[0][:5], Money(at), *short.rows[0][6:]) for at in range(1, count + 1)]
    long = replace(short, rows=tuple(rows), opens=tuple(Opens("sale", f"01HF{at}") for at in range(1, count + 1)))
    page.show_report(replace(page.report, tables=(long,)))
    table = page.card.table
    assert table is not None
    table.setFocus()
    assert table.rows_model.rowCount() == 1 + count
    person.presses(Qt.Key.Key_End)
    person.presses(Qt.Key.Key_Home)
    assert table.chosen[0] == "All"
    person.presses(Qt.Key.Key_PageDown)
    assert table.currentIndex().row() > 3
    person.presses(Qt.Key.Key_End)
    assert table.chosen is not None
    assert table.chosen[5] == str(Money(count))
    assert table.columnWidth(5) > text_width(str(Money(count)), Face.BODY)
    person.counter.refuses[ShowReversal] = EnvironmentFault(Code.LEDGER_UNAVAILABLE, path="x", reason="y")
    person.presses(Qt.Key.Key_Return)
    person.waits_until(lambda: person.asked(ShowReversal) == [ShowReversal(SaleId(f"01HF{count}"))])
    assert page.said is not None
    assert [line[5] for line in page.said.tables[0].rows[5_000:5_002]] == [str(Money(5_001)), str(Money(5_002))]


def test_an_area_opens_its_supplies_and_these_their_pages(
    make_person: MakeWindow, caplog: pytest.LogCaptureFixture
) -> None:
    person = on_page(make_person, ReportKind.ENERGY)
    page = page_of(person)
    for row, code, about in ((1, "", "No area, as of"), (2, "N-3", "North 3, Mill Lane, as of")):
        opens_row(person, row)
        person.waits_until(lambda: page.report is not None and page.report.asked.area == code)  # noqa: B023 - run now
        assert page.remark.startswith(about)
        if code:
            looked_at(person.window, caplog, "reports-energy-of-one-area")
            opens_row(person, 2)
            person.waits_until(lambda: person.asked(ShowLife) == [ShowLife(SupplyNo("00417726"))])
            person.window.open_page(REPORTS)
        person.window.press("Esc")
        person.waits_until(lambda: page.report is not None and page.report.asked.area is None)


def test_without_readings_it_says_what_is_needed_instead_of_a_picture(make_person: MakeWindow) -> None:
    page = page_of(on_page(make_person, ReportKind.LOSSES))
    assert page.report is not None
    areas, months, standing = page.report.tables
    untold = tuple((*row[:3], None, row[4], None, None, row[7], row[8]) for row in months.rows)
    nothing = tuple((*row[:2], None, None, None, None, None, 0, row[8]) for row in areas.rows)
    tables = (replace(areas, rows=nothing), replace(months, rows=untold), replace(standing, rows=()))
    page.show_report(replace(page.report, tables=tables))
    assert page.chart.isVisible()
    assert page.chart.count == 0
    assert page.chart.accessibleDescription().startswith("No loss can be told yet")
    assert page.card.table is not None
    assert page.card.table.rows_model.rows[0][2:7] == ("",) * 5


def test_what_stands_out_and_who_was_not_read_is_said_in_sentences() -> None:
    made = a_report(ReportAsked(ReportKind.LOSSES))
    areas, months, standing = made.tables
    much: Row = ("N-3", "North 3, Mill Lane", "2025-09", 45_00, "delivered", None, None)
    columns = tuple(Column(key, Unit.TEXT) for key in ("area-code", "area", "point", "read-last", "read-again"))
    north = ("N-3", "North 3, Mill Lane")
    days = ((date(1900, 1, 1), None), (None, date(2025, 3, 9)), (date(2025, 2, 1), date(2025, 4, 1)))
    rows: tuple[Row, ...] = tuple((*north, f"P{at}", *gap) for at, gap in enumerate(days, 7))
    unread = replace(standing, key="unread", columns=columns, rows=rows)
    said = said_report(replace(made, tables=(areas, months, replace(standing, rows=(much,)), unread)))
    assert said.alerts == ("North 3, Mill Lane lost 45 % in Sep 2025, more than a quarter of what was delivered.",)
    assert said.notes[:-1] == (
        "P7 in North 3, Mill Lane has no reading since 1 Jan 1900, so nothing is told of its area since.",
        "P8 in North 3, Mill Lane has no reading before 9 Mar 2025, so nothing is told of its area before.",
        "1 counter more lacks a reading.",
    )
    assert (said.tables[3].title, "Use known %" in said.tables[1].heads) == ("Counters not read", True)


def test_however_many_stand_out_one_line_tells_what_is_not_known(make_person: MakeWindow) -> None:
    page = page_of(on_page(make_person, ReportKind.LOSSES))
    assert page.report is not None
    areas, months, standing = page.report.tables
    page.show_report(replace(page.report, tables=(areas, months, replace(standing, rows=standing.rows * 2))))
    assert [tone for tone, _, _ in page.chart.notes] == ["warn", "warn", "muted"]


def test_where_the_mouse_is_the_nearest_line_is_named(make_person: MakeWindow) -> None:
    chart = page_of(on_page(make_person, ReportKind.LOSSES)).chart
    assert chart.plot is not None
    for at, share in ((10, 1820), (10, 700)):
        below = chart.plot.widget.mapFromScene(chart.plot.item.getViewBox().mapViewToScene(QPointF(at, share)))
        QTest.mouseMove(chart, chart.plot.widget.mapTo(chart, below))
        name = "North 3, Mill Lane" if share == 1820 else "West"
        assert chart.remark.startswith(name)


def test_no_picture_is_loaded_before_one_is_shown() -> None:
    program = "import sys, vending_app.ui.rooms; sys.exit('pyqtgraph' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0


def test_an_approval_leads_to_its_day(make_person: MakeWindow) -> None:
    person = on_page(make_person, ReportKind.APPROVALS)
    table = page_of(person).card.table
    assert table is not None
    table.setFocus()
    table.selectRow(0)
    person.presses(Qt.Key.Key_Return)
    person.waits_until(lambda: person.asked(ShowDay))
    assert ShowDay(date(2025, 11, 3)) in person.asked(ShowDay)


def test_who_owes_leads_to_his_supply(make_person: MakeWindow) -> None:
    person = on_page(make_person, ReportKind.ARREARS)
    person.counter.refuses[ShowLife] = EnvironmentFault(Code.LEDGER_UNAVAILABLE, path="x", reason="y")
    table = page_of(person).card.table
    assert table is not None
    table.setFocus()
    table.selectRow(2)
    person.presses(Qt.Key.Key_Return)
    person.waits_until(lambda: person.asked(ShowLife))
    assert person.asked(ShowLife) == [ShowLife(SupplyNo("00417726"))]


def test_a_long_report_is_read_beside_and_can_be_stopped(make_person: MakeWindow) -> None:
    beside = Beside()
    person = on_page(make_person, ReportKind.YEAR, beside=beside)
    page = page_of(person)
    person.waits_until(lambda: page.at_work and person.asked(ShowReport))
    assert {asked.asked.kind for asked in person.counter.asked if isinstance(asked, ShowReport)} == {ReportKind.MONTH}
    beside.tell(3, 12)
    person.waits_until(lambda: page.remark == said_far(READING, 3, 12))
    assert page.remark.endswith("25 %")
    assert not page.stop.isHidden()
    assert not page.pdf.isEnabled()
    page.stop.click()
    person.waits_until(lambda: not page.at_work)
    assert page.report is None
    assert page.remark == STOPPED
    page.kinds.setFocus()
    person.presses(Qt.Key.Key_Return)
    assert page.at_work, "Enter reads it again"


def test_what_cannot_be_read_is_told_on_the_page(make_person: MakeWindow) -> None:
    fault = EnvironmentFault(Code.LEDGER_UNAVAILABLE, path="x", reason="y")
    person = on_page(make_person, ReportKind.ENERGY, beside=Beside(fault))
    page = page_of(person)
    person.waits_until(lambda: "cannot be reached" in page.remark or "books" in page.remark)
    assert page.report is None
    assert not page.xlsx.isEnabled()


@pytest.mark.parametrize("goes_on", ["sells", "locks"])
def test_a_paper_jumps_neither_over_a_sale_nor_before_somebody_else(make_person: MakeWindow, goes_on: str) -> None:
    person = on_page(make_person)
    page, beside = page_of(person), beside_of(person)
    beside.holds = True
    page.pdf.click()
    assert page.at_work
    if goes_on == "sells":
        person.window.go(SELL.key)
    else:
        person.window.lock()
    beside.finish()
    person.waits_until(lambda: not page.at_work)
    assert person.window.shell.current == (SELL.key if goes_on == "sells" else REPORTS)
    said = [note.title for note in person.window.shell.toasts.notes]
    assert (NOT_OPENED[0] in said) == (goes_on == "sells")


def test_paper_repeats_what_the_screen_says(make_person: MakeWindow) -> None:
    person = on_page(make_person)
    said = page_of(person).said
    assert said is not None
    page_of(person).pdf.click()
    person.waits_until(lambda: person.window.shell.current == "receipt")
    assert beside_of(person).made(ShowReportPaper) == [ShowReportPaper("Report-month-2025-11", said)]
    assert not person.asked(ShowReportPaper), "no sale waits for a paper"
    person.counter.refuses[PrintReportPaper] = EnvironmentFault(Code.PRINTER_FAILED, printer="Office", reason="paper")
    person.presses(Qt.Key.Key_Return)
    person.waits_until(lambda: person.asked(PrintReportPaper))


@pytest.mark.parametrize("form", TableForm)
def test_files_are_written_where_somebody_wants_them(make_person: MakeWindow, tmp_path: Path, form: TableForm) -> None:
    person = on_page(make_person)
    names: list[str] = []

    def choose(_: object, name: str) -> str:
        names.append(name)
        return str(tmp_path / name)

    person.window.rooms.report_flow.ask = choose
    page = page_of(person)
    (page.xlsx if form is TableForm.XLSX else page.csv).click()
    person.waits_until(lambda: names and (tmp_path / names[0]).exists())
    assert names == [f"Report-month-2025-11.{form.value}"]
    assert (tmp_path / names[0]).read_bytes() == b"made"
    assert page.report is not None
    assert beside_of(person).made(MakeTables) == [MakeTables("Report-month-2025-11", page.report, CAPTIONS, form)]


def test_esc_leads_back_to_where_somebody_came_from(make_person: MakeWindow) -> None:
    person = on_page(make_person)
    person.window.press("Esc")
    assert person.window.shell.current == "sell"


def test_a_cashier_has_no_reports(make_person: MakeWindow) -> None:
    person = make_person()
    person.logs_in()
    person.window.press("F10")
    assert person.window.shell.current != REPORTS
