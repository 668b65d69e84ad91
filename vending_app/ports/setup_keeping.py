"""What Set-up needs of the books: tariffs with whose word they are, and what was changed about people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from vending_app.domain.ids import OperatorName
    from vending_app.domain.people import OperatorEvent
    from vending_app.domain.tariff import Tariff
    from vending_app.domain.tariff_entry import TariffLife


class SetupKeeping(Protocol):
    """Prices are added and never changed; of people everything is remembered but their secrets."""

    def tariff_lives(self) -> tuple[TariffLife, ...]:
        """Every code with all its versions, by code."""

    def enter_tariff(self, tariff: Tariff, *, today: date, at: datetime) -> None:
        """Another version, for a day to come. Raises OperatorError tariff-not-ahead, tariff-exists."""

    def withdraw_tariff(self, code: str, day: date, *, today: date, at: datetime) -> None:
        """A version that has not begun never does. Raises OperatorError tariff-missing, -begun, -fee-differs."""

    def operator_changes(self, name: OperatorName) -> tuple[OperatorEvent, ...]:
        """The oldest first. Raises OperatorError operator-unknown."""

    def last_let_in(self) -> Mapping[OperatorName, datetime]:
        """When each last typed his secret rightly, to log in or to approve."""
