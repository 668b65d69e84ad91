"""Bars and lines as pyqtgraph draws them, in the colours and letters of the design; nobody pans, zooms or gets a menu.

Loaded with the first report that has a picture: numpy and pyqtgraph take half a second that no start has.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import nan
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QFrame, QWidget

from vending_app.ui.fonts import Face, font
from vending_app.ui.paint import elided, text_width
from vending_app.ui.reports.plot_parts import Grid, PlotBar, PlotLine
from vending_app.ui.theme import Look

# Its own clean-up at the end would delete what the window has deleted already.
pg.setConfigOptions(antialias=True, exitCleanup=False)

GUTTER, GUTTER_GAP, FOOT, HEAD = 52, 14, 32, 20
"""At the left for figures, below for names, above for the figure of the highest bar."""
WIDEST_BAR, WIDEST_STEP, BAR_SHARE = 40, 96, 0.6
PAIR_SHARE, PAIR_GAP = 0.76, 3
LABEL_GAP = 16
"""Between two names under their bars."""
THIN, STRONG, POINTED = 1.5, 2.5, 3.5
DOT, SMALL_DOT = 7, 4
BEHIND = -10
"""Below everything else."""


class Plot:
    """One picture; `widget` is placed by whoever shows it."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        self.look = look
        self.gutter = GUTTER
        """What the figures beside the grid need."""
        self.widget: Any = pg.PlotWidget(parent)
        self.widget.setFrameShape(QFrame.Shape.NoFrame)
        self.widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.item = self.widget.getPlotItem()
        self.item.setMenuEnabled(False)
        self.item.hideButtons()
        self.item.setMouseEnabled(x=False, y=False)
        self.item.getViewBox().disableAutoRange()
        self.item.layout.setContentsMargins(0, 0, 0, 0)
        self.item.getAxis("bottom").setHeight(FOOT)

    @property
    def room(self) -> float:
        """Pixels between the left edge and the right one."""
        return max(1.0, float(self.widget.width() - self.gutter))

    def place_at(self, point: QPoint) -> tuple[float, float]:
        """Which place of the picture lies under a point of the widget: number and height."""
        found = self.item.getViewBox().mapSceneToView(self.widget.mapToScene(point))
        return found.x(), found.y()

    # --- bars -------------------------------------------------------------------------------------------

    def draw_bars(self, bars: Sequence[PlotBar], grid: Grid, *, pointed: int | None) -> None:
        """All anew; few bars stand at the left, as wide as many, or as their names need."""
        t = self.look.tokens
        self._make_room(grid)
        named = max(text_width(bar.label, Face.CAPTION) for bar in bars) + LABEL_GAP
        step = min(self.room / len(bars), max(WIDEST_STEP, named))
        labels = [elided(bar.label, Face.CAPTION, step - LABEL_GAP / 2) for bar in bars]
        self._begin(grid, labels, (-0.5, self.room / step - 0.5))
        if pointed is not None:
            self._draw_band(pointed, grid)
        if any(bar.beside is not None for bar in bars):
            # Its figure stands above each, so a bar may be as wide as that.
            figures = max(
                text_width(each, Face.CAPTION_STRONG) for bar in bars for each in (bar.figure, bar.beside_figure)
            )
            wide = min(max(WIDEST_BAR, figures), step * PAIR_SHARE / 2)
            apart = (wide + PAIR_GAP) / 2 / step
            first = [(at - apart, bar.height, bar.figure) for at, bar in enumerate(bars)]
            second = [(at + apart, bar.beside or 0, bar.beside_figure) for at, bar in enumerate(bars)]
            self._draw_row(first, t.series_3, wide / step, 2 * apart * step)
            self._draw_row(second, t.edge, wide / step, 2 * apart * step)
        else:
            row = [(float(at), bar.height, bar.figure) for at, bar in enumerate(bars)]
            self._draw_row(row, t.series_3, min(WIDEST_BAR / step, BAR_SHARE), step)

    def _draw_row(self, bars: Sequence[tuple[float, int, str]], colour: str, wide: float, room: float) -> None:
        """Places, heights and figures of bars of one colour; a figure has `room` pixels."""
        self.item.addItem(
            pg.BarGraphItem(
                x=[at for at, _, _ in bars],
                height=[max(height, 0) for _, height, _ in bars],
                width=wide,
                brush=QColor(colour),
                pen=QPen(Qt.PenStyle.NoPen),
            )
        )
        for at, height, figure in bars:
            if text_width(figure, Face.CAPTION_STRONG) <= room - 2:
                self._write(figure, at, max(height, 0))

    def _draw_band(self, at: int, grid: Grid) -> None:
        """Behind the bar that is pointed at."""
        low, high = grid.heights[0], grid.heights[-1]
        band = pg.BarGraphItem(
            x=[at],
            y0=low,
            height=high - low,
            width=0.96,
            brush=QColor(self.look.tokens.accent_soft),
            pen=QPen(Qt.PenStyle.NoPen),
        )
        band.setZValue(BEHIND)
        self.item.addItem(band)

    def _write(self, figure: str, at: float, height: int) -> None:
        text = pg.TextItem(figure, color=QColor(self.look.tokens.text), anchor=(0.5, 1))
        text.setFont(font(Face.CAPTION_STRONG, figure))
        text.textItem.document().setUseDesignMetrics(True)
        self.item.addItem(text, ignoreBounds=True)
        text.setPos(at, height)

    # --- lines ------------------------------------------------------------------------------------------

    def draw_lines(self, lines: Sequence[PlotLine], labels: Sequence[str], grid: Grid, *, pointed: int | None) -> None:
        """All anew; what is strong or pointed at lies above the others."""
        self._make_room(grid)
        self._begin(grid, labels, (-0.3, len(labels) - 0.7))
        for at, line in sorted(enumerate(lines), key=lambda pair: (pair[1].is_strong, pair[0] == pointed)):
            self._draw_line(line, is_pointed=at == pointed)

    def _draw_line(self, line: PlotLine, *, is_pointed: bool) -> None:
        colour = QColor(self.look.tokens.accent if is_pointed and not line.is_strong else line.colour)
        wide = POINTED if is_pointed else STRONG if line.is_strong else THIN
        heights = [nan if height is None else float(height) for height in line.heights]
        pen = QPen(colour, wide)
        pen.setCosmetic(True)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        self.item.addItem(pg.PlotCurveItem(x=list(range(len(heights))), y=heights, pen=pen, connect="finite"))
        known = [(at, height) for at, height in enumerate(line.heights) if height is not None]
        size = DOT if line.is_strong or is_pointed else SMALL_DOT
        self.item.addItem(pg.ScatterPlotItem(pos=known, size=size, brush=colour, pen=QPen(Qt.PenStyle.NoPen)))

    # --- what both stand on -----------------------------------------------------------------------------

    def _make_room(self, grid: Grid) -> None:
        self.gutter = max(GUTTER, max(text_width(label, Face.CAPTION) for label in grid.labels) + GUTTER_GAP)
        self.item.getAxis("left").setWidth(self.gutter)
        # At once, not with the next event: bars and their labels are placed in this width now.
        self.item.layout.activate()

    def _begin(self, grid: Grid, labels: Sequence[str], across: tuple[float, float]) -> None:
        self.item.clear()
        self.widget.setBackground(QColor(self.look.tokens.card))
        low, top = grid.heights[0], max(grid.heights[-1], grid.heights[0] + 1)
        # Room for a figure above the highest bar: what leaves the picture is cut.
        pixels = max(1.0, float(self.widget.height() - FOOT))
        high = low + (top - low) * pixels / max(1.0, pixels - HEAD)
        self.item.setRange(QRectF(across[0], low, across[1] - across[0], high - low), padding=0, disableAutoRange=True)
        self._dress("left", list(zip(grid.heights, grid.labels, strict=True)))
        self._dress("bottom", list(enumerate(labels)))
        for height in grid.heights:
            line = pg.InfiniteLine(pos=height, angle=0, pen=QPen(QColor(self.look.tokens.line), 0))
            line.setZValue(BEHIND)
            self.item.addItem(line, ignoreBounds=True)

    def _dress(self, side: str, ticks: list[tuple[int, str]]) -> None:
        axis = self.item.getAxis(side)
        # The letters of any name that stands there.
        told = font(Face.CAPTION, " ".join(label for _, label in ticks))
        axis.setStyle(tickFont=told, tickLength=0, tickTextOffset=8)
        axis.setPen(QPen(Qt.PenStyle.NoPen))
        # A mark of no length is a dot, which lies unseen on the line of its height.
        axis.setTickPen(QColor(self.look.tokens.line))
        axis.setTextPen(QColor(self.look.tokens.muted))
        axis.setTicks([ticks])
