"""The papers, made by libraries that are loaded with the first of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vending_app.ports.telling import Tell, untold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from vending_app.domain.card import WriteBack
    from vending_app.domain.closing import ShiftReport
    from vending_app.domain.day import DayReport
    from vending_app.domain.inspection import RouteStop
    from vending_app.domain.payment import Payment
    from vending_app.domain.people import Office, SupplyFile
    from vending_app.domain.procedure import Procedure
    from vending_app.domain.report import Report
    from vending_app.domain.said_report import SaidReport
    from vending_app.domain.sale import Sale
    from vending_app.domain.statement import Statement
    from vending_app.domain.tool_card import ToolIssue
    from vending_app.ports import PaperMaker


class PaperWhenNeeded:
    """`documents.Papers`, loaded with the first paper: its libraries take a quarter of the time of a start."""

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
        """See ports.PaperMaker."""
        return self._papers.receipt(
            sale, office=office, supply=supply, last=last, lasts_days=lasts_days, copy=copy, takes_back=takes_back
        )

    def specimen(self, *, office: Office) -> bytes:
        """See ports.PaperMaker."""
        return self._papers.specimen(office=office)

    def check_logo(self, png: bytes) -> None:
        """See ports.PaperMaker."""
        self._papers.check_logo(png)

    def shift_report(self, report: ShiftReport, *, office: Office, at: datetime) -> bytes:
        """See ports.PaperMaker."""
        return self._papers.shift_report(report, office=office, at=at)

    def payment_slip(self, payment: Payment, *, office: Office, supply: SupplyFile) -> bytes:
        """See ports.PaperMaker."""
        return self._papers.payment_slip(payment, office=office, supply=supply)

    def procedure_slip(self, procedure: Procedure, *, office: Office) -> bytes:
        """See ports.PaperMaker."""
        return self._papers.procedure_slip(procedure, office=office)

    def tool_slip(self, issue: ToolIssue, *, office: Office) -> bytes:
        """See ports.PaperMaker."""
        return self._papers.tool_slip(issue, office=office)

    def day_report(self, report: DayReport, *, office: Office, at: datetime) -> bytes:
        """See ports.PaperMaker."""
        return self._papers.day_report(report, office=office, at=at)

    def report(self, said: SaidReport, *, office: Office, at: datetime, tell: Tell = untold) -> bytes:
        """See ports.PaperMaker."""
        return self._papers.report(said, office=office, at=at, tell=tell)

    def report_csv(self, report: Report, captions: Mapping[str, str], tell: Tell = untold) -> bytes:
        """See ports.PaperMaker."""
        return self._papers.report_csv(report, captions, tell)

    def report_xlsx(self, report: Report, captions: Mapping[str, str], tell: Tell = untold) -> bytes:
        """See ports.PaperMaker."""
        return self._papers.report_xlsx(report, captions, tell)

    def route_sheet(self, stops: Sequence[RouteStop], *, office: Office, on: date) -> bytes:
        """See ports.PaperMaker."""
        return self._papers.route_sheet(stops, office=office, on=on)

    def statement(self, statement: Statement, *, office: Office, at: datetime) -> bytes:
        """See ports.PaperMaker."""
        return self._papers.statement(statement, office=office, at=at)

    @property
    def _papers(self) -> PaperMaker:
        from vending_app.documents.papers import Papers  # noqa: PLC0415 - see above

        return Papers()
