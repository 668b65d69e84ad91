"""Tariffs at the desk: shown, tried, and put in force for a day to come by the right of two people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from vending_app.domain.permissions import Act
from vending_app.domain.tariff import BadTariff, Tariff
from vending_app.domain.tariff_entry import TariffLife, check_day, check_entry
from vending_app.domain.tariff_file import refusal_of
from vending_app.domain.tariff_preview import changes, preview
from vending_app.ports import Clock, Ledger
from vending_app.services import tariff_cases as ask
from vending_app.services.verb_tables import VerbTable

if TYPE_CHECKING:
    from vending_app.services.counter import Counter


def verbs(counter: Counter) -> VerbTable:
    desk = TariffDesk(counter.outside.ledger, counter.outside.clock)
    return {
        # Prices are no secret: whoever sells by them may look at those that come.
        ask.ShowTariffs: (Act.LOOK, lambda _, __: desk.show()),
        ask.PreviewTariff: (Act.LOOK, lambda asked, _: desk.preview(asked)),
        ask.PutTariff: (Act.TARIFFS, lambda asked, _: desk.put(asked.tariff)),
        # The books keep it as a rule of the office, which the database itself wants two people for.
        ask.WithdrawTariff: (Act.RULES, lambda asked, _: desk.withdraw(asked.code, asked.valid_from)),
    }


@dataclass(frozen=True, slots=True)
class TariffDesk:
    """One desk's hand on the tariffs."""

    ledger: Ledger
    clock: Clock

    def show(self) -> ask.TariffsShown:
        return ask.TariffsShown(self.ledger.tariff_lives(), self.clock(), self.ledger.office().currency)

    def preview(self, asked: ask.PreviewTariff) -> ask.TariffPreviewed:
        """Raises OperatorError tariff-refused, tariff-not-ahead, tariff-exists."""
        tariff, today = asked.tariff, self._today()
        life = self._checked(tariff, today)
        now, follows = life.on(today), life.before(tariff)
        return ask.TariffPreviewed(
            asked,
            preview(now.tariff if now else None, tariff, asked.energies, today=today),
            changes(follows.tariff if follows else None, tariff),
            now,
            follows,
            life.after(tariff.valid_from),
            self.ledger.office().currency,
        )

    def put(self, tariff: Tariff) -> ask.TariffsShown:
        """Raises OperatorError tariff-refused, tariff-not-ahead, tariff-exists."""
        self._checked(tariff, self._today())
        self.ledger.enter_tariff(tariff, today=self._today(), at=self.clock())
        return self.show()

    def withdraw(self, code: str, day: date) -> ask.TariffsShown:
        """Raises OperatorError tariff-missing, tariff-begun, tariff-fee-differs."""
        self.ledger.withdraw_tariff(code, day, today=self._today(), at=self.clock())
        return self.show()

    def _checked(self, tariff: Tariff, today: date) -> TariffLife:
        """What the books know of its code, once it may follow. The books ask for the day again."""
        try:
            check_entry(tariff)
        except BadTariff as bad:
            raise refusal_of(bad) from bad
        known = {life.code: life for life in self.ledger.tariff_lives()}
        life = known.get(tariff.code) or TariffLife(tariff.code, (), 0)
        check_day(tariff, life.days, today=today)
        return life

    def _today(self) -> date:
        return self.clock().astimezone().date()
