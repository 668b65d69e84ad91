"""Drills of the practice counter (row O2): a scene is set, what is done is watched, and the result has its time.

A drill knows nothing of pages: it is told each use case and its answer, as the desk performed them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from vending_app.domain.cash import Counted
from vending_app.domain.energy import Energy
from vending_app.domain.errors import VendingError
from vending_app.domain.ids import OperatorName
from vending_app.domain.money import Money
from vending_app.domain.people import Role, SupplyState
from vending_app.domain.records import CardEnd, MeterChange, Settlement
from vending_app.domain.sale import Purpose, TenderKind
from vending_app.domain.verdict import Verdict
from vending_app.services import book_cases as book
from vending_app.services import supply_cases as supply
from vending_app.services import use_cases as use
from vending_app.services.practice_cases import CardFault, PracticeAct


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
    _told: list[Seen] = field(default_factory=list, repr=False)

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
        if goal.is_met(seen):
            self.done += 1
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


# --- what is looked for ----------------------------------------------------------------------------------


def sold(
    *,
    money: Money | None = None,
    energy: Energy | None = None,
    change: Money | None = None,
    by: TenderKind | None = None,
) -> Callable[[Seen], bool]:
    """A sale that was posted, of this much and with this change."""

    def is_met(seen: Seen) -> bool:
        done = seen.answer
        if not isinstance(done, use.SaleDone) or done.sale.intent.purpose is not Purpose.SALE:
            return False
        quote, tender = done.sale.intent.quote, done.sale.tender
        return (
            quote is not None
            and tender is not None
            and money in {None, quote.total}
            and energy in {None, quote.energy}
            and change in {None, done.sale.change}
            and by in {None, tender.kind}
        )

    return is_met


def read_as(*verdicts: Verdict) -> Callable[[Seen], bool]:
    """A card that was read and judged so."""
    return lambda seen: isinstance(seen.answer, use.CardReading) and seen.answer.verdict in verdicts


def answered(kind: type) -> Callable[[Seen], bool]:
    """Any answer of this kind."""
    return lambda seen: isinstance(seen.answer, kind)


def issued(why: CardEnd | None) -> Callable[[Seen], bool]:
    """A card that was written, for this reason."""

    def is_met(seen: Seen) -> bool:
        done = seen.answer
        if not isinstance(done, use.SaleDone):
            return False
        intent = done.sale.intent
        return intent.purpose is Purpose.ISSUE and intent.ends is why

    return is_met


def in_doubt(seen: Seen) -> bool:
    """A sale that was broken off."""
    return isinstance(seen.asked, use.Sell) and seen.error is not None and seen.error.code.value == "sale-in-doubt"


def finished(seen: Seen) -> bool:
    """It was finished by the same card, and sold once."""
    return isinstance(seen.asked, use.FinishSale | use.Sell) and isinstance(seen.answer, use.SaleDone)


def closed_with_difference(seen: Seen) -> bool:
    """The drawer was counted honestly, and the difference has its reason."""
    done = seen.answer
    if not isinstance(done, book.ShiftClosed):
        return False
    return done.shift.counted != done.shift.expected and bool(done.shift.reason)


def changed(field: str, *, to: SupplyState | None = None) -> Callable[[Seen], bool]:
    """This of the terms of a supply, by what the books say of the change; perhaps to this state."""

    def is_met(seen: Seen) -> bool:
        shown = seen.answer
        if not isinstance(seen.asked, supply.ChangeTerms) or not isinstance(shown, supply.LifeShown):
            return False
        newest = next((event for event in reversed(shown.life.events) if event.kind == "record"), None)
        if newest is None or not newest.before:
            return False
        before, after = json.loads(newest.before), json.loads(newest.after)
        return before[field] != after[field] and to in {None, shown.supply.state}

    return is_met


# --- the drills ------------------------------------------------------------------------------------------

AMARA, BAKERY, TORN, CAFE, BLANK = "amara", "bakery", "torn", "cafe", "blank"
"""Of Amara and the bakery each drill leaves the card as it was: whoever comes next is asked for them again."""
IN, OUT, FRESH = PracticeAct("insert", AMARA), PracticeAct("pull"), PracticeAct("renew", BLANK)


SWITCHES = ("paper-out", "reader-off", "books-locked")
"""Faults that a drill begins without, beside those of the card."""


def _scene(*acts: PracticeAct) -> tuple[PracticeAct, ...]:
    """From an empty reader, with no fault left."""
    return (OUT, PracticeAct("card-fault", CardFault.NONE), *(PracticeAct(verb) for verb in SWITCHES), *acts)


DRILLS: tuple[Drill, ...] = (
    Drill(
        "sale", Role.CASHIER, "A sale",
        "Amara Okafor buys for 20.00 and pays with 20.00.",
        (Goal("Sell for 20.00", sold(money=Money(20_00), change=Money(0))),),
        _scene(IN), 12,
    ),
    Drill(
        "change", Role.CASHIER, "Change",
        "She buys for 35.00 and hands you 50.00.",
        (Goal("Sell for 35.00, give 15.00 back", sold(money=Money(35_00), change=Money(15_00))),),
        _scene(IN), 14,
    ),
    Drill(
        "energy", Role.CASHIER, "By kilowatt-hours",
        "The bakery wants exactly 100 kWh (F4 changes the unit).",
        (Goal("Sell 100 kWh", sold(energy=Energy(100_000))),),
        _scene(PracticeAct("insert", BAKERY)), 18,
    ),
    Drill(
        "other-amount", Role.CASHIER, "Another amount",
        "Type 50, then she says 30. Correct it before you write.",
        (Goal("Sell for 30.00", sold(money=Money(30_00))),),
        _scene(IN), 16,
    ),
    Drill(
        "mobile", Role.CASHIER, "Mobile money",
        "She pays 25.00 with her telephone.",
        (Goal("Sell for 25.00 by mobile money", sold(money=Money(25_00), by=TenderKind.MOBILE)),),
        _scene(IN), 20,
    ),
    Drill(
        "quote", Role.CASHIER, "A price without a card",
        "On the telephone: what does Amara Okafor get for her money? Find her with F3 and open the trial price.",
        (
            Goal("Find her", answered(use.Found)),
            Goal("Open the trial price", answered(use.SupplyReading)),
        ),
        _scene(), 20,
    ),
    Drill(
        "torn", Role.CASHIER, "A torn card",
        "The card will come out while it is written. Keep the money, and finish the sale with the same card.",
        (
            Goal("Sell; the card is torn out", in_doubt),
            Goal("Put the same card back and finish", finished),
        ),
        _scene(IN, PracticeAct("card-fault", CardFault.TORN)), 40,
    ),
    Drill(
        "not-ours", Role.CASHIER, "A card that is not ours",
        "Somebody brings a card of another office. Read it, and give it back.",
        (Goal("Read it", read_as(Verdict.NOT_OURS)),),
        _scene(PracticeAct("insert", "foreign")), 10,
    ),
    Drill(
        "reversal", Role.CASHIER, "A sale taken back",
        "Sell 15.00 to Amara, then take it back: list of the shift, Enter, reverse. A supervisor approves.",
        (
            Goal("Sell for 15.00", sold(money=Money(15_00))),
            Goal("Reverse it", answered(book.Reversed)),
        ),
        _scene(IN), 75,
    ),
    Drill(
        "cash-up", Role.CASHIER, "Cash-up with a difference",
        "Count the drawer, but leave one coin out. Give a reason, and close the shift.",
        (
            Goal("Count the drawer", answered(Counted)),
            Goal("Close with a reason", closed_with_difference),
        ),
        _scene(), 60,
    ),
    Drill(
        "first-card", Role.TECHNICIAN, "A first card",
        "Enter a new supply (F9), then issue its card to a blank one.",
        (
            Goal("Enter the supply", lambda seen: isinstance(seen.asked, supply.EnterSupply) and seen.error is None),
            Goal("Issue its card", issued(None)),
        ),
        _scene(FRESH, PracticeAct("insert", BLANK)), 120,
    ),
    Drill(
        "lost", Role.TECHNICIAN, "A lost card",
        "Lena Hoffmann lost her card; she does not know what her meter shows. A blank card lies in the reader.",
        (
            Goal("Ask what is at stake", lambda seen: isinstance(seen.asked, supply.ShowStake) and seen.error is None),
            Goal("Write the new card", issued(CardEnd.LOST)),
        ),
        _scene(FRESH, PracticeAct("insert", BLANK)), 60,
    ),
    Drill(
        "limit", Role.TECHNICIAN, "Another limit",
        "The bakery gets a larger oven: change its overload limit.",
        (Goal("Change the limit, with a reason", changed("parameters")),),
        _scene(), 45,
    ),
    Drill(
        "suspend", Role.TECHNICIAN, "Suspended",
        "Building works: suspend the bakery, then resume it.",
        (
            Goal("Suspend it", changed("state", to=SupplyState.SUSPENDED)),
            Goal("Resume it", changed("state", to=SupplyState.OPEN)),
        ),
        _scene(), 60,
    ),
    Drill(
        "meter", Role.TECHNICIAN, "Another meter",
        "The display of Café Zoé’s meter is dark: change it. Its card is read first.",
        (
            Goal("Read its card", answered(use.CardReading)),
            Goal("Change the meter", answered(MeterChange)),
        ),
        _scene(PracticeAct("insert", CAFE)), 90,
    ),
    Drill(
        "close", Role.TECHNICIAN, "The end of a supply",
        "The customer of the torn card, or another one, moved away: close the supply. A supervisor approves.",
        (
            Goal("See what is due", answered(supply.Left)),
            Goal("Close it", answered(Settlement)),
        ),
        _scene(PracticeAct("insert", TORN)), 90,
    ),
)  # fmt: skip
"""Ten for a cashier, six for a technician."""
