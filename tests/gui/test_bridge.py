"""The joint between window and desk: answers arrive in the GUI thread, a bug stops selling, nothing hangs."""

from __future__ import annotations

import threading
import time

import pytest
from PySide6.QtCore import QObject, QThread, Slot
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui import scene, values
from tests.gui.conftest import Person
from vending_app.domain.errors import Code, OperatorError
from vending_app.ports import Progress, ReaderState
from vending_app.services.use_cases import LogOut, ReadCard, ShowDesk, Welcome
from vending_app.ui.bridge import CLOSE_SECONDS, DeskBridge, Failed, Finished
from vending_app.ui.sell.stage import Stage


class Listener(QObject):
    """Notes what arrives and in which thread."""

    def __init__(self, bridge: DeskBridge) -> None:
        super().__init__()
        self.finished: list[Finished] = []
        self.failed: list[Failed] = []
        self.threads: set[bool] = set()
        bridge.finished.connect(self.on_finished)
        bridge.failed.connect(self.on_failed)

    @Slot(object)
    def on_finished(self, done: Finished) -> None:
        self.threads.add(QThread.currentThread() is QApplication.instance().thread())  # type: ignore[union-attr]
        self.finished.append(done)

    @Slot(object)
    def on_failed(self, failed: Failed) -> None:
        self.failed.append(failed)


def quiet(known: tuple[ReaderState, ...]) -> tuple[ReaderState, ...]:
    return scene.Hand().watch(known)


def echo(use_case: object, _: Progress) -> object:
    return use_case


def test_answers_come_in_order_and_in_the_gui_thread(qtbot: QtBot) -> None:
    bridge = DeskBridge(echo, quiet)
    listener = Listener(bridge)
    bridge.start()
    asked = [Welcome(), ShowDesk(), LogOut()] * 20
    for use_case in asked:
        bridge.submit(use_case)
    qtbot.waitUntil(lambda: len(listener.finished) == len(asked), timeout=20_000)
    bridge.close()
    assert [done.use_case for done in listener.finished] == asked
    assert listener.threads == {True}


def test_a_known_trouble_fails_only_its_own_use_case(qtbot: QtBot) -> None:
    def perform(use_case: object, _: Progress) -> object:
        if isinstance(use_case, ReadCard):
            raise OperatorError(Code.CARD_ABSENT)
        return use_case

    bridge = DeskBridge(perform, quiet)
    listener = Listener(bridge)
    bridge.start()
    bridge.submit(ReadCard())
    bridge.submit(ShowDesk())
    qtbot.waitUntil(lambda: len(listener.finished) == 1, timeout=20_000)
    bridge.close()
    assert listener.failed[0].error.code is Code.CARD_ABSENT


def test_after_a_bug_nothing_more_is_performed(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    performed: list[object] = []

    def perform(use_case: object, _: Progress) -> object:
        performed.append(use_case)
        raise ZeroDivisionError("planted")

    bridge = DeskBridge(perform, quiet)
    listener = Listener(bridge)
    bridge.start()
    with qtbot.waitSignal(bridge.stopped, timeout=20_000):
        bridge.submit(ShowDesk())
    bridge.submit(Welcome())
    qtbot.waitUntil(lambda: len(listener.failed) == 2, timeout=20_000)
    bridge.close()
    assert performed == [ShowDesk()]
    assert [failed.error.code for failed in listener.failed] == [Code.BUG, Code.BUG]
    assert "ZeroDivisionError" in caplog.text, "the traceback is in the log"


def test_a_bug_is_told_in_a_sentence_and_stops_selling(cashier: Person) -> None:
    cashier.counter.bug_in = ReadCard
    cashier.counter.card = values.a_card()
    cashier.hand.put_in()
    cashier.waits_for(Stage.STOPPED)
    assert cashier.window.sell.banner.says.title == "Selling is stopped"
    assert cashier.window.shell.status.marks[0].text == "Selling is stopped"
    assert not cashier.window.sell.amount.field.isEnabled()
    assert "Traceback" not in cashier.window.sell.banner.says.sentence


def test_a_watcher_that_fails_goes_on_watching(cashier: Person) -> None:
    cashier.hand.fails = 1
    cashier.waits_until(lambda: cashier.hand.fails == 0)
    cashier.puts_card_in(values.a_card())
    assert cashier.stage() == Stage.READY


def test_an_unplugged_reader_is_told_until_it_is_back(cashier: Person) -> None:
    cashier.hand.unplug()
    cashier.waits_until(lambda: cashier.window.shell.toasts.notes)
    (note,) = cashier.window.shell.toasts.notes
    assert (note.title, note.tone) == ("Reader unplugged", "bad")
    assert cashier.window.shell.status.marks[0].text == "Reader: not connected"
    cashier.hand.take_out()
    cashier.waits_until(lambda: not cashier.window.shell.toasts.notes)


def test_closing_waits_for_the_card_but_never_hangs(qtbot: QtBot) -> None:
    begun, release = threading.Event(), threading.Event()
    ended: list[object] = []

    def perform(use_case: object, _: Progress) -> object:
        begun.set()
        release.wait(CLOSE_SECONDS)
        ended.append(use_case)
        return use_case

    bridge = DeskBridge(perform, quiet)
    bridge.start()
    bridge.submit(ShowDesk())
    bridge.submit(Welcome())
    assert begun.wait(20)
    threading.Timer(0.1, release.set).start()
    started = time.monotonic()
    bridge.close()
    assert ended == [ShowDesk()], "what was begun is ended, what waited is dropped"
    assert time.monotonic() - started < CLOSE_SECONDS


def test_the_desk_thread_rests_while_nothing_is_asked_and_goes_on_after_a_trouble_of_the_rest(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vending_app.ui.bridge.REST_SECONDS", 0.01)
    rested: list[str] = []

    def rest() -> None:
        rested.append(threading.current_thread().name)
        raise OperatorError(Code.SHIFT_CLOSED)

    bridge = DeskBridge(echo, quiet, rest=rest)
    listener = Listener(bridge)
    bridge.start()
    qtbot.waitUntil(lambda: len(rested) > 1, timeout=20_000)
    bridge.submit(Welcome())
    qtbot.waitUntil(lambda: len(listener.finished) == 1, timeout=20_000)
    bridge.close()
    assert set(rested) == {"desk"}
