"""Closing days, months and years, and proving a sale to a stranger (row P2)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from vending_app.domain.closing import Closing, ClosingKind
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import OperatorName
from vending_app.ports import Clock, Ledger
from vending_app.ports.book_keeping import Signer
from vending_app.services import book_cases as ask

FORMS = {
    ClosingKind.DAY: re.compile(r"\d{4}-\d\d-\d\d"),
    ClosingKind.MONTH: re.compile(r"\d{4}-\d\d"),
    ClosingKind.YEAR: re.compile(r"\d{4}"),
}
LENGTHS = {ClosingKind.DAY: 10, ClosingKind.MONTH: 7, ClosingKind.YEAR: 4}
"""How much of an ISO date names a period."""


@dataclass(frozen=True, slots=True)
class Periods:
    """Closes what is over."""

    ledger: Ledger
    clock: Clock
    signer: Signer

    def close(self, command: ask.ClosePeriod, *, operator: OperatorName) -> Closing:
        """Raises OperatorError as the use case says."""
        period = command.period or self.closable(command.kind)
        if not period:
            raise OperatorError(Code.PERIOD_EMPTY)
        self._check(command.kind, period)
        return self.ledger.close_period(command.kind, period, operator=operator, at=self.clock(), signer=self.signer)

    def _check(self, kind: ClosingKind, period: str) -> None:
        first = first_day(kind, period)
        if first is None:
            raise OperatorError(Code.PERIOD_NOT_A_DATE, period=period)
        is_over = first <= self._today() if kind is ClosingKind.DAY else named(kind, self._today()) > period
        if not is_over:
            raise OperatorError(Code.PERIOD_NOT_OVER, period=period)

    def closable(self, kind: ClosingKind) -> str:
        """The oldest day that has bookings, or today; the oldest month or year that is over and has closed parts.

        Empty if nothing may be closed.
        """
        if kind is ClosingKind.DAY:
            day = self.ledger.day_to_close(today=self._today())
            return day.isoformat() if day else ""
        left = self.ledger.oldest_left(kind)
        return left if left < named(kind, self._today()) else ""

    def show(self, command: ask.ShowPeriod) -> ask.PeriodTotals:
        """Raises OperatorError period-not-a-date."""
        period = command.period or named(command.kind, self._today())
        if first_day(command.kind, period) is None:
            raise OperatorError(Code.PERIOD_NOT_A_DATE, period=period)
        totals, is_closed = self.ledger.period_totals(command.kind, period, today=self._today())
        return ask.PeriodTotals(period, totals, is_closed)

    def list(self, command: ask.ListClosings) -> ask.Closings:
        """What was closed, and what may be."""
        closable = "" if command.kind is ClosingKind.SHIFT else self.closable(command.kind)
        return ask.Closings(command.kind, self.ledger.closings(command.kind), closable)

    def _today(self) -> date:
        return self.clock().astimezone().date()


def named(kind: ClosingKind, day: date) -> str:
    """The period that a day lies in: `2026-11-25`, `2026-11`, `2026`."""
    return day.isoformat()[: LENGTHS[kind]]


def first_day(kind: ClosingKind, period: str) -> date | None:
    """The first day of a period; None for text that names none. Total."""
    form = FORMS.get(kind)
    if form is None or not form.fullmatch(period):
        return None
    try:
        return date.fromisoformat(period + "-01-01"[LENGTHS[kind] - 4 :])
    except ValueError:
        return None
