"""A tag: soft ground, a small icon and a word."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from vending_app.ui.fonts import Face
from vending_app.ui.paint import Ink, text_width
from vending_app.ui.theme import tone

HEIGHT = 24
_ICON, _SIDE, _GAP = 14, 9, 6


def tag_width(word: str) -> int:
    """How wide the tag of a word is."""
    return 2 * _SIDE + _ICON + _GAP + text_width(word, Face.SMALL_STRONG)


def draw_tag(ink: Ink, x: float, y: float, *, word: str, icon: str, name: str) -> float:
    """A tag with its left edge at x; returns its width. `name` is a tone, or `muted` for what is over."""
    width = tag_width(word)
    rect = QRectF(x, y, width, HEIGHT)
    if name == "muted":
        strong, soft = ink.t.muted, ink.t.sunken
    else:
        strong, soft, _ = tone(ink.t, name)
    ink.box(rect, fill=soft, radius=6)
    ink.icon(QRectF(x + _SIDE, y + (HEIGHT - _ICON) / 2, _ICON, _ICON), icon, strong)
    words = rect.adjusted(_SIDE + _ICON + _GAP, 0, 0, 0)
    ink.text(words, word, face=Face.SMALL_STRONG, colour=strong)
    return width
