"""Which places the rail shows: only what the role may do."""

from __future__ import annotations

from vending_app.domain.people import Operator
from vending_app.domain.permissions import Act, may
from vending_app.ui.components.rail import (
    CARDS,
    DAY,
    DRILLS,
    INSPECT,
    RECORDS,
    SELL,
    SETUP,
    SHIFT,
    SUPPLIES,
    TOOLS,
    Place,
)

_ASKED: tuple[tuple[Place, Act | None], ...] = (
    (SELL, None),
    (SUPPLIES, None),
    (SHIFT, Act.SHIFT),
    (DAY, Act.CLOSE_DAY),
    (INSPECT, Act.INSPECT),
    (RECORDS, Act.RECORDS),
    (CARDS, Act.ISSUE),
    (TOOLS, Act.READ_TOOL),
    (SETUP, Act.SETTINGS),
)


EVERY_PLACE = tuple(place for place, _ in _ASKED)
"""Of the rail; what else is shown lies behind a key or a button."""


def places_of(operator: Operator | None, *, practice: bool = False) -> tuple[Place, ...]:
    """The places of whoever is logged in, in the order of the rail; drills are for practice."""
    found = tuple(place for place, act in _ASKED if act is None or may(operator, act))
    return (*found, DRILLS) if practice else found
