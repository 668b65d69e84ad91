"""The MIFARE Classic 1K as a chip of the desk: plain memory with the image of Totals 1, under keys of its own.

Every card has a key A, which reads, and a key B, which writes, both made from its UID. A blank card has the transport
key in every sector. It forgives any number of wrong keys, so nothing is counted here.
"""

from __future__ import annotations

from collections.abc import Iterator

from vending_app.cardio.chip import STORAGE_CARD, Ability, Means, StatusWrong
from vending_app.cardio.classic import Classic, KeyDialect, KeyKind, SectorKeys, data_block
from vending_app.cardio.classic_layout import (
    ACCESS,
    ACCESS_AT,
    BLOCK,
    BLOCK_OF,
    SECTOR_OF_ADDRESSES,
    SECTORS,
    TRANSPORT_ACCESS,
    TRANSPORT_KEY,
    TRANSPORT_TRAILER,
    image_of,
    sector_of,
    sectors_of,
    trailer_of,
)
from vending_app.cardio.link import Link
from vending_app.cardio.tool_writing import issue_anew, may_be_issued_anew
from vending_app.cardio.totals1_layout import OUTLINE_SIZE
from vending_app.cardio.writing import (
    carries,
    erase_header,
    erase_records,
    fill,
    is_filled,
    is_issued,
    mark_issued,
    require_erased,
    slot_for,
    write_header,
    write_sale,
)
from vending_app.domain.card import CardImage, CardWrite, PastOrder
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError, OutcomeUnknown
from vending_app.ports.progress import Told, nobody_told

TRANSPORT_KEYS = SectorKeys(bytearray(TRANSPORT_KEY + TRANSPORT_KEY))
"""Known to everybody, and never wiped."""
REFUSED = 0x6982
STEPS = len(SECTORS) + 2
"""Of an issue and of making a card blank: data, each sector's keys, mark or header."""


class ClassicChip:
    """Implements Chip, and Memory for the rules of slots."""

    name = "MIFARE Classic 1K"
    abilities: frozenset[Ability] = frozenset()
    unit = BLOCK

    def __init__(self, link: Link, means: Means, dialect: KeyDialect) -> None:
        self._card = Classic(link, dialect)
        self._means = means
        self._uid = b""
        self._keys: dict[int, SectorKeys] = {}
        """By sector: what opens it."""
        self._own: dict[int, SectorKeys] = {}
        """By version of the masters: made for this card, and wiped with the session."""
        self.dialect = dialect.name
        self.told: Told = nobody_told

    @property
    def has_written(self) -> bool:
        return self._card.has_written

    @has_written.setter
    def has_written(self, value: bool) -> None:
        self._card.has_written = value

    @property
    def uid(self) -> bytes:
        """4 or 7 bytes."""
        return self._uid

    def may_be(self, atr: bytes) -> bool:
        """The two bytes behind say which storage card it is, where a reader knows; they are not relied on."""
        return not atr or STORAGE_CARD in atr

    def identify(self) -> None:
        """Its UID, and a key that opens the first sector. Raises StatusWrong."""
        self.close()
        self._uid = self._card.begin()
        self._find_keys(SECTORS[0])

    def read(self) -> bytes:
        blocks: dict[int, bytes] = {}
        for sector, addresses in SECTOR_OF_ADDRESSES.items():
            self._open_to_read(sector)
            blocks |= {BLOCK_OF[address]: self._card.read_block(BLOCK_OF[address]) for address in addresses}
        return image_of(self._uid, blocks)

    def outline(self) -> bytes:
        return self.read()[:OUTLINE_SIZE]

    def history(self) -> tuple[PastOrder, ...]:
        """It carries nothing but the image."""
        return ()

    @property
    def issue_begun(self) -> bool | None:
        """Nobody can tell: an issue begins with its record, and then the card is not blank any more."""
        return None

    def tries(self) -> int | None:
        return None

    # keys

    def _open_to_read(self, sector: int) -> None:
        if sector not in self._keys:
            self._find_keys(sector)
        elif not self._card.opens(sector, KeyKind.A, self._keys[sector]):
            raise StatusWrong(REFUSED)

    def _find_keys(self, sector: int) -> None:
        """The office's own, newest first, or the transport key; what opened another sector is tried before all."""
        for keys in dict.fromkeys([*self._keys.values(), *self._own_keys(), TRANSPORT_KEYS]):
            if self._card.opens(sector, KeyKind.A, keys):
                self._keys[sector] = keys
                return
            if self._card.power_up() != self._uid:
                raise StatusWrong(REFUSED)
        raise StatusWrong(REFUSED)

    def _own_keys(self) -> Iterator[SectorKeys]:
        for version in range(self._means.vault.key_version, 0, -1):
            try:
                yield self._own_of(version)
            except EnvironmentFault as fault:
                if fault.code is not Code.KEY_VERSION_UNKNOWN:
                    raise

    def _own_of(self, version: int) -> SectorKeys:
        """Raises EnvironmentFault key-version-unknown."""
        if version not in self._own:
            self._own[version] = SectorKeys(self._means.vault.classic_keys(uid=self._uid, key_version=version))
        return self._own[version]

    def _open_to_write(self, sector: int) -> bool:
        """With key B where the sector is closed, with the transport key where it is still open."""
        keys = self._keys[sector]
        kind = KeyKind.A if keys is TRANSPORT_KEYS else KeyKind.B
        return self._card.opens(sector, kind, keys)

    def require_tries(self, image: CardImage) -> None:
        """It forgives any number of wrong keys."""

    def unlock(self, image: CardImage, write: CardWrite) -> None:
        """Proved by opening each sector that will be written, the first one last. Raises OperatorError card-keys-wrong.

        Nothing is tried that could lock a card: this chip forgives any number of wrong keys.
        """
        if self.carries(image.raw, write):
            return
        self._prove(SECTORS if write.issues_card else sectors_of(slot_for(image, write.record)))

    def _prove(self, sectors: tuple[int, ...]) -> None:
        for sector in reversed(sectors):
            if not self._open_to_write(sector):
                self._card.power_up()
                raise OperatorError(Code.CARD_KEYS_WRONG)

    # writing

    def write(self, address: int, data: bytes) -> None:
        for offset in range(0, len(data), BLOCK):
            piece = data[offset : offset + BLOCK]
            block = data_block(address + offset, piece)
            if not self._open_to_write(sector_of(block)):
                raise StatusWrong(REFUSED)
            self._card.write_block(block, piece)

    def stage(self, image: CardImage, write: CardWrite) -> None:
        if write.issues_card:
            self._issue(image.raw, write)
        else:
            write_sale(self, image, write.record)

    def commit(self) -> None:
        """Every block took effect as it was written."""

    def clear(self, image: CardImage) -> None:
        """The records, seen to be gone; the keys, sector by sector; the header last, which tells whose card it is."""
        self._prove(SECTORS)
        self.told(0, STEPS)
        erase_records(self, image.raw)
        require_erased(self.read())
        for done, sector in enumerate(reversed(SECTORS), 1):
            self.told(done, STEPS)
            if self._keys[sector] is not TRANSPORT_KEYS:
                self._give_back(sector)
        self.told(STEPS - 1, STEPS)
        erase_header(self, image.raw)

    def restore_header(self, image: CardImage, issue: CardWrite) -> None:
        write_header(self, image.raw, issue.header)

    def _give_back(self, sector: int) -> None:
        """A sector as it came from the factory, and proof of it before the next one is opened."""
        block = trailer_of(sector)
        if not self._open_to_write(sector):
            raise StatusWrong(REFUSED)
        self._card.write_block(block, TRANSPORT_TRAILER)
        self._keys[sector] = TRANSPORT_KEYS
        if (
            not self._open_to_write(sector)
            or self._card.read_block(block)[ACCESS_AT : ACCESS_AT + 4] != TRANSPORT_ACCESS
        ):
            raise OperatorError(Code.CARD_NOT_CLEARED)

    def carries(self, raw: bytes, write: CardWrite) -> bool:
        return carries(raw, write)

    def close(self) -> None:
        for own in self._own.values():
            own.wipe()
        self._own, self._keys = {}, {}

    def _issue(self, raw: bytes, write: CardWrite) -> None:
        """Order or mandate, header, read-back, the sectors closed one by one, and then the mark that all is done."""
        if is_issued(raw, write):
            return
        if may_be_issued_anew(raw, write):
            issue_anew(self, raw, write)
            return
        self.told(0, STEPS)
        fill(self, raw, write)
        filled = self.read()
        if not is_filled(filled, write) or not self._means.codec.decode(filled).is_proved:
            raise OutcomeUnknown(Code.SALE_IN_DOUBT, why="read-back differs")
        own = self._own_of(write.key_version)
        for done, sector in enumerate(SECTORS, 1):
            self.told(done, STEPS)
            if self._keys[sector] is not own:
                self._close(sector, own)
        self.told(STEPS - 1, STEPS)
        mark_issued(self)

    def _close(self, sector: int, own: SectorKeys) -> None:
        """Give a sector its keys and access bits, and prove both keys and the bits before the next one is closed.

        The transport key opens any new card, and one that took this one's place would get keys of another UID.
        Raises OperatorError card-swapped.
        """
        block = trailer_of(sector)
        if not self._open_to_write(sector):
            raise StatusWrong(REFUSED)
        if self._card.uid() != self._uid:
            raise OperatorError(Code.CARD_SWAPPED)
        self._card.write_trailer(block, own)
        self._keys[sector] = own
        opens = all(self._card.opens(sector, kind, own) for kind in KeyKind)
        if not opens or self._card.read_block(block)[ACCESS_AT : ACCESS_AT + len(ACCESS)] != ACCESS:
            raise OutcomeUnknown(Code.SALE_IN_DOUBT, why="keys not taken")
