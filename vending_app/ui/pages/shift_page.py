"""The shift: opened with a float, cash in and out, counted blind, closed with a Z; and its sales beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, Signal
from PySide6.QtWidgets import QWidget

from vending_app.domain.cash import Counted
from vending_app.domain.errors import VendingError
from vending_app.domain.ids import OperatorName, ShiftNo, spaced
from vending_app.domain.money import ZERO, Money
from vending_app.domain.people import Operator, Shift
from vending_app.services.book_cases import (
    CloseCountedShift,
    CountCash,
    ListOpenSales,
    OpenSale,
    OpenSales,
    ShiftClosed,
    ShowShiftReport,
    SignOpenSale,
)
from vending_app.services.use_cases import DeskState, OpenShift, ShiftSales, ShowShiftSales
from vending_app.ui.book_words import signed
from vending_app.ui.books.act_column import ActColumn
from vending_app.ui.books.ask import Deed
from vending_app.ui.books.count_card import CountCard
from vending_app.ui.books.shift_asks import BLIND, ask_cash, ask_close, ask_drawer, ask_sign, note_cash_over
from vending_app.ui.books.shift_cards import ShiftCard, TillCard, WaitingCard
from vending_app.ui.bridge import Failed, Finished
from vending_app.ui.pages.page import Page
from vending_app.ui.pages.shift_sales import ShiftSalesCard
from vending_app.ui.phrases import clock, full_day
from vending_app.ui.theme import Look
from vending_app.ui.words import trouble

COUNT_IT = ("accent", "info", "Count the cash in the drawer, type the sum, press Enter.")


class ShiftPage(Page):
    """Signals: asked(use case), sale_wanted(SaleId), receipt_wanted(SaleId)."""

    asked = Signal(object)
    sale_wanted = Signal(object)
    receipt_wanted = Signal(object)

    def __init__(self, look: Look, *, new_id: Callable[[], str], parent: QWidget | None = None) -> None:
        super().__init__(look, title="Shift", parent=parent)
        self._new_id = new_id
        self.shift: Shift | None = None
        self.closed: ShiftClosed | None = None
        self.handed_over: Shift | None = None
        self.has_drawer = False
        self.cash_over = ZERO
        self.operator: Operator | None = None
        self.people: tuple[Operator, ...] = ()
        self._waiting: tuple[OpenSale, ...] = ()
        self._area = QRectF()
        self._build()
        self._connect()
        self._show()

    def _build(self) -> None:
        look = self.look
        self.column = ActColumn(look, self)
        self.till, self.card, self.count = TillCard(look), ShiftCard(look), CountCard(look)
        for home in (self.till, self.card, self.count):
            self.column.add_home(home)
        self.field = self.till.field
        self.waiting = WaitingCard(look, self)
        self.sales = ShiftSalesCard(look, self)

    def _connect(self) -> None:
        self.till.opened.connect(self._on_open)
        self.till.printed.connect(self._on_z)
        self.card.wanted.connect(self._on_wanted)
        self.count.counted.connect(self._on_counted)
        self.count.left.connect(self._on_count_left)
        self.column.asked.connect(self.asked)
        self.column.done.connect(self._on_done)
        self.column.failed.connect(self._on_failed)
        self.column.left.connect(self._on_left)
        self.waiting.opened.connect(self.sale_wanted)
        self.waiting.sign_wanted.connect(self._on_sign)
        self.sales.sale_wanted.connect(self.sale_wanted)
        self.sales.receipt_wanted.connect(self.receipt_wanted)

    # --- shown ------------------------------------------------------------------------------------------

    def show_people(self, operator: Operator | None, people: Sequence[Operator]) -> None:
        """Who is at work, and who is known here."""
        self.operator, self.people = operator, tuple(people)
        self.column.show_people(operator, people)

    def show_shift(self, shift: Shift | None) -> None:
        """The open shift of this desk, or none."""
        if shift is None and self.closed is None:
            self.sales.show_not_open()
        if shift is None and self.shift is None:
            return
        if shift is not None and (self.shift is None or self.shift.number != shift.number):
            self.sales.forget()
            self.field.clear()
        is_same = self.shift is not None and shift is not None and self.shift.number == shift.number
        self.shift = shift
        self.closed = None if shift is not None else self.closed
        if is_same:
            self._show_facts()
        else:
            self._show()

    def show_desk(self, desk: DeskState) -> None:
        """What the desk knows of the drawer."""
        self.handed_over, self.has_drawer, self.cash_over = desk.handed_over, desk.has_drawer, desk.cash_over
        self.card.drawer.setEnabled(desk.has_drawer)
        self.show_shift(desk.shift)
        self._show_facts()

    def show_sales(self, answer: ShiftSales) -> None:
        """The sales of the shift that is shown; an answer about another one came too late."""
        if self._shown_number() == answer.shift:
            self.sales.show_sales(answer.sales, is_counted=self.shift is None)

    def show_open_sales(self, answer: OpenSales) -> None:
        """What waits for its card, at any desk."""
        self._waiting = answer.sales
        self.waiting.show_sales(answer.sales, shift=self._shown_number())
        self._lay_out_right()
        self._show_facts()

    def show_trouble(self, error: VendingError) -> None:
        """Opening was refused."""
        said = trouble(error)
        self.till.show_facts(self.till.facts, ("bad", "warning-circle-fill", f"{said.sentence} {said.remedy}"))
        self.till.button.setEnabled(True)

    def begin(self) -> None:
        """A new look: nothing half done, and a closed shift may be followed by the next one."""
        if not self.column.is_home:
            self.column.go_home()
        self.closed = None if self.shift is not None else self.closed
        self._show()
        self.first.setFocus()
        self.refresh()

    @property
    def first(self) -> QWidget:
        """Where the cursor begins."""
        return self.card.count if self.shift is not None else self.field

    def refresh(self) -> None:
        """Ask for the sales again: one may have been made, printed or undone meanwhile."""
        number = self._shown_number()
        if number is not None:
            self.asked.emit(ShowShiftSales(number))
        if self.shift is not None:
            self.asked.emit(ListOpenSales())

    def step_back(self) -> bool:
        """Esc inside the page; False if there is nothing to step back from."""
        if self.column.is_home and self.column.home is self.count:
            self._on_count_left()
            return True
        return self.column.leave()

    def open_drawer(self) -> None:
        """F8."""
        if self.shift is not None and self.has_drawer:
            self.column.open(ask_drawer())

    def _shown_number(self) -> ShiftNo | None:
        shown = self.shift or (self.closed.shift if self.closed else None)
        return shown.number if shown else None

    def _show(self) -> None:
        """The home that fits, and where the cursor begins."""
        self.till.button.setEnabled(True)
        self.field.set_wrong("")
        self.column.go_home(self.card if self.shift is not None else self.till)
        self._show_facts()
        self._lay_out_right()

    def _show_facts(self) -> None:
        if self.shift is not None:
            self._show_open(self.shift)
        elif self.closed is not None:
            self._show_closed(self.closed)
        else:
            self._show_none()

    def _show_none(self) -> None:
        self.set_title("Open shift")
        self.till.set_title("No shift is open at this desk")
        waits = self.handed_over
        note = COUNT_IT
        if waits is not None and waits.counted is not None:
            who, to = self._name(waits.operator), self._name(waits.handed_to)
            mine = self.operator is not None and waits.handed_to == self.operator.name
            words = f"{who} handed over {waits.counted}: count it and open."
            note = (
                ("accent", "handshake", words)
                if mine
                else ("warn", "handshake", f"{who} handed {waits.counted} over to {to}; only {to} opens with it.")
            )
        self.till.show_facts((), note)
        self.till.show_z(False)

    def _show_open(self, shift: Shift) -> None:
        count = sum(row.sale.intent.shift == shift.number for row in self._waiting)
        self.set_title(f"Shift {shift.number}", f"{self._name(shift.operator)}, since {clock(shift.opened_at)}")
        self.card.set_title(f"Shift {shift.number}", f"open since {clock(shift.opened_at)}")
        self.card.show_facts(
            (
                ("Operator", self._name(shift.operator), ""),
                ("Opened", f"{full_day(shift.opened_at)}, {clock(shift.opened_at)}", ""),
                ("Float at the start", str(shift.float_cash), ""),
                ("Sales", str(shift.sales), ""),
                ("Interrupted sales", str(count) if count else "none", "warn" if count else ""),
            ),
            note_cash_over(self.cash_over) if self.cash_over else BLIND,
        )

    def _show_closed(self, closed: ShiftClosed) -> None:
        shift, closing = closed.shift, closed.closing
        counted, expected = shift.counted or Money(0), shift.expected or Money(0)
        self.set_title(f"Shift {shift.number} closed", f"Z {shift.desk}-{closing.number:06d}")
        self.till.set_title(f"Z {shift.desk}-{closing.number:06d}", clock(shift.closed_at) if shift.closed_at else "")
        goes = f"to {self._name(shift.handed_to)}" if shift.handed_to else "to the safe"
        self.till.show_facts(
            (
                ("Sales", f"{shift.sales} for {closing.totals.sold}", ""),
                ("Expected", str(expected), ""),
                ("Counted", f"{counted} {goes}", ""),
                ("Difference", signed(counted - expected), "bad" if counted != expected else "ok"),
                ("Books", spaced(closing.fingerprint), ""),
            ),
            self._closed_note(shift, counted, expected),
        )
        self.till.show_z(True)

    def _closed_note(self, shift: Shift, counted: Money, expected: Money) -> tuple[str, str, str]:
        if counted != expected:
            return "warn", "warning-circle-fill", f"The difference stands in the books: {shift.reason}"
        return "ok", "shield-check", "The count adds up."

    def _name(self, name: OperatorName | None) -> str:
        return next((each.full_name for each in self.people if each.name == name), str(name or ""))

    # --- places -----------------------------------------------------------------------------------------

    def lay_out(self, area: QRectF) -> None:
        width = 440 if area.width() >= 1100 else 400
        self.column.setGeometry(QRectF(area.left(), area.top(), width, area.height()).toRect())
        self._area = area.adjusted(width + 16, 0, 0, 0)
        self._lay_out_right()

    def _lay_out_right(self) -> None:
        area = self._area
        needed = self.waiting.needed if self.shift is not None else 0
        self.waiting.setVisible(bool(needed))
        self.waiting.setGeometry(QRectF(area.left(), area.top(), area.width(), needed).toRect())
        top = needed + 16 if needed else 0
        self.sales.setGeometry(area.adjusted(0, top, 0, 0).toRect())

    # --- what a person does -----------------------------------------------------------------------------

    def _on_open(self) -> None:
        try:
            cash = Money.parse(self.field.text())
        except VendingError as error:
            self.field.set_wrong(trouble(error).sentence)
            return
        self.till.button.setEnabled(False)
        self.asked.emit(OpenShift(cash))

    def _on_z(self) -> None:
        if self.closed is not None:
            self.asked.emit(ShowShiftReport(self.closed.shift.number))

    def _on_wanted(self, key: str) -> None:
        if key == "cash":
            self.column.open(ask_cash(self._new_id))
        elif key == "drawer":
            self.open_drawer()
        elif key == "x" and self.shift is not None:
            self.asked.emit(ShowShiftReport(self.shift.number))
        elif key == "count":
            self._begin_count()

    def _begin_count(self) -> None:
        self.column.go_home(self.count)
        self.count.begin()

    def _on_count_left(self) -> None:
        self._show()
        self.first.setFocus()

    def _on_left(self) -> None:
        """Out of an act: a count that is kept may be made again."""
        if self.column.home is self.count:
            self.count.begin()
        else:
            self.first.setFocus()

    def _on_counted(self, request: CountCash) -> None:
        self.column.submit(Deed(request, "Keep the count."))

    def _on_sign(self, waiting: OpenSale) -> None:
        self.column.open(ask_sign(waiting))

    # --- what the desk answers --------------------------------------------------------------------------

    def _on_done(self, done: Finished) -> None:
        answer = done.answer
        if isinstance(answer, Counted):
            self.column.home = self.count
            self.count.begin()
            self.column.open(ask_close(answer, self.people, self.operator))
            return
        if isinstance(answer, ShiftClosed):
            self.shift, self.closed = None, answer
            self.field.clear()
        elif isinstance(answer, OpenSales) and isinstance(done.use_case, SignOpenSale):
            self.show_open_sales(answer)
        self._show()
        self.first.setFocus()
        self.refresh()

    def _on_failed(self, failed: Failed) -> None:
        if isinstance(failed.use_case, CountCash):
            self.count.show_trouble(failed.error)
        elif isinstance(failed.use_case, CloseCountedShift):
            self.asked.emit(ListOpenSales())
