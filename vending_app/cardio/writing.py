"""Putting a stored record on a card so that a tear anywhere leaves the order before it valid.

A slot is written in this order: state byte FF, the bytes that differ, state byte 5A last. The other slot is never
touched in the same sale. Doing it again with the same record is harmless and finishes what was begun.
"""

from __future__ import annotations

from dataclasses import replace

from vending_app.cardio.sle4442 import Sle4442, runs
from vending_app.cardio.totals1_layout import (
    HEADER_AREA,
    ISSUE_MARKER,
    SCRATCH,
    SLOT_A,
    SLOTS,
    STATE_WRITING,
    Area,
)
from vending_app.domain.card import CardImage, CardWrite, Slot

BLANK_BYTES = (0x00, 0xFF)


def holds_record(raw: bytes, record: bytes) -> bool:
    """Whether one of the slots is exactly this record."""
    return any(area.of(raw) == record for area in SLOTS)


def is_issued(raw: bytes, write: CardWrite) -> bool:
    """Whether an issue is complete: order, header, and the mark that the card's own code was set and proved."""
    return is_filled(raw, write) and raw[SCRATCH.address] == ISSUE_MARKER


def issue_area(write: CardWrite) -> Area:
    """Where an issue puts its record: in slot A, which is as long as mandate and limits of a tool card."""
    return replace(SLOT_A, size=len(write.record))


def is_filled(raw: bytes, write: CardWrite) -> bool:
    """Whether the memory part of an issue is complete; the code may not be changed yet."""
    return issue_area(write).of(raw) == write.record and HEADER_AREA.of(raw) == write.header


def may_become(raw: bytes, write: CardWrite) -> bool:
    """Whether this card could be the blank one on which this issue began: nothing on it contradicts that.

    With order and header complete a meter may have written on it already, and it is still this very card.
    """
    return is_filled(raw, write) or _is_begun(raw, write)


def _is_begun(raw: bytes, write: CardWrite) -> bool:
    """Whether the card carries nothing but parts of this issue, or nothing at all."""
    begun = issue_area(write)
    return (
        _is_part(begun.of(raw), write.record)
        and _is_part(HEADER_AREA.of(raw), write.header)
        and set(raw[begun.end :]) <= set(BLANK_BYTES)
    )


def _is_part(stretch: bytes, whole: bytes) -> bool:
    """Every byte is either not yet written or already as it will be."""
    return all(byte in (*BLANK_BYTES, final) for byte, final in zip(stretch, whole, strict=True))


def slot_for(image: CardImage, record: bytes) -> Area:
    """The slot to write: the one that is not valid, else the older; of two invalid ones the one begun already."""
    by_name = {slot.name: slot for slot in image.slots}
    invalid = [area for area in SLOTS if by_name[area.name].order is None]
    if invalid:
        return max(invalid, key=lambda area: _matching(area.of(image.raw), record))
    return min(SLOTS, key=lambda area: _sequence(by_name[area.name]))


def _matching(stretch: bytes, record: bytes) -> int:
    """How many bytes are there already. The state byte is left out: it goes back to FF on the way."""
    return sum(there == wanted for there, wanted in zip(stretch[1:], record[1:], strict=True))


def _sequence(slot: Slot) -> int:
    return slot.order.sequence if slot.order else -1


def write_slot(chip: Sle4442, area: Area, *, before: bytes, record: bytes) -> None:
    """Bring one slot from `before`, the 256 bytes as read, to the record."""
    stretch = area.of(before)
    if stretch == record:
        return
    if stretch[0] != STATE_WRITING:
        chip.write(area.address, bytes([STATE_WRITING]))
    write_changes(chip, area.address + 1, before=stretch[1:], after=record[1:])
    chip.write(area.address, record[:1])


def write_changes(chip: Sle4442, address: int, *, before: bytes, after: bytes) -> None:
    """Program only the bytes that differ, one command for each run of them."""
    for offset, data in runs(before, after):
        chip.write(address + offset, data)
