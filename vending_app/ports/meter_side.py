"""The other side of the card contract as Protocols: a meter, and the card lying in it."""

from __future__ import annotations

from typing import Protocol

from vending_app.domain.energy import Energy
from vending_app.domain.ids import CardNo
from vending_app.domain.meter import Insertion, MeterView


class MeterCardSlot(Protocol):
    """A card lying in a meter, as the meter's own chip driver offers it."""

    def read(self) -> bytes:
        """The 256 bytes."""

    def write_back(self, record: bytes, *, card: CardNo, key_version: int) -> bool:
        """Present the card's code and program 64 bytes at 0xB0; False if the card left or refused."""

    def write_place(self, place: int, record: bytes, *, card: CardNo, key_version: int) -> bool:
        """The same with the 32 bytes of a record place of a tool card, the first behind the mandate being 0."""


class ReferenceMeter(Protocol):
    """The other side of the card contract, with its registers kept in a file."""

    def insert(self, slot: MeterCardSlot) -> Insertion: ...
    def use(self, energy: Energy, *, power_w: int = 0) -> MeterView:
        """Let the load take energy; the relay may open on the way, and then nothing more is taken."""

    def view(self) -> MeterView: ...
