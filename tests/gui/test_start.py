"""The start: the log-in page stands before what lies behind it is built."""

from __future__ import annotations

from datetime import timedelta

from pytestqt.qtbot import QtBot

from tests.gui import scene, values
from tests.gui.beside import Beside
from tests.gui.conftest import MakeWindow
from vending_app.beside import Beside as RealBeside
from vending_app.domain.ids import SaleId
from vending_app.paper import PaperWhenNeeded
from vending_app.ports import Ledger
from vending_app.services.counter import no_progress
from vending_app.services.use_cases import Session, Welcome
from vending_app.ui.bridge import DeskBridge, Finished
from vending_app.ui.main_window import MainWindow
from vending_app.ui.phrases import long_moment
from vending_app.ui.sell.stage import Stage

WAIT_MS = 5000


def waiting_window(counter: scene.Counter) -> MainWindow:
    return MainWindow(DeskBridge(counter.perform, scene.Hand().watch), new_id=lambda: SaleId("0" * 26), beside=Beside())


def test_the_pages_are_built_after_the_greeting_is_shown(qtbot: QtBot) -> None:
    counter = scene.Counter()
    window = waiting_window(counter)
    qtbot.addWidget(window)
    window.bridge.finished.emit(Finished(Welcome(), counter.perform(Welcome(), no_progress)))
    assert window.login.greeting is not None
    assert not window.is_furnished
    qtbot.waitUntil(lambda: window.is_furnished, timeout=WAIT_MS)


def test_the_clock_of_the_log_in_page_goes_on_while_nobody_comes(qtbot: QtBot) -> None:
    counter = scene.Counter()
    window = waiting_window(counter)
    qtbot.addWidget(window)
    window.bridge.finished.emit(Finished(Welcome(), counter.perform(Welcome(), no_progress)))
    qtbot.waitUntil(lambda: window.is_furnished, timeout=WAIT_MS)
    assert window.login.greeting is not None
    later = window.login.greeting.now + timedelta(minutes=3)
    window.clock.set_now(later)
    window._tick.timeout.emit()
    assert long_moment(window.login.greeting.now) == long_moment(later)


def test_the_pages_are_built_over_the_process_that_really_counts_beside_them(qtbot: QtBot) -> None:
    counter = scene.Counter()
    bridge = DeskBridge(counter.perform, scene.Hand().watch)
    window = MainWindow(bridge, new_id=lambda: SaleId("0" * 26), beside=RealBeside(_no_books, PaperWhenNeeded()))
    qtbot.addWidget(window)
    window.furnish()
    window.rooms.inspect.stop_wanted.emit()
    assert window.is_furnished


def _no_books() -> Ledger:
    raise AssertionError("nothing is counted here")


def test_who_is_faster_than_the_building_is_let_in(qtbot: QtBot) -> None:
    window = waiting_window(scene.Counter())
    qtbot.addWidget(window)
    window.bridge.finished.emit(Finished(None, Session(values.ANA, None)))
    assert window.is_furnished
    assert not window.is_locked
    assert window.operator == values.ANA


def test_building_twice_builds_once(qtbot: QtBot) -> None:
    window = waiting_window(scene.Counter())
    qtbot.addWidget(window)
    window.furnish()
    built = window.sell
    window.furnish()
    assert window.sell is built


def test_a_card_that_lay_in_the_reader_before_the_start_is_read(make_person: MakeWindow) -> None:
    counter = scene.Counter()
    counter.card = values.a_card()
    person = make_person(counter, card_is_in=True)
    person.logs_in()
    person.waits_for(Stage.READY)
    assert any(state.card_present for state in person.window._readers)
