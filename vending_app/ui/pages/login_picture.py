"""The still picture of the log-in page: the use of many days, drawn one above the other."""

from __future__ import annotations

from math import exp, sin

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QColor, QLinearGradient, QPainterPath, QPaintEvent, QPen, QPixmap, QPixmapCache
from PySide6.QtWidgets import QWidget

from vending_app.ui.fonts import Face
from vending_app.ui.paint import Ink
from vending_app.ui.theme import Look

WIDTH = 600
DAYS = 30
_TOP, _PITCH = 188, 19.2
_POINTS = 84
_GROUND = ((0.0, "#0a2241"), (0.5, "#0b3c74"), (0.77, "#0b59aa"), (1.0, "#0b6bcb"))


class LoginPicture(QWidget):
    """600 wide; always dark blue, in both themes."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.office = ""
        self.desk = ""
        self._still = QPixmap()

    def show_office(self, office: str, desk: str) -> None:
        """Whose counter this is."""
        self.office, self.desk = office, desk
        self.setAccessibleName(f"{office}, {desk}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._still.deviceIndependentSize() != QSizeF(self.size()):
            self._still = self._find_still()
        with Ink(self, self.look) as ink:
            ink.painter.drawPixmap(0, 0, self._still)
            self._paint_head(ink)

    def _find_still(self) -> QPixmap:
        """The days are drawn once for each size, for all windows."""
        ratio = self.devicePixelRatio()
        key = f"login-picture-{self.width()}x{self.height()}@{ratio}"
        still = QPixmap()
        if not QPixmapCache.find(key, still):
            still = self._draw_still(ratio)
            QPixmapCache.insert(key, still)
        return still

    def _draw_still(self, ratio: float) -> QPixmap:
        still = QPixmap(self.size() * ratio)
        still.setDevicePixelRatio(ratio)
        with Ink(still, self.look) as ink:
            self._paint_ground(ink)
            scale = max(self.height() / 768, 1.0)
            for day in range(DAYS):
                self._paint_day(ink, day, (_TOP + day * _PITCH + 3 * sin(day * 2.4)) * scale, scale)
        return still

    def _paint_ground(self, ink: Ink) -> None:
        gradient = QLinearGradient(QPointF(self.width() * 0.3, 0), QPointF(self.width() * 0.7, self.height()))
        for at, colour in _GROUND:
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
        brightness = 45 + 165 * day // DAYS
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
    growth = 30 + 68 * day / DAYS
    wander = 0.016 * sin(day * 1.7)
    morning = (0.72 + 0.28 * sin(day * 0.9 + 1.2)) * exp(-(((x - 0.31 - wander) / 0.052) ** 2))
    evening = exp(-(((x - 0.80 + wander) / 0.068) ** 2))
    noon = 0.17 * exp(-(((x - 0.55) / 0.13) ** 2))
    lively = morning + evening + 0.22
    rough = 0.05 * sin(x * 97 + day * 2.3) + 0.045 * sin(x * 171 + day * 5.1) + 0.03 * sin(x * 263 + day * 3.7)
    return growth * (morning + evening + noon + rough * lively) + 1.5 * sin(x * 31 + day)
