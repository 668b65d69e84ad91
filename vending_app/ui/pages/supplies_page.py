"""Finding a customer: search as you type on a table."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Signal
from PySide6.QtWidgets import QWidget

from vending_app.domain.ids import masked, spaced
from vending_app.domain.people import Operator, SupplyFile, SupplyLine, SupplyState
from vending_app.domain.permissions import Act, may
from vending_app.services.supply_cases import Records, ShowLife, ShowRecords
from vending_app.services.use_cases import FindSupplies, Found
from vending_app.ui.books.act_column import ActColumn
from vending_app.ui.books.ask import Ask
from vending_app.ui.bridge import Finished
from vending_app.ui.components.buttons import Button
from vending_app.ui.components.search_field import SearchField
from vending_app.ui.components.surface import Surface, place
from vending_app.ui.components.table import Column, RowsModel, Table, place_table
from vending_app.ui.components.toast import Note
from vending_app.ui.pages.page import Page
from vending_app.ui.phrases import counted
from vending_app.ui.supply.entry_asks import ask_meter_in, ask_new_supply, ask_what_to_enter
from vending_app.ui.supply.supply_words import STATES
from vending_app.ui.theme import Look

ADDRESS, METER, TARIFF, CARD = 1, 3, 4, 5
NARROW_BELOW, NARROWEST_BELOW = 1000, 620
COLUMN_WIDTH = 400


def mark_of(row: SupplyLine) -> tuple[str, str]:
    """Only what buys nothing is worth a mark among many."""
    _, icon, tone = STATES[row.state]
    return (icon, tone) if row.state in {SupplyState.SUSPENDED, SupplyState.CLOSED} else ("", "muted")


class SuppliesPage(Page):
    """Signals: asked(use case), said(Note); trial_wanted, history_wanted, arrears_wanted, life_wanted (SupplyLine)."""

    asked = Signal(object)
    trial_wanted = Signal(object)
    history_wanted = Signal(object)
    arrears_wanted = Signal(object)
    life_wanted = Signal(object)
    said = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Find customer", parent=parent)
        self._build()
        self._connect()

    def _build(self) -> None:
        self.card = Surface(self.look, parent=self)
        hint = "Part of a name, number, meter, card, address or phone"
        self.field = SearchField(lambda: self.table, hint=hint, parent=self)
        columns: list[Column[SupplyLine]] = [
            Column("Customer", lambda row: row.customer, strong=True),
            Column("Address", lambda row: row.address),
            Column("Supply", lambda row: spaced(row.number), 120),
            Column("Meter", lambda row: spaced(row.meter), 160),
            Column("Tariff", lambda row: row.tariff, 80),
            Column("Card", lambda row: masked(row.card) if row.card else "none yet", 120, muted=True),
            Column("State", lambda row: STATES[row.state][0].lower(), 128, mark=mark_of),
        ]
        self.model = RowsModel(columns, self)
        self.table = Table(self.look, self.model, name="Supplies found", parent=self)
        self.table.empty = ("magnifying-glass", "Nobody found", "Type less, or another part of the name.")
        self.trial = Button(self.look, "Trial price", icon="lightning", key="Enter", parent=self)
        self.history = Button(self.look, "History", icon="clock-counter-clockwise", key="F6", parent=self)
        self.arrears = Button(self.look, "Pay arrears", icon="money", parent=self)
        self.life = Button(self.look, "The supply", icon="house-line", parent=self)
        self.enter = Button(self.look, "Stock", icon="gauge", parent=self)
        self.fresh = Button(self.look, "New supply", icon="house-line", key="F9", parent=self)
        self.verbs = (self.enter, self.fresh, self.arrears, self.history, self.life, self.trial)
        self.column = ActColumn(self.look, self)
        self.column.hide()
        self._area = QRectF()
        self._opens_life = False
        QWidget.setTabOrder(self.field, self.table)

    def _connect(self) -> None:
        self.field.returnPressed.connect(self._on_enter)
        self.field.wanted.connect(self._on_search)
        self.table.opened.connect(self._on_enter)
        self.trial.clicked.connect(self._on_enter)
        self.history.clicked.connect(self._on_history)
        self.arrears.clicked.connect(self._on_arrears)
        self.life.clicked.connect(self._on_life)
        self.enter.clicked.connect(self._on_enter_record)
        self.fresh.clicked.connect(self.begin_new)
        self.column.asked.connect(self.asked)
        self.column.done.connect(self._on_done)
        self.column.left.connect(self._close_column)

    @property
    def first(self) -> QWidget:
        """Where the cursor begins."""
        return self.field

    def begin(self) -> None:
        """Show everybody, cursor in the field."""
        self.field.clear()
        self.field.setFocus()
        self._on_search()

    def show_found(self, found: Found) -> None:
        """Show what was found, if it is still what is asked."""
        if found.text != self.field.asked:
            return
        self.model.show_rows(found.supplies)
        if found.supplies:
            self.table.selectRow(0)
        number = len(found.supplies)
        first = f"the first {number}; type more to find the others"
        self.set_title("Find customer", first if found.has_more else counted(number, "supply", "supplies"))
        self.trial.setEnabled(bool(found.supplies))
        self.history.setEnabled(bool(found.supplies))
        self.arrears.setEnabled(bool(found.supplies))
        self.life.setEnabled(bool(found.supplies))

    def show_operator(self, operator: Operator | None) -> None:
        """Enter opens what this person works with: the price for a cashier, the supply for a technician."""
        self._opens_life = not may(operator, Act.SELL)
        self.trial.setVisible(not self._opens_life)
        self.arrears.setVisible(not self._opens_life)
        for button in (self.enter, self.fresh):
            button.setVisible(may(operator, Act.RECORDS))
        self.lay_out_verbs()

    @property
    def chosen(self) -> SupplyLine | None:
        """The row that is selected."""
        row = self.table.chosen
        return row if isinstance(row, SupplyLine) else None

    # --- entering records -------------------------------------------------------------------------------

    def begin_new(self) -> None:
        """F9: what a supply may be made of is asked first."""
        if not self.fresh.isHidden():
            self.asked.emit(ShowRecords())

    def show_records(self, records: Records) -> None:
        """Without a meter in stock that comes first."""
        self._open(ask_new_supply(records) if records.stock else ask_meter_in())

    def step_back(self) -> bool:
        """Esc inside the page; False if there is nothing to step back from."""
        return not self.column.isHidden() and self.column.leave()

    def _on_enter_record(self) -> None:
        self._open(ask_what_to_enter())

    def _open(self, made: Ask) -> None:
        self.column.show()
        self.lay_out(self._area)
        self.column.open(made)

    def _close_column(self) -> None:
        self.column.go_home()
        self.column.hide()
        self.lay_out(self._area)
        self.field.setFocus()

    def _on_done(self, done: Finished) -> None:
        self._close_column()
        if isinstance(done.answer, SupplyFile):
            self.said.emit(Note("Supply entered", "Issue its first card next.", "ok", about="supply"))
            self.asked.emit(ShowLife(done.answer.number))
        elif isinstance(done.answer, Records):
            stock, areas = len(done.answer.stock), len(done.answer.areas)
            words = f"{counted(stock, 'meter', 'meters')} in stock, {counted(areas, 'area', 'areas')}."
            self.said.emit(Note("Entered", words, "ok", about="supply"))

    # --- places -----------------------------------------------------------------------------------------

    def lay_out(self, area: QRectF) -> None:
        self._area = area
        if not self.column.isHidden():
            self.column.setGeometry(area.adjusted(area.width() - COLUMN_WIDTH, 0, 0, 0).toRect())
            area = area.adjusted(0, 0, -COLUMN_WIDTH - 16, 0)
        self.card.setGeometry(area.toRect())
        # Beside the practice dock the names and addresses need the room more.
        for column, from_width in ((TARIFF, NARROW_BELOW), (CARD, NARROW_BELOW), (ADDRESS, NARROWEST_BELOW)):
            self.table.setColumnHidden(column, area.width() < from_width)
        self.table.setColumnHidden(METER, area.width() < NARROWEST_BELOW)
        place(self.field, area.left() + 17, area.top() + 17, area.width() - 34, 48)
        place_table(self.table, area.adjusted(5, 77, -5, -5))

    def _on_search(self) -> None:
        self.asked.emit(FindSupplies(self.field.asked))

    def _on_enter(self, *_: object) -> None:
        if self.chosen is not None:
            (self.life_wanted if self._opens_life else self.trial_wanted).emit(self.chosen)

    def _on_life(self) -> None:
        if self.chosen is not None:
            self.life_wanted.emit(self.chosen)

    def _on_history(self) -> None:
        if self.chosen is not None:
            self.history_wanted.emit(self.chosen)

    def _on_arrears(self) -> None:
        if self.chosen is not None:
            self.arrears_wanted.emit(self.chosen)
