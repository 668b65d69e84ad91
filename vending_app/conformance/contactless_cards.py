"""The cards of `cards.py` on the other chips: the same image in blocks or files, closed by the test keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from vending_app.cardio.classic import SectorKeys
from vending_app.cardio.classic_layout import BLOCK, BLOCK_OF, BLOCKS, SECTORS, trailer_of
from vending_app.cardio.desfire.commands import Generation
from vending_app.cardio.desfire.history import history_of
from vending_app.cardio.desfire.plan import (
    HEADER_FILE,
    HISTORY_FILE,
    ORDER_FILE,
    TOOL_FILE,
    WRITE_BACK_FILE,
    CardKeys,
    KeyNo,
)
from vending_app.cardio.layout import is_erased
from vending_app.cardio.tool_layout import TOOL_AREA
from vending_app.cardio.totals1_layout import HEADER_AREA, KIND_NUMBERS, SLOT_A, WRITE_BACK_AREA
from vending_app.conformance.cards import OFFICE, Card
from vending_app.domain.card import CardKind

CLASSIC_UID = bytes.fromhex("04A1B2C3")
DESFIRE_UID = bytes.fromhex("04782E21801D80")
"""Those of the examples in docs/card-format.md."""
KIND_AT = 3
"""Where a header tells a customer's card from a tool card."""


@dataclass(slots=True)
class ClassicCard:
    """A MIFARE Classic 1K, as it goes from one insertion to the next."""

    blocks: bytes

    @classmethod
    def of(cls, card: Card, *, version: int = 1) -> ClassicCard:
        """The image of a card in its blocks, the sectors closed by the keys of a version."""
        made = cls(CLASSIC_UID.ljust(BLOCK, b"\0") + bytes(BLOCK * (BLOCKS - 1)))
        closed = bytes(SectorKeys(OFFICE.classic_keys(uid=CLASSIC_UID, key_version=version)).trailer())
        for address, block in BLOCK_OF.items():
            made.put(block, card.memory[address : address + BLOCK])
        for sector in SECTORS:
            made.put(trailer_of(sector), closed)
        return made

    def put(self, block: int, data: bytes) -> ClassicCard:
        """The same with another block somewhere."""
        self.blocks = self.blocks[: block * BLOCK] + data + self.blocks[(block + 1) * BLOCK :]
        return self

    def told(self) -> dict[str, object]:
        """As the protocol says it."""
        return {"chip": "classic", "blocks": self.blocks.hex()}

    def taken_out(self, answer: Mapping[str, Any]) -> bool:
        """As of cards.Card."""
        before, self.blocks = self.blocks, bytes.fromhex(answer["blocks"])
        return self.blocks != before


@dataclass(slots=True)
class DesfireCard:
    """A MIFARE DESFire, as it goes from one insertion to the next: what its files hold, and the key of meters."""

    generation: Generation
    files: dict[int, bytes] = field(default_factory=dict)
    key: bytes = b""
    version: int = 1

    @classmethod
    def of(cls, card: Card, *, generation: Generation = Generation.EV2, version: int = 1) -> DesfireCard:
        """The image of a card in its files: of orders the one in slot A."""
        header, order = HEADER_AREA.of(card.memory), SLOT_A.of(card.memory)
        files = {HEADER_FILE.number: header}
        if header[KIND_AT] == KIND_NUMBERS[CardKind.USER]:
            history = b"" if is_erased(order) else history_of(order)
            files |= {ORDER_FILE.number: order, HISTORY_FILE.number: history}
            files[WRITE_BACK_FILE.number] = bytes(WRITE_BACK_FILE.size)
        else:
            files[TOOL_FILE.number] = TOOL_AREA.of(card.memory)
        with CardKeys(OFFICE, DESFIRE_UID).of(KeyNo.METER, version) as key:
            return cls(generation, files, bytes(key.secret), version)

    def sold(self, card: Card) -> DesfireCard:
        """The same card with another order, as the office writes it over the one before."""
        order = SLOT_A.of(card.memory)
        return replace(self, files={**self.files, ORDER_FILE.number: order})

    def told(self) -> dict[str, object]:
        """As the protocol says it."""
        return {
            "chip": "desfire",
            "generation": self.generation.name,
            "uid": DESFIRE_UID.hex(),
            "key_2": self.key.hex(),
            "key_version": self.version,
            "files": {str(number): data.hex() for number, data in self.files.items()},
        }

    def taken_out(self, answer: Mapping[str, Any]) -> bool:
        """As of cards.Card."""
        before, told = self.files, answer["files"]
        self.files = {int(number): bytes.fromhex(data) for number, data in told.items()}
        return self.files != before


assert WRITE_BACK_FILE.size == WRITE_BACK_AREA.size, "one record fills the file"
