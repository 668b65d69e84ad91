"""The part of the ledger about master keys; each method a line into the room that knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vending_app.ledger.books import Books

if TYPE_CHECKING:
    from vending_app.domain.key_ceremony import KeyEvent


class KeyLedger:
    """`ports.key_keeping.KeyBooks`; what it needs is loaded when it is asked, which is once in years."""

    _books: Books

    def tell_of_key(self, event: KeyEvent) -> None:
        from vending_app.ledger import key_events  # noqa: PLC0415 - see above

        key_events.tell(self._books, event)

    def key_events(self) -> tuple[KeyEvent, ...]:
        from vending_app.ledger import key_events  # noqa: PLC0415 - see above

        return key_events.events(self._books)
