"""Every kind of card in software by its name: how it is kept in a file, and in front of which reader it lies."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path

from vending_app.cardio.desfire.commands import Generation
from vending_app.cardio.desfire.keys import UID_SIZE
from vending_app.cardio.emulated import classic
from vending_app.cardio.emulated.block_store import BlockFile
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.desfire.card import EmulatedDesfire
from vending_app.cardio.emulated.desfire.state import FileDesfire
from vending_app.cardio.emulated.software_card import Hook, SoftwareCard
from vending_app.cardio.emulated.store import FileStore
from vending_app.domain.errors import Code, OperatorError
from vending_app.ports import Entropy

NXP = b"\x04"
"""Every UID of this maker begins so (ISO/IEC 7816-6)."""
GOLDEN = 0x9E3779B97F4A7C15
"""Odd, so that counting in steps of it meets every number."""


@dataclass(frozen=True, slots=True)
class Hooks:
    """Who is told while a card is used: of each command, of each byte programmed, of the time that takes."""

    on_apdu: Hook | None = None
    on_byte: Hook | None = None
    wait: Hook | None = None
    entropy: Entropy | None = field(default=None, kw_only=True)
    """Random numbers of a chip that draws some; counted up if nobody minds that they can be foreseen."""


NO_HOOKS = Hooks()


@dataclass(frozen=True, slots=True)
class CardKind:
    """One chip in front of one family of readers."""

    open: Callable[[Path, Hooks], SoftwareCard]
    """The card in a file. Raises OperatorError image-damaged, EnvironmentFault file-unreadable."""
    make_blank: Callable[[Path], object]
    """Puts a new card into a file, whatever it held. Raises EnvironmentFault file-unreadable."""


def _sle4442(path: Path, hooks: Hooks, *, dialect: str) -> SoftwareCard:
    return EmulatedCard(FileStore(path), dialect=dialect, wait=hooks.wait, on_apdu=hooks.on_apdu, on_byte=hooks.on_byte)


def _classic(path: Path, hooks: Hooks, *, dialect: str) -> SoftwareCard:
    store = BlockFile(path, size=classic.SIZE)
    return classic.EmulatedClassic(
        store, dialect=dialect, wait=hooks.wait, on_apdu=hooks.on_apdu, on_byte=hooks.on_byte
    )


def _desfire(path: Path, hooks: Hooks) -> SoftwareCard:
    return EmulatedDesfire(
        FileDesfire(path),
        entropy=hooks.entropy or counting(),
        wait=hooks.wait,
        on_apdu=hooks.on_apdu,
        on_byte=hooks.on_byte,
    )


def _new_desfire(path: Path, *, generation: Generation) -> FileDesfire:
    """With another UID than the card that the file held, and than one in another file."""
    before = path.read_bytes() if path.exists() else b""
    uid = NXP + hashlib.sha256(path.name.encode() + before).digest()[: UID_SIZE - len(NXP)]
    return FileDesfire.factory(path, uid, generation)


def counting() -> Entropy:
    """Numbers that never repeat, spread over all bytes."""
    numbers = count(1)
    return lambda size: (next(numbers) * GOLDEN % (1 << 8 * size)).to_bytes(size, "big")


KINDS = {
    # First, since nothing else passes for one of them, and a file of JSON may have the size of another card.
    "desfire-ev1": CardKind(_desfire, partial(_new_desfire, generation=Generation.EV1)),
    "desfire-ev2": CardKind(_desfire, partial(_new_desfire, generation=Generation.EV2)),
    "desfire-ev3": CardKind(_desfire, partial(_new_desfire, generation=Generation.EV3)),
    "sle4442": CardKind(partial(_sle4442, dialect="acs"), FileStore.blank),
    "sle4442-acs-old": CardKind(partial(_sle4442, dialect="acs-old"), FileStore.blank),
    "sle4442-omnikey": CardKind(partial(_sle4442, dialect="omnikey"), FileStore.blank),
    "classic": CardKind(partial(_classic, dialect="acs"), classic.blank_file),
    "classic-identiv": CardKind(partial(_classic, dialect="identiv"), classic.blank_file),
}
UNTELLING = {"sle4442-omnikey-untold": CardKind(partial(_sle4442, dialect="omnikey-untold"), FileStore.blank)}
"""In a reader that does not tell the tries, where a desk presents codes only by its books."""
EVERY_KIND = KINDS | UNTELLING
PLAIN = "sle4442"
"""The card that is meant where none is named."""


def card_in(path: Path, hooks: Hooks = NO_HOOKS) -> SoftwareCard:
    """The card that a file holds, whichever it is. Raises OperatorError image-damaged if it is none."""
    refusal = OperatorError(Code.IMAGE_DAMAGED)
    for kind in KINDS.values():
        try:
            return kind.open(path, hooks)
        except OperatorError as damaged:
            refusal = damaged
    raise refusal
