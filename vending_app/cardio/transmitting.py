"""SCardTransmit that leaves no copy behind: pyscard frees what it copied as it is, and some commands carry a key.

The library is the one that pyscard loaded, which knows a card by the same number. It hands a command on from where it
lies and puts the answer where it is told (pcsc-lite, winscard_clnt.c). DWORD and LONG are C's unsigned long and long
in pcsc-lite and in Windows, and a handle is as wide as a pointer (wintypes.h; winscard.h of the Windows SDK).
"""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any

from vending_app.cardio.platform_pcsc import SUCCESS, library
from vending_app.domain.wiping import lent

ANSWER_MOST = 264
"""MAX_BUFFER_SIZE of pcsc-lite: 256 bytes and the status word, and some to spare."""


class _Protocol(ctypes.Structure):
    """SCARD_IO_REQUEST: how the card is spoken to, and the size of this."""

    _fields_ = (("number", ctypes.c_ulong), ("size", ctypes.c_ulong))


def transmitted(card: int, protocol: int, apdu: bytes) -> tuple[int, bytes]:
    """The result code of PC/SC, and the answer of the card if that says success; empty if the card left meanwhile."""
    asked = _Protocol(protocol, ctypes.sizeof(_Protocol))
    length = ctypes.c_ulong(ANSWER_MOST)
    with lent(bytearray(ANSWER_MOST)) as answer:
        place = (ctypes.c_ubyte * ANSWER_MOST).from_buffer(answer)
        result = int(_call()(card, ctypes.byref(asked), apdu, len(apdu), None, place, ctypes.byref(length)))
        told = bytes(memoryview(answer)[: length.value]) if result == SUCCESS else b""
    return result, told


@cache
def _call() -> Any:
    call = library().SCardTransmit
    call.restype = ctypes.c_long
    call.argtypes = (
        ctypes.c_size_t,
        ctypes.POINTER(_Protocol),
        ctypes.c_char_p,
        ctypes.c_ulong,
        ctypes.c_void_p,
        ctypes.c_void_p,
        ctypes.POINTER(ctypes.c_ulong),
    )
    return call
