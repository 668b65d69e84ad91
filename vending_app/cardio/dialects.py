"""How a reader wants to be asked about a memory card: the same chip, different commands and answers.

The same PRESENT CODE answers 90 00 for "right" on one family of readers and for "locked for ever" on another. So a
dialect is chosen by the reader's name, can be overridden, and is proved by its effect on the card.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from vending_app.cardio.apdu import READ_ALL, Answer, Apdu
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import ReaderName

PSC_RIGHT_SW = 0x9007
PSC_LOCKED_SW = 0x9000
SECURITY_BYTES = 4
"""Error counter, then the three bytes of the code (zeros unless it was presented)."""


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
    def select(self) -> Apdu: ...
    def read(self, address: int, count: int) -> Apdu: ...
    def security(self) -> Apdu:
        """Asks for SECURITY_BYTES."""

    def write(self, address: int, data: bytes) -> Apdu: ...
    def present(self, psc: bytes) -> Apdu: ...
    def outcome(self, answer: Answer) -> PscOutcome: ...
    def change(self, psc: bytes) -> Apdu: ...


class AcsCcid:
    """ACS CCID readers: ACR38-CCID, ACR39, ACR33U, ACR1281U, ACR3801 (their reference manuals)."""

    name = "acs"

    def select(self) -> Apdu:
        """Choose SLE4432/4442/5532/5542; the reader powers the card down and up."""
        return Apdu(0xFF, 0xA4, 0x00, 0x00, b"\x06")

    def read(self, address: int, count: int) -> Apdu:
        return Apdu(0xFF, 0xB0, 0x00, address, expected=min(count, READ_ALL))

    def security(self) -> Apdu:
        return Apdu(0xFF, 0xB1, 0x00, 0x00, expected=SECURITY_BYTES)

    def protection(self) -> Apdu:
        """Asks for 32 bits, lowest address in the lowest bit of the first byte; 0 means protected."""
        return Apdu(0xFF, 0xB2, 0x00, 0x00, expected=4)

    def write(self, address: int, data: bytes) -> Apdu:
        return Apdu(0xFF, 0xD0, 0x00, address, data)

    def present(self, psc: bytes) -> Apdu:
        return Apdu(0xFF, 0x20, 0x00, 0x00, psc)

    def outcome(self, answer: Answer) -> PscOutcome:
        """90 07 is right; 90 00 is locked; any other 90 xx is wrong, xx being the error counter."""
        if answer.sw == PSC_RIGHT_SW:
            return PscOutcome.RIGHT
        if answer.sw == PSC_LOCKED_SW:
            return PscOutcome.LOCKED
        return PscOutcome.WRONG if answer.sw >> 8 == 0x90 else PscOutcome.UNCLEAR

    def change(self, psc: bytes) -> Apdu:
        return Apdu(0xFF, 0xD2, 0x00, 0x01, psc)


DIALECTS: dict[str, Dialect] = {"acs": AcsCcid()}
_BY_READER_NAME = (("ACS", "acs"), ("ACR", "acs"), ("Advanced Card Systems", "acs"))
_UNKNOWN_READER = "acs"


def dialect_for(reader: ReaderName, *, override: str = "") -> Dialect:
    """The dialect of a reader by its name, or the one asked for. Raises OperatorError reader-dialect."""
    if override and override not in DIALECTS:
        raise OperatorError(Code.READER_DIALECT, dialect=override, known=", ".join(sorted(DIALECTS)))
    by_name = (dialect for part, dialect in _BY_READER_NAME if part in reader)
    return DIALECTS[override or next(by_name, _UNKNOWN_READER)]
