"""Every page and state is drawn, light and dark: places as the design has them, no text cut, nothing outside."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from tests.gui import values
from tests.gui.conftest import MakeWindow, Person
from tests.gui.looks import KEEP, nothing_cut
from vending_app.domain.card import CardKind, MeterStatus
from vending_app.domain.closing import ClosingKind
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import SaleId
from vending_app.domain.meter import RelayState, TripReason
from vending_app.domain.money import Money
from vending_app.domain.people import Customer
from vending_app.domain.record_lines import RecordKind
from vending_app.domain.sale import Tender, TenderKind
from vending_app.domain.verdict import Verdict
from vending_app.ports import LedgerProof
from vending_app.services.book_cases import MoveCash, PayRefund, PrintPayment, ReverseSale
from vending_app.services.choices import DeskChoices
from vending_app.services.people_cases import ChangeSecret
from vending_app.services.practice_cases import CardFault, PracticeFaults
from vending_app.services.use_cases import LogOut, Welcome
from vending_app.ui.components.key_bar import KEYS
from vending_app.ui.counter_pages import LEAST, smallest
from vending_app.ui.pages.records_page import RecordsPage
from vending_app.ui.practice.dock import PracticeDock
from vending_app.ui.sell.stage import Stage
from vending_app.ui.shots import save_page

LONG = "Wilhelmina Alexandra Featherstonehaugh-Cholmondeley and Daughters Cooperative Bakery"
ARABIC = "عبد الرحمن بن محمد الخطيب"


def log_in_page(person: Person) -> None:
    person.waits_until(lambda: person.window.login.greeting)
    person.types("2468")


def locked(person: Person) -> None:
    ready(person)
    person.window.lock()
    person.waits_until(lambda: person.asked(LogOut))
    person.types("24")


def dropping(person: Person) -> None:
    locked(person)
    person.presses(Qt.Key.Key_Right)
    person.types(values.PIN)
    person.presses(Qt.Key.Key_Return)


def own_secret(person: Person) -> None:
    person.counter.operators = (replace(values.ANA, must_change=True), values.BEN, values.DANIEL)
    person.window.bridge.submit(Welcome())
    person.waits_until(lambda: person.window.login.operator == person.counter.operators[0])
    person.types(values.PIN)
    person.presses(Qt.Key.Key_Return)
    person.waits_until(lambda: person.window.login.own)
    person.types("111")


def own_secret_refused(person: Person) -> None:
    own_secret(person)
    person.types("111")
    person.counter.refuses[ChangeSecret] = OperatorError(Code.SECRET_WEAK, reason="all figures alike")
    for typed in ("", "111111"):
        person.types(typed)
        person.presses(Qt.Key.Key_Return)
    person.waits_until(lambda: person.window.login.sentence)


def empty(person: Person) -> None:
    person.logs_in()


def ready(person: Person) -> None:
    person.logs_in()
    person.puts_card_in(values.a_card())
    person.types("50.00")
    person.window.sell.payment.cash.setFocus()
    person.types("100.00")


def writing(person: Person) -> None:
    person.counter.hold = threading.Event()
    ready(person)
    person.window.flow.write()
    person.waits_for(Stage.WRITING)


def torn(person: Person) -> None:
    person.counter.tears = True
    writing(person)
    person.takes_card_out()
    assert person.counter.hold is not None
    person.counter.hold.set()
    person.waits_for(Stage.TORN)
    person.waits_until(lambda: person.window.desk and person.window.desk.open_sales)


def finish(person: Person) -> None:
    torn(person)
    person.hand.put_in()
    person.waits_for(Stage.FINISH)


def done(person: Person) -> None:
    ready(person)
    person.window.flow.write()
    person.waits_for(Stage.DONE)
    person.waits_until(lambda: person.window.flow.printing is None)
    person.window.shell.toasts.clear()


def not_printed(person: Person) -> None:
    person.counter.paper_out = True
    done(person)


def wrong(person: Person) -> None:
    person.logs_in()
    person.puts_card_in(values.a_card())
    person.types("7000")


def over_hoarding(person: Person) -> None:
    """The meter would refuse it: said before money is taken."""
    supply = values.a_supply()
    small = replace(supply, parameters=replace(supply.parameters, hoarding=Energy.parse("118.40")))
    reading = replace(values.a_reading(small), sell_at_most=Energy.parse("100"))
    person.logs_in()
    person.puts_card_in(values.a_card(reading=reading))
    person.types("50")


def trial(person: Person) -> None:
    person.logs_in()
    person.window.flow.open_supply(values.SUPPLY)
    person.waits_for(Stage.TRIAL)
    person.window.press("F4")
    person.types("120")


def long_name(person: Person) -> None:
    _of(person, LONG)


def arabic(person: Person) -> None:
    _of(person, ARABIC)


def _of(person: Person, name: str) -> None:
    supply = values.a_supply(name=name)
    address = Customer("C-1", name, "The Old Corn Exchange, 1204 Upper Market Square West, Eastfield", "")
    supply = replace(supply, customer=address)
    person.logs_in()
    person.puts_card_in(values.a_card(reading=values.a_reading(supply)))
    person.types("1999.99")


def new_supply(person: Person) -> None:
    bare = replace(values.a_reading(), write_back=None, usage=None, last_purchase=None, sell_at_most=None)
    person.logs_in()
    person.puts_card_in(values.a_card(reading=bare))


def troubled_meter(person: Person) -> None:
    status = MeterStatus.RELAY_OPEN | MeterStatus.AT_ZERO
    write_back = replace(values.a_write_back(remaining="-1.24"), status=status, used_total=Energy.parse("123456.78"))
    reading = replace(values.a_reading(write_back=write_back), usage=values.a_usage(trips=2, tampering=3))
    person.logs_in()
    person.puts_card_in(values.a_card(reading=reading))


def many_lines(person: Person) -> None:
    person.logs_in()
    supply = values.a_supply(arrears=999_999_99)
    person.puts_card_in(values.a_card(reading=values.a_reading(supply)))
    person.types("2000")


def supplies(person: Person) -> None:
    person.logs_in()
    person.window.press("F3")
    person.waits_until(lambda: person.window.supplies.model.rows)


def nobody_found(person: Person) -> None:
    supplies(person)
    person.types("zzz")
    person.waits_until(lambda: not person.window.supplies.model.rows)


def history(person: Person) -> None:
    ready(person)
    person.window.press("F6")
    person.waits_until(lambda: person.window.shell.current == "history")


def shift(person: Person) -> None:
    person.logs_in()
    person.window.go("shift")
    person.waits_until(lambda: person.window.shifts.sales.model.rows)


def shift_with_waiting(person: Person) -> None:
    waiting = values.many_sales(9)[3]
    other = replace(waiting, customer_name=LONG, intent=replace(waiting.intent, id=SaleId("77"), at=values.YESTERDAY))
    person.counter.open_sales = (other, waiting)
    person.counter.signed = {waiting.id}
    shift(person)
    person.waits_until(lambda: person.window.shifts.waiting.model.rows)


def cash_move(person: Person) -> None:
    shift(person)
    person.window.shifts.card.cash.click()
    for _ in range(3):
        person.presses(Qt.Key.Key_Down)
    person.presses(Qt.Key.Key_Return)
    person.types("18.50")
    person.presses(Qt.Key.Key_Return)
    person.types("Paper for the printer")


def cash_refused(person: Person) -> None:
    person.counter.refuses[MoveCash] = OperatorError(Code.CASH_NOT_THERE)
    cash_move(person)
    person.presses(Qt.Key.Key_Return)
    person.waits_until(lambda: person.window.shifts.column.card.note[2])


def approving(person: Person) -> None:
    cash_move(person)
    person.presses(Qt.Key.Key_Return)
    person.waits_until(lambda: not person.window.shifts.column.approval.isHidden())
    person.types("246")


def not_approved(person: Person) -> None:
    approving(person)
    person.types("000")
    person.presses(Qt.Key.Key_Return)
    person.waits_until(lambda: person.window.shifts.column.approval.sentence)


def nobody_approves(person: Person) -> None:
    person.counter.operators = (values.ANA, values.BEN)
    person.window.bridge.submit(Welcome())
    person.waits_until(lambda: person.window.people == person.counter.operators)
    cash_move(person)
    person.presses(Qt.Key.Key_Return)
    person.waits_until(lambda: not person.window.shifts.column.approval.isHidden())


def drawer(person: Person) -> None:
    person.logs_in()
    person.window.press("F8")
    person.waits_until(lambda: person.window.shifts.sales.model.rows)
    person.types("Change for a customer")


def counting(person: Person) -> None:
    shift(person)
    person.window.shifts.card.count.click()
    for number in ("", "", "1", "2", "5", "3", "11", "14", "9", "22", "3"):
        person.types(number)
        person.presses(Qt.Key.Key_Return)


def counting_the_sum(person: Person) -> None:
    shift(person)
    person.window.shifts.card.count.click()
    person.presses(Qt.Key.Key_Up)
    person.types("449.50")


def counted(person: Person) -> None:
    counting_the_sum(person)
    person.presses(Qt.Key.Key_Return)
    person.waits_until(lambda: not person.window.shifts.column.card.isHidden())


def closed(person: Person) -> None:
    counted(person)
    person.presses(Qt.Key.Key_Return)
    person.types("Change given wrongly to the last customer before noon")
    person.presses(Qt.Key.Key_Return)
    person.waits_until(lambda: person.window.shifts.closed)


def handed_over(person: Person) -> None:
    assert person.counter.shift is not None
    before = replace(person.counter.shift, operator=values.BEN.name, counted=Money(12_000), handed_to=values.ANA.name)
    person.counter.shift, person.counter.handed_over = None, before
    person.logs_in()
    person.waits_until(lambda: person.window.shifts.handed_over)


def x_report(person: Person) -> None:
    shift(person)
    person.window.shifts.card.x_report.click()
    person.waits_until(lambda: person.window.shell.current == "receipt")


def sale_page(person: Person) -> None:
    shift(person)
    person.window.books.show_sale(values.earlier_sales()[0].id)
    person.waits_until(lambda: person.window.shell.current == "sale")


def sale_long(person: Person) -> None:
    first = values.earlier_sales()[0]
    tender = Tender(TenderKind.CHEQUE, first.amount, "Cheque 004417 of the Eastfield Savings and Loan Society")
    spoilt = replace(
        first, customer_name=LONG, corrected=tender, fingerprint="5c20e19f", intent=replace(first.intent, reason=LONG)
    )
    person.counter.shift_sales = (spoilt,)
    person.counter.due = Money(5000)
    person.counter.refusal = Code.REVERSAL_NOT_NEWEST
    sale_page(person)


def sale_reversed(person: Person) -> None:
    first = values.earlier_sales()[0]
    person.counter.shift_sales = (replace(first, reversed_by=SaleId("9"), customer_name=ARABIC),)
    sale_page(person)


def sale_waiting(person: Person) -> None:
    person.counter.open_sales = (values.many_sales(9)[3],)
    shift(person)
    person.window.books.show_sale(person.counter.open_sales[0].id)
    person.waits_until(lambda: person.window.shell.current == "sale")


def reversing(person: Person) -> None:
    person.counter.card = values.a_card()
    sale_page(person)
    person.window.sale._on_verb("reverse")
    person.presses(Qt.Key.Key_Return)
    person.types("Wrong amount typed")


def reversal_approved(person: Person) -> None:
    reversing(person)
    person.presses(Qt.Key.Key_Return)
    person.waits_until(lambda: not person.window.sale.column.approval.isHidden())
    person.types(values.PIN)


def reversal_writing(person: Person) -> None:
    person.counter.hold = threading.Event()
    reversal_approved(person)
    person.presses(Qt.Key.Key_Return)
    person.waits_until(lambda: person.window.sale.banner.says.is_command)


def reversal_torn(person: Person) -> None:
    person.counter.tears = True
    reversal_approved(person)
    person.presses(Qt.Key.Key_Return)
    person.waits_until(lambda: person.window.sale.torn)


def reversal_back(person: Person) -> None:
    reversal_torn(person)
    person.hand.put_in()
    person.waits_until(lambda: person.window.sale.banner.says.button)


def reversed_(person: Person) -> None:
    reversal_approved(person)
    person.presses(Qt.Key.Key_Return)
    person.waits_until(lambda: not person.window.sale.give.isHidden())
    person.waits_until(lambda: person.asked(PrintPayment))
    person.window.shell.toasts.clear()


def reversal_refused(person: Person) -> None:
    person.counter.refuses[ReverseSale] = OperatorError(Code.CARD_WRONG_SUPPLY)
    reversing(person)
    person.presses(Qt.Key.Key_Return)
    person.waits_until(lambda: person.window.sale.column.card.note[2])


def refund_refused(person: Person) -> None:
    person.counter.refuses[PayRefund] = OperatorError(Code.CASH_NOT_THERE)
    refunding(person)
    for _ in range(3):
        person.presses(Qt.Key.Key_Return)
    person.waits_until(lambda: person.window.sale.column.card.note[2])


def voiding(person: Person) -> None:
    sale_waiting(person)
    person.window.sale._on_verb("void")


def correcting(person: Person) -> None:
    sale_page(person)
    person.window.sale._on_verb("tender")


def refunding(person: Person) -> None:
    person.counter.due = Money(5000)
    sale_page(person)
    person.window.sale._on_verb("refund")


def arrears(person: Person) -> None:
    supplies(person)
    person.window.supplies.arrears.click()
    person.waits_until(lambda: not person.window.history.column.isHidden())


def undone_history(person: Person) -> None:
    person.counter.entries = values.undone_entries()
    history(person)


def day(person: Person) -> None:
    person.counter.operators = (values.DANIEL, values.ANA)
    person.window.bridge.submit(Welcome())
    person.waits_until(lambda: person.window.people == person.counter.operators)
    person.logs_in()
    person.window.go("closings")
    person.waits_until(lambda: person.window.closings.model.rows)


def day_checked(person: Person) -> None:
    day(person)
    person.window.closings.journal.button.click()
    person.waits_until(lambda: person.window.closings.journal.note[0] == "ok")


def day_damaged(person: Person) -> None:
    problems = ("journal of desk 2, row 318: its hash is not that of its content", "account till:2 holds -700", LONG)
    person.counter.proof = LedgerProof(1284, problems, {}, {})
    day(person)
    person.window.closings.journal.button.click()
    person.waits_until(lambda: person.window.closings.journal.problems)


def closing_the_day(person: Person) -> None:
    day(person)
    person.window.closings.close_button.click()


def no_year(person: Person) -> None:
    person.counter.closable = ""
    day(person)
    person.window.closings.kinds.choose(ClosingKind.YEAR)
    person.window.closings._on_kind(ClosingKind.YEAR)
    person.waits_until(lambda: person.window.closings.table.empty[1] == "No year is closed yet")


def long_shift(person: Person) -> None:
    person.counter.shift_sales = values.many_sales(200)
    shift(person)


def no_shift(person: Person) -> None:
    person.counter.shift = None
    person.logs_in()


def long_history(person: Person) -> None:
    person.counter.entries = values.many_entries(200)
    history(person)


def long_search(person: Person) -> None:
    person.counter.found = values.many_lines(200)
    supplies(person)


def setup(person: Person) -> None:
    person.counter.operators = (values.DANIEL,)
    look = person.window.look
    gone = DeskChoices(reader="ACS ACR39U ICC Reader 00 00", dark=look.is_dark, less_motion=look.less_motion)
    person.counter.settings = replace(person.counter.settings, chosen=gone, has_printers=not person.window.is_practice)
    person.window.bridge.submit(Welcome())
    person.waits_until(lambda: person.window.login.operator == values.DANIEL)
    person.logs_in()
    person.window.go("setup")
    person.waits_until(lambda: person.window.setup.settings)


def setup_wrong(person: Person) -> None:
    setup(person)
    field = person.window.setup.quick.fields[4]
    field.setFocus()
    field.selectAll()
    person.types("0")
    person.presses(Qt.Key.Key_Return)


def receipt(person: Person) -> None:
    done(person)
    person.window.press("F7")
    person.waits_until(lambda: person.window.shell.current == "receipt")


def help_page(person: Person) -> None:
    person.logs_in()
    person.window.press("F1")


def error_desk(person: Person) -> None:
    ready(person)
    person.window.press("F1")
    person.window.press("F1")


def error_desk_symptom(person: Person) -> None:
    error_desk(person)
    person.types("power")


def error_desk_unknown(person: Person) -> None:
    error_desk(person)
    person.types("zzz")


def every_answer(person: Person) -> None:
    error_desk(person)
    for at in range(len(person.window.error_flow.page.model.rows)):
        person.window.error_flow.page.table.selectRow(at)
        person.window.grab()


def cards(person: Person) -> None:
    person.logs_in()
    person.puts_card_in(values.a_card(Verdict.BLANK))
    person.window._on_issue_wanted()
    person.waits_until(lambda: person.window.cards.model.rows)


def records(person: Person) -> None:
    person.logs_in()
    person.window.go("records")
    page = person.window._pages["records"]
    assert isinstance(page, RecordsPage)
    person.waits_until(lambda: page.record.history.rows)


def records_meters(person: Person) -> None:
    records(person)
    choose_records(person, RecordKind.METER)


def records_cards(person: Person) -> None:
    records(person)
    choose_records(person, RecordKind.CARD)


def choose_records(person: Person, kind: RecordKind) -> None:
    page = person.window._pages["records"]
    assert isinstance(page, RecordsPage)
    page.kinds.choose(kind)
    page.kinds.chosen.emit(kind)
    person.waits_until(lambda: page.kind is kind and page.record.history.rows and page.record.line == page.chosen)


def _tools(person: Person) -> None:
    person.counter.operators = (values.PETRA, values.DANIEL)
    person.window.bridge.submit(Welcome())
    person.waits_until(lambda: person.window.people == person.counter.operators)
    person.logs_in("open sesame")
    person.window.go("tools")


def tools(person: Person) -> None:
    _tools(person)
    page = person.window.tools
    person.waits_until(lambda: page.model.rows)
    page.table.selectRow(3)
    person.waits_until(lambda: page.readings_model.rows)


def tools_parameter(person: Person) -> None:
    _tools(person)
    page = person.window.tools
    person.waits_until(lambda: page.shown is not None and page.shown.card.number == 6)


def no_tools(person: Person) -> None:
    person.counter.tool_cards = replace(person.counter.tool_cards, cards=(), areas=())
    _tools(person)
    person.waits_until(lambda: person.window.tools.table.empty[1])


def tool_refused(person: Person) -> None:
    person.counter.tears = True
    tools(person)
    person.window.tools.read_in()
    person.waits_until(lambda: person.window.tools.facts.note[0] == "bad")


def _asked_tool(person: Person, kind: CardKind, *, steps: int) -> None:
    tools(person)
    person.window.tools.issues[kind].click()
    for _ in range(steps):
        person.window.tools.column.card.submit()


def tool_area(person: Person) -> None:
    _asked_tool(person, CardKind.CHECK, steps=0)


def tool_limits(person: Person) -> None:
    _asked_tool(person, CardKind.PARAMETER, steps=1)


def tool_summary(person: Person) -> None:
    _asked_tool(person, CardKind.PARAMETER, steps=3)


def tool_approving(person: Person) -> None:
    _asked_tool(person, CardKind.PARAMETER, steps=4)
    person.waits_until(lambda: not person.window.tools.column.approval.isHidden())


def tool_clear(person: Person) -> None:
    _asked_tool(person, CardKind.CLEAR, steps=0)


def tool_torn(person: Person) -> None:
    _asked_tool(person, CardKind.CHECK, steps=2)
    person.waits_until(lambda: person.window.tools.column.card.note[0] == "bad")


def details(person: Person) -> None:
    person.logs_in()
    person.puts_card_in(values.a_card(Verdict.CARD_AHEAD))
    person.window._on_details(values.a_card(Verdict.CARD_AHEAD))
    person.waits_until(lambda: person.window.shell.current == "details")


def stopped(person: Person) -> None:
    person.logs_in()
    person.window.bridge.stop_selling()
    person.waits_for(Stage.STOPPED)


Act = Callable[[Person], None]
STATES: dict[str, Act] = {
    act.__name__: act
    for act in (
        log_in_page,
        locked,
        dropping,
        own_secret,
        own_secret_refused,
        empty,
        ready,
        writing,
        torn,
        finish,
        done,
        not_printed,
        wrong,
        over_hoarding,
        trial,
        long_name,
        arabic,
        new_supply,
        troubled_meter,
        many_lines,
        supplies,
        nobody_found,
        history,
        shift,
        long_shift,
        no_shift,
        long_history,
        long_search,
        setup,
        setup_wrong,
        shift_with_waiting,
        cash_move,
        cash_refused,
        approving,
        not_approved,
        nobody_approves,
        drawer,
        counting,
        counting_the_sum,
        counted,
        closed,
        handed_over,
        x_report,
        sale_page,
        sale_long,
        sale_reversed,
        sale_waiting,
        reversing,
        reversal_approved,
        reversal_writing,
        reversal_torn,
        reversal_back,
        reversed_,
        reversal_refused,
        refund_refused,
        voiding,
        correcting,
        refunding,
        arrears,
        undone_history,
        day,
        day_checked,
        day_damaged,
        closing_the_day,
        no_year,
        receipt,
        help_page,
        error_desk,
        error_desk_symptom,
        error_desk_unknown,
        every_answer,
        cards,
        records,
        records_meters,
        records_cards,
        tools,
        tools_parameter,
        no_tools,
        tool_refused,
        tool_area,
        tool_limits,
        tool_summary,
        tool_approving,
        tool_clear,
        tool_torn,
        details,
        stopped,
    )
}


def picture_of(person: Person, act: Act) -> QImage:
    """Bring a window into a state and draw it."""
    act(person)
    image = person.window.grab().toImage()
    if KEEP:
        kind = ("practice-" if person.window.is_practice else "") + ("dark" if person.window.look.is_dark else "light")
        save_page(person.window, Path(KEEP) / f"{act.__name__}-{kind}.png")
    if person.counter.hold is not None:
        person.counter.hold.set()
    return image


def picture_and_leave(person: Person, act: Act) -> QImage:
    """Where another window comes after this one."""
    image = picture_of(person, act)
    person.leaves()
    return image


def meter_page(person: Person) -> None:
    ready(person)
    person.waits_until(lambda: dock_of(person).state)
    dock_of(person).to_meter.click()
    person.waits_until(lambda: dock_of(person).tray._buttons[0].place == "in the meter")
    person.presses(Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    person.waits_until(lambda: person.window.shell.current == "meter")


def meter_dark(person: Person) -> None:
    dark = replace(values.a_meter(), has_power=False, is_cover_open=True)
    person.counter.practice = replace(values.a_practice(), meter=dark, meter_of=LONG, load_w=0)
    meter_page(person)


def meter_tripped(person: Person) -> None:
    meter = replace(values.a_meter(remaining="-1.24"), relay=RelayState.OPEN, reason=TripReason.ZERO)
    worn = replace(meter, is_cover_open=True, used_total=Energy.parse("123456.78"), overload_w=25_000)
    faults = PracticeFaults(CardFault.UNWRITTEN, True, True, True)
    person.counter.practice = replace(values.a_practice(), meter=worn, load_w=24_060, faults=faults, meter_of=ARABIC)
    person.counter.practice = replace(person.counter.practice, appliances=frozenset({"lamp", "welder"}))
    ready(person)
    person.presses(Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    person.waits_until(lambda: person.window.shell.current == "meter")


def meter_low(person: Person) -> None:
    meter_page(person)
    person.window.resize(1366, 720)


def dock_of(person: Person) -> PracticeDock:
    dock = person.window.shell.dock
    assert dock is not None, "only the practice counter has it"
    return dock


OF_PRACTICE = {act.__name__: act for act in (meter_page, meter_dark, meter_tripped, meter_low)}
"""States that only the practice counter has."""
SAME_BESIDE_THE_DOCK = {"log_in_page", "nobody_found", "counted", "details", "stopped", "trial"}
"""Pages whose narrow form another state shows already."""
BESIDE_THE_DOCK = [name for name in STATES if name not in SAME_BESIDE_THE_DOCK][::2]
"""Every other one: each page is among them, if not in each of its states."""
CASES = [(name, False) for name in STATES] + [(name, True) for name in (*BESIDE_THE_DOCK, *OF_PRACTICE)]


@pytest.mark.parametrize(("name", "practice"), CASES)
def test_no_text_is_cut_and_nothing_lies_outside(
    make_person: MakeWindow, caplog: pytest.LogCaptureFixture, name: str, practice: bool
) -> None:
    person = make_person(practice=practice)
    with nothing_cut(caplog):
        picture_of(person, {**STATES, **OF_PRACTICE}[name])
    assert outside(person.window) == []


def outside(window: QWidget) -> list[str]:
    """Visible widgets that stick out of their parent."""
    found = []
    for widget in window.findChildren(QWidget):
        parent = widget.parentWidget()
        if not widget.isVisible() or parent is None or widget.isWindow() or "viewport" in parent.objectName():
            continue
        if type(widget).__module__.startswith("vending_app") and not parent.rect().contains(widget.geometry()):
            found.append(f"{type(widget).__name__} {widget.accessibleName()} {widget.geometry()}")
    return found


@pytest.mark.parametrize("scale", [1.15, 1.3])
def test_the_meter_on_screen_keeps_its_controls_where_everything_is_larger(
    make_person: MakeWindow, scale: float
) -> None:
    person = make_person(practice=True)
    meter_page(person)
    person.window.resize(round(1366 / scale), round(768 / scale))
    page = person.window.shell.meter
    assert page is not None
    assert outside(page) == []
    assert page.wall.height() > 90


SMALLEST = {False: (1180, 720), True: (1366, 720)}
"""What a window never goes below, with real books and beside the practice dock."""
AT_COUNTER = ["empty", "ready", "torn", "done", "troubled_meter", "many_lines"]


@pytest.mark.parametrize("practice", [False, True])
@pytest.mark.parametrize("name", AT_COUNTER)
def test_no_text_is_cut_in_the_smallest_window(
    make_person: MakeWindow, caplog: pytest.LogCaptureFixture, name: str, practice: bool
) -> None:
    person = make_person(practice=practice)
    STATES[name](person)
    person.window.resize(*SMALLEST[practice])
    with nothing_cut(caplog):
        person.window.grab()
    assert outside(person.window) == []
    assert person.window.sell.recent.height() >= 84
    if person.counter.hold is not None:
        person.counter.hold.set()


LARGER = QSize(1366 * 10 // 13, 768 * 10 // 13)
"""What a desktop that shows everything by 130 % leaves of 1366 × 768."""


@pytest.mark.parametrize("name", [*AT_COUNTER, "writing", "finish", "wrong", "long_name", "arabic", "trial"])
def test_with_larger_text_two_sales_stay_and_nothing_is_cut(
    make_person: MakeWindow, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    person = make_person()
    STATES[name](person)
    person.window.setMinimumSize(LEAST)
    person.window.resize(LARGER)
    with nothing_cut(caplog):
        picture = person.window.grab()
    if KEEP:
        picture.save(str(Path(KEEP) / f"{name}-larger.png"))
    assert person.window.size() == LARGER
    assert outside(person.window) == []
    assert person.window.sell.recent.rows == 2
    if person.counter.hold is not None:
        person.counter.hold.set()


def test_with_larger_text_the_total_keeps_its_size_and_two_facts_go(make_person: MakeWindow) -> None:
    person = make_person()
    ready(person)
    page = person.window.sell
    person.window.resize(1180, 720)
    figure = ink_height(page.payment.grab().toImage(), QRect(60, 40, 190, 75))
    assert len(page.customer.drawn) == 6
    person.window.setMinimumSize(LEAST)
    person.window.resize(LARGER)
    assert ink_height(page.payment.grab().toImage(), QRect(60, 38, 190, 48)) == figure
    assert [label for label, _, _ in page.customer.drawn] == ["Address", "Meter", "Last", "Arrears"]


def ink_height(image: QImage, area: QRect) -> int:
    """How many rows of an area have anything dark on them."""
    rows = range(area.top(), area.bottom() + 1)
    return sum(any(image.pixelColor(x, y).lightness() < 90 for x in range(area.left(), area.right())) for y in rows)


@pytest.mark.parametrize(
    ("screen", "practice", "least"),
    [
        (QSize(1366, 728), False, QSize(1180, 720)),
        (QSize(1050, 590), False, QSize(1050, 590)),
        (QSize(800, 600), False, QSize(1050, 600)),
        (QSize(1050, 590), True, QSize(1366, 720)),
    ],
)
def test_a_window_may_be_as_small_as_its_screen(screen: QSize, practice: bool, least: QSize) -> None:
    assert smallest(screen, practice=practice) == least


def test_no_text_is_cut_beside_the_meter_in_the_smallest_window(
    make_person: MakeWindow, caplog: pytest.LogCaptureFixture
) -> None:
    person = make_person(practice=True)
    meter_page(person)
    person.window.resize(*SMALLEST[True])
    with nothing_cut(caplog):
        person.window.grab()
    assert outside(person.window) == []


@pytest.mark.parametrize(("practice", "figures"), [(False, QRect(2, 0, 300, 222)), (True, QRect(2, 0, 260, 202))])
def test_in_a_low_window_the_bars_of_the_months_go_and_lie_over_no_figure(
    make_person: MakeWindow, practice: bool, figures: QRect
) -> None:
    person = make_person(practice=practice)
    ready(person)
    meter = person.window.sell.meter
    roomy = meter.grab().toImage().copy(figures)
    person.window.resize(1366, 720)
    assert meter.height() < 300
    assert meter.grab().toImage().copy(figures) == roomy


LOG_INS = {"log_in_page", "locked", "own_secret"}


@pytest.mark.parametrize(
    "name",
    [
        "log_in_page",
        "locked",
        "own_secret",
        "ready",
        "torn",
        "done",
        "supplies",
        "help_page",
        "error_desk",
        "setup",
        "long_shift",
        "counting",
        "approving",
        "day_damaged",
        "sale_long",
    ],
)
def test_light_and_dark_are_different_pictures_of_the_same_places(make_person: MakeWindow, name: str) -> None:
    one = picture_and_leave(make_person(), STATES[name])
    other = picture_of(make_person(dark=True), STATES[name])
    assert one.size() == other.size()
    ground = QPoint(1300, 120) if name not in LOG_INS else QPoint(1300, 60)
    assert one.pixelColor(ground).lightness() > 200
    assert other.pixelColor(ground).lightness() < 60


@pytest.mark.parametrize("name", ["ready", "supplies", "error_desk", "arabic", "long_shift"])
def test_a_desktop_that_writes_from_right_to_left_turns_no_number_round(make_person: MakeWindow, name: str) -> None:
    usual = picture_and_leave(make_person(), STATES[name])
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    application.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert picture_of(make_person(), STATES[name]) == usual
    assert application.layoutDirection() == Qt.LayoutDirection.LeftToRight


def place_of(window: QWidget, widget: QWidget) -> QRect:
    """Where a widget is in the window."""
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def test_the_sell_page_has_the_measures_of_the_design(make_person: MakeWindow) -> None:
    person = make_person()
    ready(person)
    window, page = person.window, person.window.sell
    assert window.size().toTuple() == (1366, 768)
    expected = {
        page.banner: QRect(88, 16, 1262, 72),
        page.customer: QRect(88, 104, 320, 232),
        page.meter: QRect(88, 352, 320, 320),
        page.amount: QRect(424, 104, 510, 184),
        page.breakdown: QRect(424, 304, 510, 368),
        page.payment: QRect(950, 104, 400, 376),
        page.recent: QRect(950, 496, 400, 176),
        window.shell.key_bar: QRect(88, 688, 1262, 32),
        window.shell.status: QRect(0, 736, 1366, 32),
        window.shell.rail: QRect(0, 0, 72, 736),
    }
    assert {widget: place_of(window, widget) for widget in expected} == expected


def test_the_practice_counter_has_the_measures_of_the_design(make_person: MakeWindow) -> None:
    person = make_person(practice=True)
    ready(person)
    window, page = person.window, person.window.sell
    assert window.shell.dock is not None
    expected = {
        page.banner: QRect(94, 48, 930, 72),
        page.customer: QRect(94, 136, 272, 232),
        page.meter: QRect(94, 384, 272, 282),
        page.amount: QRect(382, 136, 354, 168),
        page.breakdown: QRect(382, 320, 354, 346),
        page.payment: QRect(752, 136, 272, 376),
        page.recent: QRect(752, 528, 272, 138),
        window.shell.key_bar: QRect(94, 682, 930, 32),
        window.shell.dock: QRect(1040, 32, 320, 698),
    }
    assert {widget: place_of(window, widget) for widget in expected} == expected


def test_nothing_moves_between_ready_writing_torn_and_done(make_person: MakeWindow) -> None:
    places = []
    for act in (ready, writing, torn, done):
        person = make_person()
        picture_of(person, act)
        page = person.window.sell
        places.append(
            [place_of(person.window, each) for each in (page.banner, page.customer, page.meter, page.payment)]
        )
        person.leaves()
    assert all(place == places[0] for place in places)


def test_the_total_is_drawn_at_the_same_pixels_while_writing_and_after(make_person: MakeWindow) -> None:
    area = QRect(1125, 155, 208, 65)
    pictures = [picture_and_leave(make_person(), act).copy(area) for act in (ready, writing, torn, done)]
    assert all(picture == pictures[0] for picture in pictures)


@pytest.mark.parametrize(
    ("width", "middle", "left"), [(1366, 510, 320), (1576, 720, 320), (1636, 720, 380), (1920, 848, 400)]
)
def test_a_larger_window_gives_its_width_to_the_middle_first(
    make_person: MakeWindow, width: int, middle: int, left: int
) -> None:
    person = make_person()
    person.logs_in()
    person.window.resize(width, 900)
    page = person.window.sell
    assert (page.amount.width(), page.customer.width()) == (middle, left)
    assert page.width() <= 1680


def test_the_key_bar_keeps_its_nine_keys_whatever_is_off(make_person: MakeWindow) -> None:
    person = make_person()
    empty(person)
    before = [key.geometry() for key in person.window.shell.key_bar._keys]
    person.puts_card_in(values.a_card())
    assert [key.geometry() for key in person.window.shell.key_bar._keys] == before
    assert len(before) == len(KEYS) == 9


def test_money_that_is_very_long_still_fits(make_person: MakeWindow) -> None:
    person = make_person()
    ready(person)
    person.window.sell.payment.show_sum(replace(person.window.sell.sum(), total=Money(123_456_789_00)))
    person.window.grab()
