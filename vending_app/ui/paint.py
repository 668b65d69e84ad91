"""Drawing in the words of the design: text by role, boxes, rules, icons and key caps."""

from __future__ import annotations

import logging
from math import ceil
from types import TracebackType
from unicodedata import bidirectional

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPaintDevice, QPainter, QPen

from vending_app.ui.fonts import Face, font
from vending_app.ui.icons import draw_icon
from vending_app.ui.theme import Look, Tokens

fit_log = logging.getLogger("vending_app.ui.fit")
"""Told (at DEBUG) whenever a text had to be cut; the picture tests listen to it."""

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute
CENTRE = Qt.AlignmentFlag.AlignHCenter
_MIDDLE = Qt.AlignmentFlag.AlignVCenter

RIGHT_TO_LEFT_MARK = "\u200f"
BREAK = "\u200b"
"""A space without width."""
STRONG = frozenset({"L", "R", "AL"})
"""The classes of Unicode for letters that say which way they are written: Latin and most, Hebrew, Arabic."""
HIGHEST = 4000
"""Higher than any paragraph, in pixels."""
CAP_HEIGHT = 20
_CAP_PADDING = 6


def text_width(text: str, face: Face) -> int:
    """How many pixels a line of text takes, rounded up."""
    return ceil(QFontMetricsF(font(face, text)).horizontalAdvance(text))


def wrapped_height(text: str, face: Face, room: float) -> int:
    """How many pixels high a paragraph of this width is, rounded up."""
    metrics = QFontMetricsF(font(face, text))
    return ceil(metrics.boundingRect(QRectF(0, 0, room, HIGHEST), Qt.TextFlag.TextWordWrap, text).height())


def breakable(text: str, face: Face, room: float) -> str:
    """The text, where a word that is wider than a line may be broken at any letter."""
    words = (word if text_width(word, face) <= room else BREAK.join(word) for word in text.split(" "))
    return " ".join(words)


def elided(text: str, face: Face, room: float) -> str:
    """The text, or as much of it as there is room for, with an ellipsis."""
    metrics = QFontMetricsF(font(face, text))
    return with_its_end(metrics.elidedText(text, Qt.TextElideMode.ElideRight, room), text)


def with_its_end(shown: str, text: str) -> str:
    """A text that was shortened, its ellipsis where it goes on: at the left of what is written from the right."""
    if shown == text:
        return shown
    strong = (kind for char in reversed(shown) if (kind := bidirectional(char)) in STRONG)
    return shown + RIGHT_TO_LEFT_MARK if next(strong, "L") != "L" else shown


def cap_width(key: str) -> int:
    """How wide the cap of a key is."""
    return text_width(key, Face.CAPTION_STRONG) + 2 * _CAP_PADDING


class Ink:
    """A painter that speaks tokens and roles; use it as a context manager inside paintEvent."""

    def __init__(self, device: QPaintDevice, look: Look) -> None:
        self.painter = QPainter(device)
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.look = look

    @property
    def t(self) -> Tokens:
        return self.look.tokens

    def __enter__(self) -> Ink:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.painter.end()

    def text(
        self,
        rect: QRectF,
        text: str,
        *,
        face: Face = Face.BODY,
        colour: str = "",
        align: Qt.AlignmentFlag = LEFT,
        may_elide: bool = False,
    ) -> float:
        """Draw one line, middle of the rectangle; returns its width. What does not fit ends in an ellipsis."""
        made = font(face, text)
        metrics = QFontMetricsF(made)
        shown = text
        if metrics.horizontalAdvance(text) > rect.width() + 0.5:
            shown = with_its_end(metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width()), text)
            if not may_elide:
                fit_log.debug("text cut: face=%s width=%d length=%d", face.name, rect.width(), len(text))
        self.painter.setFont(made)
        self.painter.setPen(QColor(colour or self.t.text))
        self.painter.drawText(rect, align | _MIDDLE | Qt.TextFlag.TextDontClip, shown)
        return metrics.horizontalAdvance(shown)

    def paragraph(
        self,
        rect: QRectF,
        text: str,
        *,
        face: Face = Face.BODY,
        colour: str = "",
        align: Qt.AlignmentFlag = LEFT,
        from_top: bool = False,
    ) -> None:
        """Draw text that wraps inside the rectangle, in its middle or from its top."""
        self.painter.setFont(font(face, text))
        self.painter.setPen(QColor(colour or self.t.text))
        flags = align | (Qt.AlignmentFlag.AlignTop if from_top else _MIDDLE) | Qt.TextFlag.TextWordWrap
        needed = self.painter.boundingRect(rect, flags, text)
        if needed.height() > rect.height() + 1:
            fit_log.debug("paragraph cut: face=%s height=%d", face.name, rect.height())
        self.painter.drawText(rect, flags, text)

    def has_room(self, rect: QRectF, text: str, *, face: Face) -> bool:
        """Whether a paragraph fits into the rectangle."""
        self.painter.setFont(font(face, text))
        needed = self.painter.boundingRect(rect, LEFT | _MIDDLE | Qt.TextFlag.TextWordWrap, text)
        return needed.height() <= rect.height() and needed.width() <= rect.width()

    def box(
        self, rect: QRectF, *, fill: str = "", line: str = "", radius: float = 8, width: float = 1, dashed: bool = False
    ) -> None:
        """A rounded rectangle; its line lies inside the rectangle."""
        inset = width / 2 if line else 0
        pen = QPen(QColor(line), width) if line else QPen(Qt.PenStyle.NoPen)
        if dashed:
            pen.setDashPattern([3.0, 2.0])
        self.painter.setPen(pen)
        self.painter.setBrush(QBrush(QColor(fill)) if fill else QBrush(Qt.BrushStyle.NoBrush))
        self.painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), radius, radius)

    def rule(self, x1: float, x2: float, y: float, *, colour: str = "") -> None:
        """A horizontal 1-px line on the pixel row y."""
        self.painter.fillRect(QRectF(x1, y, x2 - x1, 1), QColor(colour or self.t.line))

    def line(self, line: QLineF, *, colour: str, width: float = 1, dots: list[float] | None = None) -> None:
        """Any straight line, dotted if a pattern is given."""
        pen = QPen(QColor(colour), width)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap if dots else Qt.PenCapStyle.RoundCap)
        if dots:
            pen.setDashPattern(dots)
        self.painter.setPen(pen)
        self.painter.drawLine(line)

    def disc(self, middle: QPointF, radius: float, *, fill: str = "", line: str = "", width: float = 1) -> None:
        """A circle; its line lies inside the radius."""
        inset = width / 2 if line else 0
        self.painter.setPen(QPen(QColor(line), width) if line else QPen(Qt.PenStyle.NoPen))
        self.painter.setBrush(QBrush(QColor(fill)) if fill else QBrush(Qt.BrushStyle.NoBrush))
        self.painter.drawEllipse(middle, radius - inset, radius - inset)

    def icon(self, rect: QRectF, name: str, colour: str) -> None:
        """An icon as high as its rectangle."""
        draw_icon(self.painter, rect, name, colour)

    def cap(self, x: float, middle: float, key: str, *, on_fill: str = "") -> float:
        """The cap of a key at x, around the line `middle`; returns its width."""
        rect = QRectF(x, middle - CAP_HEIGHT / 2, cap_width(key), CAP_HEIGHT)
        if on_fill:
            self.box(rect, line=on_fill, radius=4)
        else:
            self.box(rect, fill=self.t.line2, radius=4)
            self.box(rect.adjusted(0, 0, 0, -1.5), fill=self.t.line, radius=4)
            self.box(rect.adjusted(1, 1, -1, -2), fill=self.t.card, radius=3)
        self.text(
            rect.adjusted(0, 0, 0, 0 if on_fill else -1),
            key,
            face=Face.CAPTION_STRONG,
            colour=on_fill or self.t.muted,
            align=CENTRE,
        )
        return rect.width()
