"""The practice counter: unmistakable, and its dock does what its labels say."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from tests.gui import scene, values
from tests.gui.conftest import MakeWindow, Person
from vending_app.domain.display import DisplayPage
from vending_app.services.practice_cases import CardFault, PracticeAct


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
