"""A supervisor and his inspection lists, day by day."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.services.desk_of import DeskOf
from tests.services.test_inspection import tampered
from vending_app.bench.world import MOMENT, SUPERVISOR, SUPPLY
from vending_app.domain.inspection import Finding, Outcome
from vending_app.domain.permissions import Act, Authority
from vending_app.services import inspection_cases as ask
from vending_app.services.inspection import Inspecting

TODAY = MOMENT.date()
TOMORROW = TODAY + timedelta(days=1)
SEEN = Finding(SUPPLY, Outcome.TAMPERING, TODAY)


class Supervisor:
    """What he does on some day after the first, at the hour of the first."""

    def __init__(self, desk: DeskOf) -> None:
        self.ledger = desk.counter.outside.ledger
        self.days = 0
        tampered(desk)

    @property
    def inspecting(self) -> Inspecting:
        return Inspecting(self.ledger, lambda: MOMENT + timedelta(days=self.days))

    def shows(self, number: int | None = None) -> ask.InspectionShown:
        return self.inspecting.show(number)

    def counts(self) -> int:
        with self.ledger.acting_as(Authority(SUPERVISOR.name, Act.INSPECT)):
            sample = self.inspecting.count().sample
        assert sample is not None
        return sample.number

    def marks(self, number: int, *, is_on: bool = True) -> ask.InspectionShown:
        with self.ledger.acting_as(Authority(SUPERVISOR.name, Act.INSPECT)):
            return self.inspecting.mark(ask.MarkRoute(number, SUPPLY, is_on))

    def finds(self, number: int, finding: Finding = SEEN) -> ask.InspectionShown:
        with self.ledger.acting_as(Authority(SUPERVISOR.name, Act.INSPECT)):
            return self.inspecting.enter(ask.EnterFinding(number, finding))

    def takes_what_is_proposed(self) -> ask.InspectionShown:
        shown = self.shows()
        with self.ledger.acting_as(Authority(SUPERVISOR.name, Act.INSPECT)):
            return self.inspecting.set_criteria(replace(shown.criteria, weights=dict(shown.proposed)))
