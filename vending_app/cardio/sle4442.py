"""The SLE4442 and SLE5542 behind a reader: read, unlock and write 256 bytes, and never below the floor.

The chip: 256 bytes of EEPROM, a three-byte code (PSC) with three tries, everything readable at any time. An error
counter of three bits counts tries; empty, the card is read-only for ever. Programming takes 2.5 ms or 5 ms a byte.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from vending_app.cardio.apdu import SW_DONE, Answer, NoAnswer
from vending_app.cardio.chip import StatusWrong, done
from vending_app.cardio.dialects import ALL_TRIES, SECURITY_BYTES, Dialect, PscOutcome, shows
from vending_app.cardio.link import Link, ask
from vending_app.cardio.totals1_layout import PROOF_AT
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.wiping import wipe

SIZE = 256
ADDRESS_FLOOR = 0x20
"""Below lies the chip's own area. Cards have died of writes there."""
TRANSPORT_PSC = b"\xff\xff\xff"
UNKNOWN = 0x6D00
PIECE = 128
"""For readers that do not give 256 bytes in one answer."""
NOTHING_THERE, SOMETHING_THERE = 0xFF, 0x00


class Sle4442:
    """Commands to one chip. `has_written` turns true before the first that may change memory is sent."""

    unit = 1
    """It is programmed byte by byte."""

    def __init__(self, link: Link, dialect: Dialect) -> None:
        self._link = link
        self._dialect = dialect
        self._psc = bytearray(TRANSPORT_PSC)
        self._proof = NOTHING_THERE
        self.has_written = False
        self.says_right = False
        """Whether the reader called the code right that was presented last, whatever the proof of it came to."""
        self.tries_told: int | None = None
        """How many tries are left by the answer to a wrong code, or to `ask_bus`; the latest word of this session."""

    @property
    def counts_tries(self) -> bool:
        """Whether the reader can be asked for the error counter."""
        return self._dialect.security() is not None

    def select(self) -> None:
        """Tell the reader which chip this is, if it has to be told. Raises StatusWrong if it does not know how."""
        self.tries_told = None
        command = self._dialect.select()
        if command is not None:
            done(self._link, command)

    def read_all(self) -> bytes:
        """The 256 bytes. Raises StatusWrong."""
        raw = self._read(0, SIZE) if self._dialect.most == SIZE else None
        raw = raw or b"".join(self._read_piece(address) for address in range(0, SIZE, PIECE))
        self._proof = raw[PROOF_AT]
        return raw

    def _read(self, address: int, count: int) -> bytes | None:
        return self._dialect.data(ask(self._link, self._dialect.read(address, count)), count)

    def _read_piece(self, address: int) -> bytes:
        answer = ask(self._link, self._dialect.read(address, PIECE))
        data = self._dialect.data(answer, PIECE)
        if data is None:
            raise StatusWrong(answer.sw)
        return data

    def tries(self) -> int:
        """How many presentations of the code are left: the bits of the error counter. Raises StatusWrong."""
        with self._security() as security:
            return security[0].bit_count()

    @contextmanager
    def _security(self) -> Iterator[bytes]:
        """Error counter and code; the latter shows once it was presented, so they are erased behind the block."""
        command = self._dialect.security()
        answer = ask(self._link, command) if command is not None else Answer(b"", UNKNOWN)
        try:
            if answer.sw != SW_DONE or len(answer.data) != SECURITY_BYTES:
                raise StatusWrong(answer.sw)
            yield answer.data
        finally:
            answer.forget()

    def ask_bus(self) -> None:
        """Have the card itself tell its tries, where the reader passes that on; `tries_told` says what came of it.

        Raises NoAnswer only if the card gives none to anything: a reader may have none for a command it does not know.
        """
        command = self._dialect.bus_counter()
        if command is None:
            return
        try:
            answer = ask(self._link, command)
        except NoAnswer:
            self._read(PROOF_AT, 1)
            return
        self.tries_told = self._dialect.bus_tries(answer)
        answer.forget()

    def forget(self) -> None:
        """The code that was presented last."""
        wipe(self._psc)

    def present(self, psc: bytes | bytearray) -> bool:
        """Present the code once and prove the effect; False if it is wrong.

        The reader's word alone is not believed, because dialects contradict each other. A right code leaves the error
        counter full and a locked card has none; where nobody tells the counter, a right code lets a byte be written.
        Raises OperatorError card-locked; reader-dialect if the answer is none of this dialect, or is disproved.
        """
        self.says_right = False
        answer = ask(self._link, self._dialect.present(psc))
        outcome = self._dialect.outcome(answer, psc)
        self.says_right = outcome is PscOutcome.RIGHT
        self.tries_told = self._dialect.tries_left(answer)
        answer.forget()
        wipe(self._psc)
        self._psc = bytearray(psc)
        if outcome is PscOutcome.LOCKED and self._has_no_tries():
            raise OperatorError(Code.CARD_LOCKED)
        if outcome in {PscOutcome.LOCKED, PscOutcome.UNCLEAR}:
            raise OperatorError(Code.READER_DIALECT, dialect=self._dialect.name, status=f"{answer.sw:04X}")
        return outcome is PscOutcome.RIGHT and self._is_open()

    def _has_no_tries(self) -> bool:
        """Only one family of readers answers this without telling the counter, and means it."""
        if not self.counts_tries:
            return True
        try:
            return self.tries() == 0
        except StatusWrong:
            return False

    def _is_open(self) -> bool:
        if self.counts_tries:
            with self._security() as security:
                return security[0] == ALL_TRIES
        wanted = NOTHING_THERE if self._proof == SOMETHING_THERE else SOMETHING_THERE
        answer = ask(self._link, self._dialect.write(PROOF_AT, bytes([wanted])))
        there = self._read(PROOF_AT, 1) if answer.is_done else None
        self._proof = there[0] if there else self._proof
        return there == bytes([wanted])

    def write(self, address: int, data: bytes) -> None:
        """Program consecutive bytes. Raises OperatorError card-address-refused below the floor, StatusWrong."""
        if not ADDRESS_FLOOR <= address <= address + len(data) <= SIZE:
            raise OperatorError(Code.CARD_ADDRESS_REFUSED, address=address)
        self.has_written = True
        done(self._link, self._dialect.write(address, data))

    def change_psc(self, psc: bytes | bytearray) -> bool:
        """Set a new code on a card whose old one was just presented; True if it is proved to be this one.

        The security memory shows it; where nobody tells that, the new code is presented.
        """
        self.has_written = True
        done(self._link, self._dialect.change(self._psc, psc))
        if self.counts_tries:
            with self._security() as security:
                return shows(security, psc)
        try:
            return self.present(psc)
        except OperatorError:
            return False
