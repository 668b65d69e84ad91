"""Somebody at the window over the real counter: books, cards and meter are real, nothing is a double."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.beside import Beside
from tests.gui.taking_down import take_down
from tests.gui.waiting import wait_until
from tests.services.desk_of import DeskOf, a_desk
from vending_app.bench.world import CASHIER, DESK, MOMENT, SUPERVISOR, SUPPLY, TECHNICIAN
from vending_app.cardio.builtin import BUILT_IN
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.meter_slot import EmulatedMeterSlot
from vending_app.cardio.emulated.store import FileStore
from vending_app.domain.ids import ReaderName, SaleId, SupplyNo
from vending_app.domain.meter import MeterDecision
from vending_app.domain.people import Operator, SupplyFile
from vending_app.domain.records import Terms
from vending_app.ledger import DeskLedger
from vending_app.ports.key_keeping import KeyCustody
from vending_app.services import supply_cases as ask
from vending_app.services.counter import Counter
from vending_app.services.use_cases import Session, ShowDesk
from vending_app.ui.books.act_card import ActCard
from vending_app.ui.bridge import DeskBridge, Failed, Finished
from vending_app.ui.main_window import MainWindow

WAIT_MS = 8000
WATCH_MS = 50


MakeCustody = Callable[[DeskOf], KeyCustody | None]
"""Where the master keys of a desk are kept."""


def no_custody(_: DeskOf) -> KeyCustody | None:
    """As most tests have it."""
    return None


@dataclass
class Calendar:
    """The time at the counter and in the meters, moved by hand."""

    now: datetime = MOMENT

    def pass_days(self, days: int) -> None:
        self.now += timedelta(days=days)


class Ears(QObject):
    """What the desk answered, heard in the window's own thread."""

    def __init__(self, bridge: DeskBridge) -> None:
        super().__init__()
        self._told: list[Finished | Failed] = []
        bridge.finished.connect(self.on_told)
        bridge.failed.connect(self.on_told)

    @Slot(object)
    def on_told(self, told: Finished | Failed) -> None:
        self._told.append(told)

    def heard(self, use_case: object) -> bool:
        return any(told.use_case is use_case for told in self._told)

    def answer(self, use_case: object) -> object:
        told = next(told for told in self._told if told.use_case is use_case)
        assert isinstance(told, Finished), told
        return told.answer


@dataclass
class Petra:
    """A technician with a keyboard, a stack of blank cards, and the meter of Amara."""

    window: MainWindow
    desk: DeskOf
    bot: QtBot
    folder: Path
    books: DeskLedger
    """The same books on a connection of the test's own: the desk thread has the other one."""
    ears: Ears
    calendar: Calendar = field(default_factory=Calendar)
    cards: int = 0

    def logs_in(self, operator: Operator = TECHNICIAN) -> None:
        # What was asked before is done by then: the desk asks anew who is at work with each request.
        self.does(ShowDesk())
        self.desk.counter.operator = operator
        self.window.people = (CASHIER, TECHNICIAN, SUPERVISOR)
        shift = self.books.shift(desk=self.desk.counter.outside.desk)
        self.window.bridge.finished.emit(Finished(None, Session(operator, shift)))

    def terms(self) -> Terms:
        """As those of Amara's supply."""
        return self.books.terms(SUPPLY)

    def does(self, use_case: object) -> object:
        """Ask the desk as a page does, and wait for the answer; a refusal fails the test."""
        self.window.bridge.submit(use_case)
        self.until(lambda: self.ears.heard(use_case))
        return self.ears.answer(use_case)

    def until(self, happens: Callable[[], object]) -> None:
        wait_until(self.bot, happens, timeout_ms=WAIT_MS)

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

    def finds(self, text: str, card: ActCard) -> None:
        """The first who is found by this text."""
        self.until(lambda: card.search.hasFocus() and not card._is_searching)
        self.types(text)
        self.until(lambda: not card._is_searching)
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

    def takes_out(self) -> None:
        self.desk.readers.pull()
        self.until(lambda: not any(state.card_present for state in self.window._readers))

    def loads(self, card: EmulatedCard) -> MeterDecision:
        return self.desk.world.meter.insert(EmulatedMeterSlot(card, vault=self.desk.world.vault)).decision

    def file(self, supply: SupplyNo = SUPPLY) -> SupplyFile:
        return self.books.supply(supply, today=self.calendar.now.date())


@contextmanager
def at_window(
    qtbot: QtBot,
    folder: Path,
    *,
    issued: bool = True,
    custody: MakeCustody = no_custody,
    names: Sequence[ReaderName] = (BUILT_IN,),
) -> Iterator[Petra]:
    """A window over a real counter with a real card in its reader; the technician is logged in."""
    calendar = Calendar()
    with a_desk(folder, issued=issued, names=names) as desk:
        desk.counter = Counter(replace(desk.counter.outside, clock=lambda: calendar.now, custody=custody(desk)))
        books = DeskLedger.open(desk.world.store, desk=DESK)
        cards = desk.counter.outside.cards
        bridge = DeskBridge(desk.counter.do, lambda known: cards.watch(known, timeout_ms=WATCH_MS))
        ids = iter(range(1_000, 9_000))
        window = MainWindow(bridge, new_id=lambda: SaleId(f"{next(ids):026d}"), beside=Beside(), less_motion=True)
        window.furnish()
        bridge.start()
        window.resize(1366, 768)
        window.show()
        window.activateWindow()
        qtbot.waitActive(window)
        petra = Petra(window, desk, qtbot, folder, books, Ears(bridge), calendar)
        petra.logs_in()
        try:
            yield petra
        finally:
            take_down(window)
            books.close()
