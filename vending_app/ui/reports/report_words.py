"""The words of reports, the same on screen, on paper and in files. No Qt here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from vending_app.domain.closing import ClosingKind
from vending_app.domain.energy import Energy
from vending_app.domain.energy_balance import Beside
from vending_app.domain.money import Money, grouped
from vending_app.domain.permissions import Act
from vending_app.domain.report import (
    Bar,
    Cell,
    Column,
    Report,
    ReportAsked,
    ReportKind,
    SaidReport,
    SaidTable,
    Span,
    Table,
    Unit,
)
from vending_app.domain.sale import TenderKind
from vending_app.ui.book_words import said_period
from vending_app.ui.phrases import MONTHS, clock, counted, day_and_year, full_day
from vending_app.ui.reports.loss_words import LOSS_PICTURE, alerts_of, lines_of, notes_of, said_months, said_rest
from vending_app.ui.words import TENDERS

TITLES: dict[ReportKind, tuple[str, str, str]] = {
    ReportKind.MONTH: ("Month", "calendar-blank", "A month, day by day"),
    ReportKind.YEAR: ("Year", "chart-bar", "A year, month by month"),
    ReportKind.TAXES: ("Taxes and levies", "percent", "For the return of a month"),
    ReportKind.ARREARS: ("Arrears", "money", "Who owes, the most first"),
    ReportKind.SILENT: ("Silent customers", "moon", "No purchase or write-back"),
    ReportKind.ENERGY: ("Energy by area", "lightning", "Sold, loaded, used, unexplained"),
    ReportKind.LOSSES: ("Energy balance", "scales", "Delivered, sold and used, by area and month"),
    ReportKind.GAPS: ("Gaps", "magnifying-glass", "Does anything not add up"),
    ReportKind.APPROVALS: ("Approvals", "check-circle", "Who allowed what to whom"),
    ReportKind.CARDS: ("Blank cards", "identification-card", "What came and went"),
}
"""Title, icon, and what it is about."""
EMPTY = {
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
}
_ACTS = {
    Act.WAIVE_FEE: "Card without its fee",
    Act.ESTIMATE: "Estimated registers",
    Act.CLOSE_SUPPLY: "Supply closed",
    Act.PARAMETER_CARD: "Parameter card",
    Act.CLEAR_CARD: "Clear card",
    Act.CASH_OVER: "Cash paid out",
    Act.VOID: "Void",
    Act.REVERSAL: "Reversal",
    Act.REFUND: "Refund",
    Act.TENDER_CORRECTION: "Tender corrected",
    Act.SIGN_OPEN_SALE: "Open sale signed",
    Act.KEYS: "Keys",
    Act.TARIFFS: "Tariff",
}
CAPTIONS: dict[str, str] = {
    # tables
    "days": "By day",
    "months": "By month",
    "cashiers": "By cashier",
    "desks": "By desk",
    "tariffs": "By tariff",
    "tenders": "By tender",
    "taxes": "Taxes",
    "levies": "Levies",
    "charges": "Charges",
    "arrears": "Arrears",
    "silent": "Silent customers",
    "areas": "By area, in kWh",
    "losses": "By area, in kWh",
    "loss-months": "By month, in kWh",
    "standing-out": "What stands out",
    "loss-supplies": "Its supplies, in kWh",
    "waiting": "Waiting for a card",
    "ahead": "Meter ahead of the books",
    "unexplained-supplies": "Unexplained energy",
    "missing-receipts": "Receipts missing",
    "silent-desks": "Silent desks",
    "approvals": "Approvals",
    "stock": "Blank cards",
    # columns
    "day": "Day",
    "month": "Month",
    "z": "Z",
    "sales": "Sales",
    "energy": "kWh",
    "takings": "Takings",
    "cash": "Cash",
    "cashless": "Cashless",
    "recovered": "Arrears paid",
    "reversals": "Reversals",
    "cashier": "Cashier",
    "desk": "Desk",
    "tariff": "Tariff",
    "tender": "Tender",
    "tax": "Tax",
    "levy": "Levy",
    "charge": "Charge",
    "amount": "Amount",
    "supply": "Supply",
    "customer": "Customer",
    "phone": "Phone",
    "area": "Area",
    "share": "Share %",
    "last-payment": "Last payment",
    "owed": "Owed",
    "last-purchase": "Last purchase",
    "last-write-back": "Last write-back",
    "days-without-purchase": "Days",
    "supplies": "Supplies",
    "sold": "Sold",
    "on-cards": "On cards",
    "in-meters": "In meters",
    "used": "Used",
    "unexplained": "Unexplained",
    "area-code": "Code",
    "delivered": "Delivered",
    "loss": "Loss",
    "loss-share": "Loss %",
    "told-months": "Months told",
    "covered": "Written back %",
    "beside": "Beside",
    "lowest": "From %",
    "highest": "To %",
    "at": "When",
    "act": "What",
    "order": "Order",
    "loaded": "Loaded",
    "written": "Written",
    "too-much": "Too much",
    "first": "From",
    "last": "To",
    "name": "Name",
    "last-act": "Last act",
    "asked-by": "Asked by",
    "approved-by": "Approved by",
    "stock-verb": "What",
    "cards": "Cards",
    "level": "Then there",
    "reference": "Reference",
    "reason": "Reason",
    # words in cells, by their column
    "z:running": "open",
    "area:": "No area",
    f"beside:{Beside.OTHERS.value}": "the other areas",
    f"beside:{Beside.BEFORE.value}": "its months before",
    "charge:energy-charge": "Energy",
    "charge:fixed-charge": "Fixed charges",
    "charge:fees": "Fees",
    "charge:rounding": "Rounding",
    "stock-verb:receive": "Received",
    "stock-verb:take": "Issued",
    "stock-verb:spoil": "Spoilt",
    "stock-verb:count": "Counted",
    **{f"tender:{kind.value}": TENDERS[kind] for kind in TenderKind},
    **{f"act:{act.value}": said for act, said in _ACTS.items()},
}
"""For every table, column and word that a report may hold."""


TAKINGS = "Takings"
READING = "Reading the books. Selling goes on meanwhile."


def said_asked(asked: ReportAsked) -> str:
    """`November 2025`, `no purchase or write-back for 60 days`; nothing for what stands now."""
    match asked.span:
        case Span.MONTH:
            return said_period(ClosingKind.MONTH, asked.period)
        case Span.YEAR:
            return said_period(ClosingKind.YEAR, asked.period)
        case Span.DAYS:
            return f"no purchase or write-back for {counted(asked.days, 'day', 'days')}"
        case Span.NOW:
            return ""


def said_about(report: Report) -> str:
    """What it is about, and whether that is closed or still goes on."""
    asked = report.asked
    if asked.kind is ReportKind.LOSSES:
        return said_months(report)
    if asked.span is Span.NOW:
        return f"as of {full_day(report.at)}"
    if asked.kind in {ReportKind.APPROVALS, ReportKind.CARDS, ReportKind.SILENT}:
        return said_asked(asked)
    return f"{said_asked(asked)}, {'closed' if report.is_closed else 'not closed'}"


def said_report(report: Report) -> SaidReport:
    """A whole report in words."""
    kind = report.asked.kind
    lines, labels = lines_of(report)
    return SaidReport(
        title=TITLES[kind][0],
        about=said_about(report),
        tables=tuple(map(_said_table, report.tables)),
        empty=EMPTY[kind],
        bars=tuple(_bars(report)),
        lines=lines,
        rest=said_rest(lines),
        labels=labels,
        picture=LOSS_PICTURE if lines else TAKINGS,
        alerts=alerts_of(report),
        notes=notes_of(report),
    )


def _said_table(table: Table) -> SaidTable:
    return SaidTable(
        title=CAPTIONS[table.key],
        heads=tuple(CAPTIONS[column.key] for column in table.columns),
        is_figure=tuple(column.unit.is_figure for column in table.columns),
        rows=tuple(_said_row(row, table.columns) for row in table.rows),
        sums=_said_row(table.sums, table.columns) if table.sums is not None else None,
    )


def _said_row(row: Sequence[Cell], columns: Sequence[Column]) -> tuple[str, ...]:
    return tuple(said_cell(cell, column) for cell, column in zip(row, columns, strict=True))


def said_cell(cell: Cell, column: Column) -> str:
    """One cell, as a person reads it."""
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


def _bars(report: Report) -> list[Bar]:
    """Takings by day or by month, every one of the period that has begun."""
    if report.asked.kind not in {ReportKind.MONTH, ReportKind.YEAR} or not report.tables[0].rows:
        return []
    at = report.tables[0].place_of("takings")
    bars = []
    for row in report.tables[0].rows:
        amount, named = row[at], row[0]
        assert isinstance(amount, Money), "takings are money"
        label = _bar_label(named)
        bars.append(Bar(label, amount, grouped(amount.minor // 100, digits=0)))
    return bars


def _bar_label(named: Cell) -> str:
    """`14` of a month, `Nov` of a year."""
    match named:
        case date():
            return str(named.day)
        case str():
            return MONTHS[int(named[5:7]) - 1]
    return CAPTIONS["z:running"]


def file_name(asked: ReportAsked) -> str:
    """`Report-month-2025-11`."""
    about = {Span.DAYS: f"-{asked.days}-days"}.get(asked.span, f"-{asked.period}" if asked.period else "")
    area = f"-{asked.area}" if asked.area else ""
    return f"Report-{asked.kind.value}{about}{area}"
