"""The practice meter drawn as a device: display, lamps, card slot."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QLinearGradient, QPainterPath, QPaintEvent, QPen, QPolygonF, QRadialGradient
from PySide6.QtWidgets import QWidget

from vending_app.domain.energy import Energy
from vending_app.domain.ids import spaced
from vending_app.domain.meter import Insertion, MeterView, RelayState, TripReason
from vending_app.ui.fonts import Face
from vending_app.ui.paint import CENTRE, RIGHT, Ink
from vending_app.ui.sell.meter_card import short_energy
from vending_app.ui.theme import Look

HEIGHT = 216
_LIT, _UNLIT = "#141c14", "#b3c1a9"
_SEGMENTS = {
    "0": "abcdef",
    "1": "bc",
    "2": "abged",
    "3": "abgcd",
    "4": "fgbc",
    "5": "afgcd",
    "6": "afgedc",
    "7": "abc",
    "8": "abcdefg",
    "9": "abcfgd",
    "-": "g",
    "E": "afged",
    " ": "",
}
_TRIPS = {
    TripReason.NONE: "open",
    TripReason.LOW_CREDIT: "low credit",
    TripReason.ZERO: "at zero",
    TripReason.OVERLOAD: "overload",
}
PULSE_MS = 120
INSERTION_MS = 6000
"""How long the display tells of a card before it shows the remaining energy again."""


class MeterDevice(QWidget):
    """288 × 216; the pulse lamp blinks with the load unless less motion is wanted."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.view: MeterView | None = None
        self.insertion: Insertion | None = None
        self.load_w = 0
        self._is_lit = True
        self._pulse = QTimer(self)
        self._pulse.timeout.connect(self._on_pulse)
        self._told = QTimer(self)
        self._told.setSingleShot(True)
        self._told.timeout.connect(self._on_told)

    def sizeHint(self) -> QSize:
        return QSize(288, HEIGHT)

    def show_meter(self, view: MeterView | None, *, insertion: Insertion | None, load_w: int) -> None:
        """Show a meter, and for a while what it did with a card."""
        if insertion is not None and insertion is not self.insertion and insertion != self.insertion:
            self._told.start(INSERTION_MS)
        self.view, self.insertion, self.load_w = view, insertion, load_w
        self._time_pulses()
        self.setAccessibleName(f"{self.caption()} {self.figure()}")
        self.update()

    @property
    def _closed(self) -> bool:
        return self.view is not None and self.view.relay is RelayState.CLOSED

    @property
    def milli_pulses(self) -> int:
        """Pulses in a thousand seconds."""
        if self.view is None or not self._closed:
            return 0
        return self.load_w * self.view.constant_imp_per_kwh // 3600

    def caption(self) -> str:
        """What the display says above the figure."""
        if self.view is None:
            return "NO METER"
        if self.insertion is not None and self._told.isActive():
            if self.insertion.decision.error_code:
                return "CARD REFUSED"
            return "CREDITED" if self.insertion.credited else "NOTHING NEW"
        return "REMAINING"

    def figure(self) -> str:
        """The figure in the display: up to four figures and two decimals, or an error code."""
        if self.view is None:
            return ""
        shown = self.view.remaining
        if self.insertion is not None and self._told.isActive():
            if self.insertion.decision.error_code:
                return self.insertion.decision.error_code
            shown = self.insertion.credited or self.view.remaining
        return display_text(shown)

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
        self.update()

    # --- drawing ----------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        with Ink(self, self.look) as ink:
            self._paint_case(ink)
            self._paint_display(ink, QRectF(15, 31, self.width() - 30, 84))
            self._paint_lamps(ink)
            self._paint_slot(ink)

    def _paint_case(self, ink: Ink) -> None:
        rect = QRectF(0.5, 0.5, self.width() - 1, 194)
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
            row = QRectF(19, 7, self.width() - 38, 20)
            ink.text(row, spaced(self.view.meter), face=Face.SMALL_STRONG, colour="#1b2430")
            constant = f"{self.view.constant_imp_per_kwh} imp/kWh"
            ink.text(row, constant, face=Face.SMALL_VALUE, colour="#5b6776", align=RIGHT)

    def _paint_display(self, ink: Ink, rect: QRectF) -> None:
        ink.box(rect, fill="#29323c", radius=6)
        glass = rect.adjusted(4, 4, -4, -4)
        gradient = QLinearGradient(glass.topLeft(), glass.bottomLeft())
        gradient.setColorAt(0, QColor("#c6d4b8"))
        gradient.setColorAt(1, QColor("#b5c6a8"))
        path = QPainterPath()
        path.addRoundedRect(glass, 3, 3)
        ink.painter.fillPath(path, gradient)
        row = QRectF(glass.left() + 10, glass.top() + 3, glass.width() - 20, 18)
        ink.text(row, self.caption(), face=Face.SMALL_STRONG, colour=_LIT)
        if self.view is not None and self.view.is_alarm:
            tag = QRectF(glass.right() - 63, glass.top() + 5, 52, 15)
            ink.box(tag, fill=_LIT, radius=2)
            ink.text(tag, "ALARM", face=Face.CAPTION_STRONG, colour="#c1d0b3", align=CENTRE)
        figure = self.figure()
        _draw_figure(ink, QPointF(glass.left() + 14, glass.top() + 26), figure)
        if figure and not figure.startswith("E"):
            unit = QRectF(glass.right() - 60, glass.bottom() - 27, 50, 18)
            ink.text(unit, "kWh", face=Face.SMALL_STRONG, colour=_LIT, align=RIGHT)

    def _paint_lamps(self, ink: Ink) -> None:
        view = self.view
        tenths = self.milli_pulses // 100
        pulse = f"{tenths // 10}.{tenths % 10} / s"
        relay = "closed" if self._closed else _TRIPS[view.reason] if view else "open"
        alarm = short_energy(view.alarm_1) if view else ""
        lit = self._is_lit and bool(self.milli_pulses)
        lamps = (
            (33, "Pulse", pulse, "#e03a2f", lit),
            (121, "Relay", relay, "#1fa971" if self._closed else "#e03a2f", view is not None),
            (209, "Alarm", alarm, "#f0a94a", bool(view and view.is_alarm)),
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
        plate = QRectF(12.5, 170.5, self.width() - 25, 44)
        gradient = QLinearGradient(plate.topLeft(), plate.bottomLeft())
        gradient.setColorAt(0, QColor("#d3dae2"))
        gradient.setColorAt(1, QColor("#bcc6d0"))
        path = QPainterPath()
        path.addRoundedRect(plate, 8, 8)
        ink.painter.fillPath(path, gradient)
        ink.painter.setBrush(Qt.BrushStyle.NoBrush)
        ink.painter.setPen(QPen(QColor("#a9b4bf"), 1))
        ink.painter.drawPath(path)
        middle = self.width() / 2
        ink.box(QRectF(middle - 79, 184.5, 158, 11), fill="#333d48", radius=5)
        ink.box(QRectF(middle - 73, 188, 146, 4), fill="#10151a", radius=2)
        for x in (33, self.width() - 33):
            ink.disc(QPointF(x, 194), 7, fill="#e9edf1", line="#98a4b0")
            ink.line(QLineF(x - 4, 190, x + 4, 198), colour="#6b7886")


def display_text(energy: Energy) -> str:
    """`0018.40`: six figures, the last two behind the point; a minus takes the first place."""
    units = energy.card_units
    sign = "-" if units < 0 else ""
    whole, part = divmod(abs(units), 100)
    return f"{sign}{whole:0{4 - len(sign)}d}.{part:02d}"


def _draw_figure(ink: Ink, at: QPointF, text: str) -> None:
    x = at.x()
    for sign in text:
        if sign == ".":
            ink.box(QRectF(x - 5, at.y() + 35, 4.5, 4.5), fill=_LIT, radius=1)
            continue
        _draw_seven(ink, QPointF(x, at.y()), _SEGMENTS.get(sign, ""))
        x += 31


def _draw_seven(ink: Ink, at: QPointF, lit: str) -> None:
    """One figure of seven segments, 20 × 39, leaning a little."""
    ink.painter.save()
    ink.painter.translate(at)
    ink.painter.shear(-0.06, 0)
    ink.painter.translate(2.5, 0)
    ink.painter.setPen(Qt.PenStyle.NoPen)
    for name, shape in _SHAPES.items():
        colour = QColor(_LIT) if name in lit else QColor(_UNLIT)
        colour.setAlpha(255 if name in lit else 110)
        ink.painter.setBrush(colour)
        ink.painter.drawPolygon(shape)
    ink.painter.restore()


def _flat(y: float) -> QPolygonF:
    return QPolygonF([QPointF(3, y), QPointF(17, y), QPointF(14.5, y + 4), QPointF(5.5, y + 4)])


def _shapes() -> dict[str, QPolygonF]:
    low = QPolygonF([QPointF(5.5, 35), QPointF(14.5, 35), QPointF(17, 39), QPointF(3, 39)])
    mid = QPolygonF(
        [
            QPointF(3, 19.5),
            QPointF(5.5, 17.5),
            QPointF(14.5, 17.5),
            QPointF(17, 19.5),
            QPointF(14.5, 21.5),
            QPointF(5.5, 21.5),
        ]
    )
    return {
        "a": _flat(0),
        "d": low,
        "g": mid,
        "f": QPolygonF([QPointF(1.5, 1), QPointF(5, 5), QPointF(5, 16.5), QPointF(1.5, 18.5)]),
        "b": QPolygonF([QPointF(18.5, 1), QPointF(15, 5), QPointF(15, 16.5), QPointF(18.5, 18.5)]),
        "e": QPolygonF([QPointF(1.5, 20.5), QPointF(5, 22.5), QPointF(5, 34), QPointF(1.5, 38)]),
        "c": QPolygonF([QPointF(18.5, 20.5), QPointF(15, 22.5), QPointF(15, 34), QPointF(18.5, 38)]),
    }


_SHAPES = _shapes()
