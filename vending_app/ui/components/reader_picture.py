"""The reader drawn as a thing, with the card in it or above it, and its lamp."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import (
    Property,
    QEasingCurve,
    QPointF,
    QPropertyAnimation,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QLinearGradient, QPainterPath, QPaintEvent, QPen, QRadialGradient
from PySide6.QtWidgets import QWidget

from vending_app.ui.components.plastic import HEIGHT, WIDTH, draw_customer_card
from vending_app.ui.paint import Ink
from vending_app.ui.theme import Look

SLIDE_MS = 240
HIGH = 232
_INSIDE = 74.0
"""How far down the card goes, in pixels."""
_LAMPS = {"signal": "#f0a94a", "ok": "#4cc38a", "bad": "#ff6a60", "off": "#6b7886"}


class Shows(Enum):
    """What hands should do: lamp, and whether the card is in."""

    WRITING = "signal"
    TAKE = "ok"
    PUT_BACK = "bad"
    EMPTY = "off"


class ReaderPicture(QWidget):
    """320 × 232: the card slides in and out unless less motion is wanted."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.shows = Shows.WRITING
        self.office = ""
        self.number = ""
        self._depth = _INSIDE
        self._slide = QPropertyAnimation(self, b"sunk", self)
        self._slide.setDuration(SLIDE_MS)
        self._slide.setEasingCurve(QEasingCurve.Type.OutCubic)

    def sizeHint(self) -> QSize:
        return QSize(320, 232)

    def show_card(self, shows: Shows, *, office: str, number: str) -> None:
        """Show what happens to which card; `number` is already masked."""
        self.shows, self.office, self.number = shows, office, number
        target = _INSIDE if shows is Shows.WRITING else 0.0
        if self.look.less_motion or not self.isVisible():
            self._slide.stop()
            self._set_depth(target)
        elif self._depth != target:
            self._slide.stop()
            self._slide.setStartValue(self._depth)
            self._slide.setEndValue(target)
            self._slide.start()
        self.update()

    def _get_depth(self) -> float:
        return self._depth

    def _set_depth(self, depth: float) -> None:
        self._depth = depth
        self.update()

    sunk = Property(float, _get_depth, _set_depth)

    def paintEvent(self, event: QPaintEvent) -> None:
        with Ink(self, self.look) as ink:
            scale = min(self.height() / HIGH, 1.0)
            ink.painter.scale(scale, scale)
            x = (self.width() / scale - 320) / 2
            self._paint_reader(ink, QRectF(x, 150, 320, 80))
            self._paint_card(ink, x + 48)
            self._paint_arrows(ink, x)
            self._paint_lamp(ink, QPointF(x + 284, 196))

    def _paint_reader(self, ink: Ink, rect: QRectF) -> None:
        gradient = QLinearGradient(rect.topLeft(), rect.bottomLeft())
        gradient.setColorAt(0, QColor("#45505c"))
        gradient.setColorAt(1, QColor("#313a45"))
        path = QPainterPath()
        path.addRoundedRect(rect, 14, 14)
        ink.painter.fillPath(path, gradient)
        is_in = self._depth > 8
        slot = QRectF(rect.left() + 44, rect.top() + (0 if is_in else 8), 232, 14 if is_in else 6)
        ink.box(slot, fill="#161b21", radius=0 if is_in else 3)

    def _paint_card(self, ink: Ink, left: float) -> None:
        """The card is cut off at the slot once it is inside."""
        if self.shows is Shows.EMPTY:
            return
        painter = ink.painter
        painter.save()
        lip = 164 if self._depth > 8 else 152
        painter.setClipRect(QRectF(0, 0, left + WIDTH + 1, lip))
        draw_customer_card(painter, QRectF(left, self._depth, WIDTH, HEIGHT), office=self.office, number=self.number)
        painter.restore()

    def _paint_arrows(self, ink: Ink, x: float) -> None:
        if self.shows not in {Shows.TAKE, Shows.PUT_BACK}:
            return
        up = self.shows is Shows.TAKE
        pen = QPen(QColor(ink.t.ok if up else ink.t.bad), 4)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        ink.painter.setPen(pen)
        ink.painter.setBrush(Qt.BrushStyle.NoBrush)
        for middle in (x + 16, x + 304):
            path = QPainterPath(QPointF(middle, 48))
            path.lineTo(middle, 92)
            tip, side = (48, 60) if up else (92, 80)
            path.moveTo(middle - 12, side)
            path.lineTo(middle, tip)
            path.lineTo(middle + 12, side)
            ink.painter.drawPath(path)

    def _paint_lamp(self, ink: Ink, middle: QPointF) -> None:
        lamp = QColor(_LAMPS[self.shows.value])
        glow = QRadialGradient(middle, 17)
        near, far = QColor(lamp), QColor(lamp)
        near.setAlpha(110)
        far.setAlpha(0)
        glow.setColorAt(0, near)
        glow.setColorAt(1, far)
        ink.painter.setPen(QPen(QColor(0, 0, 0, 0)))
        ink.painter.setBrush(glow)
        ink.painter.drawEllipse(middle, 17, 17)
        ink.disc(middle, 5, fill=lamp.name())
