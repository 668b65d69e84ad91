"""The picture of a report: a bar for each day of a month or month of a year, over one axis."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QWidget

from vending_app.domain.report import SaidReport
from vending_app.ui.components.surface import PADDING, Surface
from vending_app.ui.day.day_words import whole
from vending_app.ui.day.hours_card import grid
from vending_app.ui.fonts import Face
from vending_app.ui.paint import CENTRE, RIGHT, Ink, text_width
from vending_app.ui.theme import Look

GUTTER, FOOT, TOP = 52, 32, 60
WIDEST_BAR, WIDEST_STEP = 40, 96


class BarsCard(Surface):
    """Takings by part of the period."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        self.said: SaidReport | None = None

    def show_report(self, said: SaidReport) -> None:
        """Another report."""
        self.said = said
        self.set_title(said.picture)
        self.setAccessibleDescription("; ".join(f"{bar.label} {bar.amount}" for bar in said.bars))
        self.update()

    def draw(self, ink: Ink) -> None:
        if self.said is None or not self.said.bars:
            return
        plot = QRectF(self.rect()).adjusted(PADDING + GUTTER, TOP, -PADDING, -FOOT)
        top, lines = grid(max(0, *(bar.amount.minor for bar in self.said.bars)))
        for line in range(lines + 1):
            y = plot.bottom() - plot.height() * line / lines
            ink.rule(plot.left(), plot.right(), round(y))
            label = QRectF(PADDING, y - 9, GUTTER - 8, 18)
            ink.text(label, whole(top * line // lines), face=Face.CAPTION, colour=ink.t.muted, align=RIGHT)
        step = min(plot.width() / len(self.said.bars), WIDEST_STEP)
        for at, bar in enumerate(self.said.bars):
            column = QRectF(plot.left() + at * step, plot.top(), step, plot.height())
            self._draw_bar(ink, column, bar.amount.minor / top, (bar.label, bar.figure))

    def _draw_bar(self, ink: Ink, column: QRectF, share: float, words: tuple[str, str]) -> None:
        label, figure = words
        x, wide = column.center().x(), min(WIDEST_BAR, column.width() * 0.6)
        y = column.bottom() - column.height() * max(share, 0)
        ink.box(QRectF(x - wide / 2, y, wide, column.bottom() - y), fill=ink.t.series_3, radius=2)
        if text_width(figure, Face.CAPTION_STRONG) <= column.width() - 2:
            above = QRectF(column.left(), y - 21, column.width(), 18)
            ink.text(above, figure, face=Face.CAPTION_STRONG, align=CENTRE)
        below = QRectF(column.left(), column.bottom() + 6, column.width(), 18)
        ink.text(below, label, face=Face.CAPTION, colour=ink.t.muted, align=CENTRE)
