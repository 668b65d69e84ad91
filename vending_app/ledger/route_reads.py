"""What check cards do for an inspection list: which are out, and what they brought from its meters (row S11)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from vending_app.domain.ids import SupplyNo
from vending_app.domain.inspection import FieldCard, FieldRead
from vending_app.ledger.books import Books
from vending_app.ledger.codec import day_of, time_text, write_back_of

IS_OUT = """
kind = 'check'
    AND EXISTS (SELECT 1 FROM tool_marks WHERE tool_marks.mandate = tool_cards.mandate AND mark = 'written')
    AND NOT EXISTS (SELECT 1 FROM tool_marks WHERE tool_marks.mandate = tool_cards.mandate AND mark = 'read')
    AND NOT EXISTS (SELECT 1 FROM tool_cards AS later
        WHERE later.card = tool_cards.card AND later.mandate > tool_cards.mandate)
"""
"""Of a row of `tool_cards`: written, not come back, and not written again for something else."""
_OUT = f"""
SELECT area, mandate, full_name, expires_on FROM tool_cards JOIN operators ON operators.name = carrier
WHERE {IS_OUT} ORDER BY mandate
"""


def cards_out(books: Books) -> Mapping[str, FieldCard]:
    """By the code of its area, the newest check card that was written and has not come back, however old it is."""
    return {
        area: FieldCard(mandate, name, date.fromisoformat(expires))
        for area, mandate, name, expires in books.tuples(_OUT)
    }


_READ = """
SELECT tool_readings.supply, tool_readings.mandate, body, tool_readings.at, tool_cards.at AS went
FROM tool_readings JOIN tool_cards ON tool_cards.mandate = tool_readings.mandate
WHERE supply IS NOT NULL AND outcome = 'counted' AND tool_readings.at >= ? ORDER BY tool_readings.journal
"""


def reads(books: Books, *, since: datetime) -> Mapping[SupplyNo, FieldRead]:
    """By supply, what a check card took there last since then; where it only came back since then, nothing."""
    found: dict[SupplyNo, FieldRead] = {}
    for supply, mandate, body, came, went in books.tuples(_READ, (time_text(since),)):
        told = write_back_of(body)
        on = _day_there(told.meter_time, went=datetime.fromisoformat(went), came=datetime.fromisoformat(came))
        if on >= day_of(since):
            found[SupplyNo(supply)] = FieldRead(mandate, on, told.used_total)
    return found


def _day_there(told: datetime, *, went: datetime, came: datetime) -> date:
    """By the meter's clock, as far as it can be: the card was there after it went out, and before it came back."""
    return max(day_of(went), min(day_of(told), day_of(came)))
