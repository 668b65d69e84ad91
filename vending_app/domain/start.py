"""Where a working day begins: what is open, the most urgent first, for whoever can do something about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from vending_app.domain.money import ZERO, Money
from vending_app.domain.people import Role

SOON = timedelta(days=7)
"""What ends or begins within a week is told."""


class Todo(StrEnum):
    """What may be open, the most urgent first."""

    WAITING = "waiting"
    """Sales that wait for their card."""
    HEALTH = "health"
    """A reader, a printer, a disk or a backup that is not as it should be."""
    DAY_OPEN = "day-open"
    """Something was done on an earlier day that no closing has."""
    SHIFT_OPEN = "shift-open"
    """Shifts of an earlier day that nobody closed."""
    ODD = "odd"
    """What the day's page shows as odd and open."""
    UNPRINTED = "unprinted"
    """Receipts of this desk that were never printed."""
    LOCKED = "locked"
    """Operators whom the program locked."""
    PREPARED = "prepared"
    """Supplies that wait for their first card."""
    ENDING = "ending"
    """Temporary supplies that end soon."""
    BLANK_CARDS = "blank-cards"
    TOOLS_OUT = "tools-out"
    """Tool cards that have expired and were not read in."""
    ROUTE = "route"
    """Meters on a route of which nothing is entered yet."""
    TARIFF = "tariff"
    """A tariff that comes into force soon."""
    NEW_SECRET = "new-secret"
    """Operators who must choose a secret of their own."""


_AT_DESK = frozenset({Todo.WAITING, Todo.HEALTH})
CARED_FOR: Mapping[Role, frozenset[Todo]] = {
    Role.CASHIER: _AT_DESK | {Todo.UNPRINTED, Todo.TARIFF},
    Role.SUPERVISOR: _AT_DESK
    | {Todo.DAY_OPEN, Todo.SHIFT_OPEN, Todo.ODD, Todo.BLANK_CARDS, Todo.TOOLS_OUT, Todo.ROUTE, Todo.TARIFF}
    | {Todo.ENDING},
    Role.TECHNICIAN: _AT_DESK | {Todo.PREPARED, Todo.ENDING, Todo.BLANK_CARDS, Todo.TOOLS_OUT},
    Role.ADMINISTRATOR: _AT_DESK | {Todo.LOCKED, Todo.NEW_SECRET, Todo.TARIFF, Todo.BLANK_CARDS, Todo.PREPARED},
}
"""Who is told what: those who can do something about it."""


@dataclass(frozen=True, slots=True)
class OpenEnd:
    """One thing that is open; the fields that its kind has."""

    what: Todo
    count: int = 1
    amount: Money = ZERO
    name: str = ""
    """Of the one it is about, or of the first of several."""
    on: date | None = None
    key: str = ""
    """By which its page is found, if it is about one alone: a sale, a supply, a tariff's code."""


def by_urgency(found: tuple[OpenEnd, ...], role: Role) -> tuple[OpenEnd, ...]:
    """What this role is told, the most urgent first."""
    order = list(Todo)
    return tuple(sorted((end for end in found if end.what in CARED_FOR[role]), key=lambda end: order.index(end.what)))
