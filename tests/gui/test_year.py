"""A year of one supply through the window: whatever happens to it, its energy account is zero in the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.gui.at_window import Petra, at_window
from vending_app.bench.world import CASHIER, SUPERVISOR, SUPPLY, TECHNICIAN
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.meter_slot import EmulatedMeterSlot
from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.ids import MeterNo, SaleId, SupplyNo
from vending_app.domain.meter import MeterDecision
from vending_app.domain.money import Money
from vending_app.domain.people import Meter, SupplyState
from vending_app.domain.permissions import Act
from vending_app.domain.records import CardEnd
from vending_app.meter.reference import MeterInFile
from vending_app.meter.registers import RegisterFile
from vending_app.services import supply_cases as ask
from vending_app.services.book_cases import ShowReversal
from vending_app.services.use_cases import IssueCard, ReadCard
from vending_app.ui.sell.stage import Stage

SECOND_METER = MeterNo("000087654321")
ENTER = Qt.Key.Key_Return
DAYS_BETWEEN = 15


@dataclass
class Year:
    """One household: its card, its meter, and how much it has bought."""

    petra: Petra
    supply: SupplyNo = SUPPLY
    card: EmulatedCard | None = None
    old_cards: list[EmulatedCard] = field(default_factory=list)
    meter: MeterInFile | None = None
    purchases: int = 0

    def at_home(self, meter: MeterNo) -> None:
        petra = self.petra
        file = RegisterFile(petra.folder / f"{meter}.json", meter)
        self.meter = MeterInFile(file, petra.desk.world.codec, lambda: petra.calendar.now)

    def loads(self, card: EmulatedCard | None = None) -> MeterDecision:
        assert self.meter is not None
        slot = EmulatedMeterSlot(card or self.card or self.petra.desk.card, vault=self.petra.desk.world.vault)
        return self.meter.insert(slot).decision

    def lives(self) -> None:
        """Half a month passes; most is used, and the card is shown to the meter before the next visit."""
        assert self.meter is not None
        self.petra.calendar.pass_days(DAYS_BETWEEN)
        left = self.meter.view().remaining
        self.meter.use(Energy(left.wh * 9 // 10 // 10 * 10), power_w=900)
        self.loads()

    def buys(self, amount: str = "20", cash: str = "50") -> SaleId:
        """At the window: the card in, F2, two numbers, two Enters, the card out."""
        petra, window = self.petra, self.petra.window
        petra.logs_in(CASHIER)
        self.puts_in()
        petra.until(lambda: window.flow.stage is Stage.READY)
        # A page that opened late, such as that of the sale before, keeps the cursor until F2.
        window.press("F2")
        petra.enters(amount, cash)
        petra.until(lambda: window.flow.stage is Stage.DONE)
        assert window.flow.done is not None
        self.purchases += 1
        return window.flow.done.sale.id

    def puts_in(self) -> None:
        petra = self.petra
        petra.takes_out()
        petra.desk.readers.insert(self.card or petra.desk.card)

    def reverses(self, sale: SaleId) -> None:
        """The supervisor takes the newest purchase back at the page of the sale, and pays it out."""
        petra, window = self.petra, self.petra.window
        petra.logs_in(SUPERVISOR)
        window.bridge.submit(ShowReversal(sale))
        petra.until(lambda: window.shell.current == "sale" and window.sale.advice is not None)
        options = window.sale.menu.list
        petra.until(options.isVisible)
        for _ in range(8):
            if options.key == "reverse":
                break
            petra.presses(Qt.Key.Key_Down)
        petra.presses(ENTER)
        card = window.sale.column.card
        petra.until(lambda: card.isVisible() and card.title == "Reverse the sale")
        petra.presses(ENTER)
        petra.enters("wrong customer")
        books = petra.books
        petra.until(lambda: (found := books.sale(sale)) is not None and found.reversed_by is not None)
        self.purchases -= 1

    def loses_the_card(self) -> None:
        petra, window = self.petra, self.petra.window
        petra.logs_in()
        petra.opens(self.supply)
        self.old_cards.append(self.card or petra.desk.card)
        self.card = petra.blank()
        window.supply.card.click()
        petra.asked_for("Re-issue card")
        petra.chooses(CardEnd.LOST.value)
        petra.enters("", "")
        petra.asked_for("Write the new card")
        petra.presses(ENTER)
        petra.done()

    def gets_another_limit(self) -> None:
        petra = self.petra
        petra.logs_in()
        petra.opens(self.supply)
        petra.window.supply.parameters.click()
        petra.asked_for("Parameters")
        petra.chooses("overload_w")
        petra.enters("4", "smaller fuse")
        petra.done()

    def gets_another_meter(self) -> None:
        petra, page = self.petra, self.petra.window.supply
        petra.logs_in()
        petra.does(ask.EnterMeter(Meter(SECOND_METER, "RM-2", 1600)))
        self.puts_in()
        petra.opens(self.supply)
        page.meter.click()
        petra.asked_for("Change meter")
        petra.chooses("card")
        petra.until(page.column.card.reason.isVisible)
        petra.chooses(SECOND_METER)
        petra.enters("display dark")
        petra.done()
        petra.until(lambda: page.shown is not None and page.shown.supply.meter.number == SECOND_METER)
        assert page.shown is not None
        self.supply = page.shown.supply.number
        self.card = petra.blank()
        petra.does(IssueCard(petra.desk.world.new_id(), self.supply))
        self.at_home(SECOND_METER)
        self.purchases = 0

    def closes(self) -> None:
        petra, page = self.petra, self.petra.window.supply
        petra.logs_in()
        self.puts_in()
        petra.does(ReadCard())
        petra.opens(self.supply)
        page.more.click()
        petra.asked_for("More")
        petra.chooses("close")
        petra.asked_for("Close supply")
        petra.chooses("card")
        petra.until(page.column.card.reason.isVisible)
        petra.enters("moved away")
        petra.until(lambda: not page.column.approval.isHidden())
        deed = page.column.deed
        assert deed is not None
        word = petra.desk.counter.approvals.give(deed.request, SUPERVISOR, operator=TECHNICIAN, act=Act.CLOSE_SUPPLY)
        page.column.submit(replace(deed, request=replace(deed.request, approval=word.id)))  # type: ignore[type-var]
        petra.done()
        petra.until(lambda: petra.file(self.supply).state is SupplyState.CLOSED)


@pytest.fixture
def year(qtbot: QtBot, tmp_path: Path) -> Iterator[Year]:
    with at_window(qtbot, tmp_path) as petra:
        year = Year(petra)
        year.at_home(petra.desk.world.meter.view().meter)
        yield year


def test_after_a_year_of_everything_the_energy_account_is_zero(year: Year) -> None:
    petra = year.petra
    for half_month in range(24):
        sale = year.buys()
        if half_month == 9:
            # The customer wanted another amount; the meter has not had the card yet.
            year.reverses(sale)
            year.buys("30")
        assert year.loads() is MeterDecision.CREDITED
        year.lives()
        match half_month:
            case 5:
                year.loses_the_card()
                assert year.loads() is MeterDecision.CREDITED
                assert year.loads(year.old_cards[0]) is MeterDecision.CARD_REPLACED
            case 13:
                year.gets_another_meter()
                assert year.loads() is MeterDecision.CREDITED
            case 18:
                year.gets_another_limit()
    assert year.meter is not None
    assert year.meter.view().overload_w == 4_000
    assert year.meter.view().purchases == petra.file(year.supply).purchases == year.purchases == 10
    year.closes()
    proof = petra.books.verify()
    assert proof.problems == ()
    accounts = {name: held for name, held in proof.energy_wh.items() if held}
    used = {name: held for name, held in accounts.items() if name.startswith("used:")}
    assert accounts == {"office": -sum(used.values()), **used}
    assert sum(used.values()) > 0
    sold = petra.books.life(SUPPLY).balance.bought
    assert sold > NO_ENERGY
    assert petra.books.refund_due(year.supply) > Money(0)
