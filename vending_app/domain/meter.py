"""What a meter decides about a card and shows on its display: the words of the other side of the contract."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vending_app.domain.energy import Energy
from vending_app.domain.ids import MeterNo, SupplyNo


class MeterDecision(StrEnum):
    """The outcome of one insertion (docs/card-format.md, "What the meter does with a card")."""

    CREDITED = "credited"
    NOTHING_NEW = "nothing-new"
    OLD_ORDER = "old-order"
    OVER_HOARDING = "over-hoarding"
    NOT_OURS = "not-ours"
    MAC_WRONG = "mac-wrong"
    OTHER_METER = "other-meter"
    OTHER_SUPPLY = "other-supply"
    CARD_REPLACED = "card-replaced"
    OTHER_CARD = "other-card"
    TOOL_NOT_VALID = "tool-not-valid"
    TOOL_ELSEWHERE = "tool-elsewhere"
    TOOL_EXPIRED = "tool-expired"
    TOOL_FULL = "tool-full"
    TOOL_LATE = "tool-late"
    KEYS_KNOWN = "keys-known"
    """The keys of a key card are those that the meter has: the card did its work already, or is an old one."""
    KEYS_NOT_OPENED = "keys-not-opened"
    """The new keys on a key card do not open under the meter's own key."""
    COLLECTED = "collected"
    """A check card has the registers."""
    LIMITS_SET = "limits-set"
    """A parameter card's limits hold, and it has the registers as the acknowledgment."""
    CLEARED = "cleared"
    """The last registers are on the clear card, and the meter is as it left the factory but for its register of use."""
    NOT_CLEARED = "not-cleared"
    """The clear card left before the last registers were safe on it: the meter stays as it was."""
    KEYS_LEARNT = "keys-learnt"
    """A key card's keys are kept beside the old ones, and it has the registers as the acknowledgment."""
    NO_POWER = "no-power"
    """A meter without power reads no card: it shows nothing, counts nothing and writes nothing."""

    @property
    def error_code(self) -> str:
        """What the display shows when the card is refused, such as `E-03`; empty when it is not."""
        return _ERROR_CODES.get(self, "")


_ERROR_CODES = {
    MeterDecision.NOT_OURS: "E-01",
    MeterDecision.MAC_WRONG: "E-02",
    MeterDecision.OTHER_METER: "E-03",
    MeterDecision.OTHER_SUPPLY: "E-04",
    MeterDecision.CARD_REPLACED: "E-05",
    MeterDecision.OTHER_CARD: "E-06",
    MeterDecision.OVER_HOARDING: "E-07",
    MeterDecision.TOOL_NOT_VALID: "E-11",
    MeterDecision.TOOL_ELSEWHERE: "E-12",
    MeterDecision.TOOL_EXPIRED: "E-13",
    MeterDecision.TOOL_FULL: "E-14",
    MeterDecision.TOOL_LATE: "E-15",
    MeterDecision.KEYS_KNOWN: "E-16",
    MeterDecision.KEYS_NOT_OPENED: "E-17",
}


class RelayState(StrEnum):
    """Whether the customer has power."""

    CLOSED = "closed"
    OPEN = "open"


class TripReason(StrEnum):
    """Why the relay is open."""

    NONE = "none"
    LOW_CREDIT = "low-credit"
    ZERO = "zero"
    OVERLOAD = "overload"


@dataclass(frozen=True, slots=True)
class MeterView:
    """Everything the display can show (row S12)."""

    meter: MeterNo
    supply: SupplyNo | None
    """None until the meter is opened by its first card."""
    remaining: Energy
    used_total: Energy
    energy_total: Energy
    purchases: int
    last_purchase: Energy
    zero_crossing: Energy
    alarm_1: Energy
    overload_w: int
    constant_imp_per_kwh: int
    relay: RelayState
    reason: TripReason
    is_alarm: bool
    power_max_w: int
    alarm_2: Energy
    last_month: Energy
    illegal_cards: int
    overload_trips: int
    low_credit_trips: int
    tamper_events: int
    power_failures: int
    is_cover_open: bool
    has_power: bool
    """Whether the mains reach the meter; without them the display is dark."""
    time: datetime
    """The meter's clock, in UTC."""


@dataclass(frozen=True, slots=True)
class Insertion:
    """What came of putting a card in."""

    decision: MeterDecision
    credited: Energy
    """May be negative after a reversal."""
    wrote_back: bool
    view: MeterView
