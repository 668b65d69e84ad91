"""Everything that this office prints, behind one port."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from vending_app.documents.day_report import DayPaper
from vending_app.documents.logo import check_logo
from vending_app.documents.payment_slip import PaymentSlip
from vending_app.documents.procedure_slip import ProcedureSlip
from vending_app.documents.receipt import Receipt
from vending_app.documents.report_paper import ReportPaper
from vending_app.documents.route_sheet import RouteSheet
from vending_app.documents.shift_report import ShiftSlip
from vending_app.documents.slip import Manner
from vending_app.documents.specimen import specimen
from vending_app.documents.statement import StatementPaper
from vending_app.documents.terms_slip import TermsSlip
from vending_app.documents.tool_slip import ToolSlip
from vending_app.domain.card import WriteBack
from vending_app.domain.closing import ShiftReport
from vending_app.domain.day import DayReport
from vending_app.domain.inspection import RouteStop
from vending_app.domain.payment import Payment
from vending_app.domain.people import Office, SupplyFile
from vending_app.domain.procedure import Procedure, TermsChange
from vending_app.domain.report import Report
from vending_app.domain.said_report import SaidReport
from vending_app.domain.sale import Sale
from vending_app.domain.statement import Statement
from vending_app.domain.tool_card import ToolIssue
from vending_app.ports.telling import Tell, untold

ENGLISH_HERE = Manner()
"""English words, times in the zone of this machine."""


@dataclass(frozen=True, slots=True)
class Papers:
    """`ports.PaperMaker`."""

    manner: Manner = ENGLISH_HERE

    def receipt(
        self,
        sale: Sale,
        *,
        office: Office,
        supply: SupplyFile,
        last: WriteBack | None,
        lasts_days: int | None,
        copy: int,
        takes_back: str = "",
    ) -> bytes:
        """The receipt of a sale or a reversal; `copy` 0 is the first print."""
        assert sale.intent.quote is not None, "only what has a price has a receipt"
        slip = Receipt(self.manner, office, sale, sale.intent.quote, supply, last, lasts_days or 0, takes_back)
        return slip.draw(copy)

    def specimen(self, *, office: Office) -> bytes:
        """A receipt that nobody was given."""
        return specimen(self.manner, office)

    def check_logo(self, png: bytes) -> None:
        """Raises OperatorError logo-refused."""
        check_logo(png)

    def shift_report(self, report: ShiftReport, *, office: Office, at: datetime) -> bytes:
        """An X or a Z."""
        return ShiftSlip(self.manner, office, report, at).draw()

    def payment_slip(self, payment: Payment, *, office: Office, supply: SupplyFile) -> bytes:
        """Arrears paid, or a refund paid out."""
        return PaymentSlip(self.manner, office, payment, supply).draw()

    def procedure_slip(self, procedure: Procedure, *, office: Office) -> bytes:
        """A card issued, a meter changed, a supply closed; or other terms, whatever they come to."""
        if isinstance(procedure.outcome, TermsChange):
            return TermsSlip(self.manner, office, procedure, procedure.outcome).draw()
        return ProcedureSlip(self.manner, office, procedure).draw()

    def tool_slip(self, issue: ToolIssue, *, office: Office) -> bytes:
        """A tool card that went out."""
        return ToolSlip(self.manner, office, issue).draw()

    def statement(self, statement: Statement, *, office: Office, at: datetime) -> bytes:
        """What a customer owed, bought and paid, on A4."""
        return StatementPaper(self.manner, office, statement, at).draw()

    def day_report(self, report: DayReport, *, office: Office, at: datetime) -> bytes:
        """A day of the office or of one desk, on A4."""
        return DayPaper(self.manner, office, report, at).draw()

    def report(self, said: SaidReport, *, office: Office, at: datetime, tell: Tell = untold) -> bytes:
        """Any report, on A4."""
        return ReportPaper(self.manner, office, said, at, tell).draw()

    def report_csv(self, report: Report, captions: Mapping[str, str], tell: Tell = untold) -> bytes:
        """Its tables as text."""
        # Loaded with the first one: a counter that sells has no use for spreadsheets.
        from vending_app.documents.report_tables import csv_of  # noqa: PLC0415 - see above

        return csv_of(report, captions, tell)

    def report_xlsx(self, report: Report, captions: Mapping[str, str], tell: Tell = untold) -> bytes:
        """Its tables as sheets of Excel."""
        from vending_app.documents.report_tables import xlsx_of  # noqa: PLC0415 - as above

        return xlsx_of(report, captions, tell)

    def route_sheet(self, stops: Sequence[RouteStop], *, office: Office, on: date) -> bytes:
        """The route of an inspection, on A4."""
        return RouteSheet(self.manner, office, stops, on).draw()
