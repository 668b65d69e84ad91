"""Text that has no room goes on where it is read to: at the right of a Latin name, at the left of an Arabic one."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from vending_app.ui.fonts import Face
from vending_app.ui.paint import Ink
from vending_app.ui.theme import make_look

ROOM, HIGH, DOTS = 140, 40, 8


def ink_of(text: str) -> list[tuple[int, int]]:
    """Where something is drawn of a name that is too long."""
    look = make_look(dark=False, less_motion=True)
    image = QImage(ROOM, HIGH, QImage.Format.Format_RGB32)
    image.fill(QColor("#ffffff"))
    with Ink(image, look) as ink:
        # As on a page, whose own words run from left to right.
        ink.painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        ink.text(QRectF(0, 0, ROOM, HIGH), text, face=Face.NAME, colour="#000000", may_elide=True)
    return [(x, y) for x in range(ROOM) for y in range(HIGH) if image.pixelColor(x, y).lightness() < 128]


@pytest.mark.parametrize(
    ("text", "goes_on_at_left"),
    [
        ("Wilhelmina Featherstonehaugh", False),
        ("عبد الرحمن بن محمد الخطيب عبد الرحمن", True),
        ("عبد Featherstonehaugh-Cholmondeley", False),
    ],
)
def test_the_ellipsis_stands_where_the_text_goes_on(qapp: QApplication, text: str, goes_on_at_left: bool) -> None:
    drawn = ink_of(text)
    left, right = min(x for x, _ in drawn), max(x for x, _ in drawn)
    base = HIGH // 2
    at_left = min(y for x, y in drawn if x < left + DOTS) > base
    at_right = min(y for x, y in drawn if x > right - DOTS) > base
    assert (at_left, at_right) == (goes_on_at_left, not goes_on_at_left)
