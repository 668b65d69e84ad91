"""What lies behind the log-in page: the shell, its pages and the flows, built while somebody types who he is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from vending_app.domain.card import CardKind
from vending_app.domain.ids import SaleId
from vending_app.domain.money import Money
from vending_app.ui.begin.start_flow import StartFlow
from vending_app.ui.books.book_flow import BookFlow
from vending_app.ui.components.rail import (
    CARDS,
    DAY,
    DRILLS,
    INSPECT,
    RECORDS,
    SELL,
    SETUP,
    SHIFT,
    START,
    SUPPLIES,
    TOOLS,
)
from vending_app.ui.day.day_flow import CLOSINGS, DayFlow
from vending_app.ui.details_flow import DETAILS, DetailsFlow
from vending_app.ui.doors import KEYS, OFFICE, OPERATORS, TARIFFS
from vending_app.ui.error_flow import ErrorFlow
from vending_app.ui.inspect.inspect_flow import InspectFlow, LongWork
from vending_app.ui.keys.keys_flow import KeysFlow
from vending_app.ui.office.office_flow import OfficeFlow
from vending_app.ui.pages.cards_page import CardsPage
from vending_app.ui.pages.closings_page import ClosingsPage
from vending_app.ui.pages.day_page import DayPage
from vending_app.ui.pages.details_page import DetailsPage
from vending_app.ui.pages.drills_page import DrillsPage
from vending_app.ui.pages.error_page import ErrorPage
from vending_app.ui.pages.help_page import HelpPage
from vending_app.ui.pages.history_page import HistoryPage
from vending_app.ui.pages.inspect_page import InspectPage
from vending_app.ui.pages.keys_page import KeysPage
from vending_app.ui.pages.office_page import OfficePage
from vending_app.ui.pages.operators_page import OperatorsPage
from vending_app.ui.pages.page import Content
from vending_app.ui.pages.receipt_page import ReceiptPage
from vending_app.ui.pages.records_page import RecordsPage
from vending_app.ui.pages.reports_page import ReportsPage
from vending_app.ui.pages.sale_page import SalePage
from vending_app.ui.pages.setup_page import SetupPage
from vending_app.ui.pages.shift_page import ShiftPage
from vending_app.ui.pages.start_page import StartPage
from vending_app.ui.pages.supplies_page import SuppliesPage
from vending_app.ui.pages.supply_page import SupplyPage
from vending_app.ui.pages.tariffs_page import TariffsPage
from vending_app.ui.pages.tools_page import ToolsPage
from vending_app.ui.practice.drill_flow import DrillFlow
from vending_app.ui.reader_flow import ReaderFlow
from vending_app.ui.record_flow import RecordFlow
from vending_app.ui.reports.report_flow import REPORTS, ReportFlow
from vending_app.ui.sell.flow import SellFlow
from vending_app.ui.sell.sell_page import SellPage
from vending_app.ui.setup_flow import SetupFlow
from vending_app.ui.shell import Shell
from vending_app.ui.supply_flow import SupplyFlow

if TYPE_CHECKING:
    from vending_app.ui.counter_pages import CounterPages


class Rooms:
    """All of one window; the window connects them."""

    def __init__(
        self, window: CounterPages, *, new_id: Callable[[], SaleId], quick: tuple[Money, ...], beside: LongWork
    ) -> None:
        self.shell = Shell(window.look, practice=window.is_practice, parent=window.stack)
        self._make_pages(window, new_id=new_id, quick=quick)
        self.pages = self._by_key()
        for key, page in self.pages.items():
            self.shell.add_page(key, page)
        self.drills: DrillsPage | None = None
        self.drill_flow: DrillFlow | None = None
        if window.is_practice:
            self._make_drills(window)
        self._make_flows(window, new_id=new_id, beside=beside)

    def _make_pages(self, window: CounterPages, *, new_id: Callable[[], SaleId], quick: tuple[Money, ...]) -> None:
        look, clock, shell = window.look, window.clock, self.shell
        self.start = StartPage(look, parent=shell)
        self.sell = SellPage(look, quick=quick, parent=shell)
        self.supplies = SuppliesPage(look, parent=shell)
        self.shifts = ShiftPage(look, new_id=new_id, parent=shell)
        self.sale = SalePage(look, new_id=new_id, clock=clock, parent=shell)
        self.closings = ClosingsPage(look, clock=clock, parent=shell)
        self.day = DayPage(look, clock=clock, parent=shell)
        self.cards = CardsPage(look, new_id=new_id, parent=shell)
        self.history = HistoryPage(look, new_id=new_id, parent=shell)
        self.receipt = ReceiptPage(look, parent=shell)
        self.help = HelpPage(look, parent=shell)
        self.errors = ErrorPage(look, parent=shell)
        self.details = DetailsPage(look, parent=shell)
        self.setup = SetupPage(look, parent=shell)
        self.office = OfficePage(look, parent=shell)
        self.supply = SupplyPage(look, new_id=new_id, parent=shell)
        self.reports = ReportsPage(look, clock=clock, parent=shell)
        self.inspect = InspectPage(look, clock=clock, parent=shell)
        self.records = RecordsPage(look, clock=clock, parent=shell)
        self.tools = ToolsPage(look, new_id=new_id, parent=shell)
        self.tariffs = TariffsPage(look, clock=clock, parent=shell)
        self.operators = OperatorsPage(look, parent=shell)
        self.keys = KeysPage(look, parent=shell)

    def _by_key(self) -> dict[str, Content]:
        pages: dict[str, Content] = {
            START.key: self.start,
            SELL.key: self.sell,
            SUPPLIES.key: self.supplies,
            SHIFT.key: self.shifts,
            CARDS.key: self.cards,
            DAY.key: self.day,
            CLOSINGS: self.closings,
            REPORTS: self.reports,
            INSPECT.key: self.inspect,
            RECORDS.key: self.records,
            TOOLS.key: self.tools,
            "history": self.history,
            "supply": self.supply,
            "sale": self.sale,
            "receipt": self.receipt,
            "help": self.help,
            "errors": self.errors,
            DETAILS: self.details,
            SETUP.key: self.setup,
            TARIFFS: self.tariffs,
            OPERATORS: self.operators,
            OFFICE: self.office,
            KEYS: self.keys,
        }
        if self.shell.meter is not None:
            pages["meter"] = self.shell.meter
        return pages

    def _check(self, window: CounterPages, area: str) -> None:
        """A check card for an area of the inspection list."""
        window.go(TOOLS.key)
        self.tools.begin_issue(CardKind.CHECK, area)

    def _make_drills(self, window: CounterPages) -> None:
        self.drills = DrillsPage(window.look, parent=self.shell)
        self.pages[DRILLS.key] = self.drills
        self.shell.add_page(DRILLS.key, self.drills)
        self.drill_flow = DrillFlow(self.drills, window.bridge, clock=window.clock, parent=window)

    def _make_flows(self, window: CounterPages, *, new_id: Callable[[], SaleId], beside: LongWork) -> None:
        clock = window.clock
        self.flow = SellFlow(self.sell, window.bridge, new_id=new_id, clock=clock, parent=window)
        self.inspect_flow = InspectFlow(self.inspect, window.bridge, beside=beside, clock=clock, parent=window)
        self.record_flow = RecordFlow(window, self.records, self.cards)
        # Before the error desk, whose next step begins on the page that this one shows.
        self.supply_flow = SupplyFlow(window, self.supplies, self.supply, self.cards)
        self.error_flow = ErrorFlow(window, self.errors, self.supply)
        self.inspect_flow.said.connect(window.say)
        self.inspect_flow.check_wanted.connect(lambda area: self._check(window, area))
        self.day_flow = DayFlow(window, self.day, self.receipt)
        self.start_flow = StartFlow(window, self.start)
        self.details_flow = DetailsFlow(window, self.details)
        self.tools.details_wanted.connect(self.details_flow.look)
        self.report_flow = ReportFlow(window, self.reports, self.receipt, beside=beside)
        for page in (self.start, self.day, self.closings):
            page.opened.connect(self.report_flow.open)
        self.setup_flow = SetupFlow(window, self.setup, self.tariffs, self.operators)
        self.office_flow = OfficeFlow(window, self.office)
        self.keys_flow = KeysFlow(window, self.keys)
        self.reader_flow = ReaderFlow(window, self.shell, self.cards, self.tools)
        self.books = BookFlow(window.bridge, self, parent=window)
