"""What is known of the codes of cards, in the books: so no desk and no start of the program spends a last try."""

from __future__ import annotations

from dataclasses import dataclass

from vending_app.domain.ids import CardNo
from vending_app.ports import Clock, Ledger


@dataclass(frozen=True, slots=True)
class TriesInBooks:
    """Implements `cardio.refused.KnownTries`. Each row is written by the right of whatever is done with the card."""

    ledger: Ledger
    clock: Clock

    def refuse(self, card: CardNo, /) -> None:
        self.ledger.note_code_refused(card, at=self.clock())

    def was_refused(self, card: CardNo, /) -> bool:
        return self.ledger.code_was_refused(card)

    def spend(self, card: CardNo, spent: int, /) -> None:
        self.ledger.note_tries_spent(card, spent, at=self.clock())

    def spent(self, card: CardNo, /) -> int:
        return self.ledger.tries_spent(card)
