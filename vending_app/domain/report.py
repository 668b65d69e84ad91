"""Reports: tables of figures that are the same on screen, on paper, as a spreadsheet and as text (rows P1, S10)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from vending_app.domain.energy import Energy
from vending_app.domain.energy_balance import share
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.money import Money


class ReportKind(StrEnum):
    """What may be asked."""

    DAY = "day"
    """A day: its sales by everything they share, and what was undone, approved and counted."""
    MONTH = "month"
    """A month, day by day."""
    YEAR = "year"
    """A year, month by month."""
    SALES = "sales"
    """One by one, of a day or longer; all of them, or those that share something."""
    STEPS = "steps"
    """What a month brought by tariff and step."""
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
    OPERATORS = "operators"
    """What each person did in a month that is not a plain sale; of one person alone, act by act."""
    APPROVALS = "approvals"
    """Who allowed what to whom in a month."""
    CARDS = "cards"
    """What came and went of blank cards in a month."""
    STATEMENT = "statement"
    """Of one customer; made for him at his supply, not on the page of reports."""
    SHIFT = "shift"
    """An X or a Z; made where shifts are shown, not on the page of reports."""


ON_PAGE = tuple(kind for kind in ReportKind if kind not in {ReportKind.STATEMENT, ReportKind.SHIFT})
"""What the page of reports offers, in its order."""


class Span(StrEnum):
    """What a report is about, besides its kind."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    ANY = "any"
    """A day, a month or a year."""
    DAYS = "days"
    NOW = "now"


SPANS = {
    ReportKind.DAY: Span.DAY,
    ReportKind.SALES: Span.ANY,
    ReportKind.YEAR: Span.YEAR,
    ReportKind.ARREARS: Span.NOW,
    ReportKind.SILENT: Span.DAYS,
    ReportKind.ENERGY: Span.NOW,
    ReportKind.LOSSES: Span.NOW,
    ReportKind.GAPS: Span.NOW,
}
"""All others are about a month."""
USUAL_DAYS, MOST_DAYS = 60, 3650
QUICK = frozenset({ReportKind.MONTH, ReportKind.TAXES})
"""Read from closings; all others are read beside the counter."""
SHARED = (
    "hour",
    "sold-hour",
    "sold-until",
    "weekday",
    "shift",
    "cashier",
    "tariff",
    "tender",
    "account",
    "line",
    "refund",
)
"""What sales are told apart by; the second without reversals, and so is what was sold before a full hour, 24 for the
whole day; weekdays are those that are closed, and of a shift is told what its Z tells. Of an account
everything is told that was booked there, payments too; of a line of a tariff what it came to in each sale; of a refund
by its tender, what was paid out."""
EVERY = "all"
"""Of weekdays, lines and refunds: all of them together; weekdays are all that are closed."""
EVERY_AREA = "*"
"""The supplies of all areas together, in place of the code of one."""
TAKEN_BACK = "taken-back"
"""Among tenders: what reversals took back. It is owed to the customer, and paid by no tender until it is refunded."""
OF_A_DESK = frozenset({ReportKind.DAY, ReportKind.SALES})
EARLIEST, LATEST = 2000, 2199
"""Years in which somebody may look for a report."""


@dataclass(frozen=True, slots=True)
class ReportAsked:
    """One report; the fields that its span has."""

    kind: ReportKind
    period: str = ""
    """`2026-11-29` of a day, `2026-11` of a month, `2026` of a year. Of the balance of an area one of its months, or
    nothing for all that it tells."""
    days: int = USUAL_DAYS
    by: str = ""
    """Of SHARED: only sales that share this are told, in a report of sales; acts may be asked of one person,
    approvals of one act."""
    of: str = ""
    """What they share: an hour, a weekday from 0 for Monday, a login name, a tariff's code, a kind of tender, an
    account of charges, a line of a tariff; or one of EVERY or CHARGED."""
    desk: int | None = None
    """Of a day, and of sales: what was done at one desk alone."""
    area: str | None = None
    """Of energy and its balance: one area alone, by its code, down to its supplies; an empty code for those that hang
    in none, of energy also EVERY_AREA. None for all, area by area."""

    @property
    def span(self) -> Span:
        return SPANS.get(self.kind, Span.MONTH)

    @property
    def is_long(self) -> bool:
        """Whether it looks at every supply or sale of its period: such reading is done beside the counter."""
        return self.kind not in QUICK

    def require_sound(self) -> None:
        """Raises OperatorError report-period for what is no day, no month, no year or no number of days, report-filter
        for what this report is not told apart by."""
        forms = _FORMS.get(self.span, ())
        if forms and not any(_is_period(self.period, form) for form in forms):
            raise OperatorError(Code.REPORT_PERIOD, period=self.period)
        # Of all areas together a month is a line among others.
        is_month = self.area is not None and _is_period(self.period, "%Y-%m")
        if self.kind is ReportKind.LOSSES and self.period and not is_month:
            raise OperatorError(Code.REPORT_PERIOD, period=self.period)
        if self.span is Span.DAYS and not 1 <= self.days <= MOST_DAYS:
            raise OperatorError(Code.REPORT_PERIOD, period=str(self.days))
        known = _OF_ACTS.get(self.kind, set(SHARED))
        if self.by not in {"", *known} or bool(self.by) != bool(self.of):
            raise OperatorError(Code.REPORT_FILTER, by=self.by, of=self.of)
        if self.desk is not None and self.kind not in OF_A_DESK:
            raise OperatorError(Code.REPORT_FILTER, by="desk", of=str(self.desk))


_OF_ACTS = {ReportKind.OPERATORS: {"cashier"}, ReportKind.APPROVALS: {"act"}}
_FORMS = {
    Span.DAY: ("%Y-%m-%d",),
    Span.MONTH: ("%Y-%m",),
    Span.YEAR: ("%Y",),
    Span.ANY: ("%Y-%m-%d", "%Y-%m", "%Y"),
}


def _is_period(text: str, form: str) -> bool:
    try:
        # Back again, because strptime takes `2026-1` and spaces too.
        found = datetime.strptime(text, form)
        return EARLIEST <= found.year <= LATEST and found.strftime(form) == text
    except ValueError:
        return False


_LETTERS = {Span.DAY: 10, Span.ANY: 10, Span.MONTH: 7, Span.YEAR: 4}


def period_of(day: date, span: Span) -> str:
    """The day itself, its month or its year; nothing for what has no period."""
    return day.isoformat()[: _LETTERS.get(span, 0)]


def period_beside(period: str, step: int) -> str:
    """So many days, months or years later, or before."""
    if len(period) == _LETTERS[Span.DAY]:
        return (date.fromisoformat(period) + timedelta(days=step)).isoformat()
    if len(period) == _LETTERS[Span.YEAR]:
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
