"""The part of the ledger about master keys and what they sign; each method a line into the room that knows."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from vending_app.domain.allowance import Allowance, SignedGrant
from vending_app.domain.ids import DeskNo
from vending_app.ledger import allowances
from vending_app.ledger.books import Books
from vending_app.when_needed import WhenNeeded

if TYPE_CHECKING:
    from vending_app.domain.key_ceremony import KeyEvent
    from vending_app.ledger import key_events
else:
    key_events = WhenNeeded("vending_app.ledger.key_events")


class KeyLedger:
    """`ports.key_keeping.KeyBooks` and `ports.allowing.AllowanceBooks`; ceremonies are loaded when they are asked."""

    _books: Books

    def tell_of_key(self, event: KeyEvent) -> None:
        key_events.tell(self._books, event)

    def key_events(self) -> tuple[KeyEvent, ...]:
        return key_events.events(self._books)

    def enter_grant(self, signed: SignedGrant, *, at: datetime) -> None:
        allowances.enter(self._books, signed, at=at)

    def newest_grant(self, desk: DeskNo) -> int:
        return allowances.newest_number(self._books, desk)

    def allowance(self, desk: DeskNo) -> Allowance | None:
        return allowances.standing(self._books, desk)
