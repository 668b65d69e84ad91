"""What the supervisor's desk needs of the books to choose meters and to remember what was found there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from vending_app.ports.telling import Tell, untold

if TYPE_CHECKING:
    from datetime import date, datetime

    from vending_app.domain.day import DayReport
    from vending_app.domain.ids import DeskNo, SupplyNo
    from vending_app.domain.inspection import (
        Criteria,
        FieldCard,
        FieldRead,
        Finding,
        KeptSample,
        OpenRoute,
        Sample,
        SupplyRecord,
        Visit,
    )
    from vending_app.domain.report import Report
    from vending_app.domain.report_asked import ReportAsked
    from vending_app.domain.start import OpenEnd, Todo


class DayKeeping(Protocol):
    """Days as they were, and as the one that runs is."""

    def day_report(self, day: date, *, desk: DeskNo | None, today: date) -> DayReport:
        """A closed day, or the one that runs; of any other, nothing but its name. None is all desks."""

    def open_ends(self, asked: frozenset[Todo], *, today: date) -> tuple[OpenEnd, ...]:
        """What is asked for and open now."""

    def report(self, asked: ReportAsked, *, now: datetime, tell: Tell = untold) -> Report:
        """In one state of the books. Raises OperatorError report-period."""


class InspectionKeeping(Protocol):
    """Samples, routes and findings stay as they were; a later finding corrects an earlier one beside it."""

    def supply_records(self, *, until: int, since: date, tell: Tell = untold) -> tuple[SupplyRecord, ...]:
        """Of all supplies open with the journal row `until`, as it knew them; re-issues and reversals since that day.

        By supply number.
        """

    def newest_row(self) -> int:
        """The id of the journal's newest row."""

    def criteria(self) -> Criteria:
        """Those that were set last, or the usual ones."""

    def set_criteria(self, criteria: Criteria, *, at: datetime) -> None: ...
    def keep_sample(self, sample: Sample, *, until: int, at: datetime) -> int:
        """The number by which it is found again."""

    def samples(self, *, limit: int) -> tuple[KeptSample, ...]:
        """Newest first."""

    def sample(self, number: int) -> KeptSample:
        """Raises OperatorError sample-unknown."""

    def mark_route(self, number: int, supply: SupplyNo, *, is_on: bool, at: datetime) -> None:
        """Raises OperatorError sample-unknown, also for a supply that is not on the list."""

    def enter_finding(self, number: int, finding: Finding, *, at: datetime) -> None:
        """Raises OperatorError sample-unknown, also for a supply that is not on the list."""

    def open_routes(self) -> tuple[OpenRoute, ...]:
        """Kept lists that findings are still to come of, newest first."""

    def cards_out(self) -> Mapping[str, FieldCard]:
        """By the code of its area, the newest check card that was written and has not come back."""

    def field_reads(self, *, since: datetime) -> Mapping[SupplyNo, FieldRead]:
        """By supply, what a check card took there last since then."""

    def visits(self) -> tuple[Visit, ...]:
        """All visits that came to a yes or a no: one supply on one day is one, on however many lists it stands."""

    def last_visit(self, supply: SupplyNo) -> date | None: ...
