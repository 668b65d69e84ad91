"""The list in order of priority: rank, ring, name, why in a sentence, and the figure that convinces."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QWidget

from vending_app.domain.ids import spaced
from vending_app.domain.inspection import Outcome
from vending_app.services.inspection_cases import Listed
from vending_app.ui.components.surface import PADDING, Surface
from vending_app.ui.fonts import Face
from vending_app.ui.inspect.inspect_words import figure_of, sentence_of, sentences_of, urgency
from vending_app.ui.inspect.kept_lists import BY_PRIORITY
from vending_app.ui.paint import CENTRE, RIGHT, Ink, text_width
from vending_app.ui.theme import Look, tone

TOP, ROW = 45, 78
RING_AT, RING_RADIUS, RING_WIDTH = QPointF(67, 31), 18.0, 4.0
NAME_X = 105
FIGURE_WIDTH = 96
ROUTE, OTHER_ROUTE, NOBODY_THERE = "on route", "other route", "nobody there"


class PriorityList(Surface):
    """Signals: chosen(Listed) — where the cursor stands; opened(Listed) — Enter or a double click."""

    chosen = Signal(object)
    opened = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title=BY_PRIORITY, parent=parent)
        self.rows: tuple[Listed, ...] = ()
        self.at = 0
        self.top = 0
        """The first row that is seen."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_rows(self, rows: Sequence[Listed], *, title: str, remark: str) -> None:
        """Another list; the cursor stays on its supply if that is still there."""
        stood = self.current.line.supply if self.current else None
        self.rows = tuple(rows)
        self.at = next((at for at, row in enumerate(self.rows) if row.line.supply == stood), 0)
        self.set_title(title, remark)
        self._go(self.at)

    @property
    def current(self) -> Listed | None:
        """Where the cursor stands."""
        return self.rows[self.at] if self.at < len(self.rows) else None

    @property
    def seen(self) -> int:
        """Rows that have room."""
        return max(1, (self.height() - TOP) // ROW)

    def _go(self, at: int) -> None:
        self.at = min(max(at, 0), max(len(self.rows) - 1, 0))
        self.top = min(max(self.top, self.at - self.seen + 1), self.at)
        self.top = max(0, min(self.top, len(self.rows) - self.seen))
        row = self.current
        if row is not None:
            self.setAccessibleDescription(
                f"{self.at + 1}. {row.customer}, priority {row.line.priority}. {sentence_of(row.line)}"
            )
        self.update()
        self.chosen.emit(row)

    # --- keys and mouse ---------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Up: self.at - 1,
            Qt.Key.Key_Down: self.at + 1,
            Qt.Key.Key_PageUp: self.at - self.seen,
            Qt.Key.Key_PageDown: self.at + self.seen,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(self.rows) - 1,
        }
        key = Qt.Key(event.key())
        if key in steps:
            self._go(steps[key])
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.current is not None:
            self.opened.emit(self.current)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self._row_at(event.position())
        if at is not None:
            self._go(at)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._row_at(event.position()) is not None and self.current is not None:
            self.opened.emit(self.current)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._go(self.at + (1 if event.angleDelta().y() < 0 else -1))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def _row_at(self, point: QPointF) -> int | None:
        at = self.top + int((point.y() - TOP) // ROW)
        return at if point.y() >= TOP and at < len(self.rows) else None

    # --- drawing ----------------------------------------------------------------------------------------

    def draw(self, ink: Ink) -> None:
        ink.painter.setClipRect(QRectF(1, TOP, self.width() - 2, self.height() - TOP - 2))
        for place, row in enumerate(self.rows[self.top : self.top + self.seen]):
            self._draw_row(ink, QRectF(0, TOP + place * ROW, self.width(), ROW), self.top + place, row)

    def _draw_row(self, ink: Ink, rect: QRectF, at: int, row: Listed) -> None:
        if at == self.at:
            ink.painter.fillRect(rect.adjusted(1, 0, -1, 0), QColor(ink.t.accent_soft))
            ink.painter.fillRect(QRectF(1, rect.top(), 3, ROW), QColor(ink.t.accent))
            if self.hasFocus():
                ink.box(rect.adjusted(2, 1, -2, -1), line=ink.t.accent, width=2)
        elif at != self.at + 1 and at > self.top:
            ink.rule(PADDING, self.width() - PADDING, rect.top())
        rank = QRectF(PADDING, rect.top() + 20, 20, 24)
        ink.text(rank, str(at + 1), face=Face.VALUE, colour=ink.t.muted, align=CENTRE)
        self._draw_ring(ink, rect, row.line.priority)
        self._draw_who(ink, rect, row)
        self._draw_figure(ink, rect, row)

    def _draw_ring(self, ink: Ink, rect: QRectF, priority: int) -> None:
        word, name = urgency(priority)
        colour = ink.t.muted if name == "muted" else tone(ink.t, name)[0]
        middle = RING_AT + QPointF(0, rect.top())
        round_ = QRectF(middle.x() - RING_RADIUS, middle.y() - RING_RADIUS, 2 * RING_RADIUS, 2 * RING_RADIUS)
        for share, ring in ((100, ink.t.band), (priority, colour)):
            pen = QPen(QColor(ring), RING_WIDTH)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            ink.painter.setPen(pen)
            ink.painter.drawArc(round_, 90 * 16, -share * 360 * 16 // 100)
        ink.text(round_, str(priority), face=Face.STRONG, align=CENTRE)
        below = QRectF(middle.x() - 34, rect.top() + 51, 68, 18)
        ink.text(below, word, face=Face.SMALL_STRONG, colour=colour, align=CENTRE)

    def _draw_who(self, ink: Ink, rect: QRectF, row: Listed) -> None:
        room = self.width() - NAME_X - PADDING - FIGURE_WIDTH - 8
        more = "  ·  ".join(part for part in (spaced(row.meter), row.area) if part)
        name_room = max(120.0, room - text_width(more, Face.SMALL) - 10)
        line = QRectF(NAME_X, rect.top() + 7, name_room, 22)
        used = ink.text(line, row.customer, face=Face.STRONG, may_elide=True)
        rest = QRectF(NAME_X + used + 8, rect.top() + 7, room - used - 8, 22)
        ink.text(rest, more, face=Face.SMALL, colour=ink.t.muted, may_elide=True)
        sentence = QRectF(NAME_X, rect.top() + 29, room, 36)
        said = sentences_of(row.line)
        fits = next((each for each in said if ink.has_room(sentence, each, face=Face.SMALL)), said[-1])
        ink.paragraph(sentence, fits, face=Face.SMALL, from_top=True)

    def _draw_figure(self, ink: Ink, rect: QRectF, row: Listed) -> None:
        value, unit = figure_of(row.line)
        right = self.width() - PADDING
        column = QRectF(right - FIGURE_WIDTH, rect.top() + 8, FIGURE_WIDTH, 24)
        ink.text(column, value, face=Face.NAME, align=RIGHT)
        ink.text(column.translated(0, 20), unit, face=Face.CAPTION_STRONG, colour=ink.t.muted, align=RIGHT)
        mark = mark_of(row)
        if mark:
            icon, word, name = mark
            colour = tone(ink.t, name)[0] if name != "muted" else ink.t.muted
            width = ink.text(column.translated(0, 40), word, face=Face.CAPTION_STRONG, colour=colour, align=RIGHT)
            ink.icon(QRectF(right - width - 20, rect.top() + 53, 14, 14), icon, colour)


def mark_of(row: Listed) -> tuple[str, str, str] | None:
    """What has become of it: found out, or waiting on the route, or on that of another list."""
    finding = row.line.finding
    if finding is not None:
        if finding.outcome is Outcome.NO_ACCESS:
            return "house-line", NOBODY_THERE, "muted"
        return ("warning-fill", "found", "bad") if finding.outcome.is_hit else ("check-circle-fill", "visited", "ok")
    if not row.line.is_on_route:
        return ("path", OTHER_ROUTE, "muted") if row.waits_since is not None else None
    if row.read is not None:
        return "clipboard-text", "was read", "accent"
    return ("identification-card", "card is out", "accent") if row.card is not None else ("path", ROUTE, "accent")
