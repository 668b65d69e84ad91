"""The verbs bench faults, fuzz and cards: what cards and readers do to us, what bytes do, what a sale costs."""

from __future__ import annotations

import time
from dataclasses import asdict

import click

from vending_app.bench import card_work, cases, faults, over_pcscd, planted
from vending_app.bench.fuzz import fuzz
from vending_app.bench.parsers import parsers
from vending_app.bench.rooms import in_memory
from vending_app.cardio.emulated.kinds import EVERY_KIND, PLAIN
from vending_app.commands.common import Verb, verb
from vending_app.commands.output import REFUSED, say

TORN_BYTES = 8
"""Of two faults, a tear is tried at every so many-th byte; all would be a million cases."""


@click.command("faults")
@click.option("--every", default=1, show_default=True, type=click.IntRange(1), help="Only every so many-th case.")
@click.option("--double", is_flag=True, help="Instead: a second fault while the desk recovers.")
@click.option("--pcscd", default=0, show_default=True, type=click.IntRange(0), help="Cases to repeat on a real pcscd.")
@click.option("--stacks", default=4, show_default=True, type=click.IntRange(1, 8), help="How many pcscd at a time.")
@click.option("--chip", default=PLAIN, show_default=True, type=click.Choice(sorted(EVERY_KIND)), help="On which cards.")
@click.option("--plant", default="none", type=click.Choice(sorted(planted.PLANTS)), help="Plant an error first.")
@verb
def fault_campaign(call: Verb, *, every: int, double: bool, pcscd: int, stacks: int, chip: str, plant: str) -> None:
    """Break every flow everywhere; exit 1 unless nothing is lost, doubled or stuck."""
    started = time.monotonic_ns()
    with in_memory() as folder:
        stage = faults.Stage(folder, chip)
        found = _doubles(stage) if double else faults.all_cases(stage)
        outcomes = [faults.run_case(stage, case, adapt=planted.PLANTS[plant]) for case in found[::every]]
        repeated = over_pcscd.spread(found, pcscd)
        compared = over_pcscd.compare(folder / "pcscd", repeated, stacks=stacks, chip=chip) if pcscd else []
    rows = cases.table(outcomes)
    wrong = [f"{o.case.title}: {o.verdict.value}, {o.detail}" for o in outcomes if not o.is_right]
    differ = [c.built_in.case.title for c in compared if not c.agrees]
    wrong += [f"pcscd: {c.pcscd.case.title}: {c.pcscd.detail}" for c in compared if not c.pcscd.is_right]
    answer = {
        "chip": chip,
        "kinds": [dict(zip(("kind", "cases", "lost", "doubled", "stuck"), row, strict=True)) for row in rows],
        "put_aside": cases.put_aside(outcomes),
        "wrong": wrong,
        "pcscd": {"cases": len(compared), "differ": differ},
        "seconds": (time.monotonic_ns() - started) // 1_000_000_000,
    }
    say(answer, _table(rows, wrong, cases.put_aside(outcomes), len(compared), differ), as_json=call.as_json)
    if wrong or differ:
        raise SystemExit(REFUSED)


def _doubles(stage: faults.Stage) -> list[cases.Case]:
    return [*faults.twice_cases(stage), *faults.double_cases(stage, every=TORN_BYTES)]


def _table(
    rows: list[tuple[str, int, int, int, int]], wrong: list[str], aside: int, compared: int, differ: list[str]
) -> str:
    lines = [f"{'kind':<34}{'cases':>7}{'lost':>7}{'doubled':>9}{'stuck':>7}"]
    lines += [f"{kind:<34}{count:>7}{lost:>7}{doubled:>9}{stuck:>7}" for kind, count, lost, doubled, stuck in rows]
    lines += wrong[:20]
    if aside:
        lines.append(
            f"{aside} cards put aside: refused before anything was paid, or needed by nobody when they were retired"
        )
    if compared:
        lines.append(
            f"{compared} cases on a real pcscd, {len(differ)} differ from the built-in reader {differ[:5] or ''}"
        )
    return "\n".join(lines)


@click.command("fuzz")
@click.option("--count", default=100_000, show_default=True, type=click.IntRange(1), help="Inputs in all.")
@click.option("--seed", default=1, show_default=True, type=int, help="The same seed makes the same inputs.")
@verb
def fuzz_inputs(call: Verb, *, count: int, seed: int) -> None:
    """Bytes that nobody meant, into all that reads cards; exit 1 unless each gives a value or a typed error."""
    found = fuzz(parsers(), count=count, seed=seed)
    names = sorted({*found.values, *found.refusals})
    escapes = [escape.line for escape in found.escapes]
    answer = {
        "seed": seed,
        "inputs": found.count,
        "parsers": {name: {"values": found.values[name], "refusals": found.refusals[name]} for name in names},
        "escapes": escapes,
    }
    lines = [f"{name:<46}{found.values[name]:>10} values{found.refusals[name]:>10} refusals" for name in names]
    told = [*lines, *escapes, f"{found.count} inputs, {len(found.escapes)} escaped"]
    say(answer, "\n".join(told), as_json=call.as_json)
    if found.escapes:
        raise SystemExit(REFUSED)


@click.command("cards")
@verb
def card_figures(call: Verb) -> None:
    """Commands, bytes and estimated time of a read and a sale on every card, beside the least. Exit 1 if not kept."""
    with in_memory() as folder:
        works = card_work.card_work(folder)
    found = card_work.figures(works)
    answer = {
        "cards": [asdict(work) for work in works],
        "figures": [figure.shape for figure in found],
    }
    say(answer, "\n".join([card_work.table(works), "", *(figure.line for figure in found)]), as_json=call.as_json)
    if not all(figure.is_kept for figure in found):
        raise SystemExit(REFUSED)
