"""What a report is made of the books by: what was asked, on which day, and whom to tell how far it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from vending_app.domain.report import ReportAsked
from vending_app.ports.inspecting import Tell

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

    def each(self, parts: Sequence[Part]) -> Iterator[Part]:
        """The parts of the work one after another, telling how many of them are done."""
        for done, part in enumerate(parts):
            self.tell(done, len(parts))
            yield part
