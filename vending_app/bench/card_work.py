"""Commands and programmed bytes of a sale, beside the least that its before- and after-image allow."""

from __future__ import annotations

from pathlib import Path

from vending_app.bench.figure import Figure
from vending_app.bench.flows import FLOWS, Flow
from vending_app.bench.world import built_in, make_world
from vending_app.cardio.totals1_layout import SLOTS, STATE_WRITING, Area
from vending_app.cardio.writing import runs

AROUND = 5
"""Select, read, error counter, code; and the read-back that proves the sale."""
EXTRA_COMMANDS = 2


def card_work(folder: Path) -> list[Figure]:
    """Two figures for each flow that sells."""
    return [figure for flow in FLOWS[1:] for figure in _of(flow, folder / flow.name.replace(" ", "-"))]


def _of(flow: Flow, folder: Path) -> list[Figure]:
    world = make_world(folder)
    flow.prepare(world)
    card = world.card()
    before = card.image
    with built_in(card) as readers, world.open(readers) as counter:
        card.reset_counters()
        flow.act(counter)
    slot = next(area for area in SLOTS if area.of(before) != area.of(card.image))
    commands, programmed = least(before, card.image, slot)
    extra = Figure(
        f"{flow.name}: commands over the least", str(card.apdus), str(commands),
        (card.apdus - commands) * 1000, EXTRA_COMMANDS * 1000,
    )  # fmt: skip
    bytes_over = Figure(
        f"{flow.name}: bytes over the least", str(card.bytes_programmed), str(programmed),
        (card.bytes_programmed - programmed) * 1000, 0,
    )  # fmt: skip
    return [extra, bytes_over]


def least(before: bytes, after: bytes, slot: Area) -> tuple[int, int]:
    """Commands and bytes that no writer can do without.

    One command a run of changed bytes, the state byte by itself and last; a state byte that is not FF goes to FF
    first, so it is programmed twice. Bytes are those of main memory: the two programmings of the error counter
    belong to the code, which every writer has to present.
    """
    old, new = slot.of(before), slot.of(after)
    body = list(runs(old[1:], new[1:]))
    invalidate = int(old[0] != STATE_WRITING)
    return AROUND + invalidate + len(body) + 1, sum(len(data) for _, data in body) + invalidate + 1
