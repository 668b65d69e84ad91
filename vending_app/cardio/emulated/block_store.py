"""Where a card that is programmed in blocks keeps its contents: in memory, or in a file of exactly its size."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

from vending_app.domain.errors import Code, EnvironmentFault, OperatorError


class BlockStore(Protocol):
    """All bytes of a chip's state."""

    def load(self) -> bytes: ...
    def put_block(self, at: int, data: bytes) -> None:
        """Change these bytes, at once."""


class MemoryBlocks:
    """A card that lives as long as the program."""

    def __init__(self, state: bytes) -> None:
        self._state = bytearray(state)

    def load(self) -> bytes:
        return bytes(self._state)

    def put_block(self, at: int, data: bytes) -> None:
        self._state[at : at + len(data)] = data


class BlockFile:
    """A card in a file. Raises OperatorError image-damaged for another size, EnvironmentFault file-unreadable."""

    def __init__(self, path: Path, *, size: int) -> None:
        self._path, self._size = path, size
        self.load()

    @classmethod
    def blank(cls, path: Path, state: bytes) -> BlockFile:
        """Put a new card into a file, whatever it held. Raises EnvironmentFault file-unreadable."""
        try:
            path.write_bytes(state)
        except OSError as cause:
            raise EnvironmentFault(Code.FILE_UNREADABLE, path=path.name, why=cause.strerror) from cause
        return cls(path, size=len(state))

    def load(self) -> bytes:
        try:
            content = self._path.read_bytes()
        except OSError as cause:
            raise EnvironmentFault(Code.FILE_UNREADABLE, path=self._path.name, why=cause.strerror) from cause
        if len(content) != self._size:
            raise OperatorError(Code.IMAGE_DAMAGED, size=len(content))
        return content

    def put_block(self, at: int, data: bytes) -> None:
        handle = os.open(self._path, os.O_WRONLY)
        try:
            os.pwrite(handle, data, at)
        finally:
            os.close(handle)
