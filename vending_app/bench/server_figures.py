"""Eight desks at a real server beside pgbench's TPC-B-like with eight clients, by turns on the same machine."""

from __future__ import annotations

import json
import re
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vending_app.bench.figure import Figure, milli
from vending_app.bench.private_postgres import PORT, PrivatePostgres, private_postgres
from vending_app.bench.server_desk import enter_customers
from vending_app.bench.world import DESK, make_world
from vending_app.domain.ids import DeskNo
from vending_app.ledger import DeskLedger
from vending_app.ledger.postgres_server import PostgresServer

DESKS = tuple(map(DeskNo, range(11, 19)))
CLIENTS = len(DESKS)
SCALE = 10
"""Of pgbench: more branches than clients, or they would wait for each other."""
ROUNDS, ROUND_MS = 5, 5_000
WARM_UP_MS = 1_000
SHARE = 600

DURABLE = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
    "min_wal_size": "4GB",
}
"""What is acknowledged is on the disk; both are measured on the same server."""


@dataclass(frozen=True, slots=True)
class Pgbench:
    """One run: transactions a second, and the processor of one, pgbench's own and the server's."""

    tps: int
    cpu_us: int


Told = dict[str, Any]
"""What a desk says of its round: `taken_us`, `cpu_us`."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one turn showed."""

    sales_a_second: int
    taken_us: Sequence[int]
    """Of each sale."""
    desk_cpu_us: int
    server_cpu_us: int
    """Of all sales together."""
    simple: Pgbench
    prepared: Pgbench


def measure(
    folder: Path | None, *, rounds: int = ROUNDS, round_ms: int = ROUND_MS, scale: int = SCALE
) -> tuple[Figure, list[str]]:
    """The figure, and what else was seen. Raises NotPossibleHere."""
    with tempfile.TemporaryDirectory(dir=folder) as room, private_postgres(DURABLE, folder=folder) as server:
        _fill_pgbench(server, scale)
        _found_office(server, Path(room))
        with _desks_at_work(server, Path(room)) as desks:
            _sell(desks, WARM_UP_MS)
            found = [_round(server, desks, round_ms) for _ in range(rounds)]
    return _figure(found), _facts(found)


def _fill_pgbench(server: PrivatePostgres, scale: int) -> None:
    """Twice, so that the log has files to write over, as that of a server which has been running for a day."""
    for _ in range(2):
        server.run("pgbench", *_address(server), "-i", "-q", "-s", str(scale))
    server.run("psql", *_address(server), "-q", "-c", "CHECKPOINT")


def _address(server: PrivatePostgres) -> tuple[str, ...]:
    return "-h", str(server.folder), "-p", str(PORT), "-U", "postgres", "postgres"


def _found_office(server: PrivatePostgres, room: Path) -> None:
    world = make_world(room / "office", server=PostgresServer(server.url()))
    with closing(DeskLedger.open(world.store, desk=DESK)) as ledger:
        for desk in DESKS:
            enter_customers(ledger, desk)


@contextmanager
def _desks_at_work(server: PrivatePostgres, room: Path) -> Iterator[list[subprocess.Popen[str]]]:
    """Each is ready, and waits for a word; they end with the block."""
    command = [sys.executable, "-m", "vending_app.bench.server_desk", server.url()]
    with ExitStack() as until_it_ends:
        desks = []
        for desk in DESKS:
            started = subprocess.Popen(
                [*command, str(desk), str(room)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            desks.append(until_it_ends.enter_context(started))
            until_it_ends.callback(started.terminate)
        for started in desks:
            _hear(started, "ready")
        yield desks


def _hear(desk: subprocess.Popen[str], word: str = "") -> str:
    assert desk.stdout is not None, "it is a pipe"
    line = desk.stdout.readline().strip()
    assert line, "a desk ended"
    assert word in line, f"a desk said {line!r}"
    return line


def _sell(desks: Sequence[subprocess.Popen[str]], milliseconds: int) -> list[Told]:
    """All of them at once."""
    for desk in desks:
        assert desk.stdin is not None, "it is a pipe"
        desk.stdin.write(f"{milliseconds}\n")
        desk.stdin.flush()
    told = [json.loads(_hear(desk)) for desk in desks]
    for desk in desks:
        _hear(desk, "ready")
    return told


def _round(server: PrivatePostgres, desks: Sequence[subprocess.Popen[str]], round_ms: int) -> Round:
    before = server.cpu_us()
    told = _sell(desks, round_ms)
    server_cpu = server.cpu_us() - before
    taken = [one for desk in told for one in desk["taken_us"]]
    a_second = sum(len(desk["taken_us"]) * 1_000_000 // sum(desk["taken_us"]) for desk in told)
    simple, prepared = (_pgbench(server, mode, round_ms) for mode in ("simple", "prepared"))
    return Round(a_second, taken, sum(desk["cpu_us"] for desk in told), server_cpu, simple, prepared)


def _pgbench(server: PrivatePostgres, mode: str, round_ms: int) -> Pgbench:
    """Its own mix, which is like TPC-B."""
    how = ("-c", str(CLIENTS), "-j", "2", "-M", mode, "-T", str(max(1, round_ms // 1000)))
    before = server.cpu_us() + _children_cpu_us()
    said = server.run("pgbench", *how, *_address(server))
    used = server.cpu_us() + _children_cpu_us() - before
    tps, count = (re.search(found, said, re.MULTILINE) for found in (r"^tps = (\d+)", r"processed: (\d+)"))
    assert tps is not None, said
    assert count is not None, said
    return Pgbench(int(tps[1]), used // int(count[1]))


def _children_cpu_us() -> int:
    """Of programs that were started here and have ended: pgbench among them, the desks not yet."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return int((used.ru_utime + used.ru_stime) * 1_000_000)


def _figure(rounds: Sequence[Round]) -> Figure:
    """The median round by its ratio."""
    ranked = sorted(rounds, key=lambda one: milli(one.sales_a_second, one.simple.tps))
    median = ranked[len(ranked) // 2]
    ratio = milli(median.sales_a_second, median.simple.tps)
    value, floor = f"{median.sales_a_second}/s", f"{median.simple.tps}/s"
    return Figure(f"sales a second, {CLIENTS} desks beside pgbench", value, floor, ratio, SHARE, at_most=False)


def _facts(rounds: Sequence[Round]) -> list[str]:
    taken = sorted(one for found in rounds for one in found.taken_us)
    desks = sum(found.desk_cpu_us for found in rounds) // len(taken)
    server = sum(found.server_cpu_us for found in rounds) // len(taken)
    simple, prepared = (_median(runs) for runs in ([r.simple for r in rounds], [r.prepared for r in rounds]))
    share = int(statistics.median(milli(found.sales_a_second, found.prepared.tps) for found in rounds))
    return [
        f"a sale, reserved and posted: p50 {taken[len(taken) // 2]} µs, p99 {taken[len(taken) * 99 // 100]} µs",
        f"processor of a sale: {desks + server} µs, of them the desk {desks} µs, the server {server} µs",
        f"pgbench: {simple.tps}/s, {simple.cpu_us} µs of the processor for each",
        f"pgbench, prepared: {prepared.tps}/s, {prepared.cpu_us} µs each; sales beside it {share} thousandths",
    ]


def _median(runs: Sequence[Pgbench]) -> Pgbench:
    return sorted(runs, key=lambda run: run.tps)[len(runs) // 2]
