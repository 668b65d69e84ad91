"""The generated parts of docs/card-format.md about key cards; see `card_format_tables.py`."""

from __future__ import annotations

from collections.abc import Callable

from vending_app.cardio.derivation import CLASSIC_LABEL, MAC_LABEL, PSC_LABEL, TOOL_LABEL, WRAP_LABEL, derive
from vending_app.cardio.emulated.store import FACTORY_CHIP_AREA
from vending_app.cardio.format_text import (
    EXAMPLE_MASTER,
    EXAMPLE_VERSION,
    as_hex,
    block,
    image_lines,
    kdf_input,
    mac_lines,
    mac_row,
    record_table,
    value_lines,
)
from vending_app.cardio.tool_codec import mandate_from
from vending_app.cardio.tool_layout import (
    AREA_SIZE,
    KEY_SAMPLES,
    MANDATE,
    MANDATE_LABEL,
    NEW_KEYS,
    NEW_KEYS_LABEL,
    PLACE_SIZE,
    WRAPPED_SIZE,
)
from vending_app.cardio.totals1 import Totals1
from vending_app.cardio.totals1_layout import ISSUE_MARKER, KIND_NUMBERS, MAC_SIZE, SAMPLES, SCRATCH
from vending_app.cardio.vault import SealedVault
from vending_app.domain.card import CardHeader, CardKeyName, CardKind
from vending_app.domain.ids import CardNo
from vending_app.domain.tool_card import NewKeys

UTILITY = SAMPLES[0].values.numbers["utility"]
NEXT_MASTER = bytes(range(16, 32))
"""Version 2 of the worked example."""
CARD = CardNo("550000000901")


class KeyExample:
    """A key card as it was issued; the values are the samples of the layout."""

    def __init__(self) -> None:
        mandate, new_keys = (sample.values for sample in KEY_SAMPLES)
        self.mandate = mandate_from(MANDATE.unpack(MANDATE.pack(mandate)), CardKind.KEY)
        self.new_keys = NewKeys(new_keys.numbers["version"], new_keys.figures["key_area"])
        masters = {EXAMPLE_VERSION: bytearray(EXAMPLE_MASTER), self.new_keys.version: bytearray(NEXT_MASTER)}
        codec = Totals1(SealedVault(masters), utility=UTILITY)
        self.header = codec.encode_header(CardHeader(CardKind.KEY, UTILITY, CARD, EXAMPLE_VERSION))
        self.record = codec.encode_mandate(CardKind.KEY, self.mandate, card=CARD, new_keys=self.new_keys)

    @property
    def image(self) -> bytes:
        """The whole card."""
        image = bytearray(FACTORY_CHIP_AREA + (self.header + self.record).ljust(224, b"\xff"))
        image[SCRATCH.address] = ISSUE_MARKER
        return bytes(image)


def key_card_example() -> str:
    """Keys, wrapping and MACs of the key card, step by step."""
    example = KeyExample()
    assert example.mandate.meter is not None, "a key card is for one meter"
    meter, old, new = bytes.fromhex(example.mandate.meter), bytes([EXAMPLE_VERSION]), bytes([example.new_keys.version])
    area = example.new_keys.area.encode().ljust(AREA_SIZE, b"\x00")
    own = derive(EXAMPLE_MASTER, MAC_LABEL, meter + old)
    body, told = example.record[1:PLACE_SIZE], example.record[PLACE_SIZE:]
    return block(
        f"master key, version {new[0]}    {as_hex(NEXT_MASTER)}",
        f"K_meter, version {old[0]}       {as_hex(own)}",
        f"KDF input for K_wrap     {as_hex(kdf_input(WRAP_LABEL, new))}",
        f"K_wrap                   {as_hex(derive(own, WRAP_LABEL, new))}",
        f"K_meter, version {new[0]}       {as_hex(derive(NEXT_MASTER, MAC_LABEL, meter + new))}",
        f"K_psc, version {new[0]}         {as_hex(derive(NEXT_MASTER, PSC_LABEL, new))}",
        f"K_area, version {new[0]}        {as_hex(derive(NEXT_MASTER, TOOL_LABEL, area + new))}",
        f"K_mfc, version {new[0]}         {as_hex(derive(NEXT_MASTER, CLASSIC_LABEL, new))}",
        f"VEND-DF-METER, version {new[0]} {as_hex(derive(NEXT_MASTER, CardKeyName.METER.value.encode(), new))}",
        f"wrapped                  {as_hex(told[NEW_KEYS.size : -MAC_SIZE])}",
        f"card                     {CARD}",
        "",
        *mac_lines("mandate", body, MANDATE_LABEL + bytes([KIND_NUMBERS[CardKind.KEY]]), CARD),
        "",
        *mac_lines("new keys", told, NEW_KEYS_LABEL + body[:-MAC_SIZE], CARD),
    )


_WRAPPED = f"| {NEW_KEYS.size} | {WRAPPED_SIZE} | wrapped | bytes | the five keys, wrapped, see below |"
KEY_PARTS: dict[str, Callable[[], str]] = {
    "new-keys": lambda: record_table(NEW_KEYS, tail=(_WRAPPED, mac_row(NEW_KEYS.size + WRAPPED_SIZE))),
    "key-records": key_card_example,
    "key-values": lambda: value_lines(KEY_SAMPLES),
    "key-image": lambda: image_lines(KeyExample().image),
}
