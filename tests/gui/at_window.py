"""Somebody at the window over the real counter: books, cards and meter are real, nothing is a double."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.services.desk_of import DeskOf, a_desk
from vending_app.bench.world import CASHIER, MOMENT, SUPERVISOR, SUPPLY, TECHNICIAN
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.meter_slot import EmulatedMeterSlot
from vending_app.cardio.emulated.store import FileStore
from vending_app.domain.ids import SaleId, SupplyNo
from vending_app.domain.meter import MeterDecision
from vending_app.domain.people import Operator, SupplyFile
from vending_app.services import supply_cases as ask
from vending_app.services.counter import Counter
from vending_app.services.use_cases import Session
from vending_app.ui.bridge import DeskBridge, Finished
from vending_app.ui.main_window import MainWindow

WAIT_MS = 8000
WATCH_MS = 50


@dataclass
class Calendar:
    """The time at the counter and in the meters, moved by hand."""

    now: datetime = MOMENT

    def pass_days(self, days: int) -> None:
        self.now += timedelta(days=days)


@dataclass
class Petra:
    """A technician with a keyboard, a stack of blank cards, and the meter of Amara."""

    window: MainWindow
    desk: DeskOf
    bot: QtBot
    folder: Path
    calendar: Calendar = field(default_factory=Calendar)
    cards: int = 0

    def logs_in(self, operator: Operator = TECHNICIAN) -> None:
        self.desk.counter.operator = operator
        self.window.people = (CASHIER, TECHNICIAN, SUPERVISOR)
        outside = self.desk.counter.outside
        self.window.bridge.finished.emit(Finished(None, Session(operator, outside.ledger.shift(desk=outside.desk))))

    def until(self, happens: Callable[[], object]) -> None:
        self.bot.waitUntil(lambda: bool(happens()), timeout=WAIT_MS)

    def opens(self, supply: SupplyNo = SUPPLY) -> None:
        page = self.window.supply
        page.shown = None
        self.window.bridge.submit(ask.ShowLife(supply))
        self.until(lambda: page.shown is not None and self.window.shell.current == "supply")

    def presses(self, key: Qt.Key) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, key)

    def types(self, text: str) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None, "nothing has the focus"
        QTest.keyClicks(focus, text)

    def chooses(self, key: str) -> None:
        """The arrow keys go to a choice, Enter takes it."""
        choices = self.window.supply.column.card.choices
        for _ in range(20):
            if choices.key == key:
                break
            self.presses(Qt.Key.Key_Down)
        assert choices.key == key
        self.presses(Qt.Key.Key_Return)

    def enters(self, *texts: str) -> None:
        """One field after the other."""
        for text in texts:
            self.types(text)
            self.presses(Qt.Key.Key_Return)

    def asked_for(self, title: str) -> None:
        card = self.window.supply.column.card
        self.until(lambda: card.isVisible() and card.title == title and card.button.isEnabled())

    def done(self) -> None:
        self.until(self.window.supply.column.isHidden)

    def blank(self) -> EmulatedCard:
        self.cards += 1
        file = self.folder / f"card-{self.cards}.bin"
        FileStore.blank(file)
        card = EmulatedCard(FileStore(file))
        self.desk.readers.pull()
        self.desk.readers.insert(card)
        return card

    def loads(self, card: EmulatedCard) -> MeterDecision:
        return self.desk.world.meter.insert(EmulatedMeterSlot(card, vault=self.desk.world.vault)).decision

    def file(self, supply: SupplyNo = SUPPLY) -> SupplyFile:
        return self.desk.counter.outside.ledger.supply(supply, today=self.calendar.now.date())


@contextmanager
def at_window(qtbot: QtBot, folder: Path, *, issued: bool = True) -> Iterator[Petra]:
    """A window over a real counter with a real card in its reader; the technician is logged in."""
    calendar = Calendar()
    with a_desk(folder, issued=issued) as desk:
        desk.counter = Counter(replace(desk.counter.outside, clock=lambda: calendar.now))
        cards = desk.counter.outside.cards
        bridge = DeskBridge(desk.counter.do, lambda known: cards.watch(known, timeout_ms=WATCH_MS))
        ids = iter(range(1_000, 9_000))
        window = MainWindow(bridge, new_id=lambda: SaleId(f"{next(ids):026d}"), less_motion=True)
        window.furnish()
        bridge.start()
        window.resize(1366, 768)
        window.show()
        window.activateWindow()
        qtbot.waitActive(window)
        petra = Petra(window, desk, qtbot, folder, calendar)
        petra.logs_in()
        try:
            yield petra
        finally:
            bridge.close()
            window.close()
            window.deleteLater()
