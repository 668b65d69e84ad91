"""A table of a report on screen: its columns as wide as what they hold, its sums above, where nobody scrolls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

from PySide6.QtWidgets import QWidget

from vending_app.domain.said_report import SaidTable
from vending_app.ui.components.table import Column, RowsModel, Table
from vending_app.ui.fonts import Face
from vending_app.ui.paint import text_width
from vending_app.ui.theme import Look

LEAST, MOST, SIDES = 72, 260, 28
STRETCHED = 120
"""What the column needs at least that takes the rest."""
MEASURED = 500
"""Rows whose texts say how wide a column is; what is longer further down ends in an ellipsis."""
KEPT = 400
"""Lines that are kept in words: more than a screen shows at once."""
Line = tuple[str, ...]


class Lines(Sequence[Line]):
    """The sums, where there are any, and every row below them, put into words when it is shown."""

    def __init__(self, said: SaidTable) -> None:
        self.sums: tuple[Line, ...] = (("All", *said.sums[1:]),) if said.sums is not None else ()
        self.rows = said.rows
        self._kept: dict[int, Line] = {}

    def __len__(self) -> int:
        return len(self.sums) + len(self.rows)

    @overload
    def __getitem__(self, at: int) -> Line: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Line, ...]: ...
    def __getitem__(self, at: int | slice) -> Line | tuple[Line, ...]:
        if isinstance(at, slice):
            return tuple(self[each] for each in range(*at.indices(len(self))))
        place = range(len(self))[at]
        if place < len(self.sums):
            return self.sums[place]
        if place not in self._kept:
            if len(self._kept) >= KEPT:
                self._kept.clear()
            self._kept[place] = self.rows[place - len(self.sums)]
        return self._kept[place]


def make_table(look: Look, said: SaidTable, *, empty: str, parent: QWidget) -> Table:
    """The first column of text takes what the others leave."""
    lines = Lines(said)
    measured = (*lines[:MEASURED], *said.edges)
    widths = [_width(column, [line[at] for line in measured]) for at, column in enumerate(said.heads)]
    stretched = max((at for at, right in enumerate(said.is_figure) if not right), key=lambda at: widths[at], default=0)
    columns = [_column(said, at, 0 if at == stretched else width) for at, width in enumerate(widths)]
    model: RowsModel[Line] = RowsModel(columns)
    model.show_rows(lines)
    table = Table(look, model, name=said.title, parent=parent)
    table.empty = ("check-circle", empty, "")
    model.setParent(table)
    return table


def show_from(table: Table, room: float, first: int) -> int:
    """The first column, by which lines are known, and as many from `first` on as have room; how many at the right have
    none. Paper and files have them all."""
    columns = table.rows_model.columns
    left, hidden = room - (columns[0].width or STRETCHED), 0
    for at, column in enumerate(columns[1:], start=1):
        if at >= first:
            left -= column.width or STRETCHED
        hidden += at >= first and left < 0
        table.setColumnHidden(at, at < first or left < 0)
    return hidden


def _width(head: str, cells: list[str]) -> int:
    widest = max([text_width(head, Face.CAPTION_STRONG), *(text_width(cell, Face.BODY) for cell in cells)])
    return round(min(MOST, max(LEAST, widest + SIDES)))


def _column(said: SaidTable, at: int, width: int) -> Column[Line]:
    return Column(said.heads[at], lambda line: line[at], width, right=said.is_figure[at], strong=at == 0)
