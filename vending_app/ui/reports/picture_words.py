"""Which bars a report shows as its picture, what they are called, and what each of them opens. No Qt here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from vending_app.domain.energy import Energy
from vending_app.domain.money import Money, grouped, nearest_whole
from vending_app.domain.report import Cell, Opens, Report, Table
from vending_app.domain.report_asked import ReportAsked, ReportKind
from vending_app.domain.said_report import Bar
from vending_app.domain.tariff import LineKind
from vending_app.domain.tariff_line import TariffLine
from vending_app.ui.phrases import MONTHS, day_and_year
from vending_app.ui.reports.captions import CAPTIONS
from vending_app.ui.reports.cell_words import said_cell

MOST_BARS = 12
"""Of names: more have no room under each other's figures; their table has them all."""
FEWEST = 2
"""One bar alone compares nothing."""
SILENCES = (0, 30, 60, 90, 180, 365)
"""Days without a purchase from which on customers are told together."""
CENTS, WH, ONE = 100, 1000, 1


@dataclass(frozen=True, slots=True)
class Picture:
    """Bars under one title."""

    title: str
    bars: tuple[Bar, ...]
    unit: int
    """How much of a height is one in the figures beside the grid."""
    pair: tuple[str, ...] = ()
    """What a bar and the one beside it are; nothing where each stands alone."""


def picture_of(report: Report) -> Picture | None:
    """The picture of bars that this report has, if there is something to compare."""
    made = _PICTURES.get(report.asked.kind)
    if made is None or not report.tables[0].rows:
        return None
    picture = made(report)
    if picture.unit == CENTS and report.currency:
        picture = replace(picture, title=f"{picture.title}, in {report.currency}")
    return picture if len(picture.bars) >= (1 if report.asked.kind in _OVER_TIME else FEWEST) else None


def _amount_bar(label: str, named: str, amount: Money | Energy, opens: Opens | None) -> Bar:
    height, unit = (amount.minor, CENTS) if isinstance(amount, Money) else (amount.wh, WH)
    return Bar(label, height, _whole(height, unit), f"{named}: {amount}", opens=opens)


def _count_bar(label: str, named: str, count: int, opens: Opens | None = None) -> Bar:
    return Bar(label, count, grouped(count, digits=0), f"{named}: {grouped(count, digits=0)}", opens=opens)


def _whole(height: int, unit: int) -> str:
    """Without its decimals, for a bar."""
    return grouped(nearest_whole(height, unit), digits=0)


# --- over time -------------------------------------------------------------------------------------------


def _takings(report: Report) -> Picture:
    """By hour, by day or by month, every one of the period that has begun."""
    told, bars = report.tables[0], []
    for at, (row, amount) in enumerate(zip(told.rows, _column(told, "takings"), strict=True)):
        assert isinstance(amount, Money), "takings are money"
        label = _time_label(row[0])
        bars.append(_amount_bar(label, said_cell(row[0], told.columns[0]) or label, amount, told.opened(at)))
    return Picture("Takings", tuple(bars), CENTS)


def _shift(report: Report) -> Picture:
    """By hour of the shift; while the count is to be blind how many were sold, and for no money."""
    (told,) = (each for each in report.tables if each.key == "sold-hours")
    columns = (_column(told, key) for key in ("hour", "sales", "sold-for"))
    rows = [(str(hour), sales, amount) for hour, sales, amount in zip(*columns, strict=True)]
    paid = [_amount_bar(_time_label(hour), hour, amount, None) for hour, _, amount in rows if isinstance(amount, Money)]
    if paid:
        return Picture(CAPTIONS["sold-hours"], tuple(paid), CENTS)
    counted = (_count_bar(_time_label(hour), hour, sales) for hour, sales, _ in rows if isinstance(sales, int))
    return Picture("Sales by hour", tuple(counted), ONE)


def _time_label(named: Cell) -> str:
    """`9` of a day, `14` of a month, `Nov` of a year."""
    if isinstance(named, date):
        return str(named.day)
    assert isinstance(named, str), "an hour or a month"
    return named.partition(":")[0] if ":" in named else MONTHS[int(named[5:7]) - 1]


def _sales(report: Report) -> Picture:
    """What was sold, booked or charged: of a day by hour, of a month by day, of a year by month."""
    told = report.tables[0]
    key = "takings" if told.key == "each-sale" else "amount"
    sums: Counter[str] = Counter()
    first: dict[str, int] = {}
    for row, (at, amount) in enumerate(zip(_column(told, "at"), _column(told, key), strict=True)):
        assert isinstance(at, datetime), "each was done at some moment"
        assert isinstance(amount, Money), "and came to money"
        part = _part_of(at.astimezone(), report.asked.period)
        sums[part] += amount.minor
        first.setdefault(part, row)
    bars = (
        _amount_bar(
            _part_label(part),
            _part_name(part),
            Money(sums[part]),
            _narrower(report.asked, part) or Opens("row", str(first[part])),
        )
        for part in sorted(sums)
    )
    return Picture(_OF_SALES[told.key], tuple(bars), CENTS)


_OF_SALES = {"each-sale": "Takings", "each-booking": "Booked", "each-charge": "Charged", "each-refund": "Refunded"}
_YEAR, _MONTH, _DAY = len("2025"), len("2025-11"), len("2025-11-14")


def _part_of(at: datetime, period: str) -> str:
    """`2025-11-14 09` of a day, `2025-11-14` of a month, `2025-11` of a year."""
    return f"{at:%Y-%m-%d %H}"[: {_YEAR: _MONTH, _MONTH: _DAY}.get(len(period))]


def _part_label(part: str) -> str:
    if len(part) == _MONTH:
        return MONTHS[int(part[5:]) - 1]
    return part[-2:] if len(part) > _DAY else str(int(part[-2:]))


def _part_name(part: str) -> str:
    if len(part) == _MONTH:
        return f"{_part_label(part)} {part[:_YEAR]}"
    return f"{part[-2:]}:00" if len(part) > _DAY else day_and_year(date.fromisoformat(part))


def _narrower(asked: ReportAsked, part: str) -> Opens | None:
    """The sales of that part alone, sharing what these share; None where no other report tells them: an hour shares
    nothing else, a shift has its own time. Then the bar leads to the first of them below."""
    if asked.by == "shift":
        return None
    if len(part) > _DAY:
        found = replace(asked, by="hour", of=str(int(part[-2:]))) if not asked.by else None
    else:
        found = replace(asked, period=part)
        if asked.by == "weekday" and len(part) == _DAY:
            # Every sale of a day has its weekday.
            found = replace(found, by="", of="")
    return Opens("report", asked=found) if found is not None else None


def _one_month(report: Report) -> Picture:
    """Of one area in one month: what was delivered, used and sold there. Of more months lines tell the loss."""
    told = next((each for each in report.tables if each.key == "loss-months"), None)
    if not report.asked.period or told is None or not told.rows:
        return Picture("", (), WH)
    named = ("delivered", "used", "sold")
    cells = ((key, told.rows[0][told.place_of(key)]) for key in named)
    below = Opens("table", report.tables[0].key)
    bars = (_amount_bar(CAPTIONS[key], CAPTIONS[key], cell, below) for key, cell in cells if isinstance(cell, Energy))
    return Picture("Delivered, used and sold, in kWh", tuple(bars), WH)


def _cards(report: Report) -> Picture:
    """How many blank cards came and went on each day."""
    told = report.tables[0]
    came: Counter[date] = Counter()
    went: Counter[date] = Counter()
    for at, cards in zip(_column(told, "at"), _column(told, "cards"), strict=True):
        assert isinstance(at, datetime), "each was done at some moment"
        assert isinstance(cards, int), "and counts cards"
        day = at.astimezone().date()
        came[day] += max(cards, 0)
        went[day] += max(-cards, 0)
    bars = (
        Bar(
            str(day.day),
            came[day],
            grouped(came[day], digits=0),
            f"{day_and_year(day)}: {came[day]} came, {went[day]} went",
            went[day],
            grouped(went[day], digits=0),
            Opens("day", day.isoformat()),
        )
        for day in sorted(came)
    )
    return Picture("Blank cards by day", tuple(bars), ONE, ("came", "went"))


# --- by name ---------------------------------------------------------------------------------------------


def _steps(report: Report) -> Picture:
    """Only steps: a levy on each kWh would tell the same kWh again."""
    told, bars = report.tables[0], []
    for at, (row, energy) in enumerate(zip(told.rows, _column(told, "energy"), strict=True)):
        opens = told.opened(at)
        line = TariffLine.parse(opens.asked.of) if opens is not None and opens.asked is not None else None
        if line is not None and line.kind is LineKind.STEP and isinstance(energy, Energy):
            named = f"{row[0]}, {row[2]} at {row[3]} since {day_and_year(line.since)}"
            bars.append(_amount_bar(f"{row[0]} {row[2]}", named, energy, opens))
    return Picture("Energy by step, in kWh", tuple(bars), WH)


def _taxes(report: Report) -> Picture:
    bars = [
        _amount_bar(str(name), str(name), amount, told.opened(at))
        for told in report.tables
        if told.key in {"taxes", "levies"}
        for at, (name, amount) in enumerate(told.rows)
        if isinstance(amount, Money)
    ]
    return Picture("Taken by tax and levy", tuple(bars), CENTS)


def _arrears(report: Report) -> Picture:
    told, bars = report.tables[0], []
    for at, (customer, owed) in enumerate(zip(_column(told, "customer"), _column(told, "owed"), strict=True)):
        assert isinstance(owed, Money), "what is owed is money"
        bars.append(_amount_bar(str(customer), str(customer), owed, told.opened(at)))
    return Picture(_largest("Owed", len(bars)), tuple(bars[:MOST_BARS]), CENTS)


def _largest(title: str, count: int) -> str:
    """`Owed, the 12 largest of 340`."""
    return f"{title}, the {MOST_BARS} largest of {grouped(count, digits=0)}" if count > MOST_BARS else title


def _silent(report: Report) -> Picture:
    """Customers by how long they have not bought; each leads to those of whom nothing came for so long."""
    days = [days for days in _column(report.tables[0], "days-without-purchase") if isinstance(days, int)]
    # A purchase may lie ahead of a clock that was put back.
    found = Counter(max((since for since in SILENCES if since <= each), default=SILENCES[0]) for each in days)
    least, most = min(found, default=0), max(found, default=0)
    bars = (
        _count_bar(
            _silence(since),
            f"{_silence(since)} days without a purchase",
            found[since],
            Opens("report", asked=replace(report.asked, days=since)) if since else None,
        )
        for since in SILENCES
        if least <= since <= most
    )
    return Picture("Customers by days without a purchase", tuple(bars), ONE)


def _silence(since: int) -> str:
    """`60–89`, `365 and more`."""
    after = next((until for until in SILENCES if until > since), None)
    return f"{since}–{after - 1}" if after is not None else f"{since} and more"


def _energy(report: Report) -> Picture:
    """By area; of one area by its supplies, under the names of their customers."""
    told, bars = report.tables[0], []
    what, title = ("area", "area") if told.key == "areas" else ("customer", "supply")
    columns = (_column(told, key) for key in (what, "sold", "used"))
    for at, (named, sold, used) in enumerate(zip(*columns, strict=True)):
        assert isinstance(sold, Energy), "what was sold is energy"
        assert isinstance(used, Energy), "what was used too"
        name = said_cell(named, told.columns[told.place_of(what)])
        said = f"{name}: {sold} kWh sold, {used} kWh used"
        figures = (_whole(sold.wh, WH), _whole(used.wh, WH))
        bars.append(Bar(name, sold.wh, figures[0], said, used.wh, figures[1], told.opened(at)))
    most = sorted(bars, key=lambda bar: -bar.height)[:MOST_BARS]
    return Picture(_largest(f"Sold and used by {title}, in kWh", len(bars)), tuple(most), WH, ("sold", "used"))


_NO_EXCEPTION = frozenset({"operator", "role", "sales", "asked-for", "allowed", "difference"})


def _operators(report: Report) -> Picture:
    """What is no plain sale: of everybody together, or of one person by its kind."""
    first = report.tables[0]
    if report.asked.by:
        return Picture("Exceptions by kind", tuple(_kinds(first)), ONE)
    names = [str(name) for name in _column(first, "operator")]
    bars = [
        _count_bar(name, name, sum(sum(_exceptions(table, at)) for table in report.tables), first.opened(at))
        for at, name in enumerate(names)
    ]
    most = sorted((bar for bar in bars if bar.height), key=lambda bar: -bar.height)
    return Picture(_largest("Exceptions by person", len(most)), tuple(most[:MOST_BARS]), ONE)


def _exceptions(table: Table, at: int) -> Iterable[int]:
    told = zip(table.columns, table.rows[at], strict=True)
    return (cell for column, cell in told if column.key not in _NO_EXCEPTION and isinstance(cell, int))


def _kinds(table: Table) -> Iterable[Bar]:
    for column, cell in zip(table.columns, table.rows[0], strict=True):
        if column.key not in _NO_EXCEPTION and isinstance(cell, int):
            told = Opens("table", _TOLD_IN[column.key]) if cell else None
            yield _count_bar(CAPTIONS[column.key], CAPTIONS[column.key], cell, told)


_TOLD_IN = {
    "interrupted": "interrupted",
    **dict.fromkeys(("voids", "reversals", "refunds", "corrections", "copies"), "undone"),
    "drawer": "drawer-openings",
}
"""The table that tells the acts of a kind one by one."""


def _approvals(report: Report) -> Picture:
    told = report.tables[0]
    column = told.columns[told.place_of("act")]
    found = sorted((-times, said_cell(act, column), str(act)) for act, times in Counter(_column(told, "act")).items())
    bars = [
        _count_bar(said, said, -times, Opens("report", asked=replace(report.asked, by="act", of=act)))
        for times, said, act in found
    ]
    return Picture("Approvals by act", tuple(bars[:MOST_BARS]), ONE)


def _column(table: Table, key: str) -> Sequence[Cell]:
    at = table.place_of(key)
    return [row[at] for row in table.rows]


_OVER_TIME = frozenset({ReportKind.DAY, ReportKind.MONTH, ReportKind.YEAR, ReportKind.SHIFT, ReportKind.LOSSES})
_PICTURES: Mapping[ReportKind, Callable[[Report], Picture]] = {
    ReportKind.DAY: _takings,
    ReportKind.MONTH: _takings,
    ReportKind.YEAR: _takings,
    ReportKind.SALES: _sales,
    ReportKind.STEPS: _steps,
    ReportKind.TAXES: _taxes,
    ReportKind.ARREARS: _arrears,
    ReportKind.SILENT: _silent,
    ReportKind.ENERGY: _energy,
    ReportKind.OPERATORS: _operators,
    ReportKind.APPROVALS: _approvals,
    ReportKind.CARDS: _cards,
    ReportKind.SHIFT: _shift,
    ReportKind.LOSSES: _one_month,
}
