"""The verbs of who may log in: for each the act that must be permitted, and who does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vending_app.domain.permissions import Act
from vending_app.services.people_cases import (
    AddOperator,
    ChangeOperator,
    ListOperators,
    LockOperator,
    ResetSecret,
    ShowOperator,
    UnlockOperator,
)
from vending_app.services.verb_tables import VerbTable

if TYPE_CHECKING:
    from vending_app.services.counter import Counter


def verbs(counter: Counter) -> VerbTable:
    return {
        ListOperators: (Act.OPERATORS, lambda _, __: counter.operators.all()),
        ShowOperator: (Act.OPERATORS, lambda asked, _: counter.operators.show(asked.name)),
        AddOperator: (counter.operators.act_of, lambda asked, _: counter.operators.add(asked)),
        ChangeOperator: (counter.operators.act_of, lambda asked, _: counter.operators.change(asked)),
        ResetSecret: (counter.operators.act_of, lambda asked, _: counter.operators.reset(asked)),
        LockOperator: (Act.OPERATORS, lambda asked, _: counter.operators.lock(asked.name)),
        UnlockOperator: (counter.operators.act_of, lambda asked, _: counter.operators.unlock(asked.name)),
    }
