"""Blank cards at a desk: deliveries, what was spoilt, counts. An issue takes its own (`ledger/card_stock.py`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vending_app.domain.card_stock import CardStock
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.permissions import Act
from vending_app.ports import Clock, Ledger
from vending_app.services import stock_cases as ask
from vending_app.services.till import require_reason
from vending_app.services.verb_tables import VerbTable

if TYPE_CHECKING:
    from vending_app.services.counter import Counter

MOVES_SHOWN = 50
MOST_CARDS = 100_000
"""Of one delivery or count: more is a slip of the keypad."""


@dataclass(frozen=True, slots=True)
class StockDesk:
    """One desk's box of blank cards."""

    ledger: Ledger
    clock: Clock

    def show(self) -> CardStock:
        return self.ledger.card_stock(limit=MOVES_SHOWN)

    def receive(self, command: ask.ReceiveCards) -> CardStock:
        """Raises OperatorError record-refused."""
        _require_number(command.count, least=1)
        self.ledger.receive_cards(command.count, reference=command.reference, at=self.clock())
        return self.show()

    def spoil(self, command: ask.SpoilCards) -> CardStock:
        """Raises OperatorError reason-missing, record-refused."""
        _require_number(command.count, least=1)
        require_reason(command.reason)
        self.ledger.spoil_cards(command.count, reason=command.reason, at=self.clock())
        return self.show()

    def count(self, command: ask.CountCards) -> CardStock:
        """Raises OperatorError reason-missing, record-refused."""
        _require_number(command.counted, least=0)
        stock = self.show()
        if stock.is_counted and stock.here != command.counted:
            require_reason(command.reason)
        self.ledger.count_cards(command.counted, reason=command.reason, at=self.clock())
        return self.show()


def _require_number(count: int, *, least: int) -> None:
    if not least <= count <= MOST_CARDS:
        raise OperatorError(Code.RECORD_REFUSED, field="cards")


def verbs(counter: Counter) -> VerbTable:
    """For each verb the act that must be permitted, and who does it."""
    desk = StockDesk(counter.outside.ledger, counter.outside.clock)
    return {
        ask.ShowCardStock: (Act.LOOK, lambda _, __: desk.show()),
        ask.ReceiveCards: (Act.CARD_STOCK, lambda asked, _: desk.receive(asked)),
        ask.SpoilCards: (Act.CARD_STOCK, lambda asked, _: desk.spoil(asked)),
        ask.CountCards: (Act.CARD_STOCK, lambda asked, _: desk.count(asked)),
    }
