"""What is asked before the practice street is set up anew."""

from __future__ import annotations

from vending_app.services.practice_cases import SetStreetUpAnew
from vending_app.ui.books.ask import Ask, Deed


def ask_anew() -> Ask:
    """The summary of it: what is lost, and what is kept."""
    return Ask(
        title="Set the street up anew",
        button="Set up anew",
        icon="house-line",
        make=lambda _: Deed(SetStreetUpAnew(), ""),
        sentence="Houses, meters and cards begin again as on the first day. The practice counter closes and opens"
        " again in a few seconds.",
        facts=(
            ("Results of all trainees", "kept", "ok"),
            ("What was done since", "gone", "warn"),
        ),
    )
