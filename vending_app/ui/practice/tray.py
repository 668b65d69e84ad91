"""The tray of practice cards: arrow keys choose, Enter puts one in the reader."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from vending_app.services.use_cases import TrayCard
from vending_app.ui.components.plastic import draw_plastic
from vending_app.ui.fonts import Face
from vending_app.ui.paint import CENTRE, Ink
from vending_app.ui.theme import Look

COLUMNS = 3
_CARD = QSize(88, 56)


class TrayButton(QAbstractButton):
    """One card, or its empty place while it is in the reader."""

    def __init__(self, look: Look, card: TrayCard, parent: QWidget) -> None:
        super().__init__(parent)
        self.look, self.card = look, card
        self.is_in = False
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(f"Put card {card.label} in the reader")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        with Ink(self, self.look) as ink:
            rect = QRectF((self.width() - _CARD.width()) / 2, 4, _CARD.width(), _CARD.height())
            label = QRectF(0, 61, self.width(), 20)
            if self.is_in:
                ink.box(rect, fill=ink.t.card, radius=6)
                pen = QPen(QColor(ink.t.practice), 2)
                pen.setDashPattern([4.0, 1.6])
                ink.painter.setPen(pen)
                ink.painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 5, 5)
                ink.icon(QRectF(rect.center().x() - 9, rect.center().y() - 9, 18, 18), "arrow-left", ink.t.practice)
                words, colour = "in the reader", ink.t.practice
            else:
                draw_plastic(ink.painter, rect, self.card.colour)
                words, colour = self.card.label, ink.t.text
            if self.hasFocus() or self.underMouse():
                ink.box(rect.adjusted(-4, -4, 4, 4), line=ink.t.accent if self.hasFocus() else ink.t.edge, width=2)
            ink.text(label, words, face=Face.SMALL_STRONG, colour=colour, align=CENTRE, may_elide=True)


class Tray(QWidget):
    """Signals: wanted(str) — key of the card to put in."""

    wanted = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self._buttons: list[TrayButton] = []

    def show_cards(self, cards: tuple[TrayCard, ...], *, in_reader: str | None) -> None:
        """Show the cards, and which place is empty."""
        if tuple(button.card for button in self._buttons) != cards:
            self._make(cards)
        for button in self._buttons:
            button.is_in = button.card.key == in_reader
            button.update()

    @property
    def rows(self) -> int:
        """How many rows of cards there are."""
        return -(-len(self._buttons) // COLUMNS)

    def _make(self, cards: tuple[TrayCard, ...]) -> None:
        for button in self._buttons:
            button.deleteLater()
        self._buttons = [TrayButton(self.look, card, self) for card in cards]
        for at, button in enumerate(self._buttons):
            button.setGeometry(at % COLUMNS * 99, at // COLUMNS * 82, 96, 82)
            button.clicked.connect(self._on_clicked)
            button.show()

    def _on_clicked(self) -> None:
        button = self.sender()
        if isinstance(button, TrayButton) and not button.is_in:
            self.wanted.emit(button.card.key)
