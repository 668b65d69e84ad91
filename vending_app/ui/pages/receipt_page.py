"""A receipt, a shift report or a statement as it comes out of the printer, inside the program: look, print, save."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtWidgets import QFileDialog, QWidget

from vending_app.domain.ids import SaleId, ShiftNo
from vending_app.services.book_cases import PrintShiftReport, ReportPdf
from vending_app.services.day_cases import DayPaperShown
from vending_app.services.inspection_cases import RouteSheetShown
from vending_app.services.report_cases import ReportPaperShown
from vending_app.services.statement_cases import PrintStatement, StatementShown
from vending_app.services.use_cases import ReceiptPdf
from vending_app.ui.components.buttons import Button, Kind
from vending_app.ui.components.surface import Surface, place
from vending_app.ui.pages.page import Page
from vending_app.ui.saving import saved
from vending_app.ui.theme import Look

ROLL, SHEET = 1.4, 1.08
"""How large a roll and an A4 sheet are shown: readable, and never wider than the page beside the practice dock."""
Sheet = DayPaperShown | RouteSheetShown | ReportPaperShown
Paper = ReportPdf | StatementShown | Sheet
"""What is no receipt."""
AskPath = Callable[[QWidget, str], str]


def ask_path(parent: QWidget, name: str) -> str:
    """Ask the person where to save; empty if he changed his mind."""
    chosen, _ = QFileDialog.getSaveFileName(parent, "Save the receipt", name, "PDF (*.pdf)")
    return chosen


class ReceiptPage(Page):
    """Signals: print_wanted(SaleId), report_wanted(the use case that prints it), sale_wanted(SaleId), said(Note)."""

    print_wanted = Signal(object)
    report_wanted = Signal(object)
    sale_wanted = Signal(object)
    said = Signal(object)

    def __init__(self, look: Look, *, ask: AskPath = ask_path, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Receipt", can_go_back=True, parent=parent)
        self._ask = ask
        self.shown: ReceiptPdf | None = None
        self.report: tuple[Paper, object] | None = None
        """Instead of a receipt, with what prints it."""
        self._build()

    def _build(self) -> None:
        self.card = Surface(self.look, parent=self)
        self.document = QPdfDocument(self)
        self._buffer = QBuffer(self)
        self.view = QPdfView(self)
        self.view.setDocument(self.document)
        self.view.setZoomMode(QPdfView.ZoomMode.Custom)
        self.view.setPageMode(QPdfView.PageMode.MultiPage)
        self.view.setAccessibleName("Receipt preview")
        self.print_button = Button(self.look, "Print copy", kind=Kind.PRIMARY, icon="printer", key="Enter", parent=self)
        self.save_button = Button(self.look, "Save as PDF", icon="file-pdf", parent=self)
        self.sale_button = Button(self.look, "The sale", icon="list-bullets", parent=self)
        self.verbs = (self.sale_button, self.save_button, self.print_button)
        self.print_button.clicked.connect(self._on_print)
        self.save_button.clicked.connect(self._on_save)
        self.sale_button.clicked.connect(self._on_sale)

    def show_receipt(self, shown: ReceiptPdf) -> None:
        """Show the pages of a receipt."""
        self.shown, self.report = shown, None
        self.set_title(f"Receipt {shown.receipt}")
        self._show(shown.pdf, "Print copy", zoom=ROLL)

    def show_report(self, shown: ReportPdf, shift: ShiftNo) -> None:
        """Show the X or the Z of a shift."""
        self.shown, self.report = None, (shown, PrintShiftReport(shift))
        kind, _, number = shown.title.partition("-")
        self.set_title(f"{kind} report {number}" if kind == "Z" else f"X report, shift {shift}")
        self._show(shown.pdf, "Print", zoom=ROLL)

    def show_statement(self, shown: StatementShown) -> None:
        """Show the pages of a customer's statement."""
        made = shown.statement
        self.shown, self.report = None, (shown, PrintStatement(made.supply.number, made.since, made.until))
        self.set_title(f"Statement, {made.supply.customer.name}")
        self._show(shown.pdf, "Print", zoom=SHEET)

    def show_sheet(
        self, shown: DayPaperShown | RouteSheetShown | ReportPaperShown, printing: object, *, title: str
    ) -> None:
        """Show the pages of a day, a route or a report, and what prints them."""
        self.shown, self.report = None, (shown, printing)
        self.set_title(title)
        self._show(shown.pdf, "Print", zoom=SHEET)

    def _show(self, pdf: bytes, verb: str, *, zoom: float) -> None:
        self.view.setZoomFactor(zoom)
        ground = self.view.palette()
        # The view fills what is beside the paper with this role.
        ground.setColor(QPalette.ColorRole.Dark, QColor(self.look.tokens.window))
        self.view.setPalette(ground)
        self.sale_button.setVisible(self.shown is not None)
        self.print_button.set_words(verb)
        self.lay_out_verbs()
        self.document.close()
        self._buffer.close()
        self._buffer.setData(QByteArray(pdf))
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self.document.load(self._buffer)
        self.print_button.setFocus()

    @property
    def first(self) -> QWidget:
        """Where the cursor begins."""
        return self.print_button

    def lay_out(self, area: QRectF) -> None:
        self.card.setGeometry(area.toRect())
        place(self.view, area.left() + 9, area.top() + 9, area.width() - 18, area.height() - 18)

    def _on_print(self) -> None:
        if self.report is not None:
            self.report_wanted.emit(self.report[1])
        elif self.shown is not None:
            self.print_wanted.emit(SaleId(self.shown.sale))

    def _on_sale(self) -> None:
        if self.shown is not None:
            self.sale_wanted.emit(self.shown.sale)

    def _on_save(self) -> None:
        if self.report is not None:
            name, pdf = self.report[0].title, self.report[0].pdf
        elif self.shown is not None:
            name, pdf = f"receipt-{self.shown.receipt}", self.shown.pdf
        else:
            return
        path = self._ask(self, f"{name}.pdf")
        if path:
            self.said.emit(saved(path, pdf))
