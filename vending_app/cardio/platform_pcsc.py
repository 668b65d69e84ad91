"""What PC/SC means on Linux (pcsc-lite) and on Windows (winscard): one table each, and nothing else knows which it is.

Sources: pcsclite.h; winerror.h and the pages of SCardBeginTransaction and SCardListReaders (Microsoft Learn). The codes
80100001 to 801000FF are the same on both. Windows also lets plain error numbers of its drivers through, and it resets a
card whose transaction had no command for 5 s: that is `CardReset`, after which a session asks anew which card it has.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from vending_app.cardio.link import CardAbsent, CardMute, CardRemoved, CardReset, LinkTrouble, ReaderTrouble
from vending_app.domain.errors import Code

SUCCESS = 0
NO_READERS = 0x8010002E
TIMEOUT = 0x8010000A
CANCELLED = 0x80100002
NO_SERVICE, SERVICE_STOPPED = 0x8010001D, 0x8010001E

STATES: Mapping[int, type[LinkTrouble]] = {
    0x80100069: CardRemoved,
    0x80100016: CardRemoved,
    0x8010000C: CardAbsent,
    0x80100068: CardReset,
    0x80100065: CardMute,
    0x80100066: CardMute,
    0x80100067: CardMute,
    0x8010000F: CardMute,
}
"""What a code says about the card, on both."""
TROUBLES: Mapping[int, Code] = {
    NO_SERVICE: Code.PCSC_NO_SERVICE,
    SERVICE_STOPPED: Code.PCSC_NO_SERVICE,
    0x80100003: Code.PCSC_NO_SERVICE,
    0x8010006A: Code.PCSC_DENIED,
    0x80100027: Code.PCSC_DENIED,
    0x8010000B: Code.READER_BUSY,
    0x80100009: Code.READER_GONE,
    0x80100017: Code.READER_GONE,
    NO_READERS: Code.READER_GONE,
    TIMEOUT: Code.READER_TIMEOUT,
}
"""What a code says about the reader or the service, on both."""


@dataclass(frozen=True, slots=True)
class Platform:
    """One implementation of PC/SC."""

    name: str
    states: Mapping[int, type[LinkTrouble]]
    """Its own codes about the card."""
    troubles: Mapping[int, Code]
    """Its own codes about reader and service."""
    ends_with_last_reader: bool
    """The service stops when the last reader is unplugged, and a context that outlived it is good for nothing."""

    def trouble(self, result: int) -> LinkTrouble:
        """What a code means to us, signed or not."""
        code = result & 0xFFFFFFFF
        state = STATES.get(code) or self.states.get(code)
        if state is not None:
            return state(f"{code:08X}")
        return ReaderTrouble(TROUBLES.get(code) or self.troubles.get(code, Code.READER_FAULT), f"{code:08X}")

    def means_no_reader(self, result: int) -> bool:
        """Whether a list of readers that fails so is an empty one."""
        code = result & 0xFFFFFFFF
        return code == NO_READERS or (self.ends_with_last_reader and code in {NO_SERVICE, SERVICE_STOPPED})


LINUX = Platform(
    "pcsc-lite",
    states={},
    troubles={0x80100013: Code.PCSC_NO_SERVICE},
    ends_with_last_reader=False,
)
"""80100013 (communication error) is what a call gets whose service was killed under it."""
WINDOWS = Platform(
    "winscard",
    states={0x16: CardRemoved, 0x48F: CardRemoved, 0x1F: CardMute, 0x45D: CardMute},
    troubles={
        0x05: Code.PCSC_DENIED,
        0x06: Code.PCSC_NO_SERVICE,
        0x15: Code.READER_GONE,
        0x6D: Code.PCSC_NO_SERVICE,
        0x79: Code.READER_TIMEOUT,
        0x80100013: Code.READER_GONE,
    },
    ends_with_last_reader=True,
)
"""Bad command, device not connected, general failure, input/output; access denied, invalid handle, not ready, broken
pipe (a remote desktop that left), semaphore timeout. The communication error is there one with the reader."""
HERE = WINDOWS if sys.platform == "win32" else LINUX


def library() -> ctypes.CDLL:
    """The one that pyscard has loaded."""
    if sys.platform == "win32":
        return ctypes.WinDLL("winscard")
    return ctypes.CDLL("libpcsclite.so.1")
