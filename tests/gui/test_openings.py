"""Any figure of the pages Day, Start and Closings opens what it adds up, by a click and by the keyboard."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from tests.gui import days, scene, values
from tests.gui.conftest import MakeWindow, Person
from tests.gui.looks import looked_at
from tests.gui.test_reports import Office
from vending_app.domain.closing import ClosingKind
from vending_app.domain.ids import DeskNo
from vending_app.domain.report_asked import ReportAsked, ReportKind
from vending_app.services.report_cases import ShowReport
from vending_app.ui.components.openable import Openable
from vending_app.ui.components.rail import DAY, START
from vending_app.ui.reports.report_flow import REPORTS

TODAY = days.FRIDAY.isoformat()
SALES = ReportAsked(ReportKind.SALES, TODAY)
SOLD = replace(SALES, by="sold-until", of="24")
ARREARS = replace(SALES, by="account", of="arrears")
ENTER, DOWN, RIGHT = Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Right


def supervisor(make: MakeWindow, *, dark: bool = False, desk: DeskNo | None = None) -> Person:
    counter = scene.Counter(operators=(values.DANIEL,), beside=Office())
    counter.days[days.FRIDAY] = replace(days.a_day(), desk=desk)
    person = make(counter, dark=dark)
    person.logs_in()
    return person


def on_day(make: MakeWindow, *, dark: bool = False, desk: DeskNo | None = None) -> Person:
    person = supervisor(make, dark=dark, desk=desk)
    person.window.go(DAY.key)
    person.waits_until(lambda: person.window.rooms.day.report)
    return person


def opens(person: Person, card: Openable, at: int, *, by_mouse: bool) -> ReportAsked:
    """Which report comes of a part of a card; Esc leads back to the page."""
    page, start = person.window.rooms.reports, person.window.shell.current
    if by_mouse:
        QTest.mouseClick(card, Qt.MouseButton.LeftButton, pos=card.parts()[at].place.center().toPoint())
    else:
        card.setFocus(Qt.FocusReason.TabFocusReason)
        for _ in range(at):
            person.presses(RIGHT if at % 2 else DOWN)
        person.presses(ENTER)
    assert person.window.shell.current == REPORTS
    person.waits_until(lambda: page.report is not None and page.report.asked == page.choice)
    assert page.card.table is not None
    assert page.card.table.hasFocus()
    person.window.press("Esc")
    assert person.window.shell.current == start
    return page.choice


@pytest.mark.parametrize("by_mouse", [True, False])
def test_each_tile_of_a_day_opens_what_it_adds_up(make_person: MakeWindow, by_mouse: bool) -> None:
    person = on_day(make_person)
    tiles = person.window.rooms.day.tiles
    found = [opens(person, tile, 0, by_mouse=by_mouse) for tile in tiles]
    assert [tile.told.name for tile in tiles] == [
        "Takings",
        "Energy sold",
        "Sales",
        "Average sale",
        "Arrears recovered",
    ]
    assert found == [SALES, SALES, SOLD, SALES, ARREARS]


@pytest.mark.parametrize("by_mouse", [True, False])
def test_each_bar_and_row_of_a_day_opens_what_it_adds_up(make_person: MakeWindow, by_mouse: bool) -> None:
    page = (person := on_day(make_person)).window.rooms.day
    assert opens(person, page.hours, 1, by_mouse=by_mouse) == replace(SALES, by="sold-hour", of="9")
    ana = replace(SALES, by="cashier", of="ana-moreau", desk=2)
    assert opens(person, page.cashiers, 0, by_mouse=by_mouse) == ana
    assert opens(person, page.cashiers, 3, by_mouse=by_mouse) == SALES
    tenders = [opens(person, page.tenders, at, by_mouse=by_mouse) for at in range(5)]
    shared = ["cash", "card", "mobile", "taken-back"]
    assert tenders == [*(replace(SALES, by="tender", of=of) for of in shared), SALES]


def test_figures_of_one_desk_open_what_that_desk_did(make_person: MakeWindow) -> None:
    page = (person := on_day(make_person, desk=DeskNo(3))).window.rooms.day
    assert opens(person, page.tiles[0], 0, by_mouse=True) == replace(SALES, desk=3)
    assert opens(person, page.hours, 0, by_mouse=True) == replace(SALES, by="sold-hour", of="8", desk=3)
    assert opens(person, page.tenders, 3, by_mouse=True) == replace(SALES, by="tender", of="taken-back", desk=3)


@pytest.mark.parametrize("dark", [False, True])
def test_what_a_click_would_open_is_seen(make_person: MakeWindow, caplog: pytest.LogCaptureFixture, dark: bool) -> None:
    page = (person := on_day(make_person, dark=dark)).window.rooms.day
    page.cashiers.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.mouseMove(page.tiles[1], QPoint(40, 40))
    QTest.mouseMove(page.hours, page.hours.parts()[3].place.center().toPoint())
    person.waits_until(lambda: page.hours.pointed == 3)
    assert page.cashiers.pointed == 0
    looked_at(person.window, caplog, f"day-pointed-{'dark' if dark else 'light'}")


def test_a_day_without_a_sale_has_no_bar_to_open(make_person: MakeWindow) -> None:
    page = (person := on_day(make_person)).window.rooms.day
    page.hours.show_report(days.an_empty_day(days.FRIDAY), running=None)
    page.hours.setFocus()
    person.presses(ENTER)
    assert page.hours.focusPolicy() is Qt.FocusPolicy.NoFocus
    assert person.window.shell.current == DAY.key


@pytest.mark.parametrize("by_mouse", [True, False])
def test_figures_of_the_start_page_open_what_they_add_up(make_person: MakeWindow, by_mouse: bool) -> None:
    person = supervisor(make_person)
    person.window.press("Alt+Home")
    page = person.window.rooms.start
    person.waits_until(lambda: page.shown is not None and page.tiles[0].told.opens)
    assert person.window.shell.current == START.key
    until = replace(SALES, by="sold-until", of="10")
    found = [opens(person, tile, 0, by_mouse=by_mouse) for tile in page.tiles]
    assert page.tiles[0].told.name == "Sold until 10:00"
    assert found == [until, until, SALES, ARREARS]
    assert opens(person, page.hours, 2, by_mouse=by_mouse) == replace(SALES, by="sold-hour", of="10")


def test_a_z_leads_to_its_sales(make_person: MakeWindow, caplog: pytest.LogCaptureFixture) -> None:
    person = supervisor(make_person)
    person.window.go("closings")
    page, reports = person.window.closings, person.window.rooms.reports
    page.kinds.choose(ClosingKind.SHIFT)
    page.kinds.chosen.emit(ClosingKind.SHIFT)
    person.waits_until(lambda: page.model.rows and page.model.rows[0].kind is ClosingKind.SHIFT)
    looked_at(person.window, caplog, "closings-shifts")
    page.table.selectRow(1)
    page.sales_button.setFocus()
    person.presses(ENTER)
    asked = replace(SALES, by="shift", of=page.model.rows[1].period)
    person.waits_until(lambda: reports.report is not None and reports.report.asked == asked)
    person.window.press("Esc")
    assert person.window.shell.current == "closings"


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        (ClosingKind.DAY, ReportAsked(ReportKind.DAY, "2025-11-12")),
        (ClosingKind.MONTH, ReportAsked(ReportKind.MONTH, "2025-10")),
        (ClosingKind.YEAR, ReportAsked(ReportKind.YEAR, "2023")),
    ],
)
def test_what_is_closed_opens_its_report(make_person: MakeWindow, kind: ClosingKind, asked: ReportAsked) -> None:
    person = supervisor(make_person)
    person.counter.closable = ""
    person.counter.closings[ClosingKind.YEAR] = tuple(
        values.a_closing(ClosingKind.YEAR, number=2 - at, period=str(2024 - at)) for at in range(2)
    )
    person.window.go("closings")
    page, reports = person.window.closings, person.window.rooms.reports
    page.kinds.chosen.emit(kind)
    person.waits_until(lambda: page.model.rows and page.model.rows[0].kind is kind)
    assert page.list_card.remark == "Enter shows its report"
    page.table.setFocus()
    page.table.selectRow([row.period for row in page.model.rows].index(asked.period))
    person.presses(ENTER)
    assert person.window.shell.current == REPORTS
    person.waits_until(lambda: reports.report is not None and reports.report.asked == asked)
    person.window.press("Esc")
    assert person.window.shell.current == "closings"
    assert len(person.asked(ShowReport)) <= 1, "asked once"
