"""X and Z on paper, and the slips of payments that buy nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from vending_app.domain.closing import ShiftReport
from vending_app.domain.ids import ShiftNo
from vending_app.domain.payment import Payment
from vending_app.ports import Clock, Ledger, PaperMaker, Printer
from vending_app.services.book_cases import ReportPdf, ReportPrinted
from vending_app.services.printed import printed


@dataclass(frozen=True, slots=True)
class ShiftReports:
    """Makes and prints them; a printer undoes nothing."""

    ledger: Ledger
    paper: PaperMaker
    printer: Printer
    clock: Clock
    is_blind: bool

    def show(self, shift: ShiftNo) -> ReportPdf:
        """The paper to look at. Raises OperatorError shift-closed for a shift nobody knows."""
        report = self.ledger.shift_report(shift, is_blind=self.is_blind)
        return ReportPdf(title_of(report), self._pdf(report))

    def print(self, shift: ShiftNo) -> ReportPrinted:
        """Print it; a Z may be printed again at any time. Raises EnvironmentFault printer-failed."""
        report = self.ledger.shift_report(shift, is_blind=self.is_blind)
        return printed(self.printer, self._pdf(report), title=title_of(report))

    def print_payment(self, payment: Payment) -> ReportPrinted:
        """Raises EnvironmentFault printer-failed: the payment stands."""
        supply = self.ledger.supply(payment.supply, today=self._today())
        slip = self.paper.payment_slip(payment, office=self.ledger.letterhead(), supply=supply)
        return printed(self.printer, slip, title=str(payment.number))

    def _pdf(self, report: ShiftReport) -> bytes:
        return self.paper.shift_report(report, office=self.ledger.letterhead(), at=self.clock())

    def _today(self) -> date:
        return self.clock().astimezone().date()


def title_of(report: ShiftReport) -> str:
    """`Z-2-000041`, or `X-2-318` of a shift that is still open."""
    desk, closing = report.shift.desk, report.closing
    return f"Z-{desk}-{closing.number:06d}" if closing else f"X-{desk}-{report.shift.number}"
