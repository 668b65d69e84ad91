"""The white card that everything lies on, and how widgets are put at exact places."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from vending_app.ui.fonts import Face
from vending_app.ui.paint import RIGHT, Ink
from vending_app.ui.theme import Look

PADDING = 17
"""16 and the 1-px line."""
RING = 4
"""Room around a button for its focus ring."""


def place(widget: QWidget, x: float, y: float, width: float, height: float) -> None:
    """Put a widget so that what it shows fills the rectangle; buttons get their ring outside it."""
    ring = RING if getattr(widget, "has_ring", False) else 0
    widget.setGeometry(round(x) - ring, round(y) - ring, round(width) + 2 * ring, round(height) + 2 * ring)


class Surface(QWidget):
    """A card with a title and a muted remark at the right of the title row."""

    def __init__(self, look: Look, *, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.title = title
        self.remark = ""
        self.is_narrow = False
        if title:
            self.setAccessibleName(title)

    def set_title(self, title: str, remark: str = "") -> None:
        """Change the title row."""
        self.title, self.remark = title, remark
        self.setAccessibleName(title)
        self.update()

    def set_narrow(self, narrow: bool) -> None:
        """Take the short form, for windows with the practice dock."""
        self.is_narrow = narrow
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, 232)

    def paintEvent(self, event: QPaintEvent) -> None:
        with Ink(self, self.look) as ink:
            ink.box(QRectF(self.rect()), fill=ink.t.card, line=ink.t.line, radius=10)
            self._paint_title(ink)
            self.draw(ink)

    def _paint_title(self, ink: Ink) -> None:
        if not self.title:
            return
        row = QRectF(PADDING, 13, self.width() - 2 * PADDING, 24)
        remark = 0.0
        if self.remark:
            remark = (
                ink.text(row.adjusted(0, 0, -1, 0), self.remark, face=Face.SMALL, colour=ink.t.muted, align=RIGHT) + 8
            )
        ink.text(row.adjusted(0, 0, -remark, 0), self.title, face=Face.CARD_TITLE)

    def draw(self, ink: Ink) -> None:
        """What the card shows under its title."""
