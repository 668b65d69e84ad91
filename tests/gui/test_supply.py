"""The technician at the window, over the real counter: books, cards and meter are real, nothing is a double."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.gui.at_window import Petra, at_window
from tests.gui.looks import nothing_cut
from tests.gui.test_pictures import outside
from vending_app.bench.world import CASHIER, SUPERVISOR, SUPPLY, TECHNICIAN
from vending_app.cardio.emulated.faults import Fault, FaultKind
from vending_app.domain.energy import Energy
from vending_app.domain.errors import OperatorError
from vending_app.domain.ids import MeterNo
from vending_app.domain.meter import MeterDecision
from vending_app.domain.money import Money
from vending_app.domain.people import Customer, Meter, SupplyFile, SupplyState
from vending_app.domain.permissions import Act
from vending_app.domain.record_lines import RecordKind
from vending_app.domain.records import (
    Area,
    CardAtEnd,
    CardEnd,
    FinalReading,
    ReadingHow,
    Settlement,
    Stake,
    StakeFound,
    Told,
)
from vending_app.services import supply_cases as ask
from vending_app.services.statement_cases import StatementShown
from vending_app.services.use_cases import IssueCard, ReadCard, SaleDone, Sell
from vending_app.ui.books.act_card import ActCard
from vending_app.ui.books.ask import Deed, Filled
from vending_app.ui.sell.telling import FIRST_NEXT, ISSUED_FIRST
from vending_app.ui.supply import asks, card_asks
from vending_app.ui.supply.slip_asks import ask_slip

SECOND_METER = MeterNo("000087654321")


@pytest.fixture
def petra(qtbot: QtBot, tmp_path: Path) -> Iterator[Petra]:
    with at_window(qtbot, tmp_path) as petra:
        petra.logs_in(CASHIER)
        petra.does(Sell(petra.desk.world.new_id(), amount=Money.parse("50.00")))
        petra.logs_in()
        yield petra


def test_a_lost_card_is_replaced_by_keyboard_in_a_few_strokes(petra: Petra) -> None:
    old = petra.desk.card
    petra.loads(old)
    petra.opens()
    fresh = petra.blank()
    petra.window.supply.card.setFocus()
    petra.presses(Qt.Key.Key_Space)
    petra.asked_for("Re-issue card")
    petra.chooses(CardEnd.LOST.value)
    petra.enters("1", "")
    petra.asked_for("Write the new card")
    assert "worth nothing" in petra.window.supply.column.card.note[2]
    petra.presses(Qt.Key.Key_Return)
    petra.done()
    petra.until(lambda: petra.window.supply.cards.cards[0].generation == 2)
    assert petra.window.supply.cards.cards[1].why is CardEnd.LOST
    prints_the_slip(petra)
    assert petra.loads(fresh) is MeterDecision.CREDITED
    assert petra.loads(old) is MeterDecision.CARD_REPLACED


def test_a_share_in_fractions_is_refused_and_not_cut_off(petra: Petra) -> None:
    petra.opens()
    shown = petra.window.supply.shown
    assert shown is not None
    with pytest.raises(OperatorError) as refused:
        asks.ask_share(shown).make(Filled(amount=Money.parse("12.50"), reason="Amara"))
    assert refused.value.facts == {"field": "share"}


def test_a_card_that_is_not_blank_is_told_and_nothing_is_reserved(petra: Petra) -> None:
    petra.opens()
    petra.window.supply.card.click()
    petra.asked_for("Re-issue card")
    petra.chooses(CardEnd.BROKEN.value)
    petra.enters("", "")
    petra.asked_for("Write the new card")
    petra.presses(Qt.Key.Key_Return)
    petra.until(lambda: "not blank" in petra.window.supply.column.card.note[2])
    assert petra.file().generation == 1
    assert petra.books.open_sales() == ()


def test_a_display_below_zero_is_typed_with_its_sign(petra: Petra) -> None:
    petra.does(ask.EnterMeter(Meter(SECOND_METER, "RM-2", 1600)))
    petra.opens()
    petra.window.supply.meter.click()
    petra.asked_for("Change meter")
    petra.chooses(ReadingHow.HAND.value)
    card = petra.window.supply.column.card
    petra.until(card.amount.isVisible)
    petra.enters("5", "-5.00")
    petra.until(card.reason.isVisible)
    assert card.ask is not None
    assert ("Left, kWh", "−5.00", "") in card.ask.facts


def test_a_meter_is_changed_and_the_page_goes_on_with_the_new_supply(petra: Petra) -> None:
    petra.loads(petra.desk.card)
    petra.desk.world.meter.use(Energy(40_000))
    petra.loads(petra.desk.card)
    petra.desk.reinsert()
    petra.does(ReadCard())
    petra.does(ask.EnterMeter(Meter(SECOND_METER, "RM-2", 1600)))
    petra.opens()
    petra.window.supply.meter.click()
    petra.asked_for("Change meter")
    petra.chooses("card")
    petra.until(petra.window.supply.column.card.reason.isVisible)
    petra.chooses(SECOND_METER)
    petra.enters("display dark")
    petra.done()
    shown = petra.window.supply
    petra.until(lambda: shown.shown is not None and shown.shown.supply.meter.number == SECOND_METER)
    assert shown.shown is not None
    assert shown.shown.life.before == SUPPLY
    assert shown.card.text() == "Issue card"
    prints_the_slip(petra)
    petra.blank()
    petra.does(IssueCard(petra.desk.world.new_id(), shown.shown.supply.number))
    assert petra.file(shown.shown.supply.number).state is SupplyState.OPEN
    assert petra.file().state is SupplyState.CLOSED


def test_closing_asks_for_a_supervisor_and_shows_what_is_due(petra: Petra) -> None:
    petra.loads(petra.desk.card)
    petra.loads(petra.desk.card)
    petra.desk.reinsert()
    petra.does(ReadCard())
    petra.opens()
    petra.window.supply.more.click()
    petra.asked_for("More")
    petra.chooses("close")
    petra.asked_for("Close supply")
    petra.chooses("card")
    petra.until(petra.window.supply.column.card.reason.isVisible)
    petra.enters("moved away")
    column = petra.window.supply.column
    petra.until(lambda: not column.approval.isHidden())
    deed = column.deed
    assert deed is not None
    word = petra.desk.counter.approvals.give(deed.request, SUPERVISOR, operator=TECHNICIAN, act=Act.CLOSE_SUPPLY)

    column.submit(replace(deed, request=replace(deed.request, approval=word.id)))  # type: ignore[type-var]
    petra.done()
    petra.until(lambda: petra.file().state is SupplyState.CLOSED)
    shown = petra.window.supply
    petra.until(lambda: shown.shown is not None and shown.shown.supply.state is SupplyState.CLOSED)
    assert [button.isHidden() for button in (shown.parameters, shown.meter, shown.card)] == [True, True, True]
    prints_the_slip(petra)


def prints_the_slip(petra: Petra) -> None:
    """What was just done has a slip to sign, one key away."""
    button = petra.window.supply.slip
    petra.until(lambda: button.isVisible() and button.hasFocus())
    petra.presses(Qt.Key.Key_Return)
    petra.until(lambda: any("Slip" in note.title for note in petra.window.shell.toasts.notes))


def slips(petra: Petra) -> list[str]:
    return sorted(paper.stem for paper in (petra.desk.world.folder / "receipts").glob("Slip*.pdf"))


def test_a_slip_is_printed_after_another_supply_was_opened_and_a_card_was_finished_elsewhere(petra: Petra) -> None:
    page = petra.window.supply
    petra.blank()
    done = petra.does(ask.ReissueCard(petra.desk.world.new_id(), SUPPLY, CardEnd.BROKEN))
    assert isinstance(done, SaleDone)
    petra.opens()
    assert page.slip.isVisible()
    assert page.first is page.card
    page.slip.click()
    petra.until(lambda: slips(petra))
    assert page.shown is not None
    newest = page.shown.life.procedures[0]
    assert (newest.sale, slips(petra)) == (done.sale.id, [f"Slip-{SUPPLY}-{newest.row}"])


def test_an_earlier_slip_is_chosen_by_keyboard_and_printed_again(petra: Petra) -> None:
    page = petra.window.supply
    for share in (20, 30):
        petra.does(ask.ChangeTerms(SUPPLY, replace(petra.terms(), arrears_share_percent=share), "agreed"))
    petra.opens()
    assert page.shown is not None
    earlier = page.shown.life.procedures[1]
    page.more.click()
    petra.asked_for("More")
    petra.chooses("slip")
    petra.asked_for("Print a slip")
    petra.chooses(str(earlier.row))
    petra.done()
    petra.until(lambda: slips(petra) == [f"Slip-{SUPPLY}-{earlier.row}"])


def test_other_terms_are_signed_for_and_a_note_is_not(petra: Petra) -> None:
    page = petra.window.supply
    petra.opens()
    page.begin_note()
    petra.asked_for("Note")
    petra.enters("dog in the yard")
    petra.done()
    assert page.first is not page.slip
    page.parameters.click()
    petra.asked_for("Parameters")
    petra.chooses("overload_w")
    petra.enters("4.5", "smaller fuse")
    petra.done()
    prints_the_slip(petra)


def test_a_supply_to_which_nothing_was_done_has_no_slip(petra: Petra) -> None:
    page = petra.window.supply
    petra.does(ask.EnterMeter(Meter(SECOND_METER, "RM-2", 1600)))
    customer = Customer("", "Lena Hoffmann", "3 Quay Road")
    fresh = petra.does(ask.EnterSupply(customer, SECOND_METER, petra.terms()))
    assert isinstance(fresh, SupplyFile)
    petra.opens(fresh.number)
    assert page.slip.isHidden()


def test_a_limit_is_changed_with_its_reason(petra: Petra) -> None:
    petra.opens()
    petra.window.supply.parameters.click()
    petra.asked_for("Parameters")
    petra.chooses("overload_w")
    petra.enters("4.5", "smaller fuse")
    petra.done()
    petra.until(lambda: petra.file().parameters.overload_w == 4_500)
    petra.until(lambda: any("Limit 8 to 4.5 kW" in event.title for event in petra.window.supply.life.line.events))  # type: ignore[union-attr]


@pytest.mark.parametrize("typed", ["x", "-1", "1,5.2"])
def test_what_is_no_number_of_purchases_is_told_in_its_place(petra: Petra, typed: str) -> None:
    petra.opens()
    petra.window.supply.card.click()
    petra.asked_for("Re-issue card")
    petra.chooses(CardEnd.LOST.value)
    petra.enters(typed, "")
    assert "number" in petra.window.supply.column.card.note[2]


def test_what_is_left_on_the_display_tells_with_the_purchases_what_is_at_stake(petra: Petra) -> None:
    """The meter took the first of two purchases: the second is on the card that is lost."""
    petra.takes_out()
    petra.loads(petra.desk.card)
    first, left = petra.file().energy_total, petra.desk.world.meter.view().remaining
    petra.desk.insert()
    petra.logs_in(CASHIER)
    petra.does(Sell(petra.desk.world.new_id(), amount=Money.parse("20.00")))
    petra.logs_in()
    petra.opens()
    petra.blank()
    card = petra.window.supply.column.card
    petra.window.supply.card.setFocus()
    petra.presses(Qt.Key.Key_Space)
    petra.asked_for("Re-issue card")
    petra.chooses(CardEnd.STOLEN.value)
    petra.enters("1", str(left))
    petra.asked_for("Write the new card")
    assert card.note[2].startswith(f"Up to {petra.file().energy_total - first} kWh may still be on the old card.")
    assert card.ask is not None
    assert card.ask.facts[-2:] == (("On his display: purchases", "1", ""), ("On his display: kWh", str(left), ""))
    petra.presses(Qt.Key.Key_Return)
    petra.done()
    petra.until(lambda: petra.window.supply.cards.cards[0].generation == 2)


@pytest.mark.parametrize(("counted", "left"), [("9", ""), ("", "99999"), ("1", "99999")])
def test_a_display_that_tells_more_than_was_sold_is_refused_where_it_was_typed(
    petra: Petra, counted: str, left: str
) -> None:
    petra.opens()
    petra.window.supply.card.click()
    petra.asked_for("Re-issue card")
    petra.chooses(CardEnd.LOST.value)
    petra.enters(counted, left)
    petra.asked_for("Re-issue card")
    card = petra.window.supply.column.card
    petra.until(lambda: "more than these books ever sold" in card.note[2])
    assert (card.reference.text(), card.reason.text()) == (counted, left)


def test_what_is_no_energy_on_the_display_is_told_in_its_place(petra: Petra) -> None:
    petra.opens()
    petra.window.supply.card.click()
    petra.asked_for("Re-issue card")
    petra.chooses(CardEnd.LOST.value)
    petra.enters("", "many")
    assert "not a number" in petra.window.supply.column.card.note[2]


def test_a_cashier_sees_the_life_and_of_the_verbs_only_the_statement(petra: Petra) -> None:
    petra.logs_in(CASHIER)
    petra.opens()
    page = petra.window.supply
    assert [button for button in page.verbs if not button.isHidden()] == [page.statement]


def test_a_statement_is_looked_at_and_printed_by_keyboard(petra: Petra) -> None:
    agreed = replace(petra.terms(), arrears_share_percent=20)
    petra.does(ask.ChangeTerms(SUPPLY, agreed, "agreed on the phone"))
    petra.opens()
    page, paper = petra.window.supply, petra.window.receipt
    assert page.balance.agreement == "agreement: 20 % of each purchase"
    page.statement.click()
    petra.asked_for("Statement")
    assert ("Agreement", "20 % of each purchase", "") in page.column.card.ask.facts  # type: ignore[union-attr]
    petra.presses(Qt.Key.Key_Return)
    petra.presses(Qt.Key.Key_Return)
    petra.until(lambda: petra.window.shell.current == "receipt")
    assert isinstance(paper.report, tuple)
    shown = paper.report[0]
    assert isinstance(shown, StatementShown)
    assert shown.statement.closing == petra.file().arrears
    assert paper.title == "Statement, Amara Okafor"
    petra.presses(Qt.Key.Key_Space)
    petra.until(lambda: any("Statement" in note.title for note in petra.window.shell.toasts.notes))
    petra.presses(Qt.Key.Key_Escape)
    petra.until(lambda: petra.window.shell.current == "supply")


def test_a_period_that_goes_backwards_is_told_where_it_was_typed(petra: Petra) -> None:
    petra.opens()
    petra.window.supply.statement.click()
    petra.asked_for("Statement")
    card = petra.window.supply.column.card
    card.reference.setText("01.03.2027")
    card.submit()
    petra.until(lambda: "before" in card.note[2])
    assert petra.window.shell.current == "supply"


def test_the_arrow_keys_go_from_event_to_event(petra: Petra) -> None:
    petra.opens()
    life = petra.window.supply.life
    life.setFocus()
    petra.presses(Qt.Key.Key_Right)
    assert life.pointed == 0
    petra.presses(Qt.Key.Key_Left)
    assert life.pointed == 0


def test_a_new_supply_is_entered_in_four_steps_and_gets_its_first_card(petra: Petra) -> None:
    petra.does(ask.EnterMeter(Meter(SECOND_METER, "RM-2", 1600)))
    petra.does(ask.EnterArea(Area("E1", "Eastfield")))
    page = petra.window.supplies
    petra.window.go("supplies")
    petra.window.press("F9")
    card = page.column.card
    for at, texts in enumerate((("", "3 Quay Road"), ("", "0170", "P-77"), ("", "4.5", "E1", "30.11.2027"))):
        if at == 0:
            petra.finds("Lena Hoffmann", card)
        petra.until(lambda at=at: card.isVisible() and card.title == f"New supply, {at + 1} of 4")  # type: ignore[misc]
        petra.enters(*texts)
    petra.until(lambda: card.title == "New supply, 4 of 4")
    assert ("Overload limit", "4.50 kW", "") in (card.ask.facts if card.ask else ())
    petra.presses(Qt.Key.Key_Return)
    petra.until(lambda: petra.window.shell.current == "supply" and petra.window.supply.shown is not None)
    shown = petra.window.supply.shown
    assert shown is not None
    assert (shown.supply.customer.name, shown.supply.customer.identity) == ("Lena Hoffmann", "P-77")
    assert (shown.supply.area, shown.supply.ends_on, shown.supply.parameters.overload_w) == (
        "E1",
        date(2027, 11, 30),
        4500,
    )
    petra.blank()
    petra.window.supply.card.click()
    petra.until(lambda: petra.window.shell.current == "cards" and petra.window.cards.chosen is not None)
    assert petra.window.cards.chosen is not None
    assert petra.window.cards.chosen.number == shown.supply.number


def test_a_new_supply_may_be_for_somebody_who_has_one(petra: Petra) -> None:
    petra.does(ask.EnterMeter(Meter(SECOND_METER, "RM-2", 1600)))
    petra.window.go("supplies")
    petra.window.press("F9")
    card = petra.window.supplies.column.card
    petra.until(lambda: card.isVisible() and card.title == "New supply, 1 of 4")
    petra.finds("amara", card)
    petra.until(lambda: card.title == "New supply, 2 of 4")
    assert not card.reference.isVisible()
    petra.enters("")
    petra.enters("", "4.5", "", "")
    petra.until(lambda: card.title == "New supply, 4 of 4")
    petra.presses(Qt.Key.Key_Return)
    petra.until(lambda: petra.window.shell.current == "supply" and petra.window.supply.shown is not None)
    assert petra.window.supply.shown is not None
    assert petra.window.supply.shown.supply.customer == petra.file().customer


def test_a_first_card_says_what_comes_next_and_the_till_greets_it(petra: Petra, tmp_path: Path) -> None:
    petra.does(ask.EnterMeter(Meter(SECOND_METER, "RM-2", 1600)))
    fresh = petra.does(ask.EnterSupply(Customer("", "Lena Hoffmann", "3 Quay Road"), SECOND_METER, petra.terms()))
    assert isinstance(fresh, SupplyFile)
    window = petra.window
    window.go("cards")
    petra.takes_out()
    card = petra.blank()
    petra.until(window.cards.button.isEnabled)
    window.cards.issue()
    petra.until(lambda: window.cards.banner.says is ISSUED_FIRST)
    assert window.cards.write_card.shown is not None
    assert window.cards.write_card.shown.note[2] == FIRST_NEXT
    if os.environ.get("FIRST_PICTURE"):
        window.grab().save(f"{os.environ['FIRST_PICTURE']}-issued.png")
    petra.logs_in(CASHIER)
    window.go("sell")
    petra.takes_out()
    petra.desk.readers.insert(card)
    petra.until(lambda: window.sell.customer.shown is not None and "First purchase" in window.sell.banner.says.sentence)
    assert window.sell.customer.shown is not None
    assert window.sell.customer.shown.is_first
    assert "First purchase" in window.sell.customer.accessibleDescription()
    if os.environ.get("FIRST_PICTURE"):
        window.grab().save(f"{os.environ['FIRST_PICTURE']}-read.png")
    petra.does(Sell(petra.desk.world.new_id(), amount=Money.parse("20.00")))
    assert not petra.file(fresh.number).buys_first
    assert not petra.file().buys_first


def _another_customer(petra: Petra, typed: str) -> ActCard:
    petra.opens()
    petra.window.supply.more.click()
    petra.asked_for("More")
    petra.chooses("customer")
    petra.asked_for("Another customer")
    card = petra.window.supply.column.card
    petra.finds(typed, card)
    return card


def test_a_known_customer_takes_a_supply_over(petra: Petra) -> None:
    lena = petra.does(ask.EnterCustomer(Customer("", "Lena Hoffmann", "3 Quay Road")))
    assert isinstance(lena, Customer)
    card = _another_customer(petra, "quay")
    petra.asked_for("Hand over")
    assert ("Known as", lena.number, "") in (card.ask.facts if card.ask else ())
    petra.enters("moved in")
    petra.done()
    petra.until(lambda: petra.file().customer == lena)


def test_who_has_the_supply_is_not_offered_and_somebody_new_is_entered_with_the_last_step(petra: Petra) -> None:
    def is_known() -> bool:
        return bool(petra.books.find_records(RecordKind.CUSTOMER, "amaryllis", limit=5))

    card = _another_customer(petra, "Amara")
    petra.until(card.reason.isVisible)
    assert card.reference.text() == "Amara"
    card.reference.setText("Amaryllis Reed")
    petra.enters("", "3 Quay Road")
    petra.asked_for("Hand over")
    assert not is_known()
    petra.enters("moved in")
    petra.done()
    petra.until(is_known)
    assert petra.file().customer.name == "Amaryllis Reed"


def test_while_an_approval_is_awaited_no_card_is_being_written(petra: Petra) -> None:
    petra.opens()
    petra.blank()
    page = petra.window.supply
    page._open(asks.ask_note(page.shown))  # type: ignore[arg-type]
    free = ask.ReissueCard(petra.desk.world.new_id(), SUPPLY, CardEnd.LOST, is_free=True)
    page.column.submit(Deed(free, "A new card without its fee."))
    petra.until(page.column.approval.isVisible)
    assert not page.is_writing
    petra.window.go("sell")
    assert petra.window.shell.current == "sell"
    assert petra.file().generation == 1


def test_without_a_meter_in_stock_that_is_entered_first(petra: Petra) -> None:
    petra.window.go("supplies")
    petra.window.press("F9")
    card = petra.window.supplies.column.card
    petra.until(lambda: card.isVisible() and card.title == "Meter into stock")
    petra.enters("800", "0000 8765 4321", "RM-2")
    for _ in range(2):
        petra.presses(Qt.Key.Key_Down)
    petra.presses(Qt.Key.Key_Return)
    petra.enters("12.5")
    petra.until(lambda: card.title == "Its transformers")
    petra.enters("40", "10")
    petra.until(petra.window.supplies.column.isHidden)
    assert petra.books.stock() == (Meter(SECOND_METER, "RM-2", 800, 3, 40, 10, Energy(12_500)),)


def test_a_cashier_cannot_enter_supplies(petra: Petra) -> None:
    petra.logs_in(CASHIER)
    petra.window.go("supplies")
    assert petra.window.supplies.fresh.isHidden()
    assert not petra.window.shell.key_bar.is_on("F9")


def test_a_new_estate_gets_its_cards_one_after_another(petra: Petra) -> None:
    for at in range(3):
        meter = MeterNo(f"{700_000 + at:012d}")
        petra.does(ask.EnterMeter(Meter(meter, "RM-2", 1600)))
        entered = ask.EnterSupply(Customer("", f"House {at + 1}", "New Estate"), meter, petra.terms())
        petra.does(entered)
    page = petra.window.cards
    petra.window.go("cards")
    petra.until(lambda: len(page.model.rows) == 3)
    page.batch.click()
    cards = []
    for done in range(1, 4):
        petra.takes_out()
        cards.append(petra.blank())
        petra.until(lambda done=done: page.issued == done)  # type: ignore[misc]
        petra.until(lambda done=done: len(page.model.rows) == 3 - done)  # type: ignore[misc]
    page.batch.click()
    assert page.banner.says.sentence == "3 cards were issued; 0 supplies wait."
    numbers = [petra.desk.counter.outside.cards.codec.decode(card.image).order for card in cards]
    assert len({order.supply for order in numbers if order}) == 3
    assert petra.books.verify().problems == ()


# --- the smallest screen with larger text ----------------------------------------------------------------

LARGER_TEXT = [1.0, 1.15, 1.3]
"""A desktop that shows everything larger leaves 1366 × 768 divided by this."""


STAKE = StakeFound(Stake.CREDIT, Energy(123_456_780))
SHOWN_STAKE = ask.ShowStake(SUPPLY, Told(1_234, Energy(98_765_430)), CardEnd.CUSTOMER)


@pytest.fixture
def at_end(petra: Petra) -> ask.Left:
    """One purchase in the meter, one on the card, and two meters in stock."""
    petra.takes_out()
    petra.loads(petra.desk.card)
    petra.desk.insert()
    petra.does(ReadCard())
    petra.logs_in(CASHIER)
    petra.does(Sell(petra.desk.world.new_id(), amount=Money.parse("20.00")))
    petra.logs_in()
    for number in (SECOND_METER, MeterNo("000087654322")):
        petra.does(ask.EnterMeter(Meter(number, "RM-2", 1600)))
    petra.opens()
    left = petra.does(ask.ShowLeft(SUPPLY))
    assert isinstance(left, ask.Left)
    return left


@pytest.mark.parametrize("scale", LARGER_TEXT)
def test_no_button_is_cut_off_where_everything_is_larger(
    petra: Petra, at_end: ask.Left, caplog: pytest.LogCaptureFixture, scale: float
) -> None:
    window, page = petra.window, petra.window.supply
    window.resize(round(1366 / scale), round(768 / scale))
    shown = page.shown
    assert shown is not None
    with nothing_cut(caplog):
        window.grab()
        for made in (
            card_asks.ask_reissue(shown),
            card_asks.ask_write_card(shown, STAKE, SHOWN_STAKE, new_id=petra.desk.world.new_id),
            asks.ask_reading(shown, title="Change meter"),
            asks.ask_meter(at_end),
            asks.ask_close(at_end),
            asks.ask_close(replace(at_end, is_loose=True)),
            asks.ask_parameters(shown),
            asks.ask_more(shown),
            ask_slip(shown),
        ):
            page._open(made)
            window.grab()
            assert outside(window) == []


def test_a_card_that_is_not_here_is_told_and_nothing_is_closed_before_its_meter_is_off(
    petra: Petra, at_end: ask.Left
) -> None:
    petra.window.supply._open(asks.ask_close(replace(at_end, is_loose=True)))
    card = petra.window.supply.column.card
    petra.asked_for("Close supply")
    card.choices.setFocus()
    petra.presses(Qt.Key.Key_Return)
    petra.enters("moved away")
    assert "would still take" in card.note[2]
    assert petra.file().state is SupplyState.OPEN


def test_a_card_that_is_here_is_emptied_and_the_customer_keeps_it(petra: Petra, at_end: ask.Left) -> None:
    assert at_end.is_loose is False
    request = ask.CloseSupply(SUPPLY, "moved away")
    given = petra.desk.counter.approvals.give(request, SUPERVISOR, operator=TECHNICIAN, act=Act.CLOSE_SUPPLY)
    done = petra.does(replace(request, approval=given.id))
    petra.window.supply._on_effect(done, SUPPLY)
    said = [note.title for note in petra.window.shell.toasts.notes]
    assert said[-2:] == ["Supply closed", "Card emptied"]
    taken = petra.desk.world.meter.view().energy_total
    petra.loads(petra.desk.card)
    assert petra.desk.world.meter.view().energy_total == taken


@pytest.fixture
def at_torn_end(petra: Petra, at_end: ask.Left) -> Energy:
    """The supply is closed, and its card left before it was emptied and is gone; what is on it."""
    request = ask.CloseSupply(SUPPLY, "moved away")
    given = petra.desk.counter.approvals.give(request, SUPERVISOR, operator=TECHNICIAN, act=Act.CLOSE_SUPPLY)
    petra.desk.card.arm(Fault(FaultKind.PULL_UNWRITTEN, 1))
    done = petra.does(replace(request, approval=given.id))
    assert isinstance(done, Settlement)
    assert done.card is CardAtEnd.WAITS
    petra.takes_out()
    petra.opens()
    return at_end.left.on_card


def test_a_card_that_will_not_come_back_is_written_off_by_keyboard_and_two_people(
    petra: Petra, at_torn_end: Energy
) -> None:
    column = petra.window.supply.column
    assert petra.window.supply.first is petra.window.supply.more
    petra.window.supply.more.setFocus()
    petra.presses(Qt.Key.Key_Space)
    petra.asked_for("More")
    petra.chooses("write-off")
    petra.asked_for("Write the card off")
    assert column.card.ask is not None
    assert ("Still on it, kWh", str(at_torn_end), "warn") in column.card.ask.facts
    # Enter alone does not say that the meter is off.
    petra.presses(Qt.Key.Key_Return)
    petra.enters("lost on the way home")
    assert "would still take" in column.card.note[2]
    column.card.choices.setFocus()
    petra.chooses("off")
    petra.presses(Qt.Key.Key_Return)
    petra.until(lambda: not column.approval.isHidden())
    deed = column.deed
    assert deed is not None
    assert f"{at_torn_end} kWh are on it" in deed.sentence
    word = petra.desk.counter.approvals.give(deed.request, SUPERVISOR, operator=TECHNICIAN, act=Act.CLOSE_SUPPLY)
    column.submit(replace(deed, request=replace(deed.request, approval=word.id)))  # type: ignore[type-var]
    petra.done()
    assert petra.books.open_sales() == ()
    petra.window.supply.more.click()
    petra.asked_for("More")
    assert column.card.ask is not None
    assert [option.key for option in column.card.ask.choices] == ["note", "slip"]


@pytest.mark.parametrize("scale", LARGER_TEXT)
def test_nothing_of_a_write_off_is_cut_where_everything_is_larger(
    petra: Petra, at_torn_end: Energy, caplog: pytest.LogCaptureFixture, scale: float
) -> None:
    window, page = petra.window, petra.window.supply
    window.resize(round(1366 / scale), round(768 / scale))
    assert page.shown is not None
    with nothing_cut(caplog):
        page._open(asks.ask_write_off(page.shown))
        window.grab()
        assert outside(window) == []


def test_what_a_meter_took_after_the_end_stands_on_the_page(petra: Petra, at_end: ask.Left) -> None:
    reading = FinalReading(ReadingHow.HAND, at_end.reading.used_total, at_end.reading.remaining)
    request = ask.CloseSupply(SUPPLY, "moved away", reading, is_meter_off=True)
    given = petra.desk.counter.approvals.give(request, SUPERVISOR, operator=TECHNICIAN, act=Act.CLOSE_SUPPLY)
    petra.does(replace(request, approval=given.id))
    petra.loads(petra.desk.card)
    petra.desk.reinsert()
    petra.does(ReadCard())
    petra.opens()
    balance = petra.window.supply.balance
    assert ("Loaded after the end", str(at_end.left.on_card), "bad") in balance._rows()
    assert f"Loaded after the end {at_end.left.on_card}" in balance.accessibleDescription()
    assert balance._verdict()[0] == f"{at_end.left.on_card} kWh open"
