"""A technician's procedure that was done, as the slip tells it that those sign who were there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from vending_app.domain.energy import Energy
from vending_app.domain.ids import CardNo, DeskNo, JournalRow, SupplyNo
from vending_app.domain.people import Customer, SupplyFile, SupplyState
from vending_app.domain.records import MeterChange, Settlement, Terms
from vending_app.domain.sale import Sale


class TermsVerb(Enum):
    """What a change of terms comes to; the gravest first, if one did several things."""

    CUSTOMER = auto()
    SUSPEND = auto()
    RESUME = auto()
    AGREEMENT = auto()
    """Only the share of each sale that goes to the arrears."""
    PARAMETERS = auto()


@dataclass(frozen=True, slots=True)
class TermsChange:
    """Other terms of a supply, and what was on its account then."""

    supply: SupplyNo
    before: Terms
    after: Terms
    giver: Customer
    """Whose it was before; the same one if it stayed his."""
    credit: Energy
    """On the card and in the meter, by what the books knew."""
    reason: str
    at: datetime
    fingerprint: str = ""
    """Of its journal row: the first figures of the hash."""

    @property
    def verb(self) -> TermsVerb:
        before, after = self.before, self.after
        if before.customer != after.customer:
            return TermsVerb.CUSTOMER
        if before.state is not after.state:
            return TermsVerb.SUSPEND if after.state is SupplyState.SUSPENDED else TermsVerb.RESUME
        others = (before.tariff, before.parameters, before.area, before.ends_on)
        if others == (after.tariff, after.parameters, after.area, after.ends_on):
            return TermsVerb.AGREEMENT
        return TermsVerb.PARAMETERS


Outcome = Sale | MeterChange | Settlement | TermsChange
"""A card that was issued, a meter that was changed, a supply that was closed, terms that were changed."""


@dataclass(frozen=True, slots=True)
class Procedure:
    """What was done, to whom, by whom."""

    row: JournalRow
    """The row of the journal that tells it."""
    outcome: Outcome
    supply: SupplyFile
    """Its customer, its tariff and what is owed are those right after it; of a meter change the one that ended."""
    desk: DeskNo
    operator: str
    """His name as people read it; empty in books of before rows named anybody."""
    approver: str = ""
    """Who gave his word for it, if it took somebody's."""
    old_card: CardNo | None = None
    """The card that a new one replaced."""

    @property
    def at(self) -> datetime:
        """When it was done."""
        return self.outcome.intent.at if isinstance(self.outcome, Sale) else self.outcome.at
