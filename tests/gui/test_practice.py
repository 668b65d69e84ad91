"""The practice counter: unmistakable, and its dock does what its labels say."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from tests.gui import scene, values
from tests.gui.conftest import MakeWindow, Person
from vending_app.domain.energy import Energy
from vending_app.services.use_cases import PracticeAct
from vending_app.ui.practice.device import display_text


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
    assert (dock.device.caption(), dock.device.figure()) == ("REMAINING", "0018.40")
    dock.to_meter.click()
    trainee.waits_until(lambda: dock.device.caption() == "CREDITED")
    assert dock.device.figure() == "0214.28"


def test_faults_and_load_are_asked_for(trainee: Person) -> None:
    dock = trainee.window.shell.dock
    assert dock is not None
    trainee.waits_until(lambda: dock.state)
    dock.tear.click()
    dock.paper.click()
    dock.slider.setFocus()
    trainee.presses(Qt.Key.Key_Right)
    trainee.waits_until(lambda: dock.state and dock.state.load_w == 2000)
    assert dock.state is not None
    assert (dock.state.tears_next_write, dock.state.is_paper_out) == (True, True)


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


@pytest.mark.parametrize(
    ("wh", "shown"), [(18_400, "0018.40"), (0, "0000.00"), (-1_240, "-001.24"), (12_345_670, "12345.67")]
)
def test_the_display_shows_six_figures(wh: int, shown: str) -> None:
    assert display_text(Energy(wh)) == shown
