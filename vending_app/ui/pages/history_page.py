"""The life of a supply, newest first: purchases, cards, write-backs."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, Signal
from PySide6.QtWidgets import QWidget

from vending_app.domain.ids import SaleId, masked, spaced
from vending_app.domain.money import ZERO
from vending_app.domain.payment import Payment
from vending_app.domain.people import HistoryEntry, SupplyFile
from vending_app.domain.permissions import Act, may
from vending_app.services.use_cases import DeskState, History, ShowHistory
from vending_app.ui.books.act_column import ActColumn
from vending_app.ui.books.sale_asks import ask_arrears
from vending_app.ui.bridge import Finished
from vending_app.ui.components.buttons import Button
from vending_app.ui.components.surface import Surface
from vending_app.ui.components.table import Column, RowsModel, Table, place_table
from vending_app.ui.pages.page import Page
from vending_app.ui.phrases import clock, counted, full_day
from vending_app.ui.supply.entry_words import WAITS, said_detail, said_energy, said_kind, said_state
from vending_app.ui.theme import Look

DETAIL, LEFT_OVER = 2, 5
PAY_WIDTH = 440
MOST = 200
"""As many as the books give at once."""


def mark_of(entry: HistoryEntry) -> tuple[str, str]:
    """A sale that waits for its card is the one thing here that somebody must do."""
    if said_state(entry.state) == WAITS:
        return "clock-counter-clockwise", "warn"
    return "", "muted"


def counts(entry: HistoryEntry) -> tuple[str, str]:
    """What was not sold, or not yet, is muted."""
    return "", "muted" if said_state(entry.state) else ""


class HistoryPage(Page):
    """Signals: asked(use case), sale_wanted(SaleId), receipt_wanted(SaleId)."""

    asked = Signal(object)
    sale_wanted = Signal(object)
    receipt_wanted = Signal(object)

    def __init__(self, look: Look, *, new_id: Callable[[], str], parent: QWidget | None = None) -> None:
        super().__init__(look, title="History", can_go_back=True, parent=parent)
        self._new_id = new_id
        self.supply: SupplyFile | None = None
        self.desk: DeskState | None = None
        self._area = QRectF()
        self.card = Surface(look, parent=self)
        columns: list[Column[HistoryEntry]] = [
            Column("When", lambda row: f"{full_day(row.at)}  {clock(row.at)}", 170, muted=True),
            Column("Entry", lambda row: said_kind(row.kind, row.receipt), strong=True),
            Column("Detail", lambda row: said_detail(row.kind, row.sequence, row.state), mark=mark_of),
            Column("kWh", lambda row: said_energy(row.kind, row.energy), 144, right=True, mark=counts),
            Column("Money", lambda row: str(row.money) if row.money else "", 110, right=True, strong=True, mark=counts),
            Column("kWh left", lambda row: str(row.remaining) if row.remaining is not None else "", 106, right=True),
        ]
        self.model = RowsModel(columns, self)
        self.table = Table(look, self.model, name="Entries", parent=self)
        self.table.empty = ("clock-counter-clockwise", "Nothing has happened yet", "The first sale will stand here.")
        self.arrears = Button(look, "Pay arrears", icon="money", parent=self)
        self.receipt = Button(look, "Receipt", icon="receipt", key="F7", parent=self)
        self.sale = Button(look, "The sale", icon="list-bullets", key="Enter", parent=self)
        self.verbs = (self.arrears, self.receipt, self.sale)
        self.column = ActColumn(look, self)
        self.column.hide()
        self.column.asked.connect(self.asked)
        self.column.done.connect(self._on_done)
        self.column.left.connect(self._on_left)
        self.arrears.clicked.connect(self.pay_arrears)
        self.sale.clicked.connect(self._on_sale)
        self.table.opened.connect(self._on_sale)
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        self.receipt.clicked.connect(self._on_receipt)

    def show_history(self, history: History) -> None:
        """Show a supply's life."""
        supply = self.supply = history.supply
        self.column.hide()
        self.column.go_home()
        self.arrears.setVisible(supply.arrears > ZERO and self.may_pay)
        self.arrears.set_words(f"Pay arrears {supply.arrears}")
        self.lay_out_verbs()
        self._lay_out()
        card = masked(supply.card) if supply.card else "no card yet"
        number = len(history.entries)
        how_many = counted(number, "entry", "entries") if number < MOST else f"the newest {number} entries"
        remark = f"supply {spaced(supply.number)}   ·   {card}   ·   {how_many}"
        self.set_title(supply.customer.name, remark)
        self.model.show_rows(history.entries)
        if history.entries:
            self.table.selectRow(0)
        self._on_row()
        self.table.setFocus()

    def pay_arrears(self) -> None:
        """A customer pays what he owes, beside the life of his supply."""
        if self.supply is None or self.supply.arrears <= ZERO or not self.may_pay:
            return
        self.column.show()
        self._lay_out()
        self.column.open(ask_arrears(self.supply, self._new_id))

    @property
    def may_pay(self) -> bool:
        """Whether this person takes money, and has a shift."""
        has_shift = self.desk is not None and self.desk.shift is not None
        return has_shift and may(self.column.operator, Act.SELL)

    @property
    def first(self) -> QWidget:
        """Where the cursor begins."""
        return self.table

    def step_back(self) -> bool:
        """Esc inside the page; False if there is nothing to step back from."""
        return not self.column.isHidden() and self.column.leave()

    def lay_out(self, area: QRectF) -> None:
        self._area = area
        self._lay_out()

    def _lay_out(self) -> None:
        area, pays = self._area, not self.column.isHidden()
        left = area.adjusted(0, 0, -PAY_WIDTH - 16 if pays else 0, 0)
        self.card.setGeometry(left.toRect())
        for column in (DETAIL, LEFT_OVER):
            self.table.setColumnHidden(column, pays)
        place_table(self.table, left.adjusted(5, 9, -5, -5))
        self.column.setGeometry(area.adjusted(area.width() - PAY_WIDTH, 0, 0, 0).toRect())

    @property
    def chosen_entry(self) -> SaleId | None:
        """What the selected entry did to the card, if it was the office."""
        row = self.table.chosen
        return row.sale if isinstance(row, HistoryEntry) else None

    @property
    def chosen_sale(self) -> SaleId | None:
        """The sale of the selected entry, if it has a receipt."""
        row = self.table.chosen
        return row.sale if isinstance(row, HistoryEntry) and row.receipt else None

    def _on_row(self, *_: object) -> None:
        self.receipt.setEnabled(self.chosen_sale is not None)
        self.sale.setEnabled(self.chosen_entry is not None)

    def _on_sale(self, *_: object) -> None:
        if self.chosen_entry is not None:
            self.sale_wanted.emit(self.chosen_entry)

    def _on_receipt(self) -> None:
        if self.chosen_sale is not None:
            self.receipt_wanted.emit(self.chosen_sale)

    def _on_done(self, done: Finished) -> None:
        if isinstance(done.answer, Payment):
            self.asked.emit(ShowHistory(done.answer.supply))

    def _on_left(self) -> None:
        self.column.hide()
        self._lay_out()
        self.table.setFocus()
