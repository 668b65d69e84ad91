"""The lowest window that there is, 1050 × 590: what a page shows there stands apart, and is high enough to be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QWidget

from tests.gui import days, inspections, test_begin, test_day, test_inspect
from tests.gui.conftest import MakeWindow, Person
from tests.gui.looks import keep, make_low, nothing_cut
from vending_app.domain.ids import DeskNo
from vending_app.domain.people import Role
from vending_app.services.day_cases import ShowDay
from vending_app.ui.books.act_card import NOTE
from vending_app.ui.components.surface import RING, Surface
from vending_app.ui.components.verb_rows import TO_FIRST
from vending_app.ui.counter_pages import LEAST
from vending_app.ui.day.share_cards import LOW_FIRST, LOW_ROW
from vending_app.ui.inspect.use_chart import LETTERS, MARKS_HIGH, YEARS


def made_low(person: Person, caplog: pytest.LogCaptureFixture, name: str) -> None:
    """As low and narrow as it may be, with nothing that is cut."""
    make_low(person.window)
    with nothing_cut(caplog):
        person.window.grab()
    keep(person.window, name)
    assert person.window.size() == LEAST


def place_of(card: QWidget, page: QWidget) -> QRect:
    return QRect(card.mapTo(page, QPoint()), card.size())


def stand_apart(page: QWidget, cards: Sequence[QWidget]) -> None:
    """Every card that is shown lies on the page, and none lies on another."""
    places = [(type(card).__name__, place_of(card, page)) for card in cards if card.isVisible()]
    assert [name for name, place in places if not page.rect().contains(place)] == []
    crossed = [(one[0], other[0]) for one, other in combinations(places, 2) if one[1].intersects(other[1])]
    assert crossed == []


def cards_of(page: QWidget) -> list[Surface]:
    return [card for card in page.findChildren(Surface) if card.isVisible()]


LOOKS = [False, True]


@pytest.mark.parametrize("dark", LOOKS)
def test_a_day_has_all_its_cards_tiles_and_desks(
    make_person: MakeWindow, caplog: pytest.LogCaptureFixture, dark: bool
) -> None:
    person = test_day.on_page(make_person, dark=dark)
    made_low(person, caplog, f"low-day-{'dark' if dark else 'light'}")
    page = person.window.rooms.day
    stand_apart(page, [*cards_of(page), page.next_desk, page.earlier, page.later, *page.verbs])
    assert all(tile.isVisible() for tile in page.tiles)
    assert page.hours.height() >= 150
    # A row for each of three cashiers, and their sum.
    assert min(page.cashiers.height(), page.tenders.height()) >= LOW_FIRST + 4 * LOW_ROW
    assert page.oddities.seen == 3


@pytest.mark.parametrize("dark", LOOKS)
def test_a_day_that_is_closed_says_what_it_means_beside_its_warning(
    make_person: MakeWindow, caplog: pytest.LogCaptureFixture, dark: bool
) -> None:
    person = test_day.on_page(make_person, dark=dark)
    person.window.rooms.day.close_day.click()
    made_low(person, caplog, f"low-closing-{'dark' if dark else 'light'}")
    card = person.window.rooms.day.column.card
    assert card.note[0] == "warn"
    assert card.button.geometry().bottom() + NOTE < card.height(), "else it stands in the place of what it means"
    assert card.button.content_width() + 2 * RING < card.button.width()


def test_one_button_goes_through_the_desks_where_the_switch_has_no_room(
    make_person: MakeWindow, caplog: pytest.LogCaptureFixture
) -> None:
    person = test_day.on_page(make_person)
    made_low(person, caplog, "low-desks")
    page = person.window.rooms.day
    told = ["All desks"]
    for _ in range(4):
        page.next_desk.click()
        person.waits_until(lambda: page.next_desk.text() != told[-1])
        told.append(page.next_desk.text())
    assert told[1:] == ["Desk 1", "Desk 2", "Desk 3", "All desks"]
    desks = (DeskNo(1), DeskNo(2), DeskNo(3), None)
    assert person.asked(ShowDay)[-4:] == [ShowDay(days.FRIDAY, desk) for desk in desks]


@pytest.mark.parametrize("dark", LOOKS)
def test_the_evidence_has_a_chart_that_can_be_read(
    make_person: MakeWindow, caplog: pytest.LogCaptureFixture, dark: bool
) -> None:
    person = test_inspect.on_page(make_person, inspections.an_inspection(), dark=dark)
    made_low(person, caplog, f"low-inspect-{'dark' if dark else 'light'}")
    page = person.window.rooms.inspect
    stand_apart(page, cards_of(page))
    # Between what rose and the months.
    assert page.evidence.chart_area.height() - MARKS_HIGH - LETTERS - YEARS >= 60
    for act in (test_inspect.found, lambda person: person.presses(Qt.Key.Key_End)):
        act(person)
        made_low(person, caplog, f"low-inspect-{act.__name__.strip('<>')}-{'dark' if dark else 'light'}")


@pytest.mark.parametrize("dark", LOOKS)
def test_a_supervisor_sees_what_is_open(make_person: MakeWindow, caplog: pytest.LogCaptureFixture, dark: bool) -> None:
    person = test_begin.at_start(make_person, Role.SUPERVISOR, dark=dark)
    made_low(person, caplog, f"low-start-{'dark' if dark else 'light'}")
    page = person.window.rooms.start
    stand_apart(page, cards_of(page))
    stand_apart(page.open, [*page.open.buttons, page.open.more])
    assert page.open.seen >= 5
    assert page.hours.height() >= 150


# --- what has no room ------------------------------------------------------------------------------------


def test_the_button_below_the_rows_goes_on_to_the_others_and_round(
    make_person: MakeWindow, caplog: pytest.LogCaptureFixture
) -> None:
    day = days.a_day(oddities=days.some_oddities()[:4])
    person = test_day.on_page(make_person, replace(day, oddities=(*day.oddities, *day.oddities)))
    made_low(person, caplog, "low-more")
    card = person.window.rooms.day.oddities
    told = [row.title for row in card.rows or ()]
    card.buttons[-1].setFocus()
    person.presses(Qt.Key.Key_Tab)
    seen = []
    for said in ("and 5 more", "and 2 more", TO_FIRST, "and 5 more"):
        assert card.more.hasFocus()
        assert card.more.text() == said
        seen.append([row.title for row in card.shown()])
        person.presses(Qt.Key.Key_Return)
    assert seen == [told[:3], told[3:6], told[6:], told[:3]]
    stand_apart(card, [*card.buttons, card.more, card.check])


def test_where_all_have_room_there_is_no_such_button(make_person: MakeWindow) -> None:
    assert test_day.on_page(
        make_person, days.a_day(oddities=days.some_oddities()[:2])
    ).window.rooms.day.oddities.more.isHidden()
