"""Which card lies in which reader: a line for each, where there is more than one reader."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from vending_app.ui.fonts import Face
from vending_app.ui.paint import RIGHT, Ink
from vending_app.ui.reader_words import ReaderLine
from vending_app.ui.theme import Look

LINE, STACKED = 26, 44
READER_SHARE = 0.44


class ReaderLines(QWidget):
    """Shows what it is given; stacked, what lies there stands below the name of its reader."""

    def __init__(self, look: Look, *, is_stacked: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.is_stacked = is_stacked
        self.lines: Sequence[ReaderLine] = ()
        self.setAccessibleName("Readers")

    @property
    def wanted_height(self) -> int:
        """0 where nothing is to be told."""
        return self._line_high * len(self.lines) + (9 if self.lines else 0)

    @property
    def _line_high(self) -> int:
        return STACKED if self.is_stacked else LINE

    def show_lines(self, lines: Sequence[ReaderLine]) -> None:
        """As it is now; whoever shows it places it anew."""
        self.lines = lines
        self.setAccessibleDescription("; ".join(f"{line.reader}: {line.words}" for line in lines))
        self.setToolTip("\n".join(f"{line.reader}: {line.words}" for line in lines))
        self.setVisible(bool(lines))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with Ink(self, self.look) as ink:
            ink.rule(0, self.width(), 4)
            for at, line in enumerate(self.lines):
                self._paint_line(ink, line, 9 + self._line_high * at)

    def _paint_line(self, ink: Ink, line: ReaderLine, top: float) -> None:
        left = self.width() if self.is_stacked else self.width() * READER_SHARE
        ink.icon(QRectF(0, top + 5, 16, 16), "cpu", ink.t.muted)
        ink.text(QRectF(24, top, left - 32, LINE), line.reader, face=Face.SMALL, colour=ink.t.muted, may_elide=True)
        colour = getattr(ink.t, line.tone) if line.tone else ink.t.text
        room = QRectF(left, top, self.width() - left, LINE)
        if self.is_stacked:
            self._paint_below(ink, line, QRectF(24, top + 20, self.width() - 24, 22), colour)
            return
        used = ink.text(room, line.words, face=Face.SMALL_VALUE, colour=colour, align=RIGHT, may_elide=True)
        if line.icon and used + 22 <= room.width():
            ink.icon(QRectF(room.right() - used - 22, top + 5, 16, 16), line.icon, colour)

    @staticmethod
    def _paint_below(ink: Ink, line: ReaderLine, room: QRectF, colour: str) -> None:
        if line.icon:
            ink.icon(QRectF(room.left(), room.top() + 3, 16, 16), line.icon, colour)
            room = room.adjusted(22, 0, 0, 0)
        ink.text(room, line.words, face=Face.SMALL_VALUE, colour=colour, may_elide=True)
