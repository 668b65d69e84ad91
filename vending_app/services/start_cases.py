"""The use case of the page where a working day begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from vending_app.domain.day import DayReport
from vending_app.domain.people import Operator, Shift
from vending_app.domain.start import OpenEnd


@dataclass(frozen=True, slots=True)
class ShowStart:
    """What is open for whoever asks. Answer: StartShown."""


@dataclass(frozen=True, slots=True)
class StartShown:
    """What is open, the most urgent first, and how the day goes so far."""

    operator: Operator
    shift: Shift | None
    """Of this desk, if one is open."""
    ends: tuple[OpenEnd, ...]
    now: datetime
    day: DayReport | None = None
    """Of the office; for those who may see it."""
    sold: int = 0
    """Sales of the open shift."""
