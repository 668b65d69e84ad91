"""What a report is made of the books by: what was asked, on which day, and whom to tell how far it is; where its lines
lead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from vending_app.domain.report import Opens
from vending_app.domain.report_asked import ReportAsked, ReportKind
from vending_app.ports.telling import Tally, Tell

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class Asking:
    """One report, being made."""

    asked: ReportAsked
    today: date
    tell: Tell

    @property
    def period(self) -> str:
        return self.asked.period

    def tally(self, of: int) -> Tally:
        """For work of several stages, with so many parts in all."""
        return Tally(self.tell, of)

    def each(self, parts: Sequence[Part]) -> Iterator[Part]:
        """The parts of work of one stage."""
        return self.tally(len(parts)).each(parts)


def sales_of(asking: Asking) -> ReportAsked:
    """All sales of the period and of the desk that a report was asked of."""
    return ReportAsked(ReportKind.SALES, asking.period, desk=asking.asked.desk)


def sales_that_share(about: ReportAsked, by: str, of: str) -> Opens:
    """The sales of a line; those of a desk are told apart beside all else."""
    return Opens("report", asked=replace(about, desk=int(of)) if by == "desk" else replace(about, by=by, of=of))
