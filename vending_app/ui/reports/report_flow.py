"""Between the reports page and the desk: short ones by the desk itself, long ones beside the counter."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from vending_app.domain.errors import Cancelled, VendingError
from vending_app.domain.ids import SaleId, ShiftNo, SupplyNo
from vending_app.domain.office_rules import Limits
from vending_app.domain.people import Operator
from vending_app.domain.report import Opens, Report
from vending_app.domain.report_asked import ReportAsked, ReportKind
from vending_app.services.book_cases import ShowReversal, ShowShiftReport
from vending_app.services.day_cases import ShowDay
from vending_app.services.report_cases import (
    MakeTables,
    PrintReportPaper,
    ReportPaperShown,
    ShowReport,
    ShowReportPaper,
    TableForm,
    TablesMade,
)
from vending_app.services.reporting import make, read_report
from vending_app.services.rule_cases import ShowLimits
from vending_app.services.supply_cases import ShowLife
from vending_app.ui.bridge import Failed, Finished
from vending_app.ui.components.rail import DAY
from vending_app.ui.components.toast import Note
from vending_app.ui.doors import OFFICE
from vending_app.ui.reports.report_words import MAKING, NOT_OPENED, READING
from vending_app.ui.saving import saved
from vending_app.ui.words import trouble

if TYPE_CHECKING:
    from vending_app.ui.counter_pages import CounterPages
    from vending_app.ui.inspect.inspect_flow import LongWork
    from vending_app.ui.pages.receipt_page import ReceiptPage
    from vending_app.ui.pages.reports_page import ReportsPage

REPORTS = "reports"
AskFile = Callable[[QWidget, str], str]
FORMS = {TableForm.XLSX: "Excel (*.xlsx)", TableForm.CSV: "CSV (*.csv)"}


def ask_file(parent: QWidget, name: str) -> str:
    """Ask the person where to save; empty if he changed his mind."""
    chosen, _ = QFileDialog.getSaveFileName(parent, "Save the report", name, FORMS[TableForm(name.rpartition(".")[2])])
    return chosen


class ReportFlow(QObject):
    """What the page wants, and what comes of it."""

    _answered = Signal(object)
    """From the thread that waited for it."""
    _far = Signal(int, int, int)
    """From that thread too: which of all that were begun, and how far it is."""

    def __init__(
        self,
        window: CounterPages,
        page: ReportsPage,
        paper: ReceiptPage,
        *,
        beside: LongWork,
        ask: AskFile = ask_file,
    ) -> None:
        super().__init__(window)
        self.window, self.page, self.paper, self.beside, self.ask = window, page, paper, beside, ask
        self._running: Future[Any] | None = None
        self._begun = 0
        self._asking: Operator | None = None
        """Who asked for what is being made."""
        page.wanted.connect(self._on_wanted)
        page.stop_wanted.connect(self._stop)
        page.asked.connect(self._on_asked)
        page.opened.connect(self._on_opened)
        window.bridge.finished.connect(self._on_finished)
        window.bridge.failed.connect(self._on_failed)
        self._answered.connect(self._on_answered)
        self._far.connect(self._on_far)

    def open_reports(self) -> None:
        """The page, with the report that was looked at last, anew; from the page of a day, that day whole."""
        day = self.window.rooms.day.report if self.window.shell.current == DAY.key else None
        self.window.open_page(REPORTS)
        self.window.bridge.submit(ShowLimits())
        if day is not None:
            self.page.go_to(ReportAsked(ReportKind.DAY, day.day.isoformat()))
        else:
            self.page.begin()

    def open(self, opens: Opens) -> None:
        """What a figure of another page adds up: a report, from which Esc leads back to that page."""
        if opens.asked is None:
            self._on_opened(opens)
            return
        self.window.open_page(REPORTS)
        self.page.go_down_to(opens.asked)

    # --- reading ----------------------------------------------------------------------------------------

    def _on_wanted(self, asked: ReportAsked) -> None:
        self._stop()
        if not asked.is_long:
            self.window.bridge.submit(ShowReport(asked))
            return
        self._start(partial(read_report, asked=asked, now=self.window.clock.now()), READING)

    def _on_asked(self, asked: object) -> None:
        """A paper or a file of this report; a year of sales is a thousand pages, which no sale waits for."""
        assert isinstance(asked, ShowReportPaper | MakeTables), "the page asks for nothing else"
        self._stop()
        now = self.window.clock.now()
        self._start(partial(make, paper=self.beside.paper, asked=asked, now=now), MAKING)

    def _start(self, work: Callable[..., Any], doing: str) -> None:
        self.page.show_at_work(doing)
        self._asking = self.window.operator
        self._begun += 1
        self._running = self.beside.start(work, partial(self._far.emit, self._begun))
        self._running.add_done_callback(self._answered.emit)

    def _on_far(self, begun: int, done: int, of: int) -> None:
        """What was told before somebody asked for something else arrives after it."""
        if begun == self._begun:
            self.page.show_far(done, of)

    def _stop(self) -> None:
        """Only what this page began."""
        if self._running is not None:
            self.beside.stop(self._running)
        self._running = None
        self.page.show_at_work("")

    def _on_answered(self, future: Future[Any]) -> None:
        error = future.exception()
        if future is not self._running or isinstance(error, Cancelled):
            return
        self._running = None
        if error is None:
            self._on_made(future.result())
        elif isinstance(error, VendingError):
            self.page.show_trouble(error)
        else:
            raise error

    def _on_made(self, answer: object) -> None:
        self.page.show_at_work("")
        if isinstance(answer, Report):
            self.page.show_report(answer)
        elif not self._is_waited_for():
            self._say_made()
        elif isinstance(answer, ReportPaperShown):
            self.paper.show_sheet(answer, PrintReportPaper(answer.title, answer.pdf), title=answer.asked.said.title)
            self.window.open_page("receipt")
        elif isinstance(answer, TablesMade):
            self._save(answer)

    def _is_waited_for(self) -> bool:
        """Whether who asked still looks at the reports: a paper never jumps over a sale, nor before somebody else."""
        return self.window.shell.current == REPORTS and self.window.operator == self._asking

    def _say_made(self) -> None:
        if self.window.operator is not None and self.window.operator == self._asking:
            self.window.say(Note(*NOT_OPENED, "accent", about="paper"))

    # --- answers ----------------------------------------------------------------------------------------

    def _on_opened(self, opens: Opens) -> None:
        """Down to what a line is made of."""
        submit, key = self.window.bridge.submit, opens.key
        match opens.what:
            case "day":
                self.window.open_page(DAY.key)
                submit(ShowDay(date.fromisoformat(key)))
            case "supply":
                submit(ShowLife(SupplyNo(key)))
            case "sale":
                submit(ShowReversal(SaleId(key)))
            case "desk":
                self.window.rooms.office.begin_at_desk(int(key))
                self.window.open_page(OFFICE)
            case "shift":
                submit(ShowShiftReport(ShiftNo(int(key))))

    def _on_finished(self, done: Finished) -> None:
        answer = done.answer
        if isinstance(answer, Limits) and isinstance(done.use_case, ShowLimits):
            self.page.show_usual_days(answer.silent_days)
        elif isinstance(answer, Report):
            self.page.show_report(answer)

    def _save(self, made: TablesMade) -> None:
        path = self.ask(self.page, f"{made.title}.{made.form.value}")
        if path:
            self.window.say(saved(path, made.content))

    def _on_failed(self, failed: Failed) -> None:
        if isinstance(failed.use_case, ShowReport):
            self.page.show_trouble(failed.error)
        elif isinstance(failed.use_case, PrintReportPaper):
            said = trouble(failed.error)
            self.window.say(Note(said.sentence, f"{said.remedy}  {said.short}", "warn", about="paper"))
