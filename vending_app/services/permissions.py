"""Who may do what: one table, asked by every service before it acts (row P2)."""

from __future__ import annotations

from enum import StrEnum

from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.people import Operator, Role


class Act(StrEnum):
    """What needs a permission. Reading a card and trying a price need only a person who is logged in."""

    LOOK = "look"
    SELL = "sell"
    FINISH = "finish"
    ISSUE = "issue"
    SHIFT = "shift"
    PRINT = "print"
    SETTINGS = "settings"


_EVERYBODY = frozenset(Role)
PERMISSIONS: dict[Act, frozenset[Role]] = {
    Act.LOOK: _EVERYBODY,
    Act.SELL: frozenset({Role.CASHIER, Role.SUPERVISOR}),
    # A torn card is finished by whoever has it before him: no new money and no new energy come of it.
    Act.FINISH: _EVERYBODY,
    Act.ISSUE: frozenset({Role.TECHNICIAN, Role.ADMINISTRATOR}),
    Act.SHIFT: frozenset({Role.CASHIER, Role.SUPERVISOR}),
    Act.PRINT: frozenset({Role.CASHIER, Role.SUPERVISOR}),
    Act.SETTINGS: frozenset({Role.SUPERVISOR, Role.TECHNICIAN, Role.ADMINISTRATOR}),
}


def may(operator: Operator | None, act: Act) -> bool:
    """Whether this person may do this."""
    return operator is not None and operator.role in PERMISSIONS[act]


def require(operator: Operator | None, act: Act) -> Operator:
    """The operator, if he may. Raises OperatorError permission-denied."""
    if operator is None or not may(operator, act):
        raise OperatorError(Code.PERMISSION_DENIED, act=act.value, role=operator.role.value if operator else "nobody")
    return operator
