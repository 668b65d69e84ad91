"""The supervisor's pages between window and desk: a day, what is done about its oddities, papers of days and routes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from vending_app.domain.closing import ClosingKind
from vending_app.domain.day import DayOddity, Oddity
from vending_app.ports import LedgerProof
from vending_app.services import inspection_cases as inspect
from vending_app.services.book_cases import ShowReversal, ShowShiftReport
from vending_app.services.day_cases import DayPaperShown, DayShown, PrintDay, ShowDay, ShowDayPaper
from vending_app.services.supply_cases import ShowLife
from vending_app.services.use_cases import DeskState, PrintReceipt, VerifyLedger
from vending_app.ui.book_words import said_period
from vending_app.ui.bridge import Failed, Finished
from vending_app.ui.components.rail import DAY
from vending_app.ui.components.toast import Note
from vending_app.ui.words import trouble

if TYPE_CHECKING:
    from vending_app.ui.counter_pages import CounterPages
    from vending_app.ui.pages.day_page import DayPage
    from vending_app.ui.pages.receipt_page import ReceiptPage

CLOSINGS = "closings"
_SALES = frozenset({Oddity.INTERRUPTED, Oddity.REVERSAL, Oddity.VOID})
"""What is looked at on the page of its sale."""
PAPERS = ShowDay | ShowDayPaper | PrintDay | inspect.ShowRouteSheet | inspect.PrintRouteSheet


class DayFlow(QObject):
    """What the page asks goes out with the other acts of the books (`BookFlow`); it takes the answers."""

    def __init__(self, window: CounterPages, page: DayPage, paper: ReceiptPage) -> None:
        super().__init__(window)
        self.window, self.page, self.paper = window, page, paper
        page.closings_wanted.connect(self.show_closings)
        page.oddity_wanted.connect(self._on_oddity)
        window.bridge.finished.connect(self._on_finished)
        window.bridge.failed.connect(self._on_failed)

    def show_closings(self) -> None:
        """What is closed: Zs, days, months, years."""
        self.window.open_page(CLOSINGS)
        self.window.rooms.closings.begin()

    def _on_oddity(self, odd: object) -> None:
        """The page, or the paper, that does something about it."""
        assert isinstance(odd, DayOddity), "a button of the page belongs to one"
        submit = self.window.bridge.submit
        if odd.kind in _SALES and odd.sale is not None:
            submit(ShowReversal(odd.sale))
        elif odd.kind is Oddity.METER and odd.supply is not None:
            submit(ShowLife(odd.supply))
        elif odd.kind is Oddity.DIFFERENCE and odd.shift is not None:
            submit(ShowShiftReport(odd.shift))
        elif odd.kind is Oddity.UNPRINTED and odd.sale is not None:
            submit(PrintReceipt(odd.sale))

    def _on_finished(self, done: Finished) -> None:
        asked, answer = done.use_case, done.answer
        if isinstance(answer, DayShown):
            self.page.show_day(answer)
        elif isinstance(answer, DeskState):
            self.page.show_shift(answer.shift)
        elif isinstance(answer, LedgerProof):
            self.page.show_proof(answer)
        elif isinstance(answer, DayPaperShown):
            day = answer.asked.day
            title = said_period(ClosingKind.DAY, day.isoformat())
            self._show_paper(answer, PrintDay(day, answer.asked.desk), title)
        elif isinstance(answer, inspect.RouteSheetShown):
            again = inspect.PrintRouteSheet(answer.asked.sample, answer.asked.why)
            self._show_paper(answer, again, "Route sheet")
        elif isinstance(asked, PrintReceipt) and self.window.shell.current == DAY.key:
            self.page.refresh()

    def _show_paper(self, shown: DayPaperShown | inspect.RouteSheetShown, printing: object, title: str) -> None:
        self.paper.show_sheet(shown, printing, title=title)
        self.window.open_page("receipt")

    def _on_failed(self, failed: Failed) -> None:
        if isinstance(failed.use_case, VerifyLedger):
            self.page.show_trouble(failed.error)
        elif isinstance(failed.use_case, PAPERS):
            said = trouble(failed.error)
            self.window.say(Note(said.sentence, f"{said.remedy}  {said.short}", "warn", about="paper"))
