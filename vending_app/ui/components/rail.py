"""The rail at the left: where one may go; only what the role may do."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from vending_app.ui.fonts import Face
from vending_app.ui.paint import CENTRE, Ink
from vending_app.ui.theme import Look

WIDTH = 72
FIRST, PITCH, ITEM = 80, 64, 56


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the rail."""

    key: str
    word: str
    icon: str


START = Place("start", "Start", "sun-horizon")
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


class _Button(QAbstractButton):
    """Something of the rail: reached by Tab, pressed by Enter too."""

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


class _Item(_Button):
    """56 × 56: icon over word."""

    def paintEvent(self, event: QPaintEvent) -> None:
        with Ink(self, self.look) as ink:
            chosen = self.isChecked()
            if chosen or self.hasFocus():
                line = ink.t.accent if self.hasFocus() else ""
                ink.box(QRectF(self.rect()), fill=ink.t.accent_soft if chosen else "", line=line, width=2)
            hover = ink.t.text if self.underMouse() else ink.t.muted
            colour = ink.t.accent if chosen else hover
            icon = f"{self.place.icon}-fill" if chosen else self.place.icon
            # Where the rail is low its items are, too: icon and word move together.
            less = (ITEM - self.height()) / 2
            ink.icon(QRectF(16, 7 - less, 24, 24), icon, colour)
            face = Face.CAPTION_STRONG if chosen else Face.CAPTION
            ink.text(QRectF(-4, 33 - 1.4 * less, 64, 18), self.text(), face=face, colour=colour, align=CENTRE)


class _Home(_Button):
    """The bolt at the top: where a working day begins."""

    def paintEvent(self, event: QPaintEvent) -> None:
        with Ink(self, self.look) as ink:
            if self.isChecked() or self.hasFocus():
                line = ink.t.accent if self.hasFocus() else ""
                ink.box(QRectF(self.rect()), fill=ink.t.accent_soft, line=line, width=2, radius=12)
            ink.box(QRectF(4, 4, 40, 40), fill=ink.t.accent, radius=10)
            ink.icon(QRectF(12, 12, 24, 24), "lightning-fill", ink.t.on)


class Rail(QWidget):
    """Signals: wanted(str) — the key of the place."""

    wanted = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.setAccessibleName("Places")
        self._items: list[_Item] = []
        self.home = _Home(look, START, self)
        self.home.setAccessibleName("Start, Alt Home")
        self.home.setToolTip("Start (Alt Home)")
        self.home.setGeometry(12, 12, 48, 48)
        self.home.clicked.connect(self._on_clicked)

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, 736)

    def show_places(self, places: tuple[Place, ...]) -> None:
        """What this person may do."""
        for item in self._items:
            item.deleteLater()
        self._items = [_Item(self.look, place, self) for place in places]
        for item in self._items:
            item.clicked.connect(self._on_clicked)
            item.show()
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()

    def _place(self) -> None:
        """As the design has them; closer where the window is low."""
        pitch = min(PITCH, (self.height() - FIRST) // max(1, len(self._items)))
        high = min(ITEM, pitch - 2)
        for at, item in enumerate(self._items):
            item.setGeometry(8, FIRST + at * pitch, ITEM, high)

    def choose(self, key: str) -> None:
        """Mark where we are."""
        self.home.setChecked(key == START.key)
        for item in self._items:
            item.setChecked(item.place.key == key)

    def set_resting(self, resting: bool) -> None:
        """Off while a card is being written."""
        for item in (self.home, *self._items):
            item.setEnabled(not resting)

    def paintEvent(self, event: QPaintEvent) -> None:
        with Ink(self, self.look) as ink:
            ink.box(QRectF(self.rect()), fill=ink.t.card, radius=0)
            ink.painter.fillRect(QRectF(self.width() - 1, 0, 1, self.height()), ink.t.line)

    def _on_clicked(self) -> None:
        item = self.sender()
        if isinstance(item, _Button):
            self.choose(item.place.key)
            self.wanted.emit(item.place.key)
