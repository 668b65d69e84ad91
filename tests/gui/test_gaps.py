"""Whatever does not add up is planted in real books, found on the page *Gaps* by keyboard, and opened from there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.gui.at_window import Petra, at_window
from tests.gui.beside import Beside
from tests.ledger.strangers import attack
from vending_app.bench.world import CASHIER, SUPERVISOR, SUPPLY
from vending_app.domain.energy import Energy
from vending_app.domain.ids import DeskNo, SaleId
from vending_app.domain.money import Money
from vending_app.domain.report_asked import ON_PAGE, ReportKind
from vending_app.ledger import DeskLedger
from vending_app.ports.telling import Tell, untold
from vending_app.services.use_cases import CardReading, ReadCard, SaleDone, Sell, ShowDesk
from vending_app.ui.doors import OFFICE
from vending_app.ui.pages.reports_page import ReportsPage
from vending_app.ui.reports.report_flow import REPORTS
from vending_app.ui.reports.report_words import EMPTY

ENTER, DOWN, UP, F10 = Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_F10
SLOT_B = 0x70
WITHOUT_A_WORD = 20
"""Days."""


@dataclass
class OverBooks(Beside):
    """Reads at once, from the books of the test."""

    books: DeskLedger | None = None

    def start(self, work: Callable[..., Any], tell: Tell = untold, /) -> Future[Any]:
        self.answer = work(self.books, tell)
        return super().start(work, tell)


@pytest.fixture
def office(qtbot: QtBot, tmp_path: Path) -> Iterator[Petra]:
    """The supervisor at the desk, after three sales to Amara."""
    with at_window(qtbot, tmp_path) as petra:
        petra.window.rooms.report_flow.beside = OverBooks(books=petra.books)
        petra.logs_in(CASHIER)
        for at in range(3):
            petra.does(Sell(SaleId(f"{at:026d}"), amount=Money(1000 * (at + 1))))
        petra.logs_in(SUPERVISOR)
        yield petra


def page_of(petra: Petra) -> ReportsPage:
    return petra.window.rooms.reports


def looks_for_gaps(petra: Petra) -> ReportsPage:
    """F10, and the arrows to the report."""
    page = page_of(petra)
    petra.window.press("F10")
    petra.until(lambda: petra.window.shell.current == REPORTS and page.kinds.hasFocus())
    for _ in ON_PAGE:
        petra.presses(UP)
    for _ in range(ON_PAGE.index(ReportKind.GAPS)):
        petra.presses(DOWN)
    petra.until(lambda: page.report is not None and page.report.asked.kind is ReportKind.GAPS)
    return page


def opens(petra: Petra, title: str, shown: tuple[str, ...], leads_to: str) -> None:
    """The table of this name has one row that says so; Enter on it leads to a page."""
    page = looks_for_gaps(petra)
    assert page.said is not None
    (at,) = (at for at, table in enumerate(page.said.tables) if table.title == title)
    (row,) = page.said.tables[at].rows
    assert set(shown) <= set(row), row
    page.card.point_at(at, 0)
    petra.presses(ENTER)
    petra.until(lambda: petra.window.shell.current == leads_to)


def test_a_good_day_is_empty(office: Petra) -> None:
    page = looks_for_gaps(office)
    assert page.said is not None
    assert [table.title for table in page.said.tables if table.rows] == []
    assert page.card.table is not None
    assert page.card.table.empty[1] == EMPTY[ReportKind.GAPS] == "Everything adds up."
    assert page.card.table.isVisible()


def test_a_card_ahead_is_told_and_leads_to_its_supply(office: Petra) -> None:
    reading = office.does(ReadCard())
    assert isinstance(reading, CardReading)
    order = reading.image.order
    assert order is not None
    assert reading.card is not None
    more = replace(order, sequence=order.sequence + 2, energy_total=order.energy_total + Energy(40_000))
    world, card = office.desk.world, office.desk.card
    office.takes_out()
    assert card.opens(world.vault, card=reading.card, key_version=1)
    card.put(SLOT_B, world.codec.encode_order(more, card=reading.card))
    office.desk.insert()
    office.does(ReadCard())
    opens(office, "Card ahead of the books", (SUPPLY, reading.card, "1", "2", "40.00"), "supply")
    assert office.window.supply.shown is not None


def test_a_missing_receipt_leads_to_the_sale_before_it(office: Petra) -> None:
    attack(office.books._books, "UPDATE sale_events SET receipt_number = 5 WHERE receipt_number = 3")
    opens(office, "Receipts missing", ("1", "1-000003", "1-000004"), "sale")
    advice = office.window.sale.advice
    assert advice is not None
    assert advice.sale.receipt == "1-000002"


def test_a_missing_order_leads_to_the_life_of_its_supply(office: Petra) -> None:
    last = office.does(Sell(SaleId("9" * 26), amount=Money(4000)))
    assert isinstance(last, SaleDone)
    number = last.sale.intent.order.sequence
    attack(office.books._books, f"UPDATE sales SET sequence = {number + 1} WHERE sequence = {number}")
    opens(office, "Orders missing", (SUPPLY, str(number)), "supply")


def test_a_desk_that_says_nothing_leads_to_where_it_is_given_up(office: Petra) -> None:
    DeskLedger.enter_desk(office.desk.world.store, DeskNo(2))
    with closing(DeskLedger.open(office.desk.world.store, desk=DeskNo(2))) as annexe:
        annexe.record_login(CASHIER.name, succeeded=False, at=office.calendar.now, desk=DeskNo(2))
    office.calendar.pass_days(WITHOUT_A_WORD)
    office.does(Sell(SaleId("9" * 26), amount=Money(4000)))
    office.does(ShowDesk())
    office.until(lambda: office.window.clock.now() >= office.calendar.now)
    opens(office, "Silent desks", ("2", "Desk 2"), OFFICE)
