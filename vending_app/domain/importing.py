"""Supplies, or readings of feeders, in a table of somebody else's: what each column means, what a bad row is told."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from vending_app.domain.area_reading import LONGEST_NOTE, LONGEST_POINT, MOST_FACTOR, ReadingMark
from vending_app.domain.energy import Energy
from vending_app.domain.errors import OperatorError
from vending_app.domain.money import Money, parse_decimal

Value = str | int | Energy | Money | date | None

MOST_ENERGY = Energy.from_card_units(2**24 - 1)
"""What three bytes on a card hold: alarm levels, overdraft and hoarding limit."""
MOST_POWER_W = 2**24 - 1
MOST_CONSTANT = 2**16 - 1
MOST_RATIO = 2**16 - 1
MOST_READING = Energy.from_card_units(2**32 - 1)


class Reason(StrEnum):
    """Why a row cannot be taken."""

    MISSING = "missing"
    NOT_A_NUMBER = "not-a-number"
    OUT_OF_RANGE = "out-of-range"
    TOO_LONG = "too-long"
    BAD_NUMBER = "bad-number"
    """A supply or meter number is not of its figures."""
    BAD_DATE = "bad-date"
    BAD_LETTERS = "bad-letters"
    """Signs that no page and no printer shows."""
    TWICE = "twice-in-file"
    IN_BOOKS = "in-books"
    METER_USED = "meter-used"
    CUSTOMER_DIFFERS = "customer-differs"
    """The customer's number has another name, address or phone, in the books or in another row."""
    TARIFF_UNKNOWN = "tariff-unknown"
    AREA_UNKNOWN = "area-unknown"
    NOT_YET = "not-yet"
    """A day that is still to come."""
    TOO_OLD = "too-old"
    """A day that no balance looks back to."""
    NOT_A_KIND = "not-a-kind"
    """A word that is none of those a cell may have."""
    LOWER = "lower"
    """A counter showed more before, and no new one was named."""
    TOO_MANY_CELLS = "too-many-cells"


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a table as text; `number` counts from 1, the headings being row 1."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BadRow:
    """One thing wrong in one row."""

    row: int
    column: str
    reason: Reason
    value: str = ""


class Refused(ValueError):
    """A cell that is not what its column needs."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


Parse = Callable[[str], Value]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading in our words, what its cells mean, and what an empty cell or no column means."""

    key: str
    heading: str
    parse: Parse
    is_needed: bool = False
    default: Value = None
    aliases: tuple[str, ...] = ()


def text(most: int) -> Parse:
    """Any text of letters that can be shown."""

    def parse(cell: str) -> Value:
        if len(cell) > most:
            raise Refused(Reason.TOO_LONG)
        if any(unicodedata.category(letter) in {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"} for letter in cell):
            raise Refused(Reason.BAD_LETTERS)
        return cell

    return parse


def figures(count: int) -> Parse:
    """A number of so many figures; a spreadsheet has eaten the zeros in front."""

    def parse(cell: str) -> Value:
        packed = cell.replace(" ", "")
        if not (packed.isascii() and packed.isdigit()) or len(packed) > count:
            raise Refused(Reason.BAD_NUMBER)
        return packed.zfill(count)

    return parse


def whole(least: int, most: int) -> Parse:
    """A whole number between two."""

    def parse(cell: str) -> Value:
        return _within(_scaled(cell, 0), least, most)

    return parse


def energy(most: Energy) -> Parse:
    """Kilowatt-hours, at most two decimals."""

    def parse(cell: str) -> Value:
        return Energy.from_card_units(_within(_scaled(cell, 2), 0, most.card_units))

    return parse


def power_w(cell: str) -> Value:
    """Kilowatts, as watts."""
    return _within(_scaled(cell, 3), 0, MOST_POWER_W)


def money(cell: str) -> Value:
    """An amount; what the customer has to his credit is negative."""
    return Money(_scaled(cell, 2))


def day(cell: str) -> Value:
    """`2024-01-31` or `31.1.2024`. Slashes are refused: which part is the month differs from land to land."""
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(cell, form).date()
        except ValueError:
            continue
    raise Refused(Reason.BAD_DATE)


def month(cell: str) -> Value:
    """The first day of the month of a day."""
    on = day(cell)
    assert isinstance(on, date), "a day is a date"
    return on.replace(day=1)


def reading_kind(cell: str) -> Value:
    """One of the words of `ReadingMark`, whatever their case; nothing is withdrawn by a table."""
    known = {mark.value for mark in ReadingMark} - {ReadingMark.WITHDRAWN.value}
    if cell.casefold() not in known:
        raise Refused(Reason.NOT_A_KIND)
    return cell.casefold()


def _scaled(cell: str, digits: int) -> int:
    try:
        return parse_decimal(cell, digits=digits)
    except OperatorError as cause:
        raise Refused(Reason.NOT_A_NUMBER) from cause


def _within(value: int, least: int, most: int) -> int:
    if not least <= value <= most:
        raise Refused(Reason.OUT_OF_RANGE)
    return value


SUPPLY_FIGURES, METER_FIGURES = 8, 12
NO_ENERGY = Energy(0)

COLUMNS: tuple[Column, ...] = (
    Column("supply", "Supply number", figures(SUPPLY_FIGURES), is_needed=True, aliases=("supply",)),
    Column("customer", "Customer number", text(20), default="", aliases=("customer",)),
    Column("name", "Customer name", text(80), is_needed=True, aliases=("name",)),
    Column("address", "Address", text(120), default=""),
    Column("phone", "Phone", text(40), default="", aliases=("telephone",)),
    Column("meter", "Meter number", figures(METER_FIGURES), is_needed=True, aliases=("meter",)),
    Column("model", "Meter model", text(40), default="", aliases=("model",)),
    Column("constant", "Meter constant (imp/kWh)", whole(1, MOST_CONSTANT), is_needed=True, aliases=("constant",)),
    Column("phases", "Phases", whole(1, 3), default=1),
    Column("ct_ratio", "CT ratio", whole(1, MOST_RATIO), default=1, aliases=("ct",)),
    Column("pt_ratio", "PT ratio", whole(1, MOST_RATIO), default=1, aliases=("pt",)),
    Column("initial", "Initial reading (kWh)", energy(MOST_READING), default=NO_ENERGY),
    Column("tariff", "Tariff", text(20), is_needed=True),
    Column("opened_on", "Opened on", day, is_needed=True, aliases=("opened",)),
    Column("charged_until", "Charged until", month),
    Column("arrears", "Arrears", money, default=Money(0)),
    Column("share", "Arrears share (%)", whole(0, 100), default=0),
    Column("alarm_1", "Alarm 1 (kWh)", energy(MOST_ENERGY), default=Energy(20_000)),
    Column("alarm_2", "Alarm 2 (kWh)", energy(MOST_ENERGY), default=Energy(10_000)),
    Column("overload_w", "Overload (kW)", power_w, default=0),
    Column("overdraft", "Overdraft (kWh)", energy(MOST_ENERGY), default=NO_ENERGY),
    Column("hoarding", "Hoarding limit (kWh)", energy(MOST_ENERGY), default=NO_ENERGY, aliases=("hoarding",)),
)
"""In the order of the example; a file may have them in any order."""

READING_COLUMNS: tuple[Column, ...] = (
    Column("area", "Area", text(20), is_needed=True),
    Column("point", "Point", text(LONGEST_POINT), is_needed=True, aliases=("feeder", "transformer")),
    Column("on", "Day", day, is_needed=True, aliases=("date",)),
    Column("shown", "Reading (kWh)", energy(MOST_READING), is_needed=True),
    Column("factor", "Factor", whole(1, MOST_FACTOR), default=1),
    Column("mark", "Kind", reading_kind, default=ReadingMark.READING.value),
    Column("note", "Note", text(LONGEST_NOTE), default=""),
)
"""Of a table of readings."""


def folded_heading(said: str) -> str:
    """Case, spaces and signs do not count, and neither does a unit in brackets."""
    return "".join(letter for letter in said.partition("(")[0].casefold() if letter.isalnum())


def columns_meant(
    headings: Iterable[str], columns: Sequence[Column] = COLUMNS
) -> tuple[list[Column | None], list[str], list[str]]:
    """The column of each heading, headings that mean none or one that is there already, and needed ones not there.

    A column without a heading is left out if the file has no cell in it.
    """
    known: Mapping[str, Column] = {
        folded_heading(said): column for column in columns for said in (column.heading, *column.aliases)
    }
    meant: list[Column | None] = []
    strange: list[str] = []
    for said in headings:
        column = known.get(folded_heading(said))
        if (column is None and said.strip()) or (column is not None and column in meant):
            strange.append(said.strip()[:40])
        meant.append(column)
    absent = [column.heading for column in columns if column.is_needed and column not in meant]
    return meant, strange, absent


Record = dict[str, Value]
"""A row understood: a value for the key of every column."""


def understood(
    row: TableRow, meant: list[Column | None], columns: Sequence[Column] = COLUMNS
) -> tuple[Record, list[BadRow]]:
    """The values of a row, and everything that is wrong with its cells by themselves."""
    record: Record = {column.key: column.default for column in columns}
    bad: list[BadRow] = []
    for at, cell in enumerate(row.cells):
        column = meant[at] if at < len(meant) else None
        told = cell.strip()
        if column is None and told:
            bad.append(BadRow(row.number, f"column {at + 1}", Reason.TOO_MANY_CELLS, told[:40]))
        elif column is not None and told:
            _take(record, column, told, row.number, bad)
    empty = [column for column in columns if column.is_needed and record[column.key] is None]
    already = {one.column for one in bad}
    bad += [BadRow(row.number, c.heading, Reason.MISSING) for c in empty if c.heading not in already]
    return record, bad


def _take(record: Record, column: Column, told: str, row: int, bad: list[BadRow]) -> None:
    try:
        record[column.key] = column.parse(told)
    except Refused as refused:
        bad.append(BadRow(row, column.heading, refused.reason, told[:40]))
