"""The evidence for one meter: who it is, its use beside the neighbours', the points, and what is missing."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QLineF, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from vending_app.domain.ids import spaced
from vending_app.domain.inspection import Gap
from vending_app.domain.money import Money
from vending_app.services.inspection_cases import Listed
from vending_app.ui.components.buttons import Button
from vending_app.ui.components.empty_state import draw_empty
from vending_app.ui.components.surface import PADDING, Surface, place
from vending_app.ui.fonts import Face
from vending_app.ui.inspect.inspect_words import kwh, reason_row, said_field
from vending_app.ui.inspect.use_chart import UsePicture
from vending_app.ui.paint import RIGHT, Ink, text_width
from vending_app.ui.phrases import LONG_MONTHS, counted, short_day
from vending_app.ui.supply.entry_words import OUTCOMES
from vending_app.ui.theme import Look, tone

HEAD = 66
TITLE = "Use per month, kWh"
LEGEND_Y, CHART_TOP = 78, 108
CHART_FOOT, LOW_FOOT, LOW = 208, 162, 480
"""What stays below the chart; in a card that is low it gives way to the chart."""
REASON_ROW, LOW_REASON, MOST_REASONS = 31, 26, 4
GAP_ROW, LOW_GAP_ROW = 48, 33
BAR, NARROW_REASONS = 88, 260
AT_STAKE = "At stake"
BETWEEN = "   ·   "


class EvidenceCard(Surface):
    """Signals: finding_wanted(), route_wanted(bool) — put it on the route, or take it off."""

    finding_wanted = Signal()
    route_wanted = Signal(bool)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        self.setAccessibleName("Evidence")
        self.row: Listed | None = None
        self.today = date.min
        self.finding = Button(look, "Finding", icon="note-pencil", parent=self)
        self.route = Button(look, "On the route", icon="path", parent=self)
        self.finding.clicked.connect(self.finding_wanted)
        self.route.clicked.connect(self._on_route)

    def show_row(self, row: Listed | None, *, today: date) -> None:
        """Another meter, or none."""
        self.row, self.today = row, today
        for button in (self.finding, self.route):
            button.setVisible(row is not None)
        if row is not None:
            is_on = row.line.is_on_route
            self.route.set_words("On the route" if is_on else "To the route", icon="check" if is_on else "path")
            self.route.set_chosen(is_on)
            reasons = ", ".join(f"{reason_row(reason)} {reason.points}" for reason in row.line.reasons)
            worth = f"; {row.at_stake} at stake" if row.at_stake else ""
            self.setAccessibleDescription(f"{row.customer}, meter {row.meter}: {reasons}{worth}")
        self._place_buttons()
        self.update()

    def _on_route(self) -> None:
        if self.row is not None:
            self.route_wanted.emit(not self.row.line.is_on_route)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place_buttons()

    def _place_buttons(self) -> None:
        right = self.width() - PADDING
        for button in (self.route, self.finding):
            width = button.content_width() + 26
            place(button, right - width, 13, width, 40)
            right -= width + 8

    # --- drawing ----------------------------------------------------------------------------------------

    def draw(self, ink: Ink) -> None:
        if self.row is None:
            words = ("No meter is chosen", "Whoever stands on the list is told here.")
            draw_empty(ink, QRectF(self.rect()), icon="shield-check", title=words[0], step=words[1])
            return
        self._draw_head(ink, self.row)
        self._draw_chart(ink, self.row)
        foot = self.height() - self._foot + 12
        ink.rule(PADDING, self.width() - PADDING, foot)
        middle = self.width() / 2
        ink.line(QLineF(middle, foot + 13, middle, self.height() - 14), colour=ink.t.line)
        self._draw_reasons(ink, QRectF(PADDING, foot + 12, middle - PADDING - 16, self._foot - 24), self.row)
        self._draw_gap(ink, QRectF(middle + 16, foot + 12, middle - PADDING - 16, self._foot - 24), self.row)

    @property
    def _is_low(self) -> bool:
        return self.height() < LOW

    @property
    def _foot(self) -> int:
        return LOW_FOOT if self._is_low else CHART_FOOT

    @property
    def chart_area(self) -> QRectF:
        """Where the chart is drawn."""
        return QRectF(PADDING, CHART_TOP, self.width() - 2 * PADDING, self.height() - CHART_TOP - self._foot)

    @property
    def head_room(self) -> float:
        """Of the words beside the buttons."""
        return self.finding.x() - PADDING - 8

    def _draw_head(self, ink: Ink, row: Listed) -> None:
        """Where two lines are needed below the name, all three stand closer: what is below the head never moves."""
        room = self.head_room
        lines = head_lines(row, room, today=self.today)
        is_close = len(lines) > 1
        ink.text(QRectF(PADDING, 5 if is_close else 11, room, 28), row.customer, face=Face.NAME, may_elide=True)
        top = 28.0 if is_close else 36.0
        for line in lines:
            ink.text(QRectF(PADDING, top, room, 18), line, face=Face.SMALL, colour=ink.t.muted, may_elide=True)
            top += 17
        ink.rule(PADDING, self.width() - PADDING, HEAD)

    def _draw_chart(self, ink: Ink, row: Listed) -> None:
        ink.text(QRectF(PADDING, LEGEND_Y, 200, 24), TITLE, face=Face.CARD_TITLE)
        chart = row.line.chart
        area = self.chart_area
        if chart is None or all(wh < 0 for wh in chart.own):
            step = "Use per month needs two readings."
            draw_empty(ink, area, icon="chart-bar", title="Read fewer than two times", step=step)
            return
        gap = row.line.gap
        self._draw_legend(ink, has_fallen=gap is not None, peers=chart.peers)
        UsePicture(ink, area, chart, fell_in=gap.since if gap else None).draw()

    def _draw_legend(self, ink: Ink, *, has_fallen: bool, peers: int) -> None:
        """From the right; what is not drawn is not named."""
        items = [(ink.t.series_2, "this meter")]
        if has_fallen:
            items.append((ink.t.bad, "far below"))
        if peers > 0:
            items += [("", "neighbours’ middle"), (ink.t.band, "8 of 10 neighbours")]
        x = self.width() - PADDING - 8.0
        least = PADDING + text_width(TITLE, Face.CARD_TITLE) + 12
        for colour, word in reversed(items):
            x -= text_width(word, Face.CAPTION)
            if x - 18 < least:
                return
            ink.text(QRectF(x, LEGEND_Y, 200, 24), word, face=Face.CAPTION, colour=ink.t.muted)
            x -= 18
            if colour:
                ink.box(QRectF(x, LEGEND_Y + 6, 12, 12), fill=colour, radius=2)
            else:
                ink.line(QLineF(x - 3, LEGEND_Y + 12, x + 12, LEGEND_Y + 12), colour=ink.t.text, width=2)
            x -= 14

    def _draw_reasons(self, ink: Ink, area: QRectF, row: Listed) -> None:
        ink.text(QRectF(area.left(), area.top(), area.width(), 26), "Why it is on the list", face=Face.CARD_TITLE)
        high = LOW_REASON if self._is_low else REASON_ROW
        room = int((area.height() - 28) // high) - 1
        reasons = row.line.reasons[: min(MOST_REASONS, room)]
        most = max((reason.points for reason in reasons), default=1)
        top = area.top() + 28
        for reason in reasons:
            line = QRectF(area.left(), top, area.width(), high - 1)
            has_bar = area.width() > NARROW_REASONS
            taken = BAR + 40 if has_bar else 32
            ink.text(line.adjusted(0, 0, -taken, 0), reason_row(reason), face=Face.BODY, may_elide=True)
            if has_bar:
                wide = BAR * reason.points / max(1, most)
                ink.box(QRectF(area.right() - BAR - 32, top + high / 2 - 5, wide, 8), fill=ink.t.edge, radius=2)
            ink.text(line, str(reason.points), face=Face.STRONG, align=RIGHT)
            ink.rule(area.left(), area.right(), line.bottom())
            top += high
        total = QRectF(area.left(), top, area.width(), high - 1)
        ink.text(total, "Priority, out of 100", face=Face.STRONG)
        ink.text(total, str(row.line.priority), face=Face.STRONG, align=RIGHT)

    def _draw_gap(self, ink: Ink, area: QRectF, row: Listed) -> None:
        finding = row.line.finding
        if finding is not None:
            self._draw_finding(ink, area, row)
        elif row.line.gap is not None:
            self._draw_missing(ink, area, row.line.gap, row.at_stake)
        else:
            ink.text(QRectF(area.left(), area.top(), area.width(), 26), "Beside its neighbours", face=Face.CARD_TITLE)
            words = "No month is known from which on it used less. The reasons at the left stand for themselves."
            rows = 2 if row.at_stake else 1
            room = QRectF(area.left(), area.top() + 32, area.width(), area.height() - 44 - 28 * rows)
            ink.paragraph(room, words, from_top=True)
            self._draw_standing(ink, area, row)

    def _draw_standing(self, ink: Ink, area: QRectF, row: Listed) -> None:
        """Money at stake where its energy is known, and the last visit."""
        visited = short_day(row.last_visit, today=self.today) if row.last_visit else "never"
        rows = [("Last visit", visited, ink.t.text)]
        if row.at_stake:
            figure = f"{row.at_stake}, {kwh(row.line.lost.wh)} kWh"
            has_room = text_width(f"{AT_STAKE} {figure}", Face.VALUE) + 12 < area.width()
            rows.insert(0, (AT_STAKE, figure if has_room else str(row.at_stake), tone(ink.t, "bad")[0]))
        first = min(area.top() + 116, area.bottom() - 12 - 28 * len(rows))
        for at, (name, told, colour) in enumerate(rows):
            line = QRectF(area.left(), first + 28 * at, area.width(), 24)
            ink.text(line, name, face=Face.BODY, colour=ink.t.muted)
            ink.text(line, told, face=Face.VALUE, colour=colour, align=RIGHT)

    def _draw_missing(self, ink: Ink, area: QRectF, gap: Gap, at_stake: Money) -> None:
        """In kWh, and what that costs where it has room."""
        title = f"Since {LONG_MONTHS[gap.since.month - 1]} {gap.since.year}"
        ink.text(QRectF(area.left(), area.top(), area.width(), 26), title, face=Face.CARD_TITLE)
        share = max(0, min(1000, gap.counted.wh * 1000 // max(1, gap.expected.wh))) / 1000
        strong = tone(ink.t, "bad")[0]
        is_wide = area.width() > NARROW_REASONS
        rows = (
            (_as_before(gap, area.width()) if is_wide else "As before", gap.expected.wh, ink.t.text),
            ("This meter counted" if is_wide else "This meter", gap.counted.wh, ink.t.text),
            ("Missing", gap.missing.wh, strong),
        )
        for at, (name, wh, colour) in enumerate(rows):
            top = area.top() + 32 + at * (LOW_GAP_ROW if self._is_low else GAP_ROW)
            line = QRectF(area.left(), top, area.width(), 22)
            is_missing = at == 2
            ink.text(line, name, face=Face.STRONG if is_missing else Face.BODY)
            figure = f"{kwh(wh)} kWh"
            worth = f"{at_stake} at stake, {figure}"
            if is_missing and text_width(f"{name} {worth}", Face.STRONG) + 12 < area.width():
                figure = worth
            ink.text(line, figure, face=Face.STRONG, colour=colour, align=RIGHT)
            bar = QRectF(area.left(), top + (21 if self._is_low else 25), area.width(), 9)
            ink.box(bar, fill=ink.t.sunken if at else ink.t.edge, radius=2)
            if at == 1:
                ink.box(QRectF(bar.left(), bar.top(), bar.width() * share, 9), fill=ink.t.series_2, radius=2)
            elif is_missing:
                self._hatch(ink, QRectF(bar.left() + bar.width() * share, bar.top(), bar.width() * (1 - share), 9))

    def _hatch(self, ink: Ink, rect: QRectF) -> None:
        strong, soft, _ = tone(ink.t, "bad")
        ink.painter.setPen(QPen(QColor(strong), 1))
        ink.painter.setBrush(QBrush(QColor(soft)))
        ink.painter.drawRect(rect)
        ink.painter.fillRect(rect, QBrush(QColor(strong), Qt.BrushStyle.BDiagPattern))

    def _draw_finding(self, ink: Ink, area: QRectF, row: Listed) -> None:
        finding = row.line.finding
        assert finding is not None, "only what was found is told"
        title = f"Found {short_day(finding.on, today=self.today)}"
        ink.text(QRectF(area.left(), area.top(), area.width(), 26), title, face=Face.CARD_TITLE)
        colour = tone(ink.t, "bad" if finding.outcome.is_hit else "ok")[0]
        outcome = QRectF(area.left(), area.top() + 30, area.width(), 24)
        ink.text(outcome, OUTCOMES[finding.outcome], face=Face.STRONG, colour=colour)
        if finding.used is not None:
            shown = f"The register of use showed {finding.used} kWh."
            ink.text(QRectF(area.left(), area.top() + 56, area.width(), 22), shown, face=Face.SMALL)
        ink.paragraph(
            QRectF(area.left(), area.top() + 82, area.width(), min(76.0, area.height() - 82)),
            finding.note,
            face=Face.SMALL,
            from_top=True,
        )


def head_lines(row: Listed, room: float, *, today: date) -> tuple[str, ...]:
    """Where it is, then its meter and what is under way: in one line if all of that has room, else in two. The
    place gives way to nothing; a meter number does, to what is under way."""
    where = ", ".join(part for part in (row.address, row.area) if part)
    meter, told = f"meter {spaced(row.meter)}", said_field(row, today=today)
    what = BETWEEN.join(part for part in (meter, told) if part)
    if where and text_width(f"{where}{BETWEEN}{what}", Face.SMALL) <= room:
        return (f"{where}{BETWEEN}{what}",)
    if text_width(what, Face.SMALL) > room:
        what = told or meter
    return (where, what) if where else (what,)


def _as_before(gap: Gap, room: float) -> str:
    """What it would have counted: its own level, in the season of its neighbours."""
    longest = "As before, with the neighbours’ season"
    fits = text_width(f"{longest} {kwh(gap.expected.wh)} kWh", Face.STRONG) + 12 < room
    return longest if fits else "As before, in season"


def said_route(count: int) -> str:
    """`Print route sheet, 2 meters`."""
    return f"Print route sheet, {counted(count, 'meter', 'meters')}" if count else "Print route sheet"
