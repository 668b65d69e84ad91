"""Overwriting secrets where they lie in this process.

A key is kept in a bytearray of its final size, which can be overwritten. Some libraries hand out `bytes`, which Python
never changes and frees without overwriting; `taken` copies such an answer and overwrites the original, as CPython lays
bytes objects out. It must be fresh: an answer that nobody else refers to.
"""

from __future__ import annotations

import ctypes

_BYTES_BEGIN = bytes.__basicsize__ - 1
"""Where the content of a bytes object begins, from its address; the last byte counted is its closing zero."""


def wipe(*secrets: bytearray) -> None:
    """Overwrite each with zeros, in place."""
    for secret in secrets:
        secret[:] = bytes(len(secret))


def taken(fresh: bytes) -> bytearray:
    """The same bytes where they can be wiped; the original is overwritten.

    Only for at least two bytes: CPython shares the bytes objects of length 0 and 1.
    """
    if len(fresh) < 2:
        raise ValueError("shared by the whole interpreter")
    kept = bytearray(fresh)
    ctypes.memset(id(fresh) + _BYTES_BEGIN, 0, len(fresh))
    return kept
