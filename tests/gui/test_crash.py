"""The last net: what nobody caught is logged and told, and both hooks are ours."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from vending_app.ui.crash import CrashHook


@pytest.fixture
def hook() -> Iterator[CrashHook]:
    """Installed for one test."""
    before = sys.excepthook, threading.excepthook
    made = CrashHook()
    made.install()
    yield made
    sys.excepthook, threading.excepthook = before


def test_an_uncaught_bug_is_logged_with_its_traceback_and_told(
    hook: CrashHook, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    with qtbot.waitSignal(hook.crashed, timeout=20_000) as told:
        try:
            raise ZeroDivisionError("planted")
        except ZeroDivisionError as bug:
            sys.excepthook(type(bug), bug, bug.__traceback__)
    assert told.args == ["ZeroDivisionError"]
    assert "planted" in caplog.text


def test_a_bug_in_a_thread_is_told_too(hook: CrashHook, qtbot: QtBot) -> None:
    def fails() -> None:
        raise ZeroDivisionError("planted")

    with qtbot.waitSignal(hook.crashed, timeout=20_000):
        thread = threading.Thread(target=fails)
        thread.start()
        thread.join()


def test_ctrl_c_stays_what_it_is(hook: CrashHook, qtbot: QtBot, capsys: pytest.CaptureFixture[str]) -> None:
    with qtbot.assertNotEmitted(hook.crashed):
        sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert "KeyboardInterrupt" in capsys.readouterr().err
