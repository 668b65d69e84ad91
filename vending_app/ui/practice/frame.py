"""Violet stripes all around and a band with the sentence: nobody takes this counter for the real one."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPaintEvent, QPixmap, QPolygonF, QRegion, QResizeEvent
from PySide6.QtWidgets import QWidget

from vending_app.ui.fonts import Face
from vending_app.ui.paint import Ink, text_width
from vending_app.ui.theme import Look

EDGE = 6
BAND = 32
_STRIPE = 12.7
SENTENCE = "Nothing here is real: own books, built-in cards and meters, no money."


class PracticeFrame(QWidget):
    """Lies over the whole window, lets every click through."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.setAccessibleName(f"PRACTICE. {SENTENCE}")
        self._still = QPixmap()
        self._is_dark = look.is_dark
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Only the edge belongs to the frame: what happens inside never repaints the stripes."""
        inner = self.rect().adjusted(EDGE, BAND, -EDGE, -EDGE)
        self.setMask(QRegion(self.rect()).subtracted(QRegion(inner)))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._still.size() != self.size() or self._is_dark != self.look.is_dark:
            self._is_dark = self.look.is_dark
            self._still = self._draw_still()
        with Ink(self, self.look) as ink:
            ink.painter.drawPixmap(0, 0, self._still)

    def _draw_still(self) -> QPixmap:
        still = QPixmap(self.size())
        with Ink(still, self.look) as ink:
            self._paint_stripes(ink, QRectF(self.rect()))
            self._paint_words(ink, QRectF(self.rect()))
        return still

    def _paint_stripes(self, ink: Ink, rect: QRectF) -> None:
        base, light = ("#6d3fc0", "#9a78d8") if not self.look.is_dark else ("#5a3aa0", "#7d5ec2")
        ink.painter.fillRect(rect, QColor(base))
        ink.painter.setPen(Qt.PenStyle.NoPen)
        ink.painter.setBrush(QColor(light))
        x = -rect.height()
        while x < rect.width():
            points = [(x, rect.height()), (x + _STRIPE, rect.height())]
            points += [(x + rect.height() + _STRIPE, 0), (x + rect.height(), 0)]
            ink.painter.drawPolygon(QPolygonF([QPointF(*point) for point in points]))
            x += 2 * _STRIPE

    def _paint_words(self, ink: Ink, rect: QRectF) -> None:
        word, rest = text_width("PRACTICE", Face.CARD_TITLE), text_width(SENTENCE, Face.STRONG)
        wide = word + 16 + rest
        left = (rect.width() - wide) / 2
        base = "#6d3fc0" if not self.look.is_dark else "#5a3aa0"
        ink.painter.fillRect(QRectF(left - 24, 0, wide + 48, BAND), QColor(base))
        ink.text(QRectF(left, 0, word, BAND), "PRACTICE", face=Face.CARD_TITLE, colour="#ffffff")
        ink.text(QRectF(left + word + 16, 0, rest, BAND), SENTENCE, face=Face.STRONG, colour="#ffffff")
