"""Every kind of card in software by its name: how it is kept in a file, and in front of which reader it lies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from vending_app.cardio.emulated import classic
from vending_app.cardio.emulated.block_store import BlockFile
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.software_card import Hook, SoftwareCard
from vending_app.cardio.emulated.store import FileStore
from vending_app.domain.errors import Code, OperatorError


@dataclass(frozen=True, slots=True)
class Hooks:
    """Who is told while a card is used: of each command, of each byte programmed, of the time that takes."""

    on_apdu: Hook | None = None
    on_byte: Hook | None = None
    wait: Hook | None = None


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


KINDS = {
    "sle4442": CardKind(partial(_sle4442, dialect="acs"), FileStore.blank),
    "sle4442-acs-old": CardKind(partial(_sle4442, dialect="acs-old"), FileStore.blank),
    "sle4442-omnikey": CardKind(partial(_sle4442, dialect="omnikey"), FileStore.blank),
    "classic": CardKind(partial(_classic, dialect="acs"), classic.blank_file),
    "classic-identiv": CardKind(partial(_classic, dialect="identiv"), classic.blank_file),
}
PLAIN = "sle4442"
"""The card that is meant where none is named."""


def card_in(path: Path) -> SoftwareCard:
    """The card that a file holds, whichever it is. Raises OperatorError image-damaged if it is none."""
    refusal = OperatorError(Code.IMAGE_DAMAGED)
    for kind in KINDS.values():
        try:
            return kind.open(path, Hooks())
        except OperatorError as damaged:
            refusal = damaged
    raise refusal
