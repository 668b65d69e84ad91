"""What stands at the left of the shift page: a drawer that waits for its float, an open shift, and what waits in it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from vending_app.domain.ids import ShiftNo
from vending_app.services.book_cases import OpenSale
from vending_app.ui.book_words import said_age
from vending_app.ui.books.act_card import draw_note
from vending_app.ui.books.ask import Fact
from vending_app.ui.components.buttons import Button, Kind
from vending_app.ui.components.empty_state import draw_empty
from vending_app.ui.components.fields import FigureField
from vending_app.ui.components.surface import PADDING, Surface, place
from vending_app.ui.components.table import ROW_HEIGHT, Column, RowsModel, Table
from vending_app.ui.fonts import Face
from vending_app.ui.paint import RIGHT, Ink
from vending_app.ui.phrases import day_and_clock
from vending_app.ui.theme import Look

FACT = 37
FACTS_TOP = 48


class FactsCard(Surface):
    """Facts under each other, and a note at a fixed place."""

    def __init__(self, look: Look, *, title: str, parent: QWidget | None = None) -> None:
        super().__init__(look, title=title, parent=parent)
        self.facts: tuple[Fact, ...] = ()
        self.note: tuple[str, str, str] = ("", "", "")
        self.note_top = 0.0

    def show_facts(self, facts: Sequence[Fact], note: tuple[str, str, str] = ("", "", "")) -> None:
        """Other facts and another note."""
        self.facts, self.note = tuple(facts), note
        told = [f"{label}: {value}" for label, value, _ in facts]
        self.setAccessibleDescription("; ".join([*told, note[2]]).strip("; "))
        self.update()

    def draw(self, ink: Ink) -> None:
        right = self.width() - PADDING
        room = int(self.height() - FACTS_TOP) // FACT
        for at, (label, value, name) in enumerate(self.facts[:room]):
            top = FACTS_TOP + FACT * at
            used = ink.text(QRectF(PADDING, top, 220, FACT), label, colour=ink.t.muted)
            colour = getattr(ink.t, name) if name else ink.t.text
            place_of = QRectF(PADDING + used + 12, top, right - PADDING - used - 12, FACT)
            ink.text(place_of, value, face=Face.STRONG, colour=colour, align=RIGHT, may_elide=True)
            ink.rule(PADDING, right, top + FACT - 1)
        draw_note(ink, QRectF(PADDING, self.note_top, right - PADDING, 58), self.note)


class TillCard(FactsCard):
    """No shift is open: count the float and open one. Signals: opened(), printed() — the Z once more."""

    opened = Signal()
    printed = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="No shift is open at this desk", parent=parent)
        label = "Float in the drawer"
        self.field = FigureField(look, label=label, name=label, face=Face.AMOUNT, parent=self)
        self._buddy = QLabel("&Float in the drawer", self)
        self._buddy.setBuddy(self.field)
        self._buddy.hide()
        big = Face.CARD_TITLE
        self.button = Button(look, "Open shift", kind=Kind.PRIMARY, icon="wallet", key="Enter", face=big, parent=self)
        self.z_button = Button(look, "Show and print the Z", icon="receipt", parent=self)
        self.field.returnPressed.connect(self._on_enter)
        self.field.edited.connect(self._on_typed)
        self.button.clicked.connect(self._on_enter)
        self.z_button.clicked.connect(self.printed)

    def show_z(self, shown: bool, /) -> None:
        """Whether there is a Z to look at, which takes the place of the empty picture."""
        self.z_button.setVisible(shown)
        self._lay_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        width = self.width() - 2 * PADDING
        y = FACTS_TOP + max(FACT * len(self.facts), 180) + 12
        place(self.z_button, PADDING, y, width, 40)
        y += 56 if not self.z_button.isHidden() else 0
        place(self.field, PADDING, y, width, 64)
        place(self.button, PADDING, y + 76, width, 56)
        self.note_top = y + 148
        self.update()

    def draw(self, ink: Ink) -> None:
        if not self.facts:
            step = "The cash in the drawer before the first sale."
            area = QRectF(0, 44, self.width(), 180)
            draw_empty(ink, area, icon="wallet", title="Count the float", step=step)
        super().draw(ink)

    def _on_enter(self) -> None:
        if self.button.isEnabled():
            self.opened.emit()

    def _on_typed(self, _text: str) -> None:
        self.field.set_wrong("")


class ShiftCard(FactsCard):
    """An open shift and what can be done in it. Signals: wanted(str) — cash, drawer, x or count."""

    wanted = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Shift", parent=parent)
        self.cash = Button(look, "Cash in or out", icon="arrows-left-right", parent=self)
        self.x_report = Button(look, "X report", icon="receipt", parent=self)
        self.drawer = Button(look, "Open the drawer", icon="tray", key="F8", parent=self)
        self.count = Button(
            look, "Count and close", kind=Kind.PRIMARY, icon="wallet", face=Face.CARD_TITLE, parent=self
        )
        self._keys = {"cash": self.cash, "x": self.x_report, "drawer": self.drawer, "count": self.count}
        for button in self._keys.values():
            button.clicked.connect(self._on_clicked)

    def resizeEvent(self, event: QResizeEvent) -> None:
        width = self.width() - 2 * PADDING
        half, y = (width - 8) / 2, FACTS_TOP + FACT * 5 + 16
        place(self.cash, PADDING, y, half, 40)
        place(self.x_report, PADDING + half + 8, y, half, 40)
        place(self.drawer, PADDING, y + 48, width, 40)
        place(self.count, PADDING, y + 104, width, 56)
        self.note_top = y + 176

    def _on_clicked(self) -> None:
        sender = self.sender()
        self.wanted.emit(next(key for key, button in self._keys.items() if button is sender))


class WaitingCard(Surface):
    """Interrupted sales, oldest first. Signals: opened(SaleId), sign_wanted(OpenSale)."""

    opened = Signal(object)
    sign_wanted = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Interrupted sales", parent=parent)
        self.shift: ShiftNo | None = None
        columns: list[Column[OpenSale]] = [
            Column("", lambda row: day_and_clock(row.sale.intent.at), 118, muted=True),
            Column("", lambda row: row.sale.customer_name, strong=True),
            Column("", lambda row: f"waits {said_age(row.minutes)}", 140, right=True, muted=True),
            Column("", self._said_place, 96, right=True, muted=True),
            Column("", lambda row: str(row.sale.amount), 110, right=True, strong=True),
        ]
        self.model = RowsModel(columns, self)
        self.table = Table(look, self.model, name="Interrupted sales", headed=False, parent=self)
        self.table.shows_focus = True
        self.table.opened.connect(self._on_opened)
        self.sign = Button(look, "Sign for it", icon="note-pencil", face=Face.SMALL_VALUE, parent=self)
        self.sign.clicked.connect(self._on_sign)
        self.table.selectionModel().currentRowChanged.connect(self._on_row)

    def show_sales(self, sales: Sequence[OpenSale], *, shift: ShiftNo | None) -> None:
        """What waits now, at any desk; only those of this shift are signed for here."""
        self.shift = shift
        row = max(self.table.currentIndex().row(), 0)
        self.model.show_rows(sales)
        if sales:
            self.table.selectRow(min(row, len(sales) - 1))
        self._on_row()
        self._lay_out()

    @property
    def needed(self) -> int:
        """How high it would be with all rows; three are shown at once."""
        return 56 + ROW_HEIGHT * min(len(self.model.rows), 3) if self.model.rows else 0

    @property
    def chosen(self) -> OpenSale | None:
        """The selected one."""
        row = self.table.chosen
        return row if isinstance(row, OpenSale) else None

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        narrow = self.width() < 640
        self.table.setColumnHidden(0, narrow)
        self.table.setColumnHidden(3, narrow)
        self.table.setGeometry(5, 48, self.width() - 10, ROW_HEIGHT * max(1, min(len(self.model.rows), 3)))
        width = self.sign.content_width() + 24
        place(self.sign, self.width() - PADDING - width, 9, width, 32)

    def _on_row(self, *_: object) -> None:
        row = self.chosen
        self.sign.setEnabled(row is not None and self._is_own(row) and not row.is_signed)

    def _is_own(self, row: OpenSale) -> bool:
        return row.sale.intent.shift == self.shift

    def _said_place(self, row: OpenSale) -> str:
        if not self._is_own(row):
            return f"desk {row.sale.intent.desk}"
        return "signed for" if row.is_signed else ""

    def _on_opened(self, _row: object) -> None:
        if self.chosen is not None:
            self.opened.emit(self.chosen.sale.id)

    def _on_sign(self) -> None:
        if self.chosen is not None:
            self.sign_wanted.emit(self.chosen)
