"""The MIFARE Classic 1K in software: sectors, two keys each, access bits, blocks programmed whole.

A wrong key silences the card until it loses power, as real ones do. A trailer whose access bits contradict their
complements blocks its sector for ever. Data sheet: NXP MF1S50YYX.
"""

from __future__ import annotations

import hashlib
from functools import reduce
from operator import xor
from pathlib import Path

from vending_app.cardio.apdu import Answer, Apdu
from vending_app.cardio.classic import KeyKind
from vending_app.cardio.classic_layout import (
    ACCESS_AT,
    BLOCK,
    BLOCK_OF,
    BLOCKS,
    KEY_SIZE,
    SECTOR_BLOCKS,
    SECTORS,
    TRANSPORT_TRAILER,
    condition,
    image_of,
    sector_of,
    trailer_of,
)
from vending_app.cardio.emulated.block_store import BlockFile, BlockStore, MemoryBlocks
from vending_app.cardio.emulated.classic_readers import FRONTS
from vending_app.cardio.emulated.faults import CardLeft, FaultPlan
from vending_app.cardio.emulated.software_card import MEMORY_CARD_CLASS, UNKNOWN_CLASS, Hook, SoftwareCard
from vending_app.domain.errors import EnvironmentFault
from vending_app.domain.ids import CardNo
from vending_app.ports import KeyVault

ANSWER_TO_RESET = bytes.fromhex("3B8F8001804F0CA000000306030001000000006A")
BLOCK_US = 5000
"""Erasing and writing one block."""
UID_SIZE = 4
UID = bytes.fromhex("04A1B2C3")
SIZE = BLOCKS * BLOCK
SAK_AND_ATQA = bytes.fromhex("080400")
_READ = {0b000: "AB", 0b010: "AB", 0b100: "AB", 0b110: "AB", 0b001: "AB", 0b011: "B", 0b101: "B", 0b111: ""}
_WRITE = {0b000: "AB", 0b010: "", 0b100: "B", 0b110: "B", 0b001: "", 0b011: "B", 0b101: "", 0b111: ""}
_WRITE_TRAILER = {0b001: "A", 0b011: "B"}
"""Who may write keys and access bits together; in every other condition nobody may write all of it."""
_SHOWS_KEY_B = (0b000, 0b010, 0b001)
"""In these conditions key B can be read, and so opens nothing."""


def factory(uid: bytes = UID) -> bytes:
    """A new card: the maker's block with UID and its check byte, everything else 00, transport keys."""
    maker = (uid + bytes([reduce(xor, uid)]) + SAK_AND_ATQA).ljust(BLOCK, b"\x00")
    return (
        maker
        + bytes(2 * BLOCK)
        + TRANSPORT_TRAILER
        + (bytes(3 * BLOCK) + TRANSPORT_TRAILER) * (BLOCKS // SECTOR_BLOCKS - 1)
    )


class ClassicModel:
    """One chip. Loses the opened sector with power.

    `blocks_programmed` counts every block, `data_programmed` those that the image shows; faults and `on_byte` count
    each block as one.
    """

    def __init__(self, store: BlockStore, *, wait: Hook | None = None, on_byte: Hook | None = None) -> None:
        self._store = store
        self._wait = wait
        self._on_byte = on_byte
        self.faults = FaultPlan()
        self.blocks_programmed = self.data_programmed = self.busy_us = 0
        self._open: tuple[int, KeyKind] | None = None
        self._is_silent = False

    @property
    def uid(self) -> bytes:
        return self.block(0)[:UID_SIZE]

    def block(self, number: int) -> bytes:
        """As the silicon holds it, keys too."""
        return self._store.load()[number * BLOCK : (number + 1) * BLOCK]

    def keys_of(self, sector: int) -> bytes:
        """Key A and key B."""
        whole = self.block(trailer_of(sector))
        return whole[:KEY_SIZE] + whole[-KEY_SIZE:]

    def _key(self, sector: int, kind: KeyKind) -> bytes:
        keys = self.keys_of(sector)
        return keys[:KEY_SIZE] if kind is KeyKind.A else keys[KEY_SIZE:]

    def is_blocked(self, sector: int) -> bool:
        """Whether its access bits shut everybody out for ever."""
        return self._condition(trailer_of(sector)) is None

    # what a reader does

    def power_off(self) -> None:
        self._open, self._is_silent = None, False

    def authenticate(self, block: int, kind: KeyKind, value: bytes) -> bool:
        """Open the sector of the block."""
        sector = sector_of(block)
        self._open = None
        bits = self._condition(trailer_of(sector))
        is_no_key = kind is KeyKind.B and bits in _SHOWS_KEY_B
        if self._is_silent or bits is None or is_no_key or self._key(sector, kind) != value:
            self._is_silent = True
            return False
        self._open = (sector, kind)
        return True

    def read(self, block: int) -> bytes | None:
        """What the reader gets: keys as zeros; None if it may not."""
        bits = self._may(block)
        if bits is None:
            return None
        if block % SECTOR_BLOCKS < SECTOR_BLOCKS - 1:
            return self.block(block) if self._is_allowed(_READ[bits]) else None
        whole = self.block(block)
        shown = whole[-KEY_SIZE:] if bits in _SHOWS_KEY_B else bytes(KEY_SIZE)
        return bytes(KEY_SIZE) + whole[KEY_SIZE:-KEY_SIZE] + shown

    def write(self, block: int, data: bytes) -> bool:
        """Program a whole block; False if it may not, as for the maker's block always. Raises CardLeft."""
        bits = self._may(block)
        table = _WRITE if block % SECTOR_BLOCKS < SECTOR_BLOCKS - 1 else _WRITE_TRAILER
        if not block or bits is None or not self._is_allowed(table.get(bits, "")):
            return False
        self.program(block, data)
        return True

    def program(self, block: int, data: bytes) -> None:
        """Erase and write it, whoever asks. Raises CardLeft if it is torn."""
        torn = self.faults.torn_block(self.block(block), data)
        self.busy_us += BLOCK_US
        if self._wait is not None:
            self._wait(BLOCK_US)
        if not self.faults.is_lying:
            self._store.put_block(block * BLOCK, data if torn is None else torn)
        self.blocks_programmed += 1
        self.data_programmed += BLOCK if block in BLOCK_OF.values() else 0
        if self._on_byte is not None:
            self._on_byte(self.blocks_programmed)
        if torn is not None:
            raise CardLeft

    def _may(self, block: int) -> int | None:
        """The condition of a block in the open sector."""
        return self._condition(block) if self._open and self._open[0] == sector_of(block) else None

    def _condition(self, block: int) -> int | None:
        access = self.block(trailer_of(sector_of(block)))[ACCESS_AT:]
        return condition(access, block % SECTOR_BLOCKS)

    def _is_allowed(self, who: str) -> bool:
        return self._open is not None and self._open[1].name in who


class EmulatedClassic(SoftwareCard):
    """A MIFARE Classic in software. `dialect` is that of the reader it lies on."""

    atr = ANSWER_TO_RESET

    def __init__(
        self,
        store: BlockStore,
        *,
        dialect: str = "acs",
        wait: Hook | None = None,
        on_apdu: Hook | None = None,
        on_byte: Hook | None = None,
    ) -> None:
        self.chip = ClassicModel(store, wait=wait, on_byte=on_byte)
        super().__init__(self.chip.faults, on_apdu=on_apdu)
        self._front = FRONTS[dialect](self.chip)

    @classmethod
    def blank(cls, *, uid: bytes = UID, dialect: str = "acs") -> EmulatedClassic:
        """A new card in memory."""
        return cls(MemoryBlocks(factory(uid)), dialect=dialect)

    def power_off(self) -> None:
        """The sector is shut, and a silent card speaks again; the reader keeps the keys it was given."""
        super().power_off()
        self.chip.power_off()

    writes = frozenset({0xD6})

    def _carry_out(self, apdu: Apdu) -> Answer:
        return self._front.carry_out(apdu) if apdu.cla == MEMORY_CARD_CLASS else UNKNOWN_CLASS

    # what a meter does

    @property
    def tries(self) -> int | None:
        return None

    def image_for(self, vault: KeyVault) -> bytes:
        """By the newest version whose keys open a sector; what other keys close stays shut."""
        tried = (self._opened(vault, version) for version in reversed(vault.versions))
        own: frozenset[int] = next(filter(None, tried), frozenset())
        shut = bytes([0xFF]) * BLOCK
        blocks = {block: self.chip.block(block) if sector_of(block) in own else shut for block in BLOCK_OF.values()}
        return image_of(self.chip.uid, blocks)

    def _opened(self, vault: KeyVault, version: int) -> frozenset[int]:
        try:
            own = vault.classic_keys(uid=self.chip.uid, key_version=version)
        except EnvironmentFault:  # a meter that never learnt keys of this chip
            return frozenset()
        return frozenset(each for each in SECTORS if self.chip.keys_of(each) == own and not self.chip.is_blocked(each))

    def opens(self, vault: KeyVault, *, card: CardNo, key_version: int) -> bool:
        own = vault.classic_keys(uid=self.chip.uid, key_version=key_version)
        return all(self.chip.keys_of(sector) == own and not self.chip.is_blocked(sector) for sector in SECTORS)

    def put(self, address: int, data: bytes) -> None:
        for offset in range(0, len(data), BLOCK):
            block, piece = BLOCK_OF[address + offset], data[offset : offset + BLOCK]
            if self.chip.block(block) != piece:
                self.chip.program(block, piece)

    # figures

    @property
    def image(self) -> bytes:
        return image_of(self.chip.uid, {block: self.chip.block(block) for block in BLOCK_OF.values()})

    @property
    def bytes_programmed(self) -> int:
        return self.chip.data_programmed

    @property
    def all_bytes_programmed(self) -> int:
        """Blocks, trailers too: it is torn block by block."""
        return self.chip.blocks_programmed

    @property
    def busy_us(self) -> int:
        return self.chip.busy_us

    def reset_counters(self) -> None:
        self.apdus = self.chip.busy_us = self.chip.blocks_programmed = self.chip.data_programmed = 0


def blank_file(path: Path) -> BlockFile:
    """Put a new card into a file, whatever it held; its UID comes from the file's name.

    Raises EnvironmentFault file-unreadable.
    """
    return BlockFile.blank(path, factory(hashlib.sha256(path.name.encode()).digest()[:UID_SIZE]))
