"""The energy balance in sentences and as lines: what stands out and beside what, and what is not known. No Qt here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from vending_app.domain.energy_balance import ENOUGH_COVERED
from vending_app.domain.loss_standouts import Beside
from vending_app.domain.report import Cell, Report, Row, Table
from vending_app.domain.report_asked import ReportKind
from vending_app.domain.said_report import SaidLine
from vending_app.ui.phrases import MONTHS, counted, day_and_year

LOSS_PICTURE = "Loss of what was delivered, in %"
NOTHING_TOLD = (
    "No loss can be told yet: it needs write-backs, and readings of all that feeds an area (page Records, Areas)."
)
UNTOLD = "A month tells its loss once the use of {share} % of its supplies is known from its first day to its last."
MOST_UNREAD = 2
"""Counters that are named in sentences; their table has them all."""


def said_month(period: str) -> str:
    """`Nov 2025` of `2025-11`."""
    return f"{MONTHS[int(period[5:7]) - 1]} {period[:4]}"


def said_months(report: Report) -> str:
    """`Nov 2025 to Oct 2026`, of one area with its name."""
    table = _table(report, "loss-months")
    if table is None or not table.rows:
        return ""
    months = [str(period) for period in _column(table, "month")]
    name = f"{report.of}, " if report.asked.area else ""
    first, last = said_month(min(months)), said_month(max(months))
    return f"{name}{first} to {last}" if first != last else f"{name}{first}"


def alerts_of(report: Report) -> tuple[str, ...]:
    """Who stands out, in a sentence each."""
    standing = _table(report, "standing-out")
    return tuple(_said_standout(row, standing) for row in standing.rows) if standing is not None else ()


def notes_of(report: Report) -> tuple[str, ...]:
    """How far use is known."""
    months = _table(report, "loss-months")
    if months is None:
        return ()
    missing = _said_unread(_table(report, "unread"))
    shares = _column(months, "loss-share")
    if all(share is None for share in shares):
        return (NOTHING_TOLD, *missing) if months.rows else ()
    # Without readings a month is empty for another reason, which names its counter.
    pairs = zip(shares, _column(months, "delivered"), strict=True)
    has_untold = any(share is None and delivered is not None for share, delivered in pairs)
    return (*missing, UNTOLD.format(share=ENOUGH_COVERED // 100)) if has_untold else missing


def _said_unread(table: Table | None) -> tuple[str, ...]:
    """`P9 in North 3 has no reading since 1 Sep 2026: its area tells nothing of the months after it.`"""
    if table is None:
        return ()
    rows = [dict(zip((column.key for column in table.columns), row, strict=True)) for row in table.rows]
    told = [f"{row['point']} in {row['area']} has no reading {_said_gap(row)}." for row in rows[:MOST_UNREAD]]
    more = len(rows) - len(told)
    return (*told, f"{counted(more, 'counter more lacks', 'counters more lack')} a reading.") if more else tuple(told)


def _said_gap(row: Mapping[str, Cell]) -> str:
    since, until = row["read-last"], row["read-again"]
    if not isinstance(since, date):
        assert isinstance(until, date), "a counter was read once at least"
        return f"before {day_and_year(until)}, so nothing is told of its area before"
    if not isinstance(until, date):
        return f"since {day_and_year(since)}, so nothing is told of its area since"
    return f"from {day_and_year(since)} to {day_and_year(until)}, so nothing is told of its area between"


def _said_standout(row: Row, table: Table) -> str:
    """`North 3 lost 18 % in Oct 2026, where other areas lost 6 to 9 %.`"""
    cells = dict(zip((column.key for column in table.columns), row, strict=True))
    if cells["beside"] == Beside.NOTHING:
        more, when = -_whole(cells["loss-share"]), said_month(str(cells["month"]))
        said = f"{cells['area']} used {more} % more than was delivered in {when}"
        return f"{said}: a counter was read wrongly, or one is missing."
    said = f"{cells['area']} lost {_whole(cells['loss-share'])} % in {said_month(str(cells['month']))}"
    if cells["beside"] == Beside.DELIVERED:
        return f"{said}, more than a quarter of what was delivered."
    low, high = _whole(cells["lowest"]), _whole(cells["highest"])
    usual = f"{low} to {high} %" if low != high else f"{low} %"
    if cells["beside"] == Beside.OTHERS:
        return f"{said}, where other areas lost {usual}."
    return f"{said}; in months before it usually lost {usual}."


def _whole(share: Cell) -> int:
    """The nearest whole per cent of hundredths."""
    assert isinstance(share, int), "a share is a whole number"
    return (share + 50) // 100


def lines_of(report: Report) -> tuple[tuple[SaidLine, ...], tuple[str, ...]]:
    """A line for each area that tells a loss, those that stand out strong; and the months under them. One month alone
    is no line."""
    table = _table(report, "loss-months")
    if report.asked.kind is not ReportKind.LOSSES or report.asked.period or table is None:
        return (), ()
    standing = _table(report, "standing-out")
    strong = set(_column(standing, "area-code")) if standing is not None else {report.asked.area}
    months = sorted({str(period) for period in _column(table, "month")})
    lines = []
    for code, name in dict.fromkeys(zip(_column(table, "area-code"), _column(table, "area"), strict=True)):
        told = _shares_of(table, code)
        shares = tuple(told.get(month) for month in months)
        if any(share is not None for share in shares):
            lines.append(SaidLine(str(name), str(code), shares, is_strong=code in strong))
    return tuple(lines), tuple(MONTHS[int(month[5:7]) - 1] for month in months) if lines else ()


def said_rest(lines: Sequence[SaidLine]) -> str:
    """Those that do not stand out, in a legend; a line alone needs none."""
    if len(lines) < 2 or all(line.is_strong for line in lines):
        return ""
    return "other areas" if any(line.is_strong for line in lines) else "each area"


def _shares_of(table: Table, code: Cell) -> dict[str, int]:
    """By month, of one area, where a loss is told."""
    columns = (_column(table, key) for key in ("area-code", "month", "loss-share"))
    return {
        str(month): share
        for area, month, share in zip(*columns, strict=True)
        if area == code and isinstance(share, int)
    }


def _table(report: Report, key: str) -> Table | None:
    return next((table for table in report.tables if table.key == key), None)


def _column(table: Table, key: str) -> list[Cell]:
    at = table.place_of(key)
    return [row[at] for row in table.rows]
