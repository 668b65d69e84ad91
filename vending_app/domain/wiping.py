"""Overwriting secrets where they lie in this process.

A key is kept in a bytearray of its final size, which can be overwritten. Some libraries hand out `bytes`, which Python
never changes and frees without overwriting; `taken` copies such an answer and overwrites the original, as CPython lays
bytes objects out. It must be fresh: an answer that nobody else refers to. A text that somebody typed is alike.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

_BYTES_BEGIN = bytes.__basicsize__ - 1
"""Where the content of a bytes object begins, from its address; the last byte counted is its closing zero."""


def wipe(*secrets: bytearray) -> None:
    """Overwrite each with zeros, in place."""
    for secret in secrets:
        secret[:] = bytes(len(secret))


@contextmanager
def lent(secret: bytearray) -> Iterator[bytearray]:
    """The secret for as long as the block lasts; it is overwritten then, whatever happens."""
    try:
        yield secret
    finally:
        wipe(secret)


@contextmanager
def wiped_unless_done(*secrets: bytearray) -> Iterator[None]:
    """The secrets are overwritten if the block does not come to its end, whatever ended it."""
    with ExitStack() as unless_done:
        unless_done.callback(wipe, *secrets)
        yield
        unless_done.pop_all()


def gathered(*parts: bytes | bytearray | memoryview, size: int = 0) -> bytearray:
    """The parts behind each other, filled up with zeros to `size`: made in one piece, to be wiped.

    From view to view: a bytearray copies whatever else is put into its slices, and frees that copy as it is.
    """
    whole, at = bytearray(max(size, sum(map(len, parts)))), 0
    with memoryview(whole) as put:
        for part in parts:
            put[at : at + len(part)] = part
            at += len(part)
    return whole


def taken(fresh: bytes) -> bytearray:
    """The same bytes where they can be wiped; the original is overwritten.

    Only for at least two bytes: CPython shares the bytes objects of length 0 and 1.
    """
    kept = bytearray(fresh)
    erase(fresh)
    return kept


def copied(secret: bytes | bytearray) -> bytes:
    """A fresh copy for a library that takes `bytes` and nothing else, to be erased."""
    return bytes(memoryview(secret))


def erase(fresh: bytes) -> None:
    """Overwrite an object that nobody else refers to, nor uses again. Only for at least two bytes, as `taken`."""
    if len(fresh) < 2:
        raise ValueError("shared by the whole interpreter")
    ctypes.memset(id(fresh) + _BYTES_BEGIN, 0, len(fresh))


def erase_typed(text: str) -> None:
    """Overwrite a text that was typed, and that nobody else refers to, nor uses again; left alone unless it is ASCII.

    CPython lays such a text out as bytes with a closing zero at the end of its object.
    """
    if text.isascii() and len(text) > 1:
        ctypes.memset(id(text) + sys.getsizeof(text) - len(text) - 1, 0, len(text))
