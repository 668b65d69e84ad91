"""The rows of a report in words, each told when somebody looks at it: a year of sales is a million. No Qt here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

from vending_app.domain.report import Cell, Column, Row, Table, whole_of
from vending_app.domain.said_report import SaidTable
from vending_app.ui.reports.captions import CAPTIONS
from vending_app.ui.reports.cell_words import said_cell

Line = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SaidRows(Sequence[Line]):
    """As many as the table has."""

    table: Table

    def __len__(self) -> int:
        return len(self.table.rows)

    @overload
    def __getitem__(self, at: int) -> Line: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Line, ...]: ...
    def __getitem__(self, at: int | slice) -> Line | tuple[Line, ...]:
        rows, columns = self.table.rows, self.table.columns
        if isinstance(at, slice):
            return tuple(said_row(row, columns) for row in rows[at])
        return said_row(rows[at], columns)


def said_table(table: Table) -> SaidTable:
    """A table in words."""
    sums = table.sums
    return SaidTable(
        title=CAPTIONS[table.key],
        heads=tuple(CAPTIONS[column.key] for column in table.columns),
        is_figure=tuple(column.unit.is_figure for column in table.columns),
        rows=SaidRows(table),
        sums=said_row(sums, table.columns) if sums is not None else None,
        edges=tuple(said_row(edge, table.columns) for edge in _edges(table)),
    )


def _edges(table: Table) -> tuple[Row, Row]:
    """The least and the greatest figure of each column; nothing under texts."""
    least, greatest = zip(*(_edge(table, at) for at in range(len(table.columns))), strict=True)
    return least, greatest


def _edge(table: Table, at: int) -> tuple[Cell, Cell]:
    if not table.columns[at].unit.is_figure:
        return None, None
    cells = [cell for row in table.rows if (cell := row[at]) is not None]
    return min(cells, key=whole_of, default=None), max(cells, key=whole_of, default=None)


def said_row(row: Sequence[Cell], columns: Sequence[Column]) -> Line:
    """Every cell of it."""
    return tuple(said_cell(cell, column) for cell, column in zip(row, columns, strict=True))
