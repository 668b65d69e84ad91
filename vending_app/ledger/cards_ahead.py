"""Cards that carry sales which these books do not know: noted when one is read, and told until the books know them.

A note is a row of `card_refusals`, as of a card that refused its code, under `ahead:` and the number of the card; what
it carries stands in the journal alone. The newest note of a card is what holds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from vending_app.domain.card_ahead import CardAhead
from vending_app.domain.energy import Energy
from vending_app.domain.ids import CardNo, DeskNo, SupplyNo
from vending_app.ledger.books import Books
from vending_app.ledger.codec import Json, time_text
from vending_app.ledger.journal import INTENT, acting
from vending_app.ledger.kinds import Kind

PREFIX, PAST = "ahead:", "ahead;"
"""Of the notes among the rows of `card_refusals`, and what follows the last of them."""
_NEWEST = "SELECT body FROM journal WHERE id = (SELECT max(journal) FROM card_refusals WHERE card = ?)"


def note(books: Books, card: CardNo, found: CardAhead | None, *, at: datetime) -> None:
    """Once for all readings that find the same; None of a card that is not ahead takes back what was noted."""
    key = f"{PREFIX}{card}"
    body = books.value(_NEWEST, (key,))
    if found == (_told(body) if body is not None else None):
        return
    with acting(books, Kind.CODE_REFUSED, at=at) as page:
        page.insert("card_refusals", {"card": key, "at": time_text(at)})
        page.keep(_kept(found))


def _kept(found: CardAhead | None) -> Json:
    if found is None:
        return {}
    return {
        "supply": found.supply,
        "sequence": found.sequence,
        "energy_total_wh": found.energy_total.wh,
        "known_sequence": found.known_sequence,
        "known_total_wh": found.known_total.wh,
    }


def _told(body: str) -> CardAhead | None:
    told = json.loads(body)[INTENT]
    if not told:
        return None
    return CardAhead(
        SupplyNo(told["supply"]),
        told["sequence"],
        Energy(told["energy_total_wh"]),
        told["known_sequence"],
        Energy(told["known_total_wh"]),
    )


# --- what stands open ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SeenAhead:
    """A card that is ahead by all that is known."""

    card: CardNo
    at: datetime
    desk: DeskNo
    customer: str
    ahead: CardAhead


_NOTES = f"""
SELECT card, told.at, desk, body, told.journal FROM card_refusals AS told JOIN journal ON journal.id = told.journal
WHERE card >= '{PREFIX}' AND card < '{PAST}'
    AND told.journal = (SELECT max(later.journal) FROM card_refusals AS later WHERE later.card = told.card)
ORDER BY told.journal
"""
_CUSTOMER = "SELECT name FROM customers JOIN supplies ON customers.number = customer WHERE supplies.number = ?"
# By number and total: a number that was given again here is another order than the one on the card.
_IS_KNOWN = "SELECT 1 FROM sales WHERE supply = ? AND sequence = ? AND energy_total_wh = ?"
_HAS_ENDED = """
SELECT 1 FROM settlements WHERE supply = ?1 AND journal > ?2
UNION ALL SELECT 1 FROM meter_changes WHERE old_supply = ?1 AND journal > ?2
"""


def seen_ahead(books: Books) -> Iterator[SeenAhead]:
    """One for each card, the first seen first, until the books know what it carries or its supply was settled since."""
    for row in books.all(_NOTES):
        ahead = _told(row["body"])
        if ahead is None or _is_settled(books, ahead, row["journal"]):
            continue
        yield SeenAhead(
            card=CardNo(row["card"].removeprefix(PREFIX)),
            at=datetime.fromisoformat(row["at"]),
            desk=DeskNo(row["desk"]),
            customer=str(books.value(_CUSTOMER, (ahead.supply,))),
            ahead=ahead,
        )


def knows_order(books: Books, supply: SupplyNo, *, sequence: int, energy_total: Energy) -> bool:
    """Whether these books ever made this order for a supply, whatever became of it."""
    return books.value(_IS_KNOWN, (supply, sequence, energy_total.wh)) is not None


def _is_settled(books: Books, ahead: CardAhead, noted: int) -> bool:
    if knows_order(books, ahead.supply, sequence=ahead.sequence, energy_total=ahead.energy_total):
        return True
    return books.value(_HAS_ENDED, (ahead.supply, noted)) is not None
