"""A table of supplies: every bad row is told with its reason, and all of it is entered or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ledger.at_work import STAFF, AtWork
from tests.ledger.builders import METER, SUPPLY, TODAY, create
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import SupplyNo
from vending_app.domain.importing import COLUMNS, BadRow, Reason, TableRow, folded_heading
from vending_app.domain.money import Money
from vending_app.domain.people import Role
from vending_app.domain.permissions import Act, Authority
from vending_app.ledger import SqliteFile
from vending_app.services.importing import ImportDesk
from vending_app.services.keeping_cases import Imported, ImportSupplies

HEADINGS = (
    "Supply number",
    "Customer name",
    "Meter number",
    "Meter constant (imp/kWh)",
    "Tariff",
    "Opened on",
    "Arrears",
)
GOOD = ("00000100", "Amina Diallo", "000000000100", "1600", "H2", "2024-01-31", "64.30")
"""A row that can be entered; each test spoils one cell."""


@pytest.fixture
def books(tmp_path: Path) -> Iterator[AtWork]:
    ledger = create(SqliteFile(tmp_path / "books.sqlite3"))
    with ledger.acting_as(Authority(STAFF[Role.ADMINISTRATOR].name, Act.IMPORT)):
        yield ledger
    ledger.close()


def take(
    ledger: AtWork, *rows: tuple[str, ...], headings: tuple[str, ...] = HEADINGS, dry_run: bool = False
) -> Imported:
    table = [TableRow(number, cells) for number, cells in enumerate((headings, *rows), start=1)]
    return ImportDesk(ledger, TODAY).take(ImportSupplies("table.csv", table, dry_run=dry_run))


def spoilt(column: str, cell: str) -> tuple[str, ...]:
    return tuple(cell if heading == column else good for heading, good in zip(HEADINGS, GOOD, strict=True))


def test_a_good_row_is_in_the_books_with_its_arrears_and_can_be_found(books: AtWork) -> None:
    assert take(books, GOOD) == Imported(1, (), is_entered=True)
    supply = books.supply(SupplyNo("00000100"), today=TODAY)
    assert supply.customer.name == "Amina Diallo"
    assert supply.customer.number == "00000100"
    assert supply.meter.constant_imp_per_kwh == supply.parameters.constant_imp_per_kwh == 1600
    assert supply.parameters.alarm_1 == Energy(20_000)
    assert supply.arrears == Money(6430)
    assert supply.opened_on == date(2024, 1, 31)
    assert books.find_supplies("amina")[0].number == "00000100"
    assert books.verify().is_ok


def test_a_dry_run_enters_nothing(books: AtWork) -> None:
    assert take(books, GOOD, dry_run=True) == Imported(1, (), is_entered=False)
    assert books.find_supplies("amina") == ()


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("Supply number", "", Reason.MISSING),
        ("Supply number", "123456789", Reason.BAD_NUMBER),
        ("Supply number", "12A", Reason.BAD_NUMBER),
        ("Supply number", "١٢٣", Reason.BAD_NUMBER),
        ("Supply number", SUPPLY, Reason.IN_BOOKS),
        ("Customer name", "", Reason.MISSING),
        ("Customer name", "x" * 81, Reason.TOO_LONG),
        ("Customer name", "a\x1bb", Reason.BAD_LETTERS),
        ("Customer name", "a\u2028b", Reason.BAD_LETTERS),
        ("Meter number", METER, Reason.METER_USED),
        ("Meter constant (imp/kWh)", "0", Reason.OUT_OF_RANGE),
        ("Meter constant (imp/kWh)", "70000", Reason.OUT_OF_RANGE),
        ("Meter constant (imp/kWh)", "1600.5", Reason.NOT_A_NUMBER),
        ("Tariff", "H9", Reason.TARIFF_UNKNOWN),
        ("Opened on", "01/02/2024", Reason.BAD_DATE),
        ("Opened on", "2024-02-30", Reason.BAD_DATE),
        ("Arrears", "64.305", Reason.NOT_A_NUMBER),
        ("Arrears", "1,086.40", Reason.NOT_A_NUMBER),
    ],
)
def test_each_kind_of_bad_cell_is_told_with_its_row_and_column(
    books: AtWork, column: str, cell: str, reason: Reason
) -> None:
    done = take(books, spoilt(column, cell))
    assert [(bad.row, bad.column, bad.reason) for bad in done.bad] == [(2, column, reason)]
    assert not done.is_entered


def test_one_bad_row_keeps_all_good_ones_out(books: AtWork) -> None:
    rows = [(f"{n:08d}", "Somebody", f"{n:012d}", "1600", "H2", "2024-01-31", "1") for n in range(200, 300)]
    done = take(books, *rows, spoilt("Tariff", "none"))
    assert done.rows == 101
    assert [bad.row for bad in done.bad] == [102]
    assert books.find_supplies("somebody") == ()


def test_every_bad_row_is_told_not_only_the_first(books: AtWork) -> None:
    rows = [spoilt("Opened on", "never")] * 500
    done = take(books, *rows)
    assert sum(bad.reason is Reason.BAD_DATE for bad in done.bad) == 500
    twice = [bad for bad in done.bad if bad.reason is Reason.TWICE and bad.column == "Meter number"]
    assert twice[0] == BadRow(3, "Meter number", Reason.TWICE, "000000000100, as in row 2")
    assert len(twice) == 499


def test_a_customer_of_two_supplies_is_one_customer_and_never_two(books: AtWork) -> None:
    headings = (*HEADINGS, "Customer number")
    first = (*GOOD, "C-7")
    second = ("00000101", "Amina Diallo", "000000000101", *GOOD[3:], "C-7")
    assert take(books, first, second, headings=headings).is_entered
    other = ("00000102", "Somebody else", "000000000102", *GOOD[3:], "C-7")
    assert [bad.reason for bad in take(books, other, headings=headings).bad] == [Reason.CUSTOMER_DIFFERS]


def test_headings_come_in_any_order_case_and_with_any_unit(books: AtWork) -> None:
    headings = tuple(heading.upper().replace(" ", "_").replace("IMP/KWH", "imp") for heading in reversed(HEADINGS))
    assert take(books, tuple(reversed(GOOD)), headings=headings).is_entered


@pytest.mark.parametrize(
    "headings",
    [(), HEADINGS[1:], (*HEADINGS, "Tariff"), (*HEADINGS, "Shoe size")],
    ids=["none", "missing", "twice", "strange"],
)
def test_a_table_with_other_headings_is_refused_whole(books: AtWork, headings: tuple[str, ...]) -> None:
    with pytest.raises(OperatorError) as caught:
        take(books, GOOD, headings=headings)
    assert caught.value.code is Code.TABLE_UNREADABLE


def test_cells_without_a_heading_and_empty_rows(books: AtWork) -> None:
    done = take(books, ("",) * 7, (*GOOD, "", ""), ("", " "))
    assert (done.rows, done.is_entered) == (1, True)
    done = take(books, (*spoilt("Supply number", "500"), "what?"), dry_run=True)
    assert BadRow(2, "column 8", Reason.TOO_MANY_CELLS, "what?") in done.bad


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.permutations([column.heading for column in COLUMNS]),
    st.lists(st.lists(st.one_of(st.text(max_size=15), st.sampled_from(GOOD)), max_size=30).map(tuple), max_size=6),
)
def test_any_cells_give_a_report_and_books_that_add_up(
    books: AtWork, headings: list[str], rows: list[tuple[str, ...]]
) -> None:
    done = take(books, *rows, headings=tuple(headings), dry_run=True)
    assert all(2 <= bad.row <= len(rows) + 1 for bad in done.bad)


def test_no_two_columns_share_a_heading() -> None:
    names = [folded_heading(said) for column in COLUMNS for said in {column.heading, *column.aliases}]
    assert len(names) == len(set(names))


def test_every_column_and_every_reason_is_on_the_page() -> None:
    page = Path("docs/import.md").read_text()
    assert [column.heading for column in COLUMNS if f"| {column.heading} |" not in page] == []
    assert [reason.value for reason in Reason if f"`{reason.value}`" not in page] == []


def test_only_an_administrator_enters_a_table(books: AtWork) -> None:
    supervisor = Authority(STAFF[Role.SUPERVISOR].name, Act.IMPORT)
    with books.acting_as(supervisor), pytest.raises(OperatorError) as caught:
        take(books, GOOD)
    assert caught.value.code is Code.PERMISSION_DENIED
    assert books.find_supplies("amina") == ()
