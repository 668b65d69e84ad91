"""The SLE4442 in software: memory, protection, code and error counter, programmed byte by byte.

Programming as the data sheets of SLE4432/4442 say: erasing sets a byte to FF, writing clears bits, 2.5 ms each; so a
byte that only loses bits costs 2.5 ms and any other 5 ms. The error counter is EEPROM like the rest: presenting the
code clears one of its bits, compares, and erases it full again, and a card that leaves between the two has lost a try.
"""

from __future__ import annotations

from collections.abc import Callable

from vending_app.cardio.emulated.faults import CardLeft, FaultPlan
from vending_app.cardio.emulated.store import COUNTER_AT, MAIN_SIZE, PROTECTION_AT, PSC_AT, CardStore

PHASE_US = 2500
ALL_TRIES = 0x07
PSC_SIZE = 3
PROTECTABLE = 32


class ChipModel:
    """One chip. Loses its unlocked state with power, like the real one.

    `busy_us` adds up the programming time; `wait` is told each piece of it, to pass it for real.
    `bytes_programmed` counts main memory, `security_bytes_programmed` error counter, code and protection; faults
    and `on_byte` count both, in the order in which the chip programs them.
    """

    def __init__(
        self,
        store: CardStore,
        *,
        wait: Callable[[int], None] | None = None,
        on_byte: Callable[[int], None] | None = None,
    ) -> None:
        self._store = store
        self._wait = wait
        self._on_byte = on_byte
        self.faults = FaultPlan()
        self.bytes_programmed = 0
        self.security_bytes_programmed = 0
        self.busy_us = 0
        self.is_unlocked = False

    # reading

    def main(self) -> bytes:
        """The 256 bytes, as anybody may read them."""
        return self._store.load()[:MAIN_SIZE]

    def protection(self) -> bytes:
        """32 bits, lowest address in the lowest bit of the first byte; 0 means protected."""
        return self._store.load()[PROTECTION_AT:COUNTER_AT]

    def security(self) -> bytes:
        """Error counter and code; the code reads as zeros until it was presented."""
        security = self._store.load()[COUNTER_AT:]
        return security if self.is_unlocked else security[:1] + bytes(PSC_SIZE)

    @property
    def error_counter(self) -> int:
        """The three bits."""
        return self._store.load()[COUNTER_AT]

    # changing

    def power_off(self) -> None:
        self.is_unlocked = False

    def present(self, psc: bytes | bytearray) -> bool:
        """Clear one bit of the error counter, compare, and set it full again if the code is right."""
        self.is_unlocked = False
        counter = self.error_counter
        if not counter:
            return False
        # The highest bit goes first: 07, 03, 01, 00.
        self._set_counter(counter >> 1)
        if psc != self._store.load()[PSC_AT:]:
            return False
        self._set_counter(ALL_TRIES)
        self.is_unlocked = True
        return True

    def update_main(self, address: int, data: bytes) -> None:
        """Program bytes; a locked chip and a protected byte stay as they are, without a word."""
        for offset, value in enumerate(data):
            if self.is_unlocked and not self._is_protected(address + offset):
                self._program(address + offset, value)

    def update_psc(self, psc: bytes | bytearray) -> None:
        """Program a new code, if unlocked."""
        for offset, value in enumerate(psc):
            if self.is_unlocked:
                self._program(PSC_AT + offset, value)

    def protect(self, address: int, data: bytes) -> None:
        """Protect for ever each byte that equals the data given, if unlocked."""
        for at, value in enumerate(data, start=address):
            if self.is_unlocked and at < PROTECTABLE and self.main()[at] == value:
                bits = self.protection()[at // 8]
                self._program(PROTECTION_AT + at // 8, bits & ~(1 << at % 8))

    def _is_protected(self, address: int) -> bool:
        return address < PROTECTABLE and not self.protection()[address // 8] >> address % 8 & 1

    def _set_counter(self, value: int) -> None:
        """One phase: clearing a bit erases nothing, and filling the three bits writes nothing."""
        torn = self.faults.torn_byte(self.error_counter, value)
        left = value if torn is None else torn & ALL_TRIES
        self._put(COUNTER_AT, left, takes_us=PHASE_US, is_torn=torn is not None)

    def _program(self, at: int, new: int) -> None:
        """One byte. Writing a byte's own value is counted too: it is waste, and must show."""
        old = self._store.load()[at]
        torn = self.faults.torn_byte(old, new)
        takes_us = PHASE_US if old & new == new else 2 * PHASE_US
        self._put(at, new if torn is None else torn, takes_us=takes_us, is_torn=torn is not None)

    def _put(self, at: int, value: int, *, takes_us: int, is_torn: bool) -> None:
        self._pass_time(takes_us)
        if not self.faults.is_lying:
            self._store.put(at, value)
        self._count(at)
        if is_torn:
            raise CardLeft

    def _count(self, at: int) -> None:
        if at < MAIN_SIZE:
            self.bytes_programmed += 1
        else:
            self.security_bytes_programmed += 1
        if self._on_byte is not None:
            self._on_byte(self.bytes_programmed + self.security_bytes_programmed)

    def _pass_time(self, microseconds: int) -> None:
        self.busy_us += microseconds
        if self._wait is not None:
            self._wait(microseconds)
