"""Any report on A4: its picture, and its tables over as many pages as they need (row P1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from vending_app.documents.a4 import BOTTOM, LARGE, LEFT, PITCH, RIGHT, SMALL, TEXT, UNDER, A4Paper
from vending_app.documents.bar_picture import draw_bars
from vending_app.documents.line_picture import draw_lines
from vending_app.documents.sheet import fitting, width, wrapped
from vending_app.domain.said_report import SaidReport, SaidTable
from vending_app.ports.telling import Tally, Tell, untold

SPACE = 28
"""Between two columns."""
NARROWEST = 70.0
MOST_LINES = 4
"""Of one text below each other; what is longer still ends in an ellipsis."""
Line = tuple[str, ...]
Place = tuple[float, float]
"""Left edge and width."""


@dataclass
class ReportPaper(A4Paper):
    """One report in the words of the screen."""

    said: SaidReport
    at: datetime
    """When it is printed."""
    tell: Tell = untold

    def draw(self) -> bytes:
        """The whole of it."""
        said, words = self.said, self.words
        self.begin_page()
        self.draw_office(said.title)
        self.y += 56
        self.sheet.text(LEFT, self.y, said.about, LARGE, bold=True)
        printed = f"{words.printed_at} {words.moment(self.manner.local(self.at))}"
        self.sheet.text_right(RIGHT, self.y, printed, SMALL)
        self.y += 24
        if said.bars:
            self.draw_section(said.picture)
            draw_bars(self, said.bars, pair=said.pair)
        if said.lines:
            self.draw_section(said.picture)
            draw_lines(self, said.lines, said.labels, rest=said.rest)
        for sentence in (*said.alerts, *said.notes):
            self.draw_note(sentence)
        told = Tally(self.tell, sum(len(table.rows) for table in said.tables))
        for at in said.filled:
            self._table(said.tables[at], told)
        return self.bytes_of(f"{said.title} {said.about}")

    def _table(self, table: SaidTable, told: Tally) -> None:
        self.draw_section(table.title)
        if not table.rows:
            self.draw_note(self.said.empty)
            return
        places = _places(table)
        self._line(table, table.heads, places, bold=True)
        for row in told.each(table.rows):
            if self.y + PITCH + UNDER * (_lines_of(table, row, places) - 1) > BOTTOM:
                self.begin_page()
                self._line(table, table.heads, places, bold=True)
            self._line(table, row, places)
        if table.sums is not None:
            self.room_for(PITCH)
            self.sheet.rule(LEFT, RIGHT, self.y + 14, 2)
            self.y += 8
            self._line(table, table.sums, places, bold=True)

    def _line(self, table: SaidTable, cells: Line, places: list[Place], *, bold: bool = False) -> None:
        """A text that is too long goes on below itself; a figure is never broken."""
        self.y += PITCH
        for cell, (left, wide), is_figure in zip(cells, places, table.is_figure, strict=True):
            if is_figure:
                size = fitting(cell, TEXT, wide, bold=bold)
                self.sheet.text_right(left + wide, self.y, cell, size, bold=bold)
                continue
            for at, line in enumerate(_broken(cell, wide, bold=bold)):
                self.sheet.text(left, self.y + at * UNDER, line, TEXT, bold=bold)
        self.y += (_lines_of(table, cells, places, bold=bold) - 1) * UNDER


def _lines_of(table: SaidTable, cells: Line, places: list[Place], *, bold: bool = False) -> int:
    """How many lines the longest text of a row takes."""
    told = zip(cells, places, table.is_figure, strict=True)
    return max([1, *(len(_broken(cell, wide, bold=bold)) for cell, (_, wide), is_figure in told if not is_figure)])


def _broken(cell: str, wide: float, *, bold: bool) -> list[str]:
    """The lines of a text; only what needs more of them than it may have is cut."""
    lines = wrapped(cell, TEXT, wide, bold=bold)
    if len(lines) <= MOST_LINES:
        return lines
    room = wide - width("\N{HORIZONTAL ELLIPSIS}", TEXT, bold=bold)
    *shown, last = wrapped(cell, TEXT, room, bold=bold)[:MOST_LINES]
    return [*shown, f"{last}\N{HORIZONTAL ELLIPSIS}"]


def _places(table: SaidTable) -> list[Place]:
    """Left edge and width of each column: what it needs; where that is too much, the widest texts give way."""
    lines = [table.heads, *table.rows, *([table.sums] if table.sums else [])]
    cells_of = zip(*lines, strict=True)
    wides = [max(NARROWEST, *(width(cell, TEXT, bold=True) for cell in cells)) + 1 for cells in cells_of]
    room = RIGHT - LEFT - SPACE * (len(wides) - 1)
    texts = [at for at, is_figure in enumerate(table.is_figure) if not is_figure]
    most = _most(sorted(wides[at] for at in texts), room - sum(wides) + sum(wides[at] for at in texts))
    for at in texts:
        wides[at] = min(wides[at], most)
    stretch = room / sum(wides)
    lefts = [LEFT + sum(wide * stretch + SPACE for wide in wides[:at]) for at in range(len(wides))]
    return [(left, wide * stretch) for left, wide in zip(lefts, wides, strict=True)]


def _most(texts: Sequence[float], room: float) -> float:
    """How wide a text may be, so that all of them have room together; from narrow to wide."""
    left = room
    for at, wide in enumerate(texts):
        share = left / (len(texts) - at)
        if wide > share:
            return max(share, NARROWEST)
        left -= wide
    return max(texts, default=0.0)
