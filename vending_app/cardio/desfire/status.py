"""What a DESFire card answers instead of a result: its status words, as a closed list."""

from __future__ import annotations

from enum import IntEnum

from vending_app.cardio.chip import StatusWrong

WRAPPED = 0x9100


class Status(IntEnum):
    """The second status byte behind 91."""

    DONE = 0x00
    NO_CHANGES = 0x0C
    OUT_OF_MEMORY = 0x0E
    ILLEGAL_COMMAND = 0x1C
    INTEGRITY = 0x1E
    """A MAC, a CRC or a padding is wrong; also told by us of a card's answer."""
    NO_SUCH_KEY = 0x40
    LENGTH = 0x7E
    PERMISSION = 0x9D
    PARAMETER = 0x9E
    NO_APPLICATION = 0xA0
    AUTHENTICATION = 0xAE
    MORE = 0xAF
    BOUNDARY = 0xBE
    PICC_INTEGRITY = 0xC1
    ABORTED = 0xCA
    PICC_DISABLED = 0xCD
    COUNT = 0xCE
    DUPLICATE = 0xDE
    EEPROM = 0xEE
    NO_FILE = 0xF0
    FILE_INTEGRITY = 0xF1

    @property
    def sw(self) -> int:
        return WRAPPED | self


class Refused(StatusWrong):
    """The card refused a command, or its answer is not what its keys would have made of it.

    `status` is None for a status word that no DESFire card has.
    """

    def __init__(self, sw: int) -> None:
        super().__init__(sw)
        is_known = sw & 0xFF00 == WRAPPED and sw & 0xFF in set(Status)
        self.status = Status(sw & 0xFF) if is_known else None

    def __str__(self) -> str:
        return f"{self.sw:04X}" if self.status is None else f"{self.sw:04X} {self.status.name.lower()}"


def forged() -> Refused:
    """The answer does not bear the MAC or the CRC that it should."""
    return Refused(Status.INTEGRITY.sw)
