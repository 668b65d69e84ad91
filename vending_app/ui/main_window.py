"""The window of the counter: what the bridge tells it, and who is logged in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QWidget

from vending_app.domain.errors import Code, VendingError
from vending_app.domain.ids import SaleId
from vending_app.domain.money import Money
from vending_app.domain.people import Operator, Role, Shift
from vending_app.domain.permissions import Act, may
from vending_app.ports import ReaderState
from vending_app.ports.progress import WriteShare
from vending_app.services.choices import (
    QUICK_AMOUNTS,
    ChangeSettings,
    DeskChoices,
    DeskSettings,
    ShowSettings,
)
from vending_app.services.people_cases import ChangeSecret
from vending_app.services.practice_cases import PracticeAct, PracticeState
from vending_app.services.use_cases import (
    CardReading,
    DeskState,
    FindSupplies,
    Found,
    Greeting,
    History,
    IssueCard,
    LogIn,
    OpenShift,
    ReadCard,
    ReceiptPdf,
    SaleDone,
    Session,
    ShiftSales,
    ShowDesk,
    ShowHistory,
    ShowReceipt,
    ShowShiftSales,
    Welcome,
)
from vending_app.ui.bridge import DeskBridge, Failed, Finished
from vending_app.ui.components.rail import DAY, SELL, SETUP, SHIFT, START, SUPPLIES
from vending_app.ui.components.toast import Note
from vending_app.ui.counter_keys import CounterKeys
from vending_app.ui.places import EVERY_PLACE, places_of
from vending_app.ui.sell.stage import Stage
from vending_app.ui.start import wear
from vending_app.ui.words import trouble

if TYPE_CHECKING:
    from vending_app.ui.inspect.inspect_flow import LongWork


class MainWindow(CounterKeys):
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
        self._greeting: Greeting | None = None
        self.furnished.connect(self._connect)
        bridge.finished.connect(self._on_finished)
        bridge.failed.connect(self._on_failed)
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
        if self._greeting is not None:
            self._greet_pages(self._greeting)
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

    def _on_finished(self, done: Finished) -> None:
        asked, answer = done.use_case, done.answer
        if isinstance(answer, Greeting):
            self._on_greeting(answer)
            return
        self.furnish()
        if isinstance(answer, Session):
            self._on_session(answer)
        elif isinstance(answer, Shift):
            self._on_shift(answer)
        elif isinstance(answer, DeskState):
            self._on_desk(answer)
        elif isinstance(answer, Found) and isinstance(asked, FindSupplies):
            (self.cards if answer.is_waiting else self.supplies).show_found(answer)
        elif isinstance(answer, PracticeState) and self.shell.dock is not None:
            self.shell.dock.show_state(answer)
        else:
            self._on_paper_and_cards(asked, answer)
        self._refresh_keys()

    def _on_paper_and_cards(self, asked: object, answer: object) -> None:
        if isinstance(answer, History):
            self.history.show_history(answer)
            self.open_page("history")
            self._pay_if_wanted(answer)
        elif isinstance(answer, ReceiptPdf):
            self.receipt.show_receipt(answer)
            self.open_page("receipt")
        elif isinstance(answer, SaleDone) and isinstance(asked, IssueCard):
            self.cards.show_done(answer)
            self.cards.look_again()
        elif isinstance(answer, CardReading):
            self.cards.show_read(answer)
            self.tools.show_card_in(answer)
        elif isinstance(answer, ShiftSales):
            self.shifts.show_sales(answer)
        elif isinstance(answer, DeskSettings):
            self._on_settings(asked, answer)
        self._show_status()

    def _on_greeting(self, greeting: Greeting) -> None:
        self.clock.set_now(greeting.now)
        name = "practice desk" if self.is_practice else f"desk {greeting.desk}"
        self.login.show_greeting(greeting, desk=f"Energy counter, {name}")
        self._name_window(greeting.office.name)
        if self.last_operator is not None:
            self.login.choose(self.last_operator)
        self._greeting = greeting
        if self.is_furnished:
            self._greet_pages(greeting)
        else:
            # Once the page is painted and no key waits.
            QTimer.singleShot(0, self.furnish)

    def _greet_pages(self, greeting: Greeting) -> None:
        self.help.show_phone(greeting.office.help_hours, greeting.office.help_phone)
        self.people = greeting.operators
        self.cards.office = self.flow.office = self.sale.office = greeting.office.name
        self.sell.payment.currency = self.supply.balance.currency = greeting.office.currency
        self.sell.amount.set_currency(greeting.office.currency)
        self._refresh_keys()

    def _on_session(self, session: Session) -> None:
        if session.operator.must_change:
            self.login.ask_own(session.operator)
            return
        same = session.operator.name == self.last_operator
        comes_back = same and bool(self.shell.current) and session.shift == self.shift
        self.operator, self.shift = session.operator, session.shift
        self.error_flow.forget()
        self.last_operator = session.operator.name
        self.login.show_waiting(None)
        self.login.reset()
        self._show_people()
        self.shell.rail.show_places(places_of(self.operator, practice=self.is_practice))
        self.stack.setCurrentWidget(self.shell)
        self.flow.begin(session.operator, session.shift, same_person=same)
        if comes_back and self._is_place_of_now():
            self._come_back()
            return
        self.shifts.show_shift(session.shift)
        self.go(self._landing(session))

    def _landing(self, session: Session) -> str:
        """A queue waits for whoever sells, and a card that is in is looked at; all others begin with what is open."""
        sells = session.shift is not None and may(session.operator, Act.SELL)
        if sells or any(state.card_present for state in self._readers):
            return SELL.key
        return SHIFT.key if session.operator.role is Role.CASHIER else START.key

    def _on_drill(self, _drill: object) -> None:
        """To where whoever does it begins."""
        self.go(SELL.key if may(self.operator, Act.SELL) else SUPPLIES.key)

    def _show_people(self) -> None:
        if self.drills is not None and self.drill_flow is not None:
            self.drills.show_operator(self.operator)
            self.drill_flow.trainee = self.operator.name if self.operator else None
        for page in (self.shifts, self.sale):
            page.show_people(self.operator, self.people)
        self.supplies.show_operator(self.operator)
        self.tools.show_operator(self.operator)
        pages = (self.history, self.closings, self.rooms.day, self.supply, self.supplies, self.tools, self.details)
        for column in (page.column for page in pages):
            column.show_people(self.operator, self.people)

    def _on_people(self, people: tuple[Operator, ...]) -> None:
        """Who may approve is who works here now."""
        self.people = people
        self._show_people()

    def _pay_if_wanted(self, history: History) -> None:
        if self._pays == history.supply.number:
            self.history.pay_arrears()
        self._pays = None

    def _is_place_of_now(self) -> bool:
        """Whether the page that was left is one that this person's role has now; pages behind keys are everybody's."""
        rail = {place.key for place in EVERY_PLACE}
        places = {place.key for place in places_of(self.operator, practice=self.is_practice)}
        return self.shell.current not in rail or self.shell.current in places

    def _on_shift(self, shift: Shift) -> None:
        self.shift = shift
        self.flow.set_shift(shift)
        self.shifts.show_shift(shift)
        self.go(SELL.key)

    def _on_shift_closed(self) -> None:
        self.shift = None
        self.flow.set_shift(None)

    def _on_desk(self, desk: DeskState) -> None:
        self.desk = desk
        self.clock.set_now(desk.now)
        self.idle.set_minutes(desk.lock_minutes)
        self._show_status()

    def _on_settings(self, asked: object, settings: DeskSettings) -> None:
        self.setup.show_settings(settings)
        self.dress(settings.chosen)
        if isinstance(asked, ChangeSettings):
            self.say(self.setup.said_change(asked, settings.chosen))
            self.bridge.submit(ShowDesk())

    def _on_failed(self, failed: Failed) -> None:
        asked, error = failed.use_case, failed.error
        if isinstance(asked, LogIn):
            said = trouble(error)
            self.login.show_refused(
                f"{said.sentence} {said.remedy}" if error.code is not Code.LOGIN_WAIT else said.sentence
            )
        elif isinstance(asked, ChangeSecret):
            said = trouble(error)
            self.login.show_not_kept(f"{said.sentence} {said.remedy}")
        elif isinstance(asked, OpenShift):
            self.shifts.show_trouble(error)
        elif isinstance(asked, IssueCard):
            self.cards.show_failed(error)
        elif isinstance(asked, Welcome):
            self._show_trouble(error)
        elif isinstance(asked, ChangeSettings):
            self._on_not_kept(error)
        elif not isinstance(asked, ReadCard | PracticeAct):
            self._show_other(asked, error)
        self._refresh()

    def _refresh(self) -> None:
        if self.is_furnished:
            self._refresh_keys()
            self._show_status()

    def _on_not_kept(self, error: VendingError) -> None:
        self.setup.show_refused()
        if not self.is_locked:
            said = trouble(error)
            self.say(Note("Not kept", f"{said.sentence}  {said.short}", "warn", about="settings"))

    def _show_other(self, asked: object, error: VendingError) -> None:
        if isinstance(asked, FindSupplies | ShowHistory | ShowReceipt | ShowDesk | ShowSettings | ShowShiftSales):
            said = trouble(error)
            self.say(Note(said.sentence, f"{said.remedy}  {said.short}", "warn", about=type(asked).__name__))

    def _show_trouble(self, error: VendingError) -> None:
        said = trouble(error)
        self.login.sentence = f"{said.sentence} {said.remedy} {said.short}"
        self.login.update()

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

    def dress(self, chosen: DeskChoices) -> None:
        """Wear what the desk chose: every widget holds the one look, so a paint is all that is missing."""
        self.sell.amount.set_quick(chosen.quick_amounts)
        worn = (self.look.is_dark, self.look.less_motion)
        if worn != (chosen.dark, chosen.less_motion):
            self.look.become(dark=chosen.dark, less_motion=chosen.less_motion)
            application = QApplication.instance()
            assert isinstance(application, QApplication), "a window has its application"
            wear(application, self.look)
            for widget in self.findChildren(QWidget):
                widget.update()

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
