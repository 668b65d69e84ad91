"""An emulated card as a reader sees it: the chip behind the commands of an ACS CCID reader.

The built-in reader and the virtual PC/SC reader hold the same cards.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from vending_app.cardio.apdu import SW_DONE, Answer, Apdu, MalformedApdu
from vending_app.cardio.emulated.chip import PROTECTABLE, PSC_SIZE, ChipModel
from vending_app.cardio.emulated.faults import CardLeft, Fault
from vending_app.cardio.emulated.store import MAIN_SIZE, CardStore, FileStore, MemoryStore

ANSWER_TO_RESET = bytes.fromhex("3B04A2131091")
NOT_SELECTED = Answer(b"", 0x6985)
WRONG_LENGTH = Answer(b"", 0x6700)
UNKNOWN_INSTRUCTION = Answer(b"", 0x6D00)
UNKNOWN_CLASS = Answer(b"", 0x6E00)
DONE = Answer(b"", SW_DONE)
MEMORY_CARD_CLASS = 0xFF
SLE4442_TYPE = b"\x06"
CHANGE_CODE_P2 = 0x01
WRITES = (b"\xd0", b"\xd1", b"\xd2")
"""Instructions that program something: main memory, protection, code."""


class EmulatedCard:
    """A card in software. `is_out` says that a fault threw it out; `put_back` before it can be used again.

    `on_apdu` is called with the number of each command before it is carried out, `on_byte` with the number of each
    byte after it was programmed: a campaign may kill the process there.
    """

    atr = ANSWER_TO_RESET

    def __init__(
        self,
        store: CardStore,
        *,
        wait: Callable[[int], None] | None = None,
        on_apdu: Callable[[int], None] | None = None,
        on_byte: Callable[[int], None] | None = None,
    ) -> None:
        self.chip = ChipModel(store, wait=wait, on_byte=on_byte)
        self._on_apdu = on_apdu
        self._is_selected = False
        self._commands: dict[int, Callable[[Apdu], Answer]] = {
            0xA4: self._select,
            0xB0: self._read,
            0xB1: self._read_security,
            0xB2: self._read_protection,
            0xD0: self._write,
            0xD1: self._protect,
            0x20: self._present,
            0xD2: self._change,
        }
        self.apdus = 0
        self.is_out = False

    @classmethod
    def blank(cls) -> EmulatedCard:
        """A new card in memory."""
        return cls(MemoryStore())

    @classmethod
    def of_file(cls, path: Path) -> EmulatedCard:
        """The card in a file. Raises OperatorError image-damaged, EnvironmentFault file-unreadable."""
        return cls(FileStore(path))

    # what a hand does

    def arm(self, fault: Fault | None) -> None:
        """Plan a fault; it counts from now on. None takes the plan back."""
        self.chip.faults.arm(fault)

    def put_back(self) -> None:
        """Insert the card again after it was out."""
        self.is_out = False
        self.power_off()

    # what a reader does

    def power_off(self) -> None:
        """Everything volatile is lost: the selection and the unlocked state."""
        self._is_selected = False
        self.chip.power_off()

    def exchange(self, apdu: bytes) -> bytes:
        """Carry out one command; empty if the card left before its answer, as real readers report it."""
        if self.is_out:
            return b""
        self.apdus += 1
        if self._on_apdu is not None:
            self._on_apdu(self.apdus)
        try:
            self.chip.faults.before_apdu(is_write=apdu[1:2] in WRITES)
            answer = self._carry_out(apdu)
            self.chip.faults.after_apdu()
        except CardLeft:
            self.is_out = True
            self.power_off()
            return b""
        return answer.to_bytes()

    # figures

    @property
    def image(self) -> bytes:
        """The 256 bytes."""
        return self.chip.main()

    @property
    def bytes_programmed(self) -> int:
        """Of main memory."""
        return self.chip.bytes_programmed

    @property
    def all_bytes_programmed(self) -> int:
        """Also error counter, code and protection: as many places as a card can be torn at."""
        return self.chip.bytes_programmed + self.chip.security_bytes_programmed

    @property
    def busy_us(self) -> int:
        """Programming time so far, in microseconds of the chip."""
        return self.chip.busy_us

    def reset_counters(self) -> None:
        """Start counting commands, bytes and time again."""
        self.apdus = self.chip.busy_us = 0
        self.chip.bytes_programmed = self.chip.security_bytes_programmed = 0

    # the commands

    def _carry_out(self, raw: bytes) -> Answer:
        try:
            apdu = Apdu.parse(raw)
        except MalformedApdu:
            return WRONG_LENGTH
        if apdu.cla != MEMORY_CARD_CLASS:
            return UNKNOWN_CLASS
        command = self._commands.get(apdu.ins)
        if command is None:
            return UNKNOWN_INSTRUCTION
        if not self._is_selected and command != self._select:
            return NOT_SELECTED
        return command(apdu)

    def _select(self, apdu: Apdu) -> Answer:
        if apdu.data != SLE4442_TYPE:
            return NOT_SELECTED
        self.power_off()
        self._is_selected = True
        return DONE

    def _read(self, apdu: Apdu) -> Answer:
        if not 0 < apdu.expected <= MAIN_SIZE - apdu.p2:
            return WRONG_LENGTH
        return Answer(self.chip.main()[apdu.p2 : apdu.p2 + apdu.expected], SW_DONE)

    def _read_security(self, apdu: Apdu) -> Answer:
        return Answer(self.chip.security(), SW_DONE) if apdu.expected == 4 else WRONG_LENGTH

    def _read_protection(self, apdu: Apdu) -> Answer:
        return Answer(self.chip.protection(), SW_DONE) if apdu.expected == 4 else WRONG_LENGTH

    def _write(self, apdu: Apdu) -> Answer:
        if not 0 < len(apdu.data) <= MAIN_SIZE - apdu.p2:
            return WRONG_LENGTH
        self.chip.update_main(apdu.p2, apdu.data)
        return DONE

    def _protect(self, apdu: Apdu) -> Answer:
        if not 0 < len(apdu.data) <= PROTECTABLE - apdu.p2:
            return WRONG_LENGTH
        self.chip.protect(apdu.p2, apdu.data)
        return DONE

    def _present(self, apdu: Apdu) -> Answer:
        if len(apdu.data) != PSC_SIZE:
            return WRONG_LENGTH
        self.chip.present(apdu.data)
        # 90 07 is right, 90 00 is locked, anything between is wrong: the low byte is the error counter.
        return Answer(b"", SW_DONE | self.chip.error_counter)

    def _change(self, apdu: Apdu) -> Answer:
        if len(apdu.data) != PSC_SIZE or apdu.p2 != CHANGE_CODE_P2:
            return WRONG_LENGTH
        self.chip.update_psc(apdu.data)
        return DONE
