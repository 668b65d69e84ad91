"""Records and what changes them: areas, meters in stock, the terms of a supply, its end, and what a customer tells.

Whatever is changed stands in the journal as it was before and as it is afterwards; nothing is overwritten.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from vending_app.domain.card import MeterParameters, WriteBack
from vending_app.domain.energy import CARD_UNIT_WH, NO_ENERGY, Energy
from vending_app.domain.ids import CardNo, JournalRow, MeterNo, SaleId, SupplyNo
from vending_app.domain.money import ZERO, Money
from vending_app.domain.people import Meter, SupplyFile, SupplyState
from vending_app.domain.returned import NOTHING, Worth


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
    journal: int = 0
    """Its row: what is about the same supply and stands behind it came after it, whatever a clock says."""


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
class EnergyLeft:
    """What the customer of a supply still has."""

    on_card: Energy
    """Bought, and not taken by the meter by its last reading; below zero after a reversal that it has not seen."""
    in_meter: Energy
    """Below zero if he used more than he bought."""

    @property
    def all(self) -> Energy:
        return self.on_card + self.in_meter


class CardAtEnd(StrEnum):
    """What became of the energy on the card when its supply ended: it goes back, so it must reach no meter."""

    NOTHING = "nothing"
    """There was none."""
    EMPTIED = "emptied"
    """An order on the card takes it back, also from a meter that had it already."""
    WAITS = "waits"
    """The card left while that order was written; it is finished when the card is seen again."""
    METER_OFF = "meter-off"
    """The card was not there; its meter was taken down or disconnected."""


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
    card: CardAtEnd = CardAtEnd.NOTHING


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
    worth: Worth = NOTHING
    """The price in parts; empty where it is not known any more."""
    card: CardAtEnd = CardAtEnd.NOTHING

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


def stake_of(supply: SupplyFile, last: WriteBack | None, told: Told, totals: Sequence[Energy]) -> StakeFound:
    """By what the meter shows, and by its last write-back; `totals` are those of every order after it.

    A purchase that waits, was voided or was reversed may have reached the meter too: no display shows more purchases
    than there were orders, nor more energy than one of them gave.
    """
    possible = _totals_possible(last, told.remaining, totals)
    if not possible or (told.purchases is not None and told.purchases > supply.sequence - supply.generation):
        return StakeFound(Stake.IMPOSSIBLE)
    at_stake = supply.energy_total - min(possible)
    if told.purchases == supply.purchases or at_stake <= NO_ENERGY:
        return StakeFound(Stake.NOTHING)
    return StakeFound(Stake.UNKNOWN if told.purchases is None else Stake.CREDIT, at_stake)


def _totals_possible(last: WriteBack | None, remaining: Energy | None, totals: Sequence[Energy]) -> list[Energy]:
    """The totals that the meter may have accepted: it has the one of its last write-back, or that of a later order.

    Use only lowers what remains. So what remains above the last write-back was credited since then; one unit of the
    card less, because the meter rounds.
    """
    had = last.energy_total if last is not None else NO_ENERGY
    if remaining is None:
        return [had, *totals]
    left = last.remaining if last is not None else NO_ENERGY
    least = had + (remaining - left) - Energy(CARD_UNIT_WH)
    return [total for total in (had, *totals) if total >= least]


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
    `meter-change`, `settlement`, `finding`."""
    row: JournalRow
    """Of the journal; of an order the one that reserved it."""
    energy: Energy = NO_ENERGY
    """Bought; of a write-back used in all."""
    money: Money = ZERO
    remaining: Energy | None = None
    text: str = ""
    """A receipt's number, a reason, a note; of a write-back `field` if a tool card brought it."""
    state: str = ""
    """Of an order, as far as it came; of a finding its outcome."""
    sale: SaleId | None = None
    before: str = ""
    after: str = ""
    """Of a record: canonical JSON; of a finding the day of the visit."""
    sequence: int = 0
    has_slip: bool = False
    """Whether it is a procedure that somebody signs for."""


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
    loaded_after_end: Energy = NO_ENERGY
    """What the meter took after the supply had ended and the energy had gone back; in no account."""

    @property
    def adds_up(self) -> bool:
        return not self.unexplained and not self.loaded_after_end


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

    @property
    def procedures(self) -> tuple[LifeEvent, ...]:
        """What there is a slip of, newest first."""
        return tuple(event for event in reversed(self.events) if event.has_slip)
