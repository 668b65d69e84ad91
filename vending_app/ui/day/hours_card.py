"""What was sold by hour: bars beside the usual hour, the one that runs hatched; in money, sales or kWh.

Without what reversals took back, because closings tell the usual hour so: like stands beside like.
"""

from __future__ import annotations

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QResizeEvent
from PySide6.QtWidgets import QWidget

from vending_app.domain.day import DayReport, HourSums
from vending_app.ui.components.empty_state import draw_empty
from vending_app.ui.components.openable import Openable, Part
from vending_app.ui.components.segmented import Choice, Segmented
from vending_app.ui.components.surface import PADDING
from vending_app.ui.day.day_words import hour_span, usual_day, whole
from vending_app.ui.day.leads import sold_in
from vending_app.ui.fonts import Face
from vending_app.ui.paint import CENTRE, RIGHT, Ink, text_width
from vending_app.ui.theme import Look

MONEY, SALES, KWH = "money", "sales", "kwh"
TITLES = {MONEY: "Sold by hour", SALES: "Sales by hour", KWH: "kWh by hour"}
GUTTER, FOOT, TOP = 44, 34, 56
BAR = 40
SEGMENTS, LEGEND_GAP = 208, 18
MOST_LINES = 3
LEAST_HOURS = 6
"""Fewer would make bars as wide as doors."""


class HoursCard(Openable):
    """One chart, each hour leading to its sales. Signals: opened(Opens)."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        self.report: DayReport | None = None
        self.running: int | None = None
        self.unit = MONEY
        choices = (Choice(MONEY, "Money"), Choice(SALES, "Sales"), Choice(KWH, "kWh"))
        self.units = Segmented(look, choices, name="Counted in", parent=self)
        self.units.choose(MONEY)
        self.units.chosen.connect(self._on_unit)
        self.set_title(TITLES[MONEY])

    def show_report(self, report: DayReport, *, running: int | None) -> None:
        """Another day; `running` is the hour that is not over."""
        self.report, self.running = report, running
        hours = "; ".join(f"{hour_span(hour.hour)} {hour.sold}" for hour in report.hours)
        self.setAccessibleDescription(hours or "Nothing was sold")
        self.show_parts()

    def parts(self) -> list[Part]:
        """The column of each hour, with what is written above and below it."""
        if self.report is None or not self.report.hours:
            return []
        return [Part(place.adjusted(0, -8, 0, 26), sold_in(self.report, hour.hour)) for place, hour in self._places()]

    @property
    def _plot(self) -> QRectF:
        return QRectF(self.rect()).adjusted(PADDING + GUTTER, TOP, -PADDING - 8, -FOOT)

    def _places(self) -> list[tuple[QRectF, HourSums]]:
        """Of a day that sold something."""
        assert self.report is not None, "a day is shown"
        plot, hours = self._plot, _all_hours(self.report)
        step = plot.width() / len(hours)
        return [
            (QRectF(plot.left() + at * step, plot.top(), step, plot.height()), hour) for at, hour in enumerate(hours)
        ]

    @property
    def named(self) -> str:
        """What the bars are."""
        if self.running is not None:
            return "today"
        is_by_clock = self.report is not None and self.report.is_by_clock
        return "that day by the clock; it counts in the day closed next" if is_by_clock else "that day"

    @property
    def empty(self) -> tuple[str, str]:
        """Why no bar stands there: nothing was sold, or it stands in another day."""
        if self.report is not None and self.report.is_by_clock:
            return "This day was not closed", "Nothing was booked on it by the clock."
        return "Nothing sold", "The first sale stands here."

    def _on_unit(self, unit: object) -> None:
        self.unit = str(unit)
        self.set_title(TITLES[self.unit])

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.units.setGeometry(self.width() - PADDING - SEGMENTS, 9, SEGMENTS, 32)

    # --- drawing ----------------------------------------------------------------------------------------

    def draw(self, ink: Ink) -> None:
        report = self.report
        if report is None:
            return
        if not report.hours:
            why = self.empty
            draw_empty(ink, QRectF(self.rect()), icon="chart-bar", title=why[0], step=why[1])
            return
        self._draw_legend(ink, report)
        self.draw_pointed(ink)
        plot, places = self._plot, self._places()
        values = [self._value(hour) for _, hour in places]
        usual = [self._usual(report, hour.hour) for _, hour in places]
        top, lines = grid(max((*values, *usual), default=0))
        for line in range(lines + 1):
            y = plot.bottom() - plot.height() * line / lines
            ink.rule(plot.left(), plot.right(), round(y))
            label = QRectF(PADDING, y - 9, GUTTER - 8, 18)
            ink.text(label, self._said(top * line // lines), face=Face.CAPTION, colour=ink.t.muted, align=RIGHT)
        for at, (place, hour) in enumerate(places):
            self._draw_hour(ink, place, (values[at], usual[at], top), hour.hour)

    def _draw_hour(self, ink: Ink, plot: QRectF, figures: tuple[int, int, int], hour: int) -> None:
        value, usual, top = figures
        x, step = plot.center().x(), plot.width()
        wide = min(BAR, step * 0.6)
        y = plot.bottom() - plot.height() * value / top
        bar = QRectF(x - wide / 2, y, wide, plot.bottom() - y)
        usual_y = plot.bottom() - plot.height() * usual / top
        if value > 0:
            is_running = hour == self.running
            ink.box(bar, fill=ink.t.series_2 if is_running else ink.t.series_3, radius=2)
            if is_running:
                ink.painter.fillRect(bar, QBrush(QColor(ink.t.card), Qt.BrushStyle.BDiagPattern))
        if usual > 0:
            for width, colour in ((5.0, ink.t.card), (2.0, ink.t.text)):
                half = wide / 2 + 7
                ink.line(QLineF(x - half, usual_y, x + half, usual_y), colour=colour, width=width)
        label = QRectF(x - step / 2, min(y, usual_y if usual > 0 else y) - 21, step, 18)
        if value > 0 and text_width(self._said(value), Face.CAPTION_STRONG) <= step:
            ink.text(label, self._said(value), face=Face.CAPTION_STRONG, align=CENTRE)
        words = hour_span(hour) if step > 46 else f"{hour:02d}"
        below = QRectF(x - step / 2, plot.bottom() + 6, step, 18)
        ink.text(below, words, face=Face.CAPTION, colour=ink.t.muted, align=CENTRE)

    def _draw_legend(self, ink: Ink, report: DayReport) -> None:
        """What is not drawn is not named, nor what has no room."""
        items = [(ink.t.series_3, self.named, False)]
        if self.running in {hour.hour for hour in report.hours}:
            items.append((ink.t.series_2, "hour still running", True))
        if any(self._usual(report, hour.hour) for hour in _all_hours(report)):
            items.append(("", usual_day(report.day), False))
        x = PADDING + text_width(self.title, Face.CARD_TITLE) + LEGEND_GAP
        for colour, word, is_hatched in items:
            wide = text_width(word, Face.SMALL)
            if x + 20 + wide > self.units.x() - 8:
                return
            box = QRectF(x, 19, 12, 12)
            if colour:
                ink.box(box, fill=colour, radius=2)
            else:
                ink.line(QLineF(x - 2, 25, x + 13, 25), colour=ink.t.text, width=2)
            if is_hatched:
                ink.painter.fillRect(box, QBrush(QColor(ink.t.card), Qt.BrushStyle.BDiagPattern))
            ink.text(QRectF(x + 18, 13, wide + 2, 24), word, face=Face.SMALL, colour=ink.t.muted)
            x += 18 + wide + LEGEND_GAP

    # --- values -----------------------------------------------------------------------------------------

    def _value(self, hour: HourSums) -> int:
        return {MONEY: hour.sold.minor, SALES: hour.sales, KWH: hour.energy_sold.wh}[self.unit]

    def _usual(self, report: DayReport, hour: int) -> int:
        """Closings do not tell the energy of an hour: then there is no line."""
        usual = (report.usual_hours or {}).get(hour)
        return self._value(usual) if usual is not None and self.unit != KWH else 0

    def _said(self, value: int) -> str:
        if self.unit == MONEY:
            return whole(value, 100)
        return str(value) if self.unit == SALES else whole(value, 1000)


def _all_hours(report: DayReport) -> list[HourSums]:
    """From the first hour to the last, also those in which nothing was sold."""
    sold = {hour.hour: hour for hour in report.hours}
    first, last = min(sold), max(sold)
    last = min(23, max(last, first + LEAST_HOURS - 1))
    first = max(0, min(first, last - LEAST_HOURS + 1))
    return [sold.get(hour, HourSums(hour)) for hour in range(first, last + 1)]


def grid(most: int) -> tuple[int, int]:
    """The top of the axis and its lines: a round figure to each, the last is not below."""
    unit = 1
    while True:
        for step in (unit, unit * 2, unit * 5):
            if -(-most // step) <= MOST_LINES:
                lines = max(1, -(-most // step))
                return step * lines, lines
        unit *= 10
