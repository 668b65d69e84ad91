"""A window over the double of the counter, and a person at its keyboard."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count

import pytest
from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QSizeF, Qt
from PySide6.QtGui import QPageSize, QPainter, QPdfWriter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from tests.gui import scene, values
from tests.gui.taking_down import take_down
from tests.gui.waiting import wait_until
from vending_app.domain.ids import SaleId
from vending_app.domain.money import Money
from vending_app.ui.bridge import DeskBridge
from vending_app.ui.main_window import MainWindow
from vending_app.ui.sell.stage import Stage
from vending_app.ui.start import wear
from vending_app.ui.theme import make_look


@dataclass
class Person:
    """Somebody who has a keyboard and no mouse, and can move a card."""

    window: MainWindow
    counter: scene.Counter
    hand: scene.Hand
    bot: QtBot

    def types(self, text: str) -> None:
        """Type into whatever has the focus."""
        focus = QApplication.focusWidget()
        assert focus is not None, "nothing has the focus"
        QTest.keyClicks(focus, text)

    def presses(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press one key where the focus is."""
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifier)

    def waits_until(self, happens: Callable[[], object]) -> None:
        wait_until(self.bot, happens)

    def stage(self) -> Stage:
        """Where the counter stands now."""
        return self.window.flow.stage

    def change(self) -> Money | None:
        """What the page says is to be given back."""
        return self.window.sell.payment.sum.change

    def waits_for(self, stage: Stage) -> None:
        self.waits_until(lambda: self.window.flow.stage is stage)

    def logs_in(self, secret: str = values.PIN) -> None:
        self.waits_until(lambda: self.window.login.greeting)
        self.types(secret)
        self.presses(Qt.Key.Key_Return)
        self.waits_until(lambda: not self.window.is_locked and self.window.desk is not None)

    def puts_card_in(self, card: object = None) -> None:
        if card is not None:
            self.counter.card = card  # type: ignore[assignment]
        self.hand.put_in()
        self.waits_until(lambda: self.window.flow.stage not in {Stage.EMPTY, Stage.DONE, Stage.TORN})

    def takes_card_out(self) -> None:
        self.hand.take_out()
        self.waits_until(lambda: not any(state.card_present for state in self.window._readers))

    def leaves(self) -> None:
        """Before the end of the test, where another window comes after this one."""
        take_down(self.window)

    def sells(self, amount: str, cash: str) -> None:
        """Two numbers and two Enters."""
        self.types(amount)
        self.presses(Qt.Key.Key_Return)
        self.types(cash)
        self.presses(Qt.Key.Key_Return)

    def asked(self, kind: type) -> list[object]:
        """What the counter was asked of this kind."""
        return [each for each in self.counter.asked if type(each) is kind]


MakeWindow = Callable[..., Person]


@pytest.fixture
def make_person(qtbot: QtBot) -> Iterator[MakeWindow]:
    """Opens windows, and closes them when the test is over."""
    opened: list[MainWindow] = []

    def make(
        counter: scene.Counter | None = None, *, practice: bool = False, dark: bool = False, card_is_in: bool = False
    ) -> Person:
        counter, hand, numbers = counter or scene.Counter(), scene.Hand(), count(1)
        if card_is_in:
            hand.put_in()
        counter.pdf = counter.pdf or a_pdf()
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        wear(application, make_look(dark=dark, less_motion=True))
        bridge = DeskBridge(counter.perform, hand.watch)
        beside = counter.beside
        window = MainWindow(
            bridge,
            new_id=lambda: SaleId(f"{next(numbers):026d}"),
            beside=beside,
            practice=practice,
            dark=dark,
            less_motion=True,
        )
        opened.append(window)
        bridge.start()
        window.begin()
        window.show()
        window.activateWindow()
        qtbot.waitActive(window)
        wait_until(qtbot, lambda: window.is_furnished)
        return Person(window, counter, hand, qtbot)

    yield make
    had_picture = any(isValid(window) and window.is_furnished and window.rooms.reports.chart.plot for window in opened)
    for window in filter(isValid, opened):
        take_down(window)
    if had_picture:
        # What a picture is made of refers to itself in rings: it goes here, not in whatever thread comes next.
        gc.collect()


@pytest.fixture
def person(make_person: MakeWindow) -> Person:
    """A cashier before the log-in page."""
    return make_person()


@pytest.fixture
def cashier(person: Person) -> Person:
    """A cashier who is logged in."""
    person.logs_in()
    return person


def a_pdf() -> bytes:
    """A small receipt-like PDF."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageSize(QPageSize(QSizeF(80, 200), QPageSize.Unit.Millimeter))
    writer.setPageMargins(QMarginsF(4, 4, 4, 4))
    painter = QPainter(writer)
    painter.drawText(200, 400, "Receipt 2-004518")
    painter.end()
    buffer.close()
    return bytes(buffer.data().data())


def shown_texts(widget: QWidget) -> str:
    """What a screen reader would say of a page and all in it."""
    parts = [
        f"{each.accessibleName()} {each.accessibleDescription()}" for each in (widget, *widget.findChildren(QWidget))
    ]
    return " | ".join(parts)
