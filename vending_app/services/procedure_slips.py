"""The slips that those sign who were there when a technician did something: made of the books, whenever wanted."""

from __future__ import annotations

from dataclasses import dataclass

from vending_app.domain.errors import Code, OperatorError
from vending_app.ports import Clock, Ledger, PaperMaker, Printer
from vending_app.services.book_cases import ReportPdf, ReportPrinted
from vending_app.services.printed import printed
from vending_app.services.supply_cases import PrintSlip, ShowSlip
from vending_app.services.tool_cases import PrintToolSlip, ShowToolSlip


@dataclass(frozen=True, slots=True)
class ProcedureSlips:
    """Makes and prints them; a printer undoes nothing."""

    ledger: Ledger
    paper: PaperMaker
    printer: Printer
    clock: Clock

    def show(self, asked: PrintSlip | ShowSlip) -> ReportPdf:
        """Raises OperatorError supply-unknown, procedure-unknown."""
        today = self.clock().astimezone().date()
        procedure = self.ledger.procedure(asked.supply, asked.row, today=today)
        pdf = self.paper.procedure_slip(procedure, office=self.ledger.letterhead())
        return ReportPdf(f"Slip-{asked.supply}-{procedure.row}", pdf)

    def print(self, asked: PrintSlip) -> ReportPrinted:
        """Raises as show, and EnvironmentFault printer-failed: what was done stands."""
        return self._printed(self.show(asked))

    def show_tool(self, asked: PrintToolSlip | ShowToolSlip) -> ReportPdf:
        """Raises OperatorError tool-card-unknown; procedure-unknown for a card that never carried its mandate."""
        card = self.ledger.tool_card(asked.mandate)
        if card is None:
            raise OperatorError(Code.TOOL_CARD_UNKNOWN, mandate=asked.mandate)
        if not card.is_written:
            raise OperatorError(Code.PROCEDURE_UNKNOWN, mandate=asked.mandate)
        issue = self.ledger.tool_issue(card)
        return ReportPdf(f"Slip-tool-{card.number}", self.paper.tool_slip(issue, office=self.ledger.letterhead()))

    def print_tool(self, asked: PrintToolSlip) -> ReportPrinted:
        """Raises as show_tool, and EnvironmentFault printer-failed: the card stays out."""
        return self._printed(self.show_tool(asked))

    def _printed(self, made: ReportPdf) -> ReportPrinted:
        return printed(self.printer, made.pdf, title=made.title)
