"""The readers in front of an emulated SLE4442: one chip, three families of commands and answers.

Sources: the reference manuals of ACR1281U and ACR39 (ACS CCID) and of the ACR38 before it; for HID OMNIKEY its
software developer guide. What a reader does with a card that is locked or torn is the chip's business.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from vending_app.cardio.apdu import READ_ALL, SW_DONE, Answer, Apdu
from vending_app.cardio.emulated.chip import PROTECTABLE, PSC_SIZE, ChipModel
from vending_app.cardio.emulated.software_card import DONE, NOT_SELECTED, UNKNOWN_INSTRUCTION, WRONG_LENGTH
from vending_app.cardio.emulated.store import MAIN_SIZE

SLE4442_TYPE = b"\x06"
CHANGE_CODE_P2 = 0x01
SECURITY_SIZE = 4
NO_CODE = Answer(b"", 0x6982)
NOT_WRITTEN = Answer(b"", 0x6581)
NO_ADDRESS = Answer(b"", 0x6A82)
LOCKED = Answer(b"", 0x6983)
WRONG_SW = 0x63C0
MAKER = (0x07, 0x6B)
READ_SECURITY = bytes.fromhex("A605A003310000")
PLAIN_DATA = 0x9D
NOT_SUPPORTED = Answer(bytes.fromhex("9E020003"), SW_DONE)
"""Error 03 of the maker's firmware; the status word does not say so."""

Command = Callable[[Apdu], Answer]


class ReaderFront(Protocol):
    """Commands of class FF as one family of readers carries them out."""

    @property
    def writes(self) -> frozenset[int]: ...
    def power_off(self) -> None: ...
    def carry_out(self, apdu: Apdu) -> Answer: ...


class AcsFront:
    """ACS CCID: the type is selected first; PRESENT CODE answers 90 and the error counter, so 90 00 means locked."""

    writes = frozenset({0xD0, 0xD1, 0xD2})

    def __init__(self, chip: ChipModel) -> None:
        self.chip = chip
        self._is_selected = False
        self._commands: dict[int, Command] = {
            0xA4: self._select,
            0xB0: self._read,
            0xB1: self._read_security,
            0xB2: self._read_protection,
            0xD0: self._write,
            0xD1: self._protect,
            0x20: self._present,
            0xD2: self._change,
        }

    def power_off(self) -> None:
        self._is_selected = False

    def carry_out(self, apdu: Apdu) -> Answer:
        command = self._commands.get(apdu.ins)
        if command is None:
            return UNKNOWN_INSTRUCTION
        if not self._is_selected and command != self._select:
            return NOT_SELECTED
        return command(apdu)

    def _select(self, apdu: Apdu) -> Answer:
        if apdu.data != SLE4442_TYPE:
            return NOT_SELECTED
        self.chip.power_off()
        self._is_selected = True
        return DONE

    def _read(self, apdu: Apdu) -> Answer:
        if not 0 < apdu.expected <= MAIN_SIZE - apdu.p2:
            return WRONG_LENGTH
        return Answer(self.chip.main()[apdu.p2 : apdu.p2 + apdu.expected], SW_DONE)

    def _read_security(self, apdu: Apdu) -> Answer:
        return Answer(self.chip.security(), SW_DONE) if apdu.expected == SECURITY_SIZE else WRONG_LENGTH

    def _read_protection(self, apdu: Apdu) -> Answer:
        return Answer(self.chip.protection(), SW_DONE) if apdu.expected == SECURITY_SIZE else WRONG_LENGTH

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
        return Answer(b"", SW_DONE | self.chip.error_counter)

    def _change(self, apdu: Apdu) -> Answer:
        if len(apdu.data) != PSC_SIZE or apdu.p2 != CHANGE_CODE_P2:
            return WRONG_LENGTH
        self.chip.update_psc(apdu.data)
        return DONE


class OldAcsFront(AcsFront):
    """The ACR38 before CCID: what was read is followed by the protection bits, and PRESENT CODE answers the security
    memory, with 90 00 for right and wrong alike."""

    def _read(self, apdu: Apdu) -> Answer:
        if apdu.expected + SECURITY_SIZE > READ_ALL:
            return WRONG_LENGTH
        read = super()._read(apdu)
        return Answer(read.data + self.chip.protection(), SW_DONE) if read.is_done else read

    def _read_security(self, apdu: Apdu) -> Answer:
        return Answer(self.chip.security(), SW_DONE) if apdu.expected == READ_ALL else WRONG_LENGTH

    def _present(self, apdu: Apdu) -> Answer:
        answer = super()._present(apdu)
        return answer if answer == WRONG_LENGTH else Answer(self.chip.security(), SW_DONE)


class OmnikeyFront:
    """As HID OMNIKEY without the maker's own commands: nothing is selected, a locked chip is told by status words, and
    the error counter is not shown."""

    writes = frozenset({0xD6, 0x21})

    def __init__(self, chip: ChipModel) -> None:
        self.chip = chip
        self._commands: dict[int, Command] = {
            0xB0: self._read,
            0xD6: self._write,
            0x20: self._present,
            0x21: self._change,
        }

    def power_off(self) -> None:
        """It remembers nothing of a card."""

    def carry_out(self, apdu: Apdu) -> Answer:
        command = self._commands.get(apdu.ins)
        return command(apdu) if command is not None else UNKNOWN_INSTRUCTION

    def _read(self, apdu: Apdu) -> Answer:
        address = apdu.p1 << 8 | apdu.p2
        if address + apdu.expected > MAIN_SIZE:
            return NO_ADDRESS
        return Answer(self.chip.main()[address : address + apdu.expected], SW_DONE) if apdu.expected else WRONG_LENGTH

    def _write(self, apdu: Apdu) -> Answer:
        address = apdu.p1 << 8 | apdu.p2
        if address + len(apdu.data) > MAIN_SIZE:
            return NO_ADDRESS
        if not self.chip.is_unlocked:
            return NO_CODE
        self.chip.update_main(address, apdu.data)
        written = self.chip.main()[address : address + len(apdu.data)] == apdu.data
        return DONE if written else NOT_WRITTEN

    def _present(self, apdu: Apdu) -> Answer:
        return self._presented(apdu.data) if len(apdu.data) == PSC_SIZE else WRONG_LENGTH

    def _presented(self, psc: bytes) -> Answer:
        if not self.chip.error_counter:
            return LOCKED
        if self.chip.present(psc):
            return DONE
        return Answer(b"", WRONG_SW | self.chip.error_counter.bit_count())

    def _change(self, apdu: Apdu) -> Answer:
        if len(apdu.data) != 2 * PSC_SIZE:
            return WRONG_LENGTH
        answer = self._presented(apdu.data[:PSC_SIZE])
        if answer.is_done:
            self.chip.update_psc(apdu.data[PSC_SIZE:])
        return answer


class OmnikeyBusFront(OmnikeyFront):
    """HID OMNIKEY with the AViatoR chip (3021, 3121, 6121), which also carries single commands to the card's bus: here
    READ SECURITY MEMORY, the one that is used. Its maker's sample takes the counter from the third byte of the answer.
    """

    def __init__(self, chip: ChipModel) -> None:
        super().__init__(chip)
        self._commands[0x70] = self._on_bus

    def _on_bus(self, apdu: Apdu) -> Answer:
        if (apdu.p1, apdu.p2) != MAKER:
            return UNKNOWN_INSTRUCTION
        if apdu.data != READ_SECURITY:
            return NOT_SUPPORTED
        security = self.chip.security()
        return Answer(bytes([PLAIN_DATA, len(security)]) + security, SW_DONE)


FRONTS: dict[str, Callable[[ChipModel], ReaderFront]] = {
    "acs": AcsFront,
    "acs-old": OldAcsFront,
    "omnikey": OmnikeyBusFront,
    "omnikey-untold": OmnikeyFront,
}
"""By the name of the dialect, and of a reader that knows less of it."""
