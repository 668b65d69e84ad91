"""Pictures for tests, made here byte by byte."""

from __future__ import annotations

import struct
import zlib


def a_png(wide: int = 32, high: int = 32, *, colour: bytes = b"\x00") -> bytes:
    """A grey picture of one colour, with a white frame."""
    inner = b"\xff" + colour * (wide - 2) + b"\xff" if wide > 2 else colour * wide
    edge = b"\xff" * wide if high > 2 else inner
    rows = [edge, *[inner] * (high - 2), edge][:high]
    data = zlib.compress(b"".join(b"\x00" + row for row in rows))
    head = struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0)
    parts = b"".join(_chunk(name, part) for name, part in ((b"IHDR", head), (b"IDAT", data), (b"IEND", b"")))
    return b"\x89PNG\r\n\x1a\n" + parts


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
