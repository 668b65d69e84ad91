"""The operators page: entered, changed and locked by keyboard, each with its history, and no secret left in a field."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from tests.gui import scene, values
from tests.gui.conftest import MakeWindow, Person
from tests.gui.looks import make_low, nothing_cut, painted
from tests.gui.tariffs import IRENE
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import OperatorName
from vending_app.domain.people import Operator, Role
from vending_app.services.people_cases import AddOperator, ChangeOperator, LockOperator, ResetSecret
from vending_app.ui.components.rail import SETUP
from vending_app.ui.doors import OPERATORS
from vending_app.ui.pages.operators_page import OperatorsPage

Key = Qt.Key
LONG = Operator(
    OperatorName("featherstonehaugh"),
    "Wilhelmina Alexandra Featherstonehaugh-Cholmondeley",
    Role.TECHNICIAN,
    is_active=False,
)
NEW = replace(values.BEN, must_change=True)
PHRASE = "the ferry leaves at noon"


def on_page(make: MakeWindow, **how: bool) -> Person:
    """Irene, the administrator, before her people."""
    person = make(scene.Counter(operators=(IRENE, values.ANA, NEW, values.DANIEL, values.PETRA, LONG)), **how)
    person.logs_in("open sesame")
    person.window.go(SETUP.key)
    door = next(button for door, button in person.window.setup.doors.items() if door.key == OPERATORS)
    door.setFocus()
    person.presses(Key.Key_Return)
    person.waits_until(lambda: page_of(person).people.rows)
    return person


def page_of(person: Person) -> OperatorsPage:
    return person.window.rooms.operators


def told(person: Person) -> list[tuple[str, str, str]]:
    """The history of the chosen one: what, the difference, by whom."""
    return [(each.title, each.detail, each.who) for each in page_of(person).card.history.rows]


@pytest.mark.parametrize("is_low", [False, True])
def test_no_text_is_cut(make_person: MakeWindow, caplog: pytest.LogCaptureFixture, is_low: bool) -> None:
    person = on_page(make_person, dark=is_low)
    page = page_of(person)
    if is_low:
        make_low(person.window)
    with nothing_cut(caplog):
        person.presses(Key.Key_Down)
        page.change.click()
        painted(person.window, "operators-change", is_low=is_low)
        page.column.card.button.click()
        page.column.card.reference.setText("Ana Moreau-Lind")
        page.column.card.button.click()
        person.waits_until(lambda: told(person))
        painted(person.window, "operators-history", is_low=is_low)
        for name, verb in (("secret", page.secret), ("lock", page.lock), ("new", page.enter)):
            verb.click()
            painted(person.window, f"operators-{name}", is_low=is_low)
            if name == "new":
                page.column.card.button.click()
                person.types("maria")
                person.presses(Key.Key_Return)
                person.types("Maria Osei")
                painted(person.window, "operators-names", is_low=is_low)
                person.presses(Key.Key_Return)
                person.types("482915")
                person.presses(Key.Key_Return)
                person.presses(Key.Key_Return)
                painted(person.window, "operators-first-secret", is_low=is_low)
            person.window.press("Esc")
        page.table.selectRow([one.name for one in page.people.rows].index(values.DANIEL.name))
        page.lock.click()
        painted(person.window, "operators-lock-approver", is_low=is_low)
        assert "Somebody else" in page.column.card.note[2], "before nobody can unlock him"


# --- what an administrator does --------------------------------------------------------------------------


def test_somebody_new_is_entered_by_keyboard_and_no_secret_stays(make_person: MakeWindow) -> None:
    person = on_page(make_person)
    page, card = page_of(person), page_of(person).column.card
    page.enter.click()
    person.presses(Key.Key_Down)
    person.presses(Key.Key_Return)
    for text in ("ana", "Maria Osei"):
        person.types(text)
        person.presses(Key.Key_Return)
    assert "ana" in card.note[2], "said before a secret is typed"
    card.reference.setFocus()
    card.reference.selectAll()
    for text in ("maria", "", PHRASE, "another"):
        person.types(text)
        person.presses(Key.Key_Return)
    assert "not the same" in card.note[2]
    assert (card.secret.text(), card.again.text()) == ("", "")
    assert card.secret.hasFocus()
    assert person.asked(AddOperator) == []
    for text in (PHRASE, PHRASE):
        person.types(text)
        person.presses(Key.Key_Return)
    person.waits_until(lambda: page.chosen and page.chosen.name == "maria" and told(person))
    assert person.asked(AddOperator) == [AddOperator(OperatorName("maria"), "Maria Osei", Role.SUPERVISOR, PHRASE)]
    assert (card.secret.text(), card.again.text()) == ("", "")
    assert PHRASE not in repr(page.column.deed)
    assert told(person) == [("Entered", "Maria Osei, supervisor", "Irene Sato")]
    assert OperatorName("maria") in {each.name for each in person.window.people}, "she may approve from now on"


def test_a_change_is_told_with_before_and_after(make_person: MakeWindow) -> None:
    person = on_page(make_person)
    person.presses(Key.Key_Down)
    for _ in range(2):
        person.presses(Key.Key_Return)
        person.presses(Key.Key_Down)
    person.presses(Key.Key_Return)
    person.waits_until(lambda: told(person))
    assert person.asked(ChangeOperator) == [ChangeOperator(values.ANA.name, role=Role.SUPERVISOR)]
    assert told(person) == [("Changed", "Role: cashier → supervisor", "Irene Sato")]


def test_what_the_rules_refuse_is_said_where_it_was_asked(make_person: MakeWindow) -> None:
    person = on_page(make_person)
    person.counter.refuses[LockOperator] = OperatorError(Code.OPERATOR_LAST, name=IRENE.name)
    page = page_of(person)
    page.lock.click()
    page.column.card.button.click()
    person.waits_until(lambda: page.column.card.note[0] == "bad")
    person.counter.refuses.clear()
    person.window.press("Esc")
    page.table.selectRow(5)
    assert page.lock.text() == "Unlock"
    page.lock.click()
    page.column.card.button.click()
    person.waits_until(lambda: page.lock.text() == "Lock" and told(person))
    assert told(person)[0][1] == "May log in: no → yes"


def test_a_secret_half_typed_is_gone_when_the_desk_is_left(make_person: MakeWindow) -> None:
    person = on_page(make_person)
    page = page_of(person)
    page.secret.click()
    person.types(PHRASE)
    person.window.lock()
    assert page.column.card.secret.text() == ""
    assert person.asked(ResetSecret) == []


def test_only_an_administrator_has_this_door(make_person: MakeWindow) -> None:
    person = on_page(make_person)
    setup = person.window.setup
    setup.show_operator(values.DANIEL)
    assert [door.key for door, button in setup.doors.items() if not button.isHidden()] == ["office", "tariffs", "keys"]
