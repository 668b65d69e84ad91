"""A trainee does drills at the window of a real practice counter."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.beside import Beside
from tests.gui.taking_down import take_down
from tests.gui.waiting import wait_until
from vending_app import app, practice
from vending_app.domain.ids import OperatorName
from vending_app.domain.money import Money
from vending_app.domain.people import Operator, Role
from vending_app.services.drills import DrillBook, DrillResult, KeepDrill, ShowDrills
from vending_app.services.use_cases import OpenShift, Session
from vending_app.ui.bridge import DeskBridge, Finished
from vending_app.ui.main_window import MainWindow
from vending_app.ui.pages.drills_page import DrillsPage
from vending_app.ui.sell.stage import Stage

WAIT_MS, WATCH_MS = 10_000, 50


class Trainee:
    def __init__(self, window: MainWindow, training: practice.PracticeCounter, bot: QtBot, stack: ExitStack) -> None:
        self.window, self.training, self.bot = window, training, bot
        self.closes = stack.close
        """The books of this street."""

    def logs_in(self, operator: Operator) -> None:
        outside = self.training.counter.outside
        self.training.counter.operator = operator
        shift = outside.ledger.shift(desk=outside.desk)
        self.window.bridge.finished.emit(Finished(None, Session(operator, shift)))

    def types(self, text: str) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None, "nothing has the focus"
        QTest.keyClicks(focus, text)
        QTest.keyClick(QApplication.focusWidget() or self.window, Qt.Key.Key_Return)

    def until(self, happens: Callable[[], object]) -> None:
        wait_until(self.bot, happens, timeout_ms=WAIT_MS)


@pytest.fixture
def trainee(qtbot: QtBot, own_practice: Path) -> Iterator[Trainee]:
    with ExitStack() as stack:
        training = stack.enter_context(practice.open_practice(own_practice, waits=False))
        people = {operator.role: operator for operator in training.counter.outside.ledger.operators()}
        training.counter.operator = people[Role.CASHIER]
        training.do(OpenShift(Money(100_00)))
        cards = training.counter.outside.cards
        bridge = DeskBridge(training.do, lambda known: cards.watch(known, timeout_ms=WATCH_MS))
        window = MainWindow(bridge, new_id=app.new_id, beside=Beside(), practice=True, less_motion=True)
        window.furnish()
        person = Trainee(window, training, qtbot, stack)
        person.logs_in(people[Role.CASHIER])
        bridge.start()
        window.begin()
        window.resize(1366, 768)
        window.show()
        window.activateWindow()
        qtbot.waitActive(window)
        yield person
        take_down(window)


def begins_a_sale(trainee: Trainee) -> DrillsPage:
    """The first drill, up to the card that lies in the reader."""
    window = trainee.window
    page = window.drills
    assert page is not None
    window.go("drills")
    trainee.until(lambda: len(page.model.rows) == 10)
    page.table.selectRow(0)
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    trainee.until(lambda: window.flow.stage is Stage.READY and window.sell.amount.field.hasFocus())
    return page


def sells(trainee: Trainee) -> None:
    payment = trainee.window.sell.payment
    trainee.types("20")
    trainee.until(payment.cash.hasFocus)
    QTest.keyClicks(payment.cash, "20")
    trainee.until(payment.button.isEnabled)
    QTest.keyClick(payment.cash, Qt.Key.Key_Return)


def test_the_time_of_a_drill_does_not_jump_with_the_clock_of_the_desk(trainee: Trainee) -> None:
    page = begins_a_sale(trainee)
    trainee.window.clock.set_now(trainee.window.clock.now() - timedelta(days=1))
    sells(trainee)
    trainee.until(lambda: len(page.book.results) == 1)
    assert 0 < page.book.results[0].milliseconds < WAIT_MS


def test_a_drill_sets_the_scene_is_watched_and_its_time_is_kept(trainee: Trainee, tmp_path: Path) -> None:
    window = trainee.window
    page = begins_a_sale(trainee)
    sells(trainee)
    trainee.until(lambda: len(page.book.results) == 1)
    (result,) = page.book.results
    assert (result.drill, result.trainee, result.refusals) == ("sale", "cashier", 0)
    assert result.milliseconds > 0
    window.go("drills")
    trainee.until(lambda: page.task.note.startswith("Last time"))
    if os.environ.get("DRILL_PICTURE"):
        window.grab().save(os.environ["DRILL_PICTURE"])


def test_a_drill_that_is_given_up_leaves_no_result(trainee: Trainee) -> None:
    page = trainee.window.drills
    flow = trainee.window.drill_flow
    assert page is not None
    assert flow is not None
    trainee.window.go("drills")
    trainee.until(lambda: page.model.rows)
    page.table.selectRow(3)
    page.task.button.click()
    trainee.until(lambda: flow.run is not None)
    trainee.window.go("drills")
    assert page.task.button.text() == "Give up"
    page.task.button.click()
    assert flow.run is None
    assert page.task.button.text() == "Start"
    assert page.book.results == ()


def test_the_street_is_set_up_anew_after_a_question_and_results_are_kept(trainee: Trainee, tmp_path: Path) -> None:
    window, folder = trainee.window, trainee.training.folder
    page, files = window.drills, app.Files(folder)
    assert page is not None
    kept = DrillResult("sale", OperatorName("cashier"), app.now(), 9_000, 0)
    trainee.training.do(KeepDrill(kept))
    before = files.ledger.read_bytes()
    window.go("drills")
    page.anew.click()
    assert page.confirm.button.hasFocus()
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert page.confirm.isHidden()
    assert practice.is_ready(folder)
    page.anew.click()
    if os.environ.get("DRILL_PICTURE"):
        window.grab().save(os.environ["DRILL_PICTURE"])
    page.confirm.button.click()
    trainee.until(window.isHidden)
    assert not practice.is_ready(folder)
    trainee.closes()
    with practice.open_practice(folder, waits=False) as anew:
        assert anew.counter.outside.ledger.shift(desk=anew.counter.outside.desk) is None
        book = anew.do(ShowDrills())
    assert isinstance(book, DrillBook)
    assert book.results == (kept,)
    assert practice.is_ready(folder)
    assert files.ledger.read_bytes() != before


def test_each_role_sees_its_own_drills(trainee: Trainee) -> None:
    page = trainee.window.drills
    assert page is not None
    people = {operator.role: operator for operator in trainee.training.counter.outside.ledger.operators()}
    trainee.logs_in(people[Role.TECHNICIAN])
    assert len(page.model.rows) == 6
    trainee.logs_in(people[Role.SUPERVISOR])
    assert len(page.model.rows) == 10
