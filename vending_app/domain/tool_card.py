"""Tool cards: what an inspector carries to read meters, to set their limits, to clear one, or to bring it new keys.

Each is bound to a purpose, an area or one meter, a last day, and whoever carries it (docs/card-format.md).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from vending_app.domain.card import CardKind, CardWrite, MeterParameters, MeterStatus, RecordState
from vending_app.domain.energy import Energy
from vending_app.domain.ids import ActId, DeskNo, MeterNo, OperatorName

TOOL_KINDS = (CardKind.CHECK, CardKind.PARAMETER, CardKind.CLEAR, CardKind.KEY)
OF_ONE_METER = frozenset({CardKind.CLEAR, CardKind.KEY})
"""What these are bound to instead of an area."""
LONGEST_AREA = 8
"""Letters of an area's code that fit a tool card."""


def fits_tool_card(area: str) -> bool:
    """Whether the code of an area can stand on a tool card: 1 to 8 printable ASCII letters."""
    return 0 < len(area) <= LONGEST_AREA and area.isascii() and area.isprintable()


@dataclass(frozen=True, slots=True)
class Mandate:
    """What a tool card is for: written by the office at issue, proved by its MAC."""

    number: int
    """Unique in the office: it names the row in the books."""
    area: str
    """Whose meters take the card; empty on a clear or key card."""
    meter: MeterNo | None
    """The one meter of a clear or key card."""
    expires_on: date
    """The last day on which a meter takes it, by the meter's clock."""
    carrier: int
    """The number of the operator who carries it."""
    key_version: int


@dataclass(frozen=True, slots=True)
class Limits:
    """What a parameter card sets in every meter; constant and ratios belong to the meter and are not among them."""

    alarm_1: Energy
    alarm_2: Energy
    overload_w: int
    overdraft: Energy
    hoarding: Energy

    def applied_to(self, parameters: MeterParameters) -> MeterParameters:
        """The same meter with these limits."""
        return replace(
            parameters,
            alarm_1=self.alarm_1,
            alarm_2=self.alarm_2,
            overload_w=self.overload_w,
            overdraft=self.overdraft,
            hoarding=self.hoarding,
        )


def limits_of(parameters: MeterParameters) -> Limits:
    """The part of a meter's parameters that a parameter card may set."""
    told = parameters
    return Limits(told.alarm_1, told.alarm_2, told.overload_w, told.overdraft, told.hoarding)


@dataclass(frozen=True, slots=True)
class NewKeys:
    """What a key card brings a meter: the keys of a version, wrapped under its own key of the mandate's version."""

    version: int
    area: str
    """The code of the area whose key goes along; empty for a meter without one."""


@dataclass(frozen=True, slots=True)
class FieldRecord:
    """What a meter leaves on a tool card: its registers, the counters as far as they fit."""

    meter: MeterNo
    running_low: int
    """The low 16 bits of the running number, which counts this record too."""
    sequence_low: int
    """The low 16 bits of the sequence last accepted."""
    used_total: Energy
    remaining: Energy
    zero_crossing: Energy
    illegal_low: int
    """The low 8 bits, as those of the next two."""
    overload_low: int
    tamper_low: int
    status: MeterStatus
    hour: datetime
    """The meter's clock in UTC, down to the hour."""


@dataclass(frozen=True, slots=True)
class RecordPlace:
    """One of the places that meters write on."""

    number: int
    """Counted from behind the mandate: the first place of a parameter card is 1, behind its limits."""
    state: RecordState
    """EMPTY, BAD_MAC (torn, or not ours), NO_KEY or VALID."""
    raw: bytes
    """32 bytes."""
    meter: MeterNo | None = None
    """Which meter's number stands there, proved or not; None on an empty place."""
    record: FieldRecord | None = None
    """Proved."""


@dataclass(frozen=True, slots=True)
class ToolContent:
    """Everything decoded from a tool card behind its header."""

    state: RecordState
    """Of the mandate."""
    told: Mandate | None = None
    """What the mandate says, proved or not; None while its bytes are no complete mandate."""
    limits: Limits | None = None
    """Of a parameter card, proved."""
    places: tuple[RecordPlace, ...] = ()
    new_keys: NewKeys | None = None
    """Of a key card, proved: they can be unwrapped and are those of their version."""

    @property
    def mandate(self) -> Mandate | None:
        """What the mandate says, proved."""
        return self.told if self.state is RecordState.VALID else None

    @property
    def records(self) -> tuple[RecordPlace, ...]:
        """The places whose records are proved."""
        return tuple(place for place in self.places if place.record is not None)


class ToolState(StrEnum):
    """Where a tool card stands, by the books."""

    UNFINISHED = "unfinished"
    """Its issue was interrupted: the card may not carry it."""
    OUT = "out"
    EXPIRED = "expired"
    """Past its last day, and never read in."""
    READ = "read"
    """It was read in; it may still be out again."""
    ANEW = "anew"
    """Its plastic was issued anew under a later mandate."""


@dataclass(frozen=True, slots=True)
class ToolDraft:
    """A tool card that is about to be issued, with the exact bytes."""

    id: ActId
    request: str
    """What was asked, canonically."""
    kind: CardKind
    mandate: Mandate
    limits: Limits | None
    carrier: OperatorName
    issued_by: OperatorName
    write: CardWrite
    at: datetime
    new_keys: NewKeys | None = None


@dataclass(frozen=True, slots=True)
class ToolCard:
    """One mandate as the books have it."""

    draft: ToolDraft
    carrier_name: str
    is_written: bool
    """Whether the card was proved to carry it."""
    read_at: datetime | None
    """When it was read in last."""
    meters: int
    """How many meters' records came in under it."""
    is_newest: bool
    """Whether its plastic bears no later mandate."""

    @property
    def number(self) -> int:
        return self.draft.mandate.number

    def state(self, today: date) -> ToolState:
        """As it stands on that day."""
        if not self.is_newest:
            return ToolState.ANEW
        if not self.is_written:
            return ToolState.UNFINISHED
        if self.read_at is not None:
            return ToolState.READ
        return ToolState.EXPIRED if today > self.draft.mandate.expires_on else ToolState.OUT


@dataclass(frozen=True, slots=True)
class ToolIssue:
    """A tool card that went out, as the slip tells it that its carrier signs."""

    card: ToolCard
    desk: DeskNo
    issuer: str
    """The name of whoever issued it, as people read it."""
    approver: str = ""
    """Who gave his word for it, if it took somebody's."""
    fingerprint: str = ""
    """Of its journal row: the first figures of the hash."""
