"""Commands to a MIFARE Classic 1K through PC/SC part 3: keys into the reader, sectors opened, blocks read and written.

Readers take the key in two ways. ACS: into slot 00 or 01, and authentication names the slot (manuals of ACR128 and
ACM1252U). Identiv: as key A or key B, and authentication names the type (manual of CLOUD 4700 F).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from vending_app.cardio.apdu import READ_ALL, Apdu
from vending_app.cardio.chip import StatusWrong, done
from vending_app.cardio.classic_layout import BLOCK, BLOCK_OF, KEY_SIZE, SECTOR_BLOCKS, trailer
from vending_app.cardio.link import Link, ask
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import ReaderName
from vending_app.domain.wiping import copied, lent, wipe

UID_SIZES = (4, 7, 10)


class KeyKind(IntEnum):
    """Which of a sector's two keys."""

    A = 0x60
    B = 0x61


class SectorKeys:
    """Key A and key B of a card, 6 bytes each. Never shown; `wipe` overwrites the bytearray that they were made of."""

    __slots__ = ("_secret",)

    def __init__(self, secret: bytearray) -> None:
        self._secret = secret

    def __repr__(self) -> str:
        return "SectorKeys(…)"

    def half(self, kind: KeyKind) -> bytearray:
        """One of the two, for whoever asked to wipe."""
        return self._secret[:KEY_SIZE] if kind is KeyKind.A else self._secret[KEY_SIZE:]

    def trailer(self) -> bytearray:
        """The 16 bytes that close a sector under these keys, for whoever asked to wipe."""
        with lent(self.half(KeyKind.A)) as a, lent(self.half(KeyKind.B)) as b:
            return trailer(a, b)

    def wipe(self) -> None:
        wipe(self._secret)


@dataclass(frozen=True, slots=True)
class KeyDialect:
    """How a family of readers is given a key and told to use it."""

    name: str
    places: dict[KeyKind, int]
    """P2 of LOAD KEY."""
    numbers: dict[KeyKind, int]
    """The last byte of AUTHENTICATE."""

    def load(self, kind: KeyKind, keys: SectorKeys) -> Apdu:
        with lent(keys.half(kind)) as key:
            return Apdu(0xFF, 0x82, 0x00, self.places[kind], copied(key), is_secret=True)

    def authenticate(self, block: int, kind: KeyKind) -> Apdu:
        return Apdu(0xFF, 0x86, 0x00, 0x00, bytes([0x01, 0x00, block, kind, self.numbers[kind]]))


ACS_KEYS = KeyDialect("acs", {KeyKind.A: 0x00, KeyKind.B: 0x01}, {KeyKind.A: 0x00, KeyKind.B: 0x01})
IDENTIV_KEYS = KeyDialect("identiv", {KeyKind.A: 0x60, KeyKind.B: 0x61}, {KeyKind.A: 0x01, KeyKind.B: 0x01})
_IDENTIV = re.compile(r"identiv|scm\b|utrust|cloud|scl0|scl3", re.IGNORECASE)


def key_dialects_for(reader: ReaderName) -> tuple[KeyDialect, ...]:
    """Both, the one that the reader's name speaks for first; the other is tried if the reader refuses a key."""
    return (IDENTIV_KEYS, ACS_KEYS) if _IDENTIV.search(reader) else (ACS_KEYS, IDENTIV_KEYS)


class Classic:
    """One card in a reader. `has_written` turns true before the first command that may change memory is sent."""

    def __init__(self, link: Link, dialect: KeyDialect) -> None:
        self._link = link
        self._dialect = dialect
        self._loaded: dict[KeyKind, SectorKeys] = {}
        self._open: tuple[int, KeyKind, SectorKeys] | None = None
        self.has_written = False

    def begin(self) -> bytes:
        """Forget what was opened; the UID of the card that lies there. Raises StatusWrong."""
        self._loaded, self._open = {}, None
        return self.uid()

    def uid(self) -> bytes:
        """Of the card that lies there now; what is open stays so. Raises StatusWrong."""
        answer = done(self._link, Apdu(0xFF, 0xCA, 0x00, 0x00, expected=READ_ALL))
        if len(answer.data) not in UID_SIZES:
            raise StatusWrong(answer.sw)
        return answer.data

    def opens(self, sector: int, kind: KeyKind, keys: SectorKeys) -> bool:
        """Whether this one of two keys opens the sector. A wrong key silences the card until it is powered up again.

        Raises StatusWrong if the reader takes no key in this dialect.
        """
        wanted = (sector, kind, keys)
        if self._open == wanted:
            return True
        if self._loaded.get(kind) is not keys:
            done(self._link, self._dialect.load(kind, keys))
            self._loaded[kind] = keys
        command = self._dialect.authenticate(sector * SECTOR_BLOCKS, kind)
        self._open = wanted if ask(self._link, command).is_done else None
        return self._open is not None

    def power_up(self) -> bytes:
        """After a wrong key, the card again, whichever it is now: its UID."""
        self._link.reconnect()
        return self.begin()

    def read_block(self, block: int) -> bytes:
        """16 bytes of an open sector. Raises StatusWrong."""
        answer = done(self._link, Apdu(0xFF, 0xB0, 0x00, block, expected=BLOCK))
        if len(answer.data) != BLOCK:
            raise StatusWrong(answer.sw)
        return answer.data

    def write_block(self, block: int, data: bytes) -> None:
        """Program 16 bytes of an open sector. Raises StatusWrong."""
        self.has_written = True
        done(self._link, Apdu(0xFF, 0xD6, 0x00, block, data))

    def write_trailer(self, block: int, keys: SectorKeys) -> None:
        """Close an open sector under these keys. Raises StatusWrong."""
        self.has_written = True
        with lent(keys.trailer()) as closing:
            done(self._link, Apdu(0xFF, 0xD6, 0x00, block, copied(closing), is_secret=True))


def data_block(address: int, data: bytes) -> int:
    """The block that holds these 16 bytes of the image.

    Raises OperatorError card-address-refused for what is no data block of ours: trailers and the maker's block are
    reached by no address.
    """
    if address not in BLOCK_OF or len(data) != BLOCK:
        raise OperatorError(Code.CARD_ADDRESS_REFUSED, address=address)
    return BLOCK_OF[address]
