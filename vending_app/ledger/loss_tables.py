"""Tables of the energy balance: areas by month, which stand out, and the supplies of one area (rows S10, P3)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise

from vending_app.domain.energy import Energy
from vending_app.domain.energy_balance import (
    LONGEST_START,
    MONTHS,
    AreaBalance,
    Curve,
    MonthBalance,
    SupplyUse,
    balance,
    curve_of,
    curves_of,
    month_edges,
    share,
    unread,
)
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.inspection import Reading
from vending_app.domain.loss_standouts import Standout, standouts
from vending_app.domain.report import Cell, Column, Opens, Row, Table, Unit, table, whole_of
from vending_app.domain.report_asked import ReportAsked, ReportKind
from vending_app.ledger import area_readings
from vending_app.ledger.asking import Asking
from vending_app.ledger.books import Books
from vending_app.ledger.codec import day, time_text
from vending_app.ledger.energy_tables import require_area
from vending_app.ledger.inspections import newest_row
from vending_app.ledger.parts import journal_parts, supply_parts
from vending_app.ledger.supply_records import readings

_WHERE = (Column("area-code", Unit.TEXT), Column("area", Unit.WORD))
_LOST = ("delivered", "used", "loss")
"""What is sold stands behind them: it is no part of the loss."""
_SHARE = Column("loss-share", Unit.PERCENT)
_SUMMED = (
    *(Column(key, Unit.ENERGY, adds=True) for key in _LOST),
    Column("loss-share", Unit.PERCENT, share_of=("loss", "delivered")),
    Column("sold", Unit.ENERGY, adds=True),
)
_OF_MONTH = (*(Column(key, Unit.ENERGY) for key in _LOST), _SHARE, Column("sold", Unit.ENERGY))
"""Not added up: a month without a loss would make the sums of the others seem wrong."""


def losses(books: Books, asking: Asking) -> Iterator[Table]:
    """Whole months before this one; of one area its supplies and its months, else every area.

    Raises OperatorError area-unknown, report-period.
    """
    months = month_edges(asking.today, MONTHS + 1)[:-1]
    if asking.asked.area is not None:
        yield from _of_one(books, asking, asking.asked.area, months)
        return
    points = _points_of(books)
    areas = _balances(books, months, points, _supplies(books, asking, months))
    yield table("losses", (*_WHERE, *_SUMMED, *_HOW_MUCH), map(_area_row, areas))
    yield _months_table(areas)
    found = list(standouts(areas))
    yield table("standing-out", _STANDING, map(_standing_row, found), (_of_month(one.code, one.month) for one in found))
    yield _unread_table(areas, months, points)


def _of_one(books: Books, asking: Asking, code: str, months: Sequence[date]) -> Iterator[Table]:
    """Its supplies over the months that its line adds up, or in one month, and its months.

    Raises OperatorError area-unknown, report-period for a month that is not among them.
    """
    require_area(books, code)
    supplies, points = _supplies(books, asking, months), _points_of(books)
    areas = [one for one in _balances(books, months, points, supplies) if one.code == code]
    stretches = list(pairwise(months))
    if asking.period:
        areas = [replace(one, months=_only(one.months, asking.period)) for one in areas]
        stretches = [stretch for stretch in stretches if f"{stretch[0]:%Y-%m}" == asking.period]
        if not stretches:
            raise OperatorError(Code.REPORT_PERIOD, period=asking.period)
    elif told := {month.month for one in areas for month in one.told}:
        stretches = [stretch for stretch in stretches if stretch[0] in told]
    columns = (
        Column("supply", Unit.TEXT),
        Column("customer", Unit.TEXT),
        Column("sold", Unit.ENERGY, adds=True),
        Column("used", Unit.ENERGY, adds=True),
        Column("last-write-back", Unit.DAY),
    )
    rows = sorted((_supply_row(one, stretches) for one in supplies), key=lambda row: (-whole_of(row[3]), str(row[0])))
    yield table("loss-supplies", columns, rows)
    yield _months_table(areas)
    yield _unread_table(areas, months, points)


def _only(months: Sequence[MonthBalance], period: str) -> tuple[MonthBalance, ...]:
    return tuple(month for month in months if f"{month.month:%Y-%m}" == period)


def _of_month(code: str, month: date) -> Opens:
    """The supplies of an area in one month."""
    return Opens("report", asked=ReportAsked(ReportKind.LOSSES, f"{month:%Y-%m}", area=code))


# --- rows ------------------------------------------------------------------------------------------------

_HOW_MUCH = (Column("told-months", Unit.COUNT), Column("supplies", Unit.COUNT, adds=True))


def _area_row(area: AreaBalance) -> Row:
    """Sums of the months that tell a loss, so that the four stand side by side over the same days."""
    told = area.told
    where = (area.code, area.name)
    if not told:
        return (*where, None, None, None, None, None, 0, area.supplies)
    delivered, sold = sum(month.delivered or 0 for month in told), sum(month.sold for month in told)
    used = sum(month.used for month in told)
    lost = (Energy(delivered), Energy(used), Energy(delivered - used), share(delivered - used, delivered))
    return (*where, *lost, Energy(sold), len(told), area.supplies)


def _months_table(areas: Sequence[AreaBalance]) -> Table:
    """Nothing is delivered to supplies that hang in no area, so they have no months."""
    columns = (*_WHERE, Column("month", Unit.TEXT), *_OF_MONTH, Column("covered", Unit.PERCENT))
    found = [(area, month) for area in areas if area.code for month in area.months]
    rows = ((area.code, area.name, f"{month.month:%Y-%m}", *_month_row(month)) for area, month in found)
    return table("loss-months", columns, rows, (_of_month(area.code, month.month) for area, month in found))


def _month_row(month: MonthBalance) -> tuple[Cell, ...]:
    return (
        _energy(month.delivered),
        Energy(month.used),
        _energy(month.loss),
        month.loss_share,
        Energy(month.sold),
        month.covered_share,
    )


def _energy(wh: int | None) -> Energy | None:
    return Energy(wh) if wh is not None else None


_STANDING = (
    *_WHERE,
    Column("month", Unit.TEXT),
    _SHARE,
    Column("beside", Unit.WORD),
    Column("lowest", Unit.PERCENT),
    Column("highest", Unit.PERCENT),
)


def _standing_row(one: Standout) -> Row:
    return (one.code, one.name, f"{one.month:%Y-%m}", one.loss_share, one.beside.value, one.low, one.high)


def _unread_table(areas: Sequence[AreaBalance], months: Sequence[date], points: _Points) -> Table:
    """Counters without which newer months of their area tell nothing."""
    columns = (*_WHERE, Column("point", Unit.TEXT), Column("read-last", Unit.DAY), Column("read-again", Unit.DAY))
    rows = (
        (area.code, area.name, one.point, one.since, one.until)
        for area in areas
        for one in unread(months, points[area.code])
    )
    return table("unread", columns, rows)


def _supply_row(one: _Known, stretches: Sequence[tuple[date, date]]) -> Row:
    """What was sold and used in these months, each day of its life counted as its area counts it."""
    lived = filter(None, (one.lived(*stretch) for stretch in stretches))
    used = sum(one.use.between(*days) for days in lived) if one.use is not None else 0
    told = date.fromordinal(one.use.days[-1]) if one.use is not None else None
    sold = sum(one.sold.get(since, 0) for since, _ in stretches)
    return one.supply, one.customer, Energy(sold), Energy(used), told


# --- what the books know ---------------------------------------------------------------------------------

_SUPPLIES = """
SELECT supplies.number, customers.name, coalesce(area, '') AS area, opened_on, closed_on
FROM supplies JOIN customers ON customers.number = customer WHERE state <> 'prepared' ORDER BY supplies.number
"""
_USED = """
SELECT account, sum(amount) AS wh FROM postings
WHERE commodity = 'energy' AND account >= 'used:' AND account < 'used;' AND journal > ? AND journal <= ?
GROUP BY account
"""
_FINAL = """
SELECT supply, used_total_wh FROM settlements UNION ALL SELECT old_supply, used_total_wh FROM meter_changes
"""


@dataclass(frozen=True, slots=True)
class _Known(SupplyUse):
    """A supply with what only a table tells of it."""

    customer: str
    area: str


def _supplies(books: Books, asking: Asking, months: Sequence[date]) -> list[_Known]:
    """All that were ever open; of the area in which they are now."""
    area, newest = asking.asked.area, newest_row(books)
    parts, rows = supply_parts(books), journal_parts(books)
    tally = asking.tally(len(parts) + 2 * len(rows))
    told: dict[str, Sequence[Reading]] = {}
    for part in tally.each(parts):
        told |= readings(books, newest, part)
    posted: Counter[str] = Counter()
    for between in tally.each(rows):
        posted.update({account.partition(":")[2]: int(wh) for account, wh in books.tuples(_USED, between)})
    final = dict(books.tuples(_FINAL))
    sold = _sold(books, months, tally.each(rows))
    return [
        _Known(
            supply=number,
            opened=date.fromisoformat(opened),
            closed=day(closed),
            use=curve_of(_points(told.get(number, ()), opened, closed, (posted.get(number, 0), final.get(number)))),
            sold=sold.get(number, {}),
            customer=customer,
            area=where,
        )
        for number, customer, where, opened, closed in books.tuples(_SUPPLIES)
        if area in {None, where}
    ]


def _points(
    told: Sequence[Reading], opened: str, closed: str | None, known: tuple[int, int | None]
) -> Iterator[tuple[date, int]]:
    """The register of use: as it was when the supply opened, at each write-back, and at its end.

    What it showed at the beginning is what it shows now without all use that was posted: the meter itself may hang
    elsewhere by now.
    """
    posted, final = known
    counted = [reading for reading in told if final is None or reading.used.wh <= final]
    if final is None and not counted:
        return
    newest = final if final is not None else counted[-1].used.wh
    begins, first = date.fromisoformat(opened), counted[0].on if counted else day(closed)
    if first is not None and (first - begins).days <= LONGEST_START:
        yield begins, newest - posted
    yield from ((reading.on, reading.used.wh) for reading in counted)
    if final is not None and closed is not None:
        yield date.fromisoformat(closed), final


def _sold(books: Books, months: Sequence[date], rows: Iterable[tuple[int, int]]) -> Mapping[str, Mapping[date, int]]:
    """Wh by supply and month in which it was posted; what was taken back counts against the month in which it was."""
    bounds = [time_text(datetime(edge.year, edge.month, 1).astimezone()) for edge in months]
    parts = " ".join(f"WHEN event.at < ?{at + 1} THEN {at - 1}" for at in range(1, len(bounds)))
    asked = (
        f"SELECT supply, CASE {parts} END AS part, sum(energy_wh) AS wh FROM sales"
        " JOIN sale_events AS event ON event.sale = id AND event.state = 'posted'"
        f" WHERE purpose IN ('sale', 'reversal') AND event.at >= ?1 AND event.at < ?{len(bounds)}"
        f" AND event.journal > ?{len(bounds) + 1} AND event.journal <= ?{len(bounds) + 2} GROUP BY supply, part"
    )
    sold: dict[str, Counter[date]] = defaultdict(Counter)
    for between in rows:
        for supply, part, wh in books.tuples(asked, (*bounds, *between)):
            sold[supply][months[part]] += int(wh)
    return sold


_AREAS = "SELECT code, name FROM areas ORDER BY code"


_Points = defaultdict[str, dict[str, Sequence[Curve]]]
"""By area and the name of the counter."""


def _points_of(books: Books) -> _Points:
    points: _Points = defaultdict(dict)
    for (code, point), counting in area_readings.counting(books).items():
        points[code][point] = curves_of(counting)
    return points


def _balances(books: Books, months: Sequence[date], points: _Points, supplies: Sequence[_Known]) -> list[AreaBalance]:
    """Every area; then what hangs in none, if there is such."""
    named = [*books.tuples(_AREAS), *([("", "")] if any(not one.area for one in supplies) else [])]
    here: dict[str, list[_Known]] = defaultdict(list)
    for one in supplies:
        here[one.area].append(one)
    return [
        AreaBalance(
            code=code,
            name=name,
            months=tuple(balance(months, list(points[code].values()), here[code])),
            supplies=sum(one.closed is None for one in here[code]),
        )
        for code, name in named
    ]
