"""Starts of a working day as the desk would tell them: a calm one, and one with everything open."""

from __future__ import annotations

from datetime import date

from tests.gui.days import a_day
from tests.gui.values import NOW
from vending_app.domain.money import Money
from vending_app.domain.people import Operator, Role, Shift
from vending_app.domain.start import CARED_FOR, OpenEnd, Todo, by_urgency
from vending_app.services.start_cases import StartShown

LONG = "Maria-Theresia von Hohenberg-Lindenthal zu Altenburg"
ENDS = (
    OpenEnd(Todo.WAITING, 1, Money(50_00), LONG, date(2025, 11, 13), "01HF7"),
    OpenEnd(Todo.HEALTH, name="/var/backups is full", key="disk"),
    OpenEnd(Todo.HEALTH, key="keys"),
    OpenEnd(Todo.DAY_OPEN, on=date(2025, 11, 13)),
    OpenEnd(Todo.SHIFT_OPEN, 2, name=LONG, on=date(2025, 11, 13)),
    OpenEnd(Todo.ODD, 3, on=NOW.date()),
    OpenEnd(Todo.UNPRINTED, 1, Money(20_00), "Amara Okafor", NOW.date(), "01HF8"),
    OpenEnd(Todo.LOCKED, 1, name="Ben Adeyemi"),
    OpenEnd(Todo.PREPARED, 12, name="فاطمة الزهراء"),
    OpenEnd(Todo.ENDING, 1, name=LONG, on=date(2025, 11, 18), key="00417726"),
    OpenEnd(Todo.BLANK_CARDS, 12),
    OpenEnd(Todo.TOOLS_OUT, 2, name="Petra Lind", on=date(2025, 11, 10)),
    OpenEnd(Todo.ROUTE, 7, on=date(2025, 11, 10)),
    OpenEnd(Todo.TARIFF, name="Household, steps", on=date(2025, 11, 20), key="H2"),
    OpenEnd(Todo.NEW_SECRET, 3, name="Clara Rossi"),
)


def a_start(operator: Operator, shift: Shift | None, ends: tuple[OpenEnd, ...] = ()) -> StartShown:
    """Of whoever is logged in; only the supervisor sees the day."""
    day = a_day() if operator.role is Role.SUPERVISOR else None
    told = by_urgency(ends, operator.role)
    assert {end.what for end in ends} >= CARED_FOR[operator.role] or not ends, "everything may be open"
    return StartShown(operator, shift, told, NOW, day, shift.sales if shift else 0)
