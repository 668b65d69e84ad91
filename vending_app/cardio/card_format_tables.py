"""The generated parts of docs/card-format.md: tables and worked examples, from the declaration and the codec.

    python -m vending_app.cardio.card_format_tables docs/card-format.md

writes each part anew between its two marks; everything else in the document is written by hand.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from vending_app.cardio.emulated.store import FACTORY_CHIP_AREA
from vending_app.cardio.layout import Form, Record
from vending_app.cardio.tool_codec import field_record_from, limits_from, mandate_from
from vending_app.cardio.tool_layout import (
    AREA_SIZE,
    FIELD_MAC_SIZE,
    FIELD_RECORD,
    FIELD_RECORD_LABEL,
    LIMITS,
    LIMITS_AREA,
    LIMITS_LABEL,
    MANDATE,
    MANDATE_AREA,
    MANDATE_LABEL,
    PLACE_SIZE,
    TOOL_SAMPLES,
    places_of,
)
from vending_app.cardio.totals1 import Totals1, crc16, order_from, write_back_from
from vending_app.cardio.totals1_layout import (
    AREAS,
    HEADER,
    HEADER_AREA,
    ISSUE_MARKER,
    KIND_NUMBERS,
    MAC_SIZE,
    ORDER,
    ORDER_LABEL,
    SAMPLES,
    SCRATCH,
    SLOT_A,
    STATE_COMPLETE,
    WRITE_BACK,
    WRITE_BACK_AREA,
    WRITE_BACK_LABEL,
    Area,
    Sample,
)
from vending_app.cardio.vault import MAC_LABEL, PSC_LABEL, TOOL_LABEL, SealedVault, derive
from vending_app.domain.card import CardHeader, CardKind, MeterStatus, Order, WriteBack
from vending_app.domain.ids import CardNo
from vending_app.domain.meter import MeterDecision

EXAMPLE_MASTER = bytes(range(16))
EXAMPLE_VERSION = 1
_MARK = re.compile(r"(<!-- generated: ([a-z-]+) -->\n).*?(\n<!-- end -->)", re.DOTALL)

_FLAGS = {
    MeterStatus.RELAY_OPEN: "the relay is open",
    MeterStatus.LOW_CREDIT: "remaining energy is at or below an alarm level",
    MeterStatus.LOW_CREDIT_TRIPPED: "the relay opened at the alarm level",
    MeterStatus.AT_ZERO: "nothing remains",
    MeterStatus.OVERLOAD_TRIPPED: "the relay opened on overload",
    MeterStatus.COVER_OPEN: "the cover is open",
}
_TOOL_REFUSALS = {
    MeterDecision.TOOL_NOT_VALID: "a tool card whose mandate is not complete, or mandate or limits have a wrong MAC",
    MeterDecision.TOOL_ELSEWHERE: "a tool card of another area, or a clear card of another meter",
    MeterDecision.TOOL_EXPIRED: "a tool card past its last day",
    MeterDecision.TOOL_FULL: "a tool card without a free place for the registers",
    MeterDecision.TOOL_LATE: "a clear card later than two minutes after the mains came back",
}
_REFUSALS = {
    MeterDecision.NOT_OURS: "not a card of this format and utility, or its header is damaged",
    MeterDecision.MAC_WRONG: "no valid order: neither slot is complete with a right MAC",
    MeterDecision.OTHER_METER: "the order is for another meter",
    MeterDecision.OTHER_SUPPLY: "the meter is bound to another supply",
    MeterDecision.CARD_REPLACED: "the card's generation is lower than the bound one",
    MeterDecision.OTHER_CARD: "same generation, but not the bound card",
    MeterDecision.OVER_HOARDING: "the credit would exceed the hoarding limit; it stays on the card",
}


class Example:
    """One card, worked through; the values are the samples of the layout."""

    def __init__(self) -> None:
        self.vault = SealedVault({EXAMPLE_VERSION: bytearray(EXAMPLE_MASTER)})
        header, order, write_back = (sample.values for sample in SAMPLES)
        self.card = CardNo(header.figures["card"])
        self.utility = header.numbers["utility"]
        self.codec = Totals1(self.vault, utility=self.utility)
        self.order: Order = order_from(order)
        self.write_back: WriteBack = write_back_from(write_back)
        self.header = self.codec.encode_header(CardHeader(CardKind.USER, self.utility, self.card, EXAMPLE_VERSION))
        self.order_record = self.codec.encode_order(self.order, card=self.card)
        self.write_back_record = self.codec.encode_write_back(self.write_back, card=self.card)

    @property
    def image(self) -> bytes:
        """The whole card: issued, one order in slot A, slot B empty, written back by the meter."""
        image = bytearray(FACTORY_CHIP_AREA + b"\xff" * 224)
        image[HEADER_AREA.address : HEADER_AREA.end] = self.header
        image[SLOT_A.address : SLOT_A.end] = self.order_record
        image[WRITE_BACK_AREA.address : WRITE_BACK_AREA.end] = self.write_back_record
        image[SCRATCH.address] = ISSUE_MARKER
        return bytes(image)


class ToolExample:
    """A parameter card with one meter's acknowledgment; the values are the samples of the layout."""

    def __init__(self) -> None:
        codec = Example().codec
        self.card = CardNo("550000000900")
        mandate, limits, record = (sample.record.pack(sample.values) for sample in TOOL_SAMPLES)
        self.mandate = mandate_from(MANDATE.unpack(mandate), CardKind.PARAMETER)
        self.limits = limits_from(LIMITS.unpack(limits))
        self.record = field_record_from(FIELD_RECORD.unpack(record), Example().order.meter)
        self.header = codec.encode_header(CardHeader(CardKind.PARAMETER, Example().utility, self.card, EXAMPLE_VERSION))
        self.mandate_record = codec.encode_mandate(CardKind.PARAMETER, self.mandate, card=self.card, limits=self.limits)
        self.field_record = codec.encode_field_record(self.record, mandate=self.mandate, card=self.card)

    @property
    def image(self) -> bytes:
        """The whole card: issued, and acknowledged by one meter."""
        written = self.header + self.mandate_record + self.field_record
        image = bytearray(FACTORY_CHIP_AREA + written.ljust(224, b"\xff"))
        image[SCRATCH.address] = ISSUE_MARKER
        return bytes(image)


def image_map() -> str:
    """Where everything stands."""
    return _table("| address | bytes | content | written by |", (_map_row(area, area.content) for area in AREAS))


def _map_row(area: Area, content: str) -> str:
    return f"| 0x{area.address:02X}–0x{area.end - 1:02X} | {area.size} | {content} | {area.written_by} |"


def record_table(record: Record, *, lead: Sequence[str] = (), start: int = 0, tail: Sequence[str] = ()) -> str:
    """The fields of a record with their distance from its first byte."""
    rows = (
        f"| {start + at} | {field.size} | {field.name} | {field.form.value} | {field.meaning} |"
        for at, field in record.offsets()
    )
    return _table("| offset | bytes | field | form | meaning |", (*lead, *rows, *tail))


_STATE_ROW = f"| 0 | 1 | state | unsigned | {STATE_COMPLETE:02X} complete, FF being written |"


def order_table() -> str:
    return record_table(ORDER, lead=(_STATE_ROW,), start=1, tail=(_mac_row(1 + ORDER.size),))


def write_back_table() -> str:
    return record_table(WRITE_BACK, tail=(_mac_row(WRITE_BACK.size),))


def mandate_table() -> str:
    return record_table(MANDATE, lead=(_STATE_ROW,), start=1, tail=(_mac_row(1 + MANDATE.size),))


def tool_map() -> str:
    """Where everything stands on a tool card, behind the header."""
    places = places_of(CardKind.CHECK)
    rows = (
        _map_row(MANDATE_AREA, MANDATE_AREA.content),
        _map_row(LIMITS_AREA, "of a parameter card: limits"),
        *(_map_row(area, f"collected record{_not_there(area)}") for area in places),
        _map_row(SCRATCH, SCRATCH.content),
    )
    return _table("| address | bytes | content | written by |", rows)


def _not_there(area: Area) -> str:
    return " (not on a parameter card)" if area.address == LIMITS_AREA.address else ""


def _mac_row(at: int, size: int = MAC_SIZE) -> str:
    return f"| {at} | {size} | mac | bytes | MAC, see below |"


def flags_table() -> str:
    rows = (f"| {flag.value.bit_length() - 1} | {flag.value:02X} | {text} |" for flag, text in _FLAGS.items())
    return _table("| bit | value | meaning when set |", rows)


def refusals_table(refusals: Mapping[MeterDecision, str]) -> str:
    rows = (f"| `{decision.error_code}` | {text} |" for decision, text in refusals.items())
    return _table("| display | meaning |", rows)


def key_example() -> str:
    """Keys step by step."""
    example = Example()
    meter, version = example.order.meter, bytes([EXAMPLE_VERSION])
    context = bytes.fromhex(meter) + version
    k_psc = derive(EXAMPLE_MASTER, PSC_LABEL, version)
    return _block(
        f"master key, version {EXAMPLE_VERSION}   {_hex(EXAMPLE_MASTER)}",
        f"meter                    {meter}",
        f"KDF input for K_meter    {_hex(_kdf_input(MAC_LABEL, context))}",
        f"K_meter                  {_hex(derive(EXAMPLE_MASTER, MAC_LABEL, context))}",
        "",
        f"KDF input for K_psc      {_hex(_kdf_input(PSC_LABEL, version))}",
        f"K_psc                    {_hex(k_psc)}",
        f"card                     {example.card}",
        f"code of the card (PSC)   {_hex(example.vault.psc(card=example.card, key_version=EXAMPLE_VERSION))}",
    )


def _kdf_input(label: bytes, context: bytes) -> bytes:
    return bytes.fromhex("00000001") + label + b"\x00" + context + bytes.fromhex("00000080")


def record_example() -> str:
    """CRC and MACs step by step."""
    example = Example()
    return _block(
        f"CRC of the nine letters 123456789   {crc16(b'123456789'):04X}",
        f"header without CRC                  {_hex(example.header[:-2])}",
        f"header CRC                          {_hex(example.header[-2:])}",
        "",
        *_mac_lines("order", example.order_record[1:], ORDER_LABEL, example.card),
        "",
        *_mac_lines("write-back", example.write_back_record, WRITE_BACK_LABEL, example.card),
    )


def tool_example() -> str:
    """Keys and MACs of the tool card, step by step."""
    example = ToolExample()
    area = example.mandate.area.encode().ljust(AREA_SIZE, b"\x00")
    context = area + bytes([EXAMPLE_VERSION])
    body, number = example.mandate_record[1:PLACE_SIZE], MANDATE.fields[0].pack_number(example.mandate.number)
    kind = bytes([KIND_NUMBERS[CardKind.PARAMETER]])
    return _block(
        f"area                     {example.mandate.area}",
        f"KDF input for K_area     {_hex(_kdf_input(TOOL_LABEL, context))}",
        f"K_area                   {_hex(derive(EXAMPLE_MASTER, TOOL_LABEL, context))}",
        f"card                     {example.card}",
        "",
        *_mac_lines("mandate", body, MANDATE_LABEL + kind, example.card),
        "",
        *_mac_lines("limits", example.mandate_record[PLACE_SIZE:], LIMITS_LABEL + body[:-MAC_SIZE], example.card),
        "",
        *_mac_lines("collected", example.field_record, FIELD_RECORD_LABEL, example.card, number, size=FIELD_MAC_SIZE),
    )


def _mac_lines(
    name: str, record: bytes, label: bytes, card: CardNo, behind: bytes = b"", *, size: int = MAC_SIZE
) -> list[str]:
    message = label + record[:-size] + behind + bytes.fromhex(card)
    return [
        f"{name}: message under the MAC, {len(message)} bytes",
        *(f"  {_hex(message[at : at + 24])}" for at in range(0, len(message), 24)),
        f"{name}: MAC   {_hex(record[-size:])}",
    ]


def value_lines(samples: Iterable[Sample]) -> str:
    """What an example says, so that a decoder can be compared with it."""
    rows = []
    for sample in samples:
        values = {**sample.values.figures, **sample.values.numbers}
        told = [field for field in sample.record.fields if field.form is not Form.SPARE]
        rows += [f"{sample.record.title.lower()}.{field.name} = {values[field.name]}" for field in told]
    return _block(*rows)


def image_lines(image: bytes) -> str:
    """The 256 bytes of an example."""
    return _block(*(f"{at:02X}  {image[at : at + 16].hex(' ').upper()}" for at in range(0, 256, 16)))


PARTS: dict[str, Callable[[], str]] = {
    "map": image_map,
    "header": lambda: record_table(HEADER),
    "order": order_table,
    "write-back": write_back_table,
    "flags": flags_table,
    "refusals": lambda: refusals_table(_REFUSALS),
    "tool-map": tool_map,
    "mandate": mandate_table,
    "limits": lambda: record_table(LIMITS, tail=(_mac_row(LIMITS.size),)),
    "collected": lambda: record_table(FIELD_RECORD, tail=(_mac_row(FIELD_RECORD.size, FIELD_MAC_SIZE),)),
    "tool-refusals": lambda: refusals_table(_TOOL_REFUSALS),
    "tool-records": tool_example,
    "tool-values": lambda: value_lines(TOOL_SAMPLES),
    "tool-image": lambda: image_lines(ToolExample().image),
    "keys": key_example,
    "records": record_example,
    "values": lambda: value_lines(SAMPLES[1:]),
    "image": lambda: image_lines(Example().image),
}


def renewed(document: str) -> str:
    """The document with every generated part made anew. Raises KeyError for a part that nobody makes."""
    return _MARK.sub(lambda found: found[1] + PARTS[found[2]]() + found[3], document)


def _table(heads: str, rows: Iterable[str]) -> str:
    ruler = "|" + "---|" * (heads.count("|") - 1)
    return "\n".join((heads, ruler, *rows))


def _block(*lines: str) -> str:
    return "\n".join(("```text", *lines, "```"))


def _hex(raw: bytes | bytearray) -> str:
    return raw.hex().upper()


if __name__ == "__main__":
    for name in sys.argv[1:]:
        path = Path(name)
        path.write_text(renewed(path.read_text(encoding="utf-8")), encoding="utf-8")
