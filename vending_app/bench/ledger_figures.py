"""The ledger's figures: sales beside raw inserts, reports and search on years of books, verification."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from vending_app.bench.big_office import BEGINS, Size, built
from vending_app.bench.figure import Figure, milli
from vending_app.bench.flows import world_of_one_sale
from vending_app.bench.speed import SALES, TYPED, further_sales_us, raw_inserts_us
from vending_app.bench.world import CASHIER, DESK, MOMENT, World
from vending_app.domain.closing import Closing, ClosingKind
from vending_app.domain.money import ZERO
from vending_app.domain.permissions import Act, Authority
from vending_app.domain.record_lines import RecordKind
from vending_app.ledger import DeskLedger, SqliteFile
from vending_app.ledger.closings import stretch_of, totals_json
from vending_app.ledger.fold import Stretch, fold
from vending_app.services.record_desk import FOUND_SHOWN

ROUNDS = 5
DAY_MS, MONTH_MS, YEAR_MS, FRAME_MS = 50, 200, 300, 16
DURABLE_SHARE = 350
EMPTY_SHARE = 800
"""Sales a second on years of books beside those on empty ones."""
ENTRIES_A_SECOND = 300_000
EVERY_DAY = 40_000
"""Closings of a century."""


def figures(folder: Path, size: Size) -> Iterator[Figure]:
    """Build the office, if it is not there, and measure it; the last day runs, the day before it is closed."""
    world = built(folder / "years", size)
    last = BEGINS + timedelta(days=size.days - 1)
    with closing(DeskLedger.open(SqliteFile(world.ledger_file), desk=DESK)) as ledger:
        yield from _reports(ledger, last)
        yield _recomputed(ledger, last)
        yield from _search(ledger, size)
        yield _verification(ledger, world)
    with tempfile.TemporaryDirectory(dir=folder) as aside:
        yield from _durable(world, world_of_one_sale(Path(aside) / "empty"), Path(aside))


def _timed_us(act: Callable[[], object]) -> int:
    """The median of some rounds."""
    taken = []
    for _ in range(ROUNDS):
        started = time.perf_counter_ns()
        act()
        taken.append((time.perf_counter_ns() - started) // 1000)
    return int(statistics.median(taken))


def _within(name: str, taken_us: int, limit_ms: int) -> Figure:
    return Figure(name, f"{taken_us} µs", f"{limit_ms} ms", milli(taken_us, limit_ms * 1000), 1000)


def _reports(ledger: DeskLedger, last: date) -> Iterator[Figure]:
    today = last.isoformat()
    before = (last - timedelta(days=1)).isoformat()
    asked = (
        ("day report, a day that runs", ClosingKind.DAY, today, DAY_MS),
        ("day report, a closed day", ClosingKind.DAY, before, DAY_MS),
        ("month report, the month that runs", ClosingKind.MONTH, today[:7], MONTH_MS),
        ("year report from closings", ClosingKind.YEAR, today[:4], YEAR_MS),
    )
    for name, kind, period, limit_ms in asked:
        taken = _timed_us(lambda kind=kind, period=period: ledger.period_totals(kind, period, today=last))  # type: ignore[misc]
        yield _within(name, taken, limit_ms)


def _recomputed(ledger: DeskLedger, last: date) -> Figure:
    """The newest closed month or year, folded anew from every row of it: equal, or the figure is not kept."""
    found = ledger.newest_closing(ClosingKind.YEAR) or ledger.newest_closing(ClosingKind.MONTH)
    assert found is not None, f"no month was over by {last}"
    started = time.perf_counter_ns()
    anew = fold(ledger._books, _stretches(ledger, found))
    taken_ms = (time.perf_counter_ns() - started) // 1_000_000
    is_equal = totals_json(anew) == totals_json(found.totals)
    return Figure(
        f"{found.kind.value} closing equals its rows", f"{taken_ms} ms", "equal" if is_equal else "NOT equal",
        1000 if is_equal else 0, 1000, at_most=False,
    )  # fmt: skip


def _stretches(ledger: DeskLedger, found: Closing) -> list[Stretch]:
    """The rows that the days of a month or a year cover."""
    days = [day for day in ledger.closings(ClosingKind.DAY, limit=EVERY_DAY) if day.period.startswith(found.period)]
    return [stretch_of(head) for day in reversed(days) for head in day.heads]


def _search(ledger: DeskLedger, size: Size) -> Iterator[Figure]:
    """Supplies as everybody looks for them, and records as a technician does, key by key."""
    worst = _p95_us(ledger.find_supplies)
    yield _within(f"search over {size.customers} customers, p95", worst, FRAME_MS)
    for kind in RecordKind:
        worst = _p95_us(partial(ledger.find_records, kind, limit=FOUND_SHOWN + 1))
        yield _within(f"search over the {kind.value} records of {size.customers}, p95", worst, FRAME_MS)


def _p95_us(find: Callable[[str], object]) -> int:
    times = []
    for typed in TYPED:
        for end in range(1, len(typed) + 1):
            started = time.perf_counter_ns()
            find(typed[:end])
            times.append((time.perf_counter_ns() - started) // 1000)
    return sorted(times)[len(times) * 95 // 100]


def _verification(ledger: DeskLedger, world: World) -> Figure:
    started = time.perf_counter_ns()
    proof = ledger.verify(trusted=world.vault.signing_key)
    taken_ms = max(1, (time.perf_counter_ns() - started) // 1_000_000)
    assert proof.is_ok, proof.problems
    a_second = proof.entries * 1000 // taken_ms
    return Figure(
        f"verification of {proof.entries} entries", f"{a_second}/s", f"{ENTRIES_A_SECOND}/s",
        milli(a_second, ENTRIES_A_SECOND), 1000, at_most=False,
    )  # fmt: skip


def _durable(full: World, empty: World, folder: Path) -> Iterator[Figure]:
    """Sales on the large books, on empty ones, and raw inserts, by turns; medians of the ratios."""
    rounds = []
    for at in range(ROUNDS):
        raw = raw_inserts_us(folder / f"raw-{at}.sqlite3")
        rounds.append((_sales_us(full), _sales_us(empty), raw))
    by_raw = int(statistics.median(milli(raw, full_us) for full_us, _, raw in rounds))
    by_empty = int(statistics.median(milli(empty_us, full_us) for full_us, empty_us, _ in rounds))
    a_second = SALES * 1_000_000 // int(statistics.median(taken for taken, _, _ in rounds))
    raw_second = SALES * 1_000_000 // int(statistics.median(raw for _, _, raw in rounds))
    name = "durable sales a second, years of books"
    yield Figure(name, f"{a_second}/s", f"{raw_second}/s", by_raw, DURABLE_SHARE, at_most=False)
    yield Figure("sales beside those of empty books", f"{a_second}/s", "empty", by_empty, EMPTY_SHARE, at_most=False)


def _sales_us(world: World) -> int:
    """Microseconds of so many sales."""
    with an_open_shift(world) as ledger:
        return further_sales_us(ledger, world)


@contextmanager
def an_open_shift(world: World) -> Iterator[DeskLedger]:
    """The books, with a shift that is opened if none is."""
    with closing(DeskLedger.open(SqliteFile(world.ledger_file), desk=DESK)) as ledger:
        if ledger.shift(desk=DESK) is None:
            with ledger.acting_as(Authority(CASHIER.name, Act.SHIFT)):
                ledger.open_shift(desk=DESK, operator=CASHIER.name, float_cash=ZERO, at=MOMENT)
        yield ledger
