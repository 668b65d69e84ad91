"""The supervisor's pages by keyboard alone: where the cursor begins, what Tab reaches, what Enter and Esc do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QTableView, QWidget
from pytestqt.qtbot import QtBot

from tests.gui import inspections, test_day, test_inspect, test_operators, test_reports, test_tariffs
from tests.gui.at_window import at_window
from tests.gui.conftest import MakeWindow, Person
from tests.gui.test_office import Boss
from tests.gui.waiting import wait_until
from vending_app.bench.world import TECHNICIAN
from vending_app.domain.record_lines import RecordKind
from vending_app.domain.records import Area
from vending_app.domain.report_asked import ReportKind
from vending_app.domain.tariff import TariffField
from vending_app.services.supply_cases import EnterArea
from vending_app.ui.components.rail import DAY, SETUP
from vending_app.ui.components.segmented import Segmented

Key = Qt.Key
MOST = 150
"""Stops of one page: more than any has."""


@dataclass
class Hands:
    """Ten fingers and no mouse."""

    window: QWidget
    bot: QtBot

    def presses(self, *keys: Qt.Key) -> None:
        for key in keys:
            QTest.keyClick(QApplication.focusWidget() or self.window, key)

    def tabs_to(self, wanted: QWidget) -> None:
        for _ in range(MOST):
            if QApplication.focusWidget() is wanted:
                return
            self.presses(Key.Key_Tab)
        raise AssertionError(f"Tab does not lead to {_called(wanted)}")

    def takes(self, button: QWidget) -> None:
        """Go there and press it."""
        self.tabs_to(button)
        self.presses(Key.Key_Return)

    def until(self, happens: Callable[[], object]) -> None:
        wait_until(self.bot, happens)


def _called(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.accessibleName()!r}"


CONTROLS = (QAbstractButton, QLineEdit, QTableView)


def _is_stop(widget: QWidget) -> bool:
    """Whether somebody would want to get there: a control, or what says of itself that Tab leads to it."""
    is_on = widget.isVisible() and widget.isEnabled() and widget.focusProxy() is None
    return is_on and (isinstance(widget, CONTROLS) or bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus))


def stops(page: QWidget) -> list[QWidget]:
    """All of a page; of the segments of one switch, through which the arrows lead, the one that is chosen."""
    found = [each for each in page.findChildren(QWidget) if _is_stop(each)]
    return [each for each in found if not isinstance(each.parentWidget(), Segmented) or _is_chosen(each)]


def _is_chosen(segment: QWidget) -> bool:
    return isinstance(segment, QAbstractButton) and segment.isChecked()


def walked(hands: Hands) -> list[QWidget]:
    """Once around by Tab, from where the cursor is."""
    found: list[QWidget] = []
    for _ in range(MOST):
        focus = QApplication.focusWidget()
        assert focus is not None, "the cursor is somewhere"
        if focus in found:
            return found
        found.append(focus)
        hands.presses(Key.Key_Tab)
    raise AssertionError("Tab never comes back")


def all_is_reached(hands: Hands, page: QWidget, first: QWidget) -> None:
    """The cursor begins there, Tab reaches all that is on, and Backtab goes the same way back."""
    focus = QApplication.focusWidget()
    assert focus is first, f"the cursor begins at {_called(focus) if focus else 'nothing'}"
    assert first.isVisible()
    there = stops(page)
    found = walked(hands)
    missed = [_called(each) for each in there if each not in found]
    assert missed == []
    assert QApplication.focusWidget() is first, "once around leads back"
    back = [first]
    for _ in found[1:]:
        hands.presses(Key.Key_Backtab)
        now = QApplication.focusWidget()
        assert now is not None
        back.append(now)
    assert back[1:] == found[:0:-1]
    hands.presses(Key.Key_Backtab)
    assert QApplication.focusWidget() is first


def hands_of(person: Person) -> Hands:
    return Hands(person.window, person.bot)


# --- tariffs ---------------------------------------------------------------------------------------------


def test_prices_are_walked_through(make_person: MakeWindow) -> None:
    person = test_tariffs.on_page(make_person)
    hands, page = hands_of(person), test_tariffs.page_of(person)
    hands.presses(Key.Key_Down)
    all_is_reached(hands, page, page.table)
    hands.presses(Key.Key_Return)
    all_is_reached(hands, page, page.editor.first)
    hands.tabs_to(page.editor.fields.field_of((TariffField.FIXED, 0)))
    hands.presses(Key.Key_9)
    hands.takes(page.sums.button)
    all_is_reached(hands, page, page.summary.button)
    hands.presses(Key.Key_Return)
    hands.until(lambda: not page.column.approval.isHidden())
    all_is_reached(hands, page, page.column.approval.passphrase)
    for _ in range(3):
        hands.presses(Key.Key_Escape)
    hands.until(page.table.hasFocus)
    hands.presses(Key.Key_Escape)
    assert person.window.shell.current == SETUP.key


# --- operators -------------------------------------------------------------------------------------------


def test_people_are_walked_through(make_person: MakeWindow) -> None:
    person = test_operators.on_page(make_person)
    hands, page = hands_of(person), test_operators.page_of(person)
    card = page.column.card
    all_is_reached(hands, page, page.table)
    for button in (page.change, page.secret, page.lock, page.enter):
        hands.takes(button)
        hands.until(card.isVisible)
        focus = QApplication.focusWidget()
        assert focus is not None
        assert card.isAncestorOf(focus)
        all_is_reached(hands, page, focus)
        hands.presses(Key.Key_Escape)
        assert page.table.hasFocus()
    hands.presses(Key.Key_Return)
    assert card.isVisible(), "Enter on a person changes him"
    hands.presses(Key.Key_Escape, Key.Key_Escape)
    assert person.window.shell.current == SETUP.key


# --- inspection ------------------------------------------------------------------------------------------


def test_the_inspection_list_is_walked_through(make_person: MakeWindow) -> None:
    person = test_inspect.on_page(make_person, inspections.an_inspection())
    hands, page = hands_of(person), person.window.rooms.inspect
    all_is_reached(hands, page, page.list)
    for button in (None, page.criteria):
        if button is None:
            hands.presses(Key.Key_Return)
        else:
            hands.takes(button)
        hands.until(page.column.card.isVisible)
        focus = QApplication.focusWidget()
        assert focus is not None
        assert page.column.card.isAncestorOf(focus)
        all_is_reached(hands, page, focus)
        hands.presses(Key.Key_Escape)
        hands.until(page.list.hasFocus)


# --- a day, its closings ---------------------------------------------------------------------------------


def test_a_day_and_its_closings_are_walked_through(make_person: MakeWindow) -> None:
    person = test_day.on_page(make_person)
    hands, page = hands_of(person), person.window.rooms.day
    focus = QApplication.focusWidget()
    assert focus is not None
    assert page.isAncestorOf(focus)
    all_is_reached(hands, page, focus)
    hands.takes(page.closings)
    assert person.window.shell.current == "closings"
    closings = person.window.rooms.closings
    hands.until(closings.table.hasFocus)
    all_is_reached(hands, closings, closings.table)
    hands.presses(Key.Key_Escape)
    assert person.window.shell.current == DAY.key
    hands.takes(page.pdf)
    hands.until(lambda: person.window.shell.current == "receipt")
    hands.presses(Key.Key_Escape)
    assert person.window.shell.current == DAY.key


# --- reports ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [ReportKind.DAY, ReportKind.MONTH])
def test_reports_are_walked_through(make_person: MakeWindow, kind: ReportKind) -> None:
    person = test_reports.on_page(make_person, kind)
    hands, page = hands_of(person), test_reports.page_of(person)
    all_is_reached(hands, page, page.kinds)
    assert page.card.table is not None
    hands.tabs_to(page.card.table)
    asked = page.choice
    hands.presses(Key.Key_Return)
    hands.until(lambda: page.report is not None and page.report.asked.kind is ReportKind.SALES)
    table = page.card.table
    assert table is not None
    hands.until(table.hasFocus)
    all_is_reached(hands, page, table)
    hands.presses(Key.Key_Escape)
    assert page.choice == asked


# --- over real books -------------------------------------------------------------------------------------


@pytest.fixture
def boss(qtbot: QtBot, tmp_path: Path) -> Iterator[Boss]:
    with at_window(qtbot, tmp_path) as petra:
        yield Boss(petra)


def test_rules_of_the_office_are_walked_through(boss: Boss) -> None:
    boss.opens()
    hands, page = Hands(boss.window, boss.petra.bot), boss.page
    for part in page.cards:
        hands.tabs_to(page.tabs.focusWidget() or page.tabs._segments[0])
        while page.part is not part:
            hands.presses(Key.Key_Right)
        first = QApplication.focusWidget()
        assert first is not None
        all_is_reached(hands, page, first)
    for _ in page.cards:
        hands.presses(Key.Key_Left)
    hands.tabs_to(page.identity.fields["name"])
    hands.presses(Key.Key_End, Key.Key_X)
    hands.takes(page.identity.keep)
    hands.until(page.column.card.button.isEnabled)
    all_is_reached(hands, page, page.column.card.button)
    hands.presses(Key.Key_Return)
    hands.until(page.column.approval.isVisible)
    asked = QApplication.focusWidget()
    assert asked is not None
    assert page.column.approval.isAncestorOf(asked)
    all_is_reached(hands, page, asked)
    hands.presses(Key.Key_Escape, Key.Key_Escape)
    hands.until(lambda: page.column.is_home)
    hands.presses(Key.Key_Escape, Key.Key_Escape)
    assert boss.window.shell.current == SETUP.key


def test_an_area_and_its_counters_are_walked_through(boss: Boss) -> None:
    hands, page = Hands(boss.window, boss.petra.bot), boss.window.rooms.records
    boss.logs_in(TECHNICIAN)
    boss.petra.does(EnterArea(Area("E1", "Eastfield", "T-04")))
    boss.logs_in()
    boss.window.go("records")
    all_is_reached(hands, page, page.field)
    hands.tabs_to(next(each for each in page.kinds._segments if each.isChecked()))
    while page.kind is not RecordKind.AREA:
        hands.presses(Key.Key_Right)
    hands.tabs_to(page.field)
    boss.petra.types("east")
    hands.until(lambda: page.chosen is not None and page.read.isEnabled())
    all_is_reached(hands, page, page.field)
    hands.takes(page.read)
    card = page.column.card
    hands.until(lambda: card.isVisible() and card.button.isEnabled())
    first = QApplication.focusWidget()
    assert first is not None
    assert card.isAncestorOf(first)
    all_is_reached(hands, page, first)
    hands.presses(Key.Key_Escape)
    hands.until(lambda: page.column.is_home)
    hands.presses(Key.Key_Escape)
