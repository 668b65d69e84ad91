"""What check cards do for an inspection list: which are out, and what they brought from its meters (row S11)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from vending_app.domain.ids import SupplyNo
from vending_app.domain.inspection import FieldCard, FieldRead
from vending_app.ledger.books import Books
from vending_app.ledger.codec import day_of, time_text, write_back_of

_OUT = """
SELECT area, mandate, full_name, expires_on FROM tool_cards JOIN operators ON operators.name = carrier
WHERE kind = 'check' AND tool_cards.at >= ?
    AND EXISTS (SELECT 1 FROM tool_marks WHERE tool_marks.mandate = tool_cards.mandate AND mark = 'written')
    AND NOT EXISTS (SELECT 1 FROM tool_marks WHERE tool_marks.mandate = tool_cards.mandate AND mark = 'read')
ORDER BY mandate
"""


def cards_out(books: Books, *, since: datetime) -> Mapping[str, FieldCard]:
    """By the code of its area, the newest check card that was issued since and is not read in."""
    return {
        area: FieldCard(mandate, name, date.fromisoformat(expires))
        for area, mandate, name, expires in books.tuples(_OUT, (time_text(since),))
    }


_READ = """
SELECT tool_readings.supply, mandate, body, tool_readings.at FROM tool_readings
WHERE supply IS NOT NULL AND outcome = 'counted' AND tool_readings.at >= ? ORDER BY tool_readings.journal
"""


def reads(books: Books, *, since: datetime) -> Mapping[SupplyNo, FieldRead]:
    """By supply, what a check card brought last since then."""
    return {
        SupplyNo(supply): FieldRead(mandate, day_of(datetime.fromisoformat(at)), write_back_of(body).used_total)
        for supply, mandate, body, at in books.tuples(_READ, (time_text(since),))
    }
