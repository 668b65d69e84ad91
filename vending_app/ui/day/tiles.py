"""Five figures of a day, each beside the usual, with a line of the same weekdays before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from vending_app.domain.day import DayReport, DaySums
from vending_app.domain.money import grouped
from vending_app.domain.report import Opens
from vending_app.ui.components.openable import Openable, Part
from vending_app.ui.components.surface import PADDING
from vending_app.ui.day.day_words import beside_usual, count_beside_usual, money_beside_usual, share_of
from vending_app.ui.day.leads import arrears, sales_of, sold_until
from vending_app.ui.fonts import Face
from vending_app.ui.paint import Ink, text_width
from vending_app.ui.theme import Look

LINE_WIDE, LINE_HIGH, WITH_LINE = 65, 26, 200
"""A narrower tile has no line, so that none of five stands out by having one."""
LOW, CLOSER = 96, 6
DOT = 3.5
ARROWS = {"up": "trend-up", "down": "trend-down"}


@dataclass(frozen=True, slots=True)
class Told:
    """What a tile says."""

    name: str
    figure: str
    unit: str = ""
    way: str = ""
    beside: str = ""
    line: tuple[int, ...] = ()
    opens: Opens | None = None
    """What the figure adds up."""


class Tile(Openable):
    """One figure. Signals: opened(Opens)."""

    RADIUS = 10.0

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        self.told = Told("", "")

    def show_told(self, told: Told) -> None:
        self.told = told
        self.setAccessibleName(told.name)
        self.setAccessibleDescription(f"{told.figure} {told.unit}, {told.beside}")
        self.show_parts()

    def parts(self) -> list[Part]:
        """The whole of it."""
        return [Part(QRectF(self.rect()), self.told.opens)] if self.told.opens is not None else []

    def draw(self, ink: Ink) -> None:
        told = self.told
        self.draw_pointed(ink)
        room, up = self.width() - 2 * PADDING, CLOSER if self.height() < LOW else 0
        ink.text(QRectF(PADDING, 12 - up, room, 20), told.name, face=Face.SMALL_STRONG, colour=ink.t.muted)
        has_line = len(told.line) > 1 and text_width(told.figure, Face.TILE) + LINE_WIDE + 12 < room
        has_line = has_line and self.width() >= WITH_LINE
        figure = QRectF(PADDING, 32 - up, room - (LINE_WIDE + 8 if has_line else 0), 34)
        face = Face.TILE if text_width(told.figure, Face.TILE) <= figure.width() else Face.CARD_TITLE
        used = ink.text(figure, told.figure, face=face, may_elide=True)
        if told.unit and used + 8 + text_width(told.unit, Face.SMALL) <= figure.width():
            unit = figure.adjusted(used + 7, 2, 0, 0)
            ink.text(unit, told.unit, face=Face.SMALL_STRONG, colour=ink.t.muted)
        x = float(PADDING)
        if told.way:
            ink.icon(QRectF(x, 66 - up, 14, 14), ARROWS[told.way], ink.t.muted)
            x += 20
        beside = QRectF(x, 63 - up, self.width() - PADDING - x, 20)
        ink.text(beside, told.beside, face=Face.CAPTION_STRONG, colour=ink.t.muted, may_elide=True)
        if has_line:
            self._draw_line(ink, QRectF(self.width() - PADDING - LINE_WIDE, 34, LINE_WIDE, LINE_HIGH), told.line)

    def _draw_line(self, ink: Ink, area: QRectF, values: Sequence[int]) -> None:
        low, high = min(values), max(values)
        points = [
            QPointF(
                area.left() + area.width() * at / (len(values) - 1),
                area.bottom() - area.height() * (value - low) / max(1, high - low),
            )
            for at, value in enumerate(values)
        ]
        ink.painter.setPen(QPen(QColor(ink.t.edge), 1.3))
        ink.painter.drawPolyline(QPolygonF(points))
        ink.disc(points[-1], DOT, fill=ink.t.accent)


def tiles_of(report: DayReport) -> tuple[Told, ...]:
    """Takings, energy, sales, average, arrears; of a desk as of all."""
    now, usual = report.sums, report.usual
    days: tuple[DaySums, ...] = (*report.same_days, now) if report.same_days else ()
    none = DaySums()
    beside = (
        beside_usual(now.takings.minor, (usual or none).takings.minor),
        beside_usual(now.energy.wh, (usual or none).energy.wh),
        count_beside_usual(now.sales, usual.sales) if usual else ("", "nothing usual yet"),
        money_beside_usual(now.average, usual.average) if usual else ("", "nothing usual yet"),
        ("", share_of(now.arrears.minor, now.takings.minor)),
    )
    told = (
        Told("Takings", str(now.takings), "", *beside[0], tuple(day.takings.minor for day in days)),
        Told("Energy sold", _kwh(now), "kWh", *beside[1], tuple(day.energy.wh for day in days)),
        Told("Sales", grouped(now.sales, digits=0), "", *beside[2], tuple(day.sales for day in days)),
        Told("Average sale", str(now.average), "", *beside[3], tuple(day.average.minor for day in days)),
        Told("Arrears recovered", str(now.arrears), "", *beside[4], tuple(day.arrears.minor for day in days)),
    )
    leads = (sales_of(report), sales_of(report), sold_until(report), sales_of(report), arrears(report))
    return tuple(replace(each, opens=opens) for each, opens in zip(told, leads, strict=True))


def _kwh(sums: DaySums) -> str:
    return grouped(sums.energy.whole_kwh, digits=0)
