"""What the window does with an answer or a refusal of the desk, and who is logged in by it."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget

from vending_app.domain.errors import Code, VendingError
from vending_app.domain.people import Operator, Role, Shift
from vending_app.domain.permissions import Act, may
from vending_app.services.choices import (
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
from vending_app.ui.bridge import Failed, Finished
from vending_app.ui.components.rail import SELL, SHIFT, START, SUPPLIES
from vending_app.ui.components.toast import Note
from vending_app.ui.counter_keys import CounterKeys
from vending_app.ui.places import EVERY_PLACE, places_of
from vending_app.ui.start import recolour
from vending_app.ui.words import trouble


class CounterAnswers(CounterKeys):
    """The pages with their keys, told what the desk did."""

    greeting: Greeting | None = None
    """Kept until the pages are there to be told."""

    def on_finished(self, done: Finished) -> None:
        """To the page that waits for it."""
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
        self.greeting = greeting
        if self.is_furnished:
            self.greet_pages(greeting)
        else:
            # Once the page is painted and no key waits.
            QTimer.singleShot(0, self.furnish)

    def greet_pages(self, greeting: Greeting) -> None:
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

    def dress(self, chosen: DeskChoices) -> None:
        """Wear what the desk chose: every widget holds the one look, so a paint is all that is missing."""
        self.sell.amount.set_quick(chosen.quick_amounts)
        worn = (self.look.is_dark, self.look.less_motion)
        if worn != (chosen.dark, chosen.less_motion):
            self.look.become(dark=chosen.dark, less_motion=chosen.less_motion)
            application = QApplication.instance()
            assert isinstance(application, QApplication), "a window has its application"
            recolour(application, self.look)
            for widget in self.findChildren(QWidget):
                widget.update()

    def on_failed(self, failed: Failed) -> None:
        """Where it was asked, or as a note; nothing of a page that has told it itself."""
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
