"""Who took how much, and how it was paid."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QWidget

from vending_app.domain.day import CashierSums, DayReport, DaySums
from vending_app.domain.money import ZERO
from vending_app.ui.components.surface import PADDING, Surface
from vending_app.ui.fonts import Face
from vending_app.ui.paint import RIGHT, Ink, text_width
from vending_app.ui.theme import Look
from vending_app.ui.words import TENDERS

HEAD, FIRST, ROW = 40, 66, 36
LOW, LOW_FIRST, LOW_ROW = 200, 42, 26
"""Below this height the heads stand beside the title and the rows closer."""
BAR, WITH_BAR = 72, 460
PITCH, APART = (54, 96, 100), 14
"""Of the columns at least, and what lies between two figures."""
NAME, NAME_AND_DESK = 110, 146
"""What is left for who it was, at least."""
WORDS = ("Sales", "kWh", "Takings")
Column = tuple[int, float, float]
"""Which of the words, its right edge, and how wide it is."""


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
    def _is_low(self) -> bool:
        return self.height() < LOW

    @property
    def shows_bars(self) -> bool:
        """Where there is room for them beside all figures."""
        return self.width() > WITH_BAR and sum(self._wides) + NAME_AND_DESK + BAR + 16 <= self.width() - 2 * PADDING

    @property
    def _wides(self) -> list[float]:
        """What the figures of each column need, with what lies between them."""
        assert self.report is not None, "figures are of a day"
        lines = [_figures(self.report.sums), *map(_figures, self.report.cashiers)]
        return [
            max(PITCH[at], *(text_width(line[at], Face.STRONG) + APART for line in lines)) for at in range(len(WORDS))
        ]

    def columns(self) -> list[Column]:
        """From the right one to the left: where there is little room the energy gives way, then the sales."""
        wides, right = self._wides, float(self.width() - PADDING)
        if self.shows_bars:
            right -= BAR + 16
        told = [2, 0] if self.width() <= WITH_BAR or not self._has_room(wides, right) else [2, 1, 0]
        found: list[Column] = []
        for at in told:
            if not found or right - wides[at] >= PADDING + NAME:
                found.append((at, right, wides[at]))
                right -= wides[at]
        return found

    def _has_room(self, wides: Sequence[float], right: float) -> bool:
        return right - sum(wides) >= PADDING + NAME

    def draw(self, ink: Ink) -> None:
        if self.report is None:
            return
        columns = self.columns()
        head = 12 if self._is_low else HEAD
        for at, edge, wide in columns:
            box = QRectF(edge - wide, head, wide, 26)
            ink.text(box, WORDS[at], face=Face.CAPTION, colour=ink.t.muted, align=RIGHT)
        if not self._is_low:
            ink.text(QRectF(PADDING, HEAD, 120, 26), "Cashier", face=Face.CAPTION, colour=ink.t.muted)
        first, high = (LOW_FIRST, LOW_ROW) if self._is_low else (FIRST, ROW)
        rows = max(0, int((self.height() - first) // high) - 1)
        most = max((row.takings.minor for row in self.report.cashiers), default=1)
        for at, row in enumerate(self.report.cashiers[:rows]):
            self._draw_row(ink, QRectF(PADDING, first + at * high, 0, high), row, columns, most)
        self._draw_sum(ink, first + min(rows, len(self.report.cashiers)) * high, high, columns)

    def _draw_row(self, ink: Ink, line: QRectF, row: CashierSums, columns: Sequence[Column], most: int) -> None:
        top, high = line.top(), line.height()
        ink.rule(PADDING, self.width() - PADDING, top)
        _, edge, wide = columns[-1]
        name = QRectF(PADDING, top, edge - wide - PADDING, high)
        if self.shows_bars:
            used = ink.text(name.adjusted(0, 0, -46, 0), row.name, face=Face.VALUE, may_elide=True)
            desk = name.adjusted(max(used + 8, 112), 0, 20, 0)
            ink.text(desk, f"Desk {row.desk}", face=Face.SMALL, colour=ink.t.muted, may_elide=True)
        else:
            ink.text(name, row.name, face=Face.VALUE, may_elide=True)
        for at, right, room in columns:
            face = Face.STRONG if at == 2 else Face.BODY
            ink.text(QRectF(right - room, top, room, high), _figures(row)[at], face=face, align=RIGHT)
        if self.shows_bars:
            bar = QRectF(self.width() - PADDING - BAR, top + high / 2 - 4, BAR, 8)
            ink.box(bar, fill=ink.t.sunken, radius=2)
            share = max(0, row.takings.minor) / max(1, most)
            ink.box(QRectF(bar.left(), bar.top(), BAR * share, 8), fill=ink.t.series_3, radius=2)

    def _draw_sum(self, ink: Ink, top: float, high: float, columns: Sequence[Column]) -> None:
        assert self.report is not None, "a sum is of a day"
        ink.rule(PADDING, self.width() - PADDING, top)
        word = "All desks" if self.report.desk is None else f"Desk {self.report.desk}"
        ink.text(QRectF(PADDING, top, 140, high), word, face=Face.STRONG)
        for at, right, wide in columns:
            said = _figures(self.report.sums)[at]
            ink.text(QRectF(right - wide, top, wide, high), said, face=Face.STRONG, align=RIGHT)


def _figures(sums: CashierSums | DaySums) -> tuple[str, str, str]:
    return str(sums.sales), str(sums.energy), str(sums.takings)


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
        bar, high, top = (40, 8, 50.0) if self.height() < LOW else (45, 15, 68.0)
        ink.box(QRectF(PADDING, bar, room, high), fill=ink.t.sunken, radius=2)
        row = min(float(ROW), (self.height() - top - 4) / (len(self.report.tenders) + 1))
        for (kind, amount), shade in zip(self.report.tenders.items(), shades, strict=False):
            wide = room * taken[kind] / whole
            ink.box(QRectF(x, bar, max(0.0, wide - 2), high), fill=shade, radius=2)
            x += wide
            ink.box(QRectF(PADDING, top + row / 2 - 6, 12, 12), fill=shade, radius=2)
            ink.text(QRectF(PADDING + 24, top, 120, row), TENDERS[kind], face=Face.VALUE)
            share = f"{(taken[kind] * 100 + whole // 2) // whole} %"
            part = QRectF(PADDING, top, room * 0.64, row)
            ink.text(part, share, face=Face.SMALL, colour=ink.t.muted, align=RIGHT)
            ink.text(QRectF(PADDING, top, room, row), str(amount), face=Face.STRONG, align=RIGHT)
            ink.rule(PADDING, self.width() - PADDING, top + row)
            top += row
        ink.text(QRectF(PADDING, top, room, row), "All", face=Face.STRONG)
        ink.text(QRectF(PADDING, top, room, row), str(self.report.sums.takings), face=Face.STRONG, align=RIGHT)
