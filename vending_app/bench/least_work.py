"""The least that a read and a sale take on each chip: commands, and what is programmed, by before- and after-image.

Nothing is counted twice that one command can bring, nothing is proved but what has to be, and a slot is written as
docs/card-format.md says: state byte taken back, what differs, state byte last.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from vending_app.cardio.classic_layout import BLOCK, BLOCK_OF, SECTORS, sector_of
from vending_app.cardio.desfire.plan import HISTORY_FILE, ORDER_FILE, WRITE_BACK_FILE
from vending_app.cardio.desfire.wire import ANSWER_FRAME, FRAME
from vending_app.cardio.dialects import DIALECTS
from vending_app.cardio.totals1_layout import CARD_SIZE, SLOTS, STATE_WRITING, Area
from vending_app.cardio.writing import runs

UID, KEY, CODE, COMMIT = 1, 1, 1, 1
OPENED = 2
"""Both sides of a DESFire card are proved in two commands."""
PLACE = 7
"""File number, offset and length stand before what is written."""


@dataclass(frozen=True, slots=True)
class Least:
    """Commands, and bytes (of a Classic blocks) programmed."""

    commands: int
    programmed: int = 0


def written_slot(before: bytes, after: bytes) -> Area:
    """Where a sale went on a card with two slots."""
    return next(area for area in SLOTS if area.of(before) != area.of(after))


# --- SLE4442: bytes --------------------------------------------------------------------------------------


def memory_read(dialect: str) -> Least:
    """The chip chosen, where the reader wants that, and all of it read."""
    spoken = DIALECTS[dialect]
    return Least(int(spoken.select() is not None) + _ceiling(CARD_SIZE, spoken.most))


def memory_sale(dialect: str, before: bytes, after: bytes) -> Least:
    """One command a run of changed bytes, the state byte by itself and last; one that is not FF goes to FF first.

    Error counter and code are asked and presented once, and all is read again at the end. Bytes are those of main
    memory: the two programmings of the error counter belong to the code, which every writer has to present.
    """
    spoken, slot = DIALECTS[dialect], written_slot(before, after)
    old, new = slot.of(before), slot.of(after)
    body = list(runs(old[1:], new[1:]))
    invalidate = int(old[0] != STATE_WRITING)
    around = (
        memory_read(dialect).commands + int(spoken.security() is not None) + CODE + _ceiling(CARD_SIZE, spoken.most)
    )
    return Least(around + invalidate + len(body) + 1, sum(len(data) for _, data in body) + invalidate + 1)


# --- MIFARE Classic: blocks ------------------------------------------------------------------------------


def classic_read() -> Least:
    """Each sector opened once."""
    return Least(UID + KEY + len(SECTORS) + len(BLOCK_OF))


def classic_sale(before: bytes, after: bytes) -> Least:
    """Read twice, each sector opened for that; a key to write; each sector opened again when the blocks come to it."""
    written = _blocks(before, after)
    opened = 1 + sum(sector_of(one) != sector_of(next_one) for one, next_one in pairwise(written))
    again = len(SECTORS) + len(BLOCK_OF)
    return Least(classic_read().commands + KEY + opened + len(written) + again, len(written))


def _blocks(before: bytes, after: bytes) -> list[int]:
    """In their order: the first one twice, of the others those that differ."""
    slot = written_slot(before, after)
    old, new = slot.of(before), slot.of(after)
    others = [at for at in range(BLOCK, slot.size, BLOCK) if old[at : at + BLOCK] != new[at : at + BLOCK]]
    begun = bytes([STATE_WRITING]) + new[1:BLOCK]
    order = [*([] if old[:BLOCK] == begun else [0]), *others, 0]
    return [BLOCK_OF[slot.address + at] for at in order]


# --- DESFire: files --------------------------------------------------------------------------------------


def desfire_read() -> Least:
    """UID, application and header say whose card it is; both sides proved; order and write-back."""
    read = _ceiling(ORDER_FILE.size, ANSWER_FRAME) + _ceiling(WRITE_BACK_FILE.size, ANSWER_FRAME)
    return Least(3 + OPENED + read)


def desfire_sale() -> Least:
    """If nothing were enciphered and no MAC sent: order and history, the commit, and the order read back."""
    written = _ceiling(PLACE + ORDER_FILE.size, FRAME) + _ceiling(PLACE + HISTORY_FILE.size, FRAME)
    again = _ceiling(ORDER_FILE.size, ANSWER_FRAME)
    return Least(desfire_read().commands + written + COMMIT + again, ORDER_FILE.size + HISTORY_FILE.size + COMMIT)


def _ceiling(size: int, most: int) -> int:
    return -(-size // most)
