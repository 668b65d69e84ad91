"""How the generated parts of docs/card-format.md are put: tables, blocks, and the keys of the worked examples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from vending_app.cardio.layout import Form, Record
from vending_app.cardio.totals1_layout import MAC_SIZE, STATE_COMPLETE, Area, Sample
from vending_app.domain.ids import CardNo
from vending_app.domain.meter import MeterDecision

EXAMPLE_MASTER = bytes(range(16))
EXAMPLE_VERSION = 1
STATE_ROW = f"| 0 | 1 | state | unsigned | {STATE_COMPLETE:02X} complete, FF being written |"


def record_table(record: Record, *, lead: Sequence[str] = (), start: int = 0, tail: Sequence[str] = ()) -> str:
    """The fields of a record with their distance from its first byte."""
    rows = (
        f"| {start + at} | {field.size} | {field.name} | {field.form.value} | {field.meaning} |"
        for at, field in record.offsets()
    )
    return table("| offset | bytes | field | form | meaning |", (*lead, *rows, *tail))


def mac_row(at: int, size: int = MAC_SIZE) -> str:
    """The last row of a record."""
    return f"| {at} | {size} | mac | bytes | MAC, see below |"


def map_row(area: Area, content: str) -> str:
    """A stretch of the card."""
    return f"| 0x{area.address:02X}–0x{area.end - 1:02X} | {area.size} | {content} | {area.written_by} |"


def refusals_table(refusals: Mapping[MeterDecision, str]) -> str:
    """Codes of the display, and what they mean."""
    rows = (f"| `{decision.error_code}` | {text} |" for decision, text in refusals.items())
    return table("| display | meaning |", rows)


def kdf_input(label: bytes, context: bytes) -> bytes:
    """What goes into the one round of the derivation."""
    return bytes.fromhex("00000001") + label + b"\x00" + context + bytes.fromhex("00000080")


def mac_lines(
    name: str, record: bytes, label: bytes, card: CardNo, behind: bytes = b"", *, size: int = MAC_SIZE
) -> list[str]:
    """The message under a MAC, and the MAC."""
    message = label + record[:-size] + behind + bytes.fromhex(card)
    return [
        f"{name}: message under the MAC, {len(message)} bytes",
        *(f"  {as_hex(message[at : at + 24])}" for at in range(0, len(message), 24)),
        f"{name}: MAC   {as_hex(record[-size:])}",
    ]


def value_lines(samples: Iterable[Sample]) -> str:
    """What an example says, so that a decoder can be compared with it."""
    rows = []
    for sample in samples:
        values = {**sample.values.figures, **sample.values.numbers}
        told = [field for field in sample.record.fields if field.form is not Form.SPARE]
        rows += [f"{sample.record.title.lower()}.{field.name} = {values[field.name]}" for field in told]
    return block(*rows)


def image_lines(image: bytes) -> str:
    """The 256 bytes of an example."""
    return block(*(f"{at:02X}  {image[at : at + 16].hex(' ').upper()}" for at in range(0, 256, 16)))


def table(heads: str, rows: Iterable[str]) -> str:
    ruler = "|" + "---|" * (heads.count("|") - 1)
    return "\n".join((heads, ruler, *rows))


def block(*lines: str) -> str:
    return "\n".join(("```text", *lines, "```"))


def as_hex(raw: bytes | bytearray) -> str:
    return raw.hex().upper()
