"""The readers in front of an emulated MIFARE Classic: how each family takes keys, and how it says no.

Sources: manuals of ACR128 and ACM1252U (ACS), of SCL3711 and CLOUD 4700 F (Identiv).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from vending_app.cardio.apdu import READ_ALL, SW_DONE, Answer, Apdu
from vending_app.cardio.classic import KeyKind
from vending_app.cardio.classic_layout import BLOCK, BLOCKS, KEY_SIZE
from vending_app.cardio.emulated.software_card import DONE, UNKNOWN_INSTRUCTION, WRONG_LENGTH

AUTHENTICATION_SIZE = 5
KINDS = {kind.value: kind for kind in KeyKind}


class Blocks(Protocol):
    """The chip, as a reader reaches it."""

    @property
    def uid(self) -> bytes: ...
    def authenticate(self, block: int, kind: KeyKind, value: bytes) -> bool: ...
    def read(self, block: int) -> bytes | None: ...
    def write(self, block: int, data: bytes) -> bool: ...


class AcsClassicFront:
    """ACS: two slots for keys of either kind; everything that goes wrong is 63 00."""

    refused = Answer(b"", 0x6300)
    no_such_place = refused
    places = (0x00, 0x01)

    def __init__(self, chip: Blocks) -> None:
        self.chip = chip
        self.keys: dict[int, bytes] = {}
        self._commands: dict[int, Callable[[Apdu], Answer]] = {
            0xCA: self._uid,
            0x82: self._load,
            0x86: self._authenticate,
            0xB0: self._read,
            0xD6: self._write,
        }

    def carry_out(self, apdu: Apdu) -> Answer:
        command = self._commands.get(apdu.ins)
        return command(apdu) if command is not None else UNKNOWN_INSTRUCTION

    def place(self, kind: KeyKind, number: int) -> int:
        """Where the key lies that an authentication means."""
        return number

    def _uid(self, apdu: Apdu) -> Answer:
        is_uid = (apdu.p1, apdu.p2) == (0, 0) and apdu.expected == READ_ALL
        return Answer(self.chip.uid, SW_DONE) if is_uid else WRONG_LENGTH

    def _load(self, apdu: Apdu) -> Answer:
        if len(apdu.data) != KEY_SIZE:
            return WRONG_LENGTH
        if apdu.p1 or apdu.p2 not in self.places:
            return self.no_such_place
        self.keys[apdu.p2] = apdu.data
        return DONE

    def _authenticate(self, apdu: Apdu) -> Answer:
        if len(apdu.data) != AUTHENTICATION_SIZE:
            return WRONG_LENGTH
        _version, _high, block, kind, number = apdu.data
        if kind not in KINDS or block >= BLOCKS:
            return self.refused
        value = self.keys.get(self.place(KINDS[kind], number))
        if value is None:
            return self.no_such_place
        return DONE if self.chip.authenticate(block, KINDS[kind], value) else self.refused

    def _read(self, apdu: Apdu) -> Answer:
        if apdu.expected != BLOCK or apdu.p2 >= BLOCKS:
            return WRONG_LENGTH
        data = self.chip.read(apdu.p2)
        return Answer(data, SW_DONE) if data is not None else self.refused

    def _write(self, apdu: Apdu) -> Answer:
        if len(apdu.data) != BLOCK or apdu.p2 >= BLOCKS:
            return WRONG_LENGTH
        return DONE if self.chip.write(apdu.p2, apdu.data) else self.refused


class IdentivFront(AcsClassicFront):
    """Identiv and SCM: one place for key A and one for key B, and status words that tell more."""

    refused = Answer(b"", 0x6982)
    no_such_place = Answer(b"", 0x6988)
    places = (KeyKind.A, KeyKind.B)

    def place(self, kind: KeyKind, number: int) -> int:
        return kind


FRONTS: dict[str, Callable[[Blocks], AcsClassicFront]] = {"acs": AcsClassicFront, "identiv": IdentivFront}
"""By the name of the key dialect."""
