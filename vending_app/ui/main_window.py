"""The window of the counter: who is logged in, which page is shown, what the keys do."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from vending_app.domain.errors import Code, VendingError
from vending_app.domain.ids import OperatorName, SaleId, SupplyNo
from vending_app.domain.people import Operator, Shift, SupplyLine
from vending_app.ports import ReaderState
from vending_app.services.permissions import Act, may
from vending_app.services.use_cases import (
    CardReading,
    CloseShift,
    DeskState,
    FindSupplies,
    Found,
    Greeting,
    History,
    IssueCard,
    LogIn,
    LogOut,
    OpenShift,
    PracticeAct,
    PracticeState,
    PrintReceipt,
    ReadCard,
    ReceiptPdf,
    SaleDone,
    Session,
    ShowDesk,
    ShowHistory,
    ShowReceipt,
    Welcome,
)
from vending_app.ui.bridge import DeskBridge, Failed, Finished
from vending_app.ui.clock import DeskClock
from vending_app.ui.components.rail import CARDS, SELL, SHIFT, SUPPLIES, Place
from vending_app.ui.components.toast import Note
from vending_app.ui.pages.cards_page import CardsPage
from vending_app.ui.pages.details_page import DetailsPage
from vending_app.ui.pages.help_page import HelpPage
from vending_app.ui.pages.history_page import HistoryPage
from vending_app.ui.pages.login_page import LoginPage
from vending_app.ui.pages.receipt_page import ReceiptPage
from vending_app.ui.pages.shift_page import ShiftPage
from vending_app.ui.pages.supplies_page import SuppliesPage
from vending_app.ui.phrases import status_moment
from vending_app.ui.practice.frame import BAND, EDGE, PracticeFrame
from vending_app.ui.sell.flow import SellFlow, Stage
from vending_app.ui.sell.sell_page import SellPage
from vending_app.ui.shell import Shell
from vending_app.ui.status import StatusFacts, marks_of, wheres_of
from vending_app.ui.theme import make_look
from vending_app.ui.words import trouble

TITLE = "Energy counter"
CLOCK_MS = 1000


class MainWindow(QWidget):
    """Signals: practice_wanted() — somebody chose the practice counter at the log-in page."""

    practice_wanted = Signal()

    def __init__(
        self,
        bridge: DeskBridge,
        *,
        new_id: Callable[[], SaleId],
        practice: bool = False,
        dark: bool = False,
        less_motion: bool = False,
        offers_practice: bool = False,
    ) -> None:
        super().__init__()
        self.look = make_look(dark=dark, less_motion=less_motion)
        self.bridge = bridge
        self.is_practice = practice
        self.clock = DeskClock()
        self.operator: Operator | None = None
        self.last_operator: OperatorName | None = None
        self.shift: Shift | None = None
        self.desk: DeskState | None = None
        self._readers: tuple[ReaderState, ...] = ()
        self._back: list[str] = []
        self._printer_failed = False
        self._build(new_id, offers_practice=offers_practice and not practice)
        self._connect()
        self._make_keys()
        self.setMinimumSize(1180 if not practice else 1366, 720)
        self.resize(1366, 768)
        self._name_window("")

    # --- building ---------------------------------------------------------------------------------------

    def _build(self, new_id: Callable[[], SaleId], *, offers_practice: bool) -> None:
        look = self.look
        self.stack = QStackedWidget(self)
        self.login = LoginPage(look, offers_practice=offers_practice)
        self.shell = Shell(look, practice=self.is_practice)
        self.stack.addWidget(self.login)
        self.stack.addWidget(self.shell)
        self.sell = SellPage(look)
        self.supplies = SuppliesPage(look)
        self.shifts = ShiftPage(look)
        self.cards = CardsPage(look, new_id=new_id)
        self.history = HistoryPage(look)
        self.receipt = ReceiptPage(look)
        self.help = HelpPage(look)
        self.details = DetailsPage(look)
        self._pages: dict[str, QWidget] = {
            SELL.key: self.sell,
            SUPPLIES.key: self.supplies,
            SHIFT.key: self.shifts,
            CARDS.key: self.cards,
            "history": self.history,
            "receipt": self.receipt,
            "help": self.help,
            "details": self.details,
        }
        self._first: dict[str, QWidget] = {
            SUPPLIES.key: self.supplies.field,
            SHIFT.key: self.shifts.field,
            CARDS.key: self.cards.field,
            "history": self.history.table,
            "receipt": self.receipt.print_button,
            "help": self.help.back_button,
            "details": self.details.bytes,
        }
        for key, page in self._pages.items():
            self.shell.add_page(key, page)
        self.flow = SellFlow(self.sell, self.bridge, new_id=new_id, clock=self.clock, parent=self)
        self.frame = PracticeFrame(look, self) if self.is_practice else None
        self._tick = QTimer(self)
        self._tick.setInterval(CLOCK_MS)

    def _connect(self) -> None:
        bridge, flow = self.bridge, self.flow
        bridge.finished.connect(self._on_finished)
        bridge.failed.connect(self._on_failed)
        bridge.card_changed.connect(self._on_card_changed)
        bridge.progressed.connect(self._on_progressed)
        bridge.stopped.connect(self._on_stopped)
        self._tick.timeout.connect(self._on_tick)
        self.login.wanted.connect(bridge.submit)
        self.login.practice_wanted.connect(self.practice_wanted)
        self.shell.rail.wanted.connect(self.go)
        self.shell.key_bar.pressed.connect(self.press)
        self.shell.toasts.pressed.connect(self._on_toast)
        flow.stage_changed.connect(self._on_stage)
        flow.said.connect(self._on_said)
        flow.solved.connect(self.shell.toasts.solve)
        flow.issue_wanted.connect(self._on_issue_wanted)
        flow.details_wanted.connect(self._on_details)
        flow.history_wanted.connect(self._show_history)
        flow.shift_wanted.connect(self._on_shift_wanted)
        self._connect_pages()

    def _connect_pages(self) -> None:
        submit = self.bridge.submit
        self.sell.reprint.connect(self._on_reprint)
        self.supplies.asked.connect(submit)
        self.supplies.trial_wanted.connect(self._on_trial)
        self.supplies.history_wanted.connect(self._on_line_history)
        self.shifts.asked.connect(submit)
        self.cards.asked.connect(submit)
        self.cards.writing_changed.connect(self._on_stage)
        self.history.receipt_wanted.connect(self._show_receipt)
        self.receipt.print_wanted.connect(self._print)
        self.receipt.said.connect(self._on_said)
        for page in (self.supplies, self.shifts, self.history, self.receipt, self.help, self.details):
            page.back.connect(self.go_back)
        if self.shell.dock is not None:
            self.shell.dock.acted.connect(submit)

    def _make_keys(self) -> None:
        for name in ("F1", "F2", "F3", "F4", "F5", "F6", "F7", "F11", "F12", "Esc"):
            shortcut = QShortcut(QKeySequence(name), self)
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
            shortcut.setObjectName(name)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(self._on_shortcut)

    def begin(self) -> None:
        """Ask who may log in; called once the bridge runs."""
        self.bridge.submit(Welcome())
        if self.shell.dock is not None:
            self.shell.dock.start()
        self._tick.start()

    # --- where we are -----------------------------------------------------------------------------------

    @property
    def is_busy(self) -> bool:
        """A card is being written: everything rests but help."""
        return self.flow.is_writing or self.cards.is_writing

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
        begin = {SUPPLIES.key: self.supplies.begin, CARDS.key: self.cards.begin, SHIFT.key: self.shifts.begin}
        if key in begin:
            begin[key]()
        if key == SELL.key:
            self._focus_sell()

    def go_back(self) -> None:
        """Esc."""
        if self.is_busy:
            return
        if self._back:
            self._show(self._back.pop())
            self._focus_sell()
        elif self.shell.current != SELL.key:
            self.go(SELL.key)
        else:
            self.flow.leave()

    def _open(self, key: str) -> None:
        """A page behind a key; Esc comes back to the one before."""
        if self.shell.current != key:
            self._back.append(self.shell.current)
        self._show(key)

    def _show(self, key: str) -> None:
        self.shell.show_page(key)
        self._first.get(key, self._pages[key]).setFocus()
        self._refresh_keys()

    def _focus_sell(self) -> None:
        if self.shell.current == SELL.key and self.sell.amount.field.isEnabled():
            self.sell.focus_amount()

    def _places(self) -> tuple[Place, ...]:
        places = [SELL, SUPPLIES]
        if may(self.operator, Act.SHIFT):
            places.append(SHIFT)
        if may(self.operator, Act.ISSUE):
            places.append(CARDS)
        return tuple(places)

    # --- keys -------------------------------------------------------------------------------------------

    def _on_shortcut(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.press(sender.objectName())

    def press(self, key: str) -> None:
        """What a function key does here and now."""
        if self.is_locked or (self.is_busy and key != "F1") or not self._is_on(key):
            return
        verbs: dict[str, Callable[[], None]] = {
            "F1": self._on_help,
            "F2": self._on_amount,
            "F3": self._on_find,
            "F4": self._on_unit,
            "F5": self._on_read_again,
            "F6": self._on_history,
            "F7": self._on_reprint,
            "F11": self.lock,
            "F12": self._on_write,
            "Esc": self.go_back,
        }
        verb = verbs.get(key)
        if verb is not None:
            verb()

    def _is_on(self, key: str) -> bool:
        return key in {"F2", "F4", "F12", "Esc"} or self.shell.key_bar.is_on(key)

    def _refresh_keys(self) -> None:
        off: set[str] = set()
        if self.is_busy:
            off = {"F3", "F5", "F6", "F7", "F11"}
        elif self.flow.stage is Stage.STOPPED:
            off = {"F3", "F5", "F6", "F7"}
        else:
            if self.flow.stage is Stage.TORN or not any(reader.card_present for reader in self._readers):
                off.add("F5")
            if self._supply_at_hand() is None:
                off.add("F6")
            if self.flow.last_sale is None or not may(self.operator, Act.PRINT):
                off.add("F7")
        self.shell.key_bar.set_off(frozenset(off))
        self.shell.rail.set_resting(self.is_busy or self.flow.stage is Stage.STOPPED)

    def _supply_at_hand(self) -> SupplyNo | None:
        if self.shell.current == SUPPLIES.key:
            return self.supplies.chosen.number if self.supplies.chosen else None
        return self.flow.supply

    def _on_help(self) -> None:
        if not self.is_busy:
            self._open("help")
        else:
            self._on_said(Note("Leave the card in", "It is being written and checked.", "accent", about="help"))

    def _on_amount(self) -> None:
        if self.shell.current != SELL.key:
            self.go(SELL.key)
        self._focus_sell()

    def _on_find(self) -> None:
        self.go(SUPPLIES.key)

    def _on_unit(self) -> None:
        if self.shell.current == SELL.key and self.sell.amount.field.isEnabled():
            self.sell.amount.toggle_unit()

    def _on_read_again(self) -> None:
        self.flow.read_again()

    def _on_history(self) -> None:
        supply = self._supply_at_hand()
        if supply is not None:
            self._show_history(supply)

    def _on_reprint(self) -> None:
        unprinted = self.flow.unprinted_last()
        if unprinted is not None:
            self._print(unprinted)
        elif self.flow.last_sale is not None:
            self._show_receipt(self.flow.last_sale)

    def _on_write(self) -> None:
        if self.shell.current == CARDS.key:
            self.cards.issue()
        elif self.shell.current == SELL.key:
            self.flow.write()

    def lock(self) -> None:
        """F11: back to the log-in page; what is typed stays for the one who typed it."""
        self.flow.keep()
        self.flow.operator = None
        self.operator = None
        self.login.reset()
        self.bridge.submit(LogOut())
        self.stack.setCurrentWidget(self.login)
        self.login.reset()

    # --- asked by pages ---------------------------------------------------------------------------------

    def _show_history(self, supply: SupplyNo) -> None:
        self.bridge.submit(ShowHistory(supply))

    def _show_receipt(self, sale: SaleId) -> None:
        self.bridge.submit(ShowReceipt(sale))

    def _print(self, sale: SaleId) -> None:
        self.flow.printing = sale
        self.bridge.submit(PrintReceipt(sale))
        self._show_status()

    def _on_trial(self, line: SupplyLine) -> None:
        self.go(SELL.key)
        self.flow.open_supply(line.number)

    def _on_line_history(self, line: SupplyLine) -> None:
        self._show_history(line.number)

    def _on_issue_wanted(self) -> None:
        self.go(CARDS.key)
        self.cards.show_read(self.flow.read)

    def _on_shift_wanted(self) -> None:
        self.go(SHIFT.key)

    def _on_details(self, read: CardReading) -> None:
        self.details.show_read(read)
        self._open("details")

    def _on_said(self, note: Note) -> None:
        if note.about == "print":
            self._printer_failed = note.tone == "warn"
        self.shell.toasts.say(note)
        self._show_status()

    def _on_toast(self, note: Note) -> None:
        self.shell.toasts.solve(note.about)
        if note.about == "print":
            self._on_reprint()

    # --- told by the bridge -----------------------------------------------------------------------------

    def _on_finished(self, done: Finished) -> None:
        asked, answer = done.use_case, done.answer
        if isinstance(answer, Greeting):
            self._on_greeting(answer)
        elif isinstance(answer, Session):
            self._on_session(answer)
        elif isinstance(answer, Shift):
            self._on_shift(answer)
        elif isinstance(answer, DeskState):
            self._on_desk(answer)
        elif isinstance(answer, Found) and isinstance(asked, FindSupplies):
            self.supplies.show_found(answer)
            self.cards.show_found(answer)
        elif isinstance(answer, PracticeState) and self.shell.dock is not None:
            self.shell.dock.show_state(answer)
        else:
            self._on_paper_and_cards(asked, answer)
        self._refresh_keys()

    def _on_paper_and_cards(self, asked: object, answer: object) -> None:
        if isinstance(answer, History):
            self.history.show_history(answer)
            self._open("history")
        elif isinstance(answer, ReceiptPdf):
            self.receipt.show_receipt(answer)
            self._open("receipt")
        elif isinstance(answer, SaleDone) and isinstance(asked, IssueCard):
            self.cards.show_done(answer)
            self.bridge.submit(FindSupplies(self.cards.field.text().strip()))
        elif isinstance(answer, CardReading):
            self.cards.show_read(answer)
        self._show_status()

    def _on_greeting(self, greeting: Greeting) -> None:
        self.clock.set_now(greeting.now)
        name = "practice desk" if self.is_practice else f"desk {greeting.desk}"
        self.login.show_greeting(greeting, desk=f"Energy counter, {name}")
        self.help.show_phone(greeting.office.help_hours, greeting.office.help_phone)
        self.shifts.names = {each.name: each.full_name for each in greeting.operators}
        self.cards.office = self.flow.office = greeting.office.name
        self.sell.payment.currency = greeting.office.currency
        self.sell.amount.set_currency(greeting.office.currency)
        self._name_window(greeting.office.name)
        if self.last_operator is not None:
            self.login.choose(self.last_operator)

    def _on_session(self, session: Session) -> None:
        same = session.operator.name == self.last_operator
        self.operator, self.shift = session.operator, session.shift
        self.last_operator = session.operator.name
        self.login.reset()
        self.shell.rail.show_places(self._places())
        self.stack.setCurrentWidget(self.shell)
        self.flow.begin(session.operator, session.shift, same_person=same)
        self.shifts.show_shift(session.shift, waiting_sales=0)
        needs_shift = session.shift is None and may(session.operator, Act.SHIFT)
        self.go(SHIFT.key if needs_shift else SELL.key)

    def _on_shift(self, shift: Shift) -> None:
        self.shift = shift if shift.is_open else None
        self.flow.set_shift(self.shift)
        self.shifts.field.clear()
        if shift.is_open:
            self.shifts.show_shift(shift, waiting_sales=0)
            self.go(SELL.key)
        else:
            self.shifts.show_closed(shift)

    def _on_desk(self, desk: DeskState) -> None:
        self.desk = desk
        self.clock.set_now(desk.now)
        if not self.is_locked:
            self.shifts.show_shift(desk.shift, waiting_sales=len(desk.open_sales))
        self._show_status()

    def _on_failed(self, failed: Failed) -> None:
        asked, error = failed.use_case, failed.error
        if isinstance(asked, LogIn):
            said = trouble(error)
            self.login.show_refused(
                f"{said.sentence} {said.remedy}" if error.code is not Code.LOGIN_WAIT else said.sentence
            )
        elif isinstance(asked, OpenShift | CloseShift):
            self.shifts.show_trouble(error)
        elif isinstance(asked, IssueCard):
            self.cards.show_failed(error)
        elif isinstance(asked, Welcome):
            self._show_trouble(error)
        elif not isinstance(asked, ReadCard | PracticeAct):
            self._show_other(asked, error)
        self._refresh_keys()
        self._show_status()

    def _show_other(self, asked: object, error: VendingError) -> None:
        if isinstance(asked, FindSupplies | ShowHistory | ShowReceipt | ShowDesk):
            said = trouble(error)
            self._on_said(Note(said.sentence, f"{said.remedy}  {said.short}", "warn", about=type(asked).__name__))

    def _show_trouble(self, error: VendingError) -> None:
        said = trouble(error)
        self.login.sentence = f"{said.sentence} {said.remedy} {said.short}"
        self.login.update()

    def _on_card_changed(self, states: tuple[ReaderState, ...]) -> None:
        had_reader = bool(self._readers)
        self._readers = states
        if had_reader and not states:
            self._on_said(Note("Reader unplugged", "Plug it in; nothing is lost.  R-101", "bad", about="reader"))
        elif states and not had_reader:
            self.shell.toasts.solve("reader")
        if not any(state.card_present for state in states):
            self.cards.show_read(None)
        if self.shell.dock is not None and not self.is_busy:
            self.bridge.submit(PracticeAct("show"))
        self._refresh_keys()
        self._show_status()

    def _on_progressed(self, step: str) -> None:
        if step == "checking":
            self.cards.show_checking()

    def _on_stopped(self) -> None:
        self.stack.setCurrentWidget(self.shell if self.operator else self.login)
        said = "The program stopped selling. Close it and start it again; what was saved stays saved."
        self.login.sentence = said
        self.login.button.setEnabled(False)
        if self.operator is not None:
            self.shell.show_page(SELL.key)
        self._refresh_keys()
        self._show_status()

    def _on_stage(self, _stage: object) -> None:
        self._refresh_keys()
        self._show_status()
        if isinstance(_stage, Stage) and _stage in {Stage.READY, Stage.REFUSED, Stage.FINISH} and not self.is_locked:
            self._come_to_sell()

    def _come_to_sell(self) -> None:
        """A card that goes in wins over a page that only shows something."""
        if self.shell.current in {SUPPLIES.key, "history", "receipt", "help"} and self.flow.stage is not Stage.REFUSED:
            self._back = []
            self._show(SELL.key)
            self._focus_sell()

    # --- the edges --------------------------------------------------------------------------------------

    def _on_tick(self) -> None:
        self.shell.status.show_clock(status_moment(self.clock.now()))

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

    def closeEvent(self, event: QCloseEvent) -> None:
        """A card that is being written is waited for, not torn by the window."""
        if self.is_busy:
            event.ignore()
            self._on_said(Note("Leave the card in", "The window closes once it is written.", "accent", about="help"))
            return
        self._tick.stop()
        if self.shell.dock is not None:
            self.shell.dock.stop()
        self.bridge.close()
        event.accept()
