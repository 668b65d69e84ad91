"""The picture of a report: bars over time or by name, or lines over months, and sentences below it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QLineF, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from vending_app.domain.money import grouped
from vending_app.domain.said_report import SaidLine, SaidReport
from vending_app.ui.components.surface import PADDING, Surface
from vending_app.ui.day.hours_card import grid
from vending_app.ui.fonts import Face
from vending_app.ui.paint import Ink, text_width
from vending_app.ui.phrases import percent
from vending_app.ui.reports.plot_parts import Grid, PlotBar, PlotLine
from vending_app.ui.theme import Look, Tokens

if TYPE_CHECKING:
    from vending_app.ui.reports.plot import Plot

TOP, LEGEND_GAP, NOTE_HIGH = 44, 18, 24
MOST_NOTES = 3
MOST, LEAST, SHARE = 232, 150, 0.38
"""Of the height of the page; a low window leaves the table some rows."""
ALONE = 12
"""Above and below sentences that stand alone."""
BACK = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Up})
FORTH = frozenset({Qt.Key.Key_Right, Qt.Key.Key_Down})
ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class ChartCard(Surface):
    """Signals: opened(int) — Enter or a click on a bar or a line, by its number."""

    opened = Signal(int)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        self.said: SaidReport | None = None
        self.plot: Plot | None = None
        """There from the first picture on."""
        self.pointed: int | None = None
        """The bar or line that Enter opens."""
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_report(self, said: SaidReport) -> None:
        """Another report; one without a picture shows what is to be told, or nothing."""
        self.said, self.pointed = said, None
        self.set_title(said.picture if self.count else "")
        self.setAccessibleDescription(_description(said))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if self.count else Qt.FocusPolicy.NoFocus)
        if self.plot is not None:
            self.plot.widget.setVisible(self.count > 0)
        self._draw_plot()

    @property
    def count(self) -> int:
        """How many bars or lines there are."""
        return len(self.said.bars or self.said.lines) if self.said is not None else 0

    @property
    def notes(self) -> tuple[tuple[str, str, str], ...]:
        """Tone, icon and sentence of what stands below the picture."""
        if self.said is None:
            return ()
        alerts = tuple(("warn", "warning-fill", sentence) for sentence in self.said.alerts)
        notes = tuple(("muted", "info", sentence) for sentence in self.said.notes)
        # However many stand out, one line tells why something is not known.
        return (*alerts[: MOST_NOTES - bool(notes)], *notes)[:MOST_NOTES]

    @property
    def notes_high(self) -> int:
        """What they need besides the picture."""
        return NOTE_HIGH * len(self.notes)

    def height_in(self, room: float) -> float:
        """Of a page with so much room, of which the table below gets most; nothing where there is nothing to show."""
        if not self.count:
            return self.notes_high + 2 * ALONE if self.notes else 0
        return max(LEAST, min(MOST, room * SHARE)) + self.notes_high

    # --- the picture ------------------------------------------------------------------------------------

    def _draw_plot(self) -> None:
        if self.said is None or not self.count:
            return
        if self.plot is None:
            # Half a second, which only whoever looks at a picture waits for.
            from vending_app.ui.reports.plot import Plot  # noqa: PLC0415 - see above

            self.plot = Plot(self.look, self)
            self.plot.widget.show()
        self._place_plot()
        if self.said.bars:
            self._draw_bars(self.plot, self.said)
        else:
            self._draw_lines(self.plot, self.said)

    def _draw_bars(self, plot: Plot, said: SaidReport) -> None:
        bars = [PlotBar(bar.label, bar.height, bar.figure, bar.beside, bar.beside_figure) for bar in said.bars]
        heights = [bar.height for bar in bars] + [bar.beside for bar in bars if bar.beside is not None]
        plot.draw_bars(bars, _grid(heights, partial(_whole, unit=said.unit), least=said.unit), pointed=self.pointed)

    def _draw_lines(self, plot: Plot, said: SaidReport) -> None:
        colours = _colours(said.lines, self.look.tokens)
        lines = [
            PlotLine(line.shares, colour, line.is_strong) for line, colour in zip(said.lines, colours, strict=True)
        ]
        known = [share for line in said.lines for share in line.shares if share is not None]
        plot.draw_lines(lines, said.labels, _grid(known, _level, is_below=True), pointed=self.pointed)

    def _place_plot(self) -> None:
        if self.plot is not None:
            high = self.height() - TOP - self.notes_high - 8
            self.plot.widget.setGeometry(PADDING, TOP, self.width() - 2 * PADDING, max(high, 1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._draw_plot()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        # A window that is closed is dressed too while others live; only what is seen is drawn anew.
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.StyleChange} and self.isVisible():
            self._draw_plot()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._draw_plot()

    # --- around it --------------------------------------------------------------------------------------

    def draw(self, ink: Ink) -> None:
        if self.said is None:
            return
        if self.hasFocus():
            ink.box(QRectF(self.rect()), line=ink.t.accent, radius=10, width=2)
        self._draw_legend(ink, self.said)
        y = self.height() - self.notes_high - (6 if self.count else ALONE)
        for tone, icon, sentence in self.notes:
            ink.icon(QRectF(PADDING, y + 4, 16, 16), icon, getattr(ink.t, tone))
            room = QRectF(PADDING + 24, y, self.width() - 2 * PADDING - 24, NOTE_HIGH)
            ink.text(room, sentence, face=Face.SMALL, may_elide=True)
            y += NOTE_HIGH

    def _draw_legend(self, ink: Ink, said: SaidReport) -> None:
        """Who stands out by name, the others together; what has no room is not named."""
        pair = zip((ink.t.series_3, ink.t.edge), said.pair, strict=True) if said.pair else ()
        named = [*pair, *self._named_lines(ink, said)]
        x = PADDING + text_width(self.title, Face.CARD_TITLE) + LEGEND_GAP
        end = self.width() - PADDING - (text_width(self.remark, Face.SMALL) + 16 if self.remark else 0)
        for colour, word in named:
            wide = text_width(word, Face.SMALL)
            if x + 22 + wide > end:
                return
            if said.pair:
                ink.box(QRectF(x + 2, 19, 12, 12), fill=colour, radius=2)
            else:
                ink.line(QLineF(x, 25, x + 14, 25), colour=colour, width=2.5)
            ink.text(QRectF(x + 20, 13, wide + 2, 24), word, face=Face.SMALL, colour=ink.t.muted)
            x += 20 + wide + LEGEND_GAP

    @staticmethod
    def _named_lines(ink: Ink, said: SaidReport) -> list[tuple[str, str]]:
        """Colours and names; none of a line alone, whose name stands in the title of the page."""
        if len(said.lines) < 2:
            return []
        colours = zip(said.lines, _colours(said.lines, ink.t), strict=True)
        named = [(colour, line.label) for line, colour in colours if line.is_strong]
        return [*named, *([(ink.t.edge, said.rest)] if said.rest else [])]

    # --- what a person does -----------------------------------------------------------------------------

    def point_at(self, at: int | None) -> None:
        """Say which one it is, in the title row."""
        if at == self.pointed or self.said is None:
            return
        self.pointed = at
        self.set_title(self.title, _said_one(self.said, at) if at is not None else "")
        self._draw_plot()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in BACK | FORTH and self.count:
            step = -1 if key in BACK else 1
            at = (self.count if step < 0 else -1) if self.pointed is None else self.pointed
            self.point_at(max(0, min(self.count - 1, at + step)))
        elif key in ENTER and self.pointed is not None:
            self.opened.emit(self.pointed)
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.point_at(self._under(event))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        at = self._under(event)
        if at is not None and event.button() is Qt.MouseButton.LeftButton:
            self.opened.emit(at)

    def leaveEvent(self, event: QEvent) -> None:
        if not self.hasFocus():
            self.point_at(None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.pointed is None and self.count and event.reason() is not Qt.FocusReason.MouseFocusReason:
            self.point_at(self.count - 1 if self.said is not None and self.said.bars else 0)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.point_at(None)
        self.update()

    def _under(self, event: QMouseEvent) -> int | None:
        """The bar of that column, or the line that runs nearest to there."""
        if self.plot is None or self.said is None or not self.count:
            return None
        x, y = self.plot.place_at(self.plot.widget.mapFrom(self, event.position().toPoint()))
        place = round(x)
        if self.said.bars:
            return place if 0 <= place < self.count else None
        near = [
            (abs(share - y), at)
            for at, line in enumerate(self.said.lines)
            if 0 <= place < len(line.shares) and (share := line.shares[place]) is not None
        ]
        return min(near)[1] if near else None


def _grid(heights: list[int], said: Callable[[int], str], *, least: int = 1, is_below: bool = False) -> Grid:
    """Round figures from zero, or from below it where something lies there; a step is `least` at least."""
    high, low = max(0, *heights), min(0, *heights) if is_below else 0
    top, lines = grid(max(high - low, least))
    step = max(top // lines, least)
    levels = tuple(step * at for at in range(low // step, max(1, -(-high // step)) + 1))
    return Grid(levels, tuple(said(level) for level in levels))


def _whole(level: int, *, unit: int) -> str:
    return grouped(level // unit, digits=0)


def _level(share: int) -> str:
    """Without its unit, which stands in the title."""
    sign = "\N{MINUS SIGN}" if share < 0 else ""
    return sign + percent(abs(share)).removesuffix(" %")


def _colours(lines: tuple[SaidLine, ...], t: Tokens) -> list[str]:
    """Who stands out in a colour of his own, the others in grey."""
    strong = iter((t.bad, t.warn, t.series_3) * len(lines))
    if len(lines) == 1:
        return [t.series_3]
    return [next(strong) if line.is_strong else t.edge for line in lines]


def _said_one(said: SaidReport, at: int) -> str:
    """`14 Nov 2025: 6 321.00`, `North 3: 18.2 % in Sep`."""
    if said.bars:
        return said.bars[at].said
    line = said.lines[at]
    newest = max(place for place, share in enumerate(line.shares) if share is not None)
    share = line.shares[newest]
    assert share is not None, "it was just looked for"
    return f"{line.label}: {'−' if share < 0 else ''}{percent(abs(share))} in {said.labels[newest]}"


def _description(said: SaidReport) -> str:
    """The picture in words, with what stands below it."""
    if said.bars:
        return "; ".join(bar.said for bar in said.bars)
    told = [_said_one(said, at) for at in range(len(said.lines))]
    return "; ".join([*told, *said.alerts, *said.notes])
