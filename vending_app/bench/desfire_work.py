"""Commands of a sale on a DESFire card, beside the least that its frames allow."""

from __future__ import annotations

from pathlib import Path

from vending_app.bench.figure import Figure
from vending_app.bench.flows import FLOWS
from vending_app.bench.world import built_in, make_world
from vending_app.cardio.desfire.plan import HISTORY_FILE, ORDER_FILE, WRITE_BACK_FILE
from vending_app.cardio.desfire.wire import ANSWER_FRAME, FRAME

EXTRA_COMMANDS = 1
"""A card of EV1 is asked first whether it knows EV2."""
PLACE = 7
"""File number, offset and length stand before what is written."""
GENERATIONS = ("desfire-ev1", "desfire-ev2", "desfire-ev3")
SALE = FLOWS[1]


def desfire_work(folder: Path) -> list[Figure]:
    """A figure for each generation."""
    return [_of(chip, folder / chip) for chip in GENERATIONS]


def _of(chip: str, folder: Path) -> Figure:
    world = make_world(folder, chip=chip)
    SALE.prepare(world)
    card = world.card()
    with built_in(card) as readers, world.open(readers) as counter:
        card.reset_counters()
        SALE.act(counter)
    extra = card.apdus - least()
    return Figure(
        f"sale on {chip}: commands over the least", str(card.apdus), str(least()), extra * 1000, EXTRA_COMMANDS * 1000
    )


def least() -> int:
    """Commands that nobody can do without, if nothing were enciphered and no MAC sent.

    Whose card it is: UID, application, header. Both sides proved: two. Order and write-back read; order and history
    written; the commit; the order read back.
    """
    order_read, write_back_read = _frames(ORDER_FILE.size, ANSWER_FRAME), _frames(WRITE_BACK_FILE.size, ANSWER_FRAME)
    written = _frames(PLACE + ORDER_FILE.size, FRAME) + _frames(PLACE + HISTORY_FILE.size, FRAME)
    return 3 + 2 + order_read + write_back_read + written + 1 + order_read


def _frames(size: int, most: int) -> int:
    return -(-size // most)
