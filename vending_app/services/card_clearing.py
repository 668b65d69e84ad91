"""A card that nobody needs any more becomes a blank one again, and goes back into the box of this desk.

Its write-back is kept first. A card that a meter would still follow is never cleared: its supply has another card by
now, or is closed. Clearing it again, when a break hid how it went, finds a blank card and does nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vending_app.domain.card import CardKind, ImageState
from vending_app.domain.card_stock import CardStock
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import CardNo
from vending_app.domain.people import CardRecord, CardState, Operator, SupplyState
from vending_app.domain.permissions import Act, Authority
from vending_app.ports import CardSession, Clock, Ledger
from vending_app.services.reading import Reading
from vending_app.services.stock_cases import ClearCard
from vending_app.services.stock_desk import MOVES_SHOWN
from vending_app.services.use_cases import CardReading
from vending_app.services.verb_tables import VerbTable

if TYPE_CHECKING:
    from vending_app.services.counter import Counter

SET_FREE = frozenset({CardState.REPLACED, CardState.RETIRED})


@dataclass(frozen=True, slots=True)
class CardClearing:
    """One desk's."""

    ledger: Ledger
    clock: Clock
    reading: Reading

    def clear(self, session: CardSession, *, by: Operator) -> CardStock:
        """The card in the reader. What a meter wrote on it is kept by the right with which anybody reads a card.

        Raises OperatorError card-blank, card-foreign, card-is-tool, card-unknown, card-in-use, sale-interrupted,
        card-cannot-clear.
        """
        with self.ledger.acting_as(Authority(by.name, Act.LOOK)):
            found = self.reading.read(session)
        number = self._set_free(found)
        session.clear(number)
        self.ledger.receive_cards(1, reference=f"card {number}, cleared", at=self.clock())
        return self.ledger.card_stock(limit=MOVES_SHOWN)

    def _set_free(self, found: CardReading) -> CardNo:
        """Its number, if nobody needs it."""
        header, record = found.image.header, found.record
        if header is None:
            is_blank = found.image.state is ImageState.BLANK
            raise OperatorError(Code.CARD_BLANK if is_blank else Code.CARD_FOREIGN)
        if header.kind is not CardKind.USER:
            raise OperatorError(Code.CARD_IS_TOOL, kind=header.kind.value)
        if record is None:
            raise OperatorError(Code.CARD_UNKNOWN, card=header.card)
        if found.open_sale is not None:
            raise OperatorError(Code.SALE_INTERRUPTED, sale=found.open_sale.id, supply=record.supply)
        if record.state not in SET_FREE and not self._is_closed(record):
            raise OperatorError(Code.CARD_IN_USE, supply=record.supply)
        return header.card

    def _is_closed(self, record: CardRecord) -> bool:
        supply = self.ledger.supply(record.supply, today=self.reading.today())
        return supply.state is SupplyState.CLOSED


def verbs(counter: Counter) -> VerbTable:
    """An office may demand somebody's approval for it, as for all that moves blank cards."""
    return {ClearCard: (Act.CARD_STOCK, lambda asked, _: _clear(counter, asked))}


def _clear(counter: Counter, asked: ClearCard) -> CardStock:
    out = counter.outside
    with counter.session(asked.reader) as session:
        return CardClearing(out.ledger, out.clock, counter.reading).clear(session, by=counter.at_work)
