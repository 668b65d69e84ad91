"""A card lying in a meter: the meter's own chip driver, without reader or commands between."""

from __future__ import annotations

from dataclasses import replace

from vending_app.cardio.chip import StatusWrong
from vending_app.cardio.emulated.faults import CardLeft
from vending_app.cardio.emulated.software_card import SoftwareCard
from vending_app.cardio.tool_layout import MANDATE_AREA, PLACE_SIZE
from vending_app.cardio.totals1_layout import WRITE_BACK_AREA, Area
from vending_app.domain.ids import CardNo
from vending_app.ports import KeyVault

FULL_TRIES = 3


class EmulatedMeterSlot:
    """Implements ports.meter_side.MeterCardSlot over an emulated card."""

    def __init__(self, card: SoftwareCard, *, vault: KeyVault) -> None:
        self._card = card
        self._vault = vault

    def read(self) -> bytes:
        """The 256 bytes, as far as the meter's keys open the card; empty if the card is out."""
        if self._card.is_out:
            return b""
        try:
            return self._card.image_for(self._vault)
        except CardLeft:
            self._card.is_out = True
            return b""
        finally:
            self._card.power_off()

    def write_back(self, record: bytes, *, card: CardNo, key_version: int) -> bool:
        """Present the card's code and program 64 bytes at 0xB0; False if the card left or refused."""
        return self._write(WRITE_BACK_AREA, record, card=card, key_version=key_version)

    def write_place(self, place: int, record: bytes, *, card: CardNo, key_version: int) -> bool:
        """The same with the 32 bytes of a record place, counted from behind the mandate."""
        area = replace(MANDATE_AREA, address=MANDATE_AREA.end + place * PLACE_SIZE)
        return self._write(area, record, card=card, key_version=key_version)

    def _write(self, area: Area, record: bytes, *, card: CardNo, key_version: int) -> bool:
        if self._card.is_out or self._card.tries not in (None, FULL_TRIES):
            return False
        try:
            if not self._card.opens(self._vault, card=card, key_version=key_version):
                return False
            self._card.put(area.address, record)
            return area.of(self._card.image) == record
        except CardLeft:
            self._card.is_out = True
            return False
        except StatusWrong:  # a contactless card that lacks what is to be written
            return False
        finally:
            self._card.power_off()
