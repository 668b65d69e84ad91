"""How a reader wants to be asked about a memory card: the same chip, different commands and answers.

The same PRESENT CODE answers 90 00 for "right" on one family of readers and for "locked for ever" on another. So a
dialect is chosen by the reader's name, can be overridden, and is proved by its effect on the card: the shape of what
is read tells the three apart before any code is presented.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Protocol

from vending_app.cardio.apdu import READ_ALL, SW_DONE, Answer, Apdu
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import ReaderName
from vending_app.domain.wiping import copied, gathered, lent

PSC_RIGHT_SW = 0x9007
PSC_LOCKED_SW = 0x9000
SECURITY_BYTES = 4
"""Error counter, then the three bytes of the code (zeros unless it was presented)."""
PROTECTION_BYTES = 4
ALL_TRIES = 0x07
OMNIKEY_WRONG_SW = 0x63C0
"""The low half-byte tells the tries that are left."""
OMNIKEY_LOCKED_SW = 0x6983
OMNIKEY_VENDOR = (0x07, 0x6B)
"""P1 and P2 of the maker's own commands: his number at the USB."""
BUS_READ_SECURITY = bytes.fromhex("A605A003310000")
"""Command of a synchronous card (A6), of two wires (A0): control 31, address and data, which say nothing here."""
BUS_PLAIN, BUS_COUNTER_AT = 0x9D, 2
BUS_DONE = frozenset({SW_DONE, 0x9900})


def shows(security: bytes, psc: bytes | bytearray) -> bool:
    """Whether these SECURITY_BYTES are a full error counter and this code, which is compared where it lies."""
    return security[:1] == bytes([ALL_TRIES]) and memoryview(security)[1:] == memoryview(psc)


class PscOutcome(StrEnum):
    """What presenting the code came to, by the reader's own words."""

    RIGHT = "right"
    WRONG = "wrong"
    LOCKED = "locked"
    UNCLEAR = "unclear"


class Dialect(Protocol):
    """The commands of one family of readers for an SLE4442."""

    @property
    def name(self) -> str: ...
    @property
    def most(self) -> int:
        """How many bytes one reading brings at most."""

    def select(self) -> Apdu | None:
        """Tells the reader which chip lies there; None where the reader finds out by itself."""

    def read(self, address: int, count: int) -> Apdu: ...
    def data(self, answer: Answer, count: int) -> bytes | None:
        """The bytes that were read; None if the answer is not one of this dialect."""

    def security(self) -> Apdu | None:
        """Asks for SECURITY_BYTES; None where the reader does not tell the error counter."""

    def bus_counter(self) -> Apdu | None:
        """Asks the card itself for its error counter, which only some readers of the family pass on; None elsewhere."""

    def bus_tries(self, answer: Answer) -> int | None:
        """The tries that are left by such an answer; None from a reader that does not know the command."""

    def write(self, address: int, data: bytes) -> Apdu: ...
    def present(self, psc: bytes | bytearray) -> Apdu: ...
    def outcome(self, answer: Answer, psc: bytes | bytearray) -> PscOutcome: ...
    def tries_left(self, answer: Answer) -> int | None:
        """What the answer to a wrong code says of the tries; None where the error counter is to be asked."""

    def change(self, old: bytes | bytearray, new: bytes | bytearray) -> Apdu: ...


class AcsCcid:
    """ACS CCID readers: ACR38-CCID, ACR39, ACR33U, ACR1281U, ACR3801 (their reference manuals)."""

    name = "acs"
    most = READ_ALL

    def select(self) -> Apdu:
        """Choose SLE4432/4442/5532/5542; the reader powers the card down and up."""
        return Apdu(0xFF, 0xA4, 0x00, 0x00, b"\x06")

    def read(self, address: int, count: int) -> Apdu:
        return Apdu(0xFF, 0xB0, 0x00, address, expected=min(count, READ_ALL))

    def data(self, answer: Answer, count: int) -> bytes | None:
        return answer.data if answer.is_done and len(answer.data) == count else None

    def security(self) -> Apdu:
        return Apdu(0xFF, 0xB1, 0x00, 0x00, expected=SECURITY_BYTES, is_secret=True)

    def bus_counter(self) -> Apdu | None:
        return None

    def bus_tries(self, answer: Answer) -> int | None:
        return None

    def protection(self) -> Apdu:
        """Asks for 32 bits, lowest address in the lowest bit of the first byte; 0 means protected."""
        return Apdu(0xFF, 0xB2, 0x00, 0x00, expected=PROTECTION_BYTES)

    def write(self, address: int, data: bytes) -> Apdu:
        return Apdu(0xFF, 0xD0, 0x00, address, data)

    def present(self, psc: bytes | bytearray) -> Apdu:
        return Apdu(0xFF, 0x20, 0x00, 0x00, copied(psc), is_secret=True)

    def outcome(self, answer: Answer, psc: bytes | bytearray) -> PscOutcome:
        """90 07 is right; 90 00 is locked; any other 90 xx is wrong, xx being the error counter."""
        if answer.sw == PSC_RIGHT_SW:
            return PscOutcome.RIGHT
        if answer.sw == PSC_LOCKED_SW:
            return PscOutcome.LOCKED
        return PscOutcome.WRONG if answer.sw >> 8 == 0x90 else PscOutcome.UNCLEAR

    def tries_left(self, answer: Answer) -> int | None:
        return None

    def change(self, old: bytes | bytearray, new: bytes | bytearray) -> Apdu:
        return Apdu(0xFF, 0xD2, 0x00, 0x01, copied(new), is_secret=True)


class AcsOld(AcsCcid):
    """The ACR38 before CCID (its reference manual 1.9 and 6.02): commands alike, answers with more in them."""

    name = "acs-old"
    most = 128
    """With the protection behind it, more would not fit into one answer."""

    def data(self, answer: Answer, count: int) -> bytes | None:
        """The bytes, then the 32 protection bits."""
        whole = super().data(answer, count + PROTECTION_BYTES)
        return whole[:count] if whole is not None else None

    def security(self) -> Apdu:
        return Apdu(0xFF, 0xB1, 0x00, 0x00, expected=READ_ALL, is_secret=True)

    def outcome(self, answer: Answer, psc: bytes | bytearray) -> PscOutcome:
        """Always 90 00; the error counter and the code as the card has it stand in the answer."""
        if not answer.is_done or len(answer.data) != SECURITY_BYTES:
            return PscOutcome.UNCLEAR
        if shows(answer.data, psc):
            return PscOutcome.RIGHT
        return PscOutcome.WRONG if answer.data[0] else PscOutcome.LOCKED


class Omnikey:
    """HID OMNIKEY 3x21 and Cherry (OMNIKEY software developer guide): commands of ISO 7816 names, no error counter."""

    name = "omnikey"
    most = READ_ALL

    def select(self) -> Apdu | None:
        return None

    def read(self, address: int, count: int) -> Apdu:
        return Apdu(0xFF, 0xB0, address >> 8, address & 0xFF, expected=min(count, READ_ALL))

    def data(self, answer: Answer, count: int) -> bytes | None:
        return answer.data if answer.is_done and len(answer.data) == count else None

    def security(self) -> Apdu | None:
        return None

    def bus_counter(self) -> Apdu:
        """READ SECURITY MEMORY of the chip as a raw command on its bus (HID's sample for readers with the AViatoR chip:
        OMNIKEY 3021, 3121, 6121)."""
        data = copied(BUS_READ_SECURITY)
        return Apdu(0xFF, 0x70, *OMNIKEY_VENDOR, data, expected=READ_ALL, is_secret=True)

    def bus_tries(self, answer: Answer) -> int | None:
        """`9D`, a length, the counter and perhaps what stands behind it; some print the status word as 99 00.

        An empty counter is not believed: that a card is locked its own answer to a code must say.
        """
        data = answer.data
        is_told = answer.sw in BUS_DONE and len(data) > BUS_COUNTER_AT and data[0] == BUS_PLAIN
        if not is_told or data[1] != len(data) - BUS_COUNTER_AT or not 0 < data[BUS_COUNTER_AT] <= ALL_TRIES:
            return None
        return data[BUS_COUNTER_AT].bit_count()

    def write(self, address: int, data: bytes) -> Apdu:
        return Apdu(0xFF, 0xD6, address >> 8, address & 0xFF, data)

    def present(self, psc: bytes | bytearray) -> Apdu:
        return Apdu(0xFF, 0x20, 0x00, 0x00, copied(psc), is_secret=True)

    def outcome(self, answer: Answer, psc: bytes | bytearray) -> PscOutcome:
        """90 00 is right, 63 Cx wrong with x tries left, 69 83 locked."""
        if answer.sw & 0xFFF0 == OMNIKEY_WRONG_SW:
            return PscOutcome.WRONG
        return {SW_DONE: PscOutcome.RIGHT, OMNIKEY_LOCKED_SW: PscOutcome.LOCKED}.get(answer.sw, PscOutcome.UNCLEAR)

    def tries_left(self, answer: Answer) -> int | None:
        return answer.sw & 0x0F if answer.sw & 0xFFF0 == OMNIKEY_WRONG_SW else None

    def change(self, old: bytes | bytearray, new: bytes | bytearray) -> Apdu:
        with lent(gathered(old, new)) as both:
            return Apdu(0xFF, 0x21, 0x00, 0x00, copied(both), is_secret=True)


DIALECTS: dict[str, Dialect] = {dialect.name: dialect for dialect in (AcsCcid(), AcsOld(), Omnikey())}
_BY_READER_NAME = (
    (re.compile(r"omnikey|\bhid\b|cherry", re.IGNORECASE), "omnikey"),
    # Of two readers called ACR38 the one that speaks CCID says so; the ACR3801 always does.
    (re.compile(r"acr ?38(?!01)(?!.*ccid)", re.IGNORECASE), "acs-old"),
)
_ELSE = "acs"


def dialect_for(reader: ReaderName, *, override: str = "") -> Dialect:
    """The dialect of a reader by its name, or the one asked for. Raises OperatorError reader-dialect."""
    return dialects_for(reader, override=override)[0]


def dialects_for(reader: ReaderName, *, override: str = "") -> tuple[Dialect, ...]:
    """The dialects to try in this order: the one that the name speaks for, then the others; or only the one asked for.

    Raises OperatorError reader-dialect if there is none of that name.
    """
    if override and override not in DIALECTS:
        raise OperatorError(Code.READER_DIALECT, dialect=override, known=", ".join(sorted(DIALECTS)))
    if override:
        return (DIALECTS[override],)
    first = next((dialect for names, dialect in _BY_READER_NAME if names.search(reader)), _ELSE)
    return (DIALECTS[first], *(dialect for name, dialect in DIALECTS.items() if name != first))
