"""docs/card-format.md is true: it is up to date, and what was built from it alone reads the program's cards."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cardio.builders import (
    A_WRITE_BACK,
    CARD,
    MASTER,
    UTILITY,
    Counter,
    a_codec,
    a_vault,
    a_write,
)
from tests.independent_card_check import check, crc16
from tests.independent_tool_check import check_key_card, check_tool
from vending_app.cardio.card_format_tables import PARTS, renewed
from vending_app.cardio.emulated.meter_slot import EmulatedMeterSlot

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "card-format.md").read_text(encoding="utf-8")
SCRIPT = ROOT / "tests" / "independent_card_check.py"


def part(name: str) -> str:
    """What the document shows between two marks."""
    found = re.search(rf"<!-- generated: {name} -->\n(.*?)\n<!-- end -->", DOCUMENT, re.DOTALL)
    assert found, name
    return found[1]


def documented_image(name: str = "image") -> bytes:
    return bytes.fromhex("".join(line[4:] for line in part(name).splitlines()[1:-1]))


def documented_values(record: str, *, values: str = "values") -> dict[str, str]:
    pairs = (line.split(" = ") for line in part(values).splitlines() if line.startswith(f"{record}."))
    return {name.removeprefix(f"{record}."): value for name, value in pairs}


def test_the_document_is_not_stale() -> None:
    assert renewed(DOCUMENT) == DOCUMENT, "run python -m vending_app.cardio.card_format_tables docs/card-format.md"


def test_every_generated_part_is_in_the_document() -> None:
    assert set(re.findall(r"<!-- generated: ([a-z-]+) -->", DOCUMENT)) == set(PARTS)


def test_a_program_written_from_the_document_reads_its_worked_example() -> None:
    found = check(documented_image(), MASTER, UTILITY)
    assert found["is_ours"]
    assert stringified(found["orders"]["A"]) == documented_values("order")  # type: ignore[index]
    assert stringified(found["write_back"]) == documented_values("write-back")
    assert str(found["psc"]).upper() in part("keys")


def test_a_program_written_from_the_document_reads_the_tool_card_of_the_worked_example() -> None:
    image = documented_image("tool-image")
    found = check_tool(image, MASTER)
    assert found is not None
    assert stringified(found["mandate"]) == documented_values("mandate", values="tool-values")
    assert stringified(found["limits"]) == documented_values("limits", values="tool-values")
    records = found["records"]
    assert isinstance(records, list)
    [told] = map(stringified, records)
    assert told.pop("meter_number") == "12345678"
    assert told | {"meter": "12345678"} == documented_values("collected", values="tool-values")
    for address in (0x23, 0x27, 0x31, 0x4F, 0x50, 0x6F):
        changed = bytearray(image)
        changed[address] ^= 1
        assert check_tool(bytes(changed), MASTER) is None, hex(address)
    for address in (0x70, 0x8A, 0x8F):
        changed = bytearray(image)
        changed[address] ^= 1
        spoilt = check_tool(bytes(changed), MASTER)
        assert spoilt is not None
        assert spoilt["records"] == [], hex(address)


def test_a_program_written_from_the_document_reads_the_key_card_of_the_worked_example() -> None:
    image = documented_image("key-image")
    masters = {1: MASTER, 2: bytes.fromhex("101112131415161718191A1B1C1D1E1F")}
    assert stringified(check_key_card(image, masters)) == documented_values("new keys", values="key-values")
    for address in (0x23, 0x27, 0x31, 0x4F, 0x50, 0x58, 0x6F, 0x70, 0xA7, 0xAF):
        changed = bytearray(image)
        changed[address] ^= 1
        assert check_key_card(bytes(changed), masters) is None, hex(address)


def stringified(values: object) -> dict[str, str]:
    assert isinstance(values, dict)
    return {name: str(value) for name, value in values.items()}


def test_the_crc_is_the_one_with_this_name() -> None:
    """29B1 for the nine letters is the check value of CRC-16/CCITT-FALSE in the catalogue of CRCs."""
    assert crc16(b"123456789") == 0x29B1
    assert "29B1" in part("records")


def test_a_program_written_from_the_document_reads_a_sold_and_written_back_card(tmp_path: Path) -> None:
    counter = Counter()
    card = counter.issued_card()
    counter.carry_out(card, a_write(2))
    counter.carry_out(card, a_write(3))
    record = a_codec().encode_write_back(A_WRITE_BACK, card=CARD)
    assert EmulatedMeterSlot(card, vault=a_vault()).write_back(record, card=CARD, key_version=1)
    found = check(card.image, MASTER, UTILITY)
    orders = found["orders"]
    assert isinstance(orders, dict)
    assert [orders[slot]["sequence"] for slot in "AB"] == [3, 2]
    assert stringified(found["write_back"])["remaining"] == "12688"


@pytest.mark.parametrize("address", [0x31, 0x6F, 0xB0, 0xEF, 0x27])
def test_the_independent_check_sees_one_changed_bit(address: int) -> None:
    image = bytearray(documented_image())
    image[address] ^= 1
    found = check(bytes(image), MASTER, UTILITY)
    whole = check(documented_image(), MASTER, UTILITY)
    assert found != whole
    assert not (found["is_ours"] and found["orders"]["A"] and found["write_back"])  # type: ignore[index]


def test_the_independent_check_runs_by_itself_and_knows_nothing_of_the_program(tmp_path: Path) -> None:
    assert len(SCRIPT.read_text(encoding="utf-8").splitlines()) <= 60
    assert not re.search(r"^(from|import) vending_app", SCRIPT.read_text(encoding="utf-8"), re.MULTILINE)
    image = tmp_path / "card.bin"
    image.write_bytes(documented_image())
    answer = subprocess.run(
        [sys.executable, "-I", SCRIPT, image, MASTER.hex(), str(UTILITY)], check=True, capture_output=True, text=True
    )
    assert '"is_ours": true' in answer.stdout
