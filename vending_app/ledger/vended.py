"""What a desk has vended since its newest grant: sold, entered again, and carried to a meter on somebody's word."""

from __future__ import annotations

import json

from vending_app.domain.allowance import Grant
from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.ids import SupplyNo
from vending_app.domain.records import ReadingHow
from vending_app.domain.sale import Purpose, SaleIntent
from vending_app.ledger.books import Books
from vending_app.ledger.codec import time_text
from vending_app.ledger.journal import INTENT

_SOLD = """
SELECT coalesce(sum(energy_wh), 0) FROM sales WHERE desk = ? AND journal > ? AND purpose = 'sale'
    AND NOT EXISTS (SELECT 1 FROM sale_events WHERE sale = sales.id AND state = 'voided')
    AND NOT EXISTS (SELECT 1 FROM reentries WHERE sale = sales.id)
"""
"""An undecided sale has taken its energy; only one that is proven not to be on its card gives it back."""

_REENTERED = """
SELECT sales.desk, sales.journal, energy_wh, body FROM reentries
JOIN sales ON sales.id = sale JOIN journal ON journal.id = sales.journal
WHERE energy_wh > 0 AND (sold_at >= ? OR sales.journal > ?)
"""
"""What a restored copy did not know. It counts at the desk whose order it was, wherever it is entered again, and
under a grant that was signed before it was sold: that grant may have been lost with it, and be entered after it.
A reversal among it gives nothing back."""

_CARRIED = """
SELECT supply, journal FROM sales WHERE desk = ? AND journal > ? AND purpose = 'issue' AND energy_wh > 0
    AND NOT EXISTS (SELECT 1 FROM sale_events WHERE sale = sales.id AND state = 'voided')
"""
_EMPTIED = """
SELECT 1 FROM sales JOIN sale_events ON sale = id AND state = 'posted'
WHERE supply = ? AND purpose = 'cancellation' AND energy_wh < 0 AND sale_events.journal < ?
"""
"""What took off the old card what was carried. Afterwards it gives nothing back: that card was in hand meanwhile."""
_EVER = 2**63 - 1


def since(books: Books, grant: Grant, entered: int) -> Energy:
    """By the desk of a grant; `entered` is the journal row that entered it."""
    sold = Energy(books.value(_SOLD, (grant.desk, entered)))
    carried = (
        on_word(books, SupplyNo(row["supply"]), before=row["journal"])
        for row in books.all(_CARRIED, (grant.desk, entered))
    )
    return sum(carried, sold + _reentered(books, grant, entered))


def by(books: Books, intent: SaleIntent) -> Energy:
    """What an order that is about to be reserved takes of its desk's grant; nothing for one that vends nothing."""
    if intent.purpose is Purpose.SALE:
        return intent.energy
    return on_word(books, intent.order.supply) if intent.purpose is Purpose.ISSUE and intent.carried else NO_ENERGY


def on_word(books: Books, supply: SupplyNo, *, before: int = _EVER) -> Energy:
    """What the first order of a supply carries over that the meter before did not prove.

    Proved is what its write-back said it had left, and what was waiting on its card if that was emptied. Registers that
    were typed prove nothing, whoever approved them; a supply that never had a card hands on what came to it.
    """
    change = books.one("SELECT * FROM meter_changes WHERE new_supply = ?", (supply,))
    if change is None:
        return NO_ENERGY
    carried, old = Energy(change["carried_wh"]), SupplyNo(change["old_supply"])
    if change["how"] != ReadingHow.CARD.value:
        return carried
    on_card = min(carried, carried - Energy(change["remaining_wh"]))
    if on_card <= NO_ENERGY or books.value(_EMPTIED, (old, before)) is not None:
        return NO_ENERGY
    had_card = books.value("SELECT 1 FROM cards WHERE supply = ?", (old,)) is not None
    return on_card if had_card else min(on_card, on_word(books, old, before=before))


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
