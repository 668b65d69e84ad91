"""The verb bench: figures beside their floors, and the fault campaign."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click

from vending_app.bench import (
    back_test,
    beside_figures,
    big_office,
    card_work,
    ledger_figures,
    speed,
    syscalls,
)
from vending_app.bench.figure import Figure
from vending_app.bench.private_pcscd import NotPossibleHere, require_possible
from vending_app.bench.rooms import in_memory
from vending_app.commands.bench_faults import card_figures, fault_campaign, fuzz_inputs
from vending_app.commands.common import Verb, verb
from vending_app.commands.output import REFUSED, say


@click.group("bench", invoke_without_command=True)
@click.pass_context
def bench(context: click.Context) -> None:
    """Figures, each beside its floor; `bench faults` runs the fault campaign."""
    if context.invoked_subcommand is None:
        context.invoke(figures)


@bench.command("figures")
@verb
def figures(call: Verb) -> None:
    """Commands and bytes of a sale, sales a second, time on pcscd, start, search. Exit 1 if one is not kept."""
    with in_memory() as fast, tempfile.TemporaryDirectory() as durable:
        disk = Path(durable)
        found = [
            *card_work.figures(card_work.card_work(fast / "work")),
        ]
        for measure in _measures(fast, disk):
            found.append(measure())
    skipped = [] if _is_pcscd_possible() else ["a sale on pcscd: needs root, pcscd and its virtual reader"]
    answer = {"figures": [figure.shape for figure in found], "skipped": skipped}
    say(answer, "\n".join([*(figure.line for figure in found), *skipped]), as_json=call.as_json)
    if not all(figure.is_kept for figure in found):
        raise SystemExit(REFUSED)


def _measures(fast: Path, disk: Path) -> Iterator[Callable[[], Figure]]:
    if _is_pcscd_possible():
        yield lambda: speed.sale_on_pcscd(disk / "pcscd")
    yield lambda: speed.durable_sales(disk / "durable")
    yield lambda: speed.search(fast / "search")
    yield lambda: speed.start(fast / "start")


@bench.command("sampling")
@click.option(
    "--seeds", default=len(back_test.HELD_OUT), show_default=True, type=click.IntRange(1, 50), help="Offices."
)
@click.option("--supplies", default=2000, show_default=True, type=click.IntRange(400, 100_000), help="In each.")
@verb
def sampling_bench(call: Verb, *, seeds: int, supplies: int) -> None:
    """The inspection list on offices with planted cases, beside chance and each criterion alone. Exit 1 if not kept."""
    first = back_test.HELD_OUT[0]
    tested = back_test.back_test(range(first, first + seeds), supplies=supplies)
    answer = {
        "visited": tested.visited,
        "guilty": tested.guilty,
        "found": tested.found,
        "by_chance": tested.by_chance,
        "by_criterion": {
            criterion.value: {"found": found, "visited": tested.visited, "by_lot": tested.visited - signs}
            for criterion, (found, signs) in tested.by_criterion.items()
        },
        "by_case": {case.value: {"visited": seen, "all": every} for case, (seen, every) in tested.by_case.items()},
        "figures": [tested.figure.shape],
    }
    say(answer, "\n".join([*back_test.lines(tested), tested.figure.line]), as_json=call.as_json)
    if not tested.figure.is_kept:
        raise SystemExit(REFUSED)


def _of_years(command: Callable[..., None]) -> Callable[..., None]:
    """The options of what is measured on years of books."""
    for option in (
        click.option(
            "--folder",
            type=click.Path(path_type=Path),
            help="Where the books are built and kept for the next time; 4 kB a sale.",
        ),
        click.option(
            "--days", default=1095, show_default=True, type=click.IntRange(35), help="Days of history; 93 close a year."
        ),
        click.option("--sales", default=10_000_000, show_default=True, type=click.IntRange(1000)),
        click.option("--customers", default=1_000_000, show_default=True, type=click.IntRange(1000)),
    ):
        command = option(command)
    return command


@bench.command("supervisor")
@_of_years
@verb
def supervisor_bench(call: Verb, *, customers: int, sales: int, days: int, folder: Path | None) -> None:
    """The day page, and sales while a long report is read, on years of books. Exit 1 if one is not kept."""
    with _kept(folder) as room:
        found = list(beside_figures.figures(room, big_office.Size(customers, sales, days)))
    _tell(call, found)


@bench.command("ledger")
@_of_years
@click.option("--server", is_flag=True, help="Instead: eight desks at a PostgreSQL of their own, beside pgbench.")
@verb
def ledger_bench(call: Verb, *, customers: int, sales: int, days: int, folder: Path | None, server: bool) -> None:
    """Reports, search, sales and verification on years of books, which are built first. Exit 1 if one is not kept."""
    if server:
        _server_bench(call, folder)
        return
    size = big_office.Size(customers, sales, days)
    with _kept(folder) as room:
        found = list(ledger_figures.figures(room, size))
    _tell(call, found)


def _tell(call: Verb, found: Sequence[Figure]) -> None:
    answer = {"figures": [figure.shape for figure in found]}
    say(answer, "\n".join(figure.line for figure in found), as_json=call.as_json)
    if not all(figure.is_kept for figure in found):
        raise SystemExit(REFUSED)


@contextmanager
def _kept(folder: Path | None) -> Iterator[Path]:
    """The folder that was named stays, because hours may lie in it; without one it goes away."""
    with ExitStack() as stack:
        room = folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        room.mkdir(parents=True, exist_ok=True)
        yield room


def _server_bench(call: Verb, folder: Path | None) -> None:
    # The driver of the server takes a part of every start, and only this needs it.
    from vending_app.bench import server_figures  # noqa: PLC0415 - see above

    try:
        figure, facts = server_figures.measure(folder)
    except NotPossibleHere as cause:
        raise click.UsageError(str(cause)) from cause
    say({"figures": [figure.shape], "facts": facts}, "\n".join([figure.line, *facts]), as_json=call.as_json)
    if not figure.is_kept:
        raise SystemExit(REFUSED)


@bench.command("syscalls")
@click.option("--every", default=1, show_default=True, type=click.IntRange(1), help="Only every so many-th call.")
@verb
def syscall_sweep(call: Verb, *, every: int) -> None:
    """Let each write and sync of a sale and a close fail in turn; exit 1 unless nothing is lost or doubled."""
    if not syscalls.is_possible():
        raise click.UsageError("strace is not installed.")
    with in_memory() as folder:
        outcomes = list(syscalls.sweep(folder, every=every))
    cases = {kind: sum(o.injection == kind for o in outcomes) for kind in syscalls.INJECTIONS}
    wrong = [f"{o.injection}, call {o.at}: {o.problem}" for o in outcomes if o.problem]
    lines = [f"{kind:<24}{count:>6}" for kind, count in cases.items()]
    total = f"{len(outcomes)} cases, {len(wrong)} lost, doubled or out of balance"
    say({"cases": cases, "wrong": wrong}, "\n".join([*lines, *wrong, total]), as_json=call.as_json)
    if wrong or not outcomes:
        raise SystemExit(REFUSED)


def _is_pcscd_possible() -> bool:
    try:
        require_possible()
    except NotPossibleHere:
        return False
    return True


for made in (card_figures, fault_campaign, fuzz_inputs):
    bench.add_command(made)
