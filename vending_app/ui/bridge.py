"""The one joint between the window and the desk: use cases go out, answers come back in the GUI thread."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from vending_app.domain.errors import Code, EnvironmentFault, VendingError
from vending_app.ports import Progress, ReaderState

log = logging.getLogger(__name__)

Perform = Callable[[object, Progress], object]
"""Runs one use case on the desk thread; raises VendingError."""
Watch = Callable[[tuple[ReaderState, ...]], tuple[ReaderState, ...]]
"""Waits (bounded) until the readers differ from those known, and returns them."""

Rest = Callable[[], None]
"""Called on the desk thread while nothing is asked; returns at once."""

REST_SECONDS = 20
"""Nothing was asked for so long: time to see what is due."""
CLOSE_SECONDS = 5
"""How long closing waits for a thread: longer than any reader's answer, shorter than a person's patience."""
WATCH_PAUSE_SECONDS = 1
"""Between two tries of a watcher that fails, so that a broken service does not heat the machine."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A use case that was done."""

    use_case: object
    answer: object


@dataclass(frozen=True, slots=True)
class Failed:
    """A use case that was not done, and why."""

    use_case: object
    error: VendingError


class DeskBridge(QObject):
    """Lives in the GUI thread; owns the serial desk thread and the card watcher.

    Signals: finished(Finished), failed(Failed), progressed(str of ports.WRITE_STEPS, or WriteShare),
    card_changed(tuple of ReaderState), stopped() once a bug was met: nothing is performed after it.
    """

    finished = Signal(object)
    failed = Signal(object)
    progressed = Signal(object)
    card_changed = Signal(object)
    stopped = Signal()

    def __init__(
        self, perform: Perform, watch: Watch, parent: QObject | None = None, *, rest: Rest = lambda: None
    ) -> None:
        super().__init__(parent)
        self._perform = perform
        self._rest = rest
        self._watch = watch
        self._asked: queue.SimpleQueue[object | None] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._seen: tuple[ReaderState, ...] | None = None
        self._is_stopped = threading.Event()
        self._desk = threading.Thread(target=self._serve, name="desk", daemon=True)
        self._watcher = threading.Thread(target=self._look_out, name="card-watcher", daemon=True)

    def start(self) -> None:
        """Start both threads; called once, when the window is ready to listen."""
        self._desk.start()
        self._watcher.start()

    def submit(self, use_case: object) -> None:
        """Ask for something; the answer comes as `finished` or `failed`."""
        self._asked.put(use_case)

    def tell_readers(self) -> None:
        """Tell again what the card watcher saw last, for who began to listen only now."""
        if self._seen is not None:
            self.card_changed.emit(self._seen)

    def stop_selling(self) -> None:
        """After a bug anywhere: perform nothing more until the program is started again."""
        if not self._is_stopped.is_set():
            self._is_stopped.set()
            self.stopped.emit()

    def close(self) -> None:
        """Finish what is being done, drop what waits, and end both threads."""
        self._closing.set()
        self._asked.put(None)
        for thread in (self._desk, self._watcher):
            if thread.is_alive():
                thread.join(CLOSE_SECONDS)

    def _serve(self) -> None:
        while (use_case := self._next()) is not None and not self._closing.is_set():
            if self._is_stopped.is_set():
                self.failed.emit(Failed(use_case, EnvironmentFault(Code.BUG)))
                continue
            try:
                self.finished.emit(Finished(use_case, self._perform(use_case, self.progressed.emit)))
            except VendingError as error:
                log.info("refused: use_case=%s code=%s", type(use_case).__name__, error.code.value)
                self.failed.emit(Failed(use_case, error))
            except Exception:
                log.exception("bug in the desk thread: use_case=%s", type(use_case).__name__)
                self.stop_selling()
                self.failed.emit(Failed(use_case, EnvironmentFault(Code.BUG)))

    def _next(self) -> object | None:
        """What is asked next; while nothing is, the desk rests."""
        while True:
            try:
                return self._asked.get(timeout=REST_SECONDS)
            except queue.Empty:
                # What troubles a rest is told by the next use case, or by the word on the log-in page.
                with suppress(VendingError):
                    self._rest()

    def _look_out(self) -> None:
        known: tuple[ReaderState, ...] | None = None
        while not self._closing.is_set():
            try:
                seen = self._watch(known or ())
            except Exception:
                log.exception("card watcher failed, trying again")
                seen = ()
                self._closing.wait(WATCH_PAUSE_SECONDS)
            if seen != known and not self._closing.is_set():
                known = self._seen = seen
                self.card_changed.emit(seen)
