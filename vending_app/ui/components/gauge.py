"""What is left in the meter as a half ring, and the use of twelve months as bars."""

from __future__ import annotations

from datetime import date
from math import cos, pi, sin

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPen

from vending_app.domain.energy import Energy
from vending_app.ui.fonts import Face
from vending_app.ui.paint import CENTRE, Ink

RADIUS = 60.5
THICK = 12
ROUND_TO_WH = 50_000
"""The scale ends at the last purchase, rounded up to this."""
BAR_HEIGHT = 41


def scale_end(last_purchase: Energy, remaining: Energy, alarm: Energy) -> Energy:
    """Where the scale ends: the last purchase rounded up, but never before what is left nor the alarm level."""
    most = max(last_purchase.wh, remaining.wh, alarm.wh * 2, 1)
    return Energy(-(-most // ROUND_TO_WH) * ROUND_TO_WH)


def draw_gauge(ink: Ink, middle: QPointF, *, remaining: Energy, alarm: Energy, end: Energy) -> None:
    """The ring, the part that is left, the tick of the alarm level, and the figure."""
    is_low = remaining <= alarm
    _arc(ink, middle, 180, 180, ink.t.band)
    left = max(min(remaining.wh, end.wh), 0)
    if left:
        _arc(ink, middle, 180, 180 * left / end.wh, ink.t.warn if is_low else ink.t.series_2)
    if alarm:
        angle = pi * (1 - alarm.wh / end.wh)
        inner, outer = RADIUS - 11, RADIUS + 9
        tick = QLineF(
            middle.x() + inner * cos(angle),
            middle.y() - inner * sin(angle),
            middle.x() + outer * cos(angle),
            middle.y() - outer * sin(angle),
        )
        ink.line(tick, colour=ink.t.text, width=2)
    figure = QRectF(middle.x() - 52, middle.y() - 37, 104, 26)
    face = Face.FIGURE if remaining.wh < 1_000_000 else Face.CARD_TITLE
    ink.text(figure, str(remaining), face=face, align=CENTRE)
    ink.text(
        QRectF(middle.x() - 50, middle.y() - 14, 100, 18),
        "kWh left",
        face=Face.CAPTION,
        colour=ink.t.muted,
        align=CENTRE,
    )


def _arc(ink: Ink, middle: QPointF, start: float, span: float, colour: str) -> None:
    pen = QPen(QColor(colour), THICK)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    ink.painter.setPen(pen)
    ink.painter.setBrush(Qt.BrushStyle.NoBrush)
    ring = QRectF(middle.x() - RADIUS, middle.y() - RADIUS, 2 * RADIUS, 2 * RADIUS)
    ink.painter.drawArc(ring, round(start * 16), round(-span * 16))


def draw_month_bars(ink: Ink, area: QRectF, months: tuple[tuple[date, Energy], ...]) -> None:
    """Bars from zero with the first letter of each month; the newest is marked."""
    if not months:
        return
    gap = 4
    width = (area.width() - gap * 11) / 12
    most = max(1, *(energy.wh for _, energy in months))
    for at, (month, energy) in enumerate(months):
        is_last = at == len(months) - 1
        left = area.left() + (12 - len(months) + at) * (width + gap)
        height = max(BAR_HEIGHT * max(energy.wh, 0) / most, 1.0)
        bar = QRectF(left, area.top() + BAR_HEIGHT - height, width, height)
        ink.box(bar, fill=ink.t.series_3 if is_last else ink.t.series_1, radius=2)
        letter = QRectF(left - 4, area.top() + BAR_HEIGHT + 1, width + 8, 18)
        colour = ink.t.text if is_last else ink.t.muted
        ink.text(letter, "JFMAMJJASOND"[month.month - 1], face=Face.CAPTION, colour=colour, align=CENTRE)
