"""Waiting for what a window does: a thousand looks a second, because pytest-qt looks a hundred times."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QDeadlineTimer
from pytestqt.qtbot import QtBot

WAIT_MS = 5000
LOOK_MS = 1


def wait_until(bot: QtBot, happens: Callable[[], object], *, timeout_ms: int = WAIT_MS) -> None:
    """Run the events of Qt until it happens; fails when the time is over."""
    deadline = QDeadlineTimer(timeout_ms)
    while not happens():
        assert not deadline.hasExpired(), f"it did not happen within {timeout_ms} ms"
        bot.wait(LOOK_MS)
