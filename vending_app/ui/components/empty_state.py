"""What stands where nothing is yet: what is not there, and the next step with its key."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF

from vending_app.ui.fonts import Face
from vending_app.ui.paint import CENTRE, Ink

LOW = 130
"""Below this height there is only room for the words."""


def draw_empty(ink: Ink, area: QRectF, *, icon: str, title: str, step: str) -> None:
    """A disc with an icon, a title and one or two lines, in the middle of the area."""
    middle = area.center()
    if area.height() < LOW:
        row = QRectF(area.left(), middle.y() - 11, area.width(), 22)
        ink.text(row, title, face=Face.SMALL, colour=ink.t.muted, align=CENTRE, may_elide=True)
        return
    ink.disc(QPointF(middle.x(), middle.y() - 46), 28, fill=ink.t.sunken)
    ink.icon(QRectF(middle.x() - 12, middle.y() - 58, 24, 24), icon, ink.t.muted)
    row = QRectF(area.left(), middle.y() - 11, area.width(), 22)
    ink.text(row, title, face=Face.CARD_TITLE, align=CENTRE, may_elide=True)
    below = QRectF(area.left() + 24, middle.y() + 17, area.width() - 48, 36)
    ink.paragraph(below, step, face=Face.SMALL, colour=ink.t.muted, align=CENTRE, from_top=True)
