"""Phosphor 1.3 icons, drawn as glyphs, from the font file that qtawesome carries.

qtawesome itself is not imported: it would load ten more fonts before the log-in page shows.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPainter, QPixmap

_FONT = "phosphor-1.3.0.ttf"
_NAMES = "phosphor-charmap-1.3.0.json"


def _folder() -> Path:
    spec = find_spec("qtawesome")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("qtawesome is not installed: its icon font is missing")
    return Path(spec.submodule_search_locations[0]) / "fonts"


@lru_cache(maxsize=1)
def _glyphs() -> dict[str, str]:
    table: dict[str, str] = json.loads((_folder() / _NAMES).read_text(encoding="utf-8"))
    return table


@lru_cache(maxsize=1)
def _family() -> str:
    loaded = QFontDatabase.addApplicationFont(str(_folder() / _FONT))
    return QFontDatabase.applicationFontFamilies(loaded)[0]


def glyph(name: str) -> str:
    """The character of an icon by its Phosphor name, such as `lightning-fill`."""
    return chr(int(_glyphs()[name], 16))


def draw_icon(painter: QPainter, rect: QRectF, name: str, colour: str) -> None:
    """Draw an icon as large as the rectangle is high, in its middle."""
    made = QFont(_family())
    made.setPixelSize(max(1, round(rect.height())))
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    painter.save()
    painter.setFont(made)
    painter.setPen(QColor(colour))
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip
    painter.drawText(rect, flags, glyph(name))
    painter.restore()


def app_icon() -> QIcon:
    """The mark of the program: a white bolt on blue."""
    made = QPixmap(64, 64)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QColor("#0b6bcb"))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawRoundedRect(QRectF(0, 0, 64, 64), 14, 14)
    draw_icon(painter, QRectF(14, 14, 36, 36), "lightning-fill", "#ffffff")
    painter.end()
    return QIcon(made)
