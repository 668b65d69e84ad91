"""What report is asked for: its kind, its period, and which sales or people of it (rows P1, S10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from vending_app.domain.errors import Code, OperatorError


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
