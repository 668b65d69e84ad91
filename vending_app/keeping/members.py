"""Several files as one compressed stream: what stands inside a backup.

zlib (RFC 1950) of members: length of the name u16 · name · blocks (length u32 · bytes) · u32 0; after the last one
u16 0. Sizes need not be known beforehand, so that a dump can be sealed while it is being made.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from vending_app.keeping.sealed import damaged

LEVEL = 2
"""Of zlib: three quarters of what the highest level saves, in a fifth of its time."""
LONGEST_BLOCK = 16 * 1024 * 1024
READ = 1024 * 1024
_NAME, _BLOCK = struct.Struct(">H"), struct.Struct(">I")

Member = tuple[str, Iterable[bytes]]


def packed(members: Iterable[Member]) -> Iterator[bytes]:
    """The stream of these members."""
    press = zlib.compressobj(LEVEL)
    for name, blocks in members:
        told = name.encode()
        yield press.compress(_NAME.pack(len(told)) + told)
        for block in blocks:
            if block:
                yield press.compress(_BLOCK.pack(len(block)))
                yield press.compress(block)
        yield press.compress(_BLOCK.pack(0))
    yield press.compress(_NAME.pack(0)) + press.flush()


def file_blocks(path: Path) -> Iterator[bytes]:
    """A file piece by piece."""
    with path.open("rb") as file:
        while block := file.read(READ):
            yield block


class Unpacked:
    """The members of a stream, in order. Raises EnvironmentFault backup-damaged for anything else."""

    def __init__(self, blocks: Iterator[bytes], path: Path) -> None:
        self._path = path
        self._waiting = bytearray()
        self._plain = self._inflated(blocks)

    def members(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Each with its blocks, which must be used up before the next is asked for."""
        while length := _NAME.unpack(self._take(_NAME.size))[0]:
            name = bytes(self._take(length)).decode("utf-8", errors="replace")
            yield name, self._blocks()
        if self._waiting or next(self._plain, b""):
            raise damaged(self._path, "something stands behind its end")

    def _blocks(self) -> Iterator[bytes]:
        while length := _BLOCK.unpack(self._take(_BLOCK.size))[0]:
            if length > LONGEST_BLOCK:
                raise damaged(self._path, "a block of impossible length")
            yield bytes(self._take(length))

    def _take(self, size: int) -> bytearray:
        while len(self._waiting) < size:
            more = next(self._plain, b"")
            if not more:
                raise damaged(self._path, "it ends too early")
            self._waiting += more
        taken = self._waiting[:size]
        del self._waiting[:size]
        return taken

    def _inflated(self, blocks: Iterator[bytes]) -> Iterator[bytes]:
        """Never more than READ bytes at a time, however well they were compressed."""
        press = zlib.decompressobj()
        try:
            for block in blocks:
                yield from filter(None, [press.decompress(block, READ)])
                while press.unconsumed_tail:
                    yield from filter(None, [press.decompress(press.unconsumed_tail, READ)])
            yield from filter(None, [press.flush()])
        except zlib.error as cause:
            raise damaged(self._path, "it cannot be unpacked") from cause
        if not press.eof or press.unused_data:
            raise damaged(self._path, "it ends too early")
