"""Reports of the books, each in one state of them (rows P1, S10)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from vending_app.domain.closing import ClosingKind
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.permissions import Act
from vending_app.domain.report import Report, Table
from vending_app.domain.report_asked import EVERY, TAKEN_BACK, ReportAsked, ReportKind
from vending_app.domain.sale import TenderKind
from vending_app.domain.tariff_line import TariffLine
from vending_app.ledger import (
    account_tables,
    closings,
    day_tables,
    energy_tables,
    gap_tables,
    loss_tables,
    operator_tables,
    people,
    period_tables,
    running,
    sale_tables,
    standing_tables,
    step_tables,
)
from vending_app.ledger.asking import Asking
from vending_app.ledger.books import Books
from vending_app.ledger.codec import day_of
from vending_app.ports.telling import Tell, untold

_MAKERS: Mapping[ReportKind, Callable[[Books, Asking], Iterator[Table]]] = {
    ReportKind.DAY: day_tables.day,
    ReportKind.SALES: sale_tables.sales,
    ReportKind.STEPS: step_tables.steps,
    ReportKind.OPERATORS: operator_tables.operators,
    ReportKind.MONTH: period_tables.month,
    ReportKind.YEAR: period_tables.year,
    ReportKind.TAXES: period_tables.taxes,
    ReportKind.ARREARS: standing_tables.arrears,
    ReportKind.SILENT: standing_tables.silent,
    ReportKind.ENERGY: energy_tables.energy,
    ReportKind.LOSSES: loss_tables.losses,
    ReportKind.GAPS: gap_tables.gaps,
    ReportKind.APPROVALS: period_tables.approved,
    ReportKind.CARDS: standing_tables.cards,
}
_CLOSED_BY = {
    ReportKind.DAY: ClosingKind.DAY,
    ReportKind.STEPS: ClosingKind.MONTH,
    ReportKind.MONTH: ClosingKind.MONTH,
    ReportKind.TAXES: ClosingKind.MONTH,
    ReportKind.YEAR: ClosingKind.YEAR,
}


def report(books: Books, asked: ReportAsked, *, now: datetime, tell: Tell = untold) -> Report:
    """One report in one state of the books. Raises OperatorError report-period, -filter, area-unknown."""
    asked.require_sound()
    _require_known(books, asked)
    with books.reading():
        closing = _CLOSED_BY.get(asked.kind)
        is_closed = closing is not None and closings.closing(books, closing, asked.period) is not None
        tables = tuple(_MAKERS[asked.kind](books, Asking(asked, day_of(now), tell)))
        is_by_clock = asked.kind is ReportKind.DAY and running.is_by_clock(books, asked.period, today=day_of(now))
        currency, of = people.founded(books).currency, _known(books, asked)
        return Report(asked, tables, now, is_closed, is_by_clock=is_by_clock, currency=currency, of=of)


_THERE = {
    "cashier": "SELECT 1 FROM operators WHERE name = ?",
    "shift": "SELECT 1 FROM shifts WHERE number = ?",
    "tariff": "SELECT 1 FROM tariffs WHERE code = ? LIMIT 1",
}
MOST_DESKS = 65_535
LONGEST_NUMBER = 16
"""Figures: more than any shift has."""


def _require_known(books: Books, asked: ReportAsked) -> None:
    """Nobody takes a slip of the finger for a day without sales. Raises OperatorError report-filter."""
    by, of = asked.by, asked.of
    if asked.desk is not None and not _is_desk(books, asked.desk):
        raise OperatorError(Code.REPORT_FILTER, by="desk", of=str(asked.desk))
    match by:
        case "":
            return
        case "hour" | "sold-hour":
            is_there = _is_number(of) and int(of) < 24
        case "sold-until":
            is_there = of in {str(hour) for hour in range(25)}
        case "shift":
            is_there = _is_number(of) and books.value(_THERE[by], (int(of),)) is not None
        case "account":
            is_there = account_tables.is_charged(books, of)
        case "line":
            line = TariffLine.parse(of)
            is_there = of == EVERY or (line is not None and books.value(_THERE["tariff"], (line.tariff,)) is not None)
        case "weekday":
            is_there = of in {*map(str, range(7)), EVERY}
        case "tender":
            is_there = of in {*TenderKind, TAKEN_BACK}
        case "act" | "refund":
            is_there = of in (set(Act) if by == "act" else {*TenderKind, EVERY})
        case _:
            is_there = books.value(_THERE[by], (of,)) is not None
    if not is_there:
        raise OperatorError(Code.REPORT_FILTER, by=by, of=of)


def _is_number(text: str) -> bool:
    """One that a database takes."""
    return text.isascii() and text.isdecimal() and len(text) < LONGEST_NUMBER


def _is_desk(books: Books, desk: int) -> bool:
    """A number that no desk may have is none of the database either."""
    return 0 <= desk <= MOST_DESKS and books.value("SELECT 1 FROM desks WHERE number = ?", (desk,)) is not None


def _known(books: Books, asked: ReportAsked) -> str:
    """A cashier by his full name, an area by its name; everything else by itself."""
    name = None
    if asked.by == "cashier":
        name = books.value("SELECT full_name FROM operators WHERE name = ?", (asked.of,))
    elif asked.area:
        name = books.value("SELECT name FROM areas WHERE code = ?", (asked.area,))
    return str(name or asked.of)
