"""What a supervisor asks beside the till: a sale while a long report is read, and the day page on years of books."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from vending_app.bench.big_office import BEGINS, Size, built
from vending_app.bench.figure import Figure, milli
from vending_app.bench.ledger_figures import an_open_shift
from vending_app.bench.speed import further_intents
from vending_app.bench.world import CASHIER, DESK, MOMENT, World
from vending_app.beside import Beside, Work
from vending_app.domain.permissions import Act, Authority
from vending_app.domain.report_asked import ReportAsked, ReportKind
from vending_app.ledger import DeskLedger
from vending_app.paper import PaperWhenNeeded
from vending_app.services.report_cases import ShowReportPaper
from vending_app.services.reporting import make, read_report
from vending_app.ui.reports.report_words import said_report

DAY_PAGE_MS = 1000
SLOWEST_MS = 100
"""What nobody notices between a key and a card that is being written."""
MEDIAN_SHARE = 1500
"""The two processes share the machine's cores and its disk; they wait for nothing of each other's."""
FEWEST = 1000
"""Sales that are timed, however soon the report is there."""


def figures(folder: Path, size: Size) -> Iterator[Figure]:
    """Build the office, if it is not there, and measure it; its last day runs."""
    world, last = built(folder / "years", size), BEGINS + timedelta(days=size.days - 1)
    yield _day_page(world, last)
    yield from _sales_beside(world, last)


def _day_page(world: World, last: date) -> Figure:
    """The median of three processes."""
    command = [sys.executable, "-m", "vending_app.bench.day_probe", str(world.ledger_file), str(DESK), last.isoformat()]
    took = [int(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout) for _ in range(3)]
    median = int(statistics.median(took))
    return Figure(
        "the day page, asked to painted", f"{median} µs", f"{DAY_PAGE_MS} ms", milli(median, DAY_PAGE_MS * 1000), 1000
    )


def _sales_beside(world: World, last: date) -> Iterator[Figure]:
    with an_open_shift(world) as ledger:
        alone = _times_us(ledger, world, lambda count: count >= FEWEST)
        with closing(Beside(ledger.elsewhere(), PaperWhenNeeded())) as beside:
            told = [
                took
                for work in _works(ledger, last)
                for took in _times_while(beside.start(work), lambda is_over: _times_us(ledger, world, is_over))
            ]
    before, beside_us = (int(statistics.median(times)) for times in (alone, told))
    yield Figure(
        "a sale beside a long report, median", f"{beside_us} µs", f"{before} µs", milli(beside_us, before), MEDIAN_SHARE
    )
    slowest = max(told)
    name = f"the slowest of {len(told)} sales beside a long report"
    yield Figure(name, f"{slowest} µs", f"{SLOWEST_MS} ms", milli(slowest, SLOWEST_MS * 1000), 1000)


def _works(ledger: DeskLedger, last: date) -> Iterator[Work]:
    """What takes long: every quote of a month, its sales one by one, and those on paper."""
    now, month = datetime.combine(last, MOMENT.timetz()), last.isoformat()[:7]
    yield partial(read_report, asked=ReportAsked(ReportKind.STEPS, month), now=now)
    asked = ReportAsked(ReportKind.SALES, (last - timedelta(days=1)).isoformat())
    yield partial(read_report, asked=asked, now=now)
    paper = ShowReportPaper("Sales", said_report(read_report(ledger, asked=asked, now=now)))
    yield partial(make, paper=PaperWhenNeeded(), asked=paper, now=now)


def _times_while(reading: Future[Any], times: Callable[[Callable[[int], bool]], list[int]]) -> list[int]:
    """Of sales until it is there."""
    found = times(lambda count: count >= FEWEST and reading.done())
    reading.result()
    return found


def _times_us(ledger: DeskLedger, world: World, is_over: Callable[[int], bool]) -> list[int]:
    """Of each sale, reserved and posted, one after the other."""
    times: list[int] = []
    with ledger.acting_as(Authority(CASHIER.name, Act.SELL)):
        while not is_over(len(times)):
            for intent in further_intents(ledger, world):
                started = time.perf_counter_ns()
                ledger.reserve(intent)
                ledger.post(intent.id, at=intent.at)
                times.append((time.perf_counter_ns() - started) // 1000)
    return times
