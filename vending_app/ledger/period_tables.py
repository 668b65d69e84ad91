"""Tables of a month or a year, from the closings of its days and from what runs (row P1)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date

from vending_app.domain.closing import Cell, ClosingKind, Totals
from vending_app.domain.energy import Energy
from vending_app.domain.money import ZERO, Money
from vending_app.domain.report import Column, ReportAsked, Row, Table, Unit, table
from vending_app.domain.sale import Purpose, TenderKind
from vending_app.ledger import closings
from vending_app.ledger.books import Books
from vending_app.ledger.day_rows import sums_of
from vending_app.ledger.running import running_day

RUNNING = "running"
"""Instead of a number: what no day has been closed over yet, whenever it was done."""
Part = tuple[str, int | None, Totals]
"""A day or a month, the number of its closing, and what it came to."""


def _parts(books: Books, period: str, today: date) -> Iterator[Part]:
    """The closed days of a month or a year, and what runs, if today lies in it."""
    for day in closings.within(books, ClosingKind.DAY, period):
        yield day.period, day.number, day.totals
    if today.isoformat().startswith(f"{period}-"):
        running = running_day(books)
        if running.acts:
            yield today.isoformat(), None, running


def _months(parts: Iterable[Part]) -> Iterator[Part]:
    sums: dict[str, Totals] = defaultdict(Totals)
    for period, _, totals in parts:
        sums[period[:7]] = sums[period[:7]] + totals
    for month, totals in sums.items():
        yield month, None, totals


_SOLD = (
    Column("sales", Unit.COUNT, adds=True),
    Column("energy", Unit.ENERGY, adds=True),
    Column("takings", Unit.MONEY, adds=True),
)
_DAYS = (
    Column("day", Unit.DAY),
    Column("z", Unit.WORD),
    *_SOLD,
    Column("cash", Unit.MONEY, adds=True),
    Column("cashless", Unit.MONEY, adds=True),
    Column("recovered", Unit.MONEY, adds=True),
    Column("reversals", Unit.COUNT, adds=True),
)
_MONTHS = (Column("month", Unit.TEXT), *_DAYS[2:])


def month(books: Books, asked: ReportAsked, today: date) -> Iterator[Table]:
    parts = list(_parts(books, asked.period, today))
    rows = (
        (date.fromisoformat(day) if number else None, str(number or RUNNING), *_period_row(totals))
        for day, number, totals in parts
    )
    yield table("days", _DAYS, rows)
    yield from _shares(books, sum((totals for _, _, totals in parts), Totals()))


def year(books: Books, asked: ReportAsked, today: date) -> Iterator[Table]:
    parts = list(_months(_parts(books, asked.period, today)))
    yield table("months", _MONTHS, ((month, *_period_row(totals)) for month, _, totals in parts))
    yield from _shares(books, sum((totals for _, _, totals in parts), Totals()))


def _period_row(totals: Totals) -> Row:
    sums = sums_of(totals)
    cash = sum((cell.total for cell in totals.cells if cell.tender in {None, TenderKind.CASH}), ZERO)
    reversals = sum(cell.count for cell in totals.cells if cell.purpose is Purpose.REVERSAL)
    return sums.sales, sums.energy, sums.takings, cash, sums.takings - cash, sums.arrears, reversals


def _shares(books: Books, totals: Totals) -> Iterator[Table]:
    """The same sales by cashier, tariff, desk and tender."""
    names = {row["name"]: row["full_name"] for row in books.all("SELECT name, full_name FROM operators")}
    yield _by("cashiers", "cashier", Unit.TEXT, totals, lambda cell: names.get(cell.operator, cell.operator))
    yield _by("desks", "desk", Unit.TEXT, totals, lambda cell: str(cell.desk))
    yield _by("tariffs", "tariff", Unit.TEXT, totals, lambda cell: cell.tariff)
    # A reversal is paid out in cash.
    yield _by("tenders", "tender", Unit.WORD, totals, lambda cell: (cell.tender or TenderKind.CASH).value)


def _by(key: str, column: str, unit: Unit, totals: Totals, share: Callable[[Cell], str]) -> Table:
    sales: Counter[str] = Counter()
    energy: Counter[str] = Counter()
    money: Counter[str] = Counter()
    for cell in totals.cells:
        name = share(cell)
        sales[name] += cell.count if cell.purpose is Purpose.SALE else 0
        energy[name] += cell.energy.wh
        money[name] += cell.total.minor
    order = sorted(money, key=lambda name: (-money[name], name))
    rows = ((name, sales[name], Energy(energy[name]), Money(money[name])) for name in order)
    return table(key, (Column(column, unit), *_SOLD), rows)


_EARNED = {
    "income:energy": "energy-charge",
    "income:fixed": "fixed-charge",
    "income:fee": "fees",
    "rounding": "rounding",
}


def taxes(books: Books, asked: ReportAsked, today: date) -> Iterator[Table]:
    """As posted: what was earned for whom. An account of income goes below nothing when something is earned."""
    totals = sum((totals for _, _, totals in _parts(books, asked.period, today)), Totals())
    amount = Column("amount", Unit.MONEY, adds=True)
    for key, column, prefix in (("taxes", "tax", "tax:"), ("levies", "levy", "levy:")):
        found = sorted(account for account in totals.money if account.startswith(prefix))
        rows = ((account.removeprefix(prefix), Money(-totals.money[account])) for account in found)
        yield table(key, (Column(column, Unit.TEXT), amount), rows)
    earned = ((word, Money(-totals.money[account])) for account, word in _EARNED.items() if account in totals.money)
    yield table("charges", (Column("charge", Unit.WORD), amount), earned)
