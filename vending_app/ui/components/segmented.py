"""A choice of two or three, all in sight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QWidget

from vending_app.ui.fonts import Face
from vending_app.ui.paint import LEFT, Ink, text_width
from vending_app.ui.theme import Look

_INSET = 3


@dataclass(frozen=True, slots=True)
class Choice:
    """One segment: its key for the program, its words and icon for people."""

    key: object
    text: str
    icon: str = ""


class _Segment(QAbstractButton):
    """One choice; the left and right arrow keys move along."""

    def __init__(self, look: Look, choice: Choice, parent: QWidget) -> None:
        super().__init__(parent)
        self.look, self.choice = look, choice
        self.setCheckable(True)
        self.setText(choice.text)
        self.setAccessibleName(choice.text)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.focusNextChild()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        with Ink(self, self.look) as ink:
            rect = QRectF(self.rect()).adjusted(0, 0, -1, 0)
            if self.isChecked():
                focused = self.hasFocus()
                line = ink.t.accent if focused else ink.t.line2
                ink.box(rect, fill=ink.t.segment, line=line, radius=6, width=2 if focused else 1)
            self._paint_words(ink, rect)

    def _paint_words(self, ink: Ink, rect: QRectF) -> None:
        chosen = self.isChecked()
        colour = ink.t.text if chosen or self.underMouse() else ink.t.muted
        face = Face.STRONG if chosen else Face.VALUE
        width = text_width(self.text(), face)
        icon = 24 if self.choice.icon else 0
        x = rect.left() + (rect.width() - width - icon) / 2
        if icon:
            ink.icon(QRectF(x, rect.center().y() - 8, 16, 16), self.choice.icon, colour)
        ink.text(QRectF(x + icon, rect.top(), width, rect.height()), self.text(), face=face, colour=colour, align=LEFT)


class Segmented(QWidget):
    """Signals: chosen(object) — the key of the choice, only when a person chose it."""

    chosen = Signal(object)

    def __init__(self, look: Look, choices: Sequence[Choice], *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self.choices = tuple(choices)
        self._segments = [_Segment(look, choice, self) for choice in choices]
        for segment in self._segments:
            self._group.addButton(segment)
        self._group.buttonClicked.connect(self._on_clicked)
        self.choose(choices[0].key)

    @property
    def key(self) -> object:
        """What is chosen."""
        return next(segment.choice.key for segment in self._segments if segment.isChecked())

    def choose(self, key: object) -> None:
        """Choose without telling; the tab key stops at what is chosen."""
        for segment in self._segments:
            is_it = segment.choice.key == key
            segment.setChecked(is_it)
            segment.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_it else Qt.FocusPolicy.ClickFocus)

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """Other words for the same keys (the narrow form), or as many other keys."""
        self.choices = tuple(choices)
        for segment, choice in zip(self._segments, choices, strict=True):
            if segment.choice.key != choice.key:
                segment.setAccessibleName(choice.text)
            segment.choice = choice
            segment.setText(choice.text)
            segment.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        count = len(self._segments)
        width = self.width() - 2 * _INSET
        for at, segment in enumerate(self._segments):
            left, right = width * at // count, width * (at + 1) // count
            segment.setGeometry(_INSET + left, _INSET, right - left, self.height() - 2 * _INSET)

    def paintEvent(self, event: QPaintEvent) -> None:
        with Ink(self, self.look) as ink:
            ink.box(QRectF(self.rect()), fill=ink.t.sunken, line=ink.t.line)

    def _on_clicked(self, segment: _Segment) -> None:
        self.chosen.emit(segment.choice.key)
