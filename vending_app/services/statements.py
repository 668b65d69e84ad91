"""Statements on paper: made of the ledger, shown and printed as often as somebody asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import SupplyNo
from vending_app.domain.permissions import Act
from vending_app.domain.records import Subject
from vending_app.domain.statement import Beginning, Statement, beginning, usual_since
from vending_app.ports import Clock, Ledger, PaperMaker, Printer
from vending_app.services import statement_cases as ask
from vending_app.services.book_cases import ReportPrinted
from vending_app.services.printed import printed
from vending_app.services.statement_tables import as_report
from vending_app.services.verb_tables import VerbTable

if TYPE_CHECKING:
    from vending_app.services.counter import Counter


@dataclass(frozen=True, slots=True)
class Statements:
    """Makes and prints them."""

    ledger: Ledger
    paper: PaperMaker
    printer: Printer
    clock: Clock

    def show(self, asked: ask.ShowStatement) -> ask.StatementShown:
        """Raises OperatorError supply-unknown, period-backwards."""
        today = self.clock().astimezone().date()
        until = asked.until or today
        since = asked.since or usual_since(self._began(asked.supply).on, until)
        made = self._made(asked.supply, since, until)
        report = as_report(made, currency=self.ledger.office().currency, at=self.clock())
        return ask.StatementShown(_title(made), made, self._pdf(made), report)

    def print(self, asked: ask.PrintStatement) -> ReportPrinted:
        """Raises as show, and EnvironmentFault printer-failed."""
        made = self._made(asked.supply, asked.since, asked.until)
        return printed(self.printer, self._pdf(made), title=_title(made))

    def _made(self, supply: SupplyNo, since: date, until: date) -> Statement:
        if until < since:
            raise OperatorError(Code.PERIOD_BACKWARDS, since=since, until=until)
        end, began = _begins(until + timedelta(days=1)), self._began(supply)
        # Who moved out bought on that day too; it is not on the paper of who moved in.
        after = began.journal if since == began.on else 0
        return self.ledger.statement(supply, since=(since, _begins(since)), until=(until, end), after=after)

    def _began(self, supply: SupplyNo) -> Beginning:
        opened_on = self.ledger.supply(supply, today=self.clock().astimezone().date()).opened_on
        return beginning(opened_on, self.ledger.record_changes(Subject.SUPPLY, supply))

    def _pdf(self, made: Statement) -> bytes:
        return self.paper.statement(made, office=self.ledger.letterhead(), at=self.clock())


def _begins(day: date) -> datetime:
    """The moment at which a day begins at this desk."""
    return datetime.combine(day, time.min).astimezone()


def _title(made: Statement) -> str:
    return f"Statement-{made.supply.number}-{made.until.isoformat()}"


def verbs(counter: Counter) -> VerbTable:
    """For each verb the act that must be permitted, and who does it: whoever may look may hand it to the customer."""
    out = counter.outside
    desk = Statements(out.ledger, out.paper, out.printer, out.clock)
    return {
        ask.ShowStatement: (Act.LOOK, lambda asked, _: desk.show(asked)),
        ask.PrintStatement: (Act.LOOK, lambda asked, _: desk.print(asked)),
    }
