"""The nine keys under every page; a key that is off stays, dashed and muted."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from vending_app.ui.fonts import Face
from vending_app.ui.paint import LEFT, Ink, cap_width, text_width
from vending_app.ui.theme import Look

HEIGHT = 32
GAP = 8


@dataclass(frozen=True, slots=True)
class KeyWord:
    """A key and what it does, in the long and the short form."""

    key: str
    word: str
    short: str


KEYS = (
    KeyWord("F1", "Help", "Help"),
    KeyWord("F3", "Find customer", "Find"),
    KeyWord("F5", "Read again", "Read"),
    KeyWord("F6", "History", "History"),
    KeyWord("F7", "Reprint", "Reprint"),
    KeyWord("F8", "Drawer", "Drawer"),
    KeyWord("F9", "New customer", "New"),
    KeyWord("F10", "Reports", "Reports"),
    KeyWord("F11", "Lock", "Lock"),
)


class _Key(QAbstractButton):
    """A key that can be clicked too; the tab key passes it by."""

    def __init__(self, look: Look, key: KeyWord, parent: QWidget) -> None:
        super().__init__(parent)
        self.look, self.key = look, key
        self.setText(key.word)
        self.setAccessibleName(f"{key.key} {key.word}")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    @property
    def needed(self) -> int:
        """How wide it must be for its words."""
        return 14 + cap_width(self.key.key) + 6 + text_width(self.text(), Face.SMALL_VALUE)

    def paintEvent(self, event: QPaintEvent) -> None:
        with Ink(self, self.look) as ink:
            off = not self.isEnabled()
            line = ink.t.line2 if off else ink.t.edge if self.underMouse() else ink.t.line
            ink.box(QRectF(self.rect()), fill="" if off else ink.t.card, line=line, dashed=off)
            words = text_width(self.text(), Face.SMALL_VALUE)
            cap = cap_width(self.key.key)
            x = (self.width() - words - cap - 6) / 2
            ink.cap(x, self.height() / 2, self.key.key)
            colour = ink.t.muted if off else ink.t.text
            ink.text(
                QRectF(x + cap + 6, 0, words + 1, self.height()),
                self.text(),
                face=Face.SMALL_VALUE,
                colour=colour,
                align=LEFT,
            )


class KeyBar(QWidget):
    """Signals: pressed(str) — the name of the key."""

    pressed = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self._keys = [_Key(look, key, self) for key in KEYS]
        for key in self._keys:
            key.clicked.connect(self._on_clicked)
        self.set_off(frozenset())

    def sizeHint(self) -> QSize:
        return QSize(1262, HEIGHT)

    def set_off(self, keys: frozenset[str]) -> None:
        """Which keys do nothing now, besides those of a later release."""
        for key in self._keys:
            key.setEnabled(key.key.key not in keys)

    def is_on(self, name: str) -> bool:
        """Whether a key does something now."""
        return any(key.key.key == name and key.isEnabled() for key in self._keys)

    def set_narrow(self, narrow: bool) -> None:
        """Short words beside the practice dock."""
        for key in self._keys:
            key.setText(key.key.short if narrow else key.key.word)
        self._lay_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        """Equal widths, but a key whose words need more gets more."""
        room = self.width() - GAP * (len(self._keys) - 1)
        needs = [key.needed for key in self._keys]
        fair = room // len(self._keys)
        large = [need for need in needs if need > fair]
        rest = (room - sum(large)) // max(len(needs) - len(large), 1)
        x = 0
        for at, (key, need) in enumerate(zip(self._keys, needs, strict=True)):
            width = need if need > fair else rest
            if at == len(self._keys) - 1:
                width = self.width() - x
            key.setGeometry(x, 0, width, HEIGHT)
            x += width + GAP

    def _on_clicked(self) -> None:
        key = self.sender()
        if isinstance(key, _Key):
            self.pressed.emit(key.key.key)
