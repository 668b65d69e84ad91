"""A card whose figures lead to what they add up: by a click, or by arrows and Enter."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from vending_app.domain.report import Opens
from vending_app.ui.components.surface import Surface
from vending_app.ui.paint import Ink
from vending_app.ui.theme import Look

BACK = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Up})
FORTH = frozenset({Qt.Key.Key_Right, Qt.Key.Key_Down})
PRESS = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space})


class Part(NamedTuple):
    """A figure with its place on the card, and where it leads."""

    place: QRectF
    opens: Opens


class Openable(Surface):
    """Signals: opened(Opens)."""

    opened = Signal(object)
    RADIUS = 6.0

    def __init__(self, look: Look, *, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(look, title=title, parent=parent)
        self.pointed: int | None = None
        """The part under the mouse, or the one that Enter opens."""
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def parts(self) -> list[Part]:
        """What may be opened, in the order of reading."""
        return []

    def show_parts(self) -> None:
        """Other figures: only a card that has some takes the cursor."""
        has_some = bool(self.parts())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if has_some else Qt.FocusPolicy.NoFocus)
        self._point_at(0 if has_some and self.hasFocus() else None)
        self.update()

    def draw_pointed(self, ink: Ink) -> None:
        """Below the figures, the place that a click or Enter opens."""
        parts = self.parts()
        if self.pointed is None or self.pointed >= len(parts):
            return
        place = parts[self.pointed].place
        ink.box(place, fill=ink.t.row_hover, radius=self.RADIUS)
        if self.hasFocus():
            ink.box(place, line=ink.t.accent, width=2, radius=self.RADIUS)

    # --- what a person does -----------------------------------------------------------------------------

    def _point_at(self, at: int | None) -> None:
        if at != self.pointed:
            self.pointed = at
            self.update()

    def _open(self, at: int | None) -> None:
        parts = self.parts()
        if at is not None and at < len(parts):
            self.opened.emit(parts[at].opens)

    def _under(self, event: QMouseEvent) -> int | None:
        places = (part.place for part in self.parts())
        return next((at for at, place in enumerate(places) if place.contains(event.position())), None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, count = Qt.Key(event.key()), len(self.parts())
        if key in BACK | FORTH and count > 1:
            step = -1 if key in BACK else 1
            self._point_at(max(0, min(count - 1, (self.pointed or 0) + step)))
        elif key in PRESS and self.pointed is not None:
            self._open(self.pointed)
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point_at(self._under(event))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._open(self._under(event))

    def leaveEvent(self, event: QEvent) -> None:
        if not self.hasFocus():
            self._point_at(None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.pointed is None and event.reason() is not Qt.FocusReason.MouseFocusReason:
            self._point_at(0)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._point_at(None)
        self.update()
