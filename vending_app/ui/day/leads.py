"""Where the figures of a day lead: the sales, or what was booked, that they add up. No Qt here."""

from __future__ import annotations

from dataclasses import replace

from vending_app.domain.day import CashierSums, DayReport
from vending_app.domain.report import Opens
from vending_app.domain.report_asked import TAKEN_BACK, ReportAsked, ReportKind
from vending_app.domain.sale import TenderKind

WHOLE_DAY = 24


def sales_of(day: DayReport) -> Opens:
    """All sales and reversals, of the desk that the day is told of."""
    return Opens("report", asked=_about(day))


def sold_until(day: DayReport, hour: int = WHOLE_DAY) -> Opens:
    """Sales alone, before a full hour."""
    return _sharing(day, "sold-until", str(hour))


def sold_in(day: DayReport, hour: int) -> Opens:
    """Sales alone, of one hour."""
    return _sharing(day, "sold-hour", str(hour))


def paid_by(day: DayReport, kind: TenderKind) -> Opens:
    return _sharing(day, "tender", kind.value)


def taken_back(day: DayReport) -> Opens:
    """The reversals."""
    return _sharing(day, "tender", TAKEN_BACK)


def arrears(day: DayReport) -> Opens:
    """What was booked on arrears, act by act."""
    return _sharing(day, "account", "arrears")


def of_cashier(day: DayReport, row: CashierSums) -> Opens:
    """What one cashier sold at one desk."""
    asked = replace(_about(day), by="cashier", of=str(row.operator), desk=int(row.desk))
    return Opens("report", asked=asked)


def _about(day: DayReport) -> ReportAsked:
    return ReportAsked(ReportKind.SALES, day.day.isoformat(), desk=day.desk)


def _sharing(day: DayReport, by: str, of: str) -> Opens:
    return Opens("report", asked=replace(_about(day), by=by, of=of))
