"""What was paid of arrears: with sales, by itself, or with energy that goes back, less what reversals gave back."""

from __future__ import annotations

from collections.abc import Iterable

from vending_app.domain.closing import Totals
from vending_app.domain.money import Money
from vending_app.ledger.books import Books
from vending_app.ledger.entries import INCOME_FEE, OF_ARREARS, OPENING
from vending_app.ledger.fold import Stretch, within
from vending_app.ledger.kinds import Kind

IS_PAID = f"""
    {OF_ARREARS} AND line.kind <> '{Kind.METER_CHANGE.value}' AND (line.kind <> '{Kind.SETTLE.value}' OR amount < 0)
    AND NOT EXISTS
    (SELECT 1 FROM postings AS owed WHERE owed.journal = line.id AND owed.account IN ('{INCOME_FEE}', '{OPENING}'))
"""
"""The condition that a posting of the row `line` is no new debt: neither a fee, nor an opening, nor energy that was
used past what was bought when a meter was changed or a supply ended."""
# The rows of a stretch first, because their postings are found by them; SQLite keeps to it in a CROSS JOIN.
_OWED_AT_ENDS = f"""
SELECT coalesce(sum(amount), 0) FROM journal AS line CROSS JOIN postings
WHERE postings.journal = line.id AND {within("line")} AND {OF_ARREARS}
    AND (line.kind = '{Kind.METER_CHANGE.value}' OR (line.kind = '{Kind.SETTLE.value}' AND amount > 0))
"""


def recovered(books: Books, totals: Totals, found: Iterable[Stretch]) -> Money:
    """From the totals of these stretches; below nothing if more was given back than was paid.

    Totals tell fees and openings. New debt for energy they do not tell from income, so that it is read wherever they
    tell that a meter was changed or a supply ended.
    """
    owed_anew = -sum(totals.money.get(account, 0) for account in (INCOME_FEE, OPENING))
    if any(totals.acts.get(kind.value) for kind in (Kind.METER_CHANGE, Kind.SETTLE)):
        owed_anew += sum(int(books.value(_OWED_AT_ENDS, stretch)) for stretch in found)
    return Money(owed_anew - totals.money.get("arrears", 0))
