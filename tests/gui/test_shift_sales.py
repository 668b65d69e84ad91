"""The sales beside the count: found by keyboard, marked, added up, and the money told only after the count."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from tests.gui import scene, values
from tests.gui.conftest import MakeWindow, Person
from tests.gui.looks import looked_at
from vending_app.domain.money import Money
from vending_app.services.book_cases import ShowReversal
from vending_app.services.use_cases import ShowDesk, ShowReceipt
from vending_app.ui.book_words import said_mark
from vending_app.ui.components.table import ROW_HEIGHT
from vending_app.ui.pages.shift_sales import MONEY, ShiftSalesCard, totals


@pytest.fixture
def cashier(make_person: MakeWindow) -> Person:
    person = make_person(scene.Counter(shift_sales=values.many_sales(9)))
    person.logs_in()
    person.window.go("shift")
    person.waits_until(lambda: sales_of(person).model.rows)
    return person


def sales_of(person: Person) -> ShiftSalesCard:
    return person.window.shifts.sales


def tab_to_table(person: Person) -> None:
    for _ in range(12):
        if QApplication.focusWidget() is sales_of(person).table:
            return
        person.presses(Qt.Key.Key_Tab)
    raise AssertionError("the tab key does not lead to the sales")


def counts_and_closes(person: Person) -> None:
    """The drawer is counted by its sum, and the difference is explained."""
    person.window.setFocus()
    person.window.shifts.card.count.setFocus()
    person.presses(Qt.Key.Key_Return)
    person.presses(Qt.Key.Key_Up)
    person.types("449.50")
    person.presses(Qt.Key.Key_Return)
    person.waits_until(lambda: not person.window.shifts.column.card.isHidden())
    person.presses(Qt.Key.Key_Return)
    person.types("Change given wrongly")
    person.presses(Qt.Key.Key_Return)


def money_total(person: Person) -> QImage:
    """What is drawn in the totals row under the column of money."""
    card = sales_of(person)
    table = card.table
    left = table.x() + table.columnViewportPosition(MONEY)
    row = QRect(left, table.geometry().bottom() + 2, table.columnWidth(MONEY), ROW_HEIGHT - 4)
    return card.grab(row).toImage()


def is_blank(image: QImage) -> bool:
    first = image.pixel(0, 0)
    return all(image.pixel(x, y) == first for x in range(image.width()) for y in range(image.height()))


def test_enter_on_a_sale_opens_its_page_and_escape_leads_back(cashier: Person) -> None:
    tab_to_table(cashier)
    cashier.presses(Qt.Key.Key_Down)
    cashier.presses(Qt.Key.Key_Return)
    cashier.waits_until(lambda: cashier.window.shell.current == "sale")
    assert cashier.asked(ShowReversal) == [ShowReversal(cashier.counter.shift_sales[1].id)]
    cashier.presses(Qt.Key.Key_Escape)
    assert cashier.window.shell.current == "shift"


def test_f7_opens_the_receipt_of_the_row_too(cashier: Person) -> None:
    tab_to_table(cashier)
    for _ in range(2):
        cashier.presses(Qt.Key.Key_Down)
    cashier.presses(Qt.Key.Key_F7)
    cashier.waits_until(lambda: cashier.window.shell.current == "receipt")
    assert cashier.asked(ShowReceipt) == [ShowReceipt(cashier.counter.shift_sales[2].id)]


def test_an_interrupted_sale_has_no_receipt_to_open(cashier: Person) -> None:
    tab_to_table(cashier)
    for _ in range(3):
        cashier.presses(Qt.Key.Key_Down)
    assert said_mark(cashier.counter.shift_sales[3]) == "Interrupted"
    cashier.presses(Qt.Key.Key_F7)
    assert cashier.window.shell.current == "shift"
    assert not cashier.asked(ShowReceipt)


def test_only_what_is_not_as_usual_has_a_mark() -> None:
    marks = [said_mark(sale) for sale in values.many_sales(9)]
    assert marks == ["", "Not printed", "", "Interrupted", "", "", "", "Void", ""]


def test_the_totals_leave_out_what_was_not_sold() -> None:
    sales = values.many_sales(9)
    number, energy, money = totals(sales)
    kept = [sale for at, sale in enumerate(sales) if at not in {3, 7}]
    assert number == 7
    assert money == Money(sum(sale.amount.minor for sale in kept))
    assert energy.wh == sum(sale.intent.quote.energy.wh for sale in kept if sale.intent.quote)


def test_no_money_total_is_drawn_before_the_drawer_is_counted(cashier: Person) -> None:
    assert is_blank(money_total(cashier)), "the count is blind"
    counts_and_closes(cashier)
    cashier.waits_until(lambda: cashier.window.shifts.closed and sales_of(cashier).is_counted)
    assert not is_blank(money_total(cashier))


def test_a_new_shift_begins_without_the_sales_of_the_old_one(cashier: Person) -> None:
    counts_and_closes(cashier)
    cashier.waits_until(lambda: cashier.window.shifts.closed and sales_of(cashier).is_counted)
    cashier.types("100")
    cashier.presses(Qt.Key.Key_Return)
    cashier.waits_until(lambda: cashier.window.shell.current == "sell")
    assert sales_of(cashier).model.rows == ()


def test_a_receipt_printed_on_its_page_has_no_mark_any_more_on_the_way_back(cashier: Person) -> None:
    cashier.counter.shift_sales = ()
    cashier.counter.recent = values.many_sales(9)
    cashier.window.go("shift")
    tab_to_table(cashier)
    cashier.presses(Qt.Key.Key_Down)
    cashier.presses(Qt.Key.Key_F7)
    cashier.waits_until(lambda: cashier.window.shell.current == "receipt")
    cashier.presses(Qt.Key.Key_Return)
    cashier.waits_until(lambda: cashier.counter.recent[1].is_printed)
    cashier.presses(Qt.Key.Key_Escape)
    cashier.waits_until(lambda: said_mark(sales_of(cashier).model.rows[1]) == "")


def test_a_shift_without_a_sale_says_so(make_person: MakeWindow) -> None:
    person = make_person(scene.Counter(recent=()))
    person.logs_in()
    person.window.go("shift")
    person.waits_until(lambda: sales_of(person).table.empty[1] == "No sale yet")


@pytest.mark.parametrize("dark", [False, True])
def test_without_an_open_shift_the_table_says_what_comes_next(
    make_person: MakeWindow, caplog: pytest.LogCaptureFixture, dark: bool
) -> None:
    person = make_person(scene.Counter(shift=None), dark=dark)
    person.logs_in()
    person.window.go("shift")
    person.waits_until(lambda: sales_of(person).table.empty[1] == "No shift is open")
    looked_at(person.window, caplog, f"shift-none-{'dark' if dark else 'light'}")
    person.types("100")
    person.presses(Qt.Key.Key_Return)
    person.waits_until(lambda: person.window.shell.current == "sell")
    assert sales_of(person).table.empty[1] != "No shift is open"


def test_a_closed_shift_keeps_its_sales_until_the_next_one(cashier: Person) -> None:
    counts_and_closes(cashier)
    cashier.waits_until(lambda: cashier.window.shifts.closed and sales_of(cashier).is_counted)
    cashier.window.bridge.submit(ShowDesk())
    cashier.waits_until(lambda: cashier.window.desk and cashier.window.desk.shift is None)
    assert len(sales_of(cashier).model.rows) == 9


def test_a_shift_that_was_closed_without_a_sale_says_so(make_person: MakeWindow) -> None:
    person = make_person(scene.Counter(recent=()))
    person.logs_in()
    person.window.go("shift")
    person.waits_until(lambda: sales_of(person).table.empty[1] == "No sale yet")
    counts_and_closes(person)
    person.waits_until(lambda: sales_of(person).table.empty[1] == "No sale")
