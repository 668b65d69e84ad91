"""The life of a supply on one axis: meter, card and tariff as bars, events as discs, what was left, what was used."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QKeyEvent, QMouseEvent, QPainterPath, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QWidget

from vending_app.ui.components.segmented import Choice, Segmented
from vending_app.ui.components.surface import PADDING, Surface
from vending_app.ui.fonts import Face
from vending_app.ui.paint import CENTRE, RIGHT, Ink, text_width
from vending_app.ui.phrases import counted, local
from vending_app.ui.supply.timeline import Bar, Event, Timeline
from vending_app.ui.theme import Look, tone

GUTTER = 136
YEARS_Y, METER_Y, CARD_Y, TARIFF_Y, EVENTS_Y = 48, 78, 110, 142, 190
BAR_HIGH = 26
LEFT_TOP, LEFT_ZERO = 222, 300
USE_TOP, USE_ZERO = 324, 399
LETTERS_HIGH = 33
WHOLE = USE_ZERO + LETTERS_HIGH
"""The height of everything; below it the use goes, and what was left takes its place."""
PILL = 44
DISC = 13
MONTH_LETTERS = "JFMAMJJASOND"
NICE = (1, 2, 3, 4, 5, 6, 8)


class LifeCard(Surface):
    """Signals: whole_wanted(bool) — all, or the last year."""

    whole_wanted = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Life of the supply", parent=parent)
        self.line: Timeline | None = None
        self.pointed: int | None = None
        self.span = Segmented(look, (Choice(False, "1 year"), Choice(True, "All")), name="How far back", parent=self)
        self.span.choose(True)
        self.span.chosen.connect(self.whole_wanted)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_line(self, line: Timeline) -> None:
        """Another life, or another part of it."""
        self.line, self.pointed = line, None
        self.set_title(f"Life of the supply, {counted(line.months_long, 'month', 'months')}")
        self.setAccessibleDescription("; ".join(f"{event.title}: {event.line}" for event in line.events[-8:]))

    # --- pointing at events -----------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(self._event_at(event.position()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrow keys go from event to event."""
        count = len(self.line.events) if self.line else 0
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()))
        if not count or step is None:
            super().keyPressEvent(event)
            return
        at = self.pointed if self.pointed is not None else (-1 if step > 0 else count)
        self._point(min(max(at + step, 0), count - 1))

    def _event_at(self, point: QPointF) -> int | None:
        if self.line is None or abs(point.y() - EVENTS_Y) > DISC:
            return None
        places = [(abs(self._x(event.on) - point.x()), at) for at, event in enumerate(self.line.events)]
        near = min(places, default=(DISC + 1.0, 0))
        return near[1] if near[0] <= DISC else None

    def _point(self, at: int | None) -> None:
        if at != self.pointed:
            self.pointed = at
            self.update()

    # --- places -----------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.span.setGeometry(self.width() - PADDING - 143, 9, 143, 32)

    @property
    def _left(self) -> float:
        return PADDING + GUTTER

    @property
    def _right(self) -> float:
        return self.width() - PADDING - 23.0

    def _x(self, day: date) -> float:
        assert self.line is not None, "only a life has an axis"
        span = max(1, (self.line.today - self.line.begins).days)
        share = (day - self.line.begins).days / span
        return self._left + share * (self._right - self._left)

    def _x_of(self, at: datetime) -> float:
        moment = local(at)
        day, following = self._x(moment.date()), self._x(moment.date() + timedelta(days=1))
        return day + (moment.hour / 24) * (following - day)

    @property
    def _has_use(self) -> bool:
        return self.height() >= WHOLE

    @property
    def _left_zero(self) -> float:
        return LEFT_ZERO if self._has_use else self.height() - LETTERS_HIGH

    @property
    def _base(self) -> float:
        """Where the axis ends and the letters of its months begin."""
        return USE_ZERO if self._has_use else self._left_zero

    # --- drawing ----------------------------------------------------------------------------------------

    def draw(self, ink: Ink) -> None:
        if self.line is None:
            return
        self._draw_years(ink, self.line)
        for name, top, bars in (
            ("Meter", METER_Y, self.line.meters),
            ("Card", CARD_Y, self.line.cards),
            ("Tariff", TARIFF_Y, self.line.tariffs),
        ):
            ink.text(QRectF(PADDING, top, GUTTER, BAR_HIGH), name, face=Face.VALUE)
            for bar in bars:
                self._draw_bar(ink, top, bar)
        self._draw_events(ink, self.line)
        self._draw_levels(ink, self.line)
        if self._has_use:
            self._draw_use(ink, self.line)
        self._draw_letters(ink, self.line)
        self._draw_today(ink, self.line)
        if self.pointed is not None:
            self._draw_popover(ink, self.line.events[self.pointed])

    def _draw_years(self, ink: Ink, line: Timeline) -> None:
        firsts = [date(year, 1, 1) for year in range(line.begins.year + 1, line.today.year + 1)]
        starts = [line.begins, *firsts]
        for at, day in enumerate(starts):
            x = self._x(day)
            until = self._x(starts[at + 1]) if at + 1 < len(starts) else self._right
            if at:
                ink.line(QLineF(x, YEARS_Y, x, self._base), colour=ink.t.line)
            # The newest year gives way to the mark of today.
            room = until - x if at + 1 < len(starts) else self._x(line.today) - PILL / 2 - x
            if room > 8 + text_width(str(day.year), Face.STRONG):
                ink.text(QRectF(x + 8, YEARS_Y, until - x - 8, 24), str(day.year), face=Face.STRONG)

    def _draw_bar(self, ink: Ink, top: float, bar: Bar) -> None:
        left, right = self._x(bar.since), self._x(bar.until)
        rect = QRectF(left, top, max(4.0, right - left - (0 if bar.is_current else 1)), BAR_HIGH)
        fill, line, colour = ink.t.sunken, ink.t.line, ink.t.text
        if bar.is_current:
            colour, fill, line = tone(ink.t, "accent")
        ink.box(rect, fill=fill, line=line, radius=6)
        for words in (bar.words, bar.words.partition(",")[0]):
            if text_width(words, Face.VALUE) + 16 <= rect.width():
                ink.text(rect.adjusted(8, 0, -8, 0), words, face=Face.VALUE, colour=colour)
                return

    def _draw_events(self, ink: Ink, line: Timeline) -> None:
        ink.text(QRectF(PADDING, EVENTS_Y - 13, GUTTER, 26), "Events", face=Face.VALUE)
        ink.rule(self._left, self._right, EVENTS_Y)
        for at, event in enumerate(line.events):
            name = "edge" if event.tone == "muted" else event.tone
            strong, soft, edge = (ink.t.muted, ink.t.sunken, ink.t.line2) if name == "edge" else tone(ink.t, name)
            middle = QPointF(self._x(event.on), EVENTS_Y + 0.5)
            ink.disc(middle, DISC, fill=ink.t.card)
            is_pointed = at == self.pointed and self.hasFocus()
            ink.disc(middle, DISC, fill=soft, line=ink.t.accent if is_pointed else edge, width=2 if is_pointed else 1)
            ink.icon(QRectF(middle.x() - 7, middle.y() - 7, 14, 14), event.icon, strong)

    def _draw_levels(self, ink: Ink, line: Timeline) -> None:
        self._label(ink, LEFT_TOP - 6, "Remaining", "kWh in meter")
        most = nice_top(max((level.energy.wh for level in line.levels), default=0))
        self._grid(ink, LEFT_TOP, self._left_zero, most)
        points = [
            QPointF(max(self._left, self._x_of(level.at)), self._y(level.energy.wh, most, LEFT_TOP, self._left_zero))
            for level in line.levels
        ]
        if line.alarm.wh and most:
            y = self._y(line.alarm.wh, most, LEFT_TOP, self._left_zero)
            ink.line(QLineF(self._left, y, self._right, y), colour=ink.t.warn, dots=[3, 2])
        if not points:
            return
        self._fill_levels(ink, points)
        for level, point in zip(line.levels, points, strict=True):
            if level.is_purchase and level.at.date() >= line.begins:
                ink.disc(point, 4, fill=ink.t.accent, line=ink.t.card, width=1)

    def _fill_levels(self, ink: Ink, points: list[QPointF]) -> None:
        ground = QPolygonF([QPointF(points[0].x(), self._left_zero), *points, QPointF(points[-1].x(), self._left_zero)])
        path = QPainterPath()
        path.addPolygon(ground)
        soft = QColor(ink.t.accent)
        soft.setAlphaF(0.14)
        ink.painter.fillPath(path, QBrush(soft))
        ink.painter.setPen(QPen(QColor(ink.t.accent), 1.5))
        ink.painter.drawPolyline(QPolygonF(points))

    def _draw_use(self, ink: Ink, line: Timeline) -> None:
        self._label(ink, USE_TOP - 6, "Use", "kWh per month")
        most = nice_top(max((used.wh for _, used in line.months), default=0))
        self._grid(ink, USE_TOP, USE_ZERO, most)
        for month, used in line.months:
            left, right = self._month_edges(line, month)
            top = self._y(used.wh, most, USE_TOP, USE_ZERO)
            gap = 3.0 if right - left > 12 else 1.0
            bar = QRectF(left + gap, top, max(1.0, right - left - 2 * gap), USE_ZERO - top)
            is_running = (month.year, month.month) == (line.today.year, line.today.month)
            self._draw_month(ink, bar, is_running=is_running)

    def _draw_letters(self, ink: Ink, line: Timeline) -> None:
        for month in _months(line.begins, line.today):
            left, right = self._month_edges(line, month)
            if right - left >= 14:
                letter = QRectF(left, self._base + 4, right - left, 18)
                ink.text(letter, MONTH_LETTERS[month.month - 1], face=Face.CAPTION, colour=ink.t.muted, align=CENTRE)

    def _draw_month(self, ink: Ink, bar: QRectF, *, is_running: bool) -> None:
        """What is unfinished is hatched."""
        ink.box(bar, fill=ink.t.card if is_running else ink.t.series_2, radius=2)
        if is_running:
            ink.painter.fillRect(bar, QBrush(QColor(ink.t.series_2), Qt.BrushStyle.BDiagPattern))

    def _month_edges(self, line: Timeline, month: date) -> tuple[float, float]:
        following = (month + timedelta(days=32)).replace(day=1)
        return self._x(max(month, line.begins)), min(self._x(following), self._right + 14)

    def _draw_today(self, ink: Ink, line: Timeline) -> None:
        x = self._x(line.today)
        ink.line(QLineF(x, YEARS_Y + 12, x, self._base), colour=ink.t.accent, width=1.5)
        pill = QRectF(x - PILL / 2, YEARS_Y + 2, PILL, 20)
        ink.box(pill, fill=ink.t.accent, radius=10)
        ink.text(pill, "today", face=Face.SMALL_STRONG, colour=ink.t.on, align=CENTRE)

    def _label(self, ink: Ink, top: float, name: str, unit: str) -> None:
        ink.text(QRectF(PADDING, top, GUTTER, 18), name, face=Face.VALUE)
        ink.text(QRectF(PADDING, top + 17, GUTTER - 40, 16), unit, face=Face.CAPTION, colour=ink.t.muted)

    def _grid(self, ink: Ink, top: float, zero: float, most: int) -> None:
        """Zero, the middle if there is room, and the top, in kWh."""
        for share in (0, 1, 2):
            y = zero - (zero - top) * share / 2
            if share == 1 and zero - top < 60:
                continue
            ink.rule(self._left, self._right + 14, round(y))
            figure = QRectF(PADDING, y - 9, GUTTER - 8, 18)
            ink.text(figure, str(most * share // 2000), face=Face.SMALL, colour=ink.t.muted, align=RIGHT)

    @staticmethod
    def _y(wh: int, most: int, top: float, zero: float) -> float:
        return zero - (zero - top) * max(0, min(wh, most)) / max(1, most)

    def _draw_popover(self, ink: Ink, event: Event) -> None:
        width = max(text_width(event.title, Face.SMALL_STRONG), text_width(event.line, Face.SMALL)) + 26
        x = self._x(event.on) + DISC + 10
        if x + width > self.width() - 8:
            x = self._x(event.on) - DISC - 10 - width
        rect = QRectF(x, EVENTS_Y - 22, width, 45 if event.line else 28)
        shade = QColor(0, 0, 0, 40)
        ink.painter.fillRect(rect.translated(0, 3), shade)
        ink.box(rect, fill=ink.t.card, line=ink.t.line2, radius=8)
        ink.text(rect.adjusted(12, 4, -8, -rect.height() + 23), event.title, face=Face.SMALL_STRONG, may_elide=True)
        if event.line:
            ink.text(rect.adjusted(12, 22, -8, -4), event.line, face=Face.SMALL, colour=ink.t.muted, may_elide=True)


def nice_top(most_wh: int) -> int:
    """The least round figure in kWh, in Wh, that is not below; at least 10 kWh."""
    step = 10_000
    while True:
        for times in NICE:
            top = step * times
            if top >= most_wh:
                return top
        step *= 10


def _months(begins: date, today: date) -> Iterator[date]:
    month = begins.replace(day=1)
    while month <= today:
        yield month
        month = (month + timedelta(days=32)).replace(day=1)
