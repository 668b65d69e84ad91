"""Opening and closing a shift: the count is blind, the expected sum appears only after it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Signal
from PySide6.QtWidgets import QLabel, QWidget

from vending_app.domain.errors import VendingError
from vending_app.domain.ids import OperatorName
from vending_app.domain.money import Money
from vending_app.domain.people import Shift
from vending_app.services.use_cases import CloseShift, OpenShift, ShiftSales, ShowShiftSales
from vending_app.ui.components.buttons import Button, Kind
from vending_app.ui.components.empty_state import draw_empty
from vending_app.ui.components.fields import FigureField
from vending_app.ui.components.surface import PADDING, Surface, place
from vending_app.ui.fonts import Face
from vending_app.ui.pages.page import Page
from vending_app.ui.pages.shift_sales import ShiftSalesCard
from vending_app.ui.paint import RIGHT, Ink
from vending_app.ui.phrases import clock, full_day
from vending_app.ui.theme import Look, tone
from vending_app.ui.words import trouble


class _ShiftCard(Surface):
    """Facts of the shift, one field, one sentence."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(look, title="Shift", parent=parent)
        self.facts: tuple[tuple[str, str, str], ...] = ()
        self.note = ("accent", "info", "")
        self.field_top = 0

    def draw(self, ink: Ink) -> None:
        right = self.width() - PADDING
        if not self.facts:
            area = QRectF(0, 44, self.width(), 180)
            draw_empty(
                ink, area, icon="wallet", title="Count the float", step="The cash in the drawer before the first sale."
            )
        for at, (label, value, name) in enumerate(self.facts):
            top = 48 + 37 * at
            ink.text(QRectF(PADDING, top, 260, 36), label, colour=ink.t.muted)
            colour = getattr(ink.t, name) if name else ink.t.text
            ink.text(QRectF(PADDING, top, right - PADDING, 36), value, face=Face.STRONG, colour=colour, align=RIGHT)
            ink.rule(PADDING, right, top + 36)
        name, icon, words = self.note
        if words:
            strong, soft, _ = tone(ink.t, name)
            box = QRectF(PADDING, self.height() - 75, right - PADDING, 58)
            ink.box(box, fill=soft)
            ink.icon(QRectF(box.left() + 17, box.center().y() - 11, 22, 22), icon, strong)
            ink.paragraph(box.adjusted(52, 0, -12, 0), words)


class ShiftPage(Page):
    """Signals: asked(OpenShift | CloseShift | ShowShiftSales), receipt_wanted(SaleId)."""

    asked = Signal(object)
    receipt_wanted = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Shift", parent=parent)
        self.shift: Shift | None = None
        self.closed: Shift | None = None
        self.waiting_sales = 0
        self.names: dict[OperatorName, str] = {}
        self._build()
        self.field.returnPressed.connect(self._on_enter)
        self.field.edited.connect(self._on_typed)
        self.button.clicked.connect(self._on_enter)
        self.show_shift(None, waiting_sales=0)

    def _build(self) -> None:
        self.card = _ShiftCard(self.look, self)
        self.field = FigureField(
            self.look, label="Cash in the drawer", name="Cash in the drawer", face=Face.AMOUNT, parent=self
        )
        self._buddy = QLabel("&Cash in the drawer", self)
        self._buddy.setBuddy(self.field)
        self._buddy.hide()
        self.button = Button(
            self.look, "Open shift", kind=Kind.PRIMARY, icon="wallet", key="Enter", face=Face.CARD_TITLE, parent=self
        )
        self.sales = ShiftSalesCard(self.look, self)
        self.sales.receipt_wanted.connect(self.receipt_wanted)
        for one, other in ((self.field, self.button), (self.button, self.sales.table)):
            QWidget.setTabOrder(one, other)

    # --- shown ------------------------------------------------------------------------------------------

    def show_shift(self, shift: Shift | None, *, waiting_sales: int) -> None:
        """The open shift of this desk, or none."""
        if self.closed is not None and shift is None and self.shift is None:
            return
        if shift is None:
            self.sales.show_sales((), is_counted=False)
        elif self.shift is None or self.shift.number != shift.number:
            self.sales.forget()
        self.shift, self.closed, self.waiting_sales = shift, None, waiting_sales
        self._show()

    def show_closed(self, shift: Shift) -> None:
        """After the count: what was expected, and the difference."""
        self.shift, self.closed = None, shift
        self.field.clear()
        self._show()
        self.refresh()

    def show_sales(self, answer: ShiftSales) -> None:
        """The sales of the shift that is shown; an answer about another one came too late."""
        shown = self.shift or self.closed
        if shown is not None and shown.number == answer.shift:
            self.sales.show_sales(answer.sales, is_counted=self.shift is None)

    def show_trouble(self, error: VendingError) -> None:
        """It was refused."""
        said = trouble(error)
        self.card.note = ("bad", "warning-circle-fill", f"{said.sentence} {said.remedy}")
        self.button.setEnabled(True)
        self.card.update()

    def begin(self) -> None:
        """Cursor in the field; a shift that was just closed may be followed by a new one."""
        if self.closed is not None:
            self.show_shift(None, waiting_sales=0)
        self.closed = None
        self._show()
        self.field.setFocus()
        self.refresh()

    def refresh(self) -> None:
        """Ask for the sales again: one may have been made, or printed, meanwhile."""
        shown = self.shift or self.closed
        if shown is not None:
            self.asked.emit(ShowShiftSales(shown.number))

    def _show(self) -> None:
        self.field.set_wrong("")
        self.button.setEnabled(True)
        if self.shift is not None:
            self._show_open(self.shift)
        elif self.closed is not None:
            self._show_counted(self.closed)
        else:
            self._show_none()
        self.card.update()
        self.update()

    def _show_none(self) -> None:
        self.set_title("Open shift")
        self.card.set_title("No shift is open at this desk")
        self.card.facts = ()
        self.field.label = "Float in the drawer"
        self.field.setAccessibleName("Float in the drawer")
        self.button.set_words("Open shift")
        self.card.note = ("accent", "info", "Count the cash in the drawer, type the sum, press Enter.")

    def _show_open(self, shift: Shift) -> None:
        self.set_title(f"Shift {shift.number}")
        self.card.set_title(f"Shift {shift.number}", f"open since {clock(shift.opened_at)}")
        self.card.facts = (
            ("Operator", self.names.get(shift.operator, str(shift.operator)), ""),
            ("Opened", f"{full_day(shift.opened_at)}, {clock(shift.opened_at)}", ""),
            ("Float at the start", str(shift.float_cash), ""),
            ("Sales", str(shift.sales), ""),
            (
                "Interrupted sales",
                str(self.waiting_sales) if self.waiting_sales else "none",
                "warn" if self.waiting_sales else "",
            ),
        )
        self.field.label = "Cash counted"
        self.field.setAccessibleName("Cash counted")
        self.button.set_words("Close shift")
        self.card.note = (
            "accent",
            "info",
            "To close: count the drawer and type the sum. What was expected appears after it.",
        )

    def _show_counted(self, shift: Shift) -> None:
        self.set_title(f"Shift {shift.number} closed")
        self.card.set_title(f"Shift {shift.number}, counted", clock(shift.closed_at) if shift.closed_at else "")
        counted, expected = shift.counted or Money(0), shift.expected or Money(0)
        difference = counted - expected
        self.card.facts = (
            ("Sales", str(shift.sales), ""),
            ("Float at the start", str(shift.float_cash), ""),
            ("Expected", str(expected), ""),
            ("Counted", str(counted), ""),
            ("Difference", str(difference), "bad" if difference else "ok"),
        )
        self.field.label = "Float in the drawer"
        self.field.setAccessibleName("Float in the drawer")
        self.button.set_words("Open shift")
        self.card.note = (
            (
                "warn",
                "warning-circle-fill",
                "The count does not add up. Tell the supervisor; the difference stands in the books.",
            )
            if difference
            else ("ok", "shield-check", "The count adds up.")
        )

    def lay_out(self, area: QRectF) -> None:
        width = 440 if area.width() >= 1100 else 400
        self.card.setGeometry(round(area.left()), round(area.top()), width, 454)
        left = round(area.left() + width + 16)
        self.sales.setGeometry(left, round(area.top()), round(area.right()) - left, round(area.height()))
        place(self.field, area.left() + PADDING, area.top() + 242, width - 2 * PADDING, 64)
        place(self.button, area.left() + PADDING, area.top() + 316, width - 2 * PADDING, 56)

    # --- what a person does -----------------------------------------------------------------------------

    def _on_typed(self, _text: str) -> None:
        self.field.set_wrong("")

    def _on_enter(self) -> None:
        if not self.button.isEnabled():
            return
        try:
            cash = Money.parse(self.field.text())
        except VendingError as error:
            self.field.set_wrong(trouble(error).sentence)
            return
        self.button.setEnabled(False)
        self.asked.emit(OpenShift(cash) if self.shift is None else CloseShift(cash))
