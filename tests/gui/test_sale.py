"""The sale as a cashier does it: keyboard and card, nothing else."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from tests.gui import scene, values
from tests.gui.conftest import MakeWindow, Person
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import SupplyNo
from vending_app.domain.money import Money
from vending_app.domain.sale import Tender, TenderKind
from vending_app.domain.tariff import Levy, Price
from vending_app.domain.verdict import Verdict
from vending_app.services.use_cases import FinishSale, LogIn, PrintReceipt, ReadCard, Sell, ShowReceipt
from vending_app.ui.components.reader_picture import Shows
from vending_app.ui.components.write_strip import Step
from vending_app.ui.sell.stage import Stage
from vending_app.ui.words import VERDICTS


def test_a_sale_needs_two_numbers_two_enters_and_no_mouse(person: Person) -> None:
    person.logs_in()
    person.puts_card_in(values.a_card())
    person.sells("50", "100")
    person.waits_for(Stage.DONE)
    (sold,) = person.asked(Sell)
    assert isinstance(sold, Sell)
    assert (sold.amount, sold.energy, sold.supply) == (Money(5000), None, values.SUPPLY)
    assert sold.tender == Tender(TenderKind.CASH, Money(10_000))
    assert person.window.sell.payment.sum.change == Money(5000)
    assert person.window.sell.banner.says.title == "DONE, TAKE THE CARD"
    person.waits_until(lambda: person.asked(PrintReceipt))


def test_the_receipt_is_seen_by_keyboard_after_the_sale(cashier: Person) -> None:
    cashier.puts_card_in(values.a_card())
    cashier.sells("50", "")
    cashier.waits_for(Stage.DONE)
    cashier.waits_until(lambda: cashier.window.flow.unprinted_last() is None and cashier.window.flow.printing is None)
    cashier.presses(Qt.Key.Key_F7)
    cashier.waits_until(lambda: cashier.window.shell.current == "receipt")
    assert cashier.window.receipt.document.pageCount() == 1
    cashier.presses(Qt.Key.Key_Return)
    cashier.waits_until(lambda: len(cashier.asked(PrintReceipt)) == 2)
    cashier.presses(Qt.Key.Key_Escape)
    assert cashier.window.shell.current == "sell"
    assert len(cashier.asked(ShowReceipt)) == 1


def test_the_breakdown_and_the_energy_live_while_typing(cashier: Person) -> None:
    cashier.puts_card_in(values.a_card())
    cashier.types("50")
    quote = cashier.window.sell.breakdown.quote
    assert quote is not None
    assert str(quote.energy) == "214.28"
    assert [str(line.amount) for line in quote.lines] == ["3.60", "10.00", "6.30", "13.32", "13.82", "2.96"]
    assert cashier.window.sell.breakdown.days == 31


def test_an_empty_cash_field_means_exact_money(cashier: Person) -> None:
    cashier.puts_card_in(values.a_card())
    cashier.sells("20", "")
    cashier.waits_for(Stage.DONE)
    (sold,) = cashier.asked(Sell)
    assert isinstance(sold, Sell)
    assert sold.tender == Tender(TenderKind.CASH, Money(2000))


def test_energy_can_be_asked_for_instead_of_money(cashier: Person) -> None:
    cashier.puts_card_in(values.a_card())
    cashier.presses(Qt.Key.Key_F4)
    cashier.sells("120", "")
    cashier.waits_for(Stage.DONE)
    (sold,) = cashier.asked(Sell)
    assert isinstance(sold, Sell)
    assert (sold.amount, sold.energy) == (None, Energy.parse("120"))


def test_a_comma_is_a_decimal_mark_too(cashier: Person) -> None:
    cashier.puts_card_in(values.a_card())
    cashier.types("12,5")
    assert cashier.window.sell.sum().total == Money(1250)


def test_letters_never_reach_the_amount(cashier: Person) -> None:
    cashier.puts_card_in(values.a_card())
    cashier.types("5x0-")
    assert cashier.window.sell.amount.field.text() == "50"


def test_a_wheel_does_not_change_an_amount(cashier: Person) -> None:
    cashier.puts_card_in(values.a_card())
    cashier.types("50")
    field = cashier.window.sell.amount.field
    event = QWheelEvent(
        QPointF(5, 5),
        field.mapToGlobal(QPointF(5, 5)),
        QPoint(0, 0),
        QPoint(0, 240),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(field, event)
    assert field.text() == "50"


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        ("7000", "The most is 2\u202f000.00."),
        ("0.50", "The least is 1.00."),
        ("0", "The amount must be above zero."),
        ("1.2.3", "This is not a number."),
        ("1.234", "At most 2 decimals."),
    ],
)
def test_a_wrong_amount_says_its_limit_and_sells_nothing(cashier: Person, amount: str, sentence: str) -> None:
    cashier.puts_card_in(values.a_card())
    cashier.types(amount)
    cashier.presses(Qt.Key.Key_Return)
    assert cashier.window.sell.amount.field.wrong == sentence
    cashier.presses(Qt.Key.Key_F12)
    assert cashier.stage() == Stage.READY
    assert not cashier.window.sell.payment.button.isEnabled()


def test_more_than_the_meter_takes_is_told_before_the_sale(cashier: Person) -> None:
    """By the reference meter, which has 18.40 kWh left."""
    supply = values.a_supply()
    small = replace(supply, parameters=replace(supply.parameters, hoarding=Energy.parse("118.40")))
    reading = replace(values.a_reading(small), sell_at_most=Energy.parse("100"))
    cashier.puts_card_in(values.a_card(reading=reading))
    cashier.types("50")
    words = "The meter would refuse it: 114.28 kWh above its limit. It takes 100.00 kWh at most."
    assert cashier.window.sell.amount.field.wrong == "100.00 kWh at most"
    assert cashier.window.sell.breakdown.warning == words
    assert not cashier.window.sell.payment.button.isEnabled()
    cashier.presses(Qt.Key.Key_F4)
    cashier.types("100")
    assert cashier.window.sell.amount.field.wrong == ""
    assert cashier.window.sell.payment.button.isEnabled()


def test_what_the_meter_will_do_is_said_while_typing(cashier: Person) -> None:
    cashier.puts_card_in(values.a_card())
    cashier.types("50")
    assert cashier.window.sell.breakdown.foretold[0] == "the meter will have about 232 kWh"
    assert "the meter will have about 232 kWh" in cashier.window.sell.breakdown.accessibleDescription()


def test_a_key_is_answered_within_a_frame_with_what_the_meter_will_do(cashier: Person) -> None:
    cashier.puts_card_in(values.a_card())
    cashier.types("50")
    reading = cashier.window.sell.reading
    assert reading is not None
    started = time.process_time()
    for wh in range(100_000, 100_100):
        assert reading.foretold(Energy(wh)) is not None
    # A frame is 16.7 ms: a hundredth of one, with room for a slow machine.
    assert time.process_time() - started < 0.1


def test_too_little_cash_is_told_at_its_field(cashier: Person) -> None:
    cashier.puts_card_in(values.a_card())
    cashier.sells("50", "20")
    assert cashier.window.sell.payment.cash.wrong == "20.00 is less than 50.00."
    assert cashier.stage() == Stage.READY


def test_a_bank_card_pays_the_total_and_keeps_its_slip_number(cashier: Person) -> None:
    cashier.puts_card_in(values.a_card())
    cashier.types("50")
    cashier.window.sell.payment.tender.choose(TenderKind.BANK_CARD)
    cashier.window.sell.payment._on_tender(None)
    cashier.types("A-771")
    cashier.presses(Qt.Key.Key_Return)
    cashier.waits_for(Stage.DONE)
    (sold,) = cashier.asked(Sell)
    assert isinstance(sold, Sell)
    assert sold.tender == Tender(TenderKind.BANK_CARD, Money(5000), "A-771")


def test_while_writing_every_key_but_help_is_off(cashier: Person) -> None:
    cashier.counter.hold = threading.Event()
    cashier.puts_card_in(values.a_card())
    cashier.sells("50", "100")
    cashier.waits_for(Stage.WRITING)
    page = cashier.window.sell
    assert page.banner.says.title == "DO NOT REMOVE THE CARD"
    assert not page.payment.button.isEnabled()
    assert [key for key in ("F1", "F3", "F5", "F6", "F7", "F11") if cashier.window.shell.key_bar.is_on(key)] == ["F1"]
    for key in (Qt.Key.Key_F3, Qt.Key.Key_F11, Qt.Key.Key_F12, Qt.Key.Key_Return, Qt.Key.Key_Escape):
        cashier.presses(key)
    assert not cashier.window.is_locked
    assert cashier.window.shell.current == "sell"
    cashier.counter.hold.set()
    cashier.waits_for(Stage.DONE)
    assert len(cashier.asked(Sell)) == 1


def test_the_window_does_not_close_while_a_card_is_written(cashier: Person) -> None:
    cashier.counter.hold = threading.Event()
    cashier.puts_card_in(values.a_card())
    cashier.sells("50", "")
    cashier.waits_for(Stage.WRITING)
    assert not cashier.window.close()
    cashier.counter.hold.set()
    cashier.waits_for(Stage.DONE)


def test_change_stays_until_the_next_card_is_put_in(cashier: Person) -> None:
    cashier.puts_card_in(values.a_card())
    cashier.sells("50", "100")
    cashier.waits_for(Stage.DONE)
    cashier.takes_card_out()
    assert cashier.stage() == Stage.DONE
    assert cashier.change() == Money(5000)
    cashier.hand.put_in()
    cashier.waits_for(Stage.READY)
    assert cashier.change() is None
    assert cashier.window.sell.amount.field.text() == ""


def test_a_torn_card_is_asked_back_and_finishes_its_sale(cashier: Person) -> None:
    cashier.counter.tears = True
    cashier.counter.hold = threading.Event()
    cashier.puts_card_in(values.a_card())
    cashier.sells("50", "100")
    cashier.waits_for(Stage.WRITING)
    cashier.takes_card_out()
    cashier.counter.hold.set()
    cashier.waits_for(Stage.TORN)
    page = cashier.window.sell
    assert page.banner.says.title == "PUT THE SAME CARD BACK"
    assert page.write_card.shown is not None
    assert page.write_card.shown.shows is Shows.PUT_BACK
    assert page.write_card.shown.steps[0] is Step.BROKEN
    assert not page.payment.button.isEnabled()
    assert (page.payment.sum.total, page.payment.sum.change) == (Money(5000), Money(5000))
    cashier.waits_until(lambda: cashier.window.shell.status.marks[2].text == "1 interrupted sale to finish")
    cashier.hand.put_in()
    cashier.waits_for(Stage.FINISH)
    cashier.presses(Qt.Key.Key_F12)
    cashier.waits_for(Stage.DONE)
    assert len(cashier.asked(Sell)) == 1
    assert len(cashier.asked(FinishSale)) == 1


def test_the_next_customer_can_be_served_while_a_torn_sale_waits(cashier: Person) -> None:
    cashier.counter.tears = True
    cashier.counter.hold = threading.Event()
    cashier.puts_card_in(values.a_card())
    cashier.sells("50", "100")
    cashier.waits_for(Stage.WRITING)
    cashier.takes_card_out()
    cashier.counter.hold.set()
    cashier.waits_for(Stage.TORN)
    cashier.window.sell.payment.next_button.setFocus()
    cashier.presses(Qt.Key.Key_Return)
    assert cashier.stage() == Stage.EMPTY
    cashier.puts_card_in(values.a_card())
    assert cashier.stage() == Stage.READY
    assert cashier.window.sell.amount.field.text() == "", "nothing of the torn sale is carried over"


def test_a_printer_that_fails_does_not_undo_the_sale(cashier: Person) -> None:
    cashier.counter.paper_out = True
    cashier.puts_card_in(values.a_card())
    cashier.sells("50", "100")
    cashier.waits_for(Stage.DONE)
    cashier.waits_until(lambda: cashier.window.shell.toasts.notes)
    (note,) = cashier.window.shell.toasts.notes
    assert (note.title, note.line, note.key) == ("Sold, not printed", "The printer has no paper.", "F7")
    assert cashier.stage() == Stage.DONE
    cashier.waits_until(cashier.window.flow.unprinted_last)
    cashier.counter.paper_out = False
    cashier.presses(Qt.Key.Key_F7)
    cashier.waits_until(lambda: [n.title for n in cashier.window.shell.toasts.notes] == ["Receipt 2-004518 printed"])


@pytest.mark.parametrize("verdict", list(Verdict))
def test_every_verdict_has_its_banner_and_sells_only_if_it_may(cashier: Person, verdict: Verdict) -> None:
    sale = values.a_sale("9", name="Amara Okafor", minor=5000, kwh="214.28")
    cashier.puts_card_in(values.a_card(verdict, sale=sale))
    says = cashier.window.sell.banner.says
    assert says.title == VERDICTS[verdict].title
    assert "{" not in says.sentence
    if verdict.may_sell:
        cashier.types("50")
    assert cashier.window.sell.amount.field.isEnabled() == verdict.may_sell
    assert cashier.window.sell.payment.button.isEnabled() == (verdict.may_sell or verdict is Verdict.FINISH_SALE)


def test_a_card_of_another_supply_than_the_open_one_offers_to_go_there(cashier: Person) -> None:
    other = replace(values.a_supply(name="Lin Wei"), number=SupplyNo("00417727"))
    cashier.window.flow.open_supply(values.SUPPLY)
    cashier.waits_for(Stage.TRIAL)
    cashier.counter.card = values.a_card(reading=values.a_reading(other))
    cashier.hand.put_in()
    cashier.waits_for(Stage.REFUSED)
    says = cashier.window.sell.banner.says
    assert (says.title, says.button) == ("Wrong supply", "Go to Lin Wei")
    assert says.sentence == "Open is Amara Okafor; the card is Lin Wei’s."
    cashier.presses(Qt.Key.Key_Return)
    cashier.waits_for(Stage.READY)


def test_a_refusal_keeps_what_is_typed_and_says_why(cashier: Person) -> None:
    cashier.puts_card_in(values.a_card())
    cashier.counter.refuses[Sell] = OperatorError(Code.SHIFT_CLOSED)
    cashier.sells("50", "100")
    cashier.waits_until(lambda: cashier.window.shell.toasts.notes)
    assert cashier.window.shell.toasts.notes[0].title == "No shift is open at this desk."
    cashier.waits_for(Stage.READY)
    assert cashier.window.sell.amount.field.text() == "50"


def test_a_price_that_changed_meanwhile_stands_on_the_page_before_anything_is_sold(cashier: Person) -> None:
    card = values.a_card()
    cashier.puts_card_in(card)
    assert card.reading is not None
    dear = replace(card.reading.tariff, levies=(Levy("Light", Price(100_000)),))
    cashier.counter.card = replace(card, reading=replace(card.reading, tariff=dear))
    cashier.counter.refuses[Sell] = OperatorError(Code.PRICE_CHANGED, total=Money(5000), energy=Energy(150_000))
    cashier.sells("50", "100")
    cashier.waits_until(lambda: cashier.window.shell.toasts.notes)
    assert "50.00 for 150.00 kWh" in cashier.window.shell.toasts.notes[0].title
    (asked,) = cashier.asked(Sell)
    assert isinstance(asked, Sell)
    assert asked.offered is not None
    cashier.waits_for(Stage.READY)
    now = cashier.window.sell.offer.quote
    assert now is not None
    assert (now.total, now.energy < asked.offered.energy) == (Money(5000), True)


def test_the_same_card_put_back_finds_what_was_typed(cashier: Person) -> None:
    cashier.puts_card_in(values.a_card())
    cashier.types("37.5")
    cashier.takes_card_out()
    cashier.waits_for(Stage.EMPTY)
    cashier.puts_card_in()
    assert cashier.window.sell.amount.field.text() == "37.5"


def test_locking_keeps_the_half_typed_sale_of_the_same_person(cashier: Person) -> None:
    cashier.puts_card_in(values.a_card())
    cashier.types("37.5")
    cashier.presses(Qt.Key.Key_F11)
    assert cashier.window.is_locked
    cashier.logs_in()
    cashier.waits_for(Stage.READY)
    assert cashier.window.sell.amount.field.text() == "37.5"


def test_somebody_else_drops_the_half_typed_sale_only_when_he_says_so(cashier: Person) -> None:
    cashier.puts_card_in(values.a_card())
    cashier.types("37.5")
    cashier.presses(Qt.Key.Key_F11)
    cashier.waits_until(lambda: cashier.window.login.operator)
    cashier.presses(Qt.Key.Key_Right)
    cashier.types(values.PIN)
    cashier.presses(Qt.Key.Key_Return)
    assert "half typed" in cashier.window.login.sentence
    assert len(cashier.asked(LogIn)) == 1, "nothing is asked before he says it again"
    cashier.presses(Qt.Key.Key_Return)
    cashier.waits_until(lambda: not cashier.window.is_locked)
    cashier.waits_for(Stage.READY)
    assert cashier.window.sell.amount.field.text() == ""


def test_a_card_that_is_in_already_is_read_after_the_log_in(person: Person) -> None:
    person.counter.card = values.a_card()
    person.hand.put_in()
    person.logs_in()
    person.waits_for(Stage.READY)
    assert person.asked(ReadCard)


def test_without_a_shift_the_cashier_is_led_to_open_one(make_person: MakeWindow) -> None:
    cashier = make_person(scene.Counter(shift=None))
    cashier.logs_in()
    cashier.waits_until(lambda: cashier.window.shell.current == "shift")
    cashier.types("100")
    cashier.presses(Qt.Key.Key_Return)
    cashier.waits_until(lambda: cashier.window.shell.current == "sell")
    cashier.puts_card_in(values.a_card())
    cashier.sells("50", "")
    cashier.waits_for(Stage.DONE)


def test_a_technician_looks_but_does_not_sell(make_person: MakeWindow) -> None:
    technician = make_person(scene.Counter(operators=(values.PETRA,)))
    technician.logs_in("open sesame")
    technician.puts_card_in(values.a_card())
    technician.types("50")
    assert not technician.window.sell.payment.button.isEnabled()
    technician.presses(Qt.Key.Key_F12)
    assert technician.stage() == Stage.READY
