"""Tables of a month or a year, from the closings of its days and from those that are not closed (row P1)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from statistics import median_low
from typing import NamedTuple

from vending_app.domain.closing import Cell, ClosingKind, Totals
from vending_app.domain.day import HourSums
from vending_app.domain.energy import Energy
from vending_app.domain.money import ZERO, Money
from vending_app.domain.report import Column, Opens, Row, Table, Unit, table
from vending_app.domain.report_asked import TAKEN_BACK, ReportAsked
from vending_app.domain.sale import Purpose, TenderKind
from vending_app.ledger import closings
from vending_app.ledger.act_tables import approvals
from vending_app.ledger.asking import Asking, sales_of, sales_that_share
from vending_app.ledger.books import Books
from vending_app.ledger.clock_hours import sold_by_clock
from vending_app.ledger.entries import INCOME_ENERGY, INCOME_FEE, INCOME_FIXED, ROUNDING
from vending_app.ledger.open_days import OpenDay
from vending_app.ledger.recovered import recovered
from vending_app.ledger.refund_tables import refunds
from vending_app.ledger.running import asked_stretches, open_days_of, totals_of

RUNNING = "running"
"""Instead of a number: a day that is not closed yet, or the one that runs."""


class Part(NamedTuple):
    """A day or a month, the number of its closing, what it came to, and what was paid of arrears."""

    period: str
    number: int | None
    totals: Totals
    recovered: Money


def _parts(books: Books, asking: Asking) -> Iterator[Part]:
    """The closed days of a month or a year, and those that no closing covers yet."""
    closed = closings.periods_within(books, ClosingKind.DAY, asking.period)
    open_ones = [each for each in open_days_of(books, today=asking.today) if each.lies_in(asking.period)]
    parts: list[str | OpenDay] = [*closed, *open_ones]
    for part in asking.each(parts):
        if isinstance(part, str):
            yield from _closed(books, part)
        elif (totals := totals_of(books, part)).acts:
            yield Part(part.day.isoformat(), None, totals, recovered(books, totals, part.stretches))


def _closed(books: Books, day: str) -> Iterator[Part]:
    closed = closings.closing(books, ClosingKind.DAY, day)
    if closed is not None:
        paid = recovered(books, closed.totals, map(closings.stretch_of, closed.heads))
        yield Part(closed.period, closed.number, closed.totals, paid)


def _months(parts: Iterable[Part]) -> Iterator[Part]:
    sums: dict[str, Part] = {}
    for part in parts:
        month = part.period[:7]
        before = sums.get(month, Part(month, None, Totals(), ZERO))
        sums[month] = Part(month, None, before.totals + part.totals, before.recovered + part.recovered)
    yield from sums.values()


SOLD = (
    Column("sales", Unit.COUNT, adds=True),
    Column("energy", Unit.ENERGY, adds=True),
    Column("takings", Unit.MONEY, adds=True),
)
_DAYS = (
    Column("day", Unit.DAY),
    Column("z", Unit.WORD),
    *SOLD,
    Column("cash", Unit.MONEY, adds=True),
    Column("cashless", Unit.MONEY, adds=True),
    Column("taken-back", Unit.MONEY, adds=True),
    Column("recovered", Unit.MONEY, adds=True),
    Column("reversals", Unit.COUNT, adds=True),
)
_MONTHS = (Column("month", Unit.TEXT), *_DAYS[2:])


def month(books: Books, asking: Asking) -> Iterator[Table]:
    parts = list(_parts(books, asking))
    rows = ((date.fromisoformat(part.period), str(part.number or RUNNING), *_period_row(part)) for part in parts)
    opens = (Opens("day", part.period) for part in parts)
    yield table("days", _DAYS, rows, opens)
    totals = sum((part.totals for part in parts), Totals())
    about = sales_of(asking)
    yield from shares(books, about, totals)
    found = asked_stretches(books, asking)
    yield refunds(books, about, found)
    yield _weekdays(about, parts)
    yield _hours(about, sold_by_clock(books, totals, found))


_FEW = (Column("sales", Unit.COUNT, adds=True), Column("takings", Unit.MONEY, adds=True))


_SOLD_HOURS = (Column("hour", Unit.TEXT), _FEW[0], Column("sold-for", Unit.MONEY, adds=True))
"""No takings: those are less what reversals took back."""


def _weekdays(about: ReportAsked, parts: Iterable[Part]) -> Table:
    """Closed days by their weekday, and what one of them took in the middle of all."""
    found: dict[int, list[Totals]] = defaultdict(list)
    for part in parts:
        if part.number is not None:
            found[date.fromisoformat(part.period).weekday()].append(part.totals)
    columns = (Column("weekday", Unit.WORD), Column("days", Unit.COUNT, adds=True), *_FEW, Column("usual", Unit.MONEY))
    rows = (
        (
            str(weekday),
            len(days),
            sum(day.count for day in days),
            sum((day.sold for day in days), ZERO),
            Money(median_low(day.sold.minor for day in days)),
        )
        for weekday, days in sorted(found.items())
    )
    opens = (sales_that_share(about, "weekday", str(weekday)) for weekday in sorted(found))
    return table("weekdays", columns, rows, opens)


def _hours(about: ReportAsked, sold: Mapping[int, HourSums]) -> Table:
    """Sales by the clock of the office, as closings tell them: without reversals."""
    rows = ((f"{at:02d}:00", sold[at].sales, sold[at].takings) for at in sorted(sold))
    opens = (sales_that_share(about, "sold-hour", str(at)) for at in sorted(sold))
    return table("sold-hours", _SOLD_HOURS, rows, opens)


def year(books: Books, asking: Asking) -> Iterator[Table]:
    parts = list(_months(_parts(books, asking)))
    yield table("months", _MONTHS, ((part.period, *_period_row(part)) for part in parts))
    about = sales_of(asking)
    yield from shares(books, about, sum((part.totals for part in parts), Totals()))
    yield refunds(books, about, asked_stretches(books, asking))


def _period_row(part: Part) -> Row:
    totals = part.totals
    cash = totals.of_tender(TenderKind.CASH)
    taken = [cell for cell in totals.cells if cell.purpose is Purpose.REVERSAL]
    back = sum((cell.total for cell in taken), ZERO)
    paid = cash, totals.sold - cash - back, back
    return totals.count, totals.energy_sold, totals.sold, *paid, part.recovered, sum(cell.count for cell in taken)


class _Share(NamedTuple):
    """Something that sales are told apart by."""

    column: str
    unit: Unit
    of: Callable[[Cell], str]


_SHARES = (
    _Share("cashier", Unit.TEXT, lambda cell: cell.operator),
    _Share("desk", Unit.TEXT, lambda cell: str(cell.desk)),
    _Share("tariff", Unit.TEXT, lambda cell: cell.tariff),
    _Share("tender", Unit.WORD, lambda cell: cell.tender.value if cell.tender else TAKEN_BACK),
)


def shares(books: Books, about: ReportAsked, totals: Totals) -> Iterator[Table]:
    """The same sales by cashier, desk, tariff and tender; each line leads to its sales."""
    names = {row["name"]: row["full_name"] for row in books.all("SELECT name, full_name FROM operators")}
    for share in _SHARES:
        yield _by(share, about, totals, names if share.column == "cashier" else {})


def _by(share: _Share, about: ReportAsked, totals: Totals, names: Mapping[str, str]) -> Table:
    sales: Counter[str] = Counter()
    energy: Counter[str] = Counter()
    money: Counter[str] = Counter()
    for cell in totals.cells:
        name = share.of(cell)
        sales[name] += cell.count if cell.purpose is Purpose.SALE else 0
        energy[name] += cell.energy.wh
        money[name] += cell.total.minor
    order = sorted(money, key=lambda name: (-money[name], name))
    rows = ((names.get(name, name), sales[name], Energy(energy[name]), Money(money[name])) for name in order)
    opens = (sales_that_share(about, share.column, name) for name in order)
    return table(f"{share.column}s", (Column(share.column, share.unit), *SOLD), rows, opens)


_EARNED = {
    INCOME_ENERGY: "energy-charge",
    INCOME_FIXED: "fixed-charge",
    INCOME_FEE: "fees",
    ROUNDING: "rounding",
}


def taxes(books: Books, asking: Asking) -> Iterator[Table]:
    """As posted: what was earned for whom."""
    totals = sum((part.totals for part in _parts(books, asking)), Totals())
    yield from earned(sales_of(asking), totals)


def earned(about: ReportAsked, totals: Totals) -> Iterator[Table]:
    """Taxes, levies and charges, each leading to what was booked. An account of income goes below nothing when
    something is earned."""
    amount = Column("amount", Unit.MONEY, adds=True)
    for key, column, prefix in (("taxes", "tax", "tax:"), ("levies", "levy", "levy:")):
        found = sorted(account for account in totals.money if account.startswith(prefix))
        rows = ((account.removeprefix(prefix), Money(-totals.money[account])) for account in found)
        opens = (sales_that_share(about, "account", account) for account in found)
        yield table(key, (Column(column, Unit.TEXT), amount), rows, opens)
    there = [account for account in _EARNED if account in totals.money]
    told = ((_EARNED[account], Money(-totals.money[account])) for account in there)
    opens = (sales_that_share(about, "account", account) for account in there)
    yield table("charges", (Column("charge", Unit.WORD), amount), told, opens)


def approved(books: Books, asking: Asking) -> Iterator[Table]:
    """Of the days that make the month: as day by day, and as by operator; of one act, if that is asked."""
    told = approvals(books, asking.each(asked_stretches(books, asking)))
    act, of = told.place_of("act"), asking.asked.of
    meant = [at for at, row in enumerate(told.rows) if of in {"", row[act]}]
    yield replace(told, rows=tuple(told.rows[at] for at in meant), opens=tuple(told.opened(at) for at in meant))
