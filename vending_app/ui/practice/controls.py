"""Switches and the load slider of the practice counter."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from vending_app.ui.fonts import Face
from vending_app.ui.paint import CENTRE, Ink
from vending_app.ui.theme import Look

HOUSEHOLD_W, BUSINESS_W = 10_000, 30_000
"""The ends of the scale: the limit of the meter decides which."""
STEPS = 50
_SIDE = 8


class Switch(QAbstractButton):
    """Words at the left, the switch at the right; Space or Enter turns it."""

    def __init__(self, look: Look, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        with Ink(self, self.look) as ink:
            t, on = ink.t, self.isChecked()
            ink.text(QRectF(0, 0, self.width() - 48, self.height()), self.text())
            body = QRectF(self.width() - 39, self.height() / 2 - 10, 39, 20)
            if self.hasFocus():
                ink.box(body.adjusted(-3, -3, 3, 3), line=t.accent, width=2, radius=13)
            ink.box(body, fill=t.practice if on else t.card, line=t.practice if on else t.edge, radius=10)
            x = body.right() - 10.5 if on else body.left() + 10.5
            ink.disc(QPointF(x, body.center().y()), 7, fill=t.on if on else t.edge)


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that can be chosen, and its words."""

    key: str
    words: str


class Chooser(QAbstractButton):
    """A word at the left, what is chosen at the right; arrow keys and clicks go on to the next one.

    The first option is the quiet one. Signals: chosen(str) — its key.
    """

    chosen = Signal(str)

    def __init__(self, look: Look, text: str, options: tuple[Option, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look, self.options, self.at = look, options, 0
        self.setText(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(self._on_clicked)
        self.choose(options[0].key)

    def choose(self, key: str) -> None:
        """Show a choice without telling."""
        self.at = next(at for at, option in enumerate(self.options) if option.key == key)
        self.setAccessibleName(f"{self.text()}: {self.options[self.at].words}")
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Space: 1,
            Qt.Key.Key_Return: 1,
            Qt.Key.Key_Enter: 1,
        }.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        self._go(step)

    def _on_clicked(self) -> None:
        self._go(1)

    def _go(self, step: int) -> None:
        self.choose(self.options[(self.at + step) % len(self.options)].key)
        self.chosen.emit(self.options[self.at].key)

    def paintEvent(self, event: QPaintEvent) -> None:
        with Ink(self, self.look) as ink:
            t, is_on = ink.t, self.at > 0
            left = ink.text(QRectF(0, 0, 120, self.height()), self.text()) + 10
            body = QRectF(left, 1, self.width() - left, self.height() - 2)
            ink.box(body, fill=t.practice if is_on else t.card, line=t.practice if is_on else t.edge, radius=6)
            if self.hasFocus():
                ink.box(body, line=t.accent, width=2, radius=6)
            colour = t.on if is_on else t.text
            words = body.adjusted(18, 0, -18, 0)
            ink.text(words, self.options[self.at].words, face=Face.SMALL_VALUE, colour=colour, align=CENTRE)
            for x, name in ((body.left() + 5, "caret-left"), (body.right() - 17, "caret-right")):
                ink.icon(QRectF(x, body.center().y() - 6, 12, 12), name, colour)


class Chip(QAbstractButton):
    """A small switch: filled while it is on. Space or Enter turns it."""

    def __init__(self, look: Look, text: str, *, name: str, remark: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look, self.remark = look, remark
        self.setText(text)
        self.setAccessibleName(name)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        with Ink(self, self.look) as ink:
            t, on, rect = ink.t, self.isChecked(), QRectF(self.rect())
            edge = t.practice if on or self.underMouse() else t.edge
            ink.box(rect, fill=t.practice if on else t.card, line=edge, radius=6)
            if self.hasFocus():
                ink.box(rect, line=t.accent, width=2, radius=6)
            words = rect.adjusted(3, 0, -3, -rect.height() / 2 + 2) if self.remark else rect.adjusted(3, 0, -3, 0)
            ink.text(words, self.text(), face=Face.SMALL_STRONG, colour=t.on if on else t.text, align=CENTRE)
            if self.remark:
                below = QRectF(rect.left() + 3, rect.center().y() - 1, rect.width() - 6, rect.height() / 2 - 2)
                ink.text(below, self.remark, face=Face.CAPTION, colour=t.on if on else t.muted, align=CENTRE)


class LoadSlider(QWidget):
    """0 to 10 kW, or 30 for a business, with the tick of the overload limit. Signals: chosen(int) — watts."""

    chosen = Signal(int)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.load_w, self.limit_w, self.most_w = 0, 0, HOUSEHOLD_W
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Load")

    def show_load(self, load_w: int, *, limit_w: int) -> None:
        """Show a load without telling."""
        self.load_w, self.limit_w = load_w, limit_w
        self.most_w = HOUSEHOLD_W if limit_w < HOUSEHOLD_W else BUSINESS_W
        self.setAccessibleDescription(f"{load_w} W, limit {limit_w} W")
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        size = self.most_w // STEPS
        step = {Qt.Key.Key_Left: -size, Qt.Key.Key_Right: size}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        self._choose(self.load_w + step)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._choose_at(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._choose_at(event.position().x())

    def _choose_at(self, x: float) -> None:
        self._choose(round((x - _SIDE) / (self.width() - 2 * _SIDE) * STEPS) * (self.most_w // STEPS))

    def _choose(self, watts: int) -> None:
        watts = max(0, min(watts, self.most_w))
        if watts != self.load_w:
            self.load_w = watts
            self.update()
            self.chosen.emit(watts)

    def _x(self, watts: int) -> float:
        return _SIDE + (self.width() - 2 * _SIDE) * min(watts, self.most_w) / self.most_w

    def paintEvent(self, event: QPaintEvent) -> None:
        with Ink(self, self.look) as ink:
            t, end = ink.t, self._x(self.load_w)
            ink.box(QRectF(_SIDE, 10, self.width() - 2 * _SIDE, 6), fill=t.practice_line, radius=3)
            ink.box(QRectF(_SIDE, 10, max(end - _SIDE, 6), 6), fill=t.practice, radius=3)
            if self.limit_w:
                ink.box(QRectF(self._x(self.limit_w) - 1, 5, 2, 16), fill=t.bad, radius=0)
            if self.hasFocus():
                ink.disc(QPointF(end, 13), 12, line=t.accent, width=2)
            ink.disc(QPointF(end, 13), 8.5, fill=t.card, line=t.practice, width=2)
            self._paint_scale(ink)

    def _paint_scale(self, ink: Ink) -> None:
        most = self.most_w // 1000
        limit = self.limit_w // 1000 if self.limit_w and self.limit_w % (most * 200) == 0 else -1
        for kilowatts in range(0, most + 1, most // 5):
            is_limit = kilowatts == limit
            words = f"{kilowatts} limit" if is_limit else str(kilowatts)
            middle = min(max(self._x(kilowatts * 1000), _SIDE + 4), self.width() - _SIDE - 8)
            colour = ink.t.bad if is_limit else ink.t.muted
            ink.text(QRectF(middle - 30, 24, 60, 18), words, face=Face.CAPTION, colour=colour, align=CENTRE)
