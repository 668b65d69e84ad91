"""One cell of a report, as a person reads it. No Qt here."""

from __future__ import annotations

from datetime import date, datetime

from vending_app.domain.energy import Energy
from vending_app.domain.money import Money, grouped
from vending_app.domain.report import Cell, Column, Unit
from vending_app.ui.phrases import clock, day_and_year, full_day
from vending_app.ui.reports.captions import CAPTIONS


def said_cell(cell: Cell, column: Column) -> str:
    """Figures with their separators, days and moments in words, and words of ours in those of the screen."""
    match cell:
        case None:
            return ""
        case Money() | Energy():
            return str(cell)
        case datetime():
            return f"{full_day(cell)} {clock(cell)}"
        case date():
            return day_and_year(cell)
        case int():
            return grouped(cell, digits=2 if column.unit is Unit.PERCENT else 0)
    return CAPTIONS.get(column.word(cell), cell) if column.unit is Unit.WORD else cell
