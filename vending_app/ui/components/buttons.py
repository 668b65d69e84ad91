"""Buttons: filled (one per page), outlined, dangerous, and a link without a frame."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from vending_app.ui.components.surface import RING
from vending_app.ui.fonts import Face
from vending_app.ui.paint import CENTRE, LEFT, Ink, cap_width, text_width
from vending_app.ui.theme import Look, Tokens

LARGE = 56
"""From this height on the icon is larger."""


class Kind(Enum):
    """What a button is for."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    DANGER = "danger"
    LINK = "link"


class Button(QAbstractButton):
    """Icon, words and the key that does the same; Enter presses it like Space."""

    has_ring = True

    def __init__(
        self,
        look: Look,
        text: str,
        *,
        kind: Kind = Kind.SECONDARY,
        icon: str = "",
        key: str = "",
        face: Face | None = None,
        tone: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.look, self.kind, self.icon_name, self.key = look, kind, icon, key
        self.face = face or (Face.STRONG if kind is Kind.PRIMARY else Face.VALUE)
        self.tone = tone
        self.is_chosen = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.set_words(text)

    def set_words(self, text: str, *, icon: str | None = None, key: str | None = None) -> None:
        """Change what it says; the accessible name follows."""
        self.setText(text)
        self.icon_name = self.icon_name if icon is None else icon
        self.key = self.key if key is None else key
        self.setAccessibleName(f"{text} {self.key}".strip())
        self.updateGeometry()
        self.update()

    def set_chosen(self, chosen: bool) -> None:
        """Show it as the one that matches (a quick amount)."""
        self.is_chosen = chosen
        self.update()

    def content_width(self) -> int:
        """Icon, words and cap with their gaps, without any padding."""
        width = text_width(self.text(), self.face)
        if self.icon_name:
            width += self._icon + (self._gap if self.text() else 0)
        if self.key:
            width += cap_width(self.key) + 13
        return width

    def sizeHint(self) -> QSize:
        padding = 0 if self.kind is Kind.LINK else 12
        return QSize(self.content_width() + 2 * padding + 2 * RING, 40 + 2 * RING)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
            return
        super().keyPressEvent(event)

    @property
    def _is_large(self) -> bool:
        return self.height() >= LARGE + 2 * RING

    @property
    def _icon(self) -> int:
        return 20 if self._is_large else 18

    @property
    def _gap(self) -> int:
        return 10 if self._is_large else 8

    def paintEvent(self, event: QPaintEvent) -> None:
        with Ink(self, self.look) as ink:
            rect = QRectF(self.rect()).adjusted(RING, RING, -RING, -RING)
            if self.hasFocus() and self.isEnabled():
                ink.box(QRectF(self.rect()), line=ink.t.accent, width=2, radius=11)
            fill, line, colour = self._colours(ink.t)
            if fill or line:
                ink.box(rect, fill=fill, line=line)
            self._paint_content(ink, rect, colour)

    def _paint_content(self, ink: Ink, rect: QRectF, colour: str) -> None:
        x = rect.left() + (rect.width() - self.content_width()) / 2
        if self.kind is Kind.LINK:
            x = rect.left()
        if self.icon_name:
            size = self._icon
            ink.icon(QRectF(x, rect.center().y() - size / 2, size, size), self.icon_name, colour)
            x += size + self._gap
        width = text_width(self.text(), self.face)
        room = min(width, rect.right() - x)
        align = LEFT if self.icon_name or self.key else CENTRE
        ink.text(
            QRectF(x, rect.top(), room + 1, rect.height()), self.text(), face=self.face, colour=colour, align=align
        )
        if self.key:
            ink.cap(x + width + 13, rect.center().y(), self.key, on_fill=colour if self._is_filled else "")

    @property
    def _is_filled(self) -> bool:
        return self.kind is Kind.PRIMARY and self.isEnabled()

    def _colours(self, t: Tokens) -> tuple[str, str, str]:
        """Fill, line and text colour of the state."""
        if self.kind is Kind.LINK:
            return "", "", getattr(t, self.tone) if self.tone else t.text
        if not self.isEnabled():
            return t.sunken, t.line, t.muted
        if self.kind is Kind.PRIMARY:
            rest = t.accent_hover if self.underMouse() else t.accent
            return (t.accent_pressed if self.isDown() else rest), "", t.on
        if self.kind is Kind.DANGER:
            if self.isDown():
                return t.bad, t.bad, t.on
            return (t.bad_soft if self.underMouse() else t.card), t.bad, t.bad
        if self.is_chosen:
            return t.accent_soft, t.accent, t.accent
        if self.isDown():
            return t.sunken, t.edge, t.text
        return t.card, (t.edge if self.underMouse() else t.line2), t.text
