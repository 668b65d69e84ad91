"""Reports: tables of figures that are the same on screen, on paper, as a spreadsheet and as text (rows P1, S10)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from vending_app.domain.energy import Energy
from vending_app.domain.energy_balance import share
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.money import Money


class ReportKind(StrEnum):
    """What may be asked."""

    MONTH = "month"
    """A month, day by day."""
    YEAR = "year"
    """A year, month by month."""
    TAXES = "taxes"
    """What a month brought in taxes, levies and charges, for a return."""
    ARREARS = "arrears"
    """Who owes, the most first."""
    SILENT = "silent"
    """Whose purchases or write-backs stay away."""
    ENERGY = "energy"
    """Where the energy is, by area."""
    LOSSES = "losses"
    """What was delivered to each area, sold and used there, by month."""
    GAPS = "gaps"
    """What does not add up; empty on a good day."""
    APPROVALS = "approvals"
    """Who allowed what to whom in a month."""
    CARDS = "cards"
    """What came and went of blank cards in a month."""


class Span(StrEnum):
    """What a report is about, besides its kind."""

    MONTH = "month"
    YEAR = "year"
    DAYS = "days"
    NOW = "now"


SPANS = {
    ReportKind.YEAR: Span.YEAR,
    ReportKind.ARREARS: Span.NOW,
    ReportKind.SILENT: Span.DAYS,
    ReportKind.ENERGY: Span.NOW,
    ReportKind.LOSSES: Span.NOW,
    ReportKind.GAPS: Span.NOW,
}
"""All others are about a month."""
USUAL_DAYS, MOST_DAYS = 60, 3650


@dataclass(frozen=True, slots=True)
class ReportAsked:
    """One report; the fields that its span has."""

    kind: ReportKind
    period: str = ""
    """`2026-11` of a month, `2026` of a year."""
    days: int = USUAL_DAYS
    area: str = ""
    """Of the balance: one area alone, by its code, down to its supplies."""

    @property
    def span(self) -> Span:
        return SPANS.get(self.kind, Span.MONTH)

    @property
    def is_long(self) -> bool:
        """Whether it looks at every supply or at a year: such reading is done beside the counter."""
        return self.span is not Span.MONTH

    def require_sound(self) -> None:
        """Raises OperatorError report-period for what is no month, no year or no number of days."""
        form = {Span.MONTH: "%Y-%m", Span.YEAR: "%Y"}.get(self.span)
        if form is not None and not _is_period(self.period, form):
            raise OperatorError(Code.REPORT_PERIOD, period=self.period)
        if self.span is Span.DAYS and not 1 <= self.days <= MOST_DAYS:
            raise OperatorError(Code.REPORT_PERIOD, period=str(self.days))


def _is_period(text: str, form: str) -> bool:
    try:
        # Back again, because strptime takes `2026-1` and spaces too.
        return datetime.strptime(text, form).strftime(form).zfill(len(text)) == text
    except ValueError:
        return False


def period_of(day: date, span: Span) -> str:
    """The month or the year in which a day lies; nothing for what has no period."""
    return {Span.MONTH: day.isoformat()[:7], Span.YEAR: day.isoformat()[:4]}.get(span, "")


def period_beside(period: str, step: int) -> str:
    """So many months or years later, or before."""
    if len(period) == 4:
        return str(int(period) + step)
    months = int(period[:4]) * 12 + int(period[5:]) - 1 + step
    return f"{months // 12:04d}-{months % 12 + 1:02d}"


class Unit(StrEnum):
    """What the cells of a column are."""

    TEXT = "text"
    WORD = "word"
    """A key of ours that is told in words; what is none stands for itself."""
    COUNT = "count"
    MONEY = "money"
    ENERGY = "energy"
    PERCENT = "percent"
    """Whole hundredths of a per cent."""
    DAY = "day"
    MOMENT = "moment"

    @property
    def is_figure(self) -> bool:
        """Whether it stands at the right."""
        return self in {Unit.COUNT, Unit.MONEY, Unit.ENERGY, Unit.PERCENT}


Cell = str | int | Money | Energy | date | None
"""A datetime is a date too; None is told as nothing."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `adds` if its sum means something."""

    key: str
    unit: Unit
    adds: bool = False
    share_of: tuple[str, str] = ("", "")
    """Of a share: the columns whose sums make that of all."""

    def word(self, cell: Cell) -> str:
        """By what the captions know a cell of this column, so that two columns may have the same word."""
        return f"{self.key}:{cell}"


Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one kind."""

    key: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def sums(self) -> Row | None:
        """Under the columns that add up, where something is known; None where none does, or without a row."""
        if not self.rows or not any(column.adds for column in self.columns):
            return None
        added = tuple(self._sum(at) if column.adds else None for at, column in enumerate(self.columns))
        return tuple(
            self._share(added, column) if column.share_of[0] else cell
            for cell, column in zip(added, self.columns, strict=True)
        )

    def place_of(self, key: str) -> int:
        """Which column that is, from 0."""
        return [column.key for column in self.columns].index(key)

    def _share(self, added: Row, column: Column) -> Cell:
        part, whole = (added[self.place_of(key)] for key in column.share_of)
        if isinstance(part, Energy) and isinstance(whole, Energy) and whole.wh > 0:
            return share(part.wh, whole.wh)
        return None

    def _sum(self, at: int) -> Cell:
        cells = [row[at] for row in self.rows if row[at] is not None]
        if not cells:
            return None
        match self.columns[at].unit:
            case Unit.MONEY:
                return Money(sum(cell.minor for cell in cells if isinstance(cell, Money)))
            case Unit.ENERGY:
                return Energy(sum(cell.wh for cell in cells if isinstance(cell, Energy)))
        return sum(cell for cell in cells if isinstance(cell, int))


@dataclass(frozen=True, slots=True)
class Report:
    """What was asked, as the books stood."""

    asked: ReportAsked
    tables: tuple[Table, ...]
    """The first is what the report is about."""
    at: datetime
    is_closed: bool = False
    """Whether its period accepts nothing any more."""
    currency: str = ""


def table(key: str, columns: Sequence[Column], rows: Iterable[Row]) -> Table:
    """A table whose rows have a cell for each column."""
    made = Table(key, tuple(columns), tuple(rows))
    assert all(len(row) == len(made.columns) for row in made.rows), "a cell for each column"
    return made


# --- told in words -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SaidTable:
    """A table as somebody reads it: every cell is a text."""

    title: str
    heads: tuple[str, ...]
    is_figure: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]
    sums: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a report's picture."""

    label: str
    amount: Money
    figure: str
    """What stands above it where there is room."""


@dataclass(frozen=True, slots=True)
class SaidLine:
    """One line of a report's picture: a share of each month, in hundredths of a per cent; None where none is told."""

    label: str
    key: str
    """By what the report of it alone is asked."""
    shares: tuple[int | None, ...]
    is_strong: bool = False
    """Whether it stands out among the others."""


@dataclass(frozen=True, slots=True)
class SaidReport:
    """A report in the words of the screen, which paper repeats."""

    title: str
    about: str
    """Its period, and whether it is closed."""
    tables: tuple[SaidTable, ...]
    empty: str = ""
    """What stands instead of a first table without rows."""
    bars: tuple[Bar, ...] = ()
    lines: tuple[SaidLine, ...] = ()
    rest: str = ""
    """What the lines are together that do not stand out; nothing where none is left."""
    labels: tuple[str, ...] = ()
    """Under the lines, one for each share of theirs."""
    picture: str = ""
    """What bars or lines show."""
    alerts: tuple[str, ...] = ()
    """What somebody should see in it, in sentences."""
    notes: tuple[str, ...] = ()
    """What it does not tell, and why."""

    @property
    def filled(self) -> tuple[int, ...]:
        """Which tables have something in them; the first where none has, which then says so."""
        return tuple(at for at, table in enumerate(self.tables) if table.rows) or (0,)
