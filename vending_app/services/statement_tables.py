"""A statement as a table, for a spreadsheet or another program (row P1)."""

from __future__ import annotations

from datetime import datetime

from vending_app.domain.report import Column, Report, Unit, table
from vending_app.domain.report_asked import ReportAsked, ReportKind
from vending_app.domain.statement import Statement

_COLUMNS = (
    Column("at", Unit.MOMENT),
    Column("line-of", Unit.WORD),
    Column("receipt", Unit.TEXT),
    Column("energy", Unit.ENERGY, adds=True),
    Column("paid", Unit.MONEY, adds=True),
    Column("owed-more", Unit.MONEY, adds=True),
    Column("due-more", Unit.MONEY, adds=True),
    Column("used", Unit.ENERGY),
    Column("remaining", Unit.ENERGY),
    Column("reason", Unit.TEXT),
)


def as_report(made: Statement, *, currency: str, at: datetime) -> Report:
    """The lines of the statement between its two balances, in the very figures of the paper."""
    rows = (
        (
            line.at,
            line.of.value,
            line.document,
            line.energy,
            line.paid,
            line.arrears,
            line.due,
            line.used,
            line.remaining,
            line.text,
        )
        for line in made.lines
    )
    balances = (("opening", made.opening, made.opening_due), ("closing", made.closing, made.due))
    columns = (Column("balance", Unit.WORD), Column("owed", Unit.MONEY), Column("due-more", Unit.MONEY))
    tables = (table("statement", _COLUMNS, rows), table("balances", columns, balances))
    return Report(ReportAsked(ReportKind.STATEMENT), tables, at, currency=currency)
