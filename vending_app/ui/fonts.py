"""Type by role: Inter on the screen, figures tabular everywhere."""

from __future__ import annotations

from enum import Enum
from functools import lru_cache

from PySide6.QtGui import QFont

FAMILIES = ("Inter", "Noto Sans", "Noto Sans Arabic", "Noto Sans CJK SC")
"""Inter for most; the others for scripts that it lacks."""


MASK = "•"


class Face(Enum):
    """A role of text: size in points, weight, and letter spacing in per cent."""

    TOTAL = (54.0, 700, 97.5)
    TOTAL_NARROW = (40.0, 700, 97.5)
    CHANGE = (34.0, 700, 97.5)
    CHANGE_NARROW = (28.0, 700, 97.5)
    CHANGE_DONE = (46.0, 700, 97.5)
    AMOUNT = (26.0, 600, 98.5)
    AMOUNT_NARROW = (21.6, 600, 98.5)
    COMMAND = (24.0, 700, 98.5)
    COMMAND_NARROW = (19.0, 700, 100.0)
    TILE = (19.0, 600, 100.0)
    CASH = (18.0, 600, 98.5)
    CURRENCY = (17.0, 500, 100.0)
    PAGE_TITLE = (16.0, 600, 100.0)
    FIGURE = (15.6, 600, 100.0)
    VERDICT = (15.0, 600, 100.0)
    NAME = (13.5, 600, 100.0)
    CARD_TITLE = (12.0, 600, 100.0)
    BODY = (10.5, 400, 100.0)
    VALUE = (10.5, 500, 100.0)
    STRONG = (10.5, 600, 100.0)
    CARD_NUMBER = (10.5, 600, 107.0)
    SMALL = (9.5, 400, 100.0)
    SMALL_VALUE = (9.5, 500, 100.0)
    SMALL_STRONG = (9.5, 600, 100.0)
    CAPTION = (9.0, 500, 100.0)
    CAPTION_STRONG = (9.0, 600, 100.0)


@lru_cache(maxsize=128)
def _made(face: Face, *, plain: bool) -> QFont:
    points, weight, spacing = face.value
    made = QFont(list(FAMILIES))
    made.setPointSizeF(points)
    made.setWeight(QFont.Weight(weight))
    made.setFeature(QFont.Tag("tnum"), 1)
    if plain:
        # Contextual alternates lift bullets beside figures: a masked card number would jump.
        made.setFeature(QFont.Tag("calt"), 0)
    if spacing != 100.0:
        made.setLetterSpacing(QFont.SpacingType.PercentageSpacing, spacing)
    return made


def font(face: Face, text: str = "") -> QFont:
    """The font of a role, for this text; a copy, because QFont can be changed."""
    return QFont(_made(face, plain=MASK in text))
