"""The one thing to do now, and the button that begins it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from vending_app.ui.begin.start_words import Next
from vending_app.ui.components.buttons import Button, Kind
from vending_app.ui.components.surface import PADDING, Surface, place
from vending_app.ui.fonts import Face
from vending_app.ui.paint import Ink
from vending_app.ui.theme import Look

BUTTON, DISC = 56, 24.0
WIDE, LEAST_BUTTON = 480, 150
"""From this width on the button stands beside what it is about."""


class NextCard(Surface):
    """Signals: wanted(Next)."""

    wanted = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Next", parent=parent)
        self.next: Next | None = None
        self.button = Button(look, "", kind=Kind.PRIMARY, key="Enter", face=Face.CARD_TITLE, parent=self)
        self.button.clicked.connect(lambda: self.wanted.emit(self.next))

    def show_next(self, shown: Next) -> None:
        """Another one."""
        self.next = shown
        self.button.set_words(shown.verb)
        self.button.setAccessibleDescription(f"{shown.title}. {shown.line}")
        self._place()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()

    def _place(self) -> None:
        if self._is_wide:
            wide = max(LEAST_BUTTON, self.button.content_width() + 36)
            place(self.button, self.width() - PADDING - wide, (self.height() - BUTTON) / 2, wide, BUTTON)
        else:
            place(self.button, PADDING, self.height() - PADDING - BUTTON, self.width() - 2 * PADDING, BUTTON)

    @property
    def _is_wide(self) -> bool:
        return self.width() >= WIDE

    def draw(self, ink: Ink) -> None:
        if self.next is None:
            return
        top = 38 if self._is_wide else 50
        middle = QPointF(PADDING + DISC, top + 2 + DISC)
        ink.disc(middle, DISC, fill=ink.t.accent_soft)
        ink.icon(QRectF(middle.x() - 12, middle.y() - 12, 24, 24), self.next.icon, ink.t.accent)
        left = PADDING + 2 * DISC + 14
        room, foot = self.width() - PADDING - left, self.height() - PADDING - BUTTON - 8
        if self._is_wide:
            room, foot = self.button.x() - 12 - left, self.height() - 8
        ink.text(QRectF(left, top, room, 26), self.next.title, face=Face.CARD_TITLE, may_elide=True)
        box = QRectF(left, top + 26, room, foot - top - 26)
        ink.paragraph(box, self.next.line, colour=ink.t.muted, from_top=True)
