"""When backups are made: at each close of a shift, and hourly while something is sold. No sale ever waits for one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from vending_app.domain.errors import VendingError
from vending_app.domain.keeping import BackupMade, StoredBackup
from vending_app.ports import Clock
from vending_app.ports.keeping import BackupStore
from vending_app.services.use_cases import Health

EVERY = timedelta(hours=1)
RETRY = timedelta(minutes=10)
"""After a backup that failed; a disk that is full or a stick that is out is not asked more often."""
TOO_OLD = timedelta(days=2)
"""Something was sold since, and no backup has it: the log-in page says so."""

Work = Callable[[], None]


@dataclass(slots=True)
class NoBackups:
    """`ports.keeping.Backups` of a counter that keeps none: the practice counter, and tests."""

    def rest(self) -> None:
        """See ports.keeping.Backups."""

    def begin(self) -> None:
        """See ports.keeping.Backups."""


@dataclass(slots=True)
class BackupPlan:
    """`ports.keeping.Backups`: decides, and has the work done elsewhere.

    `run` does a work beside the desk thread and returns at once. The work writes its result into this object as a
    last step, whole, so that the desk thread needs no lock to read it.
    """

    store: BackupStore
    clock: Clock
    newest_moment: Callable[[], datetime | None]
    """Of the books, as `ports.Ledger` has it: asked on the desk thread only."""
    run: Callable[[Work], None]
    trouble: VendingError | None = None
    """What became of the last one, if it failed wholly or in its second folder."""
    _newest: StoredBackup | None = field(init=False)
    _tried_at: datetime | None = None
    _is_running: bool = False

    def __post_init__(self) -> None:
        self._newest = self.store.newest()

    def rest(self) -> None:
        """See ports.keeping.Backups."""
        if self._is_due() and not self._is_running:
            self._begin()

    def begin(self) -> None:
        """See ports.keeping.Backups."""
        if not self._is_running:
            self._begin()

    def health(self) -> Health:
        """The word on the log-in page: how old the newest backup is, in hours and minutes."""
        newest, sold_at = self._newest, self.newest_moment()
        if newest is None:
            # A new office has nothing to lose yet; its first backup comes with its first hour of work.
            return Health("backup", self.trouble is None and not self._is_late(sold_at), "")
        made_at = newest.name.made_at
        is_late = self._was_sold_since(newest) and self._is_late(made_at)
        return Health("backup", self.trouble is None and not is_late, age_text(self.clock() - made_at))

    def _is_late(self, since: datetime | None) -> bool:
        return since is not None and self.clock() - since > TOO_OLD

    def _is_due(self) -> bool:
        now, newest = self.clock(), self._newest
        if self._tried_at is not None and timedelta(0) <= now - self._tried_at < RETRY:
            return False
        # One of the future was made by a clock that was wrong: it says nothing.
        if newest is None or newest.name.made_at > now:
            return True
        return now - newest.name.made_at >= EVERY and self._was_sold_since(newest)

    def _was_sold_since(self, newest: StoredBackup) -> bool:
        sold_at = self.newest_moment()
        return sold_at is not None and sold_at > newest.name.made_at

    def _begin(self) -> None:
        self._is_running, self._tried_at = True, self.clock()
        self.run(self._work)

    def _work(self) -> None:
        try:
            made = self.store.make()
        except VendingError as trouble:
            self.trouble = trouble
        else:
            self._note(made)
        finally:
            self._is_running = False

    def _note(self, made: BackupMade) -> None:
        self.trouble, self._newest = made.copy_trouble, made.stored


def age_text(age: timedelta) -> str:
    """`3 min`, `02:10` hours and minutes, or `4 days`: how long ago, for a word on a page."""
    minutes = max(age, timedelta(0)) // timedelta(minutes=1)
    if minutes < 60:
        return f"{minutes} min ago"
    days = minutes // (24 * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d} h ago" if not days else f"{days} d ago"
