"""Records and what changes them: areas, meters in stock, the terms of a supply, its end, and what a customer tells.

Whatever is changed stands in the journal as it was before and as it is afterwards; nothing is overwritten.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from vending_app.domain.card import MeterParameters, WriteBack
from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.ids import CardNo, MeterNo, SaleId, SupplyNo
from vending_app.domain.money import ZERO, Money
from vending_app.domain.people import Meter, SupplyFile, SupplyState
from vending_app.domain.quote import Quote
from vending_app.domain.tariff import LineKind


class Subject(StrEnum):
    """What a record is about."""

    CUSTOMER = "customer"
    AREA = "area"
    METER = "meter"
    SUPPLY = "supply"


class RecordVerb(StrEnum):
    """What was done to a record."""

    ENTER = "enter"
    CHANGE = "change"
    NOTE = "note"
    """A sentence about it; the record stays as it is."""


@dataclass(frozen=True, slots=True)
class Area:
    """Where supplies hang: a place, and the transformer that feeds it."""

    code: str
    name: str
    transformer: str = ""


class MeterState(StrEnum):
    """The life of a device."""

    STOCK = "stock"
    INSTALLED = "installed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Terms:
    """All of a supply's record that may change while it lives; entered whole."""

    customer: str
    tariff: str
    parameters: MeterParameters
    state: SupplyState = SupplyState.PREPARED
    area: str = ""
    ends_on: date | None = None
    """Of a temporary supply: the last day on which it buys."""
    arrears_share_percent: int = 0


USUAL_LIMITS = MeterParameters(Energy(20_000), Energy(5_000), 8_000, Energy(0), Energy(5_000_000), 1_600)
"""Of a household: alarm at 20 kWh, one trip at 5 kWh, 8 kW, no overdraft, at most 5 000 kWh in the meter."""


def limits_on(meter: Meter, limits: MeterParameters = USUAL_LIMITS) -> MeterParameters:
    """These limits, with the constant and the ratios of the meter that they are for."""
    return replace(
        limits,
        constant_imp_per_kwh=meter.constant_imp_per_kwh,
        ct_ratio=meter.ct_ratio,
        pt_ratio=meter.pt_ratio,
    )


@dataclass(frozen=True, slots=True)
class RecordChange:
    """One change as the journal tells it; `before` and `after` are canonical JSON, empty where there was nothing."""

    subject: Subject
    key: str
    verb: RecordVerb
    before: str
    after: str
    reason: str
    at: datetime
    operator: str = ""


class CardEnd(StrEnum):
    """Why a card is replaced."""

    LOST = "lost"
    STOLEN = "stolen"
    BROKEN = "broken"
    CUSTOMER = "customer"
    """The supply has another customer now."""


class ReadingHow(StrEnum):
    """How the last registers of a meter are known."""

    CARD = "card"
    HAND = "hand"
    ESTIMATE = "estimate"
    """The meter is dead: somebody else approves what it is taken to have shown."""


@dataclass(frozen=True, slots=True)
class FinalReading:
    """What a meter showed last."""

    how: ReadingHow
    used_total: Energy
    remaining: Energy
    """May be below zero."""


@dataclass(frozen=True, slots=True)
class MeterChange:
    """A supply ends with its meter; another one takes over its balance, its debts and its customer."""

    old: SupplyNo
    new: SupplyNo
    old_meter: MeterNo
    new_meter: MeterNo
    reading: FinalReading
    carried: Energy
    """What the old card and the old meter still held; the first order of the new supply carries it."""
    reason: str
    at: datetime
    fingerprint: str = ""
    """Of its journal row: the first figures of the hash."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """A supply that was closed: what was left goes back to the office, and its price to the customer."""

    supply: SupplyNo
    reading: FinalReading
    returned: Energy
    """Below zero if the customer had used more than he bought."""
    price: Money
    """Of what was returned; below zero if he owes it."""
    offset: Money
    """Of the price, what was kept for his arrears."""
    reason: str
    at: datetime
    fingerprint: str = ""
    """Of its journal row: the first figures of the hash."""

    @property
    def refund(self) -> Money:
        """What is due to him."""
        return self.price - self.offset


class Stake(StrEnum):
    """What a lost card may still be worth."""

    NOTHING = "nothing"
    """The meter has every purchase already."""
    CREDIT = "credit"
    """Purchases that the meter has not taken were on it; the new card carries them."""
    UNKNOWN = "unknown"
    """Nobody knows; whichever card comes first, the meter takes each purchase once."""
    IMPOSSIBLE = "impossible"
    """The display tells more than these books ever sold: another meter was read, or the figure was misread."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the customer reads on the display of his meter; None where he does not know."""

    purchases: int | None = None
    remaining: Energy | None = None


@dataclass(frozen=True, slots=True)
class StakeFound:
    """What is at stake when a card is replaced, and how much energy."""

    stake: Stake
    energy: Energy = NO_ENERGY


def stake_of(supply: SupplyFile, last: WriteBack | None, told: Told) -> StakeFound:
    """By the number of purchases that the meter shows; without it by its last write-back, if that has all."""
    # A purchase that waits or was reversed may have reached the meter: no display shows more than there were orders.
    if told.purchases is not None and told.purchases > supply.sequence - supply.generation:
        return StakeFound(Stake.IMPOSSIBLE)
    if told.purchases == supply.purchases or (last is not None and last.energy_total == supply.energy_total):
        return StakeFound(Stake.NOTHING)
    known = last.energy_total if last is not None else NO_ENERGY
    if told.purchases is None:
        return StakeFound(Stake.UNKNOWN, supply.energy_total - known)
    # Between the last write-back and now the meter took some of the purchases: at most what it had not then.
    return StakeFound(Stake.CREDIT, supply.energy_total - known)


def price_of_returned(returned: Energy, newest: Quote) -> Money:
    """What energy that goes back is worth, at what the newest purchase cost on average; rounded to the office.

    Fixed charges, arrears, and taxes on a fixed charge were not paid for energy. Below zero for energy that is owed.
    """
    if newest.energy <= NO_ENERGY:
        return ZERO
    sums = {kind: sum(line.amount.minor for line in newest.lines if line.kind is kind) for kind in LineKind}
    net = sums[LineKind.STEP] + sums[LineKind.LEVY] + sums[LineKind.ROUNDING]
    whole = net + sums[LineKind.FIXED]
    paid = net + (sums[LineKind.TAX] * net // whole if whole else 0)
    return Money(returned.wh * paid // newest.energy.wh)


# --- the whole life of a supply --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CardOfSupply:
    """One of the cards that a supply had."""

    number: CardNo
    generation: int
    since: datetime
    until: datetime | None = None
    why: CardEnd | None = None
    """Why it ended."""


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """One line of a supply's life."""

    at: datetime
    kind: str
    """`sale`, `reversal`, `cancellation`, `issue`, `write-back`, `payment`, `refund`, `record`, `note`,
    `meter-change`, `settlement`."""
    energy: Energy = NO_ENERGY
    """Bought; of a write-back used in all."""
    money: Money = ZERO
    remaining: Energy | None = None
    text: str = ""
    """A receipt's number, a reason, a note; of a write-back `field` if a tool card brought it."""
    state: str = ""
    sale: SaleId | None = None
    before: str = ""
    after: str = ""
    """Of a record: canonical JSON."""
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class SupplyBalance:
    """The energy account of a supply, and what was paid on it."""

    bought: Energy
    used: Energy
    in_meter: Energy
    on_card: Energy
    unexplained: Energy
    paid: Money
    arrears: Money
    refund_due: Money

    @property
    def adds_up(self) -> bool:
        return not self.unexplained


@dataclass(frozen=True, slots=True)
class SupplyLife:
    """Everything the books know of a supply; events oldest first."""

    events: tuple[LifeEvent, ...]
    cards: tuple[CardOfSupply, ...]
    """Newest first."""
    balance: SupplyBalance
    tariffs: tuple[tuple[date, str], ...] = ()
    """From when which tariff held, oldest first."""
    before: SupplyNo | None = None
    """The supply whose meter was changed for this one."""
    after: SupplyNo | None = None
    before_meter: MeterNo | None = None
    before_since: date | None = None
