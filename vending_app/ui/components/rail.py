"""The rail at the left: where one may go; only what the role may do."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from vending_app.ui.fonts import Face
from vending_app.ui.paint import CENTRE, Ink
from vending_app.ui.theme import Look

WIDTH = 72


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the rail."""

    key: str
    word: str
    icon: str


SELL = Place("sell", "Sell", "lightning")
SUPPLIES = Place("supplies", "Supplies", "house-line")
SHIFT = Place("shift", "Shift", "wallet")
DAY = Place("day", "Day", "chart-bar")
INSPECT = Place("inspect", "Inspect", "shield-warning")
CARDS = Place("cards", "Cards", "identification-card")
RECORDS = Place("records", "Records", "address-book")
TOOLS = Place("tools", "Tools", "wrench")
DRILLS = Place("drills", "Drills", "flask")
SETUP = Place("setup", "Set-up", "sliders-horizontal")


class _Item(QAbstractButton):
    """56 × 56: icon over word."""

    def __init__(self, look: Look, place: Place, parent: QWidget) -> None:
        super().__init__(parent)
        self.look, self.place = look, place
        self.setCheckable(True)
        self.setText(place.word)
        self.setAccessibleName(place.word)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        with Ink(self, self.look) as ink:
            chosen = self.isChecked()
            if chosen or self.hasFocus():
                line = ink.t.accent if self.hasFocus() else ""
                ink.box(QRectF(self.rect()), fill=ink.t.accent_soft if chosen else "", line=line, width=2)
            hover = ink.t.text if self.underMouse() else ink.t.muted
            colour = ink.t.accent if chosen else hover
            icon = f"{self.place.icon}-fill" if chosen else self.place.icon
            ink.icon(QRectF(16, 7, 24, 24), icon, colour)
            face = Face.CAPTION_STRONG if chosen else Face.CAPTION
            ink.text(QRectF(-4, 33, 64, 18), self.text(), face=face, colour=colour, align=CENTRE)


class Rail(QWidget):
    """Signals: wanted(str) — the key of the place."""

    wanted = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.setAccessibleName("Places")
        self._items: list[_Item] = []

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, 736)

    def show_places(self, places: tuple[Place, ...]) -> None:
        """What this person may do."""
        for item in self._items:
            item.deleteLater()
        self._items = [_Item(self.look, place, self) for place in places]
        for at, item in enumerate(self._items):
            item.setGeometry(8, 80 + at * 64, 56, 56)
            item.clicked.connect(self._on_clicked)
            item.show()

    def choose(self, key: str) -> None:
        """Mark where we are."""
        for item in self._items:
            item.setChecked(item.place.key == key)

    def set_resting(self, resting: bool) -> None:
        """Off while a card is being written."""
        for item in self._items:
            item.setEnabled(not resting)

    def paintEvent(self, event: QPaintEvent) -> None:
        with Ink(self, self.look) as ink:
            ink.box(QRectF(self.rect()), fill=ink.t.card, radius=0)
            ink.painter.fillRect(QRectF(self.width() - 1, 0, 1, self.height()), ink.t.line)
            ink.box(QRectF(16, 16, 40, 40), fill=ink.t.accent, radius=10)
            ink.icon(QRectF(24, 24, 24, 24), "lightning-fill", ink.t.on)

    def _on_clicked(self) -> None:
        item = self.sender()
        if isinstance(item, _Item):
            self.choose(item.place.key)
            self.wanted.emit(item.place.key)
