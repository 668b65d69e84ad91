"""The page of a card's details: by keyboard, in both looks, down to each byte; mended by two, exported for support."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from tests.gui import details, scene, values
from tests.gui.conftest import MakeWindow, Person
from tests.gui.looks import keep, looked_at, make_low
from vending_app.domain.card import ImageState
from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.verdict import Verdict
from vending_app.services.diagnosis_cases import DiagnoseCard, Diagnosis, RepairCard
from vending_app.services.people_cases import GrantApproval
from vending_app.ui.components.rail import TOOLS
from vending_app.ui.details_flow import DETAILS
from vending_app.ui.pages.details_page import DetailsPage, Part

Key = Qt.Key


def page_of(person: Person) -> DetailsPage:
    return person.window.details


def on_page(make: MakeWindow, found: Diagnosis, **how: bool) -> Person:
    """Petra opens the details of the card in the reader from the page of the tool cards."""
    counter = scene.Counter(operators=(values.PETRA, values.DANIEL), card=found.reading)
    counter.diagnosis = found
    person = make(counter, card_is_in=True, **how)
    person.logs_in()
    person.window.go(TOOLS.key)
    person.window.tools.details.click()
    person.waits_until(lambda: person.window.shell.current == DETAILS)
    return person


STATES: dict[str, Callable[[], Diagnosis]] = {
    "good": lambda: details.looked_at(values.a_card()),
    "behind": lambda: details.looked_at(details.torn(), made=details.TORN, lacks=True),
    "tool": lambda: details.looked_at(values.a_card(Verdict.NOT_A_CUSTOMER_CARD), made=details.CHECK),
    "blank": lambda: details.looked_at(values.a_card(Verdict.BLANK)),
    "foreign": lambda: details.looked_at(values.a_card(Verdict.NOT_OURS)),
    "nameless": details.nameless,
    "desfire": details.remembering,
    "desfire unknown": lambda: details.remembering(lacks=True),
    "closed": details.closed,
    "unreadable": lambda: details.looked_at(values.a_card(Verdict.UNREADABLE)),
}
LONG: dict[str, Callable[[], Diagnosis]] = {
    "arabic name": lambda: details.named(details.ARABIC),
    "latin name": lambda: details.named(details.LATIN),
    "one word": lambda: details.named(details.ONE_WORD),
    "differing": lambda: details.named(details.LATIN, differing=8),
    "longest": details.longest,
    "waiting": details.waiting,
    "issue waiting": lambda: details.waiting(ImageState.BLANK),
    "half made": details.half_made,
}
"""What takes more room than it is given as a rule."""


@pytest.mark.parametrize(("state", "dark"), [(state, at % 2 == 1) for at, state in enumerate(STATES)])
def test_no_text_is_cut(make_person: MakeWindow, caplog: pytest.LogCaptureFixture, state: str, dark: bool) -> None:
    person = on_page(make_person, STATES[state](), dark=dark)
    looked_at(person.window, caplog, f"details-{state}-{'dark' if dark else 'light'}")


@pytest.mark.parametrize(("state", "dark"), [(state, at % 2 == 1) for at, state in enumerate(LONG)])
def test_no_long_text_is_cut(make_person: MakeWindow, caplog: pytest.LogCaptureFixture, state: str, dark: bool) -> None:
    person = on_page(make_person, LONG[state](), dark=dark)
    looked_at(person.window, caplog, f"details-{state}-{'dark' if dark else 'light'}")
    make_low(person.window)
    facts = page_of(person).facts
    bar = facts.area.verticalScrollBar()
    person.waits_until(lambda: bar.isVisible() == (facts.body.height() > facts.area.height()))
    looked_at(person.window, caplog, f"details-low-{state}-{'dark' if dark else 'light'}")


def test_what_has_no_room_in_the_lowest_window_is_scrolled_to(make_person: MakeWindow) -> None:
    person = on_page(make_person, details.longest())
    page = page_of(person)
    facts, bar = page.facts, page.facts.area.verticalScrollBar()
    assert (details.ARABIC in facts.body.sentence, bar.maximum(), facts.focusPolicy()) == (
        True,
        0,
        Qt.FocusPolicy.NoFocus,
    )
    make_low(person.window)
    assert "…" in facts.body.sentence, "the name is shortened before anything has to be scrolled to"
    assert facts.body.sentence.endswith("purchases, write-back, past orders.")
    assert details.ARABIC in facts.accessibleDescription()
    while not facts.hasFocus():
        person.presses(Key.Key_Tab)
    person.presses(Key.Key_End)
    assert bar.value() + facts.area.height() == facts.body.height()
    keep(person.window, "details-low-longest-end-light")
    person.presses(Key.Key_PageUp)
    person.window.press("F5")
    person.waits_until(lambda: bar.value() == 0)


def test_a_word_that_is_longer_than_a_line_is_shortened(make_person: MakeWindow) -> None:
    page = page_of(on_page(make_person, LONG["one word"]()))
    assert "Donaudampf" in page.facts.body.sentence
    assert details.ONE_WORD not in page.facts.body.sentence


@pytest.mark.parametrize(
    ("state", "says", "remark"),
    [
        ("nameless", "compared once the header is written again", ""),
        ("blank", "know nothing of this card", ""),
        ("tool", "on page Tools", ""),
        ("unreadable", "could be read", ""),
        ("closed", "", ""),
        ("good", "", "equal"),
        ("behind", "", "3 differ"),
        ("waiting", "", "not finished"),
        ("issue waiting", "is compared once", ""),
    ],
)
def test_beside_the_books_stands_what_is_true(make_person: MakeWindow, state: str, says: str, remark: str) -> None:
    beside = page_of(on_page(make_person, (STATES | LONG)[state]())).beside
    assert (says in beside.why_not, bool(says) == bool(beside.why_not), beside.remark) == (True, True, remark)


def test_what_a_card_remembers_has_room_in_the_lowest_window(
    make_person: MakeWindow, caplog: pytest.LogCaptureFixture
) -> None:
    person = on_page(make_person, details.remembering(lacks=True))
    make_low(person.window)
    page = page_of(person)
    page.parts.choose(Part.BOOKS)
    page.parts.chosen.emit(Part.BOOKS)
    looked_at(person.window, caplog, "details-low-desfire-light")
    assert [which for which, *_ in page.beside.past] == [f"Order {number}" for number in range(28, 22, -1)]
    assert "Order 28" not in dict(page.facts.facts)
    person.window.resize(1366, 768)
    assert page.beside.past == ()
    assert dict(page.facts.facts)["Order 28"] == "214.73 kWh, 14 Nov 2025"


def test_in_the_lowest_window_everything_is_there(make_person: MakeWindow, caplog: pytest.LogCaptureFixture) -> None:
    person = on_page(make_person, STATES["behind"](), dark=True)
    make_low(person.window)
    page = page_of(person)
    cards = {Part.FIELDS: page.fields_card, Part.BYTES: page.bytes, Part.BOOKS: page.beside}
    for part, card in cards.items():
        page.parts.chosen.emit(part)
        looked_at(person.window, caplog, f"details-low-{part.value.lower()}-dark")
        assert [each for each in cards.values() if each.isVisible()] == [card]


def test_a_field_is_found_among_the_bytes_and_a_byte_among_the_fields(make_person: MakeWindow) -> None:
    person = on_page(make_person, STATES["good"]())
    page = page_of(person)
    assert page.table.hasFocus()
    for _ in range(3):
        person.presses(Key.Key_Down)
    assert page.rows.rows[page.bytes.chosen].name == "utility"
    cell = page.bytes._cell(0x71)
    QTest.mouseClick(page.bytes, Qt.MouseButton.LeftButton, pos=QPointF(cell.center()).toPoint())
    chosen = page.rows.rows[page.table.currentIndex().row()]
    assert (chosen.place, chosen.name, chosen.value) == ("B", "meter", "000012345678")


def test_the_order_is_written_again_with_a_second_persons_word(make_person: MakeWindow) -> None:
    person = on_page(make_person, STATES["behind"]())
    page = page_of(person)
    page.repair.click()
    assert not page.repair.isEnabled()
    page.column.card.button.click()
    person.waits_until(lambda: not page.column.approval.isHidden())
    person.counter.diagnosis = STATES["good"]()
    person.types(values.PIN)
    person.presses(Key.Key_Return)
    person.waits_until(lambda: page.found is not None and page.found.repair is None)
    assert page.column.is_home
    [approved] = person.asked(GrantApproval)
    assert isinstance(approved, GrantApproval)
    behind = STATES["behind"]().repair
    assert behind is not None
    wanted = RepairCard(behind.id, values.READER)
    assert approved.request == wanted
    assert [replace(asked, approval=None) for asked in person.asked(RepairCard)] == [wanted] * 2  # type: ignore[type-var]
    assert not page.repair.isEnabled()


def test_a_lost_header_is_written_again_by_the_same_button(make_person: MakeWindow) -> None:
    person = on_page(make_person, STATES["nameless"]())
    page = page_of(person)
    assert page.repair.text() == "Write the header again"
    page.repair.click()
    assert page.column.card.title == "Write the header again"
    page.column.card.button.click()
    person.waits_until(lambda: not page.column.approval.isHidden())
    assert "header of card" in page.column.approval.deed.sentence  # type: ignore[union-attr]
    person.counter.diagnosis = STATES["behind"]()
    person.types(values.PIN)
    person.presses(Key.Key_Return)
    person.waits_until(lambda: page.repair.text() == "Write the order again")


def test_escape_steps_back_from_the_act_and_then_from_the_page(make_person: MakeWindow) -> None:
    person = on_page(make_person, STATES["behind"]())
    page = page_of(person)
    page.repair.click()
    person.window.press("Esc")
    assert page.column.is_home
    assert page.repair.isEnabled()
    person.window.press("Esc")
    assert person.window.shell.current == TOOLS.key


def test_f5_looks_at_the_card_again(make_person: MakeWindow) -> None:
    person = on_page(make_person, STATES["good"]())
    person.counter.diagnosis = STATES["behind"]()
    person.window.press("F5")
    person.waits_until(page_of(person).repair.isEnabled)
    assert len(person.asked(DiagnoseCard)) == 2


def test_without_a_card_it_says_so_and_stays_where_it_is(make_person: MakeWindow) -> None:
    person = make_person(scene.Counter(operators=(values.PETRA,)))
    person.logs_in()
    person.window.go(TOOLS.key)
    person.counter.refuses[DiagnoseCard] = EnvironmentFault(Code.READER_NONE)
    person.window.tools.details.click()
    person.waits_until(lambda: person.window.shell.toasts.notes)
    assert person.window.shell.current == TOOLS.key
    assert person.window.shell.toasts.notes[-1].title == "No card reader is connected."


def test_a_file_for_support_names_nobody(make_person: MakeWindow, tmp_path: Path) -> None:
    person = on_page(make_person, STATES["good"]())
    target = tmp_path / "card.json"
    person.window.rooms.details_flow.ask = lambda _, name: str(target) if name.startswith("Card-2025") else ""
    page_of(person).support.click()
    told = json.loads(target.read_text("utf-8"))
    assert told["chip"] == "SLE4442"
    assert values.CARD not in target.read_text("utf-8")
    assert person.window.shell.toasts.notes[-1].title == "Saved"
