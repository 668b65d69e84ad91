"""Commands and blocks of a sale on a MIFARE Classic, beside the least that its before- and after-image allow."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from vending_app.bench.figure import Figure
from vending_app.bench.flows import FLOWS, Flow
from vending_app.bench.world import built_in, make_world
from vending_app.cardio.classic_layout import BLOCK, BLOCK_OF, SECTORS, sector_of
from vending_app.cardio.totals1_layout import SLOTS, STATE_WRITING, Area

EXTRA_COMMANDS = 1
"""The key of the slot's other sector is proved too, while nothing is reserved."""
UID, KEY = 1, 1


def classic_work(folder: Path) -> list[Figure]:
    """Two figures for each flow that sells."""
    return [figure for flow in FLOWS[1:] for figure in _of(flow, folder / flow.name.replace(" ", "-"))]


def _of(flow: Flow, folder: Path) -> list[Figure]:
    world = make_world(folder, chip="classic")
    flow.prepare(world)
    card = world.card()
    before = card.image
    with built_in(card) as readers, world.open(readers) as counter:
        card.reset_counters()
        flow.act(counter)
    slot = next(area for area in SLOTS if area.of(before) != area.of(card.image))
    written = least_blocks(before, card.image, slot)
    commands, title = least_commands(written), f"{flow.name} on classic"
    return [
        Figure(
            f"{title}: commands over the least", str(card.apdus), str(commands),
            (card.apdus - commands) * 1000, EXTRA_COMMANDS * 1000,
        ),
        Figure(
            f"{title}: blocks over the least", str(card.all_bytes_programmed), str(len(written)),
            (card.all_bytes_programmed - len(written)) * 1000, 0,
        ),
    ]  # fmt: skip


def least_blocks(before: bytes, after: bytes, slot: Area) -> list[int]:
    """Blocks that no writer can do without, in their order: the first one twice, of the others those that differ."""
    old, new = slot.of(before), slot.of(after)
    others = [at for at in range(BLOCK, slot.size, BLOCK) if old[at : at + BLOCK] != new[at : at + BLOCK]]
    begun = bytes([STATE_WRITING]) + new[1:BLOCK]
    order = [*([] if old[:BLOCK] == begun else [0]), *others, 0]
    return [BLOCK_OF[slot.address + at] for at in order]


def least_commands(written: list[int]) -> int:
    """The card read twice, each sector opened for that; a key to read and one to write; the blocks, and each sector
    opened again when they come to it."""
    whole = len(SECTORS) + len(BLOCK_OF)
    opened = 1 + sum(sector_of(one) != sector_of(next_one) for one, next_one in pairwise(written))
    return UID + KEY + whole + KEY + opened + len(written) + whole
