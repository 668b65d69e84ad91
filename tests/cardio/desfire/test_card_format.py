"""The DESFire chapter of the card format says what the program does, and is enough to build a meter from."""

from __future__ import annotations

from pathlib import Path

from tests.independent_desfire_check import check
from vending_app.cardio.desfire_format_tables import Issued

DOCUMENT = Path(__file__).parents[3] / "docs" / "card-format.md"


def test_a_meter_written_from_the_document_reads_the_order_and_writes_back() -> None:
    example = Issued()
    assert check(DOCUMENT.read_text()) == {
        "header": example.write.header.hex(),
        "order": example.write.record.hex(),
        "write_back": example.write_back.hex(),
    }
