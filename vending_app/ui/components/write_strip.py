"""Three discs for the three steps of a write: open, running, done, broken."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QHideEvent, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QWidget

from vending_app.ui.fonts import Face
from vending_app.ui.paint import CENTRE, Ink
from vending_app.ui.theme import Look

STEPS = ("Writing", "Checking", "Done, take the card")
BRIEF = ("Writing", "Checking", "Take the card")
TURN_MS = 900
FRAME_MS = 30
_APART = 166


class Step(Enum):
    """The state of one disc."""

    OPEN = "open"
    RUNNING = "running"
    DONE = "done"
    BROKEN = "broken"


RUNNING = (Step.RUNNING, Step.OPEN, Step.OPEN)
CHECKING = (Step.DONE, Step.RUNNING, Step.OPEN)
ALL_DONE = (Step.DONE, Step.DONE, Step.DONE)
BROKEN = (Step.BROKEN, Step.OPEN, Step.OPEN)
BROKEN_CHECKING = (Step.DONE, Step.BROKEN, Step.OPEN)


class WriteStrip(QWidget):
    """72 high; the running ring turns unless less motion is wanted."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.steps = (Step.OPEN,) * 3
        self.share: tuple[int, int] | None = None
        """How much of the running step is done, of how much; None where nobody can say."""
        self._angle = 0
        self._turn = QTimer(self)
        self._turn.setInterval(FRAME_MS)
        self._turn.timeout.connect(self._on_frame)

    def sizeHint(self) -> QSize:
        return QSize(476, 72)

    def show_steps(self, steps: tuple[Step, Step, Step]) -> None:
        """Show where the write stands."""
        self.steps, self.share = steps, None
        self.setAccessibleName(", ".join(f"{n}: {s.value}" for n, s in zip(STEPS, steps, strict=True)))
        self._run()
        self.update()

    def show_share(self, done: int, of: int) -> None:
        """The running step has come so far: its ring fills instead of turning."""
        self.share = (done, of)
        running = next((name for name, step in zip(STEPS, self.steps, strict=True) if step is Step.RUNNING), "")
        self.setAccessibleDescription(f"{running}, {done} of {of}" if running else "")
        self._run()
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        self._run()

    def hideEvent(self, event: QHideEvent) -> None:
        self._turn.stop()

    @property
    def _apart(self) -> int:
        """Between two discs; less where the last word would not fit."""
        return _APART if self.width() >= 2 * _APART + 130 else (self.width() - 110) // 2

    def _run(self) -> None:
        if Step.RUNNING in self.steps and self.share is None and self.isVisible() and not self.look.less_motion:
            self._turn.start()
        else:
            self._turn.stop()

    def _on_frame(self) -> None:
        self._angle = (self._angle + 360 * FRAME_MS // TURN_MS) % 360
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with Ink(self, self.look) as ink:
            for at in range(3):
                middle = QPointF(self.width() / 2 + (at - 1) * self._apart, 20)
                if at < 2:
                    joined = self.steps[at] is Step.DONE
                    colour = ink.t.ok if joined else ink.t.line2
                    ink.box(QRectF(middle.x() + 29, middle.y() - 1.5, self._apart - 58, 3), fill=colour, radius=1.5)
                self._paint_disc(ink, at, middle)

    def _paint_disc(self, ink: Ink, at: int, middle: QPointF) -> None:
        t, step = ink.t, self.steps[at]
        number = QRectF(middle.x() - 18, middle.y() - 18, 36, 36)
        label, face = t.muted, Face.VALUE
        if step is Step.DONE:
            ink.disc(middle, 18, fill=t.ok)
            ink.icon(QRectF(middle.x() - 9, middle.y() - 9, 18, 18), "check-bold", t.on)
            label, face = t.ok, Face.STRONG
        elif step is Step.BROKEN:
            ink.disc(middle, 18, fill=t.bad_soft, line=t.bad, width=2)
            ink.icon(QRectF(middle.x() - 9, middle.y() - 9, 18, 18), "x-bold", t.bad)
            label, face = t.bad, Face.STRONG
        elif step is Step.RUNNING:
            self._paint_ring(ink, middle)
            ink.text(number, str(at + 1), face=Face.STRONG, colour=t.accent, align=CENTRE)
            label, face = t.text, Face.STRONG
        else:
            ink.disc(middle, 18, fill=t.card, line=t.line2, width=2)
            ink.text(number, str(at + 1), face=Face.STRONG, colour=t.muted, align=CENTRE)
        words = QRectF(middle.x() - 80, 46, 160, 20)
        shown = STEPS if self._apart == _APART else BRIEF
        so_far = f" {self.share[0]} of {self.share[1]}" if self.share and step is Step.RUNNING else ""
        ink.text(words, shown[at] + so_far, face=face, colour=label, align=CENTRE)

    def _paint_ring(self, ink: Ink, middle: QPointF) -> None:
        ink.disc(middle, 20, fill=ink.t.accent_soft, line=ink.t.accent_line, width=4)
        pen = QPen(QColor(ink.t.accent), 4)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        ink.painter.setPen(pen)
        turned = 150 if self.share is None else 360 * self.share[0] // self.share[1]
        start = 90 - (self._angle if self.share is None else 0)
        ring = QRectF(middle.x() - 18, middle.y() - 18, 36, 36)
        ink.painter.drawArc(ring, start * 16, -turned * 16)
