"""Records: customers, meters, cards and areas, found while somebody types, each whole with its history beside it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRectF, Signal
from PySide6.QtWidgets import QWidget

from vending_app.domain.area_reading import AreaReading
from vending_app.domain.card_stock import CardStock
from vending_app.domain.ids import SupplyNo
from vending_app.domain.people import Customer, Operator
from vending_app.domain.permissions import Act, may
from vending_app.domain.record_lines import AreaLine, MeterLine, RecordKind, RecordLine
from vending_app.domain.records import MeterState
from vending_app.services import supply_cases as entering
from vending_app.services.area_cases import EnterReading, Readings, ShowReadings
from vending_app.services.record_cases import FindRecords, RecordsFound, RecordShown, ReturnMeter, ShowRecord
from vending_app.services.stock_cases import ShowCardStock
from vending_app.services.use_cases import CardReading
from vending_app.ui.books.act_column import ActColumn
from vending_app.ui.books.ask import Ask
from vending_app.ui.bridge import Finished
from vending_app.ui.clock import DeskClock
from vending_app.ui.components.buttons import Button
from vending_app.ui.components.search_field import SearchField
from vending_app.ui.components.segmented import Choice, Segmented
from vending_app.ui.components.surface import Surface, place
from vending_app.ui.components.table import RowsModel, Table, place_table
from vending_app.ui.components.toast import Note
from vending_app.ui.pages.page import Page
from vending_app.ui.records import record_asks as asks
from vending_app.ui.records.reading_asks import ask_reading_in, said_kept, said_points
from vending_app.ui.records.record_card import RecordCard
from vending_app.ui.records.record_columns import COLUMNS, SPARE
from vending_app.ui.records.record_words import EMPTY, HINTS, MANY, how_many
from vending_app.ui.records.stock_asks import ask_retire, ask_stock
from vending_app.ui.records.stock_strip import HEIGHT as STRIP
from vending_app.ui.records.stock_strip import StockStrip
from vending_app.ui.records.stock_words import said_level, tone_of
from vending_app.ui.supply.entry_asks import ask_area_in, ask_meter_in
from vending_app.ui.theme import Look

SIDE, NARROW_SIDE, NARROW_BELOW = 400, 340, 1000
KINDS = (
    Choice(RecordKind.CUSTOMER, "Customers"),
    Choice(RecordKind.METER, "Meters"),
    Choice(RecordKind.CARD, "Cards"),
    Choice(RecordKind.AREA, "Areas"),
)
ENTER = {
    RecordKind.CUSTOMER: ("New customer", "users", asks.ask_customer_in),
    RecordKind.METER: ("Meter into stock", "gauge", ask_meter_in),
    RecordKind.AREA: ("New area", "map-pin", ask_area_in),
}


class RecordsPage(Page):
    """Signals: asked(use case), said(Note), life_wanted(SupplyNo)."""

    asked = Signal(object)
    said = Signal(object)
    life_wanted = Signal(object)

    def __init__(self, look: Look, *, clock: DeskClock, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Records", parent=parent)
        self.kind = RecordKind.CUSTOMER
        self.readings: tuple[AreaReading, ...] | None = None
        """Of the area that is selected, once they are known."""
        self._clock = clock
        self.operator: Operator | None = None
        self._area = QRectF()
        self._build()
        self._connect()
        self._show_kind()

    def _build(self) -> None:
        look = self.look
        self.card = Surface(look, parent=self)
        self.kinds = Segmented(look, KINDS, name="Kind of record", parent=self)
        self.field = SearchField(lambda: self.table, hint="", parent=self)
        self.tables: dict[RecordKind, Table] = {}
        for kind, columns in COLUMNS.items():
            model: RowsModel[Any] = RowsModel(columns, self)
            self.tables[kind] = Table(look, model, name=f"{MANY[kind][1].capitalize()} found", parent=self)
        self.enter = Button(look, "Enter", icon="users", parent=self)
        self.correct = Button(look, "Correct", icon="note-pencil", parent=self)
        self.back_in = Button(look, "Back to stock", icon="arrow-u-up-left", parent=self)
        self.supply = Button(look, "The supply", icon="house-line", key="Enter", parent=self)
        self.read = Button(look, "Enter reading", icon="gauge", parent=self)
        self.read.setAccessibleName("Enter a reading of what feeds the area")
        self.verbs = (self.enter, self.back_in, self.correct, self.read, self.supply)
        self.column = ActColumn(look, self)
        self.strip = StockStrip(look, self)
        self.record = RecordCard(look)
        self.column.add_home(self.record)

    def _connect(self) -> None:
        self.kinds.chosen.connect(self._on_kind)
        self.field.wanted.connect(self._on_search)
        self.field.returnPressed.connect(self._on_supply)
        for table in self.tables.values():
            table.opened.connect(self._on_supply)
            table.selectionModel().currentRowChanged.connect(self._on_row)
        self.enter.clicked.connect(self._on_enter)
        self.correct.clicked.connect(self._on_correct)
        self.back_in.clicked.connect(self._on_back_in)
        self.read.clicked.connect(self._on_reading)
        self.supply.clicked.connect(self._on_supply)
        self.strip.wanted.connect(self.open_stock)
        self.column.asked.connect(self.asked)
        self.column.done.connect(self._on_done)
        self.column.left.connect(self.field.setFocus)

    @property
    def first(self) -> QWidget:
        """Where the cursor begins."""
        return self.field

    @property
    def table(self) -> Table:
        """The list of the kind that is shown."""
        return self.tables[self.kind]

    @property
    def chosen(self) -> RecordLine | None:
        """The record that is selected."""
        line: RecordLine | None = self.table.chosen
        return line

    # --- shown ------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """The same kind as before, all of it."""
        self.field.clear()
        self.field.setFocus()
        self._on_search()

    def show_operator(self, operator: Operator | None) -> None:
        """Who may only look sees no verb that changes."""
        self.operator = operator
        self._show_verbs()

    def show_found(self, found: RecordsFound) -> None:
        """What was found, if it is still what is asked."""
        if (found.kind, found.text) != (self.kind, self.field.asked):
            return
        self.set_title("Records", how_many(found.kind, len(found.lines), has_more=found.has_more))
        if found.lines == self.table.rows_model.rows and self.chosen is not None:
            return  # what somebody has chosen meanwhile stays chosen
        self.table.rows_model.show_rows(found.lines)
        if found.lines:
            self.table.selectRow(0)
        else:
            self._on_row()

    def show_record(self, shown: RecordShown) -> None:
        """The whole of the one that is selected."""
        if self.chosen is not None and self.chosen.key == shown.line.key and shown.kind is self.kind:
            self.record.show_record(shown)

    def show_readings(self, found: Readings, *, area: str) -> None:
        """Of the counters that feed the area that is selected."""
        if isinstance(self.chosen, AreaLine) and self.chosen.key == area:
            self.readings = found.readings
            self.record.show_more(said_points(found.readings))
            self._show_verbs()

    def _show_kind(self) -> None:
        self.field.setPlaceholderText(HINTS[self.kind])
        for kind, table in self.tables.items():
            table.setVisible(kind is self.kind)
            table.empty = EMPTY[kind]
        self.strip.setVisible(self.kind is RecordKind.CARD)
        words, icon, _ = ENTER.get(self.kind, ("", "", None))
        self.enter.set_words(words, icon=icon)
        QWidget.setTabOrder(self.field, self.table)
        self._show_verbs()

    def show_stock(self, stock: CardStock) -> None:
        """How many blank cards there are."""
        self.strip.show_stock(stock)

    def _show_verbs(self) -> None:
        self.strip.button.setVisible(may(self.operator, Act.CARD_STOCK))
        may_enter, line = may(self.operator, Act.RECORDS), self.chosen
        is_meter = isinstance(line, MeterLine)
        self.enter.setVisible(may_enter and self.kind in ENTER)
        self.correct.setVisible(may_enter and self.kind in ENTER)
        # What an installed meter counts by stands on its card.
        self.correct.setEnabled(line is not None and (not is_meter or _is(line, MeterState.STOCK)))
        self.back_in.setVisible(may_enter and _is(line, MeterState.REMOVED))
        self.read.setVisible(self.kind is RecordKind.AREA and may(self.operator, Act.READINGS))
        self.read.setEnabled(self.readings is not None)
        self.supply.setVisible(self.kind is not RecordKind.AREA)
        self.supply.setEnabled(self._supply is not None)
        self.lay_out_verbs()
        self.update()

    @property
    def _supply(self) -> SupplyNo | None:
        line = self.chosen
        return None if line is None or isinstance(line, AreaLine) else line.supply

    def step_back(self) -> bool:
        """Esc inside the page; False if there is nothing to step back from."""
        return self.column.leave()

    # --- what a person does -----------------------------------------------------------------------------

    def _on_kind(self, kind: object) -> None:
        self.kind = RecordKind(kind)  # type: ignore[arg-type]  # a signal carries it as object
        self.column.go_home()
        self._show_kind()
        self._on_search()

    def _on_search(self) -> None:
        self.asked.emit(FindRecords(self.kind, self.field.asked))
        if self.kind is RecordKind.CARD:
            self.asked.emit(ShowCardStock())

    def open_retiring(self, read: CardReading) -> None:
        """The card in the reader, which nobody needs any more."""
        self._choose_cards()
        self._open(ask_retire(read))

    def _choose_cards(self) -> None:
        if self.kind is not RecordKind.CARD:
            self.kinds.choose(RecordKind.CARD)
            self._on_kind(RecordKind.CARD)

    def open_stock(self) -> None:
        """The blank cards of this desk."""
        self._choose_cards()
        if self.strip.stock is not None:
            self._open(ask_stock(self.strip.stock))

    def _on_row(self, *_: object) -> None:
        line, self.readings = self.chosen, None
        self.record.show_line(line)
        self._show_verbs()
        if line is not None:
            self.asked.emit(ShowRecord(self.kind, line.key))
        if isinstance(line, AreaLine):
            self.asked.emit(ShowReadings(line.key))

    def _on_supply(self, *_: object) -> None:
        if self._supply is not None:
            self.life_wanted.emit(self._supply)

    def _on_enter(self) -> None:
        self._open(ENTER[self.kind][2]())

    def _on_correct(self) -> None:
        if self.chosen is not None:
            self._open(asks.ask_correction(self.chosen))

    def _on_back_in(self) -> None:
        if isinstance(self.chosen, MeterLine):
            self._open(asks.ask_back_to_stock(self.chosen))

    def _on_reading(self) -> None:
        if isinstance(self.chosen, AreaLine) and self.readings is not None:
            today = self._clock.now().astimezone().date()
            self._open(ask_reading_in(self.chosen.area, self.readings, today=today))

    def _open(self, made: Ask) -> None:
        self.column.open(made)

    def _on_done(self, done: Finished) -> None:
        """It is kept: the list shows it, and nothing else. A card that was read is the one to be retired."""
        if isinstance(done.answer, CardReading):
            self._open(ask_retire(done.answer))
            return
        self.column.go_home()
        self.field.setFocus()
        if isinstance(done.answer, CardStock):
            self.said.emit(Note("Kept", said_level(done.answer), tone_of(done.answer)[0] or "ok", about="record"))
            return
        if isinstance(done.use_case, EnterReading) and isinstance(done.answer, Readings):
            said = said_kept(done.use_case, done.answer.readings)
            self.said.emit(Note("Kept", said, "ok", about="record"))
            return
        self.field.setText(_key_of(done))
        self._on_search()
        self.said.emit(Note("Kept", "What stood before stays in its history.", "ok", about="record"))

    # --- places -----------------------------------------------------------------------------------------

    def lay_out(self, area: QRectF) -> None:
        self._area = area
        is_narrow = area.width() < NARROW_BELOW
        side = NARROW_SIDE if is_narrow else SIDE
        left = area.adjusted(0, 0, -side - 16, 0)
        self.column.setGeometry(area.adjusted(area.width() - side, 0, 0, 0).toRect())
        self.card.setGeometry(left.toRect())
        x, wide = left.left() + 17, left.width() - 34
        switch = 336 if is_narrow else 400
        place(self.kinds, x, left.top() + 17, switch, 40)
        place(self.field, x + switch + 12, left.top() + 17, wide - switch - 12, 40)
        for kind, table in self.tables.items():
            for column in SPARE[kind]:
                table.setColumnHidden(column, is_narrow)
            below = STRIP + 12 if kind is RecordKind.CARD else 5
            place_table(table, left.adjusted(5, 69, -5, -below))
        self.strip.setGeometry(QRectF(x, left.bottom() - STRIP - 8, wide, STRIP).toRect())


def _is(line: RecordLine | None, state: MeterState) -> bool:
    return isinstance(line, MeterLine) and line.state is state


def _key_of(done: Finished) -> str:
    """By what the record that was kept is found."""
    asked, answer = done.use_case, done.answer
    match asked:
        case entering.EnterCustomer():
            return answer.number if isinstance(answer, Customer) else ""
        case entering.EnterMeter():
            return asked.meter.number
        case entering.EnterArea():
            return asked.area.code
        case ReturnMeter():
            return asked.meter
    return ""
