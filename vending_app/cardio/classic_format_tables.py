"""The generated parts of docs/card-format.md about the MIFARE Classic: the map, and keys step by step."""

from __future__ import annotations

from vending_app.cardio.classic import SectorKeys
from vending_app.cardio.classic_layout import (
    BLOCK,
    BLOCK_OF,
    KEY_SIZE,
    SECTOR_OF_ADDRESSES,
    trailer_of,
)
from vending_app.cardio.derivation import CLASSIC_LABEL, derive
from vending_app.cardio.format_text import EXAMPLE_MASTER, EXAMPLE_VERSION, as_hex, block, kdf_input, table
from vending_app.cardio.totals1_layout import AREAS
from vending_app.cardio.vault import SealedVault

EXAMPLE_UID = bytes.fromhex("04A1B2C3")


def classic_map() -> str:
    """Block by block."""
    return table(
        "| sector | block | image address | content |", (row for sector in SECTOR_OF_ADDRESSES for row in _rows(sector))
    )


def _rows(sector: int) -> list[str]:
    rows = [
        f"| {sector} | {BLOCK_OF[address]} | 0x{address:02X}–0x{address + BLOCK - 1:02X} | {_area(address)} |"
        for address in SECTOR_OF_ADDRESSES[sector]
    ]
    return [*rows, f"| {sector} | {trailer_of(sector)} | – | trailer: key A, access bits, key B |"]


def _area(address: int) -> str:
    return next(area.content for area in AREAS if area.address <= address < area.end)


def classic_keys() -> str:
    """From master key to trailer."""
    version = bytes([EXAMPLE_VERSION])
    vault = SealedVault({EXAMPLE_VERSION: bytearray(EXAMPLE_MASTER)})
    keys = vault.classic_keys(uid=EXAMPLE_UID, key_version=EXAMPLE_VERSION)
    return block(
        f"KDF input for K_mfc      {as_hex(kdf_input(CLASSIC_LABEL, version))}",
        f"K_mfc                    {as_hex(derive(EXAMPLE_MASTER, CLASSIC_LABEL, version))}",
        f"UID                      {as_hex(EXAMPLE_UID)}",
        f"key A                    {as_hex(keys[:KEY_SIZE])}",
        f"key B                    {as_hex(keys[KEY_SIZE:])}",
        f"trailer                  {as_hex(SectorKeys(keys).trailer())}",
    )


CLASSIC_PARTS = {"classic-map": classic_map, "classic-keys": classic_keys}
