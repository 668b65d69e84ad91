"""What the page says of the list that it shows, and which other one is a step away. No Qt here."""

from __future__ import annotations

from datetime import date

from vending_app.services.inspection_cases import InspectionShown
from vending_app.ui.inspect.inspect_words import said_findings, said_list, said_waiting

BY_PRIORITY = "In order of priority"
NEWEST = "Newest list"


def title_of(shown: InspectionShown | None, *, today: date) -> str:
    """Its day, unless it is the newest and of today."""
    if shown is None or shown.sample is None:
        return BY_PRIORITY
    is_todays = shown.sample.on == today and shown.sample.number == shown.newest
    return BY_PRIORITY if is_todays else said_list(shown.sample.on, today=today)


def remark_of(shown: InspectionShown | None, rows: int, *, today: date) -> str:
    """How many rows of it are there; of a list that tells its day, how far its route is."""
    if shown is None or shown.sample is None or not rows:
        return ""
    if shown.route and title_of(shown, today=today) != BY_PRIORITY:
        return said_findings(len(shown.route), shown.to_come)
    return f"{rows} of {max(shown.sample.standing_out, rows)} shown"


def other_of(shown: InspectionShown | None) -> int | None:
    """The number of the next older list that findings are still to come of; from the last one, of the newest list."""
    if shown is None or shown.sample is None or shown.newest is None:
        return None
    here, waiting = shown.sample.number, {route.number for route in shown.open_routes}
    numbers = sorted({here, shown.newest, *waiting}, reverse=True)
    other = numbers[(numbers.index(here) + 1) % len(numbers)]
    return other if other != here else None


def said_other(shown: InspectionShown | None, *, today: date) -> str:
    """What leads there."""
    other = other_of(shown)
    routes = shown.open_routes if shown is not None and other != shown.newest else ()
    return next((said_waiting(route, today=today) for route in routes if route.number == other), NEWEST)
