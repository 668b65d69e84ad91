"""Use per month beside the neighbours': bars, a grey band, a line, and discs where a counter rose."""

from __future__ import annotations

from datetime import date
from itertools import groupby, pairwise

from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QBrush, QColor, QPen, QPolygonF

from vending_app.domain.inspection import Criterion, Mark, UseChart
from vending_app.ui.fonts import Face
from vending_app.ui.inspect.inspect_words import in_words, times
from vending_app.ui.paint import CENTRE, RIGHT, Ink, text_width
from vending_app.ui.phrases import MONTHS
from vending_app.ui.theme import tone

MONTHS_SHOWN = 17
GUTTER = 40
MARKS_HIGH = 42
LETTERS, YEARS = 24, 17
DISC = 13.0
MOST_LINES = 4
BAR = 0.78
"""Of the room of a month."""
WIDE_MONTH = 27
"""Narrower than this, a month is its first letter."""
ICONS = {Criterion.COVER: "lock-open", Criterion.ILLEGAL_CARDS: "prohibit", Criterion.OVERLOAD: "lightning-slash"}


def grid_of(most_wh: int) -> tuple[int, int]:
    """Wh from one line to the next, a round figure of kWh, and how many lines it takes; the last is not below."""
    unit = 10_000
    while True:
        for step in (unit, unit * 2, unit * 5 // 2, unit * 5):
            if -(-most_wh // step) <= MOST_LINES:
                return step, max(1, -(-most_wh // step))
        unit *= 10


def newest_months(chart: UseChart) -> UseChart:
    """The part of it that has room."""
    cut = slice(-MONTHS_SHOWN, None)
    return UseChart(
        chart.months[cut],
        chart.own[cut],
        chart.middle[cut],
        chart.low[cut],
        chart.high[cut],
        tuple(mark for mark in chart.marks if mark.on >= chart.months[cut][0]),
        chart.peers,
    )


class UsePicture:
    """One drawing: where things are, and what is drawn there."""

    def __init__(self, ink: Ink, area: QRectF, chart: UseChart, *, fell_in: date | None) -> None:
        self.ink, self.chart, self.fell_in = ink, newest_months(chart), fell_in
        self.plot = area.adjusted(GUTTER, MARKS_HIGH, 0, -LETTERS - YEARS)
        self.unit, self.lines = grid_of(max((*self.chart.own, *self.chart.high), default=0))
        self.most = self.unit * self.lines
        self.step = self.plot.width() / max(1, len(self.chart.months))

    def draw(self) -> None:
        self._draw_grid()
        if self.chart.peers > 0:
            self._draw_band()
        self._draw_bars()
        if self.chart.peers > 0:
            self._draw_middle()
        self._draw_months()
        self._draw_marks()

    def _y(self, wh: int) -> float:
        return self.plot.bottom() - self.plot.height() * max(0, min(wh, self.most)) / self.most

    def _x(self, at: int) -> float:
        """The middle of a month."""
        return self.plot.left() + (at + 0.5) * self.step

    def _draw_grid(self) -> None:
        for line in range(self.lines + 1):
            wh = self.unit * line
            y = self._y(wh)
            self.ink.rule(self.plot.left(), self.plot.right(), round(y))
            label = QRectF(self.plot.left() - GUTTER, y - 9, GUTTER - 8, 18)
            self.ink.text(label, f"{wh // 1000}", face=Face.CAPTION, colour=self.ink.t.muted, align=RIGHT)

    def _draw_band(self) -> None:
        self.ink.painter.setPen(QPen(QColor(0, 0, 0, 0)))
        self.ink.painter.setBrush(QBrush(QColor(self.ink.t.band)))
        for tops, feet in zip(self._runs(self.chart.high), self._runs(self.chart.low), strict=True):
            self.ink.painter.drawPolygon(QPolygonF([*tops, *reversed(feet)]))

    def _runs(self, curve: tuple[int, ...]) -> list[list[QPointF]]:
        """The parts of a curve between months in which nothing is known; of one month alone as wide as its bar."""
        known = groupby(enumerate(curve), lambda told: told[1] >= 0)
        found = [[(self._x(at), self._y(wh)) for at, wh in run] for is_known, run in known if is_known]
        half = self.step * BAR / 2
        wide = [
            [(run[0][0] - half, run[0][1]), (run[0][0] + half, run[0][1])] if len(run) == 1 else run for run in found
        ]
        return [[QPointF(*place) for place in run] for run in wide]

    def _draw_bars(self) -> None:
        for at, (month, wh) in enumerate(zip(self.chart.months, self.chart.own, strict=True)):
            if wh < 0:
                continue
            colour = self.ink.t.bad if self.fell_in is not None and month >= self.fell_in else self.ink.t.series_2
            wide = self.step * BAR
            top = self._y(wh)
            self.ink.box(QRectF(self._x(at) - wide / 2, top, wide, self.plot.bottom() - top), fill=colour, radius=2)

    def _draw_middle(self) -> None:
        self.ink.painter.setBrush(QBrush())
        self.ink.painter.setPen(QPen(QColor(self.ink.t.text), 2))
        for run in self._runs(self.chart.middle):
            self.ink.painter.drawPolyline(QPolygonF(run))

    def _draw_months(self) -> None:
        base = self.plot.bottom()
        for at, month in enumerate(self.chart.months):
            name = QRectF(self._x(at) - self.step / 2, base + 3, self.step, 18)
            word = MONTHS[month.month - 1]
            self.ink.text(
                name,
                word if self.step >= WIDE_MONTH else word[0],
                face=Face.CAPTION,
                colour=self.ink.t.muted,
                align=CENTRE,
            )
        years = sorted({month.year for month in self.chart.months})
        for year in years:
            places = [at for at, month in enumerate(self.chart.months) if month.year == year]
            left, right = self._x(places[0]) - self.step / 2, self._x(places[-1]) + self.step / 2
            if len(places) > 1:
                line = QRectF(left, base + 20, right - left, 18)
                self.ink.text(line, str(year), face=Face.CAPTION_STRONG, align=CENTRE)
            if year != years[0]:
                self.ink.line(QLineF(left, base + 4, left, base + 34), colour=self.ink.t.line)

    def _draw_marks(self) -> None:
        """A dashed line with a disc and its words, left of it or right; where neither has room, the reasons tell it."""
        placed = [(self._x_of(mark.on), mark) for mark in self.chart.marks]
        strong, soft, edge = tone(self.ink.t, "bad")
        y = self.plot.top() - MARKS_HIGH + 14.0
        taken = self.plot.left() - GUTTER
        for at, (x, mark) in enumerate(placed):
            self.ink.line(QLineF(x, y + DISC, x, self.plot.bottom()), colour=strong, dots=[3, 2])
            self.ink.disc(QPointF(x, y), DISC, fill=soft, line=edge)
            self.ink.icon(QRectF(x - 7, y - 7, 14, 14), ICONS[mark.criterion], strong)
            following = placed[at + 1][0] - DISC if at + 1 < len(placed) else self.plot.right()
            words = _said(mark)
            wide = text_width(words, Face.CAPTION_STRONG) + 1
            at_right, at_left = x + DISC + 5, x - DISC - 5 - wide
            left = at_right if at_right + wide <= following else at_left
            has_room = left == at_right or left >= taken
            if has_room:
                self.ink.text(QRectF(left, y - 9, wide, 18), words, face=Face.CAPTION_STRONG, colour=strong)
            taken = max(x + DISC, left + wide if has_room else 0)

    def _x_of(self, day: date) -> float:
        edges = [month.toordinal() for month in self.chart.months]
        edges.append(edges[-1] + 31)
        for at, (begins, ends) in enumerate(pairwise(edges)):
            if begins <= day.toordinal() < ends:
                return self.plot.left() + (at + (day.toordinal() - begins) / (ends - begins)) * self.step
        return self.plot.right()


def _said(mark: Mark) -> str:
    if mark.criterion is Criterion.COVER:
        return "cover opened" if mark.times == 1 else f"cover opened {times(mark.times)}"
    if mark.criterion is Criterion.ILLEGAL_CARDS:
        return f"{in_words(mark.times)} illegal {'card' if mark.times == 1 else 'cards'}"
    return f"{in_words(mark.times)} {'trip' if mark.times == 1 else 'trips'}"
