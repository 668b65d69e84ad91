"""What every page shares: where it begins and what it steps back from; and, but for the sell page, a title row."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from vending_app.ui.components.buttons import Button
from vending_app.ui.components.surface import RING, place
from vending_app.ui.fonts import Face
from vending_app.ui.paint import Ink, text_width
from vending_app.ui.theme import Look

HEAD = 56
"""Title row 40 and the gap below it."""


class Content(QWidget):
    """What the shell shows beside the rail."""

    @property
    def first(self) -> QWidget:
        """Where the cursor begins."""
        return self

    def begin(self) -> None:
        """Somebody chose this place in the rail: look anew."""

    def step_back(self) -> bool:
        """Esc inside the page; False if there is nothing to step back from."""
        return False


class Page(Content):
    """Signals: back() — Esc or the arrow. The widget is a ring larger than what it shows."""

    back = Signal()
    has_ring = True

    def __init__(self, look: Look, *, title: str, can_go_back: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.title, self.remark = title, ""
        self.title_indent = 0
        """Room for what stands before the title."""
        self.title_tail: float = 0
        """Room for what stands behind it, before the buttons."""
        self.setAccessibleName(title)
        self.back_button = Button(look, "", icon="arrow-left", parent=self)
        self.back_button.setAccessibleName("Back, Esc")
        self.back_button.setVisible(can_go_back)
        self.back_button.clicked.connect(self.back)
        self.verbs: tuple[Button, ...] = ()

    def set_title(self, title: str, remark: str = "") -> None:
        """Change the title row."""
        self.title, self.remark = title, remark
        self.setAccessibleName(title)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        place(self.back_button, RING, RING, 40, 40)
        self.lay_out_verbs()
        inner = QRectF(self.rect()).adjusted(RING, RING, -RING, -RING)
        self.lay_out(inner.adjusted(0, HEAD, 0, 0))

    def lay_out_verbs(self) -> None:
        """Buttons at the right of the title row, in the order they are given."""
        x = self.width() - RING
        for button in reversed(self.verbs):
            if button.isHidden():
                continue
            width = button.content_width() + 26
            x -= width
            place(button, x, RING, width, 40)
            x -= 8

    def lay_out(self, area: QRectF) -> None:
        """Put the content where it belongs."""

    @property
    def _title_left(self) -> int:
        return RING + (52 if not self.back_button.isHidden() else self.title_indent)

    @property
    def title_room(self) -> float:
        """How wide the title may be."""
        taken = sum(button.width() for button in self.verbs if not button.isHidden())
        return self.width() - self._title_left - taken - 16 - self.title_tail

    def paintEvent(self, event: QPaintEvent) -> None:
        with Ink(self, self.look) as ink:
            x, room = self._title_left, self.title_room
            used = ink.text(QRectF(x, RING, room, 40), self.title, face=Face.PAGE_TITLE, may_elide=True)
            if self.remark and used + 16 + text_width(self.remark, Face.BODY) < room:
                ink.text(QRectF(x + used + 16, RING + 1, room - used - 16, 40), self.remark, colour=ink.t.muted)
