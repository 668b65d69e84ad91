"""Toasts: what happened beside the work; good news leaves by itself, bad news stays until it is solved."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QWidget

from vending_app.ui.components.buttons import Button
from vending_app.ui.fonts import Face
from vending_app.ui.paint import Ink
from vending_app.ui.theme import Look

WIDTH, HEIGHT = 360, 64
NARROW = 272
MARGIN = 8
"""Room for the shadow."""
MOST = 3
STAYS_MS = {"ok": 4000, "accent": 4000, "warn": 8000}
_ICONS = {"ok": "check-circle-fill", "accent": "info", "warn": "warning-fill", "bad": "x-circle-fill"}


@dataclass(frozen=True, slots=True)
class Note:
    """What a toast says; `about` lets a later one take its place, `verb` is what its button does."""

    title: str
    line: str
    tone: str
    about: str = ""
    verb: str = ""
    key: str = ""
    icon: str = ""


class Toast(QWidget):
    """Signals: pressed(Note), gone(Toast)."""

    pressed = Signal(object)
    gone = Signal(object)

    def __init__(self, look: Look, note: Note, parent: QWidget, *, width: int) -> None:
        super().__init__(parent)
        self.look, self.note = look, note
        self.setAccessibleName(f"{note.title}. {note.line}")
        self._button: Button | None = None
        if note.verb:
            self._button = Button(look, f"{note.verb}  {note.key}".strip(), face=Face.SMALL_STRONG, parent=self)
            self._button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._button.clicked.connect(self._on_pressed)
        if note.tone in STAYS_MS:
            timer = QTimer(self)
            timer.setSingleShot(True)
            timer.timeout.connect(self._on_over)
            timer.start(STAYS_MS[note.tone])
        self.set_wide(width)

    def set_wide(self, width: int) -> None:
        """As wide as its column, which may become narrow while it is shown."""
        self.wide = width
        self.setFixedSize(width + 2 * MARGIN, HEIGHT + 2 * MARGIN)
        if self._button is not None:
            taken = self._button.sizeHint().width()
            self._button.setGeometry(width + MARGIN - 8 - taken, MARGIN + 12, taken, 40)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with Ink(self, self.look) as ink:
            rect = QRectF(MARGIN, MARGIN, self.wide, HEIGHT)
            self._paint_shadow(ink, rect)
            ink.box(rect, fill=ink.t.card, line=ink.t.line, radius=10)
            strong = getattr(ink.t, self.note.tone)
            path = QPainterPath()
            path.addRoundedRect(rect, 10, 10)
            ink.painter.save()
            ink.painter.setClipPath(path)
            ink.painter.fillRect(QRectF(MARGIN, MARGIN, 4, HEIGHT), QColor(strong))
            ink.painter.restore()
            icon = self.note.icon or _ICONS[self.note.tone]
            indent = 56 if self.wide == WIDTH else 42
            ink.icon(QRectF(MARGIN + indent - 32, MARGIN + 22, 20, 20), icon, strong)
            room = self.wide - indent - (self._button.width() + 6 if self._button else 12)
            title = QRectF(MARGIN + indent, MARGIN + 13, room, 20)
            ink.text(title, self.note.title, face=Face.STRONG, may_elide=True)
            ink.text(title.translated(0, 18), self.note.line, face=Face.SMALL, colour=ink.t.muted, may_elide=True)

    def _paint_shadow(self, ink: Ink, rect: QRectF) -> None:
        """0 4 16, in eight soft layers."""
        shade = QColor(self.look.shadow)
        shade.setAlpha(max(shade.alpha() // 8, 2))
        for spread in range(8):
            ink.painter.setPen(Qt.PenStyle.NoPen)
            ink.painter.setBrush(shade)
            grown = rect.adjusted(-spread + 2, 4 - spread, spread - 2, spread - 1)
            ink.painter.drawRoundedRect(grown, 10 + spread, 10 + spread)

    def _on_pressed(self) -> None:
        self.pressed.emit(self.note)

    def _on_over(self) -> None:
        self.gone.emit(self)


class Toasts(QWidget):
    """The column of toasts. Signals: pressed(Note), resized()."""

    pressed = Signal(object)
    resized = Signal()

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look
        self._shown: list[Toast] = []
        self.setFixedWidth(WIDTH + 2 * MARGIN)
        self.hide()

    def set_narrow(self, narrow: bool) -> None:
        """As wide as the right column, beside the practice dock."""
        width = NARROW if narrow else WIDTH
        self.setFixedWidth(width + 2 * MARGIN)
        for toast in self._shown:
            toast.set_wide(width)

    @property
    def notes(self) -> tuple[Note, ...]:
        """What is said now."""
        return tuple(toast.note for toast in self._shown)

    def say(self, note: Note) -> None:
        """Show a note; one about the same thing makes room for it, and so does the oldest of too many."""
        self.solve(note.about)
        while len(self._shown) >= MOST:
            self._drop(self._shown[0])
        toast = Toast(self.look, note, self, width=self.width() - 2 * MARGIN)
        toast.pressed.connect(self.pressed)
        toast.gone.connect(self._drop)
        self._shown.append(toast)
        self._lay_out()

    def solve(self, about: str) -> None:
        """Take away what was said about this."""
        for toast in [each for each in self._shown if about and each.note.about == about]:
            self._drop(toast)

    def clear(self) -> None:
        """Take everything away."""
        for toast in list(self._shown):
            self._drop(toast)

    def _drop(self, toast: Toast) -> None:
        if toast in self._shown:
            self._shown.remove(toast)
            toast.hide()
            toast.deleteLater()
            self._lay_out()

    def _lay_out(self) -> None:
        for at, toast in enumerate(self._shown):
            toast.move(0, at * (HEIGHT + 8))
            toast.show()
        self.resize(self.width(), len(self._shown) * (HEIGHT + 8) + 2 * MARGIN)
        self.setVisible(bool(self._shown))
        self.raise_()
        self.resized.emit()
