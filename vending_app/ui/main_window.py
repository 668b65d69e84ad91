"""The window of the counter: its pages joined, and what reader, card and whoever closes it do to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent

from vending_app.domain.ids import SaleId
from vending_app.domain.money import Money
from vending_app.domain.permissions import Act, may
from vending_app.ports import ReaderState
from vending_app.ports.progress import WriteShare
from vending_app.services.choices import (
    QUICK_AMOUNTS,
    ShowSettings,
)
from vending_app.services.practice_cases import PracticeAct
from vending_app.services.use_cases import (
    Welcome,
)
from vending_app.ui.bridge import DeskBridge
from vending_app.ui.components.rail import DAY, SELL, SETUP, SHIFT, START, SUPPLIES
from vending_app.ui.components.toast import Note
from vending_app.ui.counter_answers import CounterAnswers
from vending_app.ui.sell.stage import Stage

if TYPE_CHECKING:
    from vending_app.ui.inspect.inspect_flow import LongWork


class MainWindow(CounterAnswers):
    """Signals: practice_wanted() — somebody chose the practice counter at the log-in page."""

    practice_wanted = Signal()

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
        super().__init__(
            bridge,
            new_id=new_id,
            beside=beside,
            practice=practice,
            dark=dark,
            less_motion=less_motion,
            offers_practice=offers_practice,
            quick=quick,
        )
        self.furnished.connect(self._connect)
        bridge.finished.connect(self.on_finished)
        bridge.failed.connect(self.on_failed)
        bridge.card_changed.connect(self._on_card_changed)
        bridge.progressed.connect(self._on_progressed)
        bridge.stopped.connect(self._on_stopped)
        self.login.wanted.connect(bridge.submit)
        self.login.practice_wanted.connect(self.practice_wanted)

    def _connect(self) -> None:
        flow = self.flow
        self.make_keys()
        self._tick.timeout.connect(self._on_tick)
        self.idle.idle.connect(self._on_idle)
        self.idle.begin()
        self.shell.rail.wanted.connect(self.go)
        self.shell.key_bar.pressed.connect(self.press)
        self.shell.toasts.pressed.connect(self._on_toast)
        flow.stage_changed.connect(self._on_stage)
        flow.said.connect(self.say)
        flow.solved.connect(self.shell.toasts.solve)
        flow.issue_wanted.connect(self._on_issue_wanted)
        flow.details_wanted.connect(self._on_details)
        flow.history_wanted.connect(self.show_history)
        flow.shift_wanted.connect(lambda: self.go(SHIFT.key))
        self._connect_books()
        self._connect_pages()
        if self.greeting is not None:
            self.greet_pages(self.greeting)
        if self.shell.dock is not None:
            self.shell.dock.start()
        self._tick.start()
        self.bridge.tell_readers()

    def _connect_books(self) -> None:
        books = self.books
        books.said.connect(self.say)
        books.shown.connect(self.open_page)
        books.shift_closed.connect(self._on_shift_closed)
        books.card_changed.connect(self.flow.read_again)
        self.sale.writing_changed.connect(self._on_stage)
        self.sale.receipt_wanted.connect(self._show_receipt)
        self.sell.payment.drawer.connect(self._on_drawer)

    def _connect_pages(self) -> None:
        submit = self.bridge.submit
        self.sell.reprint.connect(self._on_reprint)
        self.shifts.receipt_wanted.connect(self._show_receipt)
        self.cards.asked.connect(submit)
        self.cards.writing_changed.connect(self._on_stage)
        self.tools.writing_changed.connect(self._on_stage)
        self._connect_error_desk()
        self.history.receipt_wanted.connect(self._show_receipt)
        self.receipt.print_wanted.connect(self._print)
        self.receipt.said.connect(self.say)
        self.setup.asked.connect(submit)
        self.rooms.setup_flow.people_changed.connect(self._on_people)
        looking = (self.supplies, self.shifts, self.history, self.receipt, self.help, self.details, self.setup)
        for page in (*looking, self.error_flow.page, self.supply, self.sale, self.closings, self.rooms.day):
            page.back.connect(self.go_back)
        if self.shell.dock is not None:
            self.shell.dock.acted.connect(submit)
            self.shell.dock.meter_wanted.connect(self._on_meter_wanted)
        if self.shell.meter is not None:
            self.shell.meter.back.connect(self.go_back)
        if self.drill_flow is not None:
            self.drill_flow.said.connect(self.say)
            self.drill_flow.begun.connect(self._on_drill)
            self.drill_flow.street_left.connect(self.close)

    def _connect_error_desk(self) -> None:
        flow = self.error_flow
        self.help.meter_wanted.connect(self._on_help)
        flow.place_wanted.connect(self.go)
        flow.read_wanted.connect(self.flow.read_again)
        flow.arrears_wanted.connect(self.ask_arrears)
        flow.said.connect(self.say)
        self.shell.rail.wanted.connect(flow.forget)

    def begin(self) -> None:
        """Ask who may log in; called once the bridge runs."""
        self.bridge.submit(Welcome())

    # --- told by the bridge -----------------------------------------------------------------------------

    def _on_card_changed(self, states: tuple[ReaderState, ...]) -> None:
        if not self.is_furnished:
            return
        had_reader = bool(self._readers)
        self._readers = states
        if had_reader and not states:
            self.say(Note("Reader unplugged", "Plug it in; nothing is lost.  R-101", "bad", about="reader"))
        elif states and not had_reader:
            self.shell.toasts.solve("reader")
        present = any(state.card_present for state in states)
        if not present:
            self.cards.show_read(None)
            self.tools.show_card_in(None)
        elif self.shell.current == START.key and not self.is_locked:
            # Whoever puts a card in where a day begins wants to see what it is.
            self.go(SELL.key)
        self.sale.show_readers(present)
        if self.shell.current == SETUP.key and not self.is_locked:
            self.bridge.submit(ShowSettings())
        if self.shell.dock is not None and not self.is_busy:
            self.bridge.submit(PracticeAct("show"))
        self._refresh_keys()
        self._show_status()

    def _on_progressed(self, step: str | WriteShare) -> None:
        self.cards.show_progress(step)

    def _on_meter_wanted(self) -> None:
        if not self.is_locked and not self.is_busy and self.shell.current != "meter":
            self.open_page("meter")

    def _on_stopped(self) -> None:
        self.stack.setCurrentWidget(self.shell if self.operator else self.login)
        said = "The program stopped selling. Close it and start it again; what was saved stays saved."
        self.login.sentence = said
        self.login.button.setEnabled(False)
        if self.operator is not None:
            self.shell.show_page(SELL.key)
        self._refresh()

    def _on_stage(self, _stage: object) -> None:
        self._refresh_keys()
        self._show_status()
        if isinstance(_stage, Stage) and _stage in {Stage.READY, Stage.REFUSED, Stage.FINISH} and not self.is_locked:
            self._come_to_sell()

    def _come_to_sell(self) -> None:
        """A card that goes in wins over a page that only shows something; whoever does not sell stays where he is."""
        if not may(self.operator, Act.SELL) or not self.supplies.column.isHidden():
            return
        if (
            self.shell.current in {SUPPLIES.key, DAY.key, "history", "receipt", "help", "errors"}
            and self.flow.stage is not Stage.REFUSED
        ):
            self._back = []
            self._show(SELL.key)
            self._focus_sell()

    # --- the edges --------------------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        """A card that is being written is waited for, not torn by the window."""
        if self.is_busy:
            event.ignore()
            self.say(Note("Leave the card in", "The window closes once it is written.", "accent", about="help"))
            return
        self._tick.stop()
        self.idle.end()
        if self.is_furnished and self.shell.dock is not None:
            self.shell.dock.stop()
        self.bridge.close()
        event.accept()
