"""The set-up page: every choice by keyboard, at once, said, and undone by choosing again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget

from tests.gui import scene, values
from tests.gui.conftest import MakeWindow, Person, shown_texts
from tests.gui.looks import make_low
from vending_app.cardio import dialects as cardio_dialects
from vending_app.domain.allowance import Allowance, Grant, SignedGrant
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.ids import DeskNo, ReaderName
from vending_app.domain.money import Money
from vending_app.ports import ReaderState
from vending_app.services.choices import QUICK_AMOUNTS, ChangeSettings, DeskChoices, DeskSettings
from vending_app.services.desk_settings import Unkept
from vending_app.services.practice_cases import PracticeAct
from vending_app.services.use_cases import ShowDesk
from vending_app.ui.pages import setup_page
from vending_app.ui.pages.setup_page import SetupPage, printer_options, reader_options
from vending_app.window import ChosenReaders

TOLD = DeskSettings(DeskChoices(less_motion=True), values.PRINTERS, (values.READER,))
GROUND = QPoint(700, 60)


@pytest.fixture
def supervisor(make_person: MakeWindow) -> Person:
    """Before the set-up page, reached by keyboard."""
    person = make_person(scene.Counter(operators=(values.DANIEL,), settings=TOLD))
    person.logs_in()
    item = next(each for each in person.window.shell.rail._items if each.text() == "Set-up")
    tab_to(person, item)
    person.presses(Qt.Key.Key_Return)
    person.waits_until(lambda: page_of(person).settings)
    return person


def page_of(person: Person) -> SetupPage:
    return person.window.setup


def tab_to(person: Person, wanted: QWidget) -> None:
    """Tab until the focus is there."""
    for _ in range(40):
        if QApplication.focusWidget() is wanted:
            return
        person.presses(Qt.Key.Key_Tab)
    raise AssertionError(f"the tab key does not lead to {wanted.accessibleName()}")


def chosen(person: Person) -> DeskChoices:
    return person.counter.settings.chosen


def said(person: Person) -> list[str]:
    return [note.title for note in person.window.shell.toasts.notes]


def changes(person: Person) -> list[object]:
    return person.asked(ChangeSettings)


def test_a_printer_is_chosen_with_arrow_and_enter_said_and_marked(supervisor: Person) -> None:
    assert page_of(supervisor).printers.hasFocus(), "the first list has the cursor"
    supervisor.presses(Qt.Key.Key_Down)
    assert changes(supervisor) == [], "looking chooses nothing"
    supervisor.presses(Qt.Key.Key_Return)
    supervisor.waits_until(lambda: said(supervisor))
    assert said(supervisor) == ["Printer: Front printer"]
    assert chosen(supervisor).printer == "Front printer"
    assert "Front printer, chosen" in shown_texts(page_of(supervisor))


def test_choosing_again_undoes_it_and_choosing_the_same_asks_nothing(supervisor: Person) -> None:
    supervisor.presses(Qt.Key.Key_Down)
    supervisor.presses(Qt.Key.Key_Space)
    supervisor.waits_until(lambda: chosen(supervisor).printer)
    supervisor.waits_until(lambda: said(supervisor))
    supervisor.presses(Qt.Key.Key_Return)
    supervisor.presses(Qt.Key.Key_Up)
    supervisor.presses(Qt.Key.Key_Return)
    supervisor.waits_until(lambda: said(supervisor) == ["Receipts go to the folder"])
    assert changes(supervisor) == [ChangeSettings(printer="Front printer"), ChangeSettings(printer="")]


def test_a_cursor_that_leaves_the_list_stands_on_the_chosen_row_again(supervisor: Person) -> None:
    printers = page_of(supervisor).printers
    supervisor.presses(Qt.Key.Key_Down)
    supervisor.presses(Qt.Key.Key_Tab)
    assert printers.currentIndex().row() == 0


def test_a_reader_is_chosen_and_stays_chosen_when_it_is_unplugged(supervisor: Person) -> None:
    tab_to(supervisor, page_of(supervisor).readers)
    supervisor.presses(Qt.Key.Key_Down)
    supervisor.presses(Qt.Key.Key_Return)
    supervisor.waits_until(lambda: said(supervisor) == ["Reader: Front reader"])
    supervisor.counter.settings = replace(supervisor.counter.settings, readers=())
    supervisor.hand.unplug()
    supervisor.waits_until(lambda: "Front reader, not connected" in shown_texts(page_of(supervisor)))


def test_how_the_reader_is_spoken_to_is_chosen_and_said(supervisor: Person) -> None:
    tab_to(supervisor, page_of(supervisor).dialect._segments[0])
    supervisor.presses(Qt.Key.Key_Right)
    supervisor.waits_until(lambda: said(supervisor) == ["The reader is spoken to: ACS"])
    supervisor.presses(Qt.Key.Key_Right)
    supervisor.waits_until(lambda: said(supervisor)[-1:] == ["The reader is spoken to: Old ACR38"])
    assert changes(supervisor) == [ChangeSettings(dialect="acs"), ChangeSettings(dialect="acs-old")]


def test_what_is_done_where_no_tries_are_told_is_chosen_with_what_it_risks(supervisor: Person) -> None:
    untold = page_of(supervisor).untold
    assert untold.key is False, "nobody takes a risk that he did not choose"
    assert "lost two tries somewhere else is lost" in untold.accessibleDescription()
    tab_to(supervisor, untold._segments[0])
    supervisor.presses(Qt.Key.Key_Right)
    supervisor.waits_until(lambda: said(supervisor) == ["No tries told: by the books"])
    assert page_of(supervisor).reader_card.is_risked
    supervisor.presses(Qt.Key.Key_Left)
    supervisor.waits_until(lambda: said(supervisor)[-1:] == ["No tries told: refused"])
    assert not page_of(supervisor).reader_card.is_risked
    assert changes(supervisor) == [ChangeSettings(tries_from_books=True), ChangeSettings(tries_from_books=False)]


def test_every_dialect_that_a_desk_speaks_is_on_the_page() -> None:
    assert set(setup_page.DIALECTS) == {"", *cardio_dialects.DIALECTS}


def test_dark_dresses_the_whole_window_at_once_and_light_undoes_it(supervisor: Person) -> None:
    window, colours = supervisor.window, page_of(supervisor).colours
    tab_to(supervisor, colours._segments[0])
    before = window.grab().toImage()
    supervisor.presses(Qt.Key.Key_Right)
    supervisor.waits_until(lambda: window.look.is_dark)
    assert said(supervisor) == ["Dark colours"]
    assert window.grab().toImage().pixelColor(GROUND).lightness() < 60
    supervisor.presses(Qt.Key.Key_Left)
    supervisor.waits_until(lambda: not window.look.is_dark)
    window.shell.toasts.clear()
    assert window.grab().toImage() == before


def test_a_window_that_became_dark_looks_like_one_that_was_opened_dark(make_person: MakeWindow) -> None:
    pictures = []
    for began_dark in (False, True):
        person = make_person(practice=True, dark=began_dark)
        person.logs_in()
        person.waits_until(partial(person.asked, PracticeAct))
        # What is asked is not yet answered: both are looked at when the dock and the page know everything.
        dock = person.window.shell.dock
        assert dock is not None
        person.waits_until(partial(getattr, dock, "state"))
        person.window.grab()
        person.window.dress(DeskChoices(dark=True, less_motion=True))
        pictures.append(person.window.grab().toImage())
    assert pictures[0] == pictures[1]


def test_every_widget_of_the_window_wears_the_one_look(supervisor: Person) -> None:
    looks = {id(widget.look) for widget in supervisor.window.findChildren(QWidget) if hasattr(widget, "look")}
    assert looks == {id(supervisor.window.look)}


def test_motion_is_chosen(supervisor: Person) -> None:
    tab_to(supervisor, page_of(supervisor).motion._segments[1])
    supervisor.presses(Qt.Key.Key_Left)
    supervisor.waits_until(lambda: not supervisor.window.look.less_motion)
    assert said(supervisor) == ["Usual motion"]


def type_quick(person: Person, at: int, text: str) -> None:
    field = page_of(person).quick.fields[at]
    tab_to(person, field)
    field.selectAll()
    person.types(text)


def test_quick_amounts_stand_on_the_sell_page_after_enter(supervisor: Person) -> None:
    type_quick(supervisor, 0, "2,50")
    type_quick(supervisor, 4, "250")
    supervisor.presses(Qt.Key.Key_Return)
    buttons = supervisor.window.sell.amount.quick_buttons
    supervisor.waits_until(lambda: [button.text() for button in buttons] == ["2.50", "20", "30", "50", "250"])
    assert chosen(supervisor).quick_amounts == (Money(250), *QUICK_AMOUNTS[1:4], Money(25_000))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "This is not a number."),
        ("1.2.3", "This is not a number."),
        ("0", "The amount must be above zero."),
        ("2.505", "At most 2 decimals."),
        ("10000", "The most is 9\u202f999.99."),
    ],
)
def test_a_wrong_amount_gets_the_red_field_and_its_sentence_and_nothing_is_kept(
    supervisor: Person, text: str, sentence: str
) -> None:
    quick = page_of(supervisor).quick
    type_quick(supervisor, 2, text)
    if not text:
        supervisor.presses(Qt.Key.Key_Backspace)
    supervisor.presses(Qt.Key.Key_Return)
    assert [field.wrong for field in quick.fields] == ["", "", sentence, "", ""]
    assert quick.sentence == sentence
    assert changes(supervisor) == []
    quick.fields[2].selectAll()
    supervisor.types("40")
    assert quick.sentence == "", "a right one takes the sentence away while it is typed"


def test_amounts_that_are_being_typed_survive_another_choice(supervisor: Person) -> None:
    type_quick(supervisor, 1, "0")
    tab_to(supervisor, page_of(supervisor).printers)
    supervisor.presses(Qt.Key.Key_Down)
    supervisor.presses(Qt.Key.Key_Return)
    supervisor.waits_until(lambda: said(supervisor))
    assert page_of(supervisor).quick.fields[1].text() == "0"


def test_what_was_not_kept_is_said_and_the_page_shows_what_holds(supervisor: Person) -> None:
    supervisor.counter.refuses = {ChangeSettings: EnvironmentFault(Code.FILE_UNREADABLE, path="settings.json")}
    tab_to(supervisor, page_of(supervisor).colours._segments[0])
    supervisor.presses(Qt.Key.Key_Right)
    supervisor.waits_until(lambda: said(supervisor) == ["Not kept"])
    assert page_of(supervisor).colours.key is False
    assert not supervisor.window.look.is_dark


def test_escape_leads_back_to_selling(supervisor: Person) -> None:
    supervisor.presses(Qt.Key.Key_Escape)
    assert supervisor.window.shell.current == "sell"


def test_the_status_bar_is_asked_for_anew_after_a_choice(supervisor: Person) -> None:
    before = len(supervisor.asked(ShowDesk))
    supervisor.presses(Qt.Key.Key_Down)
    supervisor.presses(Qt.Key.Key_Return)
    supervisor.waits_until(lambda: len(supervisor.asked(ShowDesk)) > before)


# --- what there is to choose from --------------------------------------------------------------------------


def test_a_chosen_printer_that_is_gone_is_still_a_row() -> None:
    gone = replace(TOLD, chosen=DeskChoices(printer="Attic"))
    assert [(o.name, o.is_there, o.is_chosen) for o in printer_options(gone)][1:] == [
        ("Front printer", True, False),
        ("Office LaserJet 4250", True, False),
        ("Attic", False, True),
    ]


def test_the_practice_counter_prints_to_the_screen_and_offers_nothing_else() -> None:
    options = printer_options(replace(TOLD, has_printers=False))
    assert [(option.name, option.is_chosen) for option in options] == [("The screen", True)]


def test_a_part_of_a_name_from_the_command_line_is_shown_as_such() -> None:
    part = replace(TOLD, chosen=DeskChoices(reader="front"))
    assert [(o.name, o.is_there) for o in reader_options(part) if o.is_chosen] == [
        ("Any with “front” in its name", True)
    ]


# --- the watcher hears the choice --------------------------------------------------------------------------


class Readers:
    """Two readers, the second with a card in it; counts nothing, waits for nothing."""

    states = (ReaderState(ReaderName("Front"), False), ReaderState(ReaderName("Back"), True))

    def watch(self, known: tuple[ReaderState, ...], *, timeout_ms: int) -> tuple[ReaderState, ...]:
        return self.states


def test_only_the_chosen_reader_is_seen_and_another_choice_is_seen_at_once() -> None:
    desk = Unkept(DeskChoices(reader="front"))
    watcher = ChosenReaders(Readers(), desk)  # type: ignore[arg-type]
    seen = watcher.watch(())
    assert seen == Readers.states[:1]
    desk.keep(DeskChoices(reader="Back"))
    seen = watcher.watch(seen)
    assert seen == Readers.states[1:]
    desk.keep(DeskChoices())
    assert watcher.watch(seen) == Readers.states
    desk.keep(DeskChoices(reader="unplugged"))
    assert watcher.watch(Readers.states) == ()


def test_in_the_lowest_window_every_choice_is_in_sight(supervisor: Person) -> None:
    make_low(supervisor.window)
    page = page_of(supervisor)
    choices = (page.colours, page.motion, page.printers, page.readers, page.dialect, page.untold)
    for widget in (*page.quick.fields, *choices):
        assert widget.visibleRegion().boundingRect().height() == widget.height(), widget.accessibleName()


def test_the_page_says_what_this_desk_may_still_sell(make_person: MakeWindow) -> None:
    grant = Grant(7, DeskNo(1), 2, Energy(500_000), date(2026, 12, 31), datetime(2026, 11, 1, tzinfo=UTC))
    told = replace(TOLD, allowance=Allowance(SignedGrant(grant, bytes(64)), Energy(180_000)))
    person = make_person(scene.Counter(operators=(values.DANIEL,), settings=told))
    person.logs_in()
    item = next(each for each in person.window.shell.rail._items if each.text() == "Set-up")
    tab_to(person, item)
    person.presses(Qt.Key.Key_Return)
    person.waits_until(lambda: page_of(person).settings)
    assert page_of(person).remark == "This desk may sell 320.00 kWh more, until 31 Dec 2026."


def test_a_desk_that_is_not_limited_says_nothing_of_it(supervisor: Person) -> None:
    assert page_of(supervisor).remark == "Every choice holds at once and is kept."
