"""Where an emulated card keeps its contents: in memory, or in a file of 264 bytes.

The file: 256 bytes main memory, 4 bytes protection (one bit an address, lowest first, 0 = protected for ever),
error counter, 3 bytes code. Every programmed byte is in the file before the next one begins, so that a process
killed in the middle leaves exactly what was programmed.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

from vending_app.domain.errors import Code, EnvironmentFault, OperatorError

MAIN_SIZE = 256
PROTECTION_AT = 256
COUNTER_AT = 260
PSC_AT = 261
STATE_SIZE = 264

FRESH_SECURITY = b"\xff\xff\xff\xff" + b"\x07" + b"\xff\xff\xff"
"""No protection, all tries, transport code: what a bare memory dump is taken to have."""
FACTORY_CHIP_AREA = bytes.fromhex("A2131091 FFFF8115") + b"\xff" * 13 + bytes.fromhex("D27600000400") + b"\xff" * 5
FACTORY_STATE = FACTORY_CHIP_AREA + b"\xff" * 224 + bytes.fromhex("00FF1FF8 07 FFFFFF")
"""A new card: answer-to-reset and issuer bytes 0–7 and 21–26 protected, the rest empty."""


class CardStore(Protocol):
    """The 264 bytes of a chip's state."""

    def load(self) -> bytes: ...
    def put(self, at: int, value: int) -> None:
        """Change one byte, at once."""


class MemoryStore:
    """A card that lives as long as the program."""

    def __init__(self, state: bytes = FACTORY_STATE) -> None:
        self._state = bytearray(_whole(state))

    def load(self) -> bytes:
        return bytes(self._state)

    def put(self, at: int, value: int) -> None:
        self._state[at] = value


class FileStore:
    """A card in a file. Raises OperatorError image-damaged if it is no card image, EnvironmentFault file-unreadable."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._is_dump = len(self._read()) == MAIN_SIZE

    @classmethod
    def blank(cls, path: Path) -> FileStore:
        """Put a new card into a file, whatever it held. Raises EnvironmentFault file-unreadable."""
        try:
            path.write_bytes(FACTORY_STATE)
        except OSError as cause:
            raise EnvironmentFault(Code.FILE_UNREADABLE, path=path.name, why=cause.strerror) from cause
        return cls(path)

    def load(self) -> bytes:
        return _whole(self._read())

    def put(self, at: int, value: int) -> None:
        handle = os.open(self._path, os.O_WRONLY)
        try:
            if self._is_dump:
                os.pwrite(handle, FRESH_SECURITY, MAIN_SIZE)
                self._is_dump = False
            os.pwrite(handle, bytes([value]), at)
        finally:
            os.close(handle)

    def _read(self) -> bytes:
        try:
            content = self._path.read_bytes()
        except OSError as cause:
            raise EnvironmentFault(Code.FILE_UNREADABLE, path=self._path.name, why=cause.strerror) from cause
        _whole(content)
        return content


def _whole(content: bytes) -> bytes:
    if len(content) == STATE_SIZE:
        return content
    if len(content) == MAIN_SIZE:
        return content + FRESH_SECURITY
    raise OperatorError(Code.IMAGE_DAMAGED, size=len(content))
