"""Reports: tables of figures that are the same on screen, on paper, as a spreadsheet and as text (rows P1, S10)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from vending_app.domain.energy import Energy
from vending_app.domain.energy_balance import share
from vending_app.domain.money import Money
from vending_app.domain.report_asked import EVERY, EVERY_AREA, ReportAsked, ReportKind


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


def whole_of(cell: Cell) -> int:
    """A figure in minor units, in Wh, or as it is; 0 for what is no figure."""
    match cell:
        case Money():
            return cell.minor
        case Energy():
            return cell.wh
        case int():
            return cell
    return 0


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
class Opens:
    """What a row is made of: a page of the counter, or another report."""

    what: str
    """`sale`, `shift`, `supply`, `day`, `desk` or `report`; or where the same report tells it: `table` by its key,
    `row` of the first table by its number."""
    key: str = ""
    asked: ReportAsked | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one kind."""

    key: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    opens: tuple[Opens | None, ...] = ()
    """For each row; where there is none at all, a first cell that names a day, a month or a supply says it."""

    def opened(self, at: int) -> Opens | None:
        """Where a row leads."""
        if self.opens:
            return self.opens[at]
        cell, key = self.rows[at][0], self.columns[0].key
        if isinstance(cell, datetime):
            return Opens("day", cell.astimezone().date().isoformat())
        if isinstance(cell, date):
            return Opens("day", cell.isoformat())
        if not isinstance(cell, str):
            return None
        known = {
            "supply": Opens("supply", cell),
            "month": Opens("report", asked=ReportAsked(ReportKind.MONTH, cell)),
            "area-code": Opens("report", asked=ReportAsked(ReportKind.LOSSES, area=cell)),
        }
        return known.get(key)

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
        whole = sum(map(whole_of, cells))
        match self.columns[at].unit:
            case Unit.MONEY:
                return Money(whole)
            case Unit.ENERGY:
                return Energy(whole)
        return whole


@dataclass(frozen=True, slots=True)
class Report:
    """What was asked, as the books stood."""

    asked: ReportAsked
    tables: tuple[Table, ...]
    """The first is what the report is about."""
    at: datetime
    is_closed: bool = False
    """Whether its period accepts nothing any more."""
    is_by_clock: bool = False
    """Of a day: nothing but what its clock tells, because its rows count in the day closed next."""
    currency: str = ""
    of: str = ""
    """What was asked `of`, as people know it: the full name of a cashier; the name of the area."""

    def opened_all(self, at: int) -> Opens | None:
        """Where the sums of a table lead: to all sales, bookings, refunds or supplies that its rows tell apart, of the
        same period and desk; None where no one list adds up to them, whose rows below lead on."""
        key, asked = self.tables[at].key, self.asked
        if asked.kind is ReportKind.ENERGY and key == "areas":
            return Opens("report", asked=replace(asked, area=EVERY_AREA))
        if asked.kind is ReportKind.OPERATORS and key == "operators-held":
            return Opens("report", asked=ReportAsked(ReportKind.APPROVALS, asked.period))
        if asked.kind not in _OF_SALES or key not in _ALL_OF:
            return None
        by, of = _ALL_OF[key]
        return Opens("report", asked=ReportAsked(ReportKind.SALES, asked.period, by=by, of=of, desk=asked.desk))


_OF_SALES = frozenset(
    {ReportKind.DAY, ReportKind.MONTH, ReportKind.YEAR, ReportKind.TAXES, ReportKind.STEPS, ReportKind.OPERATORS}
)
CHARGED = ("taxes", "levies", "charges", "lines")
"""Tables whose sums are one list of bookings each, by their keys in place of one account; the last has all of them, and
what was paid of arrears."""
_ALL_OF = {
    **dict.fromkeys(("hours", "days", "months", "cashiers", "desks", "tariffs", "tenders"), ("", "")),
    **{key: ("account", key) for key in CHARGED},
    **dict.fromkeys(("sold-hours", "operators"), ("sold-until", "24")),
    "weekdays": ("weekday", EVERY),
    "steps": ("line", EVERY),
    "refunds": ("refund", EVERY),
}
"""What the rows of a table share, all together."""


def table(key: str, columns: Sequence[Column], rows: Iterable[Row], opens: Iterable[Opens | None] = ()) -> Table:
    """A table whose rows have a cell for each column."""
    made = Table(key, tuple(columns), tuple(rows), tuple(opens))
    assert all(len(row) == len(made.columns) for row in made.rows), "a cell for each column"
    assert len(made.opens) in {0, len(made.rows)}, "each row or none leads somewhere"
    return made
