"""The part of the ledger about master keys and what they sign; each method a line into the room that knows."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import TYPE_CHECKING

from vending_app.domain.allowance import Allowance, SignedGrant
from vending_app.domain.ids import DeskNo, MeterNo
from vending_app.ledger import allowances
from vending_app.ledger.books import Books
from vending_app.when_needed import WhenNeeded

if TYPE_CHECKING:
    from vending_app.domain.key_ceremony import KeyEvent
    from vending_app.ledger import key_events, key_needs, key_versions
else:
    key_events = WhenNeeded("vending_app.ledger.key_events")
    key_needs = WhenNeeded("vending_app.ledger.key_needs")
    key_versions = WhenNeeded("vending_app.ledger.key_versions")


class KeyLedger:
    """`ports.key_keeping.KeyBooks` and `ports.allowing.AllowanceBooks`; ceremonies are loaded when they are asked."""

    _books: Books

    def tell_of_key(self, event: KeyEvent) -> None:
        key_events.tell(self._books, event)

    def key_events(self) -> tuple[KeyEvent, ...]:
        return key_events.events(self._books)

    def claiming_key(self, *, above: int) -> AbstractContextManager[None]:
        return key_events.claiming(self._books, above=above)

    def retire_key(self, event: KeyEvent, *, on: date, next_oldest: int | None = None) -> None:
        key_events.retire(self._books, event, on=on, next_oldest=next_oldest)

    def newest_key_event(self) -> int:
        return int(self._books.value("SELECT coalesce(max(journal), 0) FROM key_events"))

    def key_check_values(self) -> Mapping[int, str]:
        return key_events.check_values(self._books)

    def retired_keys(self) -> tuple[int, ...]:
        rows = self._books.all("SELECT key_version FROM key_events WHERE deed = 'retired' ORDER BY journal")
        return tuple(row["key_version"] for row in rows)

    def key_versions_seen(self) -> frozenset[int]:
        return key_versions.seen(self._books)

    def key_versions_proved(self, meter: MeterNo) -> frozenset[int]:
        return key_versions.proved_by(self._books, meter)

    def uncleared_cards(self) -> Mapping[int, int]:
        return key_needs.uncleared(self._books)

    def enter_grant(self, signed: SignedGrant, *, at: datetime) -> None:
        allowances.enter(self._books, signed, at=at)

    def newest_grant(self, desk: DeskNo) -> int:
        return allowances.newest_number(self._books, desk)

    def allowance(self, desk: DeskNo) -> Allowance | None:
        return allowances.standing(self._books, desk)
