"""Who took how much, and how it was paid."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QWidget

from vending_app.domain.day import CashierSums, DayReport
from vending_app.domain.money import ZERO
from vending_app.ui.components.surface import PADDING, Surface
from vending_app.ui.fonts import Face
from vending_app.ui.paint import RIGHT, Ink
from vending_app.ui.theme import Look
from vending_app.ui.words import TENDERS

HEAD, FIRST, ROW = 40, 66, 36
BAR = 72
SALES_RIGHT, KWH_RIGHT, TOTAL_RIGHT = 284, 188, 96
"""From the right edge of the card, with its bar."""


class CashiersCard(Surface):
    """A row each, the largest first; who has no room stands in the sum."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="By cashier", parent=parent)
        self.report: DayReport | None = None

    def show_report(self, report: DayReport) -> None:
        self.report = report
        rows = "; ".join(f"{row.name} {row.takings}, {row.sales} sales" for row in report.cashiers)
        self.setAccessibleDescription(rows)
        self.update()

    @property
    def _shows_bars(self) -> bool:
        return self.width() > 460

    def _told(self, columns: Sequence[int], words: tuple[str, str, str]) -> list[tuple[int, str]]:
        """Where there is little room the energy gives way, and the sales take its place."""
        if self._shows_bars:
            return list(zip(columns, words, strict=True))
        return [(columns[1], words[0]), (columns[2], words[2])]

    def draw(self, ink: Ink) -> None:
        if self.report is None:
            return
        shift = 0 if self._shows_bars else BAR + 16
        columns = [self.width() - PADDING - right + shift for right in (SALES_RIGHT, KWH_RIGHT, TOTAL_RIGHT - 8)]
        for edge, word in self._told(columns, ("Sales", "kWh", "Takings")):
            head = QRectF(edge - 110, HEAD, 110, 26)
            ink.text(head, word, face=Face.CAPTION, colour=ink.t.muted, align=RIGHT)
        ink.text(QRectF(PADDING, HEAD, 120, 26), "Cashier", face=Face.CAPTION, colour=ink.t.muted)
        rows = int((self.height() - FIRST) // ROW) - 1
        most = max((row.takings.minor for row in self.report.cashiers), default=1)
        for at, row in enumerate(self.report.cashiers[:rows]):
            self._draw_row(ink, FIRST + at * ROW, row, columns, most)
        self._draw_sum(ink, FIRST + min(rows, len(self.report.cashiers)) * ROW, columns)

    def _draw_row(self, ink: Ink, top: float, row: CashierSums, columns: Sequence[int], most: int) -> None:
        ink.rule(PADDING, self.width() - PADDING, top)
        room = columns[0 if self._shows_bars else 1] - PADDING - 40
        name = QRectF(PADDING, top, room, ROW)
        if self._shows_bars:
            used = ink.text(name.adjusted(0, 0, -60, 0), row.name, face=Face.VALUE, may_elide=True)
            desk = name.adjusted(max(used + 8, 112), 0, 20, 0)
            ink.text(desk, f"Desk {row.desk}", face=Face.SMALL, colour=ink.t.muted, may_elide=True)
        else:
            ink.text(name, row.name, face=Face.VALUE, may_elide=True)
        for edge, words in self._told(columns, (str(row.sales), str(row.energy), str(row.takings))):
            face = Face.STRONG if edge == columns[-1] else Face.BODY
            ink.text(QRectF(edge - 110, top, 110, ROW), words, face=face, align=RIGHT)
        if self._shows_bars:
            bar = QRectF(self.width() - PADDING - BAR, top + 14, BAR, 8)
            ink.box(bar, fill=ink.t.sunken, radius=2)
            share = max(0, row.takings.minor) / max(1, most)
            ink.box(QRectF(bar.left(), bar.top(), BAR * share, 8), fill=ink.t.series_3, radius=2)

    def _draw_sum(self, ink: Ink, top: float, columns: Sequence[int]) -> None:
        assert self.report is not None, "a sum is of a day"
        ink.rule(PADDING, self.width() - PADDING, top)
        word = "All desks" if self.report.desk is None else f"Desk {self.report.desk}"
        ink.text(QRectF(PADDING, top, 140, ROW), word, face=Face.STRONG)
        sums = self.report.sums
        for edge, words in self._told(columns, (str(sums.sales), str(sums.energy), str(sums.takings))):
            ink.text(QRectF(edge - 110, top, 110, ROW), words, face=Face.STRONG, align=RIGHT)


class TendersCard(Surface):
    """A bar of all, and a row for each way of paying."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="By tender", parent=parent)
        self.report: DayReport | None = None

    def show_report(self, report: DayReport) -> None:
        self.report = report
        rows = "; ".join(f"{TENDERS[kind]} {amount}" for kind, amount in report.tenders.items())
        self.setAccessibleDescription(rows)
        self.update()

    def draw(self, ink: Ink) -> None:
        if self.report is None:
            return
        room = self.width() - 2 * PADDING
        shades = (ink.t.series_3, ink.t.series_2, ink.t.series_1, ink.t.edge)
        taken = {kind: max(amount, ZERO).minor for kind, amount in self.report.tenders.items()}
        whole = max(1, sum(taken.values()))
        x = float(PADDING)
        ink.box(QRectF(PADDING, 45, room, 15), fill=ink.t.sunken, radius=2)
        top = 68.0
        row = min(float(ROW), (self.height() - top - 4) / (len(self.report.tenders) + 1))
        for (kind, amount), shade in zip(self.report.tenders.items(), shades, strict=False):
            wide = room * taken[kind] / whole
            ink.box(QRectF(x, 45, max(0.0, wide - 2), 15), fill=shade, radius=2)
            x += wide
            ink.box(QRectF(PADDING, top + row / 2 - 6, 12, 12), fill=shade, radius=2)
            ink.text(QRectF(PADDING + 24, top, 120, row), TENDERS[kind], face=Face.VALUE)
            share = f"{taken[kind] * 100 // whole} %"
            part = QRectF(PADDING, top, room * 0.64, row)
            ink.text(part, share, face=Face.SMALL, colour=ink.t.muted, align=RIGHT)
            ink.text(QRectF(PADDING, top, room, row), str(amount), face=Face.STRONG, align=RIGHT)
            ink.rule(PADDING, self.width() - PADDING, top + row)
            top += row
        ink.text(QRectF(PADDING, top, room, row), "All", face=Face.STRONG)
        ink.text(QRectF(PADDING, top, room, row), str(self.report.sums.takings), face=Face.STRONG, align=RIGHT)
