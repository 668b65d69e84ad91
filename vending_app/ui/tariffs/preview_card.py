"""What households pay now and then, live while somebody types, and the way on to putting it in force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from vending_app.domain.energy import Energy
from vending_app.domain.errors import VendingError
from vending_app.domain.tariff_preview import TOLD, USUAL, PreviewLine
from vending_app.ui.components.buttons import Button, Kind
from vending_app.ui.components.fields import FigureField
from vending_app.ui.components.surface import PADDING, Surface, place
from vending_app.ui.components.table import HEADER_HEIGHT, ROW_HEIGHT, Column, RowsModel, Table
from vending_app.ui.fonts import Face
from vending_app.ui.paint import Ink
from vending_app.ui.tariffs.tariff_words import kwh, said_household, said_more, said_pays, said_rate
from vending_app.ui.theme import Look
from vending_app.ui.words import trouble

TOP, ROWS = 46, len(USUAL) + 1
RATE_COLUMN, RATE_FROM, LOW = 4, 440, 460
TITLE = "What it costs"
WAITING = "Correct what is marked at the left; the sums follow."


class PreviewCard(Surface):
    """Signals: edited() — another amount of one's own; forward() — to what changes; left()."""

    edited = Signal()
    forward = Signal()
    left = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title=TITLE, parent=parent)
        self.sentence = ""
        columns: list[Column[PreviewLine]] = [
            Column("First purchase", lambda line: kwh(line.energy), 116),
            Column("Now", lambda line: said_pays(line.now), right=True),
            Column("Then", lambda line: said_pays(line.then), right=True, strong=True),
            Column("More", lambda line: said_more(line.more), 88, right=True),
            Column("", lambda line: said_rate(line.more_basis_points), 84, right=True, muted=True),
        ]
        self.lines: RowsModel[PreviewLine] = RowsModel(columns, self)
        self.table = Table(look, self.lines, name=TITLE, parent=self)
        self.table.empty = ("calculator", "No sums yet", WAITING)
        self.table.shows_focus = True
        self.own = FigureField(look, label="Any other, kWh", name="Any other, kWh", face=Face.BODY, parent=self)
        buddy = QLabel("&Any other", self)
        buddy.setBuddy(self.own)
        buddy.hide()
        self.button = Button(look, "Next", kind=Kind.PRIMARY, icon="arrow-right", parent=self)
        self.back = Button(look, "Back", key="Esc", parent=self)
        self.own.edited.connect(lambda _: self.edited.emit())
        self.own.returnPressed.connect(self.button.setFocus)
        self.button.clicked.connect(self.forward)
        self.back.clicked.connect(self.left)

    @property
    def energies(self) -> tuple[Energy, ...]:
        """The usual ones, and one's own if one is typed."""
        self.own.set_wrong("")
        if not self.own.text().strip():
            return USUAL
        try:
            own = Energy.parse(self.own.text())
        except VendingError as error:
            self.own.set_wrong(trouble(error).sentence)
            return USUAL
        return (*USUAL, own) if own.wh > 0 else USUAL

    def show_preview(self, lines: Sequence[PreviewLine], *, valid_from: date | None, beside: str) -> None:
        """Other sums; none while something is wrong. `beside` says which prices they are held against."""
        self.lines.show_rows(lines)
        told = next((line for line in lines if line.energy == TOLD), None)
        self.sentence = said_household(told, valid_from) if told and valid_from else ""
        self.set_title(TITLE, beside)
        self.setAccessibleDescription(f"{self.sentence} {beside}".strip())
        self.update()

    # --- places -----------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        width = self.width() - 2 * PADDING
        self.table.setColumnHidden(RATE_COLUMN, self.width() < RATE_FROM)
        self.table.setGeometry(QRectF(5, TOP, self.width() - 10, HEADER_HEIGHT + ROWS * ROW_HEIGHT).toRect())
        self._below = TOP + HEADER_HEIGHT + ROWS * ROW_HEIGHT + 10
        place(self.own, PADDING, self._below, width, 40)
        high = 48 if self.height() >= LOW else 40
        back, y = self.back.content_width() + 30, min(self._below + 124, self.height() - PADDING - high)
        place(self.back, PADDING, y, back, high)
        place(self.button, PADDING + back + 8, y, width - back - 8, high)

    def draw(self, ink: Ink) -> None:
        room = QRectF(PADDING, self._below + 52, self.width() - 2 * PADDING, 60)
        room.setBottom(min(room.bottom(), self.button.y() - 2))
        ink.paragraph(room, self.sentence, face=Face.STRONG, from_top=True)
