"""Speed beside its floor: sales beside raw inserts, a start beside a bare window, a search beside a frame."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from vending_app import app, office_files
from vending_app.bench.figure import Figure, milli
from vending_app.bench.flows import world_of_one_sale
from vending_app.bench.start_probe import PASSPHRASE
from vending_app.bench.world import (
    CASHIER,
    DESK,
    MOMENT,
    OFFICE,
    PARAMETERS,
    SUPPLY,
    TARIFF,
    World,
)
from vending_app.domain.energy import Energy
from vending_app.domain.ids import MeterNo, SupplyNo
from vending_app.domain.money import ZERO, Money
from vending_app.domain.people import Customer, Meter
from vending_app.domain.permissions import Act, Authority
from vending_app.domain.sale import SaleIntent
from vending_app.ledger import DeskLedger, SqliteFile
from vending_app.ledger.driver import sqlite3
from vending_app.services.counter import Counter
from vending_app.services.setup import SampleOffice
from vending_app.services.use_cases import Sell

SALES = 200
ROUNDS = 5
STARTS = 5
CUSTOMERS = 100_000
FIRST, SMALL = Money(300), Money(100)
"""The first pays the month's fixed charge; 200 small ones stay below what a meter may hold."""
SALE_LIMIT_MS = 30
FRAME_MS = 16
START_TIMES_BARE = 4000
DURABLE_SHARE = 300
FIRST_NAMES = ("Amara", "Lena", "Tomás", "Yusuf", "Ingrid", "Priya", "Kofi", "Élodie", "Dmitri", "Hương", "Wei", "Zoé")
LAST_NAMES = ("Okafor", "Hoffmann", "Herrera", "Demir", "Sørensen", "Raman", "Mensah", "Marchand", "Volkov", "Nguyễn")
STREETS = ("Mill Lane", "Station Street", "Orchard Road", "Canal Walk", "Quay Road", "Lantern Court", "River View")
TYPED = (
    "amara okafor",
    "hoff",
    "tomas herr",
    "0041",
    "000012",
    "14 mill lane",
    "river v",
    "0170 555",
    "zoe",
    "sø",
    "xq",
)


def time_sales(counter: Counter, world: World) -> list[int]:
    """Sell 200 times to the card in the reader."""
    counter.operator = CASHIER
    counter.do(Sell(world.new_id(), amount=FIRST))
    return [_timed(lambda: counter.do(Sell(world.new_id(), amount=SMALL))) for _ in range(SALES)]


def _timed(act: Callable[[], object]) -> int:
    started = time.perf_counter_ns()
    act()
    return (time.perf_counter_ns() - started) // 1000


def sale_on_pcscd(folder: Path) -> Figure:
    """Software time of a sale on a real pcscd: the emulated chip takes no time of its own. Needs root."""
    command = [sys.executable, "-m", "vending_app.bench.sale_time", str(folder)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    median = int(statistics.median(json.loads(done.stdout)))
    return Figure(
        "a sale on pcscd, median software time", f"{median} µs", f"{SALE_LIMIT_MS} ms",
        milli(median, SALE_LIMIT_MS * 1000), 1000,
    )  # fmt: skip


def durable_sales(folder: Path) -> Figure:
    """Durable sales a second (reserve, post) beside raw one-row inserts under the same WAL and FULL."""
    world = world_of_one_sale(folder)
    rounds = sorted((_one_round(world, folder / f"raw-{at}.sqlite3") for at in range(ROUNDS)), key=lambda r: milli(*r))
    sales, raw = rounds[ROUNDS // 2]
    return Figure("durable sales a second", f"{sales}/s", f"{raw}/s", milli(sales, raw), DURABLE_SHARE, at_most=False)


def _one_round(world: World, raw_file: Path) -> tuple[int, int]:
    """Sales and raw inserts a second, one after the other."""
    raw_us = raw_inserts_us(raw_file)
    with closing(DeskLedger.open(SqliteFile(world.ledger_file), desk=DESK)) as ledger:
        sales_us = further_sales_us(ledger, world)
    return SALES * 1_000_000 // sales_us, SALES * 1_000_000 // raw_us


def further_sales_us(ledger: DeskLedger, world: World) -> int:
    """Microseconds of so many more sales to the one customer, each reserved and posted."""
    intents = list(further_intents(ledger, world))
    return _timed(lambda: _reserve_and_post(ledger, intents))


def raw_inserts_us(file: Path) -> int:
    """Microseconds of so many one-row transactions, each durable."""
    with closing(sqlite3.connect(str(file), isolation_level=None)) as raw:
        raw.execute("PRAGMA journal_mode=WAL")
        raw.execute("PRAGMA synchronous=FULL")
        raw.execute("CREATE TABLE sale (id TEXT PRIMARY KEY, amount INTEGER NOT NULL) STRICT")
        rows = [(f"{at:026d}", at) for at in range(SALES)]
        return _timed(lambda: [raw.execute("INSERT INTO sale VALUES (?, ?)", row) for row in rows])


def further_intents(ledger: DeskLedger, world: World) -> Iterator[SaleIntent]:
    """The sales that would follow the last one."""
    sold, shift = ledger.newest_standing(SUPPLY), ledger.shift(desk=DESK)
    assert sold is not None, "a first sale shows how they go on"
    assert shift is not None, "a shift is open"
    newest = replace(sold.intent, shift=shift.number)
    for step in range(1, SALES + 1):
        order = replace(
            newest.order,
            sequence=newest.order.sequence + step,
            purchases=newest.order.purchases + step,
            energy_total=Energy(newest.order.energy_total.wh + step * newest.order.last_purchase.wh),
        )
        yield replace(newest, id=world.new_id(), order=order)


def _reserve_and_post(ledger: DeskLedger, intents: Sequence[SaleIntent]) -> None:
    with ledger.acting_as(Authority(CASHIER.name, Act.SELL)):
        for intent in intents:
            ledger.reserve(intent)
            ledger.post(intent.id, at=intent.at)


def search(folder: Path) -> Figure:
    """Search as you type over 100 000 customers, one key after the other: the slowest twentieth beside a frame."""
    folder.mkdir(parents=True)
    with closing(
        DeskLedger.create(SqliteFile(folder / "ledger.sqlite3"), office=OFFICE, desk=DESK, at=MOMENT)
    ) as ledger:
        _enter_customers(ledger)
        times = [
            _timed(lambda text=typed[:end]: ledger.find_supplies(text))  # type: ignore[misc]
            for typed in TYPED
            for end in range(1, len(typed) + 1)
        ]
    worst = sorted(times)[len(times) * 95 // 100]
    return Figure(
        f"search over {CUSTOMERS} customers, p95", f"{worst} µs", f"{FRAME_MS} ms", milli(worst, FRAME_MS * 1000), 1000
    )


def _enter_customers(ledger: DeskLedger) -> None:
    ledger.add_tariff(TARIFF)
    with ledger.setting_up():
        for at in range(CUSTOMERS):
            name = f"{FIRST_NAMES[at % 12]} {LAST_NAMES[at // 12 % 10]} {at}"
            ledger.add_supply(
                SupplyNo(f"{at:08d}"),
                customer=Customer(f"{at:06d}", name, f"{at % 200} {STREETS[at % 7]}", f"0170 555 {at:06d}"),
                meter=Meter(MeterNo(f"{at:012d}"), "RM-1", 1600),
                tariff=TARIFF.code,
                parameters=PARAMETERS,
                opened_on=MOMENT.date(),
                arrears=ZERO,
                arrears_share_percent=0,
            )


def start(folder: Path) -> Figure:
    """From the start of the process to a painted log-in page, beside a bare window; whole processes, alternating."""
    sample = SampleOffice.of(office_files.sample_description())
    app.create_office(folder, sample, password=PASSPHRASE, passphrase=PASSPHRASE)
    _start_us("counter", str(folder))
    pairs = [(_start_us("counter", str(folder)), _start_us("bare")) for _ in range(STARTS)]
    ours = int(statistics.median(pair[0] for pair in pairs))
    bare = int(statistics.median(pair[1] for pair in pairs))
    return Figure("start to log-in", f"{ours // 1000} ms", f"{bare // 1000} ms", milli(ours, bare), START_TIMES_BARE)


def _start_us(*what: str) -> int:
    command = [sys.executable, "-m", "vending_app.bench.start_probe", *what]
    # As installed: compiled once. The first start, not counted, sees to that.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return _timed(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment))
