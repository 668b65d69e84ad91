"""The generated parts of docs/card-format.md: tables and worked examples, from the declaration and the codec.

    python -m vending_app.cardio.card_format_tables docs/card-format.md

writes each part anew between its two marks; everything else in the document is written by hand.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

from vending_app.cardio.classic_format_tables import CLASSIC_PARTS
from vending_app.cardio.crc import crc16
from vending_app.cardio.derivation import MAC_LABEL, PSC_LABEL, derive
from vending_app.cardio.desfire_format_tables import DESFIRE_PARTS
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
from vending_app.cardio.key_format_tables import KEY_PARTS
from vending_app.cardio.tool_format_tables import TOOL_PARTS
from vending_app.cardio.totals1 import Totals1, order_from, write_back_from
from vending_app.cardio.totals1_layout import (
    AREAS,
    HEADER,
    HEADER_AREA,
    ISSUE_MARKER,
    ORDER,
    ORDER_LABEL,
    SAMPLES,
    SCRATCH,
    SLOT_A,
    WRITE_BACK,
    WRITE_BACK_AREA,
    WRITE_BACK_LABEL,
)
from vending_app.cardio.vault import SealedVault
from vending_app.domain.card import CardHeader, CardKind, MeterStatus, Order, WriteBack
from vending_app.domain.ids import CardNo
from vending_app.domain.meter import MeterDecision

_MARK = re.compile(r"(<!-- generated: ([a-z-]+) -->\n).*?(\n<!-- end -->)", re.DOTALL)

_FLAGS = {
    MeterStatus.RELAY_OPEN: "the relay is open",
    MeterStatus.LOW_CREDIT: "remaining energy is at or below an alarm level",
    MeterStatus.LOW_CREDIT_TRIPPED: "the relay opened at the alarm level",
    MeterStatus.AT_ZERO: "nothing remains",
    MeterStatus.OVERLOAD_TRIPPED: "the relay opened on overload",
    MeterStatus.COVER_OPEN: "the cover is open",
}
_REFUSALS = {
    MeterDecision.NOT_OURS: "not a card of this format and utility, or its header is damaged",
    MeterDecision.MAC_WRONG: "no valid order: neither slot is complete with a right MAC",
    MeterDecision.OTHER_METER: "the order is for another meter",
    MeterDecision.OTHER_SUPPLY: "the meter is bound to another supply, or was cleared of this one",
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


def image_map() -> str:
    """Where everything stands."""
    return table("| address | bytes | content | written by |", (map_row(area, area.content) for area in AREAS))


def order_table() -> str:
    return record_table(ORDER, lead=(STATE_ROW,), start=1, tail=(mac_row(1 + ORDER.size),))


def write_back_table() -> str:
    return record_table(WRITE_BACK, tail=(mac_row(WRITE_BACK.size),))


def flags_table() -> str:
    rows = (f"| {flag.value.bit_length() - 1} | {flag.value:02X} | {text} |" for flag, text in _FLAGS.items())
    return table("| bit | value | meaning when set |", rows)


def key_example() -> str:
    """Keys step by step."""
    example = Example()
    meter, version = example.order.meter, bytes([EXAMPLE_VERSION])
    context = bytes.fromhex(meter) + version
    k_psc = derive(EXAMPLE_MASTER, PSC_LABEL, version)
    return block(
        f"master key, version {EXAMPLE_VERSION}   {as_hex(EXAMPLE_MASTER)}",
        f"meter                    {meter}",
        f"KDF input for K_meter    {as_hex(kdf_input(MAC_LABEL, context))}",
        f"K_meter                  {as_hex(derive(EXAMPLE_MASTER, MAC_LABEL, context))}",
        "",
        f"KDF input for K_psc      {as_hex(kdf_input(PSC_LABEL, version))}",
        f"K_psc                    {as_hex(k_psc)}",
        f"card                     {example.card}",
        f"code of the card (PSC)   {as_hex(example.vault.psc(card=example.card, key_version=EXAMPLE_VERSION))}",
    )


def record_example() -> str:
    """CRC and MACs step by step."""
    example = Example()
    return block(
        f"CRC of the nine letters 123456789   {crc16(b'123456789'):04X}",
        f"header without CRC                  {as_hex(example.header[:-2])}",
        f"header CRC                          {as_hex(example.header[-2:])}",
        "",
        *mac_lines("order", example.order_record[1:], ORDER_LABEL, example.card),
        "",
        *mac_lines("write-back", example.write_back_record, WRITE_BACK_LABEL, example.card),
    )


PARTS: dict[str, Callable[[], str]] = {
    "map": image_map,
    "header": lambda: record_table(HEADER),
    "order": order_table,
    "write-back": write_back_table,
    "flags": flags_table,
    "refusals": lambda: refusals_table(_REFUSALS),
    **TOOL_PARTS,
    **CLASSIC_PARTS,
    **DESFIRE_PARTS,
    **KEY_PARTS,
    "keys": key_example,
    "records": record_example,
    "values": lambda: value_lines(SAMPLES[1:]),
    "image": lambda: image_lines(Example().image),
}


def renewed(document: str) -> str:
    """The document with every generated part made anew. Raises KeyError for a part that nobody makes."""
    return _MARK.sub(lambda found: found[1] + PARTS[found[2]]() + found[3], document)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        path = Path(name)
        path.write_text(renewed(path.read_text(encoding="utf-8")), encoding="utf-8")
