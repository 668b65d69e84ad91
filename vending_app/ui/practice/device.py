"""The practice meter drawn as a device: display, lamps, card slot."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QLinearGradient,
    QMouseEvent,
    QPainterPath,
    QPaintEvent,
    QPen,
    QRadialGradient,
)
from PySide6.QtWidgets import QWidget

from vending_app.domain.display import DisplayPage, after_card, inquiry
from vending_app.domain.ids import spaced
from vending_app.domain.meter import Insertion, MeterView, RelayState, TripReason
from vending_app.ui.components.plastic import draw_plastic
from vending_app.ui.fonts import Face
from vending_app.ui.paint import CENTRE, RIGHT, Ink
from vending_app.ui.practice.segments import LIT, draw_figure
from vending_app.ui.sell.meter_card import short_energy
from vending_app.ui.theme import Look

WIDTH, HEIGHT = 288, 216
"""As it is drawn; a wider widget shows it larger."""
_TRIPS = {
    TripReason.NONE: "closed",
    TripReason.LOW_CREDIT: "low credit",
    TripReason.ZERO: "at zero",
    TripReason.OVERLOAD: "overload",
}
PULSE_MS = 120
INSERTION_MS = 6000
"""How long the display tells of a card before it shows its registers again."""
CYCLE_MS = 3000
"""How long each register stays on a display that cycles."""


class MeterDevice(QWidget):
    """288 × 216 or larger; the pulse lamp blinks with the load unless less motion is wanted.

    The small one shows what remains. One that `cycles` goes through the inquiry registers; the arrow keys turn its
    pages, and so does a click. Signals: turned() — another page shows.
    """

    turned = Signal()

    def __init__(self, look: Look, *, cycles: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look, self.cycles = look, cycles
        self.view: MeterView | None = None
        self.insertion: Insertion | None = None
        self.card_colour = ""
        """Of the card in the slot; empty if there is none."""
        self.load_w = 0
        self.at = 0
        """Which of the registers shows."""
        self._is_lit = True
        self._pulse = QTimer(self)
        self._pulse.timeout.connect(self._on_pulse)
        self._told = QTimer(self)
        self._told.setSingleShot(True)
        self._told.timeout.connect(self._on_told)
        self._cycle = QTimer(self)
        self._cycle.setInterval(CYCLE_MS)
        self._cycle.timeout.connect(self._on_cycle)
        if cycles:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self._cycle.start()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, HEIGHT)

    def show_meter(
        self, view: MeterView | None, *, insertion: Insertion | None, load_w: int, card_colour: str = ""
    ) -> None:
        """Show a meter, and for a while what it did with a card."""
        if insertion is None:
            self._told.stop()
        elif insertion is not self.insertion:
            self._told.start(INSERTION_MS)
            self.at = 0
        self.view, self.insertion, self.load_w, self.card_colour = view, insertion, load_w, card_colour
        self._time_pulses()
        self._tell()

    @property
    def _closed(self) -> bool:
        return self.view is not None and self.view.has_power and self.view.relay is RelayState.CLOSED

    @property
    def milli_pulses(self) -> int:
        """Pulses in a thousand seconds."""
        if self.view is None or not self._closed:
            return 0
        return self.load_w * self.view.constant_imp_per_kwh // 3600

    @property
    def page(self) -> DisplayPage | None:
        """What the display says; None while it is dark."""
        if self.view is None:
            return None
        if self.insertion is not None and self._told.isActive():
            said = after_card(self.insertion)
            if said is not None:
                return said
        pages = inquiry(self.view)
        return pages[self.at % len(pages)] if pages else None

    @property
    def tags(self) -> tuple[str, ...]:
        """The marks on the glass."""
        if self.view is None or not self.view.has_power:
            return ()
        marks = {"COVER": self.view.is_cover_open, "ALARM": self.view.is_alarm}
        return tuple(name for name, is_on in marks.items() if is_on)

    def relay_word(self) -> str:
        """What the lamp of the relay means now."""
        if self.view is None:
            return "open"
        return _TRIPS[self.view.reason] if self.view.has_power else "no mains"

    def turn(self, step: int) -> None:
        """To another register; what was told of a card is over."""
        self._told.stop()
        self.at += step
        if self._cycle.isActive():
            self._cycle.start()
        self._tell()
        self.turned.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        back = event.key() in {Qt.Key.Key_Left, Qt.Key.Key_Up}
        if not self.cycles or not (back or event.key() in {Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Space}):
            super().keyPressEvent(event)
            return
        self.turn(-1 if back else 1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.cycles:
            self.turn(1)

    def _tell(self) -> None:
        page = self.page
        said = f"{page.caption} {page.figure} {page.unit}".rstrip() if page else "The display is dark"
        self.setAccessibleName("Meter: " + ", ".join((said, *self.tags, f"relay {self.relay_word()}")))
        self.update()

    def _time_pulses(self) -> None:
        rate = self.milli_pulses
        if not rate or self.look.less_motion or not self.isVisible():
            self._pulse.stop()
            self._is_lit = True
            return
        self._pulse.setInterval(max(1_000_000 // rate, PULSE_MS * 2))
        if not self._pulse.isActive():
            self._pulse.start()

    def _on_pulse(self) -> None:
        self._is_lit = not self._is_lit
        self.update()

    def _on_told(self) -> None:
        self._tell()

    def _on_cycle(self) -> None:
        """A page that nobody sees stays where it is."""
        if self.isVisible() and not self._told.isActive():
            self.turn(1)

    # --- drawing ----------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        with Ink(self, self.look) as ink:
            ink.painter.scale(self.width() / WIDTH, self.width() / WIDTH)
            self._paint_case(ink)
            self._paint_display(ink, QRectF(15, 31, WIDTH - 30, 84))
            if self.hasFocus():
                ink.box(QRectF(11, 27, WIDTH - 22, 92), line=ink.t.accent, width=2, radius=9)
            self._paint_lamps(ink)
            self._paint_slot(ink)

    def _paint_case(self, ink: Ink) -> None:
        rect = QRectF(0.5, 0.5, WIDTH - 1, 194)
        gradient = QLinearGradient(rect.topLeft(), rect.bottomLeft())
        gradient.setColorAt(0, QColor("#fbfcfd"))
        gradient.setColorAt(1, QColor("#dfe4ea"))
        path = QPainterPath()
        path.addRoundedRect(rect, 18, 18)
        ink.painter.fillPath(path, gradient)
        ink.painter.setBrush(Qt.BrushStyle.NoBrush)
        ink.painter.setPen(QPen(QColor("#c3ccd6"), 1))
        ink.painter.drawPath(path)
        if self.view is not None:
            row = QRectF(19, 7, WIDTH - 38, 20)
            ink.text(row, spaced(self.view.meter), face=Face.SMALL_STRONG, colour="#1b2430")
            constant = f"{self.view.constant_imp_per_kwh} imp/kWh"
            ink.text(row, constant, face=Face.SMALL_VALUE, colour="#5b6776", align=RIGHT)

    def _paint_display(self, ink: Ink, rect: QRectF) -> None:
        ink.box(rect, fill="#29323c", radius=6)
        glass = rect.adjusted(4, 4, -4, -4)
        gradient = QLinearGradient(glass.topLeft(), glass.bottomLeft())
        has_power = self.view is None or self.view.has_power
        gradient.setColorAt(0, QColor("#c6d4b8" if has_power else "#8d9787"))
        gradient.setColorAt(1, QColor("#b5c6a8" if has_power else "#7f8a79"))
        path = QPainterPath()
        path.addRoundedRect(glass, 3, 3)
        ink.painter.fillPath(path, gradient)
        page = self.page
        row = QRectF(glass.left() + 10, glass.top() + 3, glass.width() - 20, 18)
        if self.view is None:
            ink.text(row, "NO METER", face=Face.SMALL_STRONG, colour=LIT)
        if page is None:
            return
        ink.text(row, page.caption, face=Face.SMALL_STRONG, colour=LIT)
        for at, name in enumerate(reversed(self.tags)):
            tag = QRectF(glass.right() - 63 - 56 * at, glass.top() + 5, 52, 15)
            ink.box(tag, fill=LIT, radius=2)
            ink.text(tag, name, face=Face.CAPTION_STRONG, colour="#c1d0b3", align=CENTRE)
        draw_figure(ink, QPointF(glass.left() + 14, glass.top() + 26), page.figure)
        unit = QRectF(glass.right() - 60, glass.bottom() - 27, 50, 18)
        ink.text(unit, page.unit, face=Face.SMALL_STRONG, colour=LIT, align=RIGHT)

    def _paint_lamps(self, ink: Ink) -> None:
        view = self.view
        tenths = self.milli_pulses // 100
        pulse = f"{tenths // 10}.{tenths % 10} / s"
        alarm = short_energy(view.alarm_1) if view else ""
        lit = self._is_lit and bool(self.milli_pulses)
        lamps = (
            (33, "Pulse", pulse, "#e03a2f", lit),
            (121, "Relay", self.relay_word(), "#1fa971" if self._closed else "#e03a2f", bool(view and view.has_power)),
            (209, "Alarm", alarm, "#f0a94a", "ALARM" in self.tags),
        )
        for x, word, state, colour, on in lamps:
            self._paint_lamp(ink, QPointF(x, 139), colour, on=on)
            ink.text(QRectF(x + 14, 120, 80, 20), word, face=Face.SMALL_STRONG, colour="#1b2430")
            ink.text(QRectF(x + 14, 136, 74, 20), state, face=Face.SMALL_VALUE, colour="#5b6776", may_elide=True)

    def _paint_lamp(self, ink: Ink, middle: QPointF, colour: str, *, on: bool) -> None:
        if on:
            glow = QRadialGradient(middle, 16)
            near, far = QColor(colour), QColor(colour)
            near.setAlpha(120)
            far.setAlpha(0)
            glow.setColorAt(0, near)
            glow.setColorAt(1, far)
            ink.painter.setPen(Qt.PenStyle.NoPen)
            ink.painter.setBrush(glow)
            ink.painter.drawEllipse(middle, 16, 16)
        ink.disc(
            middle, 6.5, fill=colour if on else "#aab3bd", line=QColor(colour).darker(130).name() if on else "#87919c"
        )
        ink.disc(middle + QPointF(-2, -2), 1.6, fill="#ffffff")

    def _paint_slot(self, ink: Ink) -> None:
        plate = QRectF(12.5, 170.5, WIDTH - 25, 44)
        gradient = QLinearGradient(plate.topLeft(), plate.bottomLeft())
        gradient.setColorAt(0, QColor("#d3dae2"))
        gradient.setColorAt(1, QColor("#bcc6d0"))
        path = QPainterPath()
        path.addRoundedRect(plate, 8, 8)
        ink.painter.fillPath(path, gradient)
        ink.painter.setBrush(Qt.BrushStyle.NoBrush)
        ink.painter.setPen(QPen(QColor("#a9b4bf"), 1))
        ink.painter.drawPath(path)
        middle = WIDTH / 2
        ink.box(QRectF(middle - 79, 184.5, 158, 11), fill="#333d48", radius=5)
        ink.box(QRectF(middle - 73, 188, 146, 4), fill="#10151a", radius=2)
        if self.card_colour:
            ink.painter.save()
            ink.painter.setClipRect(QRectF(middle - 66, 190, 132, 24))
            draw_plastic(ink.painter, QRectF(middle - 66, 138, 132, 84), self.card_colour)
            ink.painter.restore()
        for x in (33, WIDTH - 33):
            ink.disc(QPointF(x, 194), 7, fill="#e9edf1", line="#98a4b0")
            ink.line(QLineF(x - 4, 190, x + 4, 198), colour="#6b7886")
