"""Issuing a tool card anew: the same plastic, its own code already set, what meters left on it read in before.

Written in this order: state byte FF, so that no meter takes the card; header, mandate, limits; the record places
erased; state byte 5A last. A tear anywhere leaves a card without a mandate, and the identical bytes finish it.
"""

from __future__ import annotations

from vending_app.cardio.layout import is_erased
from vending_app.cardio.totals1_layout import (
    HEADER,
    HEADER_AREA,
    ISSUE_MARKER,
    KIND_NUMBERS,
    SCRATCH,
)
from vending_app.cardio.writing import ERASED, Memory, invalidate, is_issued, issue_area, write_changes
from vending_app.domain.card import CardKind, CardWrite

_KIND_AT = next(at for at, field in HEADER.offsets() if field.name == "kind")
_MAY_DIFFER = {"kind", "crc"}
"""What a header that is written anew changes: the purpose of the card, and the check value over it."""


def may_be_issued_anew(raw: bytes, write: CardWrite) -> bool:
    """Whether this issued card is the one that the write was made for, by its header as far as a tear leaves it."""
    there, wanted = HEADER_AREA.of(raw), write.header
    if not wanted or wanted[_KIND_AT] == KIND_NUMBERS[CardKind.USER]:
        return False
    same = all(
        there[at : at + field.size] == wanted[at : at + field.size]
        for at, field in HEADER.offsets()
        if field.name not in _MAY_DIFFER
    )
    # Where the header is programmed as one block, a tear may leave all of it erased.
    return (same or is_erased(there)) and raw[SCRATCH.address] == ISSUE_MARKER


def issue_anew(memory: Memory, raw: bytes, write: CardWrite) -> None:
    """Bring the card from `raw`, the 256 bytes as read, to the write; repeating it is harmless."""
    if is_issued(raw, write):
        return
    area, unit = issue_area(write), memory.unit
    invalidate(memory, area, area.of(raw), write.record)
    write_changes(memory, HEADER_AREA.address, before=HEADER_AREA.of(raw), after=write.header)
    write_changes(memory, area.address + unit, before=area.of(raw)[unit:], after=write.record[unit:])
    places = raw[area.end : SCRATCH.address]
    write_changes(memory, area.end, before=places, after=ERASED * len(places))
    memory.write(area.address, write.record[:unit])
