"""An emulated SLE4442 as a reader sees it: the chip behind the commands of one family of readers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from vending_app.cardio.apdu import Answer, Apdu
from vending_app.cardio.emulated.chip import ChipModel
from vending_app.cardio.emulated.sle4442_readers import FRONTS
from vending_app.cardio.emulated.software_card import MEMORY_CARD_CLASS, UNKNOWN_CLASS, SoftwareCard
from vending_app.cardio.emulated.store import CardStore, FileStore, MemoryStore
from vending_app.domain.ids import CardNo
from vending_app.ports import KeyVault

ANSWER_TO_RESET = bytes.fromhex("3B04A2131091")


class EmulatedCard(SoftwareCard):
    """An SLE4442 in software. `dialect` is that of the reader it lies in.

    `on_byte` is called with the number of each byte after it was programmed: a campaign may kill the process there.
    """

    atr = ANSWER_TO_RESET

    def __init__(
        self,
        store: CardStore,
        *,
        dialect: str = "acs",
        wait: Callable[[int], None] | None = None,
        on_apdu: Callable[[int], None] | None = None,
        on_byte: Callable[[int], None] | None = None,
    ) -> None:
        self.chip = ChipModel(store, wait=wait, on_byte=on_byte)
        super().__init__(self.chip.faults, on_apdu=on_apdu)
        self.dialect = dialect
        self._front = FRONTS[dialect](self.chip)

    @classmethod
    def blank(cls, *, dialect: str = "acs") -> EmulatedCard:
        """A new card in memory."""
        return cls(MemoryStore(), dialect=dialect)

    @classmethod
    def of_file(cls, path: Path) -> EmulatedCard:
        """The card in a file. Raises OperatorError image-damaged, EnvironmentFault file-unreadable."""
        return cls(FileStore(path))

    def power_off(self) -> None:
        """Everything volatile is lost: the selection and the unlocked state."""
        super().power_off()
        self._front.power_off()
        self.chip.power_off()

    @property
    def writes(self) -> frozenset[int]:
        return self._front.writes

    def _carry_out(self, apdu: Apdu) -> Answer:
        return self._front.carry_out(apdu) if apdu.cla == MEMORY_CARD_CLASS else UNKNOWN_CLASS

    # what a meter does

    @property
    def tries(self) -> int | None:
        return self.chip.error_counter.bit_count()

    def opens(self, vault: KeyVault, *, card: CardNo, key_version: int) -> bool:
        return self.chip.present(vault.psc(card=card, key_version=key_version))

    def put(self, address: int, data: bytes) -> None:
        before = self.image[address : address + len(data)]
        for offset, value in enumerate(data):
            if before[offset] != value:
                self.chip.update_main(address + offset, bytes([value]))

    # figures

    @property
    def image(self) -> bytes:
        return self.chip.main()

    @property
    def bytes_programmed(self) -> int:
        """Of main memory."""
        return self.chip.bytes_programmed

    @property
    def all_bytes_programmed(self) -> int:
        """Also error counter, code and protection."""
        return self.chip.bytes_programmed + self.chip.security_bytes_programmed

    @property
    def busy_us(self) -> int:
        return self.chip.busy_us

    def reset_counters(self) -> None:
        self.apdus = self.chip.busy_us = 0
        self.chip.bytes_programmed = self.chip.security_bytes_programmed = 0
