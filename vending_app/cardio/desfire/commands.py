"""The commands of a DESFire card as values: what goes plain, what may be enciphered, how it answers.

Numbers go lowest byte first. An access right is 16 bits: read, write, read and write, change, four bits each, which
are a key number, FREE or NEVER.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum

from vending_app.cardio.desfire.keys import UID_SIZE

FREE = 0xE
NEVER = 0xF
KEYS_OF_AES = 0x80
"""In the count of keys of a new application, and in the number of the card's key when it becomes an AES key."""
KEYS_OF_DES = 0x00
"""In the number of the card's key when it becomes a DES key again."""
AID_SIZE = 3
PICC = bytes(AID_SIZE)
"""The level of the card itself."""
VERSION_SIZE = 28
CYCLIC_SETTINGS = 13
"""Bytes that GetFileSettings tells of a cyclic file."""


class Ins(IntEnum):
    """Instruction bytes."""

    AUTHENTICATE_ISO = 0x1A
    AUTHENTICATE_AES = 0xAA
    AUTHENTICATE_EV2_FIRST = 0x71
    AUTHENTICATE_EV2_NON_FIRST = 0x77
    MORE = 0xAF
    SELECT = 0x5A
    GET_VERSION = 0x60
    GET_UID = 0x51
    GET_KEY_VERSION = 0x64
    CHANGE_KEY = 0xC4
    FORMAT = 0xFC
    CREATE_APPLICATION = 0xCA
    DELETE_APPLICATION = 0xDA
    APPLICATION_IDS = 0x6A
    FILE_IDS = 0x6F
    FILE_SETTINGS = 0xF5
    DELETE_FILE = 0xDF
    CREATE_STANDARD = 0xCD
    CREATE_BACKUP = 0xCB
    CREATE_CYCLIC = 0xC0
    READ_DATA = 0xBD
    WRITE_DATA = 0x3D
    READ_RECORDS = 0xBB
    WRITE_RECORD = 0x3B
    COMMIT = 0xC7
    ABORT = 0xA7


class Comm(IntEnum):
    """How data travel between card and office."""

    PLAIN = 0
    MAC = 1
    FULL = 3


@dataclass(frozen=True, slots=True)
class Command:
    """One command; `header` always goes plain, `data` is enciphered if it is sent in full mode.

    `expected` bytes come back in a full answer: the padding of EV1 cannot be told from data otherwise. `trailer` stands
    behind the CRC of a full command of EV1. After one that `ends_session` nothing is proved any more. `data` in a
    bytearray are secret: whoever made the command wipes them.
    """

    ins: int
    header: bytes = b""
    data: bytes | bytearray = field(default=b"", repr=False)
    sent: Comm = Comm.MAC
    answered: Comm = Comm.MAC
    expected: int = 0
    trailer: bytes = field(default=b"", repr=False)
    ends_session: bool = False

    @property
    def carries_data(self) -> bool:
        """Whether EV1 appends a CMAC to the command in MAC mode: to data for a file, and to nothing else."""
        return self.ins in {Ins.WRITE_DATA, Ins.WRITE_RECORD}


class FileKind(IntEnum):
    """As GetFileSettings tells it."""

    STANDARD = 0
    BACKUP = 1
    CYCLIC = 4


@dataclass(frozen=True, slots=True)
class Rights:
    """Who may do what with a file: key numbers, FREE or NEVER."""

    read: int
    write: int
    both: int
    change: int

    def to_bytes(self) -> bytes:
        return (self.read << 12 | self.write << 8 | self.both << 4 | self.change).to_bytes(2, "little")

    @classmethod
    def parse(cls, raw: bytes) -> Rights:
        """Of two bytes."""
        value = int.from_bytes(raw, "little")
        return cls(value >> 12, value >> 8 & 0xF, value >> 4 & 0xF, value & 0xF)


@dataclass(frozen=True, slots=True)
class FilePlan:
    """A file as it is to be: `size` of all its bytes, or of one record of a cyclic file with `records` of them."""

    number: int
    kind: FileKind
    comm: Comm
    rights: Rights
    size: int
    records: int = 0

    def create(self) -> Command:
        """The command that makes it."""
        ins = {
            FileKind.STANDARD: Ins.CREATE_STANDARD,
            FileKind.BACKUP: Ins.CREATE_BACKUP,
            FileKind.CYCLIC: Ins.CREATE_CYCLIC,
        }[self.kind]
        sizes = number3(self.size) + (number3(self.records) if self.kind is FileKind.CYCLIC else b"")
        return Command(ins, bytes([self.number, self.comm]) + self.rights.to_bytes() + sizes)

    def read(self, *, is_free: bool = False) -> Command:
        """All of a data file."""
        answered = Comm.PLAIN if is_free else self.comm
        place = bytes([self.number]) + number3(0) + number3(self.size)
        return Command(Ins.READ_DATA, place, sent=_asked(answered), answered=answered, expected=self.size)

    def write(self, data: bytes, offset: int = 0) -> Command:
        place = bytes([self.number]) + number3(offset) + number3(len(data))
        return Command(Ins.WRITE_DATA, place, data, sent=self.comm, answered=_asked(self.comm))

    def append(self, record: bytes) -> Command:
        """One more record; the oldest one goes when the file is full."""
        place = bytes([self.number]) + number3(0) + number3(len(record))
        return Command(Ins.WRITE_RECORD, place, record, sent=self.comm, answered=_asked(self.comm))

    def settings(self) -> Command:
        """Asks what the file is; answered as `records_told` reads it."""
        return Command(Ins.FILE_SETTINGS, bytes([self.number]))

    def read_records(self, count: int) -> Command:
        """The newest so many, oldest first; 0 asks for all there are, and cannot be asked for in full mode."""
        place = bytes([self.number]) + number3(0) + number3(count)
        expected = count * self.size
        return Command(Ins.READ_RECORDS, place, sent=_asked(self.comm), answered=self.comm, expected=expected)


def _asked(comm: Comm) -> Comm:
    """What a command, or an answer, without data bears in a mode: nothing, or a MAC."""
    return Comm.PLAIN if comm is Comm.PLAIN else Comm.MAC


def select(aid: bytes) -> Command:
    return Command(Ins.SELECT, aid, sent=Comm.PLAIN, answered=Comm.PLAIN)


def create_application(aid: bytes, *, settings: int, keys: int) -> Command:
    """With `keys` AES keys of zeros."""
    return Command(Ins.CREATE_APPLICATION, aid + bytes([settings, keys | KEYS_OF_AES]))


def records_told(settings: bytes) -> int:
    """How many records a cyclic file holds, by its settings: kind, mode, rights, size of one, most, how many there are.

    0 for anything but the settings of a cyclic file; what newer cards tell behind them does not matter.
    """
    if len(settings) < CYCLIC_SETTINGS or settings[0] != FileKind.CYCLIC:
        return 0
    return int.from_bytes(settings[CYCLIC_SETTINGS - 3 : CYCLIC_SETTINGS], "little")


def number3(value: int) -> bytes:
    return value.to_bytes(3, "little")


class Generation(IntEnum):
    """The major number of a card's hardware and what its makers call it."""

    EV1 = 0x01
    EV2 = 0x12
    EV3 = 0x33


@dataclass(frozen=True, slots=True)
class Version:
    """What GetVersion tells."""

    hardware: bytes
    """Maker, type, subtype, major, minor, storage size, protocol."""
    software: bytes
    uid: bytes
    batch: bytes

    @classmethod
    def parse(cls, raw: bytes) -> Version | None:
        """None for anything but 28 bytes."""
        if len(raw) != VERSION_SIZE:
            return None
        return cls(raw[:7], raw[7:14], raw[14 : 14 + UID_SIZE], raw[14 + UID_SIZE :])

    @property
    def generation(self) -> Generation | None:
        """None for a card of another kind."""
        major = self.hardware[3]
        return Generation(major) if major in set(Generation) else None


def split(data: bytes, size: int) -> Iterator[bytes]:
    """Pieces of at most so many bytes; one empty piece of nothing."""
    yield data[:size]
    for at in range(size, len(data), size):
        yield data[at : at + size]
