"""Every field of a card image with what its bytes say: total over any 256 bytes, proved or not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from vending_app.cardio.crc import is_whole
from vending_app.cardio.layout import Field, Form, NotThisRecord, Record
from vending_app.cardio.tool_layout import (
    FIELD_MAC_SIZE,
    FIELD_RECORD,
    LIMITS,
    LIMITS_AREA,
    MANDATE,
    MANDATE_AREA,
    NEW_KEYS,
    NEW_KEYS_AREA,
    WRAPPED_SIZE,
    places_of,
)
from vending_app.cardio.totals1_layout import (
    CARD_SIZE,
    CHIP,
    HEADER,
    HEADER_AREA,
    KIND_NUMBERS,
    MAC_SIZE,
    ORDER,
    OUTLINE_SIZE,
    SCRATCH,
    SLOTS,
    WRITE_BACK,
    WRITE_BACK_AREA,
    Area,
)
from vending_app.domain.card import CardKind
from vending_app.domain.card_fields import CardField, FieldUse
from vending_app.domain.energy import Energy

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
STATE_SIZE = 1
KIND_AT = next(offset for offset, field in HEADER.offsets() if field.name == "kind")
_ENERGIES = frozenset(
    (
        *("energy_total", "last_purchase", "used_total", "remaining", "zero_crossing", "last_month"),
        *("alarm_1", "alarm_2", "overdraft", "hoarding"),
    )
)

_POWERS = frozenset({"overload", "power_max"})
_SECONDS = frozenset({"sold_at", "meter_time"})
_NUMBERS = frozenset({"meter", "supply", "card"})
_KINDS = {number: kind for kind, number in KIND_NUMBERS.items()}


def fields_of(raw: bytes, *, uid: bytes = b"", kind: CardKind | None = None) -> tuple[CardField, ...]:
    """In the order of their addresses; none for what is neither an image nor an outline. An image of a card with a UID
    shows it from 0x00, filled up with FF. `kind` is what it is known to be, where its header does not say so itself.
    """
    return tuple(_fields(raw, uid, kind)) if len(raw) in {OUTLINE_SIZE, CARD_SIZE} else ()


def _fields(raw: bytes, uid: bytes, known: CardKind | None) -> Iterator[CardField]:
    yield from _chip(raw, uid)
    yield from _record(raw, HEADER_AREA.address, HEADER_AREA.name, HEADER)
    if len(raw) == CARD_SIZE:
        kind = _kind_in(HEADER_AREA.of(raw)) or known
        yield from _records(raw, kind) if kind is not None else map(_unsure, _records(raw, CardKind.USER))
        yield _spare(raw, SCRATCH)


def _kind_in(header: bytes) -> CardKind | None:
    """None for a header that is damaged: what it says of the kind may be the damage."""
    return _KINDS.get(header[KIND_AT]) if is_whole(header) else None


def _records(raw: bytes, kind: CardKind) -> Iterator[CardField]:
    return _tool(raw, kind) if kind is not CardKind.USER else _customer(raw)


def _unsure(field: CardField) -> CardField:
    """Most cards are customers’, and so it is laid out; of another one a whole number or a MAC would stand here."""
    return replace(field, use=FieldUse.UNSURE)


def _chip(raw: bytes, uid: bytes) -> Iterator[CardField]:
    own, end = CHIP.of(raw), CHIP.address + len(uid)
    if not uid or not own.startswith(uid):
        yield CardField(CHIP.name, "own bytes", CHIP.address, own, "", "chip and issuer area; never written")
        return
    yield CardField(CHIP.name, "UID", CHIP.address, uid, "", "the number that the chip's maker gave it")
    meaning = "FF behind the UID; stored nowhere on this chip"
    yield CardField(CHIP.name, "filled up", end, own[len(uid) :], "", meaning, FieldUse.SPARE)


def _customer(raw: bytes) -> Iterator[CardField]:
    for slot in SLOTS:
        yield _state(raw, slot)
        yield from _proved(raw, slot.address + STATE_SIZE, slot.name, ORDER, MAC_SIZE)
    yield from _proved(raw, WRITE_BACK_AREA.address, WRITE_BACK_AREA.name, WRITE_BACK, MAC_SIZE)


def _tool(raw: bytes, kind: CardKind) -> Iterator[CardField]:
    yield _state(raw, MANDATE_AREA)
    yield from _proved(raw, MANDATE_AREA.address + STATE_SIZE, MANDATE_AREA.name, MANDATE, MAC_SIZE)
    if kind is CardKind.PARAMETER:
        yield from _proved(raw, LIMITS_AREA.address, LIMITS_AREA.name, LIMITS, MAC_SIZE)
    elif kind is CardKind.KEY:
        yield from _record(raw, NEW_KEYS_AREA.address, NEW_KEYS_AREA.name, NEW_KEYS)
        at, place_name = NEW_KEYS_AREA.address + NEW_KEYS.size, NEW_KEYS_AREA.name
        yield _proof(raw, at, WRAPPED_SIZE, place=place_name, name="wrapped", meaning="the new keys, wrapped")
        yield _proof(raw, at + WRAPPED_SIZE, MAC_SIZE, place=place_name, name="mac", meaning="MAC")
    for place in places_of(kind):
        yield from _proved(raw, place.address, place.name, FIELD_RECORD, FIELD_MAC_SIZE)


def _state(raw: bytes, area: Area) -> CardField:
    told = {0x5A: "complete", 0xFF: "being written"}.get(raw[area.address], "")
    return CardField(
        area.name, "state", area.address, raw[area.address : area.address + STATE_SIZE], told, "state byte"
    )


def _proved(raw: bytes, at: int, place: str, record: Record, mac_size: int) -> Iterator[CardField]:
    """A record and the MAC behind it."""
    yield from _record(raw, at, place, record)
    yield _proof(raw, at + record.size, mac_size, place=place, name="mac", meaning="MAC")


def _proof(raw: bytes, at: int, size: int, *, place: str, name: str, meaning: str) -> CardField:
    return CardField(place, name, at, raw[at : at + size], "", meaning, FieldUse.PROOF)


def _record(raw: bytes, at: int, place: str, record: Record) -> Iterator[CardField]:
    for offset, field in record.offsets():
        data = raw[at + offset : at + offset + field.size]
        yield CardField(place, field.name, at + offset, data, _value(field, data), field.meaning, _use(field))


def _spare(raw: bytes, area: Area) -> CardField:
    told = "issued" if raw[area.address] == 0x5A else ""
    return CardField(area.name, "issue marker", area.address, area.of(raw), told, area.content, FieldUse.SPARE)


def _use(field: Field) -> FieldUse:
    if field.form is Form.SPARE:
        return FieldUse.SPARE
    return FieldUse.NUMBER if field.name in _NUMBERS else FieldUse.PLAIN


def _value(field: Field, data: bytes) -> str:
    """With its unit; empty for bytes that are no value of this field, and for what was never written."""
    if set(data) == {0xFF} and field.name not in {"status"}:
        return ""
    try:
        if field.form is Form.FIGURES:
            return field.unpack_figures(data)
        if field.form is Form.TEXT:
            return field.unpack_text(data)
    except NotThisRecord:
        return ""
    return _number(field.name, field.unpack_number(data))


def _number(name: str, number: int) -> str:
    if name in _ENERGIES:
        return f"{Energy.from_card_units(number)} kWh"
    if name in _POWERS:
        return f"{number} W"
    if name in _SECONDS:
        return f"{EPOCH + timedelta(seconds=number):%Y-%m-%d %H:%M:%S} UTC"
    if name == "meter_hour":
        return f"{EPOCH + timedelta(hours=number):%Y-%m-%d %H:%M} UTC"
    if name == "expires":
        return f"{EPOCH + timedelta(days=number):%Y-%m-%d}"
    if name == "kind":
        return _KINDS[number].value if number in _KINDS else str(number)
    if name == "meter":
        return f"{number:012d}"
    if name in {"magic", "crc", "status"}:
        return f"{number:0{4 if name != 'status' else 2}X}"
    return str(number)
