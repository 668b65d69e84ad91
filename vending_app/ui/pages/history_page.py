"""The life of a supply, newest first: purchases, cards, write-backs."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Signal
from PySide6.QtWidgets import QWidget

from vending_app.domain.ids import SaleId, masked, spaced
from vending_app.domain.people import HistoryEntry
from vending_app.services.use_cases import History
from vending_app.ui.components.buttons import Button
from vending_app.ui.components.surface import Surface
from vending_app.ui.components.table import Column, RowsModel, Table, place_table
from vending_app.ui.pages.page import Page
from vending_app.ui.phrases import clock, counted, full_day
from vending_app.ui.theme import Look

KINDS = {"sale": "Sale", "issue": "Card issued", "write-back": "Write-back"}
STATES = {"posted": "", "pending": "interrupted", "in_doubt": "interrupted", "voided": "void"}
MOST = 200
"""As many as the books give at once."""


def said_entry(entry: HistoryEntry) -> str:
    """`Sale 2-001604`, `Write-back`."""
    kind = KINDS.get(entry.kind, entry.kind)
    return f"{kind} {entry.receipt}".strip()


def said_detail(entry: HistoryEntry) -> str:
    """What more there is to say of it."""
    if entry.kind == "write-back":
        return "read by the card"
    state = STATES.get(entry.state, entry.state)
    return ", ".join(part for part in (f"order {entry.sequence}", state) if part)


def said_energy(entry: HistoryEntry) -> str:
    """`used 4 794.20`, `+188.19`, nothing for a card."""
    if entry.kind == "write-back":
        return f"used {entry.energy}"
    return f"+{entry.energy}" if entry.energy else ""


def mark_of(entry: HistoryEntry) -> tuple[str, str]:
    """A sale that waits for its card is the one thing here that somebody must do."""
    if STATES.get(entry.state) == "interrupted":
        return "clock-counter-clockwise", "warn"
    return "", "muted"


def counts(entry: HistoryEntry) -> tuple[str, str]:
    """What was not sold, or not yet, is muted."""
    return "", "muted" if STATES.get(entry.state) else ""


class HistoryPage(Page):
    """Signals: receipt_wanted(SaleId)."""

    receipt_wanted = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="History", can_go_back=True, parent=parent)
        self.card = Surface(look, parent=self)
        columns: list[Column[HistoryEntry]] = [
            Column("When", lambda row: f"{full_day(row.at)}  {clock(row.at)}", 170, muted=True),
            Column("Entry", said_entry, strong=True),
            Column("Detail", said_detail, mark=mark_of),
            Column("kWh", said_energy, 144, right=True, mark=counts),
            Column("Money", lambda row: str(row.money) if row.money else "", 110, right=True, strong=True, mark=counts),
            Column("kWh left", lambda row: str(row.remaining) if row.remaining is not None else "", 106, right=True),
        ]
        self.model = RowsModel(columns, self)
        self.table = Table(look, self.model, name="Entries", parent=self)
        self.table.empty = ("clock-counter-clockwise", "Nothing has happened yet", "The first sale will stand here.")
        self.receipt = Button(look, "Receipt", icon="receipt", key="Enter", parent=self)
        self.verbs = (self.receipt,)
        self.table.opened.connect(self._on_opened)
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        self.receipt.clicked.connect(self._on_receipt)

    def show_history(self, history: History) -> None:
        """Show a supply's life."""
        supply = history.supply
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

    def lay_out(self, area: QRectF) -> None:
        self.card.setGeometry(area.toRect())
        place_table(self.table, area.adjusted(5, 9, -5, -5))

    @property
    def chosen_sale(self) -> SaleId | None:
        """The sale of the selected entry, if it has a receipt."""
        row = self.table.chosen
        return row.sale if isinstance(row, HistoryEntry) and row.receipt else None

    def _on_row(self, *_: object) -> None:
        self.receipt.setEnabled(self.chosen_sale is not None)

    def _on_opened(self, _row: object) -> None:
        self._on_receipt()

    def _on_receipt(self) -> None:
        if self.chosen_sale is not None:
            self.receipt_wanted.emit(self.chosen_sale)
