"""The tariffs page: by keyboard to new prices, their sums while one types, and a second person's word."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QLineEdit

from tests.gui import scene, values
from tests.gui.conftest import MakeWindow, Person
from tests.gui.looks import make_low, nothing_cut, painted
from tests.gui.tariffs import IRENE
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.money import Money
from vending_app.domain.tariff import Price, TariffField
from vending_app.services.tariff_cases import PutTariff, WithdrawTariff
from vending_app.ui.components.rail import SETUP
from vending_app.ui.components.table import MARK, SIDE
from vending_app.ui.doors import TARIFFS
from vending_app.ui.pages.tariffs_page import TariffsPage
from vending_app.ui.phrases import MONTHS
from vending_app.ui.tariffs.life_card import MARKS
from vending_app.ui.tariffs.tariff_words import PAST

Key = Qt.Key


def on_page(make: MakeWindow, **how: bool) -> Person:
    """Daniel, before the tariffs; Irene is about."""
    person = make(scene.Counter(operators=(values.DANIEL, IRENE)), **how)
    person.logs_in()
    person.window.go(SETUP.key)
    door = next(button for door, button in person.window.setup.doors.items() if door.key == TARIFFS)
    door.setFocus()
    person.presses(Key.Key_Return)
    person.waits_until(lambda: page_of(person).shown)
    return person


def page_of(person: Person) -> TariffsPage:
    return person.window.rooms.tariffs


def household(person: Person) -> None:
    person.presses(Key.Key_Down)


def editing(person: Person) -> None:
    household(person)
    person.presses(Key.Key_Return)


def retypes(person: Person, field: TariffField, row: int, text: str) -> None:
    where = page_of(person).editor.fields.field_of((field, row))
    assert isinstance(where, QLineEdit)
    where.setFocus()
    where.selectAll()
    person.types(text)


def changed(person: Person) -> None:
    editing(person)
    retypes(person, TariffField.STEP_PRICE, 2, "0.225")
    retypes(person, TariffField.FIXED, 0, "2")


def summary(person: Person) -> None:
    changed(person)
    page_of(person).sums.button.setFocus()
    person.presses(Key.Key_Return)


def approval(person: Person) -> None:
    summary(person)
    person.presses(Key.Key_Return)
    person.waits_until(lambda: not page_of(person).column.approval.isHidden())


def test_a_day_of_prices_to_come_has_room_beside_its_mark(make_person: MakeWindow) -> None:
    table = page_of(on_page(make_person)).table
    model = table.rows_model
    at = [column.caption for column in model.columns].index("Then from")
    metrics = QFontMetrics(model.index(0, at).data(Qt.ItemDataRole.FontRole))
    days = (f"{day} {month} 2028" for day in range(1, 32) for month in MONTHS)
    assert max(map(metrics.horizontalAdvance, days)) + MARK + 2 * SIDE <= table.columnWidth(at)


@pytest.mark.parametrize("is_low", [False, True])
def test_no_text_is_cut(make_person: MakeWindow, caplog: pytest.LogCaptureFixture, is_low: bool) -> None:
    """Dark in a low window, light in a wide one; from the list to the approval, and a new tariff."""
    person = on_page(make_person, dark=is_low)
    page = page_of(person)
    if is_low:
        make_low(person.window)
    with nothing_cut(caplog):
        household(person)
        painted(person.window, "tariffs-list", is_low=is_low)
        person.presses(Key.Key_Return)
        retypes(person, TariffField.STEP_END, 1, "40")
        painted(person.window, "tariffs-wrong", is_low=is_low)
        retypes(person, TariffField.STEP_END, 1, "160")
        retypes(person, TariffField.FIXED, 0, "2")
        page.sums.own.setFocus()
        person.types("1200")
        painted(person.window, "tariffs-changed", is_low=is_low)
        page.sums.button.click()
        painted(person.window, "tariffs-summary", is_low=is_low)
        person.presses(Key.Key_Return)
        person.waits_until(lambda: not page.column.approval.isHidden())
        painted(person.window, "tariffs-approval", is_low=is_low)
        for _ in range(3):
            person.window.press("Esc")
        page.fresh.click()
        page.sums.button.click()
        painted(person.window, "tariffs-new", is_low=is_low)


# --- what a supervisor does ------------------------------------------------------------------------------


def test_prices_are_put_in_force_by_keyboard_with_a_second_person(make_person: MakeWindow) -> None:
    """By hand: 0.1140 + 0.010 on each of the 150 kWh beyond the second step is 1.50, with 8 % VAT 1.62."""
    person = on_page(make_person)
    page = page_of(person)
    editing(person)
    before = {line.energy.wh: line.then.total for line in page.sums.lines.rows}
    retypes(person, TariffField.STEP_PRICE, 2, "0.234")
    after = {line.energy.wh: line.then.total for line in page.sums.lines.rows}
    assert (after[50_000], after[100_000]) == (before[50_000], before[100_000])
    told, was = after[300_000], before[300_000]
    assert told is not None
    assert was is not None
    assert told - was == Money(162)
    assert f"and {told} from 1 August 2026" in page.sums.sentence
    tab_to_button(person)
    person.presses(Key.Key_Return)
    assert [(part.label, part.before, part.after) for part in page.summary.table.parts.rows] == [
        ("Step 3", "beyond, at 0.2240", "beyond, at 0.2340")
    ]
    person.presses(Key.Key_Return)
    person.waits_until(lambda: not page.column.approval.isHidden())
    person.types("open sesame")
    person.presses(Key.Key_Return)
    person.waits_until(lambda: page.edits is None)
    assert [type(each).__name__ for each in person.counter.asked[-3:]] == ["PutTariff", "GrantApproval", "PutTariff"]
    put = person.counter.asked[-1]
    assert isinstance(put, PutTariff)
    assert (put.tariff.valid_from, put.tariff.steps[2].price) == (date(2026, 8, 1), Price(234_000))
    assert page.life.version is not None
    assert page.life.version.tariff == put.tariff
    assert person.window.shell.toasts.notes[-1].title == "Tariff H2 is entered"
    assert page.column.approval.passphrase.text() == ""


def test_prices_that_have_not_begun_are_withdrawn_with_a_second_person(make_person: MakeWindow) -> None:
    person = on_page(make_person)
    page = page_of(person)
    household(person)
    assert page.withdraw.isHidden(), "what is in force stays"
    coming = page.table.chosen.after(page._today())
    page.life.choose(coming.tariff.valid_from)
    assert not page.withdraw.isHidden()
    page.withdraw.click()
    person.waits_until(lambda: not page.column.approval.isHidden())
    painted(person.window, "tariffs-withdrawal", is_low=False)
    assert page.prices.isHidden(), "one filled button on a page"
    person.window.press("Esc")
    assert page.column.home is page.life
    assert not page.prices.isHidden()
    page.withdraw.click()
    person.waits_until(lambda: not page.column.approval.isHidden())
    person.types("open sesame")
    person.presses(Key.Key_Return)
    person.waits_until(lambda: page.table.chosen.after(page._today()) is None)
    asked = person.counter.asked[-1]
    assert isinstance(asked, WithdrawTariff)
    assert (asked.code, asked.valid_from) == ("H2", coming.tariff.valid_from)
    assert person.window.shell.toasts.notes[-1].line.endswith("never begin.")


def test_why_prices_are_not_withdrawn_is_said_on_the_page(make_person: MakeWindow) -> None:
    person = on_page(make_person)
    page = page_of(person)
    household(person)
    page.life.choose(page.table.chosen.after(page._today()).tariff.valid_from)
    person.counter.refuses[WithdrawTariff] = OperatorError(Code.TARIFF_BEGUN, tariff="H2", on=date(2026, 1, 1))
    page.withdraw.click()
    person.waits_until(lambda: "have begun" in page.remark)


def tab_to_button(person: Person) -> None:
    for _ in range(60):
        if page_of(person).sums.button.hasFocus():
            return
        person.presses(Key.Key_Tab)
    raise AssertionError("the tab key does not lead on")


def test_what_is_wrong_is_told_where_it_is_typed_and_nobody_goes_on(make_person: MakeWindow) -> None:
    person = on_page(make_person)
    page = page_of(person)
    editing(person)
    retypes(person, TariffField.STEP_END, 1, "40")
    end = page.editor.fields.field_of((TariffField.STEP_END, 1))
    assert end.accessibleDescription() == "The ends of the steps must rise."
    assert not list(page.sums.lines.rows)
    page.sums.button.click()
    assert page.column.home is page.sums
    assert end.hasFocus()
    retypes(person, TariffField.STEP_END, 1, "150")
    retypes(person, TariffField.VALID_FROM, 0, "14.11.2025")
    day = page.editor.fields.field_of((TariffField.VALID_FROM, 0))
    assert "15 Nov 2025 or later" in day.accessibleDescription()
    assert page.sums.lines.rows, "prices have a meaning whatever their day"
    retypes(person, TariffField.VALID_FROM, 0, "01.07.2026")
    assert "1 Jul 2026 already" in day.accessibleDescription()


def test_steps_levies_and_taxes_come_and_go(make_person: MakeWindow) -> None:
    person = on_page(make_person)
    editing(person)
    fields = page_of(person).editor.fields
    fields.adders[TariffField.STEPS].click()
    person.types("400")
    person.presses(Key.Key_Return)
    person.types("0.22")
    assert fields.form().steps == (("60", "0.1140"), ("150", "0.1570"), ("400", "0.22"), ("", "0.2240"))
    first = fields.groups[TariffField.STEPS][0].remove
    assert first is not None
    first.click()
    assert fields.form().steps == (("150", "0.1570"), ("400", "0.22"), ("", "0.2240"))
    fields.adders[TariffField.LEVIES].click()
    person.types("Light")
    person.presses(Key.Key_Return)
    person.types("0.002")
    assert fields.form().levies == (("Light", "0.002"),)
    tax = fields.groups[TariffField.TAXES][0].remove
    assert tax is not None
    tax.click()
    assert fields.form().taxes == ()
    assert page_of(person).sums.lines.rows, "the sums follow"


def test_a_code_that_is_taken_is_no_new_tariff(make_person: MakeWindow) -> None:
    """Else the second person would approve as new what changes the prices of 1412 supplies."""
    person = on_page(make_person)
    page = page_of(person)
    page.fresh.click()
    person.types("H2")
    page.sums.button.click()
    assert "this code already" in page.editor.sentence
    assert page.column.home is page.sums


def test_enter_leads_through_all_fields_and_each_comes_into_sight(make_person: MakeWindow) -> None:
    person = on_page(make_person)
    make_low(person.window)
    editing(person)
    last = page_of(person).editor.fields.field_of((TariffField.CONNECTION_FEE, 0))
    assert last.visibleRegion().isEmpty()
    for _ in range(40):
        if last.hasFocus():
            break
        person.presses(Key.Key_Return if isinstance(QApplication.focusWidget(), QLineEdit) else Key.Key_Tab)
    assert last.hasFocus()
    assert not last.visibleRegion().isEmpty()


def test_esc_steps_back_and_what_was_typed_waits(make_person: MakeWindow) -> None:
    person = on_page(make_person)
    page = page_of(person)
    approval(person)
    for home in (page.summary, page.sums, page.life):
        person.window.press("Esc")
        assert page.column.is_home
        assert page.column.home is home
    person.presses(Key.Key_Return)
    assert page.editor.fields.form().fixed == "2"
    person.window.press("Esc")
    person.window.press("Esc")
    assert person.window.shell.current == SETUP.key


def test_what_the_desk_refuses_is_said_where_it_was_confirmed(make_person: MakeWindow) -> None:
    person = on_page(make_person)
    summary(person)
    person.counter.refuses[PutTariff] = OperatorError(Code.TARIFF_EXISTS, tariff="H2", on=date(2026, 8, 1))
    person.presses(Key.Key_Return)
    page = page_of(person)
    person.waits_until(lambda: page.summary.note[0] == "bad")
    assert "1 Aug 2026 already" in page.summary.note[2]


def test_the_past_is_marked_and_no_cashier_has_a_door(make_person: MakeWindow) -> None:
    person = on_page(make_person)
    household(person)
    page = page_of(person)
    past = page.life.versions.rows[-1]
    assert page.life._standing(past) == PAST
    assert page.life._mark(past) == MARKS[PAST]
    person.window.setup.show_operator(values.PETRA)
    assert all(button.isHidden() for button in person.window.setup.doors.values())


def test_new_prices_say_what_they_are_held_against(make_person: MakeWindow) -> None:
    """With prices on their way the sums are beside those of today, and what changes beside those that come first."""
    person = on_page(make_person)
    page = page_of(person)
    changed(person)
    between = "now since 1 Oct 2025, next 1 Jul 2026"
    assert page.sums.remark == between
    assert page.sums.accessibleDescription().endswith(between)
    retypes(person, TariffField.VALID_FROM, 0, "2026-03-01")
    assert page.sums.remark == "now since 1 Oct 2025"
    retypes(person, TariffField.VALID_FROM, 0, "2026-08-01")
    page.sums.button.click()
    assert page.summary.remark == "beside those from 1 Jul 2026, to come"
    page.summary.button.click()
    person.waits_until(lambda: not page.column.approval.isHidden())
    deed = page.column.approval.deed
    assert deed is not None
    assert "2 changes beside those from 1 Jul 2026, to come. A household" in deed.sentence
