"""Where a day begins: what is open for each role, what is next, and where every button leads."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from tests.gui import scene, values
from tests.gui.conftest import MakeWindow, Person
from tests.gui.inspections import an_inspection
from tests.gui.looks import looked_at
from tests.gui.starts import ENDS
from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.ids import OperatorName, SaleId, SupplyNo
from vending_app.domain.people import Operator, Role
from vending_app.domain.start import CARED_FOR, OpenEnd, Todo
from vending_app.domain.verdict import Verdict
from vending_app.services.book_cases import ShowReversal
from vending_app.services.start_cases import ShowStart
from vending_app.services.supply_cases import ShowLife
from vending_app.services.use_cases import PrintReceipt
from vending_app.ui.begin.start_words import LOOKS, verb_of
from vending_app.ui.components.buttons import Button, Kind
from vending_app.ui.components.rail import CARDS, DAY, INSPECT, RECORDS, SELL, SHIFT, START, TOOLS
from vending_app.ui.doors import OPERATORS, TARIFFS
from vending_app.ui.pages.start_page import CALM, StartPage

RUTH = Operator(OperatorName("ruth"), "Ruth Amsel", Role.ADMINISTRATOR)
PEOPLE = {
    Role.CASHIER: values.ANA,
    Role.SUPERVISOR: values.DANIEL,
    Role.TECHNICIAN: values.PETRA,
    Role.ADMINISTRATOR: RUTH,
}
SECRETS = {Role.CASHIER: values.PIN, Role.SUPERVISOR: values.PIN}


def at_start(make: MakeWindow, role: Role, *, is_calm: bool = False, dark: bool = False) -> Person:
    """Somebody who has just logged in, and looks at what is open."""
    counter = scene.Counter(operators=(PEOPLE[role],), ends=() if is_calm else ENDS)
    counter.shift, counter.inspection = None, an_inspection()
    person = make(counter, dark=dark)
    person.logs_in(SECRETS.get(role, "open sesame"))
    if person.window.shell.current != START.key:
        person.window.press("Alt+Home")
    person.waits_until(lambda: page_of(person).shown)
    return person


def page_of(person: Person) -> StartPage:
    return person.window.rooms.start


def told(person: Person) -> list[OpenEnd]:
    """What is next, and all others that are open."""
    page = page_of(person)
    found = [row.what for row in page.open.rows or ()] + ([page.next.next.end] if page.next.next else [])
    return [end for end in found if isinstance(end, OpenEnd)]


@pytest.mark.parametrize("role", Role)
def test_each_role_is_told_what_it_can_do_something_about(
    make_person: MakeWindow, caplog: pytest.LogCaptureFixture, role: Role
) -> None:
    person = at_start(make_person, role, dark=role in {Role.SUPERVISOR, Role.CASHIER})
    assert {end.what for end in told(person)} == CARED_FOR[role]
    filled = [each for each in page_of(person).findChildren(Button) if each.kind is Kind.PRIMARY and each.isVisible()]
    assert filled == [page_of(person).next.button], "one next right step"
    looked_at(person.window, caplog, f"start-{role.value}")
    person.window.resize(1050, 590)
    looked_at(person.window, caplog, f"start-{role.value}-low")


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.TECHNICIAN])
def test_a_calm_day_says_so_and_leads_to_the_usual_work(
    make_person: MakeWindow, caplog: pytest.LogCaptureFixture, role: Role
) -> None:
    person = at_start(make_person, role, is_calm=True)
    page = page_of(person)
    assert page.open.rows == ()
    assert page.open.empty == CALM
    assert page.next.next is not None
    assert page.next.next.title == "Nothing needs you"
    looked_at(person.window, caplog, f"start-calm-{role.value}")
    person.presses(Qt.Key.Key_Return)
    assert person.window.shell.current == (DAY.key if role is Role.SUPERVISOR else "supplies")


def test_the_day_so_far_stands_beside_the_same_weekday_until_then(make_person: MakeWindow) -> None:
    person = at_start(make_person, Role.SUPERVISOR, is_calm=True)
    takings, sales, now, _ = (tile.told for tile in page_of(person).tiles)
    # Until 10:00: 412 + 820, where 455 + 775 is usual.
    assert (takings.name, takings.figure.replace("\u202f", ""), takings.beside) == (
        "Sold until 10:00",
        "1232.00",
        "as usual",
    )
    assert sales.figure == str(412 // 47 + 820 // 47)
    assert now.beside.startswith("usual Friday")


def test_a_cashier_begins_with_his_shift_and_somebody_with_a_queue_sells(make_person: MakeWindow) -> None:
    person = at_start(make_person, Role.CASHIER)
    assert page_of(person).next.button.text() == "Open the shift"
    person.presses(Qt.Key.Key_Return)
    assert person.window.shell.current == SHIFT.key


def test_whoever_has_a_shift_sells_at_once(make_person: MakeWindow) -> None:
    person = make_person(scene.Counter(operators=(values.DANIEL,)))
    person.logs_in()
    assert person.window.shell.current == SELL.key


LEADS = {
    Todo.DAY_OPEN: DAY.key,
    Todo.SHIFT_OPEN: SHIFT.key,
    Todo.ODD: DAY.key,
    Todo.LOCKED: OPERATORS,
    Todo.PREPARED: CARDS.key,
    Todo.BLANK_CARDS: RECORDS.key,
    Todo.TOOLS_OUT: TOOLS.key,
    Todo.ROUTE: INSPECT.key,
    Todo.TARIFF: TARIFFS,
    Todo.NEW_SECRET: OPERATORS,
}
ASKS = {
    Todo.WAITING: ShowReversal(SaleId("01HF7")),
    Todo.UNPRINTED: PrintReceipt(SaleId("01HF8")),
    Todo.ENDING: ShowLife(SupplyNo("00417726")),
}


def leads_where_it_should(person: Person, what: Todo) -> None:
    if what in ASKS:
        person.waits_until(lambda: ASKS[what] in person.counter.asked)
    else:
        person.waits_until(lambda: person.window.shell.current == LEADS[what])
        person.window.press("Alt+Home")


@pytest.mark.parametrize("role", Role)
def test_every_button_leads_somewhere(make_person: MakeWindow, role: Role) -> None:
    person = at_start(make_person, role)
    fault = EnvironmentFault(Code.LEDGER_UNAVAILABLE, path="x", reason="y")
    person.counter.refuses |= {type(asked): fault for asked in ASKS.values()}
    for end in told(person):
        if not verb_of(end, PEOPLE[role]):
            assert end.what is Todo.HEALTH or (end.what is Todo.TARIFF and role is Role.CASHIER)
            continue
        page_of(person).wanted.emit(end)
        leads_where_it_should(person, end.what)


def test_all_that_may_be_open_has_its_words() -> None:
    assert set(LOOKS) == set(Todo)
    assert {end.what for end in ENDS} == set(Todo)
    assert set().union(*CARED_FOR.values()) == set(Todo)


def test_the_bolt_is_home(make_person: MakeWindow) -> None:
    person = at_start(make_person, Role.SUPERVISOR, is_calm=True)
    person.window.go(SELL.key)
    assert not person.window.shell.rail.home.isChecked()
    person.window.shell.rail.home.click()
    assert person.window.shell.current == START.key
    assert person.window.shell.rail.home.isChecked()
    person.waits_until(lambda: len(person.asked(ShowStart)) == 2)


def test_a_card_that_goes_in_is_looked_at(make_person: MakeWindow) -> None:
    person = at_start(make_person, Role.TECHNICIAN, is_calm=True)
    person.puts_card_in(values.a_card(Verdict.BLANK))
    assert person.window.shell.current == SELL.key


def test_what_cannot_be_read_is_told(make_person: MakeWindow) -> None:
    person = at_start(make_person, Role.SUPERVISOR, is_calm=True)
    person.counter.refuses[ShowStart] = EnvironmentFault(Code.LEDGER_UNAVAILABLE, path="x", reason="y")
    person.window.press("Alt+Home")
    person.waits_until(lambda: "cannot be reached" in page_of(person).remark or "books" in page_of(person).remark)
