"""Reports: asked of the books, printed, saved as tables (row P1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from vending_app.domain.permissions import Act
from vending_app.domain.report import Report
from vending_app.domain.report_asked import ReportAsked
from vending_app.ports import Clock, Ledger, PaperMaker, Printer
from vending_app.ports.inspecting import DayKeeping
from vending_app.ports.telling import Tell, untold
from vending_app.services import report_cases as ask
from vending_app.services.book_cases import ReportPrinted
from vending_app.services.printed import printed
from vending_app.services.verb_tables import VerbTable

if TYPE_CHECKING:
    from vending_app.services.counter import Counter


def read_report(ledger: DayKeeping, tell: Tell = untold, *, asked: ReportAsked, now: datetime) -> Report:
    """What the desk does, too, for a process beside it."""
    return ledger.report(asked, now=now, tell=tell)


Made = ask.ShowReportPaper | ask.MakeTables


def make(
    ledger: Ledger, tell: Tell = untold, *, paper: PaperMaker, asked: Made, now: datetime
) -> ask.ReportPaperShown | ask.TablesMade:
    """A paper, or the same figures for other programs; a year of sales takes long enough to be made beside a desk."""
    if isinstance(asked, ask.MakeTables):
        write = paper.report_csv if asked.form is ask.TableForm.CSV else paper.report_xlsx
        return ask.TablesMade(asked.title, asked.form, write(asked.report, asked.captions, tell))
    pdf = paper.report(asked.said, office=ledger.letterhead(), at=now, tell=tell)
    return ask.ReportPaperShown(asked.title, asked, pdf)


@dataclass(frozen=True, slots=True)
class Reporting:
    """One desk's reports."""

    ledger: Ledger
    paper: PaperMaker
    printer: Printer
    clock: Clock

    def show(self, asked: ask.ShowReport) -> Report:
        """Raises OperatorError report-period."""
        return read_report(self.ledger, asked=asked.asked, now=self.clock())

    def make(self, asked: Made) -> ask.ReportPaperShown | ask.TablesMade:
        return make(self.ledger, paper=self.paper, asked=asked, now=self.clock())

    def print(self, asked: ask.PrintReportPaper) -> ReportPrinted:
        """Raises EnvironmentFault printer-failed."""
        return printed(self.printer, asked.pdf, title=asked.title)


def verbs(counter: Counter) -> VerbTable:
    return {
        ask.ShowReport: (Act.CLOSE_DAY, lambda asked, _: _reporting(counter).show(asked)),
        ask.ShowReportPaper: (Act.CLOSE_DAY, lambda asked, _: _reporting(counter).make(asked)),
        ask.PrintReportPaper: (Act.CLOSE_DAY, lambda asked, _: _reporting(counter).print(asked)),
        ask.MakeTables: (Act.LOOK, lambda asked, _: _reporting(counter).make(asked)),
    }


def _reporting(counter: Counter) -> Reporting:
    out = counter.outside
    return Reporting(out.ledger, out.paper, out.printer, out.clock)
