"""Fields for money, energy and a PIN: figures from the keypad, and nothing that a wheel could change."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from vending_app.ui.fonts import Face, font
from vending_app.ui.paint import LEFT, RIGHT, Ink, text_width
from vending_app.ui.theme import Look

LONGEST = 14
"""Figures of the largest amount anybody types, with its marks."""
_KEYPAD = frozenset("0123456789.,")
ARROWS = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down})
"""Keys that a field leaves to its page when they mean nothing in it."""


class FigureField(QLineEdit):
    """A figure at the right, its label at the left; `.` and `,` are both the decimal mark.

    Signals: edited(str) — typed by a person; Qt's returnPressed.
    """

    edited = Signal(str)

    def __init__(
        self, look: Look, *, label: str, name: str, face: Face, key: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.look, self.label, self.face, self.key = look, label, face, key
        self.wrong = ""
        self.right_pad = 17
        self.says_inside = True
        """Whether what is wrong is said in the field; else whoever owns it says it below."""
        self.keypad_only = True
        self.setAccessibleName(name)
        self.setFrame(False)
        self.setFont(font(face))
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setMaxLength(LONGEST)
        self.textEdited.connect(self.edited)
        self.selectionChanged.connect(self.update)
        self.cursorPositionChanged.connect(self._on_cursor_moved)

    def set_face(self, face: Face, label: str) -> None:
        """Another size and label (the narrow form)."""
        self.face, self.label = face, label
        self.setFont(font(face))
        self.update()

    def set_wrong(self, sentence: str) -> None:
        """Say what is wrong with it; empty when nothing is."""
        self.wrong = sentence
        self.setAccessibleDescription(sentence)
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A wheel never changes an amount."""
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = event.text()
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.ShiftModifier,
        )
        if self.keypad_only and plain and text.isprintable() and text and text not in _KEYPAD:
            event.ignore()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        with Ink(self, self.look) as ink:
            self._paint_box(ink)
            used = self._paint_label(ink)
            self._paint_figure(ink, used)

    def _paint_box(self, ink: Ink) -> None:
        t, rect = ink.t, QRectF(self.rect())
        if not self.isEnabled():
            ink.box(rect, fill=t.sunken, line=t.line)
        elif self.wrong:
            ink.box(rect, fill=t.card, line=t.bad, width=2)
        elif self.hasFocus():
            ink.box(rect, fill=t.card, line=t.accent, width=2)
        else:
            ink.box(rect, fill=t.card, line=t.edge)

    def _paint_label(self, ink: Ink) -> float:
        x, middle = 17.0, self.height() / 2
        if self.key:
            x += ink.cap(x, middle, self.key) + 8
        right = self.width() - self.right_pad - self._text_width() - 12
        rect = QRectF(x, 2, max(right - x, 0), self.height() - 4)
        if self.wrong and self.says_inside and ink.has_room(rect, self.wrong, face=Face.SMALL):
            ink.paragraph(rect, self.wrong, face=Face.SMALL, colour=ink.t.bad)
            return rect.right()
        colour = ink.t.bad if self.wrong else ink.t.muted
        return x + ink.text(rect, self.label, face=Face.BODY, colour=colour, may_elide=True)

    def _text_width(self) -> int:
        return text_width(self.displayText(), self.face)

    def _paint_figure(self, ink: Ink, used: float) -> None:
        right = self.width() - self.right_pad - (6 if self.hasFocus() else 0)
        text, metrics = self.displayText(), QFontMetricsF(font(self.face))
        rect = QRectF(used, 0, right - used, self.height())
        if self.hasSelectedText():
            start = self.selectionStart()
            after = metrics.horizontalAdvance(text[start + len(self.selectedText()) :])
            width = metrics.horizontalAdvance(self.selectedText())
            box = QRectF(right - after - width - 1, self.height() / 2 - 15, width + 2, 30)
            ink.box(box, fill=ink.t.accent_soft, radius=4)
        ink.text(rect, text, face=self.face, colour=ink.t.text, align=RIGHT)
        if self.hasFocus() and not self.hasSelectedText():
            behind = metrics.horizontalAdvance(text[self.cursorPosition() :])
            height = 24 if self.height() < 60 else 30
            x = right - behind + 4
            ink.painter.fillRect(QRectF(x, self.height() / 2 - height / 2, 2, height), ink.t.accent)

    def _on_cursor_moved(self, _before: int, _after: int) -> None:
        self.update()


class PinField(QLineEdit):
    """A PIN as discs; figures only, as many as the operator's PIN has."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.figures = 6
        self.wrong = False
        self.setFrame(False)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setAccessibleName("PIN")
        self.textChanged.connect(self._on_typed)

    def set_figures(self, figures: int) -> None:
        """How many figures the PIN of the chosen operator has."""
        self.figures = figures
        self.setMaxLength(figures)
        self.clear()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = event.text()
        if event.key() in ARROWS:
            event.ignore()
            return
        if text and text.isprintable() and not (text.isascii() and text.isdigit()):
            event.ignore()
            return
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        with Ink(self, self.look) as ink:
            line = ink.t.bad if self.wrong else ink.t.accent if self.hasFocus() else ink.t.edge
            width = 2 if self.wrong or self.hasFocus() else 1
            ink.box(QRectF(self.rect()), fill=ink.t.card, line=line, width=width)
            x = self.width() / 2 - (self.figures - 1) * 16
            for at in range(self.figures):
                middle = QRectF(x + at * 32, self.height() / 2, 0, 0).topLeft()
                if at < len(self.text()):
                    ink.disc(middle, 7, fill=ink.t.text)
                else:
                    ink.disc(middle, 7, line=ink.t.edge, width=1.3)

    def _on_typed(self, _text: str) -> None:
        self.wrong = False
        self.update()


class TextField(QLineEdit):
    """Plain text, 40 high, with a hint while it is empty; the style sheet gives it its frame."""

    def __init__(self, *, name: str, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setPlaceholderText(hint)
        self.setFont(font(Face.BODY))
        self.setAlignment(LEFT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ARROWS and not self.text():
            event.ignore()
            return
        super().keyPressEvent(event)

    def set_wrong(self, wrong: bool) -> None:
        """Show its border as wrong."""
        if self.property("wrong") != wrong:
            self.setProperty("wrong", wrong)
            self.style().unpolish(self)
            self.style().polish(self)
