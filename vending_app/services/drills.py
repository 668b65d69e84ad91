"""Drills of the practice counter (row O2): a scene is set, what is done is watched, and the result has its time.

A drill knows nothing of pages: it is told each use case and its answer, as the desk performed them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from vending_app.domain.errors import VendingError
from vending_app.domain.ids import OperatorName, SupplyNo
from vending_app.domain.people import Role, SupplyFile
from vending_app.domain.records import MeterChange, Settlement, StakeFound
from vending_app.services import book_cases as book
from vending_app.services import supply_cases as supply
from vending_app.services import use_cases as use
from vending_app.services.practice_cases import PracticeAct


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing that the desk did, or refused."""

    asked: object
    answer: object = None
    error: VendingError | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """One step of a drill, and how it is known to be done."""

    words: str
    is_met: Callable[[Seen], bool]
    at: SupplyNo | None = None
    """The supply that the task names; None where any will do."""
    is_same: bool = False
    """It must be about the supply of the step before."""

    def takes(self, seen: Seen, before: SupplyNo | None) -> bool:
        """Whether this was done, and to the supply that was meant."""
        meant = before if self.is_same else self.at
        return self.is_met(seen) and meant in {None, supply_of(seen)}


@dataclass(frozen=True, slots=True)
class Drill:
    """What a trainee is to do."""

    key: str
    role: Role
    title: str
    task: str
    goals: tuple[Goal, ...]
    scene: tuple[PracticeAct, ...] = ()
    """What happens at the desk before it begins."""
    seconds: int = 60
    """What somebody who knows it needs."""


@dataclass(frozen=True, slots=True)
class DrillResult:
    """How one drill went."""

    drill: str
    trainee: OperatorName
    at: datetime
    milliseconds: int
    refusals: int
    """How often the desk had to refuse something on the way."""


@dataclass(frozen=True, slots=True)
class ShowDrills:
    """Only at the practice counter. Answer: DrillBook."""


@dataclass(frozen=True, slots=True)
class KeepDrill:
    """Only at the practice counter. Answer: DrillBook."""

    result: DrillResult


@dataclass(frozen=True, slots=True)
class DrillBook:
    """Every result that was kept, oldest first."""

    results: tuple[DrillResult, ...]


@dataclass(slots=True)
class DrillRun:
    """A drill that is being done."""

    drill: Drill
    trainee: OperatorName
    began: datetime
    done: int = 0
    refusals: int = 0
    ended: datetime | None = None
    _supply: SupplyNo | None = None
    """What the last step that was met was about."""

    @property
    def goal(self) -> Goal | None:
        """What comes next; None when all is done."""
        goals = self.drill.goals
        return goals[self.done] if self.done < len(goals) else None

    def take(self, seen: Seen, *, at: datetime) -> bool:
        """Look at what the desk did; True when a step was met by it."""
        goal = self.goal
        if goal is None or isinstance(seen.asked, PracticeAct):
            return False
        if goal.takes(seen, self._supply):
            self.done += 1
            self._supply = supply_of(seen)
            self.ended = at if self.goal is None else None
            return True
        self.refusals += seen.error is not None
        return False

    @property
    def result(self) -> DrillResult | None:
        """None until all is done."""
        if self.ended is None:
            return None
        took = self.ended - self.began
        milliseconds = took.days * 86_400_000 + took.seconds * 1000 + took.microseconds // 1000
        return DrillResult(self.drill.key, self.trainee, self.ended, milliseconds, self.refusals)


def best_of(results: tuple[DrillResult, ...], drill: str, trainee: OperatorName) -> DrillResult | None:
    """The quickest time of one person."""
    own = [result for result in results if (result.drill, result.trainee) == (drill, trainee)]
    return min(own, key=lambda result: result.milliseconds, default=None)


def supply_of(seen: Seen) -> SupplyNo | None:
    """What supply it was about; None where it was about none, or nothing came of it."""
    match seen.answer:
        case use.SaleDone() as done:
            return done.sale.intent.order.supply
        case book.Reversed() as back:
            return back.done.sale.intent.order.supply
        case use.CardReading(reading=use.SupplyReading() as read):
            return read.supply.number
        case use.SupplyReading() | supply.LifeShown() | supply.Left() as shown:
            return shown.supply.number
        case SupplyFile() as entered:
            return entered.number
        case MeterChange() as change:
            return change.old
        case Settlement() as end:
            return end.supply
        case StakeFound() if isinstance(seen.asked, supply.ShowStake):
            return seen.asked.supply
    return None
