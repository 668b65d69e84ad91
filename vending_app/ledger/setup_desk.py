"""The part of the ledger behind Set-up: tariffs and operators; each method a line into the room that knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vending_app.when_needed import WhenNeeded

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from vending_app.domain.ids import OperatorName
    from vending_app.domain.people import OperatorEvent
    from vending_app.domain.tariff import Tariff
    from vending_app.domain.tariff_entry import TariffLife
    from vending_app.ledger import operator_history, tariffs
    from vending_app.ledger.books import Books
else:
    operator_history = WhenNeeded("vending_app.ledger.operator_history")
    tariffs = WhenNeeded("vending_app.ledger.tariffs")


class SetupDesk:
    """`ports.setup_keeping.SetupKeeping`."""

    _books: Books

    def tariff_lives(self) -> tuple[TariffLife, ...]:
        return tariffs.lives(self._books)

    def enter_tariff(self, tariff: Tariff, *, today: date, at: datetime) -> None:
        tariffs.enter(self._books, tariff, today=today, at=at)

    def withdraw_tariff(self, code: str, day: date, *, today: date, at: datetime) -> None:
        tariffs.withdraw(self._books, code, day, today=today, at=at)

    def operator_changes(self, name: OperatorName) -> tuple[OperatorEvent, ...]:
        return operator_history.changes(self._books, name)

    def last_let_in(self) -> Mapping[OperatorName, datetime]:
        return operator_history.last_let_in(self._books)
