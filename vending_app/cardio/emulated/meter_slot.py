"""A card lying in a meter: the meter's own chip driver, without reader or commands between."""

from __future__ import annotations

from dataclasses import replace

from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.chip import ALL_TRIES, ChipModel
from vending_app.cardio.emulated.faults import CardLeft
from vending_app.cardio.tool_layout import MANDATE_AREA, PLACE_SIZE
from vending_app.cardio.totals1_layout import WRITE_BACK_AREA, Area
from vending_app.domain.ids import CardNo
from vending_app.ports import KeyVault


class EmulatedMeterSlot:
    """Implements ports.MeterCardSlot over an emulated card."""

    def __init__(self, card: EmulatedCard, *, vault: KeyVault) -> None:
        self._card = card
        self._vault = vault

    def read(self) -> bytes:
        """The 256 bytes; empty if the card is out."""
        return b"" if self._card.is_out else self._card.image

    def write_back(self, record: bytes, *, card: CardNo, key_version: int) -> bool:
        """Present the card's code and program 64 bytes at 0xB0; False if the card left or refused."""
        return self._write(WRITE_BACK_AREA, record, card=card, key_version=key_version)

    def write_place(self, place: int, record: bytes, *, card: CardNo, key_version: int) -> bool:
        """The same with the 32 bytes of a record place, counted from behind the mandate."""
        area = replace(MANDATE_AREA, address=MANDATE_AREA.end + place * PLACE_SIZE)
        return self._write(area, record, card=card, key_version=key_version)

    def _write(self, area: Area, record: bytes, *, card: CardNo, key_version: int) -> bool:
        if self._card.is_out or self._card.chip.error_counter != ALL_TRIES:
            return False
        psc = self._vault.psc(card=card, key_version=key_version)
        try:
            return _program(self._card.chip, area, record, psc)
        except CardLeft:
            self._card.is_out = True
            return False
        finally:
            self._card.power_off()


def _program(chip: ChipModel, area: Area, record: bytes, psc: bytes) -> bool:
    """Program what differs, in rising order; whether the card then carries the record."""
    if not chip.present(psc):
        return False
    before = area.of(chip.main())
    for offset, value in enumerate(record):
        if before[offset] != value:
            chip.update_main(area.address + offset, bytes([value]))
    return area.of(chip.main()) == record
