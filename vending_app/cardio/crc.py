"""The check sum of a card's header."""

from __future__ import annotations

import binascii

from vending_app.cardio.totals1_layout import HEADER_AREA

CRC_SIZE = 2


def crc16(data: bytes) -> int:
    """CRC-16/CCITT-FALSE: polynomial 1021, start FFFF, not reflected, no final inversion."""
    return binascii.crc_hqx(data, 0xFFFF)


def is_whole(header: bytes) -> bool:
    """Whether a header was written to its end, and nothing of it changed since: its CRC is right."""
    told = int.from_bytes(header[-CRC_SIZE:], "big")
    return len(header) == HEADER_AREA.size and crc16(header[:-CRC_SIZE]) == told
