"""The last sales of this shift; a printed receipt has no mark, only what is missing has."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QWidget

from vending_app.domain.ids import SaleId
from vending_app.domain.sale import Sale
from vending_app.ui.book_words import mark_of, said_mark
from vending_app.ui.components.empty_state import draw_empty
from vending_app.ui.components.surface import PADDING, Surface
from vending_app.ui.fonts import Face
from vending_app.ui.paint import RIGHT, Ink, text_width
from vending_app.ui.phrases import clock
from vending_app.ui.theme import Look

ROW, ROW_NARROW, ROW_LOW = 42, 44, 28
"""The last where everything is larger on the smallest screen: two rows stay."""


class RecentCard(Surface):
    """As many rows as there is room for."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Recent sales", parent=parent)
        self.sales: tuple[Sale, ...] = ()
        self.in_shift = 0
        self.is_low = False
        self.printing: SaleId | None = None

    def show_sales(self, sales: tuple[Sale, ...], *, in_shift: int, printing: SaleId | None) -> None:
        """The newest sales, how many there were, and which one is being printed."""
        self.sales, self.in_shift, self.printing = sales, in_shift, printing
        self._remark()
        lines = [f"{clock(sale.intent.at)} {sale.customer_name} {sale.amount}" for sale in sales]
        self.setAccessibleDescription("; ".join(lines))
        self.update()

    def set_narrow(self, narrow: bool) -> None:
        super().set_narrow(narrow)
        self._remark()

    def set_low(self, low: bool) -> None:
        """Rows closer together."""
        self.is_low = low
        self.update()

    def _remark(self) -> None:
        self.remark = f"{self.in_shift} in this shift" if self.in_shift and not self.is_narrow else ""

    @property
    def _pitch(self) -> int:
        return ROW_LOW if self.is_low else ROW_NARROW if self.is_narrow else ROW

    @property
    def rows(self) -> int:
        """How many sales there is room for, of those that there are."""
        return min((self.height() - 41) // self._pitch, len(self.sales))

    def draw(self, ink: Ink) -> None:
        if not self.sales:
            area = QRectF(0, 30, self.width(), self.height() - 30)
            draw_empty(ink, area, icon="receipt", title="No sale in this shift yet", step="")
            return
        pitch, count = self._pitch, self.rows
        first = 55 if self.is_low else 63 if self.is_narrow else 62
        for at in range(count):
            middle = first + at * pitch
            self._draw_row(ink, self.sales[at], middle)
            if at < count - 1:
                ink.rule(PADDING, self.width() - PADDING, middle + pitch / 2)

    def _draw_row(self, ink: Ink, sale: Sale, middle: float) -> None:
        right = self.width() - PADDING
        amount = QRectF(right - 110, middle - 12, 110, 24)
        used = text_width(str(sale.amount), Face.STRONG)
        ink.text(amount, str(sale.amount), face=Face.STRONG, align=RIGHT)
        if self.is_narrow:
            room = QRectF(PADDING, middle - 12, right - used - PADDING - 8, 24)
            ink.text(room, sale.customer_name, face=Face.VALUE, may_elide=True)
            return
        ink.text(QRectF(PADDING, middle - 12, 50, 24), clock(sale.intent.at), face=Face.SMALL, colour=ink.t.muted)
        end = self._draw_mark(ink, sale, QRectF(right - 204, middle - 12, 120, 24))
        room = QRectF(69, middle - 12, end - 69 - 8, 24)
        ink.text(room, sale.customer_name, face=Face.VALUE, may_elide=True)

    def _draw_mark(self, ink: Ink, sale: Sale, rect: QRectF) -> float:
        """The energy, or what is not as it should be; returns where it begins."""
        icon, words, colour = "", "", ink.t.muted
        if sale.id == self.printing:
            icon, words, colour = "printer-fill", "Printing", ink.t.accent
        elif said_mark(sale):
            icon, tone = mark_of(sale)
            words, colour = said_mark(sale), getattr(ink.t, tone)
        elif sale.intent.quote is not None:
            words = f"{sale.intent.quote.energy} kWh"
        face = Face.SMALL_STRONG if icon else Face.SMALL
        ink.text(rect, words, face=face, colour=colour, align=RIGHT)
        left = rect.right() - text_width(words, face)
        if icon:
            ink.icon(QRectF(left - 22, rect.center().y() - 8, 16, 16), icon, colour)
            left -= 22
        return left
