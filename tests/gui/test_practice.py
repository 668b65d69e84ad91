"""The practice counter: unmistakable, and its dock does what its labels say."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from tests.gui import scene, values
from tests.gui.conftest import MakeWindow, Person
from vending_app.domain.display import DisplayPage
from vending_app.services.practice_cases import CardFault, PracticeAct, TrayCard


@pytest.fixture
def trainee(make_person: MakeWindow) -> Person:
    """A cashier at the practice counter."""
    person = make_person(scene.Counter(practice_pin=values.PIN), practice=True)
    person.logs_in()
    return person


def test_practice_stands_in_the_title_the_band_and_the_status_bar(trainee: Person) -> None:
    assert trainee.window.windowTitle().startswith("PRACTICE")
    assert trainee.window.frame is not None
    assert trainee.window.frame.accessibleName().startswith("PRACTICE")
    assert trainee.window.shell.status.marks[2].text == "Practice books"


def test_the_counter_itself_has_no_dock_and_no_frame(person: Person) -> None:
    assert person.window.frame is None
    assert person.window.shell.dock is None
    assert "PRACTICE" not in person.window.windowTitle()


def test_a_card_of_the_tray_is_put_in_by_keyboard(trainee: Person) -> None:
    dock = trainee.window.shell.dock
    assert dock is not None
    trainee.waits_until(lambda: dock.state)
    dock.tray._buttons[1].setFocus()
    trainee.presses(Qt.Key.Key_Return)
    trainee.waits_until(lambda: dock.state and dock.state.in_reader == "bakery")
    dock.pull.setFocus()
    trainee.presses(Qt.Key.Key_Return)
    trainee.waits_until(lambda: dock.state and dock.state.in_reader is None)


def test_the_meter_shows_what_it_credited(trainee: Person) -> None:
    dock = trainee.window.shell.dock
    assert dock is not None
    trainee.waits_until(lambda: dock.state)
    assert dock.device.page == DisplayPage("REMAINING", "0018.40", "kWh")
    dock.to_meter.click()
    trainee.waits_until(lambda: dock.device.page == DisplayPage("CREDITED", "0214.28", "kWh"))


def test_faults_and_load_are_asked_for(trainee: Person) -> None:
    dock = trainee.window.shell.dock
    assert dock is not None
    trainee.waits_until(lambda: dock.state)
    dock.card_fault.setFocus()
    trainee.presses(Qt.Key.Key_Right)
    trainee.presses(Qt.Key.Key_Space)
    dock.paper.click()
    dock.slider.setFocus()
    trainee.presses(Qt.Key.Key_Right)
    trainee.waits_until(lambda: dock.state and dock.state.load_w == 2000)
    assert dock.state is not None
    assert (dock.state.faults.card is CardFault.TORN, dock.state.faults.is_paper_out) == (True, True)


def test_time_passes_in_the_meter_one_tick_at_a_time(trainee: Person) -> None:
    dock = trainee.window.shell.dock
    assert dock is not None
    trainee.waits_until(lambda: dock.state)
    dock._tick.stop()
    before = len(trainee.asked(PracticeAct))
    dock._is_waiting = False
    dock._on_tick()
    dock._on_tick()
    trainee.waits_until(lambda: not dock._is_waiting)
    passed = [act for act in trainee.asked(PracticeAct)[before:] if act == PracticeAct("pass-time", number=600)]
    assert len(passed) == 1


def test_more_cards_than_fit_are_paged_by_keys(make_person: MakeWindow) -> None:
    tray = tuple(TrayCard(f"card-{at}", f"Card {at}", "blue") for at in range(14))
    person = make_person(
        scene.Counter(practice_pin=values.PIN, practice=replace(values.a_practice(), tray=tray)), practice=True
    )
    person.logs_in()
    dock = person.window.shell.dock
    assert dock is not None
    person.waits_until(lambda: dock.tray.pages == 3)
    dock.tray._buttons[0].setFocus()
    person.presses(Qt.Key.Key_PageDown)
    assert [button.isVisible() for button in dock.tray._buttons] == [6 <= at < 12 for at in range(14)]
    person.presses(Qt.Key.Key_PageUp)
    person.presses(Qt.Key.Key_PageUp)
    assert dock.tray._buttons[12].hasFocus()
    person.presses(Qt.Key.Key_Return)
    person.waits_until(lambda: dock.state and dock.state.in_reader == "card-12")
    dock.later.click()
    assert dock.tray._buttons[0].isVisible()
