"""The still picture of the log-in page: the use of many days, drawn one above the other."""

from __future__ import annotations

from math import exp, sin

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QLinearGradient, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from vending_app.ui.fonts import Face
from vending_app.ui.paint import Ink
from vending_app.ui.theme import Look

WIDTH = 600
DAYS = 30
_TOP, _PITCH = 188, 19.2
_POINTS = 150


class LoginPicture(QWidget):
    """600 wide; always dark blue, in both themes."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.office = ""
        self.desk = ""

    def show_office(self, office: str, desk: str) -> None:
        """Whose counter this is."""
        self.office, self.desk = office, desk
        self.setAccessibleName(f"{office}, {desk}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with Ink(self, self.look) as ink:
            self._paint_ground(ink)
            scale = max(self.height() / 768, 1.0)
            for day in range(DAYS):
                self._paint_day(ink, day, (_TOP + day * _PITCH) * scale, scale)
            self._paint_head(ink)

    def _paint_ground(self, ink: Ink) -> None:
        gradient = QLinearGradient(QPointF(self.width() * 0.3, 0), QPointF(self.width() * 0.7, self.height()))
        for at, colour in ((0.0, "#0c203c"), (0.25, "#0b2a52"), (0.55, "#0b4184"), (1.0, "#0b6bcb")):
            gradient.setColorAt(at, QColor(colour))
        ink.painter.fillRect(self.rect(), gradient)

    def _paint_day(self, ink: Ink, day: int, base: float, scale: float) -> None:
        path = QPainterPath()
        for at in range(_POINTS + 1):
            x = at / _POINTS
            point = QPointF(x * self.width(), base - _use(x, day) * scale)
            if at:
                path.lineTo(point)
            else:
                path.moveTo(point)
        closed = QPainterPath(path)
        closed.lineTo(self.width(), base + 60)
        closed.lineTo(0, base + 60)
        ink.painter.save()
        # Each day hides the foot of those behind it, as hills do.
        ink.painter.setClipPath(closed)
        self._paint_ground(ink)
        ink.painter.restore()
        brightness = 30 + 165 * day // DAYS
        ink.painter.setPen(QPen(QColor(157, 203, 250, brightness), 1.3))
        ink.painter.setBrush(QColor(0, 0, 0, 0))
        ink.painter.drawPath(path)

    def _paint_head(self, ink: Ink) -> None:
        ink.box(QRectF(48, 48, 48, 48), fill="#ffffff", radius=10)
        ink.icon(QRectF(59, 59, 26, 26), "lightning-fill", "#0b6bcb")
        ink.text(QRectF(112, 47, 440, 30), self.office, face=Face.PAGE_TITLE, colour="#ffffff", may_elide=True)
        ink.text(QRectF(112, 73, 440, 20), self.desk, face=Face.BODY, colour="#c6ddf7")


def _use(x: float, day: int) -> float:
    """Height of a day's curve at a time of day: a morning and an evening peak, never twice the same."""
    growth = 24 + 66 * day / DAYS
    wander = 0.012 * sin(day * 1.7)
    morning = 0.88 * exp(-(((x - 0.31 - wander) / 0.055) ** 2))
    evening = exp(-(((x - 0.80 + wander) / 0.075) ** 2))
    noon = 0.16 * exp(-(((x - 0.55) / 0.14) ** 2))
    rough = 0.055 * sin(x * 61 + day * 2.3) * (morning + evening + 0.25)
    rough += 0.045 * sin(x * 113 + day * 5.1) * (morning + evening + 0.25)
    season = 0.75 + 0.25 * sin(day * 0.9 + 1.2)
    return growth * (morning * season + evening + noon + rough) + 2 * sin(x * 40 + day)
