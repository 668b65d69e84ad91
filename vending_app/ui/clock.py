"""The time of the desk between two answers of it: the last answer's time plus what has gone by since."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QElapsedTimer

BEFORE_ANY = datetime(2000, 1, 1, tzinfo=UTC)


class DeskClock:
    """Set by every greeting and desk state; never asks the machine what time it is."""

    def __init__(self) -> None:
        self._at = BEFORE_ANY
        self._since = QElapsedTimer()
        self._since.start()

    def set_now(self, now: datetime) -> None:
        """The desk said what time it is."""
        self._at = now
        self._since.restart()

    def now(self) -> datetime:
        """The desk's time now."""
        return self._at + timedelta(milliseconds=self._since.elapsed())
