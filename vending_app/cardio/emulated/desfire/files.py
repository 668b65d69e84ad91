"""Files of a card in software: what is committed and what is staged, kept strictly apart.

Backup and cyclic files are written on a mirror; CommitTransaction makes all mirrors of the application valid in one
step. A standard file is written in place, so a tear leaves it torn. A cyclic file of N records keeps N - 1: one is
spare, to be written while the others hold.
"""

from __future__ import annotations

from collections.abc import Callable

from vending_app.cardio.desfire.commands import FileKind
from vending_app.cardio.desfire.status import Status
from vending_app.cardio.emulated.desfire.session import Deny
from vending_app.cardio.emulated.desfire.state import StoredFile
from vending_app.cardio.emulated.faults import CardLeft

Program = Callable[[int, int], int]
"""Programs one byte, old and new; what it holds then. Raises TornByte if the card leaves meanwhile."""
ERASED = 0x00
"""What a new file is full of."""


class Staged:
    """The mirrors of one application, since the last commit."""

    def __init__(self) -> None:
        self._mirrors: dict[int, bytearray] = {}

    @property
    def is_empty(self) -> bool:
        return not self._mirrors

    def drop(self) -> None:
        self._mirrors.clear()

    def mirror(self, number: int, file: StoredFile) -> bytearray:
        """A copy of its own: of the whole file, or of one new record."""
        if number not in self._mirrors:
            fresh = bytes([ERASED]) * file.size
            self._mirrors[number] = bytearray(fresh if file.kind is FileKind.CYCLIC else file.data)
        return self._mirrors[number]

    def take_effect(self, files: dict[int, StoredFile]) -> None:
        """All of them."""
        for number, mirror in self._mirrors.items():
            file = files[number]
            if file.kind is FileKind.CYCLIC:
                kept = (file.records - 1) * file.size
                file.data = (file.data + bytes(mirror))[-kept:]
            else:
                file.data = bytes(mirror)
        self.drop()


def write(file: StoredFile, mirror: bytearray, offset: int, data: bytes, program: Program) -> None:
    """On a mirror: if the card leaves, nothing of it matters. Raises Deny boundary."""
    if offset + len(data) > file.size:
        raise Deny(Status.BOUNDARY)
    for at, value in enumerate(data, start=offset):
        mirror[at] = program(mirror[at], value)


def write_in_place(file: StoredFile, offset: int, data: bytes, program: Program, keep: Callable[[], None]) -> None:
    """Byte by byte, each of them for good. Raises Deny boundary."""
    if offset + len(data) > file.size:
        raise Deny(Status.BOUNDARY)
    for at, value in enumerate(data, start=offset):
        torn: CardLeft | None = None
        try:
            left = program(file.data[at], value)
        except TornByte as tear:
            left, torn = tear.left, tear
        file.data = file.data[:at] + bytes([left]) + file.data[at + 1 :]
        keep()
        if torn is not None:
            raise torn


class TornByte(CardLeft):
    """The card left while this byte was programmed."""

    def __init__(self, left: int) -> None:
        super().__init__()
        self.left = left


def read(file: StoredFile, offset: int, size: int) -> bytes:
    """Of what was committed; size 0 means up to the end. Raises Deny boundary."""
    size = size or file.size - offset
    if size <= 0 or offset + size > file.size:
        raise Deny(Status.BOUNDARY)
    return file.data[offset : offset + size]


def read_records(file: StoredFile, newest: int, count: int) -> bytes:
    """`count` records that end with the one `newest` places before the last, oldest first; 0 for all up to there.

    Raises Deny boundary if there are not so many.
    """
    there = len(file.data) // file.size
    count = count or there - newest
    if count <= 0 or newest + count > there:
        raise Deny(Status.BOUNDARY)
    end = (there - newest) * file.size
    return file.data[end - count * file.size : end]
