"""The four flows of the fault campaign: how each is prepared, what the desk does, and how it settles afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from vending_app.bench.world import CASHIER, SUPPLY, TECHNICIAN, World, built_in, make_world
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import SaleId, ulid
from vending_app.domain.money import Money
from vending_app.domain.people import Operator
from vending_app.services.counter import Counter
from vending_app.services.use_cases import CardReading, FinishSale, IssueCard, OpenShift, ReadCard, SaleDone, Sell

AMOUNT = Money(5000)
USED = Energy(31_250)
THE_ID: SaleId = ulid(1_772_500_000_000, b"the-case-!")
"""The id of the sale under test: repeating the command after a fault uses the same."""
SPOILT = frozenset({Code.PSC_WRONG, Code.CARD_LOCKED, Code.CARD_LAST_TRY, Code.CARD_TRIES_UNTOLD, Code.CARD_NOT_BLANK})
"""A blank card whose code or keys were torn half changed is put aside, and another one taken."""


@dataclass(frozen=True, slots=True)
class Flow:
    """One thing that a desk does with a card."""

    name: str
    prepare: Callable[[World], None]
    operator: Operator
    command: IssueCard | Sell
    purchases: int
    """How often the customer has paid when the flow is over."""

    def act(self, counter: Counter) -> SaleDone:
        """What the fault strikes."""
        counter.operator = self.operator
        done = counter.do(self.command)
        assert isinstance(done, SaleDone)
        return done


def settle(counter: Counter, flow: Flow) -> SaleDone:
    """What a desk does when the card is back: read it, finish what was interrupted, repeat the same command.

    Repeating is what a cashier does who does not know how it ended; the same id must not sell twice.
    """
    counter.operator = flow.operator
    if flow.operator is CASHIER:
        reading = counter.do(ReadCard())
        assert isinstance(reading, CardReading)
        if reading.open_sale is not None:
            counter.do(FinishSale())
    return flow.act(counter)


def is_spoilt(error: OperatorError, flow: Flow) -> bool:
    """Whether another blank card has to be taken."""
    return flow.name == "issue" and error.code in SPOILT


def _nothing(world: World) -> None:
    with built_in(world.card()) as readers, world.open(readers) as counter:
        counter.operator = CASHIER
        counter.do(OpenShift(Money(10_000)))


def _issued(world: World) -> None:
    _nothing(world)
    with built_in(world.card()) as readers, world.open(readers) as counter:
        counter.operator = TECHNICIAN
        counter.do(IssueCard(world.new_id(), SUPPLY))


def _sold(world: World) -> None:
    _issued(world)
    with built_in(world.card()) as readers, world.open(readers) as counter:
        counter.operator = CASHIER
        counter.do(Sell(world.new_id(), SUPPLY, amount=Money(3000)))


def _written_back(world: World) -> None:
    _sold(world)
    world.load_meter()
    world.meter.use(USED, power_w=1800)
    world.load_meter()


FLOWS = (
    Flow("issue", _nothing, TECHNICIAN, IssueCard(THE_ID, SUPPLY), purchases=0),
    Flow("sale", _issued, CASHIER, Sell(THE_ID, SUPPLY, amount=AMOUNT), purchases=1),
    Flow("second sale before loading", _sold, CASHIER, Sell(THE_ID, SUPPLY, amount=AMOUNT), purchases=2),
    Flow("sale after write-back", _written_back, CASHIER, Sell(THE_ID, SUPPLY, amount=AMOUNT), purchases=2),
)


def world_of_one_sale(folder: Path) -> World:
    """A new office in whose open shift one card was issued and sold to."""
    world = make_world(folder)
    FLOWS[1].prepare(world)
    with built_in(world.card()) as readers, world.open(readers) as counter:
        FLOWS[1].act(counter)
    return world
