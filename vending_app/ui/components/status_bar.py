"""The line at the bottom: reader, printer, ledger at the left; desk, shift, operator, clock at the right."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from vending_app.ui.fonts import Face
from vending_app.ui.paint import Ink, text_width
from vending_app.ui.theme import Look

HEIGHT = 32
_SIDE = 25
_ICONS = {"ok": "check-circle-fill", "warn": "warning-fill", "bad": "x-circle-fill", "practice": "flask-fill"}


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing that is well or not: icon, word and colour together."""

    text: str
    tone: str = "ok"
    icon: str = ""

    @property
    def shown_icon(self) -> str:
        return self.icon or _ICONS.get(self.tone, "info")


@dataclass(frozen=True, slots=True)
class Where:
    """The right side: an icon and a word."""

    text: str
    icon: str


class StatusBar(QWidget):
    """Painted; what does not fit at the right is left out from the left of it."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.marks: tuple[Mark, ...] = ()
        self.wheres: tuple[Where, ...] = ()
        self.clock = ""

    def sizeHint(self) -> QSize:
        return QSize(1366, HEIGHT)

    def show_marks(self, marks: tuple[Mark, ...]) -> None:
        """Reader, printer, ledger."""
        self.marks = marks
        self.setAccessibleName(", ".join(mark.text for mark in marks))
        self.update()

    def show_where(self, wheres: tuple[Where, ...]) -> None:
        """Desk, shift, operator."""
        self.wheres = wheres
        self.update()

    def show_clock(self, clock: str) -> None:
        """The time at the far right."""
        if clock != self.clock:
            self.clock = clock
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with Ink(self, self.look) as ink:
            ink.box(QRectF(self.rect()), fill=ink.t.card, radius=0)
            ink.rule(0, self.width(), 0)
            left = self._paint_marks(ink)
            self._paint_where(ink, left)

    def _paint_marks(self, ink: Ink) -> float:
        x = _SIDE
        for at, mark in enumerate(self.marks):
            if at:
                self._separator(ink, x)
                x += 17
            strong = getattr(ink.t, mark.tone)
            ink.icon(QRectF(x, 9, 14, 14), mark.shown_icon, strong)
            quiet = mark.tone in {"ok"}
            width = text_width(mark.text, Face.SMALL_VALUE)
            colour = ink.t.text if quiet else strong
            if mark.tone == "practice":
                colour = ink.t.muted
            ink.text(QRectF(x + 20, 1, width, 30), mark.text, face=Face.SMALL_VALUE, colour=colour)
            x += 20 + width + 15
        return x

    def _paint_where(self, ink: Ink, left: float) -> None:
        width = text_width(self.clock, Face.SMALL_VALUE)
        x = self.width() - 17 - width
        ink.text(QRectF(x, 1, width, 30), self.clock, face=Face.SMALL_VALUE)
        for where in reversed(self.wheres):
            wide = text_width(where.text, Face.SMALL_VALUE)
            if x - 30 - wide - 20 < left:
                return
            self._separator(ink, x - 14)
            x -= 29 + wide
            ink.text(QRectF(x, 1, wide, 30), where.text, face=Face.SMALL_VALUE, colour=ink.t.muted)
            x -= 21
            ink.icon(QRectF(x, 9, 14, 14), where.icon, ink.t.muted)

    def _separator(self, ink: Ink, x: float) -> None:
        ink.painter.fillRect(QRectF(round(x), 10, 1, 13), ink.t.line)
