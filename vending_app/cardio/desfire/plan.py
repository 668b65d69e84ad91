"""How Totals 1 lies on a DESFire card: one application, its keys and files, declared.

The tables of the public document are made from this.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from enum import IntEnum

from vending_app.cardio.desfire.commands import FREE, NEVER, PICC, Comm, FileKind, FilePlan, Rights
from vending_app.cardio.desfire.keys import CardKey
from vending_app.cardio.layout import Field, Form, Record
from vending_app.cardio.tool_layout import TOOL_AREA
from vending_app.cardio.totals1_layout import HEADER_AREA, SLOT_A, WRITE_BACK_AREA
from vending_app.domain.card import CardKeyName
from vending_app.ports import KeyVault

AID = b"VT\x01"
"""As it is sent: the letters of the header, and the version of the format."""
SETTINGS = 0x0B
"""Keys are changed with key 0; files are listed by anybody, made and deleted with key 0; all of this may be changed."""
SYSTEM = b"Totals 1"
"""With UID and application number these are 18 bytes: AN10922 is then a plain CMAC over 01 and all of them."""
HISTORY_KEPT = 6


class KeyNo(IntEnum):
    """The keys of the application."""

    APPLICATION = 0
    OFFICE = 1
    METER = 2


KEY_NAMES = {
    KeyNo.APPLICATION: CardKeyName.APPLICATION,
    KeyNo.OFFICE: CardKeyName.OFFICE,
    KeyNo.METER: CardKeyName.METER,
}

HISTORY = Record(
    "History",
    (
        Field("sequence", 4, Form.NUMBER, "of the order that was written with it"),
        Field("energy_total", 4, Form.NUMBER, "as in that order, 0.01 kWh"),
        Field("last_purchase", 4, Form.SIGNED, "as in that order, 0.01 kWh"),
        Field("sold_at", 4, Form.NUMBER, "as in that order, seconds since 2000-01-01T00:00:00Z"),
    ),
)

HEADER_FILE = FilePlan(
    0, FileKind.STANDARD, Comm.MAC, Rights(FREE, KeyNo.APPLICATION, NEVER, KeyNo.APPLICATION), HEADER_AREA.size
)
ORDER_FILE = FilePlan(
    1, FileKind.BACKUP, Comm.FULL, Rights(KeyNo.METER, NEVER, KeyNo.OFFICE, KeyNo.APPLICATION), SLOT_A.size
)
WRITE_BACK_FILE = FilePlan(
    2, FileKind.BACKUP, Comm.FULL, Rights(KeyNo.OFFICE, NEVER, KeyNo.METER, KeyNo.APPLICATION), WRITE_BACK_AREA.size
)
HISTORY_FILE = FilePlan(
    3,
    FileKind.CYCLIC,
    Comm.FULL,
    Rights(NEVER, NEVER, KeyNo.OFFICE, KeyNo.APPLICATION),
    HISTORY.size,
    HISTORY_KEPT + 1,
)
TOOL_FILE = FilePlan(
    4, FileKind.BACKUP, Comm.FULL, Rights(KeyNo.METER, KeyNo.METER, KeyNo.OFFICE, KeyNo.APPLICATION), TOOL_AREA.size
)
"""What an image shows from 0x30 to 0xEF: meters write their places, and the MAC of the mandate keeps the rest."""
FILES = (HEADER_FILE, ORDER_FILE, WRITE_BACK_FILE, HISTORY_FILE)
"""Of a customer's card."""
TOOL_FILES = (HEADER_FILE, TOOL_FILE)


class CardKeys:
    """The keys of one card, told by its UID, made one at a time by the vault. Raises as KeyVault.record_mac."""

    def __init__(self, vault: KeyVault, uid: bytes) -> None:
        self._vault = vault
        self._uid = uid

    def of_card(self, version: int) -> AbstractContextManager[CardKey]:
        """The key of the card itself, for as long as the block lasts."""
        return self._made(CardKeyName.CARD, PICC, version)

    def of(self, number: int, version: int) -> AbstractContextManager[CardKey]:
        """A key of the application, for as long as the block lasts."""
        return self._made(KEY_NAMES[KeyNo(number)], AID, version)

    @contextmanager
    def _made(self, name: CardKeyName, application: bytes, version: int) -> Iterator[CardKey]:
        secret = self._vault.card_key(name, self._uid + application + SYSTEM, key_version=version)
        key = CardKey(secret, version=version)
        try:
            yield key
        finally:
            key.wipe()
