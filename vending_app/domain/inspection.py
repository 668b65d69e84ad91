"""Which meters to inspect, and why: what is known of a supply, what stands out, and the sample (row S11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.ids import MeterNo, SupplyNo
from vending_app.domain.money import ZERO, Money


class Criterion(StrEnum):
    """One thing that may speak for a visit."""

    UNEXPLAINED = "unexplained"
    """Bought, used and remaining do not add up."""
    PAST_ZERO = "past-zero"
    """Energy flowed with nothing remaining: the relay should have been open."""
    FELL = "fell"
    """Uses less than it did itself, while its neighbours do not."""
    BELOW_PEERS = "below-peers"
    """Uses less than its neighbours ever did."""
    SILENT = "silent"
    """No purchase for long, beside its own habit; or neither a purchase nor a write-back."""
    UNREAD = "unread"
    """Buys, but no write-back comes in."""
    ILLEGAL_CARDS = "illegal-cards"
    COVER = "cover"
    OVERLOAD = "overload"
    REISSUES = "reissues"
    TAKEN_BACK = "taken-back"
    """Reversals of what the meter had taken."""
    CHANCE = "chance"
    """Drawn by lot, so that nobody is safe from a visit and nobody is singled out."""


USUAL_WEIGHTS: Mapping[Criterion, int] = {
    Criterion.UNEXPLAINED: 50,
    Criterion.PAST_ZERO: 50,
    Criterion.FELL: 60,
    Criterion.BELOW_PEERS: 20,
    Criterion.SILENT: 10,
    Criterion.UNREAD: 50,
    Criterion.ILLEGAL_CARDS: 25,
    Criterion.COVER: 25,
    Criterion.OVERLOAD: 5,
    Criterion.REISSUES: 15,
    Criterion.TAKEN_BACK: 10,
}
"""Points of 100 that each criterion gives at most; points of several add up, and 100 is the most."""


MOST_SEED = 2**32 - 1


@dataclass(frozen=True, slots=True)
class Criteria:
    """What the supervisor set."""

    weights: Mapping[Criterion, int] = field(default_factory=lambda: dict(USUAL_WEIGHTS))
    size: int = 25
    """Meters in the sample."""
    by_chance_percent: int = 8
    """Of the sample, drawn by lot from all others."""
    seed: int = 1
    """The lot is drawn from it and the day, 0 to MOST_SEED: the same seed, day and books give the same sample."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One write-back, as far as it tells about use; energies are registers since installation."""

    on: date
    used: Energy
    remaining: Energy
    bought: Energy
    """The total that the meter has accepted."""
    past_zero: Energy
    illegal_cards: int = 0
    cover: int = 0
    overload: int = 0


@dataclass(frozen=True, slots=True)
class SupplyRecord:
    """What the books know of a supply, as the sample needs it; everything oldest first."""

    supply: SupplyNo
    meter: MeterNo
    customer: str
    area: str
    tariff: str
    open_since: date
    """Since when it could buy here: the day of its first card, or that on which the books began with it."""
    readings: tuple[Reading, ...]
    purchases: tuple[tuple[date, Energy], ...]
    unexplained: Energy = NO_ENERGY
    """Of its energy account."""
    reissues: int = 0
    taken_back: int = 0


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a supply is on the list: so many points, and the facts of the sentence that says it."""

    criterion: Criterion
    points: int
    facts: Mapping[str, int | date] = field(default_factory=dict)
    """`percent`, `peers_percent`, `peers`, `days`, `times`, `energy_wh`, `since`, as the criterion needs; `ever` where
    nothing came in for long: 0 if nothing ever did."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that a counter of the meter told, on the day on which it was read."""

    on: date
    criterion: Criterion
    times: int


@dataclass(frozen=True, slots=True)
class UseChart:
    """Use month by month beside the neighbours', in Wh; -1 where nothing is known."""

    months: tuple[date, ...]
    own: tuple[int, ...]
    middle: tuple[int, ...]
    """What the middle neighbour would have used in this house: its season on this supply's own level."""
    low: tuple[int, ...]
    high: tuple[int, ...]
    """Eight of ten neighbours lie between."""
    marks: tuple[Mark, ...] = ()
    peers: int = 0


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing since use fell."""

    since: date
    expected: Energy
    """As before, with the neighbours' seasons."""
    counted: Energy

    @property
    def missing(self) -> Energy:
        return self.expected - self.counted


@dataclass(frozen=True, slots=True)
class Suspect:
    """One supply of the list."""

    record: SupplyRecord
    priority: int
    """Points out of 100."""
    reasons: tuple[Reason, ...]
    """The heaviest first."""
    gap: Gap | None = None
    """Where its use fell."""
    chart: UseChart | None = None
    at_stake: Money | None = None
    """What `lost` cost on the day of the list; priced when the list is kept."""

    @property
    def missing(self) -> Energy:
        return self.gap.missing if self.gap else NO_ENERGY

    @property
    def lost(self) -> Energy:
        """As of a line."""
        return _lost(self.gap, self.reasons)


@dataclass(frozen=True, slots=True)
class Sample:
    """The list in order of priority, repeatable from books, day, criteria and seed."""

    on: date
    criteria: Criteria
    suspects: tuple[Suspect, ...]
    looked_at: int
    """Supplies in all."""
    standing_out: int
    """Of them, those with any reason."""


class Outcome(StrEnum):
    """What a visit came to."""

    NOTHING = "nothing"
    BYPASS = "bypass"
    SLOW_METER = "slow-meter"
    RELAY = "relay"
    TAMPERING = "tampering"
    CARD = "card"
    """Another's card, or a copy."""
    OTHER = "other"
    NO_ACCESS = "no-access"
    """Nobody opened: neither a hit nor a miss."""

    @property
    def is_hit(self) -> bool:
        """Whether the visit found what it was made for."""
        return self not in {Outcome.NOTHING, Outcome.NO_ACCESS}


@dataclass(frozen=True, slots=True)
class Finding:
    """What somebody saw at a meter."""

    supply: SupplyNo
    outcome: Outcome
    on: date
    used: Energy | None = None
    """What the register of use showed."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class FieldCard:
    """A check card that is out in an area."""

    mandate: int
    carrier: str
    expires_on: date


@dataclass(frozen=True, slots=True)
class FieldRead:
    """What a check card brought from a meter since the list was counted."""

    mandate: int
    on: date
    used: Energy
    """Its register of use."""


TELL_OF_LOSS = frozenset({Criterion.UNEXPLAINED, Criterion.PAST_ZERO})
"""Criteria whose `energy_wh` was used and not paid, or is not known where it went."""


@dataclass(frozen=True, slots=True)
class SampleLine:
    """One supply of a sample that was kept: the list as it was, whatever the books know by now."""

    supply: SupplyNo
    priority: int
    reasons: tuple[Reason, ...]
    gap: Gap | None = None
    chart: UseChart | None = None
    is_on_route: bool = False
    finding: Finding | None = None
    at_stake: Money | None = None
    """What `lost` cost on the day of the list; None in a list that was kept without its prices."""

    @property
    def lost(self) -> Energy:
        """What is missing since use fell; where it did not fall, the most that does not add up or flowed past zero.

        Never the sum of those: the same energy may show in both.
        """
        return _lost(self.gap, self.reasons)


def _lost(gap: Gap | None, reasons: tuple[Reason, ...]) -> Energy:
    if gap is not None:
        return gap.missing
    told = (reason.facts["energy_wh"] for reason in reasons if reason.criterion in TELL_OF_LOSS)
    return Energy(max((abs(wh) for wh in told if isinstance(wh, int)), default=0))


@dataclass(frozen=True, slots=True)
class KeptSample:
    """A sample in the books."""

    number: int
    """Of its journal row."""
    until: int
    """The newest journal row that it was counted by: with it, and its criteria and day, it can be counted again."""
    on: date
    at: datetime
    criteria: Criteria
    lines: tuple[SampleLine, ...]
    looked_at: int
    standing_out: int


@dataclass(frozen=True, slots=True)
class Visit:
    """What one inspection came to: the reasons it was made for, and whether it found anything.

    One visit is one supply on one day: what was entered for it on several lists is one.
    """

    reasons: tuple[Reason, ...]
    has_found: bool
    weights: Mapping[Criterion, int]
    """Of the criteria that chose it."""


@dataclass(frozen=True, slots=True)
class OpenRoute:
    """A kept list that findings are still to come of."""

    number: int
    on: date
    """The day of the list."""
    waiting: tuple[SupplyNo, ...]
    """Supplies on its route of which nothing is found yet, as they were put there."""


@dataclass(frozen=True, slots=True)
class RouteStop:
    """One meter of a route, as the paper to take along tells it."""

    supply: SupplyNo
    meter: MeterNo
    customer: str
    address: str
    area: str
    priority: int
    why: str
    """In a sentence, in the language of whoever asked for the paper."""
    used: Energy | None = None
    """What its register of use showed last."""
    at_stake: Money = ZERO
    """What the energy costs that is missing there; 0 where nothing is known of it."""
