"""What a meter does with a DESFire card: it logs in with its own key and writes back as one commit."""

from __future__ import annotations

from typing import Protocol

from vending_app.cardio.apdu import NoAnswer
from vending_app.cardio.desfire.card import Desfire
from vending_app.cardio.desfire.image import Files
from vending_app.cardio.desfire.plan import (
    AID,
    HEADER_FILE,
    ORDER_FILE,
    TOOL_FILE,
    WRITE_BACK_FILE,
    CardKeys,
    KeyNo,
)
from vending_app.cardio.desfire.status import Refused, Status
from vending_app.cardio.emulated.desfire.state import CardState
from vending_app.cardio.emulated.faults import CardLeft
from vending_app.cardio.tool_layout import PLACE_SIZE, TOOL_AREA
from vending_app.cardio.totals1_layout import WRITE_BACK_AREA
from vending_app.domain.errors import EnvironmentFault
from vending_app.ports import Entropy, KeyVault


class Exchanging(Protocol):
    """A card that answers."""

    def exchange(self, apdu: bytes) -> bytes: ...
    def power_off(self) -> None: ...


class MeterDriver:
    """Implements Link: the meter has a reader of its own, and the card in it."""

    atr = b""

    def __init__(self, card: Exchanging, entropy: Entropy) -> None:
        self._card = card
        self._side = Desfire(self, entropy)

    def transmit(self, apdu: bytes) -> bytes:
        return self._card.exchange(apdu)

    def reconnect(self) -> None:
        self._card.power_off()

    def opens(self, vault: KeyVault, uid: bytes, version: int) -> bool:
        """Log in with the meter's key; False if the card has another, or no application. Raises CardLeft."""
        try:
            self._side.select(AID)
            with CardKeys(vault, uid).of(KeyNo.METER, version) as key:
                self._side.authenticate(KeyNo.METER, key)
        except Refused:
            return False
        except NoAnswer:
            raise CardLeft from None
        return True

    def knows(self, vault: KeyVault, uid: bytes, version: int) -> bool:
        """The same; False also if the meter has no key of this version. Raises CardLeft."""
        try:
            return self.opens(vault, uid, version)
        except EnvironmentFault:
            return False

    def put(self, address: int, data: bytes) -> None:
        """Write back, or leave a record on a tool card; a meter has no right to more. Raises CardLeft, Refused."""
        is_write_back = (address, len(data)) == (WRITE_BACK_AREA.address, WRITE_BACK_AREA.size)
        if not is_write_back and len(data) != PLACE_SIZE:
            raise Refused(Status.PERMISSION.sw)
        try:
            if is_write_back:
                self._side.run(WRITE_BACK_FILE.write(data))
            else:
                self._side.run(TOOL_FILE.write(data, address - TOOL_AREA.address))
            self._side.commit()
        except NoAnswer:
            raise CardLeft from None


def image_of(state: CardState, *, is_opened: bool = True) -> bytes:
    """The image that this card is to whoever has its keys, or to anybody; without files of ours it shows as erased."""
    application = state.applications.get(AID)
    if application is None:
        return Files(state.uid).to_image()
    header, order, write_back, tool = (
        application.files[plan.number].data if plan.number in application.files else b""
        for plan in (HEADER_FILE, ORDER_FILE, WRITE_BACK_FILE, TOOL_FILE)
    )
    return (Files(state.uid, header, order, write_back, tool) if is_opened else Files(state.uid, header)).to_image()
