"""Readings of feeders at the desk: what cannot be is refused, and a bad row of a table is told with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.ledger.at_work import STAFF, AtWork
from tests.ledger.builders import NOON, TODAY, create
from vending_app.domain.area_reading import AreaReading, ReadingMark, require_recent
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.importing import BadRow, Reason, TableRow
from vending_app.domain.people import Role
from vending_app.domain.permissions import Act, Authority
from vending_app.domain.records import Area
from vending_app.ledger import SqliteFile
from vending_app.services.area_cases import EnterReading, ImportReadings
from vending_app.services.area_desk import AreaDesk
from vending_app.services.keeping_cases import Imported

HEADINGS = ("Area", "Feeder", "Day", "Reading (kWh)", "Factor", "Kind")
SEPTEMBER, OCTOBER = ("E1", "T-04", "2025-09-01", "100.50", "40", ""), ("E1", "T-04", "2025-10-01", "120", "40", "")
GOOD = EnterReading("E1", "T-04", date(2025, 9, 1), Energy(100_500), 40)


@pytest.fixture
def books(tmp_path: Path) -> Iterator[AtWork]:
    ledger = create(SqliteFile(tmp_path / "books.sqlite3"))
    with ledger.acting_as(Authority(STAFF[Role.SUPERVISOR].name, Act.RECORDS)):
        ledger.enter_area(Area("E1", "Eastfield", "T-04"), reason="new", at=NOON)
    with ledger.acting_as(Authority(STAFF[Role.SUPERVISOR].name, Act.READINGS)):
        yield ledger
    ledger.close()


def take(books: AtWork, *rows: tuple[str, ...], dry_run: bool = False) -> Imported:
    table = [TableRow(number, cells) for number, cells in enumerate((HEADINGS, *rows), start=1)]
    return AreaDesk(books, lambda: NOON).take(ImportReadings("table.csv", table, dry_run=dry_run))


def test_the_factor_is_multiplied_once_and_what_was_shown_can_be_told_again(books: AtWork) -> None:
    (kept,) = AreaDesk(books, lambda: NOON).enter(GOOD).readings
    assert (kept.register, kept.shown, kept.factor) == (Energy(4_020_000), Energy(100_500), 40)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (replace(GOOD, point="  "), Code.RECORD_REFUSED),
        (replace(GOOD, on=TODAY + timedelta(days=2)), Code.RECORD_REFUSED),
        (replace(GOOD, on=date(1900, 1, 1)), Code.READING_TOO_OLD),
        (replace(GOOD, on=date(2023, 11, 13)), Code.READING_TOO_OLD),
        (replace(GOOD, factor=0), Code.RECORD_REFUSED),
        (replace(GOOD, shown=Energy(-10)), Code.RECORD_REFUSED),
        (replace(GOOD, mark=ReadingMark.WITHDRAWN), Code.REASON_MISSING),
    ],
)
def test_what_cannot_be_is_refused(books: AtWork, wrong: EnterReading, code: Code) -> None:
    with pytest.raises(OperatorError) as refused:
        AreaDesk(books, lambda: NOON).enter(wrong)
    assert refused.value.code is code
    assert books.area_readings() == ()


def test_what_is_too_old_and_stands_in_the_books_can_be_withdrawn(books: AtWork) -> None:
    books.enter_readings([AreaReading("E1", "P9", date(1900, 1, 1), Energy(1000))], at=NOON)
    withdrawn = EnterReading("E1", "P9", date(1900, 1, 1), mark=ReadingMark.WITHDRAWN, note="mistyped")
    assert AreaDesk(books, lambda: NOON).enter(withdrawn).readings == ()


def test_old_books_take_readings_of_ten_years() -> None:
    for on, is_taken in ((date(2018, 3, 1), True), (date(2018, 2, 28), False)):
        with nullcontext() if is_taken else pytest.raises(OperatorError):
            require_recent(on, today=date(2028, 2, 29), began=date(2012, 1, 1))


def test_a_table_is_checked_whole_and_entered_whole(books: AtWork) -> None:
    new = ("E1", "T-04", "2025-10-01", "0", "40", "First")
    assert take(books, SEPTEMBER, OCTOBER, new, dry_run=True) == Imported(3, (), is_entered=False)
    assert books.area_readings() == ()
    assert take(books, SEPTEMBER, OCTOBER, new) == Imported(3, (), is_entered=True)
    assert [one.register.wh for one in books.area_readings("E1")] == [4_020_000, 4_800_000, 0]


@pytest.mark.parametrize(
    ("at", "cell", "bad"),
    [
        (0, "E9", BadRow(3, "Area", Reason.AREA_UNKNOWN, "E9")),
        (1, "", BadRow(3, "Point", Reason.MISSING)),
        (2, "2099-01-01", BadRow(3, "Day", Reason.NOT_YET, "2099-01-01")),
        (2, "1900-01-01", BadRow(3, "Day", Reason.TOO_OLD, "1900-01-01")),
        (2, "1/2/2025", BadRow(3, "Day", Reason.BAD_DATE, "1/2/2025")),
        (3, "100.49", BadRow(3, "Reading (kWh)", Reason.LOWER, "100.49")),
        (3, "1.234", BadRow(3, "Reading (kWh)", Reason.NOT_A_NUMBER, "1.234")),
        (4, "0", BadRow(3, "Factor", Reason.OUT_OF_RANGE, "0")),
        (5, "withdrawn", BadRow(3, "Kind", Reason.NOT_A_KIND, "withdrawn")),
    ],
)
def test_a_bad_row_is_told_and_nothing_is_entered(books: AtWork, at: int, cell: str, bad: BadRow) -> None:
    spoilt = tuple(cell if place == at else good for place, good in enumerate(OCTOBER))
    assert take(books, SEPTEMBER, spoilt) == Imported(2, (bad,), is_entered=False)
    assert books.area_readings() == ()
