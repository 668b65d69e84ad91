"""Names of backups, and which of them stay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vending_app.domain.ids import DeskNo
from vending_app.domain.keeping import BackupName, ChainHead, fingerprint, kept

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
DESK = DeskNo(2)


def hourly(hours: int) -> list[BackupName]:
    return [BackupName(NOON - timedelta(hours=n), DESK, "3F9A0C22") for n in range(hours)]


def test_four_years_of_hourly_backups_leave_hours_days_months_and_years() -> None:
    stays = kept(hourly(4 * 365 * 24))
    assert {name.made_at for name in stays} >= {NOON - timedelta(hours=n) for n in range(24)}
    assert len({name.made_at.date() for name in stays if NOON - name.made_at < timedelta(days=30)}) == 30
    assert {name.made_at.year for name in stays} == {2022, 2023, 2024, 2025, 2026}
    assert len(stays) == 24 + 28 + 10 + 3


def test_every_period_keeps_its_newest() -> None:
    stays = kept(hourly(24 * 90))
    assert datetime(2026, 10, 31, 23, 0, tzinfo=UTC) in {name.made_at for name in stays}
    assert datetime(2026, 9, 30, 23, 0, tzinfo=UTC) in {name.made_at for name in stays}


def test_a_desk_never_takes_away_the_backups_of_another() -> None:
    old = BackupName(NOON - timedelta(days=400), DeskNo(7), "00000000")
    assert old in kept([*hourly(2000), old])


@given(st.lists(st.integers(0, 10**8), max_size=60))
def test_the_newest_always_stays_and_a_second_rotation_changes_nothing(seconds: list[int]) -> None:
    names = [BackupName(NOON - timedelta(seconds=s), DESK, "3F9A0C22") for s in seconds]
    stays = kept(names)
    assert not names or max(names) in stays
    assert kept(stays) == stays <= set(names)


def test_a_name_is_read_as_it_was_written() -> None:
    name = BackupName(NOON, DESK, "3F9A0C22")
    assert str(name) == "vending-20261125T120000Z-desk2-3F9A0C22.backup"
    assert BackupName.of(str(name)) == name


@pytest.mark.parametrize("text", ["", "ledger.sqlite3", "vending-20261325T120000Z-desk2-3F9A0C22.backup", "x" * 999])
def test_other_files_have_no_name_of_ours(text: str) -> None:
    assert BackupName.of(text) is None


def test_equal_books_have_equal_fingerprints_and_others_do_not() -> None:
    heads = [ChainHead(DeskNo(1), 5, b"a" * 32), ChainHead(DeskNo(2), 9, b"b" * 32)]
    assert fingerprint(heads) == fingerprint(reversed(heads))
    assert fingerprint(heads) != fingerprint(heads[:1])
    assert fingerprint(heads) != fingerprint([heads[0], ChainHead(DeskNo(2), 10, b"b" * 32)])
