"""What closing a period asks, wherever it is closed. Only words and values."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from vending_app.domain.closing import ClosingKind
from vending_app.services.book_cases import ClosePeriod
from vending_app.ui.book_words import CLOSINGS, said_period
from vending_app.ui.books.ask import Ask, Deed, Fact
from vending_app.ui.phrases import clock

NOON = 12
"""By the clock on the wall; a day that is closed before it is most likely closed by mistake."""


def ask_close_period(kind: ClosingKind, period: str, *, facts: Sequence[Fact], now: datetime) -> Ask:
    """What it means, and a warning where it is today and most of today is still to be sold."""
    word, when = CLOSINGS[kind][2], said_period(kind, period)
    return Ask(
        title=f"Close the {word}",
        button=f"Close the {word}",
        make=lambda _: Deed(ClosePeriod(kind, period), f"Close {when}."),
        icon="lock-simple",
        sentence=f"{when} is added up, signed and closed for good. What is booked later belongs to the next.",
        facts=tuple(facts),
        note=_note_early(kind, period, now),
    )


def _note_early(kind: ClosingKind, period: str, now: datetime) -> tuple[str, str, str]:
    local = now.astimezone()
    if kind is not ClosingKind.DAY or period != local.date().isoformat() or local.hour >= NOON:
        return "", "", ""
    return "warn", "warning-fill", f"It is only {clock(now)}: what is sold for the rest of today will count tomorrow."
