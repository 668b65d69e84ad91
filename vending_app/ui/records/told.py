"""A line of somebody's or something's history, in words. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from vending_app.ui.phrases import clock, full_day

UNCHANGED = "Never changed since these books began"


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a record's history."""

    at: datetime
    title: str
    detail: str
    why: str
    who: str


def signed(told: Told) -> str:
    """`29 Nov 2026, 10:42, by petra`."""
    by = f", by {told.who}" if told.who else ""
    return f"{full_day(told.at)}, {clock(told.at)}{by}"
