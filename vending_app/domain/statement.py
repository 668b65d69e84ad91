"""A customer's statement: what he owed, bought and paid in a period, line by line as the ledger has it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.money import ZERO, Money
from vending_app.domain.people import SupplyFile
from vending_app.domain.records import RecordChange, RecordVerb


class LineOf(StrEnum):
    """What a line of a statement tells."""

    SALE = "sale"
    REVERSAL = "reversal"
    ISSUE = "issue"
    PAYMENT = "payment"
    REFUND = "refund"
    WRITE_BACK = "write-back"
    METER_CHANGE = "meter-change"
    SETTLEMENT = "settlement"
    OPENING = "opening"
    """Owed before these books began."""


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One act, and what it did to the accounts of the supply."""

    at: datetime
    of: LineOf
    document: str = ""
    """The number of a receipt or a slip."""
    energy: Energy = NO_ENERGY
    """Bought; below zero if taken back."""
    paid: Money = ZERO
    """Over the counter: above zero by the customer, below zero to him."""
    arrears: Money = ZERO
    """What is owed more; below zero for what was taken off."""
    due: Money = ZERO
    """What the office owes him more; below zero once it is paid out."""
    used: Energy | None = None
    remaining: Energy | None = None
    """Of a write-back: the registers."""
    text: str = ""
    """A reason in somebody's words."""


@dataclass(frozen=True, slots=True)
class Statement:
    """The lines of a period, oldest first, between two balances."""

    supply: SupplyFile
    since: date
    until: date
    """Both days are part of it."""
    opening: Money
    """Owed when the first day began, or when the supply was handed over on it."""
    opening_due: Money
    """To be paid back to the customer then."""
    lines: tuple[StatementLine, ...]

    @property
    def closing(self) -> Money:
        """Owed when the last day ended."""
        return self.opening + _sum(line.arrears for line in self.lines)

    @property
    def due(self) -> Money:
        """To be paid back to the customer then."""
        return self.opening_due + _sum(line.due for line in self.lines)

    @property
    def bought(self) -> Energy:
        return Energy(sum(line.energy.wh for line in self.lines))

    @property
    def paid(self) -> Money:
        return _sum(line.paid for line in self.lines)

    @property
    def taken_off(self) -> Money:
        """Of what was owed: shares of purchases, and payments."""
        return _sum(-line.arrears for line in self.lines if line.arrears < ZERO)

    @property
    def agreed_percent(self) -> int:
        """Of each purchase; 0 without an agreement."""
        return self.supply.arrears_share_percent


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where whoever buys now began with a supply."""

    on: date
    journal: int = 0
    """The row that handed it over to him; 0 for whoever opened it."""


def beginning(opened_on: date, changes: Iterable[RecordChange]) -> Beginning:
    """By the changes of the supply, oldest first: the last time that it was handed over, else when it was opened."""
    began = Beginning(opened_on)
    for change in changes:
        if change.verb is RecordVerb.CHANGE and _customer(change.before) != _customer(change.after):
            began = Beginning(change.at.astimezone().date(), change.journal)
    return began


def _customer(told: str) -> str:
    return str(json.loads(told)["customer"])


def usual_since(opened_on: date, until: date) -> date:
    """Where a statement begins that nobody gave a beginning: a year in whole months, or with a younger supply.

    `opened_on` is the day of whoever it is for: nobody gets the purchases of the customer before him.
    """
    return min(until, max(opened_on, until.replace(year=until.year - 1, day=1)))


def _sum(amounts: Iterable[Money]) -> Money:
    return Money(sum(amount.minor for amount in amounts))
