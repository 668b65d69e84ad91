"""What a card says, decoded: header, orders and write-back. Bytes are the business of `cardio` alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntFlag, StrEnum
from typing import TYPE_CHECKING

from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.ids import CardNo, DeskNo, MeterNo, SupplyNo

if TYPE_CHECKING:
    from vending_app.domain.tool_card import ToolContent


class CardKind(StrEnum):
    """What a card is for."""

    USER = "user"
    CHECK = "check"
    PARAMETER = "parameter"
    CLEAR = "clear"
    KEY = "key"


@dataclass(frozen=True, slots=True)
class CardHeader:
    """Who the card is: written once, at issue."""

    kind: CardKind
    utility: int
    card: CardNo
    key_version: int


@dataclass(frozen=True, slots=True)
class MeterParameters:
    """What the meter is told with every order; all absolute."""

    alarm_1: Energy
    alarm_2: Energy
    overload_w: int
    overdraft: Energy
    hoarding: Energy
    """The most that may remain in the meter; 0 means no limit."""
    constant_imp_per_kwh: int
    ct_ratio: int = 1
    pt_ratio: int = 1


@dataclass(frozen=True, slots=True)
class Order:
    """What the office tells the meter: totals, never deltas (architecture, idea 1)."""

    meter: MeterNo
    supply: SupplyNo
    generation: int
    sequence: int
    energy_total: Energy
    """All energy ever bought on this supply."""
    last_purchase: Energy
    purchases: int
    parameters: MeterParameters
    sold_at: datetime
    """UTC, whole seconds."""
    desk: DeskNo
    key_version: int


@dataclass(frozen=True, slots=True)
class PastOrder:
    """What a card that keeps a history remembers of an order that was written on it."""

    sequence: int
    energy_total: Energy
    """As in that order: all energy ever bought on this supply, then."""
    last_purchase: Energy
    """Negative after a reversal."""
    sold_at: datetime
    """UTC, whole seconds."""


class MeterStatus(IntFlag):
    """Status flags of the meter as written back."""

    RELAY_OPEN = 1
    LOW_CREDIT = 2
    LOW_CREDIT_TRIPPED = 4
    AT_ZERO = 8
    OVERLOAD_TRIPPED = 16
    COVER_OPEN = 32


@dataclass(frozen=True, slots=True)
class WriteBack:
    """What the meter tells the office: its registers and counters."""

    meter: MeterNo
    sequence: int
    """Of the last accepted order."""
    used_total: Energy
    remaining: Energy
    """May be negative: what was used past zero and not yet bought."""
    energy_total: Energy
    """The total of the last accepted order."""
    zero_crossing: Energy
    """All energy ever used past zero."""
    purchases: int
    illegal_cards: int
    overload_trips: int
    low_credit_trips: int
    tamper_events: int
    power_failures: int
    power_max_w: int
    status: MeterStatus
    last_month: Energy
    meter_time: datetime
    """UTC, whole seconds."""
    running: int
    """Rises by one with every write-back of this meter."""
    key_version: int


class RecordState(StrEnum):
    """What the bytes of one record place amount to."""

    EMPTY = "empty"
    """Nothing was ever written there."""
    TORN = "torn"
    """Being written when the card left: the state byte says so."""
    BAD_MAC = "bad-mac"
    """Complete by its state byte, but not made by us for this card and meter."""
    NO_KEY = "no-key"
    """Made under a key version that this vault does not hold."""
    VALID = "valid"


@dataclass(frozen=True, slots=True)
class Slot:
    """One of the two order places."""

    name: str
    """`A` or `B`."""
    state: RecordState
    record: bytes
    """The 64 bytes as they stand on the card."""
    order: Order | None = None
    """Proved by its MAC."""
    told: Order | None = None
    """What a complete record says, proved or not: a meter cannot prove what is meant for another one."""


class ImageState(StrEnum):
    """What kind of card lies in the reader, before the ledger is asked."""

    OURS = "ours"
    BLANK = "blank"
    FOREIGN = "foreign"
    UNREADABLE = "unreadable"


TRIES_KEPT = 1
"""Never used: a card without tries is read-only for ever."""
ANY_BLANK = CardNo("0" * 12)
"""No card bears this number: it stands for blank cards, which cannot be told apart, where tries are remembered."""


@dataclass(frozen=True, slots=True)
class CardImage:
    """Everything decoded from one reading; whole and immutable."""

    state: ImageState
    raw: bytes
    """The 256 bytes; empty if the card could not be read."""
    header: CardHeader | None = None
    slots: tuple[Slot, ...] = ()
    write_back_state: RecordState = RecordState.EMPTY
    write_back: WriteBack | None = None
    tries: int | None = None
    """How many presentations of its code the chip still allows, 0 to 3; None if nobody asked it, or it did not tell."""
    is_untold: bool = False
    """Whether its code is not presented because this reader does not tell the tries."""
    tool: ToolContent | None = None
    """What a card of another kind than the customer's carries instead of orders and write-back."""

    @property
    def is_locked(self) -> bool:
        """Whether this program will never write the card: the last try of a chip is kept."""
        return self.tries is not None and self.tries <= TRIES_KEPT

    @property
    def is_proved(self) -> bool:
        """Whether the MAC of an order or of a mandate proves that this office made the card."""
        return self.order is not None or (self.tool is not None and self.tool.mandate is not None)

    @property
    def has_doubtful_record(self) -> bool:
        """Whether something stands on it that its MAC does not prove: torn, made by others, or read wrong."""
        told = (self.write_back_state, *(slot.state for slot in self.slots))
        return not {RecordState.EMPTY, RecordState.VALID}.issuperset(told)

    @property
    def current(self) -> Slot | None:
        """The valid slot with the highest sequence."""
        valid = [slot for slot in self.slots if slot.order is not None]
        return max(valid, key=_sequence, default=None)

    @property
    def order(self) -> Order | None:
        """The order that a meter would see."""
        return self.current.order if self.current else None


def _sequence(slot: Slot) -> int:
    return slot.order.sequence if slot.order else -1


@dataclass(frozen=True, slots=True)
class CardWrite:
    """The exact bytes a card is to carry, durable before the card is touched (architecture, idea 2)."""

    card: CardNo
    record: bytes
    """The order: 64 bytes, state byte first as it stands when complete; of a tool card its mandate, 32 bytes, and of a
    parameter card the limits behind it, 64, of a key card the new keys behind it, 128."""
    header: bytes = b""
    """16 bytes when a blank card is being issued, else empty."""
    key_version: int = 1

    @property
    def issues_card(self) -> bool:
        """Whether this write makes the card what it is: a blank one a customer's, or any that is free a tool card."""
        return bool(self.header)


NO_PARAMETERS = MeterParameters(NO_ENERGY, NO_ENERGY, 0, NO_ENERGY, NO_ENERGY, 0)


class CardKeyName(StrEnum):
    """The keys of a chip that has keys of its own; the value is the label under which a vault derives them."""

    CARD = "VEND-DF-CARD"
    """Of the whole card: may delete its application."""
    APPLICATION = "VEND-DF-APP"
    """Of the application: changes its keys and writes the header."""
    OFFICE = "VEND-DF-OFFICE"
    """Reads everything, writes orders."""
    METER = "VEND-DF-METER"
    """Reads orders, writes back."""
