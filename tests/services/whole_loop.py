"""A card's life through the services: issued, sold to, in the meter, written back, sold to again, reversed, broken."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from vending_app.bench.flows import USED
from vending_app.bench.world import CASHIER, SUPERVISOR, SUPPLY, TECHNICIAN, World
from vending_app.cardio.emulated.faults import Fault
from vending_app.cardio.emulated.software_card import SoftwareCard
from vending_app.cardio.link import Readers
from vending_app.domain.energy import NO_ENERGY
from vending_app.domain.errors import OutcomeUnknown
from vending_app.domain.ids import ActId
from vending_app.domain.meter import MeterDecision
from vending_app.domain.money import Money
from vending_app.domain.people import Operator
from vending_app.domain.verdict import Verdict
from vending_app.services.book_cases import Reversed, ReverseSale
from vending_app.services.counter import Counter
from vending_app.services.use_cases import CardReading, FinishSale, IssueCard, OpenShift, ReadCard, SaleDone, Sell

Present = Callable[[SoftwareCard], AbstractContextManager[Readers]]
"""Puts a card into a reader."""


class Life:
    """One card of one office, each time put in anew."""

    def __init__(self, world: World, present: Present) -> None:
        self.world = world
        self._present = present

    def does(self, use_case: object, *, by: Operator = CASHIER, fault: Fault | None = None) -> object:
        card = self.world.card()
        with self._present(card) as readers, self.world.open(readers) as counter:
            counter.operator = by
            card.arm(fault)
            return counter.do(use_case)

    def reads(self) -> CardReading:
        reading = self.does(ReadCard())
        assert isinstance(reading, CardReading)
        return reading

    def sells(self, amount: str) -> SaleDone:
        done = self.does(Sell(self.world.new_id(), SUPPLY, amount=Money.parse(amount)))
        assert isinstance(done, SaleDone)
        return done

    def adds_up(self) -> bool:
        """What was paid for is in the meter, to the last unit, and the books balance."""
        with self._present(self.world.card()) as readers, self.world.open(readers) as counter:
            return self._adds_up(counter)

    def _adds_up(self, counter: Counter) -> bool:
        ledger = counter.outside.ledger
        bought = ledger.supply(SUPPLY, today=counter.outside.clock().date()).energy_total
        return ledger.verify().is_ok and not ledger.open_sales() and self.world.meter.view().energy_total == bought


def live(life: Life, fault: Fault) -> None:
    """The whole of it; `fault` strikes a sale whose answer nobody hears."""
    world, new = life.world, life.world.new_id
    life.does(OpenShift(Money(10_000)))
    assert life.reads().verdict is Verdict.BLANK
    life.does(IssueCard(new(), SUPPLY), by=TECHNICIAN)
    assert life.reads().verdict is Verdict.READY
    first = life.sells("30.00").sale
    assert world.load_meter().decision is MeterDecision.CREDITED
    world.meter.use(USED, power_w=1800)
    world.load_meter()
    reading = life.reads()
    assert reading.image.write_back is not None
    assert reading.image.write_back.used_total == USED
    second = life.sells("50.00").sale
    assert second.intent.order.sequence == first.intent.order.sequence + 1
    reversal = ReverseSale(new(), second.id, "typed 50 for 5", ActId(new()))
    assert isinstance(life.does(reversal, by=SUPERVISOR), Reversed)
    world.load_meter()
    assert life.adds_up()
    interrupted = Sell(new(), SUPPLY, amount=Money.parse("20.00"))
    try:
        life.does(interrupted, fault=fault)
    except OutcomeUnknown:
        pass
    else:
        raise AssertionError("the fault did not strike")
    assert life.reads().verdict is Verdict.FINISH_SALE
    life.does(FinishSale())
    inserted = world.load_meter()
    assert inserted.decision is MeterDecision.CREDITED
    assert inserted.view.remaining > NO_ENERGY
    assert life.adds_up()
