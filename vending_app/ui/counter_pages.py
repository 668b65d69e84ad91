"""The pages of the counter: which one is shown, and what the keys do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from vending_app.domain.ids import OperatorName, SaleId, SupplyNo
from vending_app.domain.money import Money
from vending_app.domain.people import LOCK_MINUTES, Operator, Shift
from vending_app.domain.permissions import Act, may
from vending_app.ports import ReaderState
from vending_app.services.choices import QUICK_AMOUNTS
from vending_app.services.use_cases import (
    CardReading,
    DeskState,
    LogOut,
    PrintReceipt,
    ShowHistory,
    ShowReceipt,
)
from vending_app.ui.bridge import DeskBridge
from vending_app.ui.clock import DeskClock
from vending_app.ui.components.rail import CARDS, SELL, SHIFT, SUPPLIES
from vending_app.ui.components.toast import Note
from vending_app.ui.idle import IdleWatch
from vending_app.ui.key_states import KeyFacts, keys_off
from vending_app.ui.pages.login_page import LoginPage
from vending_app.ui.phrases import status_moment
from vending_app.ui.practice.frame import BAND, EDGE, PracticeFrame
from vending_app.ui.sell.stage import Stage
from vending_app.ui.status import StatusFacts, marks_of, wheres_of
from vending_app.ui.theme import make_look

if TYPE_CHECKING:
    from vending_app.ui.books.book_flow import BookFlow
    from vending_app.ui.error_flow import ErrorFlow
    from vending_app.ui.inspect.inspect_flow import LongWork
    from vending_app.ui.pages.cards_page import CardsPage
    from vending_app.ui.pages.closings_page import ClosingsPage
    from vending_app.ui.pages.details_page import DetailsPage
    from vending_app.ui.pages.drills_page import DrillsPage
    from vending_app.ui.pages.help_page import HelpPage
    from vending_app.ui.pages.history_page import HistoryPage
    from vending_app.ui.pages.page import Content
    from vending_app.ui.pages.receipt_page import ReceiptPage
    from vending_app.ui.pages.sale_page import SalePage
    from vending_app.ui.pages.setup_page import SetupPage
    from vending_app.ui.pages.shift_page import ShiftPage
    from vending_app.ui.pages.supplies_page import SuppliesPage
    from vending_app.ui.pages.supply_page import SupplyPage
    from vending_app.ui.pages.tools_page import ToolsPage
    from vending_app.ui.practice.drill_flow import DrillFlow
    from vending_app.ui.rooms import Rooms
    from vending_app.ui.sell.flow import SellFlow
    from vending_app.ui.sell.sell_page import SellPage
    from vending_app.ui.shell import Shell

TITLE = "Energy counter"
CLOCK_MS = 1000
SMALLEST, SMALLEST_PRACTICE = QSize(1180, 720), QSize(1366, 720)
"""What a window never goes below on a screen that has as much."""
LEAST = QSize(1050, 590)
"""1366 × 768 on a desktop that shows everything by 130 %."""


def smallest(screen: QSize, *, practice: bool) -> QSize:
    """A window that its screen has no room for would hide its keys and its status below the edge."""
    return SMALLEST_PRACTICE if practice else LEAST.expandedTo(SMALLEST.boundedTo(screen))


class CounterPages(QWidget):
    """All pages of the counter, the way between them, and what the keys do. MainWindow listens to the bridge.

    Signals: furnished() — what lies behind the log-in page is there, and is to be connected.
    """

    furnished = Signal()

    shell: Shell
    sell: SellPage
    supplies: SuppliesPage
    shifts: ShiftPage
    sale: SalePage
    closings: ClosingsPage
    cards: CardsPage
    history: HistoryPage
    receipt: ReceiptPage
    help: HelpPage
    error_flow: ErrorFlow
    details: DetailsPage
    setup: SetupPage
    supply: SupplyPage
    rooms: Rooms
    tools: ToolsPage
    drills: DrillsPage | None
    drill_flow: DrillFlow | None
    flow: SellFlow
    books: BookFlow
    _pages: dict[str, Content]

    def __init__(
        self,
        bridge: DeskBridge,
        *,
        new_id: Callable[[], SaleId],
        beside: LongWork,
        practice: bool = False,
        dark: bool = False,
        less_motion: bool = False,
        offers_practice: bool = False,
        quick: tuple[Money, ...] = QUICK_AMOUNTS,
    ) -> None:
        super().__init__()
        self.look = make_look(dark=dark, less_motion=less_motion)
        self.bridge = bridge
        self.is_practice = practice
        self.clock = DeskClock()
        self.operator: Operator | None = None
        self.last_operator: OperatorName | None = None
        self.people: tuple[Operator, ...] = ()
        self.shift: Shift | None = None
        self.desk: DeskState | None = None
        self._readers: tuple[ReaderState, ...] = ()
        self._back: list[str] = []
        self._printer_failed = False
        self._pays: SupplyNo | None = None
        """Whose arrears are to be paid once his history is there."""
        self._left_at: QWidget | None = None
        self.idle = IdleWatch(self)
        self.idle.set_minutes(LOCK_MINUTES)
        self._new_id, self._quick, self._beside = new_id, quick, beside
        self.is_furnished = False
        self.stack = QStackedWidget(self)
        self.login = LoginPage(self.look, offers_practice=offers_practice and not practice)
        self.stack.addWidget(self.login)
        self.frame = PracticeFrame(self.look, self) if practice else None
        self._tick = QTimer(self)
        self._tick.setInterval(CLOCK_MS)
        self.setMinimumSize(smallest(self.screen().availableSize(), practice=practice))
        self.resize(1366, 768)
        self._name_window("")

    # --- building ---------------------------------------------------------------------------------------

    def furnish(self) -> None:
        """Build what lies behind the log-in page, once: while a person says who he is, not before he is asked."""
        if self.is_furnished:
            return
        # Loaded here, because a third of the time of a start would be the loading of pages that nobody sees yet.
        from vending_app.ui.rooms import Rooms  # noqa: PLC0415

        self.rooms = rooms = Rooms(self, new_id=self._new_id, quick=self._quick, beside=self._beside)
        self.shell, self.sell, self.supplies, self.shifts = rooms.shell, rooms.sell, rooms.supplies, rooms.shifts
        self.sale, self.closings, self.cards, self.history = rooms.sale, rooms.closings, rooms.cards, rooms.history
        self.receipt, self.help, self.details, self.setup = rooms.receipt, rooms.help, rooms.details, rooms.setup
        self.supply, self.drills, self.drill_flow = rooms.supply, rooms.drills, rooms.drill_flow
        self.tools = rooms.tools
        self.flow, self.books, self.error_flow = rooms.flow, rooms.books, rooms.error_flow
        self._pages = rooms.pages
        self.stack.addWidget(self.shell)
        self.is_furnished = True
        self.furnished.emit()

    # --- where we are -----------------------------------------------------------------------------------

    @property
    def is_busy(self) -> bool:
        """A card is being written: everything rests but help."""
        if not self.is_furnished:
            return False
        return any(each.is_writing for each in (self.flow, self.cards, self.sale, self.supply, self.tools))

    @property
    def is_locked(self) -> bool:
        """Nobody is logged in."""
        return self.stack.currentWidget() is self.login

    def go(self, key: str) -> None:
        """To a place of the rail."""
        if self.is_busy:
            self.shell.rail.choose(self.shell.current)
            return
        self._back = []
        self._show(key)
        page = self._pages[key]
        page.begin()
        if key == SELL.key:
            self._focus_sell()

    def go_back(self) -> None:
        """Esc."""
        page = self._pages.get(self.shell.current)
        if self.is_busy or (page is not None and page.step_back()):
            return
        if self._back:
            self._show(self._back.pop())
            self._focus_sell()
            if self.shell.current == SHIFT.key:
                self.shifts.refresh()
            elif self.shell.current == "sale" and self.sale.give.isHidden():
                self.books.show_sale(self.sale.wanted_again())
        elif self.shell.current != SELL.key:
            self.go(SELL.key)
        else:
            self.flow.leave()

    def open_page(self, key: str) -> None:
        """A page behind a key; Esc comes back to the one before."""
        if self.shell.current != key:
            self._back.append(self.shell.current)
        self._show(key)

    def _show(self, key: str) -> None:
        self.shell.show_page(key)
        self._pages[key].first.setFocus()
        self._refresh_keys()

    def _focus_sell(self) -> None:
        if self.shell.current == SELL.key and self.sell.amount.field.isEnabled():
            self.sell.focus_amount()

    # --- keys -------------------------------------------------------------------------------------------

    def _refresh_keys(self) -> None:
        facts = KeyFacts(
            is_busy=self.is_busy,
            stage=self.flow.stage,
            card_is_in=any(reader.card_present for reader in self._readers),
            has_supply=self.supply_at_hand() is not None,
            has_receipt=self.flow.last_sale is not None and may(self.operator, Act.PRINT),
            has_drawer=self._has_drawer,
            may_enter=may(self.operator, Act.RECORDS),
            may_report=may(self.operator, Act.CLOSE_DAY),
        )
        self.sell.payment.drawer_button.setEnabled(self._has_drawer)
        self.shell.key_bar.set_off(keys_off(facts))
        self.shell.rail.set_resting(self.is_busy or self.flow.stage is Stage.STOPPED)

    @property
    def _has_drawer(self) -> bool:
        """Whether somebody with an open shift stands before a drawer that springs open."""
        is_there = self.desk is not None and self.desk.has_drawer
        return is_there and self.shift is not None and may(self.operator, Act.DRAWER)

    def supply_at_hand(self) -> SupplyNo | None:
        """Whose life a key or the error desk is about."""
        place = next(key for key in (self.shell.current, *reversed(self._back), "") if key not in {"help", "errors"})
        if place == SUPPLIES.key:
            return self.supplies.chosen.number if self.supplies.chosen else None
        if place == "supply":
            return self.supply.shown.supply.number if self.supply.shown else None
        return self.flow.supply

    def lock(self) -> None:
        """F11, or nobody there: the log-in page; what is typed stays for the one who typed it."""
        self._left_at = QApplication.focusWidget()
        self.flow.keep()
        self.books.forget_secrets()
        self.login.show_waiting(self.operator if self.flow.is_half_typed else None)
        self.flow.operator = None
        self.operator = None
        self.login.reset()
        self.bridge.submit(LogOut())
        self.stack.setCurrentWidget(self.login)
        self.login.reset()

    def _on_idle(self) -> None:
        """A card that is being written is not left alone: then the minutes begin again."""
        if self.is_busy:
            self.idle.restart()
        elif not self.is_locked:
            self.lock()

    def _come_back(self) -> None:
        """To the place and the field where the desk was locked."""
        left_at = self._left_at
        self._show(self.shell.current)
        if left_at is not None and left_at.isVisible() and left_at.isEnabled():
            left_at.setFocus()
        else:
            self._focus_sell()

    # --- asked by pages ---------------------------------------------------------------------------------

    def ask_arrears(self, supply: SupplyNo) -> None:
        self._pays = supply
        self.show_history(supply)

    def show_history(self, supply: SupplyNo) -> None:
        self.bridge.submit(ShowHistory(supply))

    def _show_receipt(self, sale: SaleId) -> None:
        self.bridge.submit(ShowReceipt(sale))

    def _print(self, sale: SaleId) -> None:
        self.flow.printing = sale
        self.bridge.submit(PrintReceipt(sale))
        self._show_status()

    def _on_issue_wanted(self) -> None:
        self.go(CARDS.key)
        self.cards.show_read(self.flow.read)

    def _on_details(self, read: CardReading) -> None:
        self.rooms.details_flow.look(read.reader)

    def say(self, note: Note) -> None:
        """Tell something beside the work."""
        if note.about == "print":
            self._printer_failed = note.tone == "warn"
        self.shell.toasts.say(note)
        self._show_status()

    # --- the edges --------------------------------------------------------------------------------------

    def _on_tick(self) -> None:
        now = self.clock.now()
        self.shell.status.show_clock(status_moment(now))
        self.login.show_now(now)

    def _show_status(self) -> None:
        done = self.flow.done
        receipt = done.sale.receipt if done and self.flow.printing == done.sale.id and done.sale.receipt else ""
        facts = StatusFacts(
            readers=self._readers,
            stage=Stage.WRITING if self.is_busy else self.flow.stage,
            desk=self.desk,
            operator=self.operator,
            is_practice=self.is_practice,
            printing=receipt,
            printer_failed=self._printer_failed,
        )
        self.shell.status.show_marks(marks_of(facts))
        self.shell.status.show_where(wheres_of(facts))
        self._on_tick()

    def _name_window(self, office: str) -> None:
        parts = ["PRACTICE"] if self.is_practice else []
        self.setWindowTitle(" · ".join([*parts, *([office] if office else []), TITLE]))

    def resizeEvent(self, event: QResizeEvent) -> None:
        rect = self.rect()
        if self.frame is not None:
            self.frame.setGeometry(rect)
            self.frame.raise_()
            rect = rect.adjusted(EDGE, BAND, -EDGE, -EDGE)
        self.stack.setGeometry(rect)
