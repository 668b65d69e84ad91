"""An X or a Z as a report in words, with its picture, and which shift of which desk it is. No Qt here."""

from __future__ import annotations

from dataclasses import replace

from vending_app.domain.closing import ShiftReport
from vending_app.domain.report import Report
from vending_app.domain.said_report import SaidReport
from vending_app.ui.phrases import clock, full_day
from vending_app.ui.reports.report_words import said_report


def said_shift(made: ShiftReport, report: Report) -> SaidReport:
    """`Z 41`, or `X` of a shift that is still open."""
    title = f"Z {made.closing.number}" if made.closing is not None else "X"
    shift = made.shift
    until = f"to {clock(shift.closed_at)}" if shift.closed_at is not None else "still open"
    about = f"Desk {shift.desk}, shift {shift.number}, {full_day(shift.opened_at)}, {clock(shift.opened_at)} {until}"
    return replace(said_report(report), title=title, about=about)
