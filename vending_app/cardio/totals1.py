"""The codec of the card format "Totals 1": bytes to meaning and back, MACs made and checked.

Decoding is total: any bytes give an image. Nothing here knows the ledger.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from vending_app.cardio.crc import crc16, is_whole
from vending_app.cardio.dump import fields_of
from vending_app.cardio.layout import NotThisRecord, Values, exact_units, is_erased
from vending_app.cardio.tool_codec import ToolCodec
from vending_app.cardio.tool_writing import may_be_issued_anew
from vending_app.cardio.totals1_layout import (
    CARD_SIZE,
    CHIP,
    FORMAT_VERSION,
    HEADER,
    HEADER_AREA,
    KIND_NUMBERS,
    MAC_SIZE,
    MAGIC,
    ORDER,
    ORDER_LABEL,
    OUTLINE_SIZE,
    PROOF_AT,
    SLOTS,
    STATE_COMPLETE,
    WRITE_BACK,
    WRITE_BACK_AREA,
    WRITE_BACK_LABEL,
    Area,
)
from vending_app.cardio.writing import is_cleared, may_become
from vending_app.domain.card import (
    CardHeader,
    CardImage,
    CardKind,
    CardWrite,
    ImageState,
    MeterParameters,
    MeterStatus,
    Order,
    RecordState,
    Slot,
    WriteBack,
)
from vending_app.domain.card_fields import CardField
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.ids import CardNo, DeskNo, MeterNo, SupplyNo
from vending_app.domain.tool_card import FieldRecord, Limits, Mandate, NewKeys
from vending_app.ports import KeyVault

NO_VERSIONS = frozenset({0x00, 0xFF})
"""What stands where a version was erased, or never was: whatever made such a record, no key did."""
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_KIND_OF = {number: kind for kind, number in KIND_NUMBERS.items()}


class Totals1:
    """The codec with one utility's number and keys. Raises EnvironmentFault vault-locked if the vault is."""

    def __init__(self, vault: KeyVault, *, utility: int) -> None:
        self._vault = vault
        self._utility = utility
        self._tools = ToolCodec(vault)

    # reading

    def decode(self, raw: bytes) -> CardImage:
        """Everything that 256 bytes say, MACs checked; any other count of bytes is an unreadable card."""
        if len(raw) != CARD_SIZE:
            return CardImage(ImageState.UNREADABLE, b"")
        if is_blank(raw):
            return CardImage(ImageState.BLANK, raw)
        header = self._decode_header(HEADER_AREA.of(raw))
        if header is None:
            return CardImage(ImageState.BLANK if is_cleared(raw) else ImageState.FOREIGN, raw)
        if header.kind is not CardKind.USER:
            return CardImage(ImageState.OURS, raw, header, tool=self._tools.decode(raw, header))
        slots = tuple(self._decode_slot(area, raw, header.card) for area in SLOTS)
        state, write_back = self._decode_write_back(WRITE_BACK_AREA.of(raw), header.card)
        return CardImage(ImageState.OURS, raw, header, slots, state, write_back)

    def outline(self, raw: bytes) -> CardImage:
        """Of the beginning of an image up to the end of its header; that nothing is known of the records is said too.

        Any other count of bytes is an unreadable card.
        """
        if len(raw) != OUTLINE_SIZE:
            return CardImage(ImageState.UNREADABLE, b"")
        header = self._decode_header(HEADER_AREA.of(raw))
        state = ImageState.FOREIGN if header is None else ImageState.OURS
        return CardImage(state, raw, header, write_back_state=RecordState.NO_KEY)

    def _decode_header(self, raw: bytes) -> CardHeader | None:
        try:
            values = HEADER.unpack(raw)
        except NotThisRecord:
            return None
        numbers = values.numbers
        is_ours = (
            numbers["magic"] == MAGIC
            and numbers["format_version"] == FORMAT_VERSION
            and is_whole(raw)
            and numbers["utility"] == self._utility
        )
        kind = _KIND_OF.get(numbers["kind"])
        if not is_ours or kind is None:
            return None
        return CardHeader(kind, self._utility, CardNo(values.figures["card"]), numbers["key_version"])

    def _decode_slot(self, area: Area, raw: bytes, card: CardNo) -> Slot:
        record = area.of(raw)
        if is_erased(record):
            return Slot(area.name, RecordState.EMPTY, record)
        if record[0] != STATE_COMPLETE:
            return Slot(area.name, RecordState.TORN, record)
        try:
            order = order_from(ORDER.unpack(record[1:-MAC_SIZE]))
        except NotThisRecord:
            return Slot(area.name, RecordState.BAD_MAC, record)
        state = self._check(record[1:], ORDER_LABEL, card=card, meter=order.meter, key_version=order.key_version)
        return Slot(area.name, state, record, order if state is RecordState.VALID else None, order)

    def _decode_write_back(self, record: bytes, card: CardNo) -> tuple[RecordState, WriteBack | None]:
        if is_erased(record):
            return RecordState.EMPTY, None
        try:
            found = write_back_from(WRITE_BACK.unpack(record[:-MAC_SIZE]))
        except NotThisRecord:
            return RecordState.BAD_MAC, None
        state = self._check(record, WRITE_BACK_LABEL, card=card, meter=found.meter, key_version=found.key_version)
        return state, found if state is RecordState.VALID else None

    def _check(self, record: bytes, label: bytes, *, card: CardNo, meter: MeterNo, key_version: int) -> RecordState:
        """Judge body and MAC of a record."""
        body, mac = record[:-MAC_SIZE], record[-MAC_SIZE:]
        try:
            right = self._mac(body, label, card=card, meter=meter, key_version=key_version)
        except EnvironmentFault as fault:
            if fault.code is not Code.KEY_VERSION_UNKNOWN:
                raise
            return RecordState.BAD_MAC if key_version in NO_VERSIONS else RecordState.NO_KEY
        return RecordState.VALID if hmac.compare_digest(mac, right) else RecordState.BAD_MAC

    def fields(self, raw: bytes, *, uid: bytes = b"", kind: CardKind | None = None) -> tuple[CardField, ...]:
        """Every field of an image with what its bytes say; none for what is no image."""
        return fields_of(raw, uid=uid, kind=kind)

    def supplies_named(self, raw: bytes) -> tuple[SupplyNo, ...]:
        """What the complete slots of an image say, proved or not: whose card it may be that lost its header."""
        complete = [area.of(raw) for area in SLOTS if len(raw) == CARD_SIZE and area.of(raw)[0] == STATE_COMPLETE]
        named: dict[SupplyNo, None] = {}
        for record in complete:
            with suppress(NotThisRecord):
                named[order_from(ORDER.unpack(record[1:-MAC_SIZE])).supply] = None
        return tuple(named)

    def with_header(self, raw: bytes, header: bytes) -> CardImage:
        """What the image would say under this header: the MAC of an order proves whether it is the card's own."""
        return self.decode(raw[: HEADER_AREA.address] + header + raw[HEADER_AREA.end :])

    def may_become(self, image: CardImage, write: CardWrite) -> bool:
        """Whether this card could be the blank one on which `write` began: nothing on it contradicts that.

        Of a tool card also whether it is the issued card that `write` makes anew.
        """
        if len(image.raw) != CARD_SIZE or not write.issues_card:
            return False
        return may_become(image.raw, write) or may_be_issued_anew(image.raw, write)

    # writing

    def encode_header(self, header: CardHeader) -> bytes:
        """The 16-byte header with its CRC. Raises ValueDoesNotFit."""
        numbers = {
            "magic": MAGIC,
            "format_version": FORMAT_VERSION,
            "kind": KIND_NUMBERS[header.kind],
            "utility": header.utility,
            "key_version": header.key_version,
            "crc": 0,
        }
        body = HEADER.pack(Values({"card": header.card}, numbers))[:-2]
        return body + crc16(body).to_bytes(2, "big")

    def encode_order(self, order: Order, *, card: CardNo) -> bytes:
        """The complete 64-byte record, state byte first, MAC last. Raises ValueDoesNotFit."""
        body = ORDER.pack(order_values(order))
        mac = self._mac(body, ORDER_LABEL, card=card, meter=order.meter, key_version=order.key_version)
        return bytes([STATE_COMPLETE]) + body + mac

    def encode_write_back(self, write_back: WriteBack, *, card: CardNo) -> bytes:
        """The complete 64-byte record of a meter. Energies are cut to 0.01 kWh, towards zero."""
        body = WRITE_BACK.pack(write_back_values(write_back))
        meter, key_version = write_back.meter, write_back.key_version
        return body + self._mac(body, WRITE_BACK_LABEL, card=card, meter=meter, key_version=key_version)

    def encode_mandate(
        self,
        kind: CardKind,
        mandate: Mandate,
        *,
        card: CardNo,
        limits: Limits | None = None,
        new_keys: NewKeys | None = None,
    ) -> bytes:
        """The mandate of a tool card, 32 bytes, and behind it limits or new keys if there are any.

        Raises ValueDoesNotFit; EnvironmentFault key-version-unknown.
        """
        return self._tools.encode_mandate(kind, mandate, card=card, limits=limits, new_keys=new_keys)

    def encode_field_record(self, record: FieldRecord, *, mandate: Mandate, card: CardNo) -> bytes:
        """The 32 bytes that a meter leaves on a tool card. Raises ValueDoesNotFit."""
        return self._tools.encode_field_record(record, mandate=mandate, card=card)

    def _mac(self, body: bytes, label: bytes, *, card: CardNo, meter: MeterNo, key_version: int) -> bytes:
        message = label + body + bytes.fromhex(card)
        return self._vault.record_mac(message, meter=meter, key_version=key_version)


def is_blank(raw: bytes) -> bool:
    """Whether nothing was ever written outside the chip's own area, but for the byte that proves nothing."""
    return is_erased(raw[CHIP.end : PROOF_AT])


def order_from(values: Values) -> Order:
    """The order that these field values mean."""
    numbers = values.numbers
    return Order(
        meter=MeterNo(values.figures["meter"]),
        supply=SupplyNo(values.figures["supply"]),
        generation=numbers["generation"],
        sequence=numbers["sequence"],
        energy_total=Energy.from_card_units(numbers["energy_total"]),
        last_purchase=Energy.from_card_units(numbers["last_purchase"]),
        purchases=numbers["purchases"],
        parameters=_parameters_from(numbers),
        sold_at=_time_from(numbers["sold_at"]),
        desk=DeskNo(numbers["desk"]),
        key_version=numbers["key_version"],
    )


def _parameters_from(numbers: Mapping[str, int]) -> MeterParameters:
    return MeterParameters(
        alarm_1=Energy.from_card_units(numbers["alarm_1"]),
        alarm_2=Energy.from_card_units(numbers["alarm_2"]),
        overload_w=numbers["overload"],
        overdraft=Energy.from_card_units(numbers["overdraft"]),
        hoarding=Energy.from_card_units(numbers["hoarding"]),
        constant_imp_per_kwh=numbers["constant"],
        ct_ratio=numbers["ct_ratio"],
        pt_ratio=numbers["pt_ratio"],
    )


def order_values(order: Order) -> Values:
    """The field values of an order. Raises ValueDoesNotFit for energy finer than 0.01 kWh."""
    told = order.parameters
    numbers = {
        "generation": order.generation,
        "sequence": order.sequence,
        "energy_total": exact_units("energy_total", order.energy_total),
        "last_purchase": exact_units("last_purchase", order.last_purchase),
        "purchases": order.purchases,
        "alarm_1": exact_units("alarm_1", told.alarm_1),
        "alarm_2": exact_units("alarm_2", told.alarm_2),
        "overload": told.overload_w,
        "overdraft": exact_units("overdraft", told.overdraft),
        "hoarding": exact_units("hoarding", told.hoarding),
        "constant": told.constant_imp_per_kwh,
        "ct_ratio": told.ct_ratio,
        "pt_ratio": told.pt_ratio,
        "sold_at": _seconds(order.sold_at),
        "desk": order.desk,
        "key_version": order.key_version,
    }
    return Values({"meter": order.meter, "supply": order.supply}, numbers)


def write_back_from(values: Values) -> WriteBack:
    """The write-back that these field values mean."""
    numbers = values.numbers
    return WriteBack(
        meter=MeterNo(values.figures["meter"]),
        sequence=numbers["sequence"],
        used_total=Energy.from_card_units(numbers["used_total"]),
        remaining=Energy.from_card_units(numbers["remaining"]),
        energy_total=Energy.from_card_units(numbers["energy_total"]),
        zero_crossing=Energy.from_card_units(numbers["zero_crossing"]),
        purchases=numbers["purchases"],
        illegal_cards=numbers["illegal_cards"],
        overload_trips=numbers["overload_trips"],
        low_credit_trips=numbers["low_credit_trips"],
        tamper_events=numbers["tamper_events"],
        power_failures=numbers["power_failures"],
        power_max_w=numbers["power_max"],
        status=MeterStatus(numbers["status"]),
        last_month=Energy.from_card_units(numbers["last_month"]),
        meter_time=_time_from(numbers["meter_time"]),
        running=numbers["running"],
        key_version=numbers["key_version"],
    )


def write_back_values(write_back: WriteBack) -> Values:
    """The field values of a write-back; energies are cut to 0.01 kWh, towards zero."""
    numbers = {
        "sequence": write_back.sequence,
        "used_total": write_back.used_total.card_units,
        "remaining": write_back.remaining.card_units,
        "energy_total": write_back.energy_total.card_units,
        "zero_crossing": write_back.zero_crossing.card_units,
        "purchases": write_back.purchases,
        "illegal_cards": write_back.illegal_cards,
        "overload_trips": write_back.overload_trips,
        "low_credit_trips": write_back.low_credit_trips,
        "tamper_events": write_back.tamper_events,
        "power_failures": write_back.power_failures,
        "power_max": write_back.power_max_w,
        "status": write_back.status.value,
        "key_version": write_back.key_version,
        "last_month": write_back.last_month.card_units,
        "meter_time": _seconds(write_back.meter_time),
        "running": write_back.running,
    }
    return Values({"meter": write_back.meter}, numbers)


def _seconds(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(seconds=1)


def _time_from(seconds: int) -> datetime:
    return EPOCH + timedelta(seconds=seconds)
