"""How many blank cards there are, in one line, with the way to what changes it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from vending_app.domain.card_stock import CardStock
from vending_app.ui.components.buttons import Button
from vending_app.ui.components.surface import place
from vending_app.ui.fonts import Face
from vending_app.ui.paint import Ink
from vending_app.ui.records.stock_words import said_level, tone_of
from vending_app.ui.theme import Look, tone

HEIGHT = 40


class StockStrip(QWidget):
    """Signals: wanted() — the stock is to be changed or looked at."""

    wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.stock: CardStock | None = None
        self.setAccessibleName("Blank cards")
        self.button = Button(look, "Stock", icon="stack", parent=self)
        self.button.clicked.connect(self.wanted)

    def show_stock(self, stock: CardStock) -> None:
        """As it is now."""
        self.stock = stock
        self.setAccessibleDescription(said_level(stock))
        self.setToolTip(said_level(stock))
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        width = self.button.content_width() + 26
        place(self.button, self.width() - width - 4, 4, width, self.height() - 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        with Ink(self, self.look) as ink:
            room = QRectF(0, 0, self.button.x() - 8, self.height())
            if self.stock is None:
                return
            name, icon = tone_of(self.stock)
            colour = ink.t.muted
            if name:
                colour, soft, _ = tone(ink.t, name)
                ink.box(room.adjusted(0, 4, 0, -4), fill=soft, radius=8)
                ink.icon(QRectF(10, room.center().y() - 9, 18, 18), icon, colour)
                room = room.adjusted(38, 0, -8, 0)
            ink.text(room, said_level(self.stock), face=Face.SMALL, colour=colour, may_elide=True)
