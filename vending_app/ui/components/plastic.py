"""Cards drawn as things: the plastic, its chip, its arcs."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPainterPath, QPen

from vending_app.ui.fonts import Face, font

COLOURS: dict[str, tuple[str, str]] = {
    "blue": ("#0b6bcb", "#064a94"),
    "green": ("#0e7a68", "#0a5a50"),
    "brown": ("#8a4a12", "#5e3108"),
    "silver": ("#eef1f5", "#d6dce3"),
    "slate": ("#39424e", "#262d36"),
    "red": ("#7c2230", "#541420"),
    "grey": ("#c9ccd1", "#b4b8be"),
}
"""From the upper left to the lower right."""
WIDTH, HEIGHT = 224, 142
"""The large drawing; smaller ones are scaled from it."""


def draw_plastic(painter: QPainter, rect: QRectF, colour: str) -> None:
    """A small card without words, in the rectangle."""
    light, deep = COLOURS.get(colour, COLOURS["blue"])
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    path = QPainterPath()
    radius = rect.width() * 0.055 + 1
    path.addRoundedRect(rect, radius, radius)
    gradient = QLinearGradient(rect.topLeft(), rect.bottomRight())
    gradient.setColorAt(0, QColor(light))
    gradient.setColorAt(1, QColor(deep))
    painter.fillPath(path, gradient)
    painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
    if colour not in {"silver", "grey"}:
        _draw_arcs(painter, rect)
    painter.restore()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if colour == "silver":
        painter.setPen(QPen(QColor("#c3ccd6"), 1))
        painter.drawPath(path)
    scale = rect.width() / WIDTH
    wide = 36 * scale if scale > 0.9 else rect.width() * 0.165
    top = rect.top() + rect.height() * (0.34 if scale > 0.9 else 0.285)
    left = rect.left() + rect.width() * (0.098 if scale > 0.9 else 0.094)
    draw_chip(painter, QRectF(left, top, wide, wide * 0.78), faded=colour == "grey")
    painter.restore()


def _draw_arcs(painter: QPainter, rect: QRectF) -> None:
    """Seven rings around the lower right, like waves on water."""
    middle = QPointF(rect.right() + rect.width() * 0.01, rect.bottom() + rect.height() * 0.1)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(255, 255, 255, 40), max(0.8, 1.2 * rect.width() / WIDTH)))
    for ring in range(1, 8):
        radius = rect.width() * 0.118 * ring
        painter.drawEllipse(middle, radius, radius)


def draw_chip(painter: QPainter, rect: QRectF, *, faded: bool = False) -> None:
    """The gold contacts of a chip card."""
    gradient = QLinearGradient(rect.topLeft(), rect.bottomRight())
    gradient.setColorAt(0, QColor("#f3dd97" if not faded else "#e6dcc0"))
    gradient.setColorAt(1, QColor("#caa24a" if not faded else "#d3c19a"))
    painter.setPen(QPen(QColor("#a8863a"), max(0.5, rect.width() / 40)))
    painter.setBrush(gradient)
    radius = rect.width() * 0.14
    painter.drawRoundedRect(rect, radius, radius)
    third, height = rect.width() * 0.36, rect.height()
    for x in (rect.left() + third, rect.right() - third):
        painter.drawLine(QPointF(x, rect.top()), QPointF(x, rect.bottom()))
    for y in (rect.top() + height * 0.34, rect.top() + height * 0.66):
        painter.drawLine(QPointF(rect.left(), y), QPointF(rect.left() + third, y))
        painter.drawLine(QPointF(rect.right() - third, y), QPointF(rect.right(), y))


def draw_customer_card(painter: QPainter, rect: QRectF, *, office: str, number: str) -> None:
    """The large card with its words: who issued it and the end of its number."""
    draw_plastic(painter, rect, "blue")
    painter.save()
    painter.setPen(QColor("#ffffff"))
    left = rect.left() + 22
    width = rect.width() - 44
    painter.setFont(font(Face.CAPTION_STRONG))
    painter.drawText(QRectF(left, rect.top() + 13, width, 20), Qt.AlignmentFlag.AlignVCenter, office)
    painter.setFont(font(Face.CARD_NUMBER, number))
    painter.drawText(QRectF(left, rect.top() + 90, width, 20), Qt.AlignmentFlag.AlignVCenter, number)
    painter.setPen(QColor(255, 255, 255, 205))
    painter.setFont(font(Face.CAPTION))
    painter.drawText(QRectF(left, rect.top() + 112, width, 20), Qt.AlignmentFlag.AlignVCenter, "CUSTOMER CARD")
    painter.restore()
