"""The last net: what nobody caught is logged with its traceback and told in a sentence; selling stops."""

from __future__ import annotations

import logging
import sys
import threading
from types import TracebackType

from PySide6.QtCore import QObject, Signal

log = logging.getLogger(__name__)


class CrashHook(QObject):
    """Catches what slots and threads let through, because an exception in a slot never reaches `emit`.

    Signals: crashed(str) — the name of the exception's class, never its text.
    """

    crashed = Signal(str)

    def install(self) -> None:
        """Take over both hooks of this process."""
        sys.excepthook = self._on_uncaught
        threading.excepthook = self._on_thread

    def _on_uncaught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        log.critical("uncaught: %s", kind.__name__, exc_info=(kind, error, trace))
        self.crashed.emit(kind.__name__)

    def _on_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self._on_uncaught(args.exc_type, args.exc_value, args.exc_traceback)
