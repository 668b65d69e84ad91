"""Use cases of a customer's statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from vending_app.domain.ids import SupplyNo
from vending_app.domain.report import Report
from vending_app.domain.statement import Statement


@dataclass(frozen=True, slots=True)
class ShowStatement:
    """What was owed, bought and paid. Answer: StatementShown. Refused: supply-unknown, period-backwards."""

    supply: SupplyNo
    since: date | None = None
    """None for the first of the month a year ago, or the day on which the customer of now began. From the day on which
    he took the supply over it tells what came after that."""
    until: date | None = None
    """None for today."""


@dataclass(frozen=True, slots=True)
class StatementShown:
    """The statement, and as it comes out of the printer."""

    title: str
    statement: Statement
    pdf: bytes
    report: Report
    """The same figures, for a spreadsheet."""


@dataclass(frozen=True, slots=True)
class PrintStatement:
    """Print it; nothing is noted. Answer: ReportPrinted. Fails with printer-failed."""

    supply: SupplyNo
    since: date
    until: date
