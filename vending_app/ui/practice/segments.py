"""Seven segments, as the glass of a meter has them."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPolygonF

from vending_app.ui.paint import Ink

LIT, UNLIT = "#141c14", "#b3c1a9"
STEP, PLACES = 31, 6
"""From one figure to the next, and for how many of them there is room."""
_SEGMENTS = {
    "0": "abcdef",
    "1": "bc",
    "2": "abged",
    "3": "abgcd",
    "4": "fgbc",
    "5": "afgcd",
    "6": "afgedc",
    "7": "abc",
    "8": "abcdefg",
    "9": "abcfgd",
    "-": "g",
    "E": "afged",
    " ": "",
}


def draw_figure(ink: Ink, at: QPointF, text: str) -> None:
    """Draw figures from `at` to the right; a point or colon stands between two of them. More than six stand closer."""
    count = sum(sign not in _DOTS for sign in text)
    ink.painter.save()
    ink.painter.translate(at)
    ink.painter.scale(min(1, PLACES / max(count, 1)), 1)
    x = 0
    for sign in text:
        if sign in _DOTS:
            for y in _DOTS[sign]:
                ink.box(QRectF(x - 5, y, 4.5, 4.5), fill=LIT, radius=1)
            continue
        _draw_seven(ink, QPointF(x, 0), _SEGMENTS.get(sign, ""))
        x += STEP
    ink.painter.restore()


_DOTS = {".": (35,), ":": (10, 25)}


def _draw_seven(ink: Ink, at: QPointF, lit: str) -> None:
    """One figure of seven segments, 20 × 39, leaning a little."""
    ink.painter.save()
    ink.painter.translate(at)
    ink.painter.shear(-0.06, 0)
    ink.painter.translate(2.5, 0)
    ink.painter.setPen(Qt.PenStyle.NoPen)
    for name, shape in _SHAPES.items():
        colour = QColor(LIT) if name in lit else QColor(UNLIT)
        colour.setAlpha(255 if name in lit else 110)
        ink.painter.setBrush(colour)
        ink.painter.drawPolygon(shape)
    ink.painter.restore()


def _flat(y: float) -> QPolygonF:
    return QPolygonF([QPointF(3, y), QPointF(17, y), QPointF(14.5, y + 4), QPointF(5.5, y + 4)])


def _shapes() -> dict[str, QPolygonF]:
    low = QPolygonF([QPointF(5.5, 35), QPointF(14.5, 35), QPointF(17, 39), QPointF(3, 39)])
    mid = QPolygonF(
        [
            QPointF(3, 19.5),
            QPointF(5.5, 17.5),
            QPointF(14.5, 17.5),
            QPointF(17, 19.5),
            QPointF(14.5, 21.5),
            QPointF(5.5, 21.5),
        ]
    )
    return {
        "a": _flat(0),
        "d": low,
        "g": mid,
        "f": QPolygonF([QPointF(1.5, 1), QPointF(5, 5), QPointF(5, 16.5), QPointF(1.5, 18.5)]),
        "b": QPolygonF([QPointF(18.5, 1), QPointF(15, 5), QPointF(15, 16.5), QPointF(18.5, 18.5)]),
        "e": QPolygonF([QPointF(1.5, 20.5), QPointF(5, 22.5), QPointF(5, 34), QPointF(1.5, 38)]),
        "c": QPolygonF([QPointF(18.5, 20.5), QPointF(15, 22.5), QPointF(15, 34), QPointF(18.5, 38)]),
    }


_SHAPES = _shapes()
