"""Putting a stored record on a card so that a tear anywhere leaves the order before it valid.

A slot is written in this order: state byte FF, the bytes that differ, state byte 5A last. The other slot is never
touched in the same sale. Doing it again with the same record is harmless and finishes what was begun.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol

from vending_app.cardio.totals1_layout import (
    CLEARED_MARKER,
    HEADER_AREA,
    ISSUE_MARKER,
    PROOF_AT,
    SCRATCH,
    SLOT_A,
    SLOTS,
    STATE_WRITING,
    Area,
)
from vending_app.domain.card import CardImage, CardWrite, Slot
from vending_app.domain.errors import Code, OperatorError

BLANK_BYTES = (0x00, 0xFF)
ERASED = b"\xff"


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
        and (_is_part(HEADER_AREA.of(raw), write.header) or _is_cleared_from(begun.end, raw))
        and set(raw[begun.end : PROOF_AT]) <= set(BLANK_BYTES)
    )


def is_cleared(raw: bytes) -> bool:
    """Whether nothing is left on a card that was being made blank but pieces of its header."""
    return _is_cleared_from(SLOT_A.address, raw)


def _is_cleared_from(address: int, raw: bytes) -> bool:
    """Erased up to the mark of a cleared card: one from the factory has zeros here, or no mark."""
    records, rest = raw[address : SCRATCH.address], raw[SCRATCH.address + 1 : PROOF_AT]
    is_marked = raw[SCRATCH.address] == CLEARED_MARKER
    return is_marked and records == ERASED * len(records) and set(rest) <= set(BLANK_BYTES)


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


def carries(raw: bytes, write: CardWrite) -> bool:
    """Whether this memory holds the write whole; of an issue also the mark that it is complete."""
    return is_issued(raw, write) if write.issues_card else holds_record(raw, write.record)


def erase_records(memory: Memory, raw: bytes) -> None:
    """Everything that a meter would read, and then the mark of an issued card; the header still says whose it is."""
    records = raw[SLOT_A.address : SCRATCH.address]
    write_changes(memory, SLOT_A.address, before=records, after=ERASED * len(records))
    if raw[SCRATCH.address] != CLEARED_MARKER:
        memory.write(SCRATCH.address, bytes([CLEARED_MARKER]).ljust(memory.unit, ERASED))


def require_erased(raw: bytes) -> None:
    """What must be read back before a card is given back its factory code or keys, and loses its header with them.

    A header that went first would leave a stranger's card behind, of which nobody knows the code.
    Raises OperatorError card-not-cleared.
    """
    if not is_cleared(raw):
        raise OperatorError(Code.CARD_NOT_CLEARED)


def erase_header(memory: Memory, raw: bytes) -> None:
    """The last step of making a card blank."""
    write_changes(memory, HEADER_AREA.address, before=HEADER_AREA.of(raw), after=ERASED * HEADER_AREA.size)


def write_header(memory: Memory, raw: bytes, header: bytes) -> None:
    """Over a damaged one: only what differs."""
    write_changes(memory, HEADER_AREA.address, before=HEADER_AREA.of(raw), after=header)


class Memory(Protocol):
    """Where the image is written: the whole of it, or what of it this chip stores."""

    @property
    def unit(self) -> int:
        """How many bytes are programmed together; what is written begins and ends at multiples of it."""

    def write(self, address: int, data: bytes) -> None:
        """Program consecutive bytes. Raises OperatorError card-address-refused below the floor, StatusWrong."""


def write_sale(memory: Memory, image: CardImage, record: bytes) -> None:
    """Bring the slot that is its turn to the record, unless one of them is it already."""
    if not holds_record(image.raw, record):
        write_slot(memory, slot_for(image, record), before=image.raw, record=record)


def fill(memory: Memory, raw: bytes, write: CardWrite) -> None:
    """The memory part of an issue: order or mandate, then the header."""
    write_slot(memory, issue_area(write), before=raw, record=write.record)
    write_header(memory, raw, write.header)


def mark_issued(memory: Memory) -> None:
    """The last step of an issue."""
    memory.write(SCRATCH.address, bytes([ISSUE_MARKER]).ljust(memory.unit, ERASED))


def write_slot(memory: Memory, area: Area, *, before: bytes, record: bytes) -> None:
    """Bring one slot from `before`, the 256 bytes as read, to the record."""
    stretch = area.of(before)
    if stretch == record:
        return
    invalidate(memory, area, stretch, record)
    write_changes(memory, area.address + memory.unit, before=stretch[memory.unit :], after=record[memory.unit :])
    memory.write(area.address, record[: memory.unit])


def invalidate(memory: Memory, area: Area, stretch: bytes, record: bytes) -> None:
    """Take the state byte back; what is programmed together with it is what will stand there."""
    begun = bytes([STATE_WRITING]) + record[1 : memory.unit]
    if stretch[: memory.unit] != begun:
        memory.write(area.address, begun)


def write_changes(memory: Memory, address: int, *, before: bytes, after: bytes) -> None:
    """Program only what differs, one command for each run of it."""
    for offset, data in runs(before, after, unit=memory.unit):
        memory.write(address + offset, data)


def runs(before: bytes, after: bytes, *, unit: int = 1) -> Iterator[tuple[int, bytes]]:
    """The maximal runs of units that differ: offset and new bytes."""
    start: int | None = None
    for offset in range(0, len(after) + unit, unit):
        differs = before[offset : offset + unit] != after[offset : offset + unit]
        if differs and start is None:
            start = offset
        elif not differs and start is not None:
            yield start, after[start:offset]
            start = None
