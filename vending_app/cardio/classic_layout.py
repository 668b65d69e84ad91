"""Where the image of Totals 1 stands on a MIFARE Classic 1K, and how its sectors are closed.

A sector has three data blocks of 16 bytes and a trailer: key A, access bits, key B. Blocks are programmed whole, so a
tear spoils a block and never its neighbour; the two order slots share no sector. Sector 0 holds the maker's block and
is left alone. Data sheet: NXP MF1S50YYX, memory organisation and access conditions.
"""

from __future__ import annotations

from vending_app.cardio.totals1_layout import CARD_SIZE, HEADER_AREA, Area
from vending_app.domain.wiping import gathered

BLOCK = 16
BLOCKS = 64
SECTOR_BLOCKS = 4
KEY_SIZE = 6
TRANSPORT_KEY = b"\xff" * KEY_SIZE
SECTOR_OF_ADDRESSES = {
    1: (0x20, 0x30, 0x40),
    2: (0x50, 0x60, 0xF0),
    3: (0x70, 0x80, 0x90),
    4: (0xA0, 0xB0, 0xC0),
    5: (0xD0, 0xE0),
}
"""Sector to the image addresses of its data blocks, in their order."""
BLOCK_OF = {
    address: sector * SECTOR_BLOCKS + at
    for sector, addresses in SECTOR_OF_ADDRESSES.items()
    for at, address in enumerate(addresses)
}
"""Image address to block number."""
SECTORS = tuple(SECTOR_OF_ADDRESSES)
ACCESS = bytes.fromhex("78778800")
"""Data blocks: read with either key, written with key B. Trailer: keys written with key B and never read."""
ACCESS_AT = KEY_SIZE
TRANSPORT_ACCESS = bytes.fromhex("FF078069")
TRANSPORT_TRAILER = TRANSPORT_KEY + TRANSPORT_ACCESS + TRANSPORT_KEY


def sector_of(block: int) -> int:
    return block // SECTOR_BLOCKS


def sectors_of(area: Area) -> tuple[int, ...]:
    """The sectors that hold this stretch of the image, in rising order."""
    return tuple(sorted({sector_of(BLOCK_OF[address]) for address in range(area.address, area.end, BLOCK)}))


def trailer_of(sector: int) -> int:
    """The number of the block that closes this sector."""
    return sector * SECTOR_BLOCKS + SECTOR_BLOCKS - 1


def trailer(a: bytes | bytearray, b: bytes | bytearray) -> bytearray:
    """The 16 bytes that close a sector under key A and key B, to be wiped.

    Raises ValueError for access bits that would block it.
    """
    if condition(ACCESS, SECTOR_BLOCKS - 1) is None:
        raise ValueError("these access bits block a sector for ever")
    return gathered(a, ACCESS, b)


def condition(access: bytes, at: int) -> int | None:
    """Bits C1 C2 C3 of one block of the sector, as a number; None if the bits contradict their complements.

    Byte 6 is not-C2 and not-C1, byte 7 C1 and not-C3, byte 8 C3 and C2, four bits each, block 3 in the highest.
    """
    c1, c2, c3 = access[1] >> 4, access[2] & 0x0F, access[2] >> 4
    complements = (access[0] & 0x0F, access[0] >> 4, access[1] & 0x0F)
    if complements != (c1 ^ 0x0F, c2 ^ 0x0F, c3 ^ 0x0F):
        return None
    return (c1 >> at & 1) << 2 | (c2 >> at & 1) << 1 | c3 >> at & 1


def image_of(uid: bytes, blocks: dict[int, bytes]) -> bytes:
    """The 256 bytes of Totals 1 from data blocks by number; the chip's own area shows the UID."""
    body = b"".join(blocks[BLOCK_OF[address]] for address in range(HEADER_AREA.address, CARD_SIZE, BLOCK))
    return uid.ljust(HEADER_AREA.address, b"\xff") + body
