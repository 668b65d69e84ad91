"""The SLE4442 and SLE5542 behind a reader: read, unlock and write 256 bytes, and never below the floor.

The chip: 256 bytes of EEPROM, a three-byte code (PSC) with three tries, everything readable at any time. An error
counter of three bits counts tries; empty, the card is read-only for ever. Programming takes 2.5 ms or 5 ms a byte.
"""

from __future__ import annotations

from vending_app.cardio.apdu import READ_ALL, SW_DONE, Answer, Apdu
from vending_app.cardio.chip import StatusWrong
from vending_app.cardio.dialects import SECURITY_BYTES, Dialect, PscOutcome
from vending_app.cardio.link import Link
from vending_app.domain.errors import Code, OperatorError

SIZE = 256
ADDRESS_FLOOR = 0x20
"""Below lies the chip's own area. Cards have died of writes there."""
TRANSPORT_PSC = b"\xff\xff\xff"
ALL_TRIES = 0x07
PIECE = 128
"""For readers that do not give 256 bytes in one answer."""


class Sle4442:
    """Commands to one chip. `has_written` turns true before the first that may change memory is sent."""

    unit = 1
    """It is programmed byte by byte."""

    def __init__(self, link: Link, dialect: Dialect) -> None:
        self._link = link
        self._dialect = dialect
        self.has_written = False

    def select(self) -> None:
        """Tell the reader which chip this is. Raises StatusWrong if it does not know how."""
        self._done(self._dialect.select())

    def read_all(self) -> bytes:
        """The 256 bytes. Raises StatusWrong."""
        whole = self._send(self._dialect.read(0, READ_ALL))
        if whole.is_done and len(whole.data) == SIZE:
            return whole.data
        return b"".join(self._read_piece(address) for address in range(0, SIZE, PIECE))

    def _read_piece(self, address: int) -> bytes:
        answer = self._done(self._dialect.read(address, PIECE))
        if len(answer.data) != PIECE:
            raise StatusWrong(answer.sw)
        return answer.data

    def tries(self) -> int:
        """How many presentations of the code are left: the bits of the error counter."""
        return self._security()[0].bit_count()

    def _security(self) -> bytes:
        answer = self._done(self._dialect.security())
        if len(answer.data) != SECURITY_BYTES:
            raise StatusWrong(answer.sw)
        return answer.data

    def present(self, psc: bytes) -> bool:
        """Present the code once and prove the effect; False if it is wrong. Raises OperatorError card-locked.

        The reader's word alone is not believed, because dialects contradict each other: a right code leaves
        the error counter full, a wrong one does not.
        """
        answer = self._send(self._dialect.present(psc))
        outcome = self._dialect.outcome(answer)
        if outcome is PscOutcome.LOCKED:
            raise OperatorError(Code.CARD_LOCKED)
        if outcome is PscOutcome.UNCLEAR:
            raise StatusWrong(answer.sw)
        return outcome is PscOutcome.RIGHT and self._security()[0] == ALL_TRIES

    def write(self, address: int, data: bytes) -> None:
        """Program consecutive bytes. Raises OperatorError card-address-refused below the floor, StatusWrong."""
        if not ADDRESS_FLOOR <= address <= address + len(data) <= SIZE:
            raise OperatorError(Code.CARD_ADDRESS_REFUSED, address=address)
        self.has_written = True
        self._done(self._dialect.write(address, data))

    def change_psc(self, psc: bytes) -> bool:
        """Set a new code on an unlocked card; True if the security memory then shows exactly it."""
        self.has_written = True
        self._done(self._dialect.change(psc))
        return self._security() == bytes([ALL_TRIES]) + psc

    def _done(self, apdu: Apdu) -> Answer:
        answer = self._send(apdu)
        if answer.sw != SW_DONE:
            raise StatusWrong(answer.sw)
        return answer

    def _send(self, apdu: Apdu) -> Answer:
        return Answer.parse(self._link.transmit(apdu.to_bytes()))
