"""The codec of tool cards: mandate, limits and collected records to bytes and back, MACs made and checked."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from vending_app.cardio.layout import NotThisRecord, Values, exact_units, is_erased
from vending_app.cardio.tool_layout import (
    FIELD_MAC_SIZE,
    FIELD_RECORD,
    FIELD_RECORD_LABEL,
    LIMITS,
    LIMITS_AREA,
    LIMITS_LABEL,
    MANDATE,
    MANDATE_AREA,
    MANDATE_LABEL,
    METER_SIZE,
    NEW_KEYS,
    NEW_KEYS_AREA,
    NEW_KEYS_LABEL,
    PLACE_SIZE,
    WRAPPED_SIZE,
    places_of,
)
from vending_app.cardio.totals1_layout import KIND_NUMBERS, MAC_SIZE, STATE_COMPLETE, Area
from vending_app.domain.card import CardHeader, CardKind, MeterStatus, RecordState
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.ids import CardNo, MeterNo
from vending_app.domain.tool_card import (
    OF_ONE_METER,
    FieldRecord,
    Limits,
    Mandate,
    NewKeys,
    RecordPlace,
    ToolContent,
)
from vending_app.ports import KeyVault

NO_METER = MeterNo("0" * 12)
FIRST_DAY = date(2000, 1, 1)
FIRST_HOUR = datetime(2000, 1, 1, tzinfo=UTC)
METER_FIGURES = 12
LARGEST_METER = 10**METER_FIGURES - 1


class ToolCodec:
    """The part of the codec that knows tool cards. Raises EnvironmentFault vault-locked if the vault is."""

    def __init__(self, vault: KeyVault) -> None:
        self._vault = vault

    # reading

    def decode(self, raw: bytes, header: CardHeader) -> ToolContent:
        """Everything behind the header of a tool card; total over any 256 bytes."""
        record = MANDATE_AREA.of(raw)
        state, told = self._mandate(record, header)
        if state is not RecordState.VALID or told is None:
            return ToolContent(state, told)
        limits = self._limits(raw, told, header) if header.kind is CardKind.PARAMETER else None
        if header.kind is CardKind.PARAMETER and limits is None:
            return ToolContent(RecordState.BAD_MAC, told)
        places = tuple(self._place(area, raw, told, header.card) for area in places_of(header.kind))
        new_keys = self._new_keys(raw, told, header) if header.kind is CardKind.KEY else None
        return ToolContent(state, told, limits, places, new_keys)

    def _mandate(self, record: bytes, header: CardHeader) -> tuple[RecordState, Mandate | None]:
        if is_erased(record):
            return RecordState.EMPTY, None
        if record[0] != STATE_COMPLETE:
            return RecordState.TORN, None
        body, mac = record[1:-MAC_SIZE], record[-MAC_SIZE:]
        try:
            told = mandate_from(MANDATE.unpack(body), header.kind)
        except NotThisRecord:
            return RecordState.BAD_MAC, None
        return self._judge(mac, lambda: self._mandate_mac(body, told, header.kind, header.card)), told

    def _limits(self, raw: bytes, mandate: Mandate, header: CardHeader) -> Limits | None:
        record = LIMITS_AREA.of(raw)
        body, mac = record[:-MAC_SIZE], record[-MAC_SIZE:]
        try:
            told = limits_from(LIMITS.unpack(body))
        except NotThisRecord:
            return None
        state = self._judge(mac, lambda: self._limits_mac(body, mandate, header.card))
        return told if state is RecordState.VALID else None

    def _new_keys(self, raw: bytes, mandate: Mandate, header: CardHeader) -> NewKeys | None:
        record = NEW_KEYS_AREA.of(raw)
        body, mac = record[:-MAC_SIZE], record[-MAC_SIZE:]
        try:
            values = NEW_KEYS.unpack(body[:-WRAPPED_SIZE])
        except NotThisRecord:
            return None
        told = NewKeys(values.numbers["version"], values.figures["key_area"])
        if self._judge(mac, lambda: self._new_keys_mac(body, mandate, header.card)) is not RecordState.VALID:
            return None
        return told if self._opens(body[-WRAPPED_SIZE:], told, mandate) else None

    def _opens(self, wrapped: bytes, told: NewKeys, mandate: Mandate) -> bool:
        assert mandate.meter is not None, "a mandate of a key card names its meter"
        try:
            return self._vault.opens_wrapped(
                wrapped,
                meter=mandate.meter,
                area=_AREA.pack_text(told.area),
                known=mandate.key_version,
                version=told.version,
            )
        except EnvironmentFault as fault:
            if fault.code is not Code.KEY_VERSION_UNKNOWN:
                raise
            return False

    def _place(self, area: Area, raw: bytes, mandate: Mandate, card: CardNo) -> RecordPlace:
        record, number = area.of(raw), (area.address - MANDATE_AREA.end) // PLACE_SIZE
        if is_erased(record):
            return RecordPlace(number, RecordState.EMPTY, record)
        body, mac = record[:-FIELD_MAC_SIZE], record[-FIELD_MAC_SIZE:]
        meter = _meter_in(record[:METER_SIZE])
        if meter is None:
            return RecordPlace(number, RecordState.BAD_MAC, record)
        state = self._judge(mac, lambda: self._record_mac(body, meter, mandate, card))
        if state is not RecordState.VALID:
            return RecordPlace(number, state, record, meter)
        return RecordPlace(number, state, record, meter, field_record_from(FIELD_RECORD.unpack(body), meter))

    @staticmethod
    def _judge(mac: bytes, right: Callable[[], bytes]) -> RecordState:
        try:
            return RecordState.VALID if hmac.compare_digest(mac, right()) else RecordState.BAD_MAC
        except EnvironmentFault as fault:
            if fault.code is not Code.KEY_VERSION_UNKNOWN:
                raise
            return RecordState.NO_KEY

    # writing

    def encode_mandate(
        self,
        kind: CardKind,
        mandate: Mandate,
        *,
        card: CardNo,
        limits: Limits | None = None,
        new_keys: NewKeys | None = None,
    ) -> bytes:
        """Mandate, 32 bytes, and limits or new keys behind it. Raises ValueDoesNotFit."""
        body = _mandate_body(mandate)
        record = bytes([STATE_COMPLETE]) + body + self._mandate_mac(body, mandate, kind, card)
        if new_keys is not None:
            return record + self._encode_new_keys(new_keys, mandate, card)
        if limits is None:
            return record
        told = LIMITS.pack(_limits_values(limits))
        return record + told + self._limits_mac(told, mandate, card)

    def _encode_new_keys(self, new_keys: NewKeys, mandate: Mandate, card: CardNo) -> bytes:
        assert mandate.meter is not None, "new keys are for one meter"
        told = NEW_KEYS.pack(Values({"key_area": new_keys.area}, {"version": new_keys.version}))
        wrapped = self._vault.wrapped_keys(
            meter=mandate.meter,
            area=_AREA.pack_text(new_keys.area),
            known=mandate.key_version,
            version=new_keys.version,
        )
        return told + wrapped + self._new_keys_mac(told + wrapped, mandate, card)

    def encode_field_record(self, record: FieldRecord, *, mandate: Mandate, card: CardNo) -> bytes:
        """The 32 bytes of a collected record. Raises ValueDoesNotFit."""
        body = FIELD_RECORD.pack(_field_record_values(record))
        return body + self._record_mac(body, record.meter, mandate, card)

    # MACs

    def _mandate_mac(self, body: bytes, mandate: Mandate, kind: CardKind, card: CardNo) -> bytes:
        """Of a card of one meter under the key of that meter, of any other under that of its area."""
        message = MANDATE_LABEL + bytes([KIND_NUMBERS[kind]]) + body + bytes.fromhex(card)
        return self._mac(message, mandate)

    def _new_keys_mac(self, body: bytes, mandate: Mandate, card: CardNo) -> bytes:
        return self._mac(NEW_KEYS_LABEL + _mandate_body(mandate) + body + bytes.fromhex(card), mandate)

    def _limits_mac(self, body: bytes, mandate: Mandate, card: CardNo) -> bytes:
        return self._mac(LIMITS_LABEL + _mandate_body(mandate) + body + bytes.fromhex(card), mandate)

    def _mac(self, message: bytes, mandate: Mandate) -> bytes:
        if mandate.meter is not None:
            return self._vault.record_mac(message, meter=mandate.meter, key_version=mandate.key_version)
        area = area_bytes(mandate.area)
        return self._vault.area_mac(message, area=area, key_version=mandate.key_version)

    def _record_mac(self, body: bytes, meter: MeterNo, mandate: Mandate, card: CardNo) -> bytes:
        message = FIELD_RECORD_LABEL + body + _NUMBER.pack_number(mandate.number) + bytes.fromhex(card)
        return self._vault.record_mac(message, meter=meter, key_version=mandate.key_version)[:FIELD_MAC_SIZE]


_NUMBER, _AREA = MANDATE.fields[0], MANDATE.fields[1]


def area_bytes(area: str) -> bytes:
    """The code of an area in 8 bytes, as it stands on a card and in the derivation of its key."""
    return _AREA.pack_text(area)


def _mandate_body(mandate: Mandate) -> bytes:
    numbers = {
        "number": mandate.number,
        "expires": (mandate.expires_on - FIRST_DAY).days,
        "carrier": mandate.carrier,
        "key_version": mandate.key_version,
    }
    return MANDATE.pack(Values({"area": mandate.area, "meter": mandate.meter or NO_METER}, numbers))


def mandate_from(values: Values, kind: CardKind) -> Mandate:
    """What these field values mean. Raises NotThisRecord unless it names what its kind is bound to, and no more."""
    area, meter, numbers = values.figures["area"], MeterNo(values.figures["meter"]), values.numbers
    is_of_meter = kind in OF_ONE_METER
    if is_of_meter is not (meter != NO_METER) or is_of_meter is not (not area):
        raise NotThisRecord(MANDATE.title)
    return Mandate(
        number=numbers["number"],
        area=area,
        meter=meter if is_of_meter else None,
        expires_on=FIRST_DAY + timedelta(days=numbers["expires"]),
        carrier=numbers["carrier"],
        key_version=numbers["key_version"],
    )


def _limits_values(limits: Limits) -> Values:
    energies = {"alarm_1", "alarm_2", "overdraft", "hoarding"}
    numbers = {name: exact_units(name, getattr(limits, name)) for name in energies}
    return Values({}, numbers | {"overload": limits.overload_w})


def limits_from(values: Values) -> Limits:
    """What these field values mean."""
    numbers = values.numbers
    return Limits(
        alarm_1=Energy.from_card_units(numbers["alarm_1"]),
        alarm_2=Energy.from_card_units(numbers["alarm_2"]),
        overload_w=numbers["overload"],
        overdraft=Energy.from_card_units(numbers["overdraft"]),
        hoarding=Energy.from_card_units(numbers["hoarding"]),
    )


def _meter_in(raw: bytes) -> MeterNo | None:
    """The number in the first bytes of a record, if it has 12 figures."""
    number = int.from_bytes(raw, "big")
    return MeterNo(f"{number:0{METER_FIGURES}d}") if number <= LARGEST_METER else None


def _field_record_values(record: FieldRecord) -> Values:
    numbers = {
        "meter": int(record.meter),
        "running": record.running_low,
        "sequence": record.sequence_low,
        "used_total": record.used_total.card_units,
        "remaining": record.remaining.card_units,
        "zero_crossing": record.zero_crossing.card_units,
        "illegal_cards": record.illegal_low,
        "overload_trips": record.overload_low,
        "tamper_events": record.tamper_low,
        "status": record.status.value,
        "meter_hour": (record.hour - FIRST_HOUR) // timedelta(hours=1),
    }
    return Values({}, numbers)


def field_record_from(values: Values, meter: MeterNo) -> FieldRecord:
    """What these field values mean, of the meter whose number is among them."""
    numbers = values.numbers
    return FieldRecord(
        meter=meter,
        running_low=numbers["running"],
        sequence_low=numbers["sequence"],
        used_total=Energy.from_card_units(numbers["used_total"]),
        remaining=Energy.from_card_units(numbers["remaining"]),
        zero_crossing=Energy.from_card_units(numbers["zero_crossing"]),
        illegal_low=numbers["illegal_cards"],
        overload_low=numbers["overload_trips"],
        tamper_low=numbers["tamper_events"],
        status=MeterStatus(numbers["status"]),
        hour=FIRST_HOUR + timedelta(hours=numbers["meter_hour"]),
    )
