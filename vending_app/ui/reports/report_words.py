"""The words of reports, the same on screen, on paper and in files. No Qt here."""

from __future__ import annotations

from vending_app.domain.closing import ClosingKind
from vending_app.domain.report import Report
from vending_app.domain.report_asked import EVERY, EVERY_AREA, ReportAsked, ReportKind, Span
from vending_app.domain.said_report import SaidReport
from vending_app.domain.tariff import Price
from vending_app.domain.tariff_line import TariffLine
from vending_app.ui.book_words import said_period
from vending_app.ui.phrases import counted, day_and_year, full_day
from vending_app.ui.reports.captions import CAPTIONS
from vending_app.ui.reports.loss_words import LOSS_PICTURE, alerts_of, lines_of, notes_of, said_months, said_rest
from vending_app.ui.reports.picture_words import picture_of
from vending_app.ui.reports.said_rows import said_table

TITLES: dict[ReportKind, tuple[str, str, str]] = {
    ReportKind.DAY: ("Day", "sun", "A day by all that its sales share, and what was not a plain sale"),
    ReportKind.MONTH: ("Month", "calendar-blank", "A month, day by day"),
    ReportKind.YEAR: ("Year", "chart-bar", "A year, month by month"),
    ReportKind.SALES: ("Sales", "list-bullets", "Sales one by one"),
    ReportKind.STEPS: ("Tariffs and steps", "chart-line-up", "What each step and charge brought"),
    ReportKind.TAXES: ("Taxes and levies", "percent", "For the return of a month"),
    ReportKind.ARREARS: ("Arrears", "money", "Who owes, the most first"),
    ReportKind.SILENT: ("Silent customers", "moon", "No purchase or write-back"),
    ReportKind.ENERGY: ("Energy by area", "lightning", "Sold, loaded, used, in the field, unexplained"),
    ReportKind.LOSSES: ("Energy balance", "scales", "Delivered, sold and used, by area and month"),
    ReportKind.GAPS: ("Gaps", "magnifying-glass", "Does anything not add up"),
    ReportKind.OPERATORS: ("By operator", "users", "Who did what that is no plain sale"),
    ReportKind.APPROVALS: ("Approvals", "check-circle", "Who allowed what to whom"),
    ReportKind.CARDS: ("Blank cards", "identification-card", "What came and went"),
    ReportKind.SHIFT: ("Shift", "wallet", "An X or a Z"),
}
"""Title, icon, and what it is about."""
EMPTY = {
    ReportKind.DAY: "Nothing was done on this day.",
    ReportKind.SALES: "Nothing was sold.",
    ReportKind.STEPS: "Nothing was sold in this month.",
    ReportKind.OPERATORS: "Nobody did anything in this month.",
    ReportKind.MONTH: "Nothing was sold in this month.",
    ReportKind.YEAR: "Nothing was sold in this year.",
    ReportKind.TAXES: "No tax was taken in this month.",
    ReportKind.ARREARS: "Nobody owes anything.",
    ReportKind.SILENT: "Everybody has bought and brought a card.",
    ReportKind.ENERGY: "There are no supplies yet.",
    ReportKind.LOSSES: "There is no area yet.",
    ReportKind.GAPS: "Everything adds up.",
    ReportKind.APPROVALS: "Nothing needed an approval in this month.",
    ReportKind.CARDS: "No blank card came or went in this month.",
    ReportKind.SHIFT: "Nothing was sold in this shift.",
}

END_OF_DAY = 24
READING = "Reading the books. Selling goes on meanwhile."
MAKING = "Writing it down. Selling goes on meanwhile."
STOPPED = "Stopped. Enter at the left reads it again."
NOT_OPENED = ("It was made, but you went on", "It is not opened over your work. Ask for it again on page Reports.")


def said_asked(asked: ReportAsked) -> str:
    """`November 2025`, `no purchase or write-back for 60 days`; nothing for what stands now."""
    match asked.span:
        case Span.DAY | Span.MONTH | Span.YEAR | Span.ANY:
            return said_period(_PERIODS[len(asked.period)], asked.period) if asked.period else ""
        case Span.DAYS:
            return f"no purchase or write-back for {counted(asked.days, 'day', 'days')}"
        case Span.NOW:
            return ""


_PERIODS = {10: ClosingKind.DAY, 7: ClosingKind.MONTH, 4: ClosingKind.YEAR}
"""By the length of what names a period."""
_NO_CLOSING = frozenset(
    {ReportKind.APPROVALS, ReportKind.CARDS, ReportKind.SILENT, ReportKind.SALES, ReportKind.OPERATORS}
)


def said_about(report: Report) -> str:
    """What it is about, and whether that is closed or still goes on."""
    asked = report.asked
    if asked.kind is ReportKind.LOSSES:
        return said_months(report)
    if asked.span is Span.NOW:
        return f"{_said_area(report)}as of {full_day(report.at)}"
    if asked.kind is ReportKind.OPERATORS and asked.by:
        return f"{said_asked(asked)}, {report.of}"
    shared = [said_shared(asked.by, report.of)] if asked.by else []
    desk = [f"desk {asked.desk}"] if asked.desk is not None else []
    closed = [] if shared or asked.kind in _NO_CLOSING else ["closed" if report.is_closed else "not closed"]
    return ", ".join([said_asked(asked), *shared, *desk, *closed])


def _said_area(report: Report) -> str:
    """`Eastfield, `; nothing for all of them."""
    if report.asked.area == EVERY_AREA:
        return "every supply, "
    return f"{report.of or CAPTIONS['area:']}, " if report.asked.area is not None else ""


NEVER_CLOSED = "This was booked on this date by the clock. It counts in the day closed next."


def _never_closed(report: Report) -> tuple[str, ...]:
    """Of a past day without a closing: its figures stand in another day too."""
    return (NEVER_CLOSED,) if report.is_by_clock and any(table.rows for table in report.tables) else ()


def said_shared(by: str, of: str) -> str:
    """`cashier Ana Moreau`, `tender Cash`, `09:00 to 10:00`."""
    if by in {"hour", "sold-hour"}:
        sold = ", without reversals" if by == "sold-hour" else ""
        return f"{int(of):02d}:00 to {int(of) + 1:02d}:00{sold}"
    if by == "sold-until":
        return f"until {int(of):02d}:00, without reversals" if int(of) < END_OF_DAY else "without reversals"
    if (by, of) in _TOGETHER:
        return _TOGETHER[by, of]
    if by == "account":
        return _said_account(of)
    if by == "line":
        return _said_line(of)
    if by == "refund":
        return f"refunds, {CAPTIONS[f'tender:{of}'].lower()}"
    return f"{CAPTIONS[by].lower()} {CAPTIONS.get(f'{by}:{of}', of)}"


_TOGETHER = {
    ("weekday", EVERY): "closed days",
    ("line", EVERY): "every line",
    ("refund", EVERY): "refunds",
    ("account", "taxes"): "taxes",
    ("account", "levies"): "levies",
    ("account", "charges"): "charges",
    ("account", "lines"): "charges, taxes and arrears",
}
"""What is shared by all that a table adds up."""


def _said_account(account: str) -> str:
    """`tax VAT`, `fixed charge`, `arrears paid`."""
    of, _, name = account.partition(":")
    return _ACCOUNTS.get(account) or f"{CAPTIONS[of].lower()} {name}"


def _said_line(of: str) -> str:
    """`H2 since 1 Jul 2025, Step 1 at 0.1050`."""
    line = TariffLine.parse(of)
    if line is None:
        return of
    price = f" at {Price(line.price_micro)}" if line.price_micro else ""
    return f"{line.tariff} since {day_and_year(line.since)}, {line.name}{price}"


_ACCOUNTS = {
    "income:energy": "price of energy",
    "income:fixed": "fixed charges",
    "income:fee": "fees",
    "rounding": "rounding",
    "arrears": "arrears paid",
}


def said_far(doing: str, done: int, of: int) -> str:
    """What is being done beside the counter, and how far it is."""
    return f"{doing}  {done * 100 // max(of, 1)} %"


def said_report(report: Report) -> SaidReport:
    """A whole report in words."""
    kind = report.asked.kind
    picture = picture_of(report)
    lines, labels = lines_of(report)
    return SaidReport(
        title=TITLES[kind][0],
        about=said_about(report),
        tables=tuple(map(said_table, report.tables)),
        empty=EMPTY[kind],
        bars=picture.bars if picture is not None else (),
        pair=picture.pair if picture is not None else (),
        unit=picture.unit if picture is not None else 1,
        lines=lines,
        rest=said_rest(lines),
        labels=labels,
        picture=LOSS_PICTURE if picture is None else picture.title,
        alerts=alerts_of(report),
        notes=(*_never_closed(report), *notes_of(report)),
    )


_AREAS = {"": "no-area", EVERY_AREA: "every-supply"}
"""For names of files."""


def file_name(asked: ReportAsked) -> str:
    """`Report-month-2025-11`, `Report-sales-2025-11-cashier-ana`."""
    about = {Span.DAYS: f"-{asked.days}-days"}.get(asked.span, f"-{asked.period}" if asked.period else "")
    shared = f"-{asked.by}-{asked.of}" if asked.by else ""
    desk = f"-desk-{asked.desk}" if asked.desk is not None else ""
    area = f"-{_AREAS.get(asked.area, asked.area)}" if asked.area is not None else ""
    return f"Report-{asked.kind.value}{about}{shared}{desk}{area}"
