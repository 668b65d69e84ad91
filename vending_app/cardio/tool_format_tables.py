"""The generated parts of docs/card-format.md about tool cards; see `card_format_tables.py`."""

from __future__ import annotations

from collections.abc import Callable

from vending_app.cardio.derivation import TOOL_LABEL, derive
from vending_app.cardio.emulated.store import FACTORY_CHIP_AREA
from vending_app.cardio.format_text import (
    EXAMPLE_MASTER,
    EXAMPLE_VERSION,
    STATE_ROW,
    as_hex,
    block,
    image_lines,
    kdf_input,
    mac_lines,
    mac_row,
    map_row,
    record_table,
    refusals_table,
    table,
    value_lines,
)
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
    NEW_KEYS_AREA,
    PLACE_SIZE,
    TOOL_SAMPLES,
    places_of,
)
from vending_app.cardio.totals1 import Totals1
from vending_app.cardio.totals1_layout import ISSUE_MARKER, KIND_NUMBERS, MAC_SIZE, SAMPLES, SCRATCH, Area
from vending_app.cardio.vault import SealedVault
from vending_app.domain.card import CardHeader, CardKind
from vending_app.domain.ids import CardNo, MeterNo
from vending_app.domain.meter import MeterDecision

UTILITY = SAMPLES[0].values.numbers["utility"]
METER = MeterNo(SAMPLES[1].values.figures["meter"])
"""Utility and meter of the other worked example."""
_TOOL_REFUSALS = {
    MeterDecision.TOOL_NOT_VALID: "a tool card whose mandate is not complete, or mandate or limits have a wrong MAC",
    MeterDecision.TOOL_ELSEWHERE: "a tool card of another area, or a clear or key card of another meter",
    MeterDecision.TOOL_EXPIRED: "a tool card past its last day",
    MeterDecision.TOOL_FULL: "a tool card without a free place for the registers",
    MeterDecision.TOOL_LATE: "a clear card later than two minutes after the mains came back",
    MeterDecision.KEYS_KNOWN: "a key card whose keys the meter has already, and another card brought the newest",
    MeterDecision.KEYS_NOT_OPENED: "a key card whose new keys have a wrong MAC, or do not open under the meter’s key",
}


class ToolExample:
    """A parameter card with one meter's acknowledgment; the values are the samples of the layout."""

    def __init__(self) -> None:
        vault = SealedVault({EXAMPLE_VERSION: bytearray(EXAMPLE_MASTER)})
        codec = Totals1(vault, utility=UTILITY)
        self.card = CardNo("550000000900")
        mandate, limits, record = (sample.record.pack(sample.values) for sample in TOOL_SAMPLES)
        self.mandate = mandate_from(MANDATE.unpack(mandate), CardKind.PARAMETER)
        self.limits = limits_from(LIMITS.unpack(limits))
        self.record = field_record_from(FIELD_RECORD.unpack(record), METER)
        self.header = codec.encode_header(CardHeader(CardKind.PARAMETER, UTILITY, self.card, EXAMPLE_VERSION))
        self.mandate_record = codec.encode_mandate(CardKind.PARAMETER, self.mandate, card=self.card, limits=self.limits)
        self.field_record = codec.encode_field_record(self.record, mandate=self.mandate, card=self.card)

    @property
    def image(self) -> bytes:
        """The whole card: issued, and acknowledged by one meter."""
        written = self.header + self.mandate_record + self.field_record
        image = bytearray(FACTORY_CHIP_AREA + written.ljust(224, b"\xff"))
        image[SCRATCH.address] = ISSUE_MARKER
        return bytes(image)


def mandate_table() -> str:
    """The fields of a mandate, state byte first."""
    return record_table(MANDATE, lead=(STATE_ROW,), start=1, tail=(mac_row(1 + MANDATE.size),))


def tool_map() -> str:
    """Where everything stands on a tool card, behind the header."""
    places = places_of(CardKind.CHECK)
    rows = (
        map_row(MANDATE_AREA, MANDATE_AREA.content),
        map_row(LIMITS_AREA, "of a parameter card: limits"),
        map_row(NEW_KEYS_AREA, "of a key card: new keys"),
        *(map_row(area, f"collected record{_not_there(area)}") for area in places),
        map_row(SCRATCH, SCRATCH.content),
    )
    return table("| address | bytes | content | written by |", rows)


def _not_there(area: Area) -> str:
    if area.address == LIMITS_AREA.address:
        return " (not on a parameter or key card)"
    return " (not on a key card)" if area.address < NEW_KEYS_AREA.end else ""


def tool_example() -> str:
    """Keys and MACs of the tool card, step by step."""
    example = ToolExample()
    area = example.mandate.area.encode().ljust(AREA_SIZE, b"\x00")
    context = area + bytes([EXAMPLE_VERSION])
    body, number = example.mandate_record[1:PLACE_SIZE], MANDATE.fields[0].pack_number(example.mandate.number)
    kind = bytes([KIND_NUMBERS[CardKind.PARAMETER]])
    return block(
        f"area                     {example.mandate.area}",
        f"KDF input for K_area     {as_hex(kdf_input(TOOL_LABEL, context))}",
        f"K_area                   {as_hex(derive(EXAMPLE_MASTER, TOOL_LABEL, context))}",
        f"card                     {example.card}",
        "",
        *mac_lines("mandate", body, MANDATE_LABEL + kind, example.card),
        "",
        *mac_lines("limits", example.mandate_record[PLACE_SIZE:], LIMITS_LABEL + body[:-MAC_SIZE], example.card),
        "",
        *mac_lines("collected", example.field_record, FIELD_RECORD_LABEL, example.card, number, size=FIELD_MAC_SIZE),
    )


TOOL_PARTS: dict[str, Callable[[], str]] = {
    "tool-map": tool_map,
    "mandate": mandate_table,
    "limits": lambda: record_table(LIMITS, tail=(mac_row(LIMITS.size),)),
    "collected": lambda: record_table(FIELD_RECORD, tail=(mac_row(FIELD_RECORD.size, FIELD_MAC_SIZE),)),
    "tool-refusals": lambda: refusals_table(_TOOL_REFUSALS),
    "tool-records": tool_example,
    "tool-values": lambda: value_lines(TOOL_SAMPLES),
    "tool-image": lambda: image_lines(ToolExample().image),
}
