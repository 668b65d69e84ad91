"""A card that was recorded: it answers each command as it did then, and accepts no other."""

from __future__ import annotations

from collections.abc import Iterable

from tests.cardio.desfire.published import Exchange
from vending_app.cardio.apdu import Apdu
from vending_app.cardio.desfire.wire import FRAME


class Recording:
    """Implements Link. It was recorded without ISO wrapping, in frames of 60 bytes; wrapped ones are shorter."""

    atr = bytes.fromhex("3B8180018080")

    def __init__(self, exchanges: Iterable[Exchange]) -> None:
        self._left = list(exchanges)
        self._begun = b""

    def transmit(self, apdu: bytes) -> bytes:
        expected = self._left[0]
        frame = Apdu.parse(apdu)
        self._begun += frame.data if self._begun else bytes([frame.ins]) + frame.data
        if len(frame.data) == FRAME and len(self._begun) < len(expected.sent):
            return answer(b"\xaf")
        assert self._begun == expected.sent, f"{self._begun.hex()} instead of {expected.sent.hex()}"
        self._begun = b""
        return answer(self._left.pop(0).answered)

    def reconnect(self) -> None:
        raise AssertionError("nobody reset this card")

    def is_over(self) -> bool:
        return not self._left


def wrapped(native: bytes) -> bytes:
    """An instruction and its data as an APDU."""
    return Apdu(0x90, native[0], 0, 0, native[1:], 256).to_bytes()


def answer(native: bytes) -> bytes:
    """Status and data as the answer to an APDU."""
    return native[1:] + b"\x91" + native[:1]


class Dice:
    """Random numbers in a given order."""

    def __init__(self, *numbers: bytes) -> None:
        self._left = list(numbers)

    def __call__(self, size: int) -> bytes:
        number = self._left.pop(0)
        assert len(number) == size
        return bytes(memoryview(number))
