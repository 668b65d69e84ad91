"""The cards that a meter is tried with: made by the office codec under test keys, and spoilt where a case wants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from vending_app.cardio.crc import crc16
from vending_app.cardio.derivation import CLASSIC_LABEL, MAC_LABEL, PSC_LABEL, TOOL_LABEL, derive
from vending_app.cardio.emulated.store import FACTORY_CHIP_AREA
from vending_app.cardio.format_text import EXAMPLE_MASTER
from vending_app.cardio.tool_codec import area_bytes
from vending_app.cardio.tool_layout import (
    FIELD_MAC_SIZE,
    FIELD_RECORD,
    LIMITS_AREA,
    LIMITS_LABEL,
    MANDATE_AREA,
    MANDATE_LABEL,
    METER_SIZE,
    places_of,
)
from vending_app.cardio.totals1 import Totals1
from vending_app.cardio.totals1_layout import (
    HEADER_AREA,
    ISSUE_MARKER,
    KIND_NUMBERS,
    MAC_SIZE,
    SCRATCH,
    SLOT_A,
    SLOT_B,
    Area,
)
from vending_app.cardio.vault import SealedVault
from vending_app.conformance.runner import write_back
from vending_app.domain.card import CardHeader, CardKeyName, CardKind, MeterParameters, Order
from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.ids import CardNo, DeskNo, MeterNo, SupplyNo
from vending_app.domain.tool_card import Limits, Mandate, NewKeys

METER, OTHER_METER = "000012345678", "000012345679"
SUPPLY, OTHER_SUPPLY = "00001234", "00001235"
CARD, NEXT_CARD, TOOL = CardNo("550000000042"), CardNo("550000000043"), CardNo("550000000900")
AREA, OTHER_AREA = "N-3", "S-1"
UTILITY = 7
MASTERS = {1: EXAMPLE_MASTER, 2: bytes(range(16, 32))}
"""Test keys, published in docs/card-format.md: no office has them."""
LAST_DAY = date(2026, 3, 31)
PARAMETERS = MeterParameters(
    alarm_1=Energy.parse("20"),
    alarm_2=Energy.parse("5"),
    overload_w=8000,
    overdraft=NO_ENERGY,
    hoarding=Energy.parse("3000"),
    constant_imp_per_kwh=1600,
)
LIMITS = Limits(Energy.parse("30"), Energy.parse("10"), 6000, NO_ENERGY, Energy.parse("5000"))


def masters() -> dict[int, bytearray]:
    """Both, for a vault that wipes them."""
    return {version: bytearray(master) for version, master in MASTERS.items()}


OFFICE = SealedVault(masters())
CODEC = Totals1(OFFICE, utility=UTILITY)


@dataclass(slots=True)
class Card:
    """A card, as it goes from one insertion to the next."""

    memory: bytes
    code: bytes
    tries: int = 3

    def copy(self) -> Card:
        return replace(self)

    def told(self) -> dict[str, object]:
        """As the protocol says it."""
        return {"memory": self.memory.hex(), "code": self.code.hex(), "tries": self.tries}

    def taken_out(self, answer: Mapping[str, Any]) -> bool:
        """From now on it is as the meter left it; whether that wrote on it."""
        before, self.memory, self.tries = self.memory, bytes.fromhex(answer["memory"]), answer["tries"]
        return self.memory != before

    def written(self) -> dict[str, int]:
        """The fields of the write-back, or of the record with this meter's number on a tool card."""
        header = CODEC.decode(self.memory).header
        assert header is not None, "nobody spoilt the header"
        if header.kind is CardKind.USER:
            return write_back(self.memory)
        records = (place.of(self.memory) for place in places_of(header.kind))
        own = next(each for each in records if int.from_bytes(each[:METER_SIZE], "big") == int(METER))
        return dict(FIELD_RECORD.unpack(own[:-FIELD_MAC_SIZE]).numbers)

    def put(self, address: int, data: bytes) -> Card:
        """The same with other bytes somewhere."""
        self.memory = self.memory[:address] + data + self.memory[address + len(data) :]
        return self

    def flip(self, address: int, mask: int = 0x01) -> Card:
        """The same with one bit the other way."""
        return self.put(address, bytes([self.memory[address] ^ mask]))


def order(total: str, sequence: int = 1, **fields: Any) -> Order:
    """An order of the usual supply whose total is in kWh; parameters by their own names."""
    limits = {name: fields.pop(name) for name in tuple(fields) if hasattr(PARAMETERS, name)}
    told: dict[str, Any] = {
        "meter": MeterNo(METER),
        "supply": SupplyNo(SUPPLY),
        "generation": 1,
        "last_purchase": Energy.parse(total),
        "purchases": sequence,
        "sold_at": datetime(2026, 3, 2, 7, 30, tzinfo=UTC),
        "desk": DeskNo(2),
        "key_version": 1,
        **fields,
    }
    return Order(sequence=sequence, energy_total=Energy.parse(total), parameters=replace(PARAMETERS, **limits), **told)


def card(
    a: Order | None = None, b: Order | None = None, *, number: CardNo = CARD, version: int = 1, utility: int = UTILITY
) -> Card:
    """A customer's card with orders in its slots, as an office leaves it."""
    made = _with_header(CardHeader(CardKind.USER, utility, number, version))
    for area, told in ((SLOT_A, a), (SLOT_B, b)):
        if told is not None:
            made.put(area.address, CODEC.encode_order(told, card=number))
    return made


ONE_METERS = frozenset({CardKind.CLEAR, CardKind.KEY})
"""Whose tool cards are for one meter, not for an area."""


def tool(
    kind: CardKind,
    *,
    on: CardNo = TOOL,
    new_keys: NewKeys | None = None,
    limits: Limits = LIMITS,
    codec: Totals1 = CODEC,
    **fields: Any,
) -> Card:
    """A tool card as it is issued; a key card without other keys brings version 2."""
    told: dict[str, Any] = {
        "number": 17,
        "area": "" if kind in ONE_METERS else AREA,
        "meter": MeterNo(METER) if kind in ONE_METERS else None,
        "expires_on": LAST_DAY,
        "carrier": 4,
        "key_version": 1,
        **fields,
    }
    mandate = codec.encode_mandate(
        kind,
        Mandate(**told),
        card=on,
        limits=limits if kind is CardKind.PARAMETER else None,
        new_keys=(new_keys or NewKeys(2, AREA)) if kind is CardKind.KEY else None,
    )
    return _with_header(CardHeader(kind, UTILITY, on, 1)).put(MANDATE_AREA.address, mandate)


def bound(kind: CardKind, *, area: str, meter: MeterNo | None) -> Card:
    """A check, parameter or clear card whose mandate names these, whatever its kind has to name.

    Its MACs are under the key with which a meter tries this kind: what the mandate names is all that can be wrong.
    """
    made = tool(kind, area=area, meter=meter)
    body = MANDATE_AREA.of(made.memory)[1:-MAC_SIZE]
    _prove(made, MANDATE_AREA, MANDATE_LABEL + bytes([KIND_NUMBERS[kind]]) + body, kind)
    if kind is CardKind.PARAMETER:
        _prove(made, LIMITS_AREA, LIMITS_LABEL + body + LIMITS_AREA.of(made.memory)[:-MAC_SIZE], kind)
    return made


def _prove(made: Card, area: Area, told: bytes, kind: CardKind) -> None:
    """Put the MAC of these bytes and the card number behind a record."""
    message = told + bytes.fromhex(TOOL)
    if kind in ONE_METERS:
        mac = OFFICE.record_mac(message, meter=MeterNo(METER), key_version=1)
    else:
        mac = OFFICE.area_mac(message, area=area_bytes(AREA), key_version=1)
    made.put(area.end - MAC_SIZE, mac)


def _with_header(header: CardHeader) -> Card:
    blank = Card(FACTORY_CHIP_AREA + b"\xff" * 224, bytes(OFFICE.psc(card=header.card, key_version=header.key_version)))
    made = blank.put(HEADER_AREA.address, CODEC.encode_header(header))
    return made.put(SCRATCH.address, bytes([ISSUE_MARKER]))


def header_with(address: int, data: bytes, *, mends_crc: bool) -> Card:
    """A card of a right order whose header is another from an offset on."""
    made = card(order("100")).put(HEADER_AREA.address + address, data)
    if mends_crc:
        made.put(HEADER_AREA.end - 2, crc16(HEADER_AREA.of(made.memory)[:-2]).to_bytes(2, "big"))
    return made


def keys_told(meter: str, area: str, versions: tuple[int, ...]) -> list[dict[str, object]]:
    """What a meter holds, as the protocol says it."""
    return [
        {
            "version": version,
            "k_meter": _key(MAC_LABEL, bytes.fromhex(meter), version),
            "k_psc": _key(PSC_LABEL, b"", version),
            "k_area": _key(TOOL_LABEL, area_bytes(area), version) if area else "",
            "k_mfc": _key(CLASSIC_LABEL, b"", version),
            "k_df": _key(CardKeyName.METER.value.encode(), b"", version),
        }
        for version in versions
    ]


def _key(label: bytes, of: bytes, version: int) -> str:
    return derive(MASTERS[version], label, of + bytes([version])).hex()
