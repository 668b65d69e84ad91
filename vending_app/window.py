"""Opening the window: the application, the joint to the desk, the crash hook, and the loop of events."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path

from PySide6.QtWidgets import QApplication

from vending_app import app, office_files
from vending_app.beside import Beside
from vending_app.paper import PaperWhenNeeded
from vending_app.ports import CardDesk, OpenBooks, Progress, ReaderState
from vending_app.services.desk_settings import Preferences
from vending_app.services.readers import readers_meant
from vending_app.ui.bridge import DeskBridge, Rest
from vending_app.ui.crash import CrashHook
from vending_app.ui.main_window import MainWindow
from vending_app.ui.start import make_application
from vending_app.ui.unlock import tell

WATCH_MS = 1000
"""How long a look for cards lasts, and so how long closing may wait for it."""
LOG_BYTES, LOG_FILES = 1_000_000, 5
Perform = Callable[[object, Progress], object]


@dataclass(frozen=True, slots=True)
class Opened:
    """A window at work."""

    application: QApplication
    window: MainWindow
    bridge: DeskBridge


@contextmanager
def opened(
    perform: Perform,
    cards: CardDesk,
    preferences: Preferences,
    *,
    books: OpenBooks,
    practice: bool,
    offers_practice: bool = False,
    rest: Rest = lambda: None,
) -> Iterator[Opened]:
    """The window with its threads running; closed and joined at the end."""
    chosen = preferences.chosen
    application = make_application(dark=chosen.dark, less_motion=chosen.less_motion)
    bridge = DeskBridge(perform, ChosenReaders(cards, preferences).watch, rest=rest)
    beside = Beside(books, PaperWhenNeeded())
    hook = CrashHook()
    hook.install()
    hook.crashed.connect(bridge.stop_selling)
    window = MainWindow(
        bridge,
        new_id=app.new_id,
        beside=beside,
        practice=practice,
        dark=chosen.dark,
        less_motion=chosen.less_motion,
        offers_practice=offers_practice,
        quick=chosen.quick_amounts,
    )
    try:
        bridge.start()
        window.begin()
        yield Opened(application, window, bridge)
    finally:
        window.close()
        beside.close()
        bridge.close()


class ChosenReaders:
    """What the card watcher calls: a bounded look at the readers that the desk chose; the others are not there."""

    def __init__(self, cards: CardDesk, preferences: Preferences) -> None:
        self._cards, self._preferences = cards, preferences
        self._all: tuple[ReaderState, ...] = ()

    def watch(self, known: tuple[ReaderState, ...]) -> tuple[ReaderState, ...]:
        """Readers as they are now; what was chosen meanwhile is told at once."""
        if self._meant() == known:
            self._all = self._cards.watch(self._all, timeout_ms=WATCH_MS)
        return self._meant()

    def _meant(self) -> tuple[ReaderState, ...]:
        return readers_meant(self._all, self._preferences.chosen.reader)


def keep_log(data: Path) -> None:
    """Facts and bugs in `log/counter.log`, a few megabytes at most; no secrets and no names of customers.

    Of a second window in the same process nothing new is kept: one file has them all.
    """
    if logging.getLogger().handlers:
        return
    folder = data / "log"
    office_files.make_folder(folder)
    handler = RotatingFileHandler(folder / "counter.log", maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])


__all__ = ["Opened", "keep_log", "make_application", "opened", "tell"]
