"""The part of the ledger for the supervisor: days and inspections; each method a line into the room that knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vending_app.ports.telling import Tell, untold
from vending_app.when_needed import WhenNeeded

if TYPE_CHECKING:
    from collections.abc import Mapping
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
    from vending_app.ledger import day_rows, inspections, open_ends, reports, route_reads, supply_records
    from vending_app.ledger.books import Books
else:
    day_rows = WhenNeeded("vending_app.ledger.day_rows")
    inspections = WhenNeeded("vending_app.ledger.inspections")
    open_ends = WhenNeeded("vending_app.ledger.open_ends")
    reports = WhenNeeded("vending_app.ledger.reports")
    route_reads = WhenNeeded("vending_app.ledger.route_reads")
    supply_records = WhenNeeded("vending_app.ledger.supply_records")


class SupervisorDesk:
    """`ports.inspecting.InspectionKeeping` and `ports.inspecting.DayKeeping`."""

    _books: Books

    def day_report(self, day: date, *, desk: DeskNo | None, today: date) -> DayReport:
        return day_rows.day_report(self._books, day, desk=desk, today=today)

    def open_ends(self, asked: frozenset[Todo], *, today: date) -> tuple[OpenEnd, ...]:
        return open_ends.open_ends(self._books, asked, today=today)

    def report(self, asked: ReportAsked, *, now: datetime, tell: Tell = untold) -> Report:
        return reports.report(self._books, asked, now=now, tell=tell)

    def supply_records(self, *, until: int, since: date, tell: Tell = untold) -> tuple[SupplyRecord, ...]:
        return supply_records.supply_records(self._books, until=until, since=since, tell=tell)

    def newest_row(self) -> int:
        return inspections.newest_row(self._books)

    def criteria(self) -> Criteria:
        return inspections.criteria(self._books)

    def set_criteria(self, criteria: Criteria, *, at: datetime) -> None:
        inspections.set_criteria(self._books, criteria, at=at)

    def keep_sample(self, sample: Sample, *, until: int, at: datetime) -> int:
        return inspections.keep(self._books, sample, until=until, at=at)

    def samples(self, *, limit: int) -> tuple[KeptSample, ...]:
        return inspections.samples(self._books, limit=limit)

    def sample(self, number: int) -> KeptSample:
        return inspections.sample(self._books, number)

    def open_routes(self) -> tuple[OpenRoute, ...]:
        return inspections.open_routes(self._books)

    def mark_route(self, number: int, supply: SupplyNo, *, is_on: bool, at: datetime) -> None:
        inspections.mark_route(self._books, number, supply, is_on=is_on, at=at)

    def enter_finding(self, number: int, finding: Finding, *, at: datetime) -> None:
        inspections.enter_finding(self._books, number, finding, at=at)

    def cards_out(self) -> Mapping[str, FieldCard]:
        return route_reads.cards_out(self._books)

    def field_reads(self, *, since: datetime) -> Mapping[SupplyNo, FieldRead]:
        return route_reads.reads(self._books, since=since)

    def visits(self) -> tuple[Visit, ...]:
        return inspections.visits(self._books)

    def last_visit(self, supply: SupplyNo) -> date | None:
        return inspections.last_visit(self._books, supply)
