"""The sales of a shift: a table, and a row of totals that keeps the count blind."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.ids import SaleId
from vending_app.domain.money import ZERO, Money
from vending_app.domain.sale import Purpose, Sale, SaleState
from vending_app.ui.book_words import mark_of, said_mark
from vending_app.ui.components.surface import PADDING, Surface, place
from vending_app.ui.components.table import HEADER_HEIGHT, ROW_HEIGHT, Column, RowsModel, Table
from vending_app.ui.fonts import Face
from vending_app.ui.paint import RIGHT, Ink
from vending_app.ui.phrases import clock, counted
from vending_app.ui.theme import Look

TIME, CUSTOMER, RECEIPT, MARK, KWH, MONEY = range(6)
NARROW_BELOW = 660
NONE_YET = ("receipt", "No sale yet", "The first one of the shift will stand here.")
NONE_SOLD = ("receipt", "No sale", "This shift was closed without one.")
NOT_OPEN = ("receipt", "No shift is open", "Open one at the left with Enter: its sales will stand here.")
NOT_KNOWN = ("receipt", "", "")
"""Until the desk has answered."""


def _counts(sale: Sale) -> tuple[str, str]:
    """What is not in the totals is muted."""
    return "", "" if sale.state is SaleState.POSTED and sale.reversed_by is None else "muted"


def energy_of(sale: Sale) -> Energy:
    """What was sold."""
    return sale.intent.quote.energy if sale.intent.quote else NO_ENERGY


def totals(sales: Sequence[Sale]) -> tuple[int, Energy, Money]:
    """Number of the posted ones, and energy and money less what was taken back."""
    posted = [sale for sale in sales if sale.state is SaleState.POSTED and sale.intent.purpose.has_receipt]
    energy = sum((energy_of(sale) for sale in posted), NO_ENERGY)
    number = sum(sale.intent.purpose is Purpose.SALE for sale in posted)
    return number, energy, sum((sale.amount for sale in posted), ZERO)


class ShiftSalesCard(Surface):
    """Signals: sale_wanted(SaleId) — Enter or a double click on a sale; receipt_wanted(SaleId) — F7."""

    sale_wanted = Signal(object)
    receipt_wanted = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Sales in this shift", parent=parent)
        self.is_counted = False
        columns: list[Column[Sale]] = [
            Column("Time", lambda sale: clock(sale.intent.at), 72, muted=True),
            Column("Customer", lambda sale: sale.customer_name, strong=True),
            Column("Receipt", lambda sale: sale.receipt or "", 108, muted=True),
            Column("", said_mark, 136, right=True, strong=True, mark=mark_of),
            Column("kWh", lambda sale: str(energy_of(sale)), 104, right=True, mark=_counts),
            Column("Money", lambda sale: str(sale.amount), 104, right=True, strong=True, mark=_counts),
        ]
        self.model = RowsModel(columns, self)
        self.table = Table(look, self.model, name="Sales in this shift", parent=self)
        self.table.empty = NOT_KNOWN
        self.table.shows_focus = True
        self.table.opened.connect(self._on_opened)

    def show_sales(self, sales: Sequence[Sale], *, is_counted: bool) -> None:
        """The sales, newest first; the sum of the money only once the drawer is counted."""
        self.is_counted = is_counted
        self.table.empty = NONE_SOLD if is_counted else NONE_YET
        row = max(self.table.currentIndex().row(), 0)
        if tuple(sales) != self.model.rows:
            self.model.show_rows(sales)
            if sales:
                self.table.selectRow(min(row, len(sales) - 1))
        self.set_title(self.title, "Enter shows a sale, F7 its receipt" if sales else "")
        self._lay_out()

    def forget(self) -> None:
        """Another shift: its sales are asked for."""
        self._show_none(NOT_KNOWN)

    def show_not_open(self) -> None:
        """No shift is open at this desk."""
        self._show_none(NOT_OPEN)

    def _show_none(self, why: tuple[str, str, str]) -> None:
        self.show_sales((), is_counted=False)
        self.table.empty = why
        self.table.viewport().update()

    @property
    def chosen_sale(self) -> SaleId | None:
        """The selected sale, if it has a receipt."""
        sale = self.table.chosen
        return sale.id if isinstance(sale, Sale) and sale.receipt else None

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        narrow = self.width() < NARROW_BELOW
        for column in (RECEIPT, KWH):
            self.table.setColumnHidden(column, narrow)
        foot = ROW_HEIGHT + 9 if self.model.rows else 9
        shown = min(len(self.model.rows), (self.height() - 44 - foot - HEADER_HEIGHT) // ROW_HEIGHT)
        height = HEADER_HEIGHT + shown * ROW_HEIGHT if shown else self.height() - 53
        place(self.table, 5, 44, self.width() - 10, height)
        self.update()

    def draw(self, ink: Ink) -> None:
        if not self.model.rows:
            return
        top = self.table.geometry().bottom() + 1
        number, energy, money = totals(self.model.rows)
        row = QRectF(PADDING, top, 240, ROW_HEIGHT)
        ink.text(row, counted(number, "sale", "sales"), face=Face.STRONG)
        if not self.table.isColumnHidden(KWH):
            self._draw_sum(ink, str(energy), KWH, top)
        if self.is_counted:
            self._draw_sum(ink, str(money), MONEY, top)

    def _draw_sum(self, ink: Ink, text: str, column: int, top: float) -> None:
        """Under its column, with the same right edge."""
        right = self.table.x() + self.table.columnViewportPosition(column) + self.table.columnWidth(column) - 12
        ink.text(QRectF(right - 160, top, 160, ROW_HEIGHT), text, face=Face.STRONG, align=RIGHT)

    def _on_opened(self, sale: object) -> None:
        if isinstance(sale, Sale):
            self.sale_wanted.emit(sale.id)
