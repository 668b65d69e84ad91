"""The slip that customer and technician sign after a card was re-issued, a meter changed, a supply closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from vending_app.domain.ids import CardNo, DeskNo, OperatorName
from vending_app.domain.procedure import Outcome, Procedure, supplies_of
from vending_app.domain.sale import Sale
from vending_app.ports import Clock, Ledger, PaperMaker, Printer
from vending_app.services.book_cases import ReportPrinted


@dataclass(frozen=True, slots=True)
class ProcedureSlips:
    """Makes and prints them; a printer undoes nothing."""

    ledger: Ledger
    paper: PaperMaker
    printer: Printer
    clock: Clock
    desk: DeskNo

    def print(self, outcome: Outcome, *, operator: OperatorName) -> ReportPrinted:
        """Raises EnvironmentFault printer-failed: what was done stands."""
        number = supplies_of(outcome)[0]
        supply = self.ledger.supply(number, today=self._today())
        old_card = self._replaced(outcome) if isinstance(outcome, Sale) else None
        procedure = Procedure(outcome, supply, self.desk, operator, old_card)
        title = f"Slip-{number}"
        self.printer.print_pdf(self.paper.procedure_slip(procedure, office=self.ledger.office()), title=title)
        return ReportPrinted(title, self.printer.name)

    def _replaced(self, sale: Sale) -> CardNo | None:
        """The card whose place the new one took."""
        order = sale.intent.order
        cards = self.ledger.life(order.supply).cards
        return next((card.number for card in cards if card.generation == order.generation - 1), None)

    def _today(self) -> date:
        return self.clock().astimezone().date()
