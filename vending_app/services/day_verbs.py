"""The supervisor's day: shown, printed, saved as a table (row P1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from vending_app.domain.day import DayReport
from vending_app.domain.ids import DeskNo
from vending_app.domain.permissions import Act
from vending_app.ports import Clock, Ledger, PaperMaker, Printer
from vending_app.services import day_cases as ask
from vending_app.services.book_cases import ReportPrinted
from vending_app.services.printed import printed
from vending_app.services.verb_tables import VerbTable

if TYPE_CHECKING:
    from vending_app.services.counter import Counter


@dataclass(frozen=True, slots=True)
class Days:
    """One desk's look at the days of the office."""

    ledger: Ledger
    paper: PaperMaker
    printer: Printer
    clock: Clock

    def show(self, asked: ask.ShowDay) -> ask.DayShown:
        return ask.DayShown(self._report(asked.day or self._today(), asked.desk), self.clock())

    def show_paper(self, asked: ask.ShowDayPaper) -> ask.DayPaperShown:
        return ask.DayPaperShown(_title(asked), asked, self._pdf(asked))

    def print(self, asked: ask.PrintDay) -> ReportPrinted:
        """Raises EnvironmentFault printer-failed."""
        return printed(self.printer, self._pdf(asked), title=_title(asked))

    def _pdf(self, asked: ask.ShowDayPaper | ask.PrintDay) -> bytes:
        report = self._report(asked.day, asked.desk)
        return self.paper.day_report(report, office=self.ledger.letterhead(), at=self.clock())

    def _report(self, day: date, desk: DeskNo | None) -> DayReport:
        return self.ledger.day_report(day, desk=desk, today=self._today())

    def _today(self) -> date:
        return self.clock().astimezone().date()


def _title(asked: ask.ShowDayPaper | ask.PrintDay) -> str:
    desk = f"-desk-{asked.desk}" if asked.desk is not None else ""
    return f"Day-{asked.day.isoformat()}{desk}"


def verbs(counter: Counter) -> VerbTable:
    return {
        ask.ShowDay: (Act.CLOSE_DAY, lambda asked, _: _days(counter).show(asked)),
        ask.ShowDayPaper: (Act.CLOSE_DAY, lambda asked, _: _days(counter).show_paper(asked)),
        ask.PrintDay: (Act.CLOSE_DAY, lambda asked, _: _days(counter).print(asked)),
    }


def _days(counter: Counter) -> Days:
    out = counter.outside
    return Days(out.ledger, out.paper, out.printer, out.clock)
