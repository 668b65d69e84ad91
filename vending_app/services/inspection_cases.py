"""Use cases of the supervisor's inspection list (row S11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from vending_app.domain.ids import MeterNo, SupplyNo
from vending_app.domain.inspection import (
    Criteria,
    Criterion,
    FieldCard,
    FieldRead,
    Finding,
    KeptSample,
    OpenRoute,
    Sample,
    SampleLine,
)
from vending_app.domain.money import ZERO, Money


@dataclass(frozen=True, slots=True)
class ShowInspection:
    """The newest list, or another one by its number. Answer: InspectionShown. Refused: sample-unknown."""

    sample: int | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the list, with who lives there now."""

    line: SampleLine
    customer: str
    address: str
    area: str
    meter: MeterNo
    last_visit: date | None = None
    at_stake: Money = ZERO
    """What the energy that is missing, does not add up or flowed past zero cost at the last step of its tariff when the
    list was kept."""
    area_code: str = ""
    card: FieldCard | None = None
    """A check card that is out in its area, whenever it went."""
    read: FieldRead | None = None
    """What a check card took from it since the list was counted."""
    waits_since: date | None = None
    """The day of another list on whose route it waits."""


@dataclass(frozen=True, slots=True)
class InspectionShown:
    """A list, and how well criteria did so far."""

    criteria: Criteria
    """As they are set now; those of the list may be older."""
    sample: KeptSample | None
    lines: tuple[Listed, ...]
    hits: Mapping[Criterion, tuple[int, int]]
    """Of all visits so far: those that found something, and all, by criterion."""
    proposed: Mapping[Criterion, int]
    """Weights that those visits speak for; nobody sets them but the supervisor."""
    visits: int
    """How many those are."""
    now: datetime
    newest: int | None = None
    """The number of the list that was counted last."""
    open_routes: tuple[OpenRoute, ...] = ()
    """Lists that findings are still to come of, newest first; this one may be among them."""

    @property
    def route(self) -> tuple[Listed, ...]:
        """What of this list is on its route."""
        return tuple(each for each in self.lines if each.line.is_on_route)

    @property
    def to_come(self) -> int:
        """How many of the route nobody has told of yet."""
        return sum(each.line.finding is None for each in self.route)


@dataclass(frozen=True, slots=True)
class CountSample:
    """Count a new list from all books and keep it. Answer: InspectionShown. May take seconds in a large office."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A list that was counted beside the counter, by the journal row `until`."""

    sample: Sample
    until: int


@dataclass(frozen=True, slots=True)
class KeepSample:
    """Keep a list that was counted. Answer: InspectionShown."""

    counted: Counted


@dataclass(frozen=True, slots=True)
class SetCriteria:
    """For the lists that follow. Answer: InspectionShown. Refused: criteria-refused."""

    criteria: Criteria


@dataclass(frozen=True, slots=True)
class MarkRoute:
    """Put a supply on the route, or take it off. Answer: InspectionShown, of that list. Refused: sample-unknown."""

    sample: int
    supply: SupplyNo
    is_on: bool


@dataclass(frozen=True, slots=True)
class EnterFinding:
    """What somebody saw at the meter, of any list that is kept. Answer: InspectionShown, of that list.

    Refused: sample-unknown, finding-refused.
    """

    sample: int
    finding: Finding


@dataclass(frozen=True, slots=True)
class RepeatSample:
    """Count a kept list again, by what the books knew then. Answer: Repeated."""

    sample: int


@dataclass(frozen=True, slots=True)
class Repeated:
    """Whether the same came out."""

    sample: KeptSample
    is_equal: bool


@dataclass(frozen=True, slots=True)
class ShowRouteSheet:
    """The route as a paper to take along, by area. Answer: RouteSheetShown. Refused: route-empty."""

    sample: int
    why: Mapping[SupplyNo, str]
    """The reasons in a sentence, in the language of whoever asks."""


@dataclass(frozen=True, slots=True)
class RouteSheetShown:
    """The paper."""

    title: str
    asked: ShowRouteSheet
    pdf: bytes


@dataclass(frozen=True, slots=True)
class PrintRouteSheet:
    """Answer: ReportPrinted. Fails with printer-failed; refused: route-empty."""

    sample: int
    why: Mapping[SupplyNo, str]
