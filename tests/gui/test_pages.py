"""The other pages: log-in, supplies, history, shift, card issue, receipt, help, details."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from tests.gui import scene, values
from tests.gui.conftest import MakeWindow, Person
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import SaleId
from vending_app.domain.people import Operator
from vending_app.domain.verdict import Verdict
from vending_app.services.use_cases import FindSupplies, IssueCard, LogIn, OpenShift, PrintReceipt
from vending_app.ui.components.buttons import Button
from vending_app.ui.components.table import RowsModel
from vending_app.ui.sell.stage import Stage


def test_the_wrong_pin_is_told_and_can_be_typed_again(person: Person) -> None:
    person.waits_until(lambda: person.window.login.greeting)
    person.types("000000")
    person.presses(Qt.Key.Key_Return)
    person.waits_until(lambda: person.window.login.sentence)
    assert person.window.login.sentence.startswith("The name and the secret do not belong together.")
    assert person.window.login.pin.text() == ""
    person.logs_in()


def test_somebody_who_tried_too_often_is_told_how_long_to_wait(make_person: MakeWindow) -> None:
    person = make_person(scene.Counter(refuses={LogIn: OperatorError(Code.LOGIN_WAIT, seconds=8)}))
    person.waits_until(lambda: person.window.login.greeting)
    person.types(values.PIN)
    person.presses(Qt.Key.Key_Return)
    person.waits_until(lambda: person.window.login.sentence)
    assert person.window.login.sentence == "Tried too often. Wait 8 s, then type it again."


def test_arrow_keys_choose_the_operator_and_a_fourth_comes_after_the_third(make_person: MakeWindow) -> None:
    everybody = (values.ANA, values.BEN, values.DANIEL, values.PETRA)
    person = make_person(scene.Counter(operators=everybody))
    person.waits_until(lambda: person.window.login.operator)
    seen = []
    for _ in everybody:
        seen.append(person.window.login.operator)
        person.presses(Qt.Key.Key_Right)
    assert tuple(seen) == everybody
    assert person.window.login.operator == values.ANA


def test_who_has_no_pin_gets_a_field_for_a_passphrase(make_person: MakeWindow) -> None:
    person = make_person(scene.Counter(operators=(values.PETRA,)))
    person.waits_until(lambda: person.window.login.operator)
    assert person.window.login.passphrase.isVisible()
    person.logs_in("open sesame")


def test_a_log_in_never_shows_its_secret() -> None:
    assert values.PIN not in repr(LogIn(values.ANA.name, values.PIN))


@pytest.mark.parametrize(
    ("operator", "places"),
    [
        (values.ANA, ["Sell", "Supplies", "Shift"]),
        (values.DANIEL, ["Sell", "Supplies", "Shift", "Day", "Inspect", "Records", "Tools", "Set-up"]),
        (values.PETRA, ["Sell", "Supplies", "Records", "Cards", "Tools", "Set-up"]),
    ],
)
def test_the_rail_shows_only_what_the_role_may_do(
    make_person: MakeWindow, operator: Operator, places: list[str]
) -> None:
    person = make_person(scene.Counter(operators=(operator,)))
    person.logs_in(values.PIN if operator.pin_figures else "open sesame")
    assert [item.text() for item in person.window.shell.rail._items] == places


def test_typing_finds_and_enter_opens_a_trial_without_a_card(cashier: Person) -> None:
    cashier.presses(Qt.Key.Key_F3)
    cashier.types("okaf")
    cashier.waits_until(lambda: [row.customer for row in cashier.window.supplies.model.rows] == ["Amara Okafor"])
    cashier.presses(Qt.Key.Key_Return)
    cashier.waits_for(Stage.TRIAL)
    cashier.types("20")
    assert cashier.window.sell.offer.quote is not None
    assert not cashier.window.sell.payment.button.isEnabled(), "nothing is sold without the card"
    assert FindSupplies("okaf") in cashier.counter.asked


def test_down_in_the_search_field_moves_along_the_table(cashier: Person) -> None:
    cashier.presses(Qt.Key.Key_F3)
    cashier.waits_until(lambda: cashier.window.supplies.model.rows)
    cashier.presses(Qt.Key.Key_Down)
    assert cashier.window.supplies.chosen is not None
    assert cashier.window.supplies.chosen.customer == "Lin Wei"


def test_history_opens_with_f6_and_its_receipt_with_f7(cashier: Person) -> None:
    cashier.puts_card_in(values.a_card())
    cashier.presses(Qt.Key.Key_F6)
    cashier.waits_until(lambda: cashier.window.shell.current == "history")
    cashier.presses(Qt.Key.Key_Down)
    cashier.presses(Qt.Key.Key_F7)
    cashier.waits_until(lambda: cashier.window.shell.current == "receipt")
    cashier.presses(Qt.Key.Key_Escape)
    assert cashier.window.shell.current == "history"
    cashier.presses(Qt.Key.Key_Escape)
    assert cashier.window.shell.current == "sell"


def test_a_table_copies_its_row_as_tab_separated_text(cashier: Person) -> None:
    cashier.puts_card_in(values.a_card())
    cashier.presses(Qt.Key.Key_F6)
    cashier.waits_until(lambda: cashier.window.shell.current == "history")
    cashier.presses(Qt.Key.Key_Down)
    cashier.presses(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    header, row, _ = QGuiApplication.clipboard().text().split("\n")
    assert header.split("\t") == ["When", "Entry", "Detail", "kWh", "Money", "kWh left"]
    assert row.split("\t") == ["27 Sep 2025  11:05", "Sale 2-001604", "order 27", "+188.19", "40.00", "342.70"]


def test_a_float_that_is_no_number_opens_no_shift(make_person: MakeWindow) -> None:
    cashier = make_person(scene.Counter(shift=None))
    cashier.logs_in()
    cashier.types("1.1.1")
    cashier.presses(Qt.Key.Key_Return)
    assert cashier.window.shifts.field.wrong == "This is not a number."
    assert not cashier.asked(OpenShift)


@pytest.fixture
def technician(make_person: MakeWindow) -> Person:
    """Somebody who issues cards."""
    person = make_person(scene.Counter(operators=(values.PETRA,)))
    person.logs_in("open sesame")
    return person


def test_a_blank_card_becomes_the_card_of_a_chosen_supply(technician: Person) -> None:
    technician.puts_card_in(values.a_card(Verdict.BLANK))
    technician.presses(Qt.Key.Key_Return)
    technician.waits_until(lambda: technician.window.shell.current == "cards" and technician.window.cards.chosen)
    assert technician.window.cards.chosen is not None
    assert technician.window.cards.chosen.customer == "Lin Wei"
    technician.presses(Qt.Key.Key_F12)
    technician.waits_until(lambda: technician.asked(IssueCard))
    technician.waits_until(lambda: technician.window.cards.banner.says.title == "DONE, TAKE THE CARD")
    assert not technician.asked(PrintReceipt), "an issue costs nothing and has no receipt"


def test_an_issue_that_was_torn_asks_for_the_same_card(technician: Person) -> None:
    technician.counter.tears = True
    technician.puts_card_in(values.a_card(Verdict.BLANK))
    technician.presses(Qt.Key.Key_Return)
    technician.waits_until(technician.window.cards.button.isEnabled)
    technician.presses(Qt.Key.Key_F12)
    technician.waits_until(lambda: technician.window.cards.banner.says.title == "PUT THE SAME CARD BACK")


def test_while_a_card_is_issued_every_key_but_help_is_off(technician: Person) -> None:
    technician.counter.hold = threading.Event()
    technician.puts_card_in(values.a_card(Verdict.BLANK))
    technician.presses(Qt.Key.Key_Return)
    technician.waits_until(technician.window.cards.button.isEnabled)
    technician.presses(Qt.Key.Key_F12)
    technician.waits_until(lambda: technician.window.cards.is_writing)
    technician.presses(Qt.Key.Key_F11)
    assert not technician.window.is_locked
    technician.counter.hold.set()
    technician.waits_until(lambda: not technician.window.cards.is_writing)


def test_only_supplies_that_are_open_and_have_no_card_can_be_chosen(technician: Person) -> None:
    technician.window.go("cards")
    technician.waits_until(lambda: technician.window.cards.model.rows)
    assert [row.card for row in technician.window.cards.model.rows] == [None, None]


def test_a_receipt_can_be_saved(cashier: Person, tmp_path: Path) -> None:
    cashier.window.receipt._ask = lambda _parent, name: str(tmp_path / name)
    cashier.presses(Qt.Key.Key_F7)
    cashier.waits_until(lambda: cashier.window.shell.current == "receipt" or cashier.window.flow.last_sale)
    cashier.window._show_receipt(SaleId("1"))
    cashier.waits_until(lambda: cashier.window.receipt.shown)
    cashier.window.receipt.save_button.click()
    assert (tmp_path / "receipt-2-004518.pdf").read_bytes() == cashier.counter.pdf


def test_a_receipt_that_cannot_be_saved_is_told(cashier: Person, tmp_path: Path) -> None:
    cashier.window.receipt._ask = lambda _parent, name: str(tmp_path / "missing" / name)
    cashier.window._show_receipt(SaleId("1"))
    cashier.waits_until(lambda: cashier.window.receipt.shown)
    cashier.window.receipt.save_button.click()
    assert [note.title for note in cashier.window.shell.toasts.notes] == ["Not saved"]


def test_help_is_one_key_away_and_escape_leads_back(cashier: Person) -> None:
    cashier.presses(Qt.Key.Key_F1)
    assert cashier.window.shell.current == "help"
    cashier.presses(Qt.Key.Key_Escape)
    assert cashier.window.shell.current == "sell"


def test_a_foreign_card_can_be_looked_at(cashier: Person) -> None:
    cashier.puts_card_in(values.a_card(Verdict.NOT_OURS))
    cashier.presses(Qt.Key.Key_Return)
    cashier.waits_until(lambda: cashier.window.shell.current == "details")
    assert cashier.window.details.facts.sentence == "Not our card."
    assert cashier.window.details.bytes.fields[0].raw == bytes(range(32))


def test_every_field_has_a_name_and_a_buddy(cashier: Person) -> None:
    fields = cashier.window.findChildren(QLineEdit)
    assert [field for field in fields if not field.accessibleName()] == []
    buddies = {label.buddy() for label in cashier.window.findChildren(QLabel)}
    assert [field.accessibleName() for field in fields if field not in buddies] == []
    buttons = [button for button in cashier.window.findChildren(Button) if not button.isHidden()]
    assert [button for button in buttons if not button.accessibleName()] == []


def test_tab_goes_in_the_order_of_work(cashier: Person) -> None:
    cashier.puts_card_in(values.a_card())
    cashier.types("50")
    page = cashier.window.sell
    assert page.amount.field.hasFocus()
    order: list[QWidget] = [page.amount.field, page.payment.cash, page.payment.button]
    positions = [_tab_position(page.amount.field, widget) for widget in order]
    assert positions == sorted(positions)


def _tab_position(first: QWidget, wanted: QWidget) -> int:
    at = 0
    widget: QWidget | None = first
    while widget is not None and widget is not wanted:
        widget = widget.nextInFocusChain()
        at += 1
    return at


def test_the_rows_of_a_table_have_no_children() -> None:
    model: RowsModel[object] = RowsModel([])
    assert model.rowCount() == 0
    assert model.columnCount(model.createIndex(0, 0)) == 0


def test_what_an_issue_came_to_stays_until_the_next_card(technician: Person) -> None:
    technician.puts_card_in(values.a_card(Verdict.BLANK))
    technician.presses(Qt.Key.Key_Return)
    technician.waits_until(technician.window.cards.button.isEnabled)
    technician.presses(Qt.Key.Key_F12)
    technician.waits_until(lambda: technician.window.cards.banner.says.title == "DONE, TAKE THE CARD")
    technician.window.cards.show_read(None)
    technician.window.cards.model.show_rows([])
    assert technician.window.cards.banner.says.title == "DONE, TAKE THE CARD"
    technician.window.cards.show_read(values.a_card(Verdict.NOT_OURS))
    assert technician.window.cards.banner.says.title == "Not our card"
