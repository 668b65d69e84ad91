"""A switch and the load slider of the practice dock."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from vending_app.ui.fonts import Face
from vending_app.ui.paint import CENTRE, Ink
from vending_app.ui.theme import Look

MOST_W = 10_000
STEP_W = 200
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


class LoadSlider(QWidget):
    """0 to 10 kW with the tick of the overload limit. Signals: chosen(int) — watts."""

    chosen = Signal(int)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.load_w, self.limit_w = 0, 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Load")

    def show_load(self, load_w: int, *, limit_w: int) -> None:
        """Show a load without telling."""
        self.load_w, self.limit_w = load_w, limit_w
        self.setAccessibleDescription(f"{load_w} W, limit {limit_w} W")
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -STEP_W, Qt.Key.Key_Right: STEP_W}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        self._choose(self.load_w + step)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._choose_at(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._choose_at(event.position().x())

    def _choose_at(self, x: float) -> None:
        self._choose(round((x - _SIDE) / (self.width() - 2 * _SIDE) * MOST_W / STEP_W) * STEP_W)

    def _choose(self, watts: int) -> None:
        watts = max(0, min(watts, MOST_W))
        if watts != self.load_w:
            self.load_w = watts
            self.update()
            self.chosen.emit(watts)

    def _x(self, watts: int) -> float:
        return _SIDE + (self.width() - 2 * _SIDE) * min(watts, MOST_W) / MOST_W

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
        limit = self.limit_w // 1000 if self.limit_w and self.limit_w % 2000 == 0 else -1
        for kilowatts in range(0, 11, 2):
            is_limit = kilowatts == limit
            words = f"{kilowatts} limit" if is_limit else str(kilowatts)
            middle = min(max(self._x(kilowatts * 1000), _SIDE + 4), self.width() - _SIDE - 8)
            colour = ink.t.bad if is_limit else ink.t.muted
            ink.text(QRectF(middle - 30, 24, 60, 18), words, face=Face.CAPTION, colour=colour, align=CENTRE)
