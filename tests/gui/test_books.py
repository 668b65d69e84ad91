"""The drawer, the count, undoing and approvals, by keyboard from start to end."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from tests.gui import scene, values
from tests.gui.conftest import MakeWindow, Person, shown_texts
from tests.gui.looks import keep
from vending_app.domain.cash import CashKind
from vending_app.domain.closing import ClosingKind
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import ApprovalId, DeskNo, SaleId, ShiftNo
from vending_app.domain.money import Money
from vending_app.domain.reversal import MeterHas
from vending_app.domain.sale import Purpose, Sale, SaleState, TenderKind
from vending_app.domain.verdict import Verdict
from vending_app.ports import LedgerProof
from vending_app.services.book_cases import (
    CloseCountedShift,
    ClosePeriod,
    CorrectTender,
    CountCash,
    MoveCash,
    OpenDrawer,
    PayArrears,
    PayRefund,
    PrintPayment,
    PrintShiftReport,
    ReverseSale,
    ShowReversal,
    ShowShiftReport,
    SignOpenSale,
    VoidSale,
)
from vending_app.services.people_cases import GrantApproval
from vending_app.services.use_cases import FinishSale, OpenShift, PrintReceipt, ShowReceipt
from vending_app.ui.pages.sale_page import SalePage
from vending_app.ui.pages.shift_page import ShiftPage
from vending_app.ui.sell.stage import Stage

ENTER, ESC, UP, DOWN, TAB = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Tab
FIRST = values.earlier_sales()[0]
REASON = "Wrong amount typed"


@pytest.fixture
def at_shift(cashier: Person) -> Person:
    """Before the page of the open shift."""
    cashier.window.go("shift")
    cashier.waits_until(lambda: cashier.window.shifts.sales.model.rows)
    return cashier


@pytest.fixture
def at_sale(at_shift: Person) -> Person:
    """Before the page of the newest sale, its card in the reader."""
    at_shift.counter.card = values.a_card()
    tab_to(at_shift, page_of(at_shift).sales.table)
    at_shift.presses(ENTER)
    at_shift.waits_until(lambda: at_shift.window.shell.current == "sale")
    return at_shift


def page_of(person: Person) -> ShiftPage:
    return person.window.shifts


def sale_of(person: Person) -> SalePage:
    return person.window.sale


def tab_to(person: Person, widget: QWidget) -> None:
    for _ in range(30):
        if QApplication.focusWidget() is widget:
            return
        person.presses(TAB)
    raise AssertionError(f"the tab key does not lead to {widget.accessibleName()}")


def chooses(person: Person, steps: int) -> None:
    """So many rows down, Enter."""
    for _ in range(steps):
        person.presses(DOWN)
    person.presses(ENTER)


def begins_count(person: Person) -> None:
    tab_to(person, page_of(person).card.count)
    person.presses(ENTER)


def counts(person: Person, total: str) -> None:
    begins_count(person)
    person.presses(UP)
    person.types(total)
    person.presses(ENTER)
    person.waits_until(lambda: not page_of(person).column.card.isHidden())


def begins_cash_out(person: Person) -> None:
    tab_to(person, page_of(person).card.cash)
    person.presses(ENTER)
    chooses(person, 3)
    person.types("18.50")
    person.presses(ENTER)
    person.types("Paper for the printer")
    person.presses(ENTER)
    person.waits_until(lambda: not page_of(person).column.approval.isHidden())


def approves(person: Person, secret: str = values.PIN) -> None:
    person.types(secret)
    person.presses(ENTER)


# --- the drawer ------------------------------------------------------------------------------------------


def test_notes_and_coins_are_counted_down_the_column_by_keypad(at_shift: Person) -> None:
    begins_count(at_shift)
    for number in ("", "", "1", "2", "", "", "", "", "", "4"):
        at_shift.types(number)
        at_shift.presses(ENTER)
    assert "Expected" not in shown_texts(page_of(at_shift)), "the count is blind"
    for _ in range(5):
        at_shift.presses(DOWN)
    assert QApplication.focusWidget() is page_of(at_shift).count.button
    at_shift.presses(ENTER)
    at_shift.waits_until(lambda: at_shift.asked(CountCash))
    pieces = ((Money(10_000), 1), (Money(5_000), 2), (Money(50), 4))
    assert at_shift.asked(CountCash) == [CountCash(pieces=pieces)]


def test_what_is_expected_appears_only_after_the_count(at_shift: Person) -> None:
    counts(at_shift, "449.50")
    ask = page_of(at_shift).column.card.ask
    assert ask is not None
    assert [value for _, value, _ in ask.facts] == ["449.50", "450.00", "−0.50"]
    assert at_shift.asked(CountCash) == [CountCash(total=Money(44_950))]


def test_a_count_that_differs_is_made_again_or_explained(at_shift: Person) -> None:
    counts(at_shift, "449.50")
    at_shift.presses(ENTER)
    at_shift.presses(ENTER)
    card = page_of(at_shift).column.card
    at_shift.waits_until(lambda: "count differs by −0.50" in card.note[2])
    at_shift.presses(ESC)
    assert QApplication.focusWidget() is page_of(at_shift).count.pieces[0], "count again"
    at_shift.presses(UP)
    at_shift.types("450")
    at_shift.presses(ENTER)
    at_shift.waits_until(lambda: not card.isHidden())
    assert card.ask is not None
    assert ("Counted already", "2 times", "") in card.ask.facts
    assert not card.ask.reason, "what adds up needs no reason"


def test_a_drawer_is_handed_to_the_next_cashier_and_the_z_is_shown(at_shift: Person) -> None:
    counts(at_shift, "450")
    chooses(at_shift, 1)
    at_shift.waits_until(lambda: page_of(at_shift).closed)
    assert at_shift.asked(CloseCountedShift) == [CloseCountedShift("", values.BEN.name)]
    facts = {label: value for label, value, _ in page_of(at_shift).till.facts}
    assert facts["Counted"] == "450.00 to Ben Adeyemi"
    assert len(facts["Books"]) == 9, "the fingerprint in two groups of four"
    tab_to(at_shift, page_of(at_shift).till.z_button)
    at_shift.presses(ENTER)
    at_shift.waits_until(lambda: at_shift.window.shell.current == "receipt")
    assert at_shift.window.receipt.title == "Z report 2-000041"
    at_shift.presses(ENTER)
    at_shift.waits_until(lambda: at_shift.asked(PrintShiftReport))


def test_what_was_handed_over_is_told_to_the_one_who_opens(make_person: MakeWindow) -> None:
    counter = scene.Counter()
    assert counter.shift is not None
    before = replace(counter.shift, operator=values.BEN.name, counted=Money(12_000), handed_to=values.ANA.name)
    counter.shift, counter.handed_over = None, before
    cashier = make_person(counter)
    cashier.logs_in()
    cashier.waits_until(lambda: page_of(cashier).till.note[2] == "Ben Adeyemi handed over 120.00: count it and open.")
    cashier.types("120")
    cashier.presses(ENTER)
    cashier.waits_until(lambda: cashier.window.shell.current == "sell")
    assert cashier.asked(OpenShift) == [OpenShift(Money(12_000))]


def test_cash_to_the_safe_needs_neither_reason_nor_approval(at_shift: Person) -> None:
    tab_to(at_shift, page_of(at_shift).card.cash)
    at_shift.presses(ENTER)
    chooses(at_shift, 1)
    at_shift.types("300")
    at_shift.presses(ENTER)
    at_shift.presses(ENTER)
    at_shift.waits_until(lambda: page_of(at_shift).column.is_home)
    (moved,) = at_shift.asked(MoveCash)
    assert isinstance(moved, MoveCash)
    assert (moved.kind, moved.amount, moved.reason) == (CashKind.TO_SAFE, Money(30_000), "")
    assert not at_shift.asked(GrantApproval)


def test_an_amount_that_is_no_number_is_told_at_its_field(at_shift: Person) -> None:
    tab_to(at_shift, page_of(at_shift).card.cash)
    at_shift.presses(ENTER)
    chooses(at_shift, 0)
    at_shift.types("1.1.1")
    at_shift.presses(ENTER)
    at_shift.presses(ENTER)
    assert page_of(at_shift).column.card.amount.wrong == "This is not a number."
    assert not at_shift.asked(MoveCash)


def test_f8_opens_the_drawer_with_a_reason_from_any_page(cashier: Person) -> None:
    cashier.waits_until(lambda: cashier.window.shell.key_bar.is_on("F8"))
    cashier.presses(Qt.Key.Key_F8)
    assert cashier.window.shell.current == "shift"
    cashier.types("Change for a customer")
    cashier.presses(ENTER)
    cashier.waits_until(lambda: cashier.asked(OpenDrawer))
    assert cashier.asked(OpenDrawer) == [OpenDrawer("Change for a customer")]
    cashier.waits_until(lambda: cashier.window.shell.toasts.notes)
    assert cashier.window.shell.toasts.notes[0].title == "The drawer is open"


def test_a_desk_without_a_drawer_has_no_f8(make_person: MakeWindow) -> None:
    cashier = make_person(scene.Counter(has_drawer=False))
    cashier.logs_in()
    cashier.presses(Qt.Key.Key_F8)
    assert not cashier.window.shell.key_bar.is_on("F8")
    assert cashier.window.shell.current == "sell"


def test_an_x_is_looked_at_and_printed(at_shift: Person) -> None:
    tab_to(at_shift, page_of(at_shift).card.x_report)
    at_shift.presses(ENTER)
    at_shift.waits_until(lambda: at_shift.window.shell.current == "receipt")
    assert at_shift.asked(ShowShiftReport) == [ShowShiftReport(ShiftNo(318))]
    assert at_shift.window.receipt.title == "X report, shift 318"
    at_shift.presses(ENTER)
    at_shift.waits_until(lambda: [note.title for note in at_shift.window.shell.toasts.notes] == ["X-2-318 printed"])
    at_shift.presses(ESC)
    assert at_shift.window.shell.current == "shift"


# --- approvals -------------------------------------------------------------------------------------------


def test_a_supervisor_approves_exactly_what_was_filled_in(at_shift: Person) -> None:
    begins_cash_out(at_shift)
    panel = page_of(at_shift).column.approval
    assert panel.deed is not None
    assert panel.deed.sentence == "Paid out: 18.50. Paper for the printer."
    approves(at_shift)
    at_shift.waits_until(lambda: page_of(at_shift).column.is_home)
    first, second = at_shift.asked(MoveCash)
    (given,) = at_shift.asked(GrantApproval)
    assert isinstance(given, GrantApproval)
    assert isinstance(first, MoveCash)
    assert (given.request, given.approver) == (first, values.DANIEL.name)
    assert second == replace(first, approval=ApprovalId("approved"))


def test_a_wrong_secret_is_told_and_nothing_is_done(at_shift: Person) -> None:
    begins_cash_out(at_shift)
    approves(at_shift, "999999")
    panel = page_of(at_shift).column.approval
    at_shift.waits_until(lambda: panel.sentence)
    assert len(at_shift.asked(MoveCash)) == 1
    assert panel.pin.text() == ""
    approves(at_shift)
    at_shift.waits_until(lambda: page_of(at_shift).column.is_home)
    assert len(at_shift.asked(MoveCash)) == 2


def test_escape_from_an_approval_leads_back_to_what_was_typed(at_shift: Person) -> None:
    begins_cash_out(at_shift)
    at_shift.types("24")
    at_shift.presses(ESC)
    column = page_of(at_shift).column
    assert (column.card.amount.text(), column.card.reason.text()) == ("18.50", "Paper for the printer")
    assert column.approval.pin.text() == "", "no half secret stays"
    at_shift.presses(ESC)
    assert column.is_home
    assert at_shift.window.shell.current == "shift"


def test_an_approval_that_ran_out_is_asked_for_again(at_shift: Person) -> None:
    begins_cash_out(at_shift)
    at_shift.counter.refuses[MoveCash] = OperatorError(Code.APPROVAL_EXPIRED)
    approves(at_shift)
    at_shift.waits_until(lambda: len(at_shift.asked(MoveCash)) == 2)
    at_shift.waits_until(lambda: not page_of(at_shift).column.approval.isHidden())
    del at_shift.counter.refuses[MoveCash]
    approves(at_shift)
    at_shift.waits_until(lambda: page_of(at_shift).column.is_home)


def test_nobody_is_offered_his_own_approval(make_person: MakeWindow) -> None:
    waiting = values.many_sales(9)[3]
    people = (values.DANIEL, values.ANA, replace(values.DANIEL, name=values.OTHER, full_name="Ruth Baum"))
    supervisor = make_person(scene.Counter(operators=people, open_sales=(waiting,)))
    supervisor.logs_in()
    supervisor.window.go("shift")
    supervisor.waits_until(lambda: page_of(supervisor).waiting.model.rows)
    tab_to(supervisor, page_of(supervisor).waiting.sign)
    supervisor.presses(ENTER)
    supervisor.types("The customer comes tomorrow")
    supervisor.presses(ENTER)
    supervisor.waits_until(lambda: not page_of(supervisor).column.approval.isHidden())
    assert [each.full_name for each in page_of(supervisor).column.approval.approvers] == ["Ruth Baum"]
    approves(supervisor)
    supervisor.waits_until(lambda: page_of(supervisor).waiting.model.rows[0].is_signed)
    assert [each.approval for each in supervisor.asked(SignOpenSale) if isinstance(each, SignOpenSale)] == [
        None,
        ApprovalId("approved"),
    ]
    assert not page_of(supervisor).waiting.sign.isEnabled(), "it is signed for"


def test_an_interrupted_sale_of_another_desk_is_shown_and_not_signed_for_here(make_person: MakeWindow) -> None:
    waiting = values.many_sales(9)[3]
    intent = replace(waiting.intent, shift=ShiftNo(12), desk=DeskNo(7))
    cashier = make_person(scene.Counter(open_sales=(replace(waiting, intent=intent),)))
    cashier.logs_in()
    cashier.window.go("shift")
    cashier.waits_until(lambda: page_of(cashier).waiting.model.rows)
    assert not page_of(cashier).waiting.sign.isEnabled()
    assert "desk 7" in page_of(cashier).waiting.model.tsv([0])
    assert ("Interrupted sales", "none", "") in page_of(cashier).card.facts


def test_locking_the_desk_forgets_a_half_typed_secret(at_shift: Person) -> None:
    begins_cash_out(at_shift)
    at_shift.types("246")
    at_shift.presses(Qt.Key.Key_F11)
    assert at_shift.window.is_locked
    assert page_of(at_shift).column.approval.pin.text() == ""


# --- one sale --------------------------------------------------------------------------------------------


def begins_reversal(person: Person, *, money: int = 0) -> None:
    chooses(person, 1)
    chooses(person, money)
    person.types(REASON)
    person.presses(ENTER)
    person.waits_until(lambda: not sale_of(person).column.approval.isHidden())


def test_a_sale_is_reversed_with_approval_card_and_money_by_keyboard_alone(at_sale: Person) -> None:
    begins_reversal(at_sale)
    deed = sale_of(at_sale).column.approval.deed
    assert deed is not None
    assert deed.sentence == f"Reverse receipt 2-004517 of Lena Hoffmann over 20.00: {REASON}."
    approves(at_sale)
    at_sale.waits_until(lambda: not sale_of(at_sale).give.isHidden())
    asked = at_sale.asked(ReverseSale)[-1]
    assert isinstance(asked, ReverseSale)
    assert (asked.sale, asked.reason, asked.pay_by) == (FIRST.id, REASON, TenderKind.CASH)
    assert sale_of(at_sale).banner.says.title == "DONE, TAKE THE CARD"
    assert (sale_of(at_sale).give.words, sale_of(at_sale).give.money) == ("Pay out in cash", Money(2000))
    at_sale.waits_until(lambda: at_sale.asked(PrintPayment))
    assert at_sale.asked(PrintReceipt) == [PrintReceipt(asked.id)]


def test_a_refund_may_stay_due(at_sale: Person) -> None:
    begins_reversal(at_sale, money=1)
    approves(at_sale)
    at_sale.waits_until(lambda: not sale_of(at_sale).give.isHidden())
    assert sale_of(at_sale).give.words == "Stays due to the customer"
    assert not at_sale.asked(PrintPayment)


@pytest.mark.parametrize("meter_has", list(MeterHas))
def test_what_the_meter_may_have_done_is_said_before_a_reversal(at_sale: Person, meter_has: MeterHas) -> None:
    at_sale.counter.meter_has = meter_has
    at_sale.window.books.show_sale(FIRST.id)
    at_sale.waits_until(lambda: getattr(sale_of(at_sale).advice, "meter_has", None) is meter_has)
    chooses(at_sale, 1)
    ask = sale_of(at_sale).column.card.ask
    assert ask is not None
    assert ask.sentence.startswith("The meter ")
    assert "{" not in ask.sentence


def test_a_sale_that_cannot_be_reversed_says_why_and_offers_nothing(at_sale: Person) -> None:
    at_sale.counter.refusal = Code.REVERSAL_NOT_NEWEST
    at_sale.window.books.show_sale(FIRST.id)
    at_sale.waits_until(lambda: "cannot be reversed" in sale_of(at_sale).banner.says.sentence)
    assert [option.key for option in sale_of(at_sale).menu.list.options.rows] == ["receipt", "tender"]


def test_while_an_order_is_written_every_key_but_help_is_off(at_sale: Person) -> None:
    at_sale.counter.hold = threading.Event()
    begins_reversal(at_sale)
    approves(at_sale)
    at_sale.waits_until(lambda: sale_of(at_sale).banner.says.title == "DO NOT REMOVE THE CARD")
    for key in (Qt.Key.Key_F3, Qt.Key.Key_F8, Qt.Key.Key_F11, ESC, Qt.Key.Key_F12):
        at_sale.presses(key)
    assert at_sale.window.shell.current == "sale"
    assert not at_sale.window.is_locked
    assert not at_sale.window.close()
    at_sale.counter.hold.set()
    at_sale.waits_until(lambda: not sale_of(at_sale).give.isHidden())
    assert len(at_sale.asked(ReverseSale)) == 2, "one without the approval, one with it"


def tears_a_reversal(person: Person) -> None:
    person.counter.tears = True
    begins_reversal(person)
    approves(person)
    person.waits_until(lambda: sale_of(person).torn)


def test_a_torn_reversal_is_finished_by_the_same_request_when_its_card_is_back(at_sale: Person) -> None:
    tears_a_reversal(at_sale)
    assert sale_of(at_sale).banner.says.title == "PUT THE SAME CARD BACK"
    at_sale.presses(Qt.Key.Key_F12)
    at_sale.hand.put_in()
    at_sale.waits_until(lambda: sale_of(at_sale).banner.says.title == "The card is back")
    at_sale.presses(Qt.Key.Key_F12)
    at_sale.waits_until(lambda: not sale_of(at_sale).give.isHidden())
    asked = at_sale.asked(ReverseSale)
    assert len(asked) == 3
    assert asked[1] == asked[2], "the same id, so that nothing is written twice"


def test_another_customer_s_card_does_not_end_the_waiting_for_the_torn_one(at_sale: Person) -> None:
    tears_a_reversal(at_sale)
    at_sale.counter.refuses[ReverseSale] = OperatorError(Code.CARD_SWAPPED)
    at_sale.hand.put_in()
    at_sale.waits_until(lambda: sale_of(at_sale).banner.says.title == "The card is back")
    at_sale.presses(Qt.Key.Key_F12)
    at_sale.waits_until(lambda: sale_of(at_sale).column.card.note[2].startswith("Another card is in the reader"))
    assert sale_of(at_sale).banner.says.title == "PUT THE SAME CARD BACK", "it is no sale that may be reversed"
    del at_sale.counter.refuses[ReverseSale]
    at_sale.takes_card_out()
    at_sale.waits_until(lambda: sale_of(at_sale).banner.says.title == "PUT THE SAME CARD BACK")
    at_sale.hand.put_in()
    at_sale.waits_until(lambda: sale_of(at_sale).banner.says.title == "The card is back")
    at_sale.presses(Qt.Key.Key_F12)
    at_sale.waits_until(lambda: not sale_of(at_sale).give.isHidden())
    _, torn, swapped, finished = at_sale.asked(ReverseSale)
    assert torn == swapped == finished


def test_a_reversal_that_was_undone_meanwhile_waits_for_no_card_any_more(at_sale: Person) -> None:
    tears_a_reversal(at_sale)
    at_sale.counter.refuses[ReverseSale] = OperatorError(Code.SALE_VOIDED)
    at_sale.hand.put_in()
    at_sale.waits_until(lambda: sale_of(at_sale).banner.says.title == "The card is back")
    at_sale.presses(Qt.Key.Key_F12)
    at_sale.waits_until(lambda: sale_of(at_sale).column.card.note[2].startswith("It was begun before"))
    assert sale_of(at_sale).torn is None
    assert sale_of(at_sale).banner.says.title == "Sold"
    assert sale_of(at_sale).give.isHidden()


def test_a_card_that_is_missing_is_told_where_it_was_filled_in(at_sale: Person) -> None:
    at_sale.counter.card = None
    begins_reversal(at_sale)
    approves(at_sale)
    at_sale.waits_until(lambda: sale_of(at_sale).column.card.note[2])
    assert sale_of(at_sale).column.card.note[2] == "No card is in the reader. Put the card in, chip first."
    assert not sale_of(at_sale).is_writing
    assert sale_of(at_sale).column.card.reason.text() == REASON


def test_an_interrupted_sale_is_voided_and_the_money_given_back(make_person: MakeWindow) -> None:
    waiting = values.many_sales(9)[3]
    cashier = voids(make_person, waiting)
    cashier.waits_until(lambda: not sale_of(cashier).give.isHidden())
    assert (sale_of(cashier).give.words, sale_of(cashier).give.money) == ("Give the money back", waiting.amount)
    asked = cashier.asked(VoidSale)[-1]
    assert isinstance(asked, VoidSale)
    assert (asked.sale, asked.reason) == (waiting.id, "The customer went home")


def test_a_sale_that_was_voided_before_gives_nothing_back(make_person: MakeWindow) -> None:
    """In a restored office: nothing was written either, and the page says so of neither."""
    cashier = voids(make_person, values.many_sales(9)[3], went_on=True)
    shown = len(cashier.asked(ShowReversal))
    cashier.waits_until(lambda: len(cashier.asked(ShowReversal)) > shown and not sale_of(cashier).is_writing)
    assert sale_of(cashier).give.isHidden()
    assert sale_of(cashier).write_card.isHidden()


def test_a_reversal_that_waits_is_voided_on_its_page_and_no_money_moves(make_person: MakeWindow) -> None:
    waiting = replace(values.an_undoing(FIRST, SaleId("77"), Purpose.REVERSAL), state=SaleState.IN_DOUBT, receipt=None)
    cashier = voids(make_person, waiting)
    cashier.waits_until(lambda: sale_of(cashier).write_card.isVisible() and not sale_of(cashier).is_writing)
    assert sale_of(cashier).give.isHidden()
    asked = cashier.asked(VoidSale)[-1]
    assert isinstance(asked, VoidSale)
    assert asked.sale == waiting.id


def voids(make_person: MakeWindow, waiting: Sale, *, went_on: bool = False) -> Person:
    """A cashier who asks for it, and has a supervisor’s word."""
    cashier = make_person(scene.Counter(open_sales=(waiting,), card=values.a_card(), went_on=went_on))
    cashier.logs_in()
    cashier.window.go("shift")
    cashier.waits_until(lambda: page_of(cashier).waiting.model.rows)
    tab_to(cashier, page_of(cashier).waiting.table)
    cashier.presses(ENTER)
    cashier.waits_until(lambda: cashier.window.shell.current == "sale")
    chooses(cashier, 0)
    cashier.types("The customer went home")
    cashier.presses(ENTER)
    cashier.waits_until(lambda: not sale_of(cashier).column.approval.isHidden())
    approves(cashier)
    return cashier


def test_a_way_of_paying_is_corrected_to_a_cheque(at_sale: Person) -> None:
    chooses(at_sale, 2)
    chooses(at_sale, 2)
    at_sale.types("cheque 12")
    at_sale.presses(ENTER)
    at_sale.types("He paid by cheque")
    at_sale.presses(ENTER)
    at_sale.waits_until(lambda: not sale_of(at_sale).column.approval.isHidden())
    approves(at_sale)
    at_sale.waits_until(lambda: len(at_sale.asked(ShowReversal)) == 2)
    asked = at_sale.asked(CorrectTender)[-1]
    assert isinstance(asked, CorrectTender)
    assert (asked.tender, asked.reference, asked.reason) == (TenderKind.CHEQUE, "cheque 12", "He paid by cheque")


def test_a_refund_that_stayed_due_is_paid_out_with_a_slip(make_person: MakeWindow) -> None:
    supervisor = make_person(scene.Counter(operators=(values.DANIEL,), due=Money(5000)))
    supervisor.logs_in()
    supervisor.window.books.show_sale(FIRST.id)
    supervisor.waits_until(lambda: supervisor.window.shell.current == "sale")
    chooses(supervisor, 3)
    for _ in range(3):
        supervisor.presses(ENTER)
    supervisor.waits_until(lambda: supervisor.asked(PrintPayment))
    paid = supervisor.asked(PayRefund)[-1]
    assert isinstance(paid, PayRefund)
    assert (paid.amount, paid.tender, paid.supply) == (Money(5000), TenderKind.CASH, values.SUPPLY)
    supervisor.waits_until(lambda: len(supervisor.asked(ShowReversal)) == 2)


def test_f7_shows_the_receipt_and_its_page_leads_to_the_sale(at_sale: Person) -> None:
    at_sale.presses(Qt.Key.Key_F7)
    at_sale.waits_until(lambda: at_sale.window.shell.current == "receipt")
    assert at_sale.asked(ShowReceipt) == [ShowReceipt(FIRST.id)]
    tab_to(at_sale, at_sale.window.receipt.sale_button)
    at_sale.presses(ENTER)
    at_sale.waits_until(lambda: at_sale.window.shell.current == "sale")


def test_the_history_leads_to_the_page_of_a_sale(cashier: Person) -> None:
    cashier.puts_card_in(values.a_card())
    cashier.presses(Qt.Key.Key_F6)
    cashier.waits_until(lambda: cashier.window.shell.current == "history")
    cashier.presses(DOWN)
    cashier.presses(ENTER)
    cashier.waits_until(lambda: cashier.window.shell.current == "sale")
    cashier.presses(ESC)
    assert cashier.window.shell.current == "history"


# --- arrears ---------------------------------------------------------------------------------------------


def begins_arrears(person: Person) -> None:
    person.presses(Qt.Key.Key_F3)
    person.waits_until(lambda: person.window.supplies.model.rows)
    tab_to(person, person.window.supplies.arrears)
    person.presses(ENTER)
    person.waits_until(lambda: not person.window.history.column.isHidden())


def test_arrears_are_paid_from_the_list_of_supplies_with_a_slip(cashier: Person) -> None:
    begins_arrears(cashier)
    cashier.presses(ENTER)
    cashier.types("30")
    cashier.presses(ENTER)
    cashier.presses(ENTER)
    cashier.waits_until(lambda: cashier.asked(PrintPayment))
    paid = cashier.asked(PayArrears)[-1]
    assert isinstance(paid, PayArrears)
    assert (paid.amount, paid.tender) == (Money(3000), TenderKind.CASH)
    cashier.waits_until(cashier.window.history.column.isHidden)


def test_more_than_is_owed_is_told_with_the_most(cashier: Person) -> None:
    begins_arrears(cashier)
    cashier.presses(ENTER)
    cashier.types("100")
    cashier.presses(ENTER)
    cashier.presses(ENTER)
    card = cashier.window.history.column.card
    cashier.waits_until(lambda: card.note[2] == "The most is 64.30. Type what is owed, or less.")


def test_a_slip_that_does_not_print_is_told_and_the_payment_stands(cashier: Person) -> None:
    cashier.counter.paper_out = True
    begins_arrears(cashier)
    for _ in range(3):
        cashier.presses(ENTER)
    cashier.waits_until(lambda: "Booked, not printed" in [n.title for n in cashier.window.shell.toasts.notes])


# --- closings --------------------------------------------------------------------------------------------


@pytest.fixture
def supervisor(make_person: MakeWindow) -> Person:
    """Somebody who closes days."""
    person = make_person(scene.Counter(operators=(values.DANIEL,)))
    person.logs_in()
    person.window.go("closings")
    person.waits_until(lambda: person.window.closings.model.rows)
    return person


def test_a_day_is_closed_after_it_was_said_what_that_means(supervisor: Person) -> None:
    day = supervisor.window.closings
    tab_to(supervisor, day.close_button)
    supervisor.presses(ENTER)
    assert day.column.card.ask is not None
    assert "Friday, 14 November 2025" in day.column.card.ask.sentence
    assert "for the rest of today will count tomorrow" in day.column.card.note[2]
    assert not supervisor.asked(ClosePeriod)
    assert not day.close_button.isEnabled(), "one filled button at a time"
    supervisor.presses(ENTER)
    supervisor.waits_until(lambda: len(day.model.rows) == 8)
    assert supervisor.asked(ClosePeriod) == [ClosePeriod(ClosingKind.DAY, "2025-11-14")]
    assert "is closed. Books" in day.journal.note[2]
    supervisor.waits_until(lambda: not day.close_button.isEnabled())


def test_a_day_with_an_open_shift_says_at_which_desk(supervisor: Person) -> None:
    supervisor.counter.refuses[ClosePeriod] = OperatorError(Code.PERIOD_HAS_OPEN_SHIFT, desk=3)
    tab_to(supervisor, supervisor.window.closings.close_button)
    supervisor.presses(ENTER)
    supervisor.presses(ENTER)
    card = supervisor.window.closings.column.card
    supervisor.waits_until(lambda: card.note[2].startswith("A shift is still open at desk 3."))


@pytest.mark.parametrize(
    ("proof", "said"),
    [
        (LedgerProof(1284, (), {}, {}), "Journal checked at 10:42: all 1\u202f284 entries in order."),
        (LedgerProof(9, ("row 7",), {}, {}), "1 thing does not add up. Call the help desk and read this out."),
    ],
)
def test_the_journal_check_is_told_in_words(supervisor: Person, proof: LedgerProof, said: str) -> None:
    supervisor.counter.proof = proof
    tab_to(supervisor, supervisor.window.closings.journal.button)
    supervisor.presses(ENTER)
    supervisor.waits_until(lambda: supervisor.window.closings.journal.note[2] == said)
    assert supervisor.window.closings.journal.problems == proof.problems


def test_the_z_of_any_shift_can_be_looked_at_again(supervisor: Person) -> None:
    day = supervisor.window.closings
    day.kinds.choose(ClosingKind.SHIFT)
    day.kinds.chosen.emit(ClosingKind.SHIFT)
    supervisor.waits_until(lambda: len(day.model.rows) == 9)
    tab_to(supervisor, day.table)
    supervisor.presses(DOWN)
    supervisor.presses(ENTER)
    supervisor.waits_until(lambda: supervisor.window.shell.current == "receipt")
    assert supervisor.asked(ShowShiftReport) == [ShowShiftReport(ShiftNo(316))]


# --- an undoing that waited for its card -----------------------------------------------------------------


@pytest.mark.parametrize("purpose", [Purpose.REVERSAL, Purpose.CANCELLATION])
def test_an_undoing_that_waited_is_finished_on_the_sell_page_which_says_what_goes_back(
    cashier: Person, purpose: Purpose
) -> None:
    waiting = replace(values.an_undoing(FIRST, SaleId("77"), purpose), state=SaleState.IN_DOUBT, receipt=None)
    cashier.puts_card_in(values.a_card(Verdict.FINISH_SALE, sale=waiting))
    cashier.waits_for(Stage.FINISH)
    payment = cashier.window.sell.payment
    told = {Purpose.REVERSAL: "Pay nothing out yet.", Purpose.CANCELLATION: "Nothing is paid for this."}
    assert payment._yet() == told[purpose]
    assert payment.sum.change == Money(0)
    cashier.presses(Qt.Key.Key_F12)
    cashier.waits_for(Stage.DONE)
    assert len(cashier.asked(FinishSale)) == 1
    titles = [note.title for note in cashier.window.shell.toasts.notes]
    assert ("20.00 is due" in titles) == (purpose is Purpose.REVERSAL)
    assert ("Give 20.00 back" in titles) == (purpose is Purpose.CANCELLATION)
    shown = cashier.window.sell.write_card.shown
    assert shown is not None
    facts = dict(shown.facts)
    assert facts.get("Give back") == ("20.00, cash, if not done yet" if purpose is Purpose.CANCELLATION else None)
    goes_back = (payment.sum.goes_back, str(payment.sum.change))
    assert goes_back == ((True, "20.00") if purpose is Purpose.CANCELLATION else (False, "0.00"))
    keep(cashier.window, f"books-undone-{purpose.value}")
