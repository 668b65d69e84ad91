"""The route of an inspection on paper: what to take along, and where to write what was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import SupplyNo
from vending_app.domain.inspection import RouteStop
from vending_app.ports import PaperMaker, Printer
from vending_app.services import inspection_cases as ask
from vending_app.services.book_cases import ReportPrinted
from vending_app.services.inspection import Inspecting
from vending_app.services.printed import printed


@dataclass(frozen=True, slots=True)
class RouteSheets:
    """Makes and prints them."""

    inspecting: Inspecting
    paper: PaperMaker
    printer: Printer

    def show(self, asked: ask.ShowRouteSheet) -> ask.RouteSheetShown:
        """Raises OperatorError sample-unknown, route-empty."""
        return ask.RouteSheetShown(f"Route-{asked.sample}", asked, self._pdf(asked.sample, asked.why))

    def print(self, asked: ask.PrintRouteSheet) -> ReportPrinted:
        """Raises as show, and EnvironmentFault printer-failed."""
        return printed(self.printer, self._pdf(asked.sample, asked.why), title=f"Route-{asked.sample}")

    def _pdf(self, number: int, why: Mapping[SupplyNo, str]) -> bytes:
        ledger = self.inspecting.ledger
        sample = ledger.sample(number)
        stops = [
            self._stop(self.inspecting.listed(line), why.get(line.supply, ""))
            for line in sample.lines
            if line.is_on_route
        ]
        if not stops:
            raise OperatorError(Code.ROUTE_EMPTY, number=number)
        return self.paper.route_sheet(stops, office=ledger.letterhead(), on=sample.on)

    def _stop(self, listed: ask.Listed, why: str) -> RouteStop:
        last = self.inspecting.ledger.last_write_back(listed.line.supply)
        return RouteStop(
            supply=listed.line.supply,
            meter=listed.meter,
            customer=listed.customer,
            address=listed.address,
            area=listed.area,
            priority=listed.line.priority,
            why=why,
            used=last.used_total if last else None,
            at_stake=listed.at_stake,
        )
