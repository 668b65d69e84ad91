"""Proving what came back from the field: every record that counts is a write-back, and each came under a mandate."""

from __future__ import annotations

from collections.abc import Iterator

from vending_app.ledger.books import Books

RECORD_BYTES = 32
"""Of a collected record; a customer's card brings 64."""
_NOT_COUNTED = """
SELECT mandate, meter FROM tool_readings AS reading WHERE outcome IN ('counted', 'older') AND NOT EXISTS (
    SELECT 1 FROM write_backs JOIN tool_cards ON tool_cards.card = write_backs.card
    WHERE tool_cards.mandate = reading.mandate AND write_backs.supply = reading.supply
        AND write_backs.record = reading.record)
ORDER BY mandate, meter
"""
_NOT_READ = f"""
SELECT supply, running FROM write_backs WHERE length(record) = {RECORD_BYTES} AND NOT EXISTS (
    SELECT 1 FROM tool_readings JOIN tool_cards ON tool_cards.mandate = tool_readings.mandate
    WHERE tool_cards.card = write_backs.card AND tool_readings.record = write_backs.record
        AND tool_readings.supply = write_backs.supply)
ORDER BY supply, running
"""


def check_tools(books: Books) -> Iterator[str]:
    """What was read in from tool cards and what was counted of it agree."""
    for row in books.all(_NOT_COUNTED):
        yield f"tool card {row['mandate']}: the record of meter {row['meter']} is not among the write-backs"
    for row in books.all(_NOT_READ):
        yield f"supply {row['supply']}: write-back {row['running']} from the field was read in from no tool card"
