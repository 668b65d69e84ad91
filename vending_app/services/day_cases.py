"""Use cases of the supervisor's day (row P1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from vending_app.domain.day import DayReport
from vending_app.domain.ids import DeskNo


@dataclass(frozen=True, slots=True)
class ShowDay:
    """A day, today if none is named, of one desk or of all. Answer: DayShown."""

    day: date | None = None
    desk: DeskNo | None = None


@dataclass(frozen=True, slots=True)
class DayShown:
    """A day, and now."""

    report: DayReport
    now: datetime


@dataclass(frozen=True, slots=True)
class ShowDayPaper:
    """The day as it comes out of the printer. Answer: DayPaperShown."""

    day: date
    desk: DeskNo | None = None


@dataclass(frozen=True, slots=True)
class DayPaperShown:
    """A day on A4, to look at and to save."""

    title: str
    asked: ShowDayPaper
    pdf: bytes


@dataclass(frozen=True, slots=True)
class PrintDay:
    """Answer: ReportPrinted. Fails with printer-failed."""

    day: date
    desk: DeskNo | None = None
