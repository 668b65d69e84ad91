"""The acts of the books between pages and desk: who asked gets the answer, the rest is told beside the work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from vending_app.domain.cash import CashMovement
from vending_app.domain.closing import Closing
from vending_app.domain.errors import OutcomeUnknown
from vending_app.domain.payment import Payment, PaymentKind
from vending_app.domain.reversal import ReversalAdvice
from vending_app.domain.sale import Sale
from vending_app.ports import LedgerProof
from vending_app.services.book_cases import (
    Closings,
    CorrectTender,
    DrawerOpened,
    FindReceipt,
    ListClosings,
    ListOpenSales,
    OpenSales,
    PayArrears,
    PayRefund,
    PrintPayment,
    PrintShiftReport,
    ReportPdf,
    ReportPrinted,
    Reversed,
    ShiftClosed,
    ShowReversal,
    ShowShiftReport,
    Voided,
)
from vending_app.services.statement_cases import PrintStatement, StatementShown
from vending_app.services.supply_cases import PrintSlip
from vending_app.services.tool_cases import ListToolCards, PrintToolSlip, ShowToolCard, ToolCards, ToolRead
from vending_app.services.use_cases import DeskState, ShowDesk, VerifyLedger
from vending_app.ui.book_words import CASH_KINDS
from vending_app.ui.books.shift_asks import said_cash_over
from vending_app.ui.bridge import DeskBridge, Failed, Finished
from vending_app.ui.components.toast import Note
from vending_app.ui.words import trouble

if TYPE_CHECKING:
    from vending_app.ui.rooms import Rooms

CHANGES = CashMovement | Payment | ShiftClosed | Voided | Reversed | Closing | Sale | DrawerOpened
"""Answers after which the desk is another one."""
LOOKS = ShowReversal | ShowShiftReport | ListOpenSales | ListClosings | FindReceipt | ListToolCards | ShowToolCard


class BookFlow(QObject):
    """Signals: said(Note), shown(str) — the page that has something to show; shift_closed(), card_changed() — the card
    in the reader carries another order now."""

    said = Signal(object)
    shown = Signal(str)
    shift_closed = Signal()
    card_changed = Signal()

    def __init__(
        self,
        bridge: DeskBridge,
        rooms: Rooms,
        *,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.bridge = bridge
        self.shifts, self.sale, self.history, self.closings = rooms.shifts, rooms.sale, rooms.history, rooms.closings
        self.paper, self.tools = rooms.receipt, rooms.tools
        shifts, sale, history, paper = self.shifts, self.sale, self.history, self.paper
        pages = (
            shifts,
            sale,
            history,
            self.closings,
            rooms.day,
            rooms.supply,
            rooms.supplies,
            rooms.records,
            rooms.tools,
            rooms.tariffs,
            rooms.operators,
            rooms.office,
            rooms.keys,
            rooms.details,
        )
        self.columns = tuple(page.column for page in pages)
        for page in pages:
            page.asked.connect(bridge.submit)
        for page in (shifts, history):
            page.sale_wanted.connect(self.show_sale)
        paper.sale_wanted.connect(self.show_sale)
        paper.report_wanted.connect(bridge.submit)
        bridge.finished.connect(self._on_finished)
        bridge.failed.connect(self._on_failed)
        bridge.progressed.connect(sale.show_progress)
        bridge.progressed.connect(self._on_progressed)

    def show_sale(self, number: object) -> None:
        """Open the page of a sale."""
        self.bridge.submit(ShowReversal(number))  # type: ignore[arg-type]  # a signal carries a SaleId as object

    def forget_secrets(self) -> None:
        """The desk is locked."""
        for column in self.columns:
            column.forget_secret()

    def _on_progressed(self, step: object) -> None:
        for column in self.columns:
            column.show_progress(step)  # type: ignore[arg-type]  # a signal carries a step as object

    # --- answers ----------------------------------------------------------------------------------------

    def _on_finished(self, done: Finished) -> None:
        for column in self.columns:
            if column.awaits(done.use_case):
                column.take(done)
        self._show(done.use_case, done.answer)
        note = note_of(done.use_case, done.answer)
        if note is not None:
            self.said.emit(note)
        if isinstance(done.answer, CHANGES):
            self.bridge.submit(ShowDesk())

    def _show_desk(self, desk: DeskState) -> None:
        if desk.cash_over and not self.shifts.cash_over:
            self.said.emit(said_cash_over(desk.cash_over))
        self.shifts.show_desk(desk)
        self.sale.desk = self.history.desk = desk

    def _show(self, asked: object, answer: object) -> None:
        if isinstance(answer, DeskState):
            self._show_desk(answer)
        elif isinstance(answer, ReversalAdvice):
            self.sale.show_sale(answer)
            self.shown.emit("sale")
        elif isinstance(answer, ReportPdf) and isinstance(asked, ShowShiftReport):
            self.paper.show_report(answer, asked.shift)
            self.shown.emit("receipt")
        elif isinstance(answer, StatementShown):
            self.paper.show_statement(answer)
            self.shown.emit("receipt")
        elif isinstance(answer, OpenSales):
            self.shifts.show_open_sales(answer)
        elif isinstance(answer, Closings):
            self.closings.show_closings(answer)
        elif isinstance(answer, ToolCards):
            self.tools.show_cards(answer)
        elif isinstance(answer, ToolRead) and isinstance(asked, ShowToolCard):
            self.tools.show_read_card(answer)
        elif isinstance(answer, LedgerProof):
            self.closings.show_proof(answer)
        elif isinstance(answer, ShiftClosed):
            self.shift_closed.emit()
        elif isinstance(answer, Voided | Reversed):
            self.card_changed.emit()
        elif isinstance(answer, Payment) and isinstance(asked, PayArrears | PayRefund):
            self.bridge.submit(PrintPayment(answer))

    # --- refusals ---------------------------------------------------------------------------------------

    def _on_failed(self, failed: Failed) -> None:
        asked, error = failed.use_case, failed.error
        if self.sale.column.awaits(asked):
            self.sale.refuse(failed)
            if isinstance(error, OutcomeUnknown):
                self.bridge.submit(ShowDesk())
            return
        for column in self.columns:
            if column.awaits(asked):
                column.refuse(failed)
                return
        if isinstance(asked, VerifyLedger):
            self.closings.show_trouble(error)
        elif isinstance(asked, PrintPayment | PrintShiftReport | PrintSlip | PrintToolSlip | PrintStatement):
            # A statement books nothing.
            title = "Not printed" if isinstance(asked, PrintStatement) else "Booked, not printed"
            self.said.emit(Note(title, trouble(error).sentence, "warn", about="paper", icon="printer-fill"))
        elif isinstance(asked, LOOKS):
            said = trouble(error)
            self.said.emit(Note(said.sentence, f"{said.remedy}  {said.short}", "warn", about=type(asked).__name__))


def note_of(asked: object, answer: object) -> Note | None:
    """What is told beside the work once something is done."""
    if isinstance(answer, CashMovement):
        return Note("Cash booked", f"{CASH_KINDS[answer.kind][0]}: {answer.amount}", "ok", about="cash")
    if isinstance(answer, DrawerOpened):
        return Note("The drawer is open", "It is noted in the books.", "ok", about="drawer")
    if isinstance(answer, Payment):
        what = "Payment" if answer.kind is PaymentKind.ARREARS else "Refund"
        return Note(f"{what} {answer.number}", f"{answer.amount} is booked.", "ok", about="payment")
    if isinstance(answer, ReportPrinted):
        return Note(f"{answer.title} printed", answer.printer, "ok", about="paper")
    if isinstance(answer, Sale) and isinstance(asked, CorrectTender):
        return Note("Way of paying corrected", f"Receipt {answer.receipt}", "ok", about="tender")
    return None
