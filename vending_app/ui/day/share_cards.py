"""Who took how much, and how it was paid."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QWidget

from vending_app.domain.day import CashierSums, DayReport, DaySums
from vending_app.domain.money import Money
from vending_app.ui.components.openable import Openable, Part
from vending_app.ui.components.surface import PADDING
from vending_app.ui.day.leads import of_cashier, paid_by, sales_of, taken_back
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
TAKEN_BACK = "Taken back"
WORDS = ("Sales", "kWh", "Takings")
Column = tuple[int, float, float]
"""Which of the words, its right edge, and how wide it is."""


class CashiersCard(Openable):
    """A row each, the largest first; who has no room stands in the sum. Signals: opened(Opens)."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="By cashier", parent=parent)
        self.report: DayReport | None = None

    def show_report(self, report: DayReport) -> None:
        self.report = report
        rows = "; ".join(f"{row.name} {row.takings}, {row.sales} sales" for row in report.cashiers)
        self.setAccessibleDescription(rows)
        self.show_parts()

    def parts(self) -> list[Part]:
        """Each row, and the sum."""
        if self.report is None:
            return []
        leads = [*(of_cashier(self.report, row) for row in self._shown), sales_of(self.report)]
        return [Part(self._line(at).adjusted(-8, 1, 8, 0), opens) for at, opens in enumerate(leads)]

    @property
    def _shown(self) -> tuple[CashierSums, ...]:
        """Those that have room above the sum."""
        assert self.report is not None, "cashiers are of a day"
        first, high = (LOW_FIRST, LOW_ROW) if self._is_low else (FIRST, ROW)
        return self.report.cashiers[: max(0, int((self.height() - first) // high) - 1)]

    def _line(self, at: int) -> QRectF:
        first, high = (LOW_FIRST, LOW_ROW) if self._is_low else (FIRST, ROW)
        return QRectF(PADDING, first + at * high, self.width() - 2 * PADDING, high)

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
        self.draw_pointed(ink)
        columns, shown = self.columns(), self._shown
        head = 12 if self._is_low else HEAD
        for at, edge, wide in columns:
            box = QRectF(edge - wide, head, wide, 26)
            ink.text(box, WORDS[at], face=Face.CAPTION, colour=ink.t.muted, align=RIGHT)
        if not self._is_low:
            ink.text(QRectF(PADDING, HEAD, 120, 26), "Cashier", face=Face.CAPTION, colour=ink.t.muted)
        most = max((row.takings.minor for row in self.report.cashiers), default=1)
        for at, row in enumerate(shown):
            self._draw_row(ink, self._line(at), row, columns, most)
        self._draw_sum(ink, self._line(len(shown)), columns)

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

    def _draw_sum(self, ink: Ink, line: QRectF, columns: Sequence[Column]) -> None:
        assert self.report is not None, "a sum is of a day"
        top, high = line.top(), line.height()
        ink.rule(PADDING, self.width() - PADDING, top)
        word = "All desks" if self.report.desk is None else f"Desk {self.report.desk}"
        ink.text(QRectF(PADDING, top, 140, high), word, face=Face.STRONG)
        for at, right, wide in columns:
            said = _figures(self.report.sums)[at]
            ink.text(QRectF(right - wide, top, wide, high), said, face=Face.STRONG, align=RIGHT)


def _figures(sums: CashierSums | DaySums) -> tuple[str, str, str]:
    return str(sums.sales), str(sums.energy), str(sums.takings)


class TendersCard(Openable):
    """A bar of all that was paid, a row for each way of paying, and what was taken back. Signals: opened(Opens)."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="By tender", parent=parent)
        self.report: DayReport | None = None

    def show_report(self, report: DayReport) -> None:
        self.report = report
        self.setAccessibleDescription("; ".join(f"{word} {amount}" for word, amount in self._lines(report)))
        self.show_parts()

    def parts(self) -> list[Part]:
        """Each row, and the sum."""
        if self.report is None:
            return []
        leads = [paid_by(self.report, kind) for kind in self.report.tenders]
        leads += [taken_back(self.report)] if self.report.taken_back else []
        leads.append(sales_of(self.report))
        return [Part(self._line(at, len(leads)).adjusted(-8, 1, 8, 0), opens) for at, opens in enumerate(leads)]

    def _line(self, at: int, of: int) -> QRectF:
        top = 50.0 if self.height() < LOW else 68.0
        row = min(float(ROW), (self.height() - top - 4) / of)
        return QRectF(PADDING, top + at * row, self.width() - 2 * PADDING, row)

    @staticmethod
    def _lines(report: DayReport) -> list[tuple[str, Money]]:
        paid = [(TENDERS[kind], amount) for kind, amount in report.tenders.items()]
        back = [(TAKEN_BACK, report.taken_back)] if report.taken_back else []
        return [*paid, *back, ("All", report.sums.takings)]

    def draw(self, ink: Ink) -> None:
        if self.report is None:
            return
        self.draw_pointed(ink)
        room, lines = self.width() - 2 * PADDING, self._lines(self.report)
        bar, high = (40, 8) if self.height() < LOW else (45, 15)
        self._draw_bar(ink, QRectF(PADDING, bar, room, high))
        shades = (*self._shades(ink), *("" for _ in lines))
        for at, ((word, amount), shade) in enumerate(zip(lines, shades, strict=False)):
            line = self._line(at, len(lines))
            if at:
                ink.rule(PADDING, self.width() - PADDING, line.top())
            if shade:
                ink.box(QRectF(PADDING, line.center().y() - 6, 12, 12), fill=shade, radius=2)
                part = line.adjusted(0, 0, -room * 0.36, 0)
                ink.text(part, f"{self._share(amount)} %", face=Face.SMALL, colour=ink.t.muted, align=RIGHT)
            is_sum = at == len(lines) - 1
            ink.text(line.adjusted(0 if is_sum else 24, 0, 0, 0), word, face=Face.STRONG if is_sum else Face.VALUE)
            ink.text(line, str(amount), face=Face.STRONG, align=RIGHT)

    def _shades(self, ink: Ink) -> tuple[str, ...]:
        assert self.report is not None, "shades are of a day"
        return (ink.t.series_3, ink.t.series_2, ink.t.series_1, ink.t.edge)[: len(self.report.tenders)]

    def _share(self, amount: Money) -> int:
        assert self.report is not None, "a share is of a day"
        whole = max(1, sum(paid.minor for paid in self.report.tenders.values()))
        return (amount.minor * 100 + whole // 2) // whole

    def _draw_bar(self, ink: Ink, place: QRectF) -> None:
        assert self.report is not None, "a bar is of a day"
        ink.box(place, fill=ink.t.sunken, radius=2)
        paid = [amount.minor for amount in self.report.tenders.values()]
        x, whole = place.left(), max(1, sum(paid))
        for minor, shade in zip(paid, self._shades(ink), strict=True):
            wide = place.width() * minor / whole
            ink.box(QRectF(x, place.top(), max(0.0, wide - 2), place.height()), fill=shade, radius=2)
            x += wide
