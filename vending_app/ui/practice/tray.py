"""The tray of practice cards: arrow keys choose, Enter puts one in the reader, Page Up and Down show the others."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from vending_app.services.practice_cases import PracticeState, TrayCard
from vending_app.ui.components.plastic import draw_plastic
from vending_app.ui.fonts import Face
from vending_app.ui.paint import CENTRE, Ink
from vending_app.ui.theme import Look

COLUMNS, ROWS = 3, 2
ON_A_PAGE = COLUMNS * ROWS
_CARD = QSize(88, 56)


class TrayButton(QAbstractButton):
    """One card, or its empty place while it is elsewhere."""

    def __init__(self, look: Look, card: TrayCard, parent: QWidget) -> None:
        super().__init__(parent)
        self.look, self.card = look, card
        self.place = ""
        """Where the card is when it is not here."""
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.show_place("")

    def show_place(self, place: str) -> None:
        """Here, or where else."""
        self.place = place
        said = f"Card {self.card.label}, {place}" if place else f"Put card {self.card.label} in the reader"
        self.setAccessibleName(said)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        with Ink(self, self.look) as ink:
            rect = QRectF((self.width() - _CARD.width()) / 2, 4, _CARD.width(), _CARD.height())
            label = QRectF(0, 61, self.width(), 20)
            if self.place:
                ink.box(rect, fill=ink.t.card, radius=6)
                pen = QPen(QColor(ink.t.practice), 2)
                pen.setDashPattern([4.0, 1.6])
                ink.painter.setPen(pen)
                ink.painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 5, 5)
                ink.icon(QRectF(rect.center().x() - 9, rect.center().y() - 9, 18, 18), "arrow-left", ink.t.practice)
                words, colour = self.place, ink.t.practice
            else:
                draw_plastic(ink.painter, rect, self.card.colour)
                words, colour = self.card.label, ink.t.text
            if self.hasFocus() or self.underMouse():
                ink.box(rect.adjusted(-4, -4, 4, 4), line=ink.t.accent if self.hasFocus() else ink.t.edge, width=2)
            ink.text(label, words, face=Face.SMALL_STRONG, colour=colour, align=CENTRE, may_elide=True)


class Tray(QWidget):
    """Signals: wanted(str) — key of the card to put in; turned() — another page shows."""

    wanted = Signal(str)
    turned = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.page = 0
        self._buttons: list[TrayButton] = []

    def show_state(self, state: PracticeState) -> None:
        """Show the cards, and which place is empty."""
        if tuple(button.card for button in self._buttons) != state.tray:
            self._make(state.tray)
        for button in self._buttons:
            places = {state.in_reader: "in the reader", state.in_meter: "in the meter"}
            button.show_place(places.get(button.card.key, ""))

    @property
    def pages(self) -> int:
        """How many pages of cards there are."""
        return max(1, -(-len(self._buttons) // ON_A_PAGE))

    def turn(self, step: int) -> None:
        """To another page; the focus goes along."""
        had_focus = any(button.hasFocus() for button in self._buttons)
        self.page = (self.page + step) % self.pages
        self._lay_out()
        if had_focus:
            self._shown[0].setFocus()
        self.turned.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that a card has no use for."""
        step = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        self.turn(step)

    @property
    def _shown(self) -> list[TrayButton]:
        return self._buttons[self.page * ON_A_PAGE :][:ON_A_PAGE]

    def _make(self, cards: tuple[TrayCard, ...]) -> None:
        for button in self._buttons:
            button.deleteLater()
        self._buttons = [TrayButton(self.look, card, self) for card in cards]
        for at, button in enumerate(self._buttons):
            here = at % ON_A_PAGE
            button.setGeometry(here % COLUMNS * 99, here // COLUMNS * 82, 96, 82)
            button.clicked.connect(self._on_clicked)
        self.page = 0
        self._lay_out()
        self.turned.emit()

    def _lay_out(self) -> None:
        shown = self._shown
        for button in self._buttons:
            button.setVisible(button in shown)

    def _on_clicked(self) -> None:
        button = self.sender()
        if isinstance(button, TrayButton) and button.place != "in the reader":
            self.wanted.emit(button.card.key)
