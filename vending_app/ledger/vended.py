"""What a desk has vended since its newest grant: sold, entered again, and carried to another meter."""

from __future__ import annotations

import json

from vending_app.domain.allowance import Grant
from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.sale import Purpose, SaleIntent
from vending_app.ledger.books import Books
from vending_app.ledger.codec import time_text
from vending_app.ledger.journal import INTENT

_VENDED = """
SELECT coalesce(sum(energy_wh), 0) FROM sales WHERE desk = ? AND journal > ?
    AND (purpose = 'sale' OR (purpose = 'issue' AND energy_wh > 0))
    AND NOT EXISTS (SELECT 1 FROM sale_events WHERE sale = sales.id AND state = 'voided')
    AND NOT EXISTS (SELECT 1 FROM reentries WHERE sale = sales.id)
"""
"""An undecided sale has taken its energy; only one that is proven not to be on its card gives it back.

What a first card carries over counts too, however the registers of the meter before are known: nothing proves to these
books that it came off the wall.
"""

_REENTERED = """
SELECT sales.desk, sales.journal, energy_wh, body FROM reentries
JOIN sales ON sales.id = sale JOIN journal ON journal.id = sales.journal
WHERE energy_wh > 0 AND (sold_at >= ? OR sales.journal > ?)
"""
"""What a restored copy did not know. It counts at the desk whose order it was, wherever it is entered again, and
under a grant that was signed before it was sold: that grant may have been lost with it, and be entered after it.
A reversal among it gives nothing back."""


def since(books: Books, grant: Grant, entered: int) -> Energy:
    """By the desk of a grant; `entered` is the journal row that entered it."""
    return Energy(books.value(_VENDED, (grant.desk, entered))) + _reentered(books, grant, entered)


def by(intent: SaleIntent) -> Energy:
    """What an order that is about to be reserved takes of its desk's grant; nothing for one that vends nothing."""
    if intent.purpose is Purpose.SALE:
        return intent.energy
    return max(intent.carried, NO_ENERGY) if intent.purpose is Purpose.ISSUE else NO_ENERGY


def is_on_paper(intent: SaleIntent) -> bool:
    """Whether nothing but a paper tells of an order that is entered again: no card was read for it."""
    return not intent.write.record


def _reentered(books: Books, grant: Grant, entered: int) -> Energy:
    """What only a paper told counts at the desk that entered it too: whoever typed it could have made it up."""
    used = 0
    for row in books.all(_REENTERED, (time_text(grant.granted_at), entered)):
        told = json.loads(row["body"])[INTENT]
        is_typed_here = row["desk"] == grant.desk and row["journal"] > entered and not told["record"]
        if told["order_desk"] == grant.desk or is_typed_here:
            used += int(row["energy_wh"])
    return Energy(used)
