"""When a backup is made, and what the log-in page says of it; the desk never waits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.services.desk_of import DeskOf
from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.ids import DeskNo
from vending_app.domain.keeping import BackupMade, BackupName, StoredBackup
from vending_app.domain.money import Money
from vending_app.services.backups import EVERY, RETRY, BackupPlan, age_text
from vending_app.services.book_cases import CloseCountedShift, CountCash

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@dataclass
class Shelf:
    """Backups in memory, a clock to turn, and work that waits until it is done."""

    now: datetime = NOON
    sold_at: datetime | None = NOON
    made: list[StoredBackup] = field(default_factory=list)
    trouble: EnvironmentFault | None = None
    copy_trouble: EnvironmentFault | None = None
    waiting: list[Callable[[], None]] = field(default_factory=list)

    def newest(self) -> StoredBackup | None:
        return self.made[-1] if self.made else None

    def make(self) -> BackupMade:
        if self.trouble is not None:
            raise self.trouble
        stored = StoredBackup(Path("b"), BackupName(self.now, DeskNo(1), "00000000"), 1)
        self.made.append(stored)
        return BackupMade(stored, None, self.copy_trouble, 0)

    def plan(self) -> BackupPlan:
        return BackupPlan(self, lambda: self.now, lambda: self.sold_at, self.waiting.append)

    def work(self) -> None:
        while self.waiting:
            self.waiting.pop()()


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


def test_a_rest_begins_one_backup_and_waits_for_none(shelf: Shelf) -> None:
    plan = shelf.plan()
    plan.rest()
    plan.rest()
    assert len(shelf.waiting) == 1
    assert shelf.made == []
    shelf.work()
    assert len(shelf.made) == 1


def test_every_hour_while_something_is_sold(shelf: Shelf) -> None:
    plan = shelf.plan()
    for _ in range(10 * 60):
        plan.rest()
        shelf.work()
        shelf.now += timedelta(minutes=1)
        shelf.sold_at = shelf.now
    assert len(shelf.made) == 10


def test_a_quiet_night_makes_no_backups(shelf: Shelf) -> None:
    plan = shelf.plan()
    plan.rest()
    shelf.work()
    shelf.now += timedelta(hours=9)
    plan.rest()
    assert shelf.waiting == []


def test_closing_a_shift_makes_one_at_once(shelf: Shelf) -> None:
    plan = shelf.plan()
    plan.rest()
    shelf.work()
    shelf.now += timedelta(minutes=3)
    plan.begin()
    shelf.work()
    assert len(shelf.made) == 2


def test_one_that_failed_is_tried_again_later_and_told(shelf: Shelf) -> None:
    shelf.trouble = EnvironmentFault(Code.BACKUP_FAILED)
    plan = shelf.plan()
    plan.rest()
    shelf.work()
    assert not plan.health().is_ok
    plan.rest()
    assert shelf.waiting == []
    shelf.now, shelf.trouble = shelf.now + RETRY, None
    plan.rest()
    shelf.work()
    assert plan.health().is_ok
    assert len(shelf.made) == 1


def test_a_second_folder_that_failed_is_told_too(shelf: Shelf) -> None:
    shelf.copy_trouble = EnvironmentFault(Code.BACKUP_FAILED)
    plan = shelf.plan()
    plan.rest()
    shelf.work()
    assert not plan.health().is_ok


def test_a_backup_of_the_future_does_not_stop_those_of_today(shelf: Shelf) -> None:
    shelf.now += timedelta(days=400)
    shelf.make()
    shelf.now = NOON
    plan = shelf.plan()
    plan.rest()
    assert len(shelf.waiting) == 1


def test_the_page_says_how_old_it_is_and_when_it_is_too_old(shelf: Shelf) -> None:
    plan = shelf.plan()
    assert plan.health().is_ok, "a new office has nothing to lose yet"
    plan.rest()
    shelf.work()
    shelf.now += timedelta(hours=2, minutes=10)
    assert plan.health().detail == "02:10 h ago"
    shelf.sold_at = shelf.now
    shelf.now += timedelta(days=2)
    assert not plan.health().is_ok


def test_an_office_that_never_got_a_backup_is_told_after_two_days(shelf: Shelf) -> None:
    plan = shelf.plan()
    shelf.now += timedelta(days=2, minutes=1)
    assert not plan.health().is_ok


@pytest.mark.parametrize(
    ("age", "text"),
    [
        (timedelta(seconds=-5), "0 min ago"),
        (timedelta(minutes=59), "59 min ago"),
        (EVERY, "01:00 h ago"),
        (timedelta(days=4, hours=3), "4 d ago"),
    ],
)
def test_ages_in_words(age: timedelta, text: str) -> None:
    assert age_text(age) == text


def test_the_close_of_a_shift_at_the_counter_asks_for_a_backup(desk: DeskOf, shelf: Shelf) -> None:

    desk.counter.outside = replace(desk.counter.outside, backups=shelf.plan())
    desk.counter.do(CountCash(total=Money(10_000)))
    assert shelf.waiting == []
    desk.counter.do(CloseCountedShift())
    assert len(shelf.waiting) == 1
    desk.counter.rest()
    assert len(shelf.waiting) == 1
