"""Whatever people do with a card, in any order and with bad luck at any place: books and meter agree."""

from __future__ import annotations

import atexit
import itertools
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory, mkdtemp

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from vending_app.bench.flows import FLOWS
from vending_app.bench.world import CASHIER, World, make_world
from vending_app.cardio.builtin import BuiltInReaders
from vending_app.cardio.emulated.faults import Fault, FaultKind, Residue
from vending_app.cardio.emulated.meter_slot import EmulatedMeterSlot
from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.errors import Code, OperatorError, OutcomeUnknown, VendingError
from vending_app.domain.ids import SaleId, ulid
from vending_app.domain.money import Money
from vending_app.domain.sale import Sale, SaleState
from vending_app.services.counter import Counter
from vending_app.services.use_cases import FinishSale, ReadCard, SaleDone, Sell

LAST_COMMAND, LAST_BYTE = 16, 48
"""A little more than a sale takes, so that some faults do not strike."""
LAST_TRY = 1

pulls = st.builds(
    Fault,
    st.sampled_from([FaultKind.PULL_BEFORE, FaultKind.ANSWER_LOST]),
    st.integers(1, LAST_COMMAND),
)
tears = st.builds(
    Fault,
    st.just(FaultKind.TEAR),
    st.integers(1, 4) | st.integers(1, LAST_BYTE),
    st.sampled_from(Residue),
)
luck = st.none() | pulls | tears
amounts = st.sampled_from(["5.00", "20.00", "49.99"])


@cache
def prepared() -> World:
    """An office with an open shift and an issued card, made once and copied for every run."""
    folder = mkdtemp(prefix="any-order-")
    atexit.register(rmtree, folder)
    world = make_world(Path(folder) / "office")
    FLOWS[1].prepare(world)
    return world


class AnyOrder(RuleBasedStateMachine):
    """One customer, his card, his meter and one desk. `paid` is what the desk has told him to be done."""

    @initialize()
    def open(self) -> None:
        self.ends = ExitStack()
        folder = Path(self.ends.enter_context(TemporaryDirectory()))
        self.world = prepared().copy(folder / "office")
        self.card = self.world.card()
        self.numbers = itertools.count(1)
        self.paid: dict[SaleId, Energy] = {}
        self.last: Sell | None = None
        self.start()

    def start(self) -> None:
        self.program = ExitStack()
        self.readers = BuiltInReaders()
        self.counter: Counter = self.program.enter_context(self.world.open(self.readers))
        self.counter.operator = CASHIER
        self.readers.insert(self.card)

    # --- what people do -------------------------------------------------------------------------------------

    @rule()
    def insert(self) -> None:
        self.readers.insert(self.card)

    @rule()
    def pull(self) -> None:
        self.readers.pull()

    @rule()
    def restart_the_program(self) -> None:
        self.program.close()
        self.start()

    @rule(amount=amounts, fault=luck)
    def sell(self, amount: str, fault: Fault | None) -> None:
        number = next(self.numbers)
        self.last = Sell(ulid(1_772_100_000_000, number.to_bytes(10, "big")), amount=Money.parse(amount))
        should_sell = fault is None and self.is_usable and self.open_sale is None
        error = self.do(self.last, fault)
        assert error is None or not should_sell, f"refused for no reason: {error}"
        self.expect_books_to_say(self.last.id, error)

    def expect_books_to_say(self, sale: SaleId, error: VendingError | None) -> None:
        """Refused: nothing in the books. Unknown: waiting there."""
        found = self.counter.outside.ledger.sale(sale)
        if isinstance(error, OperatorError):
            assert found is None
        elif isinstance(error, OutcomeUnknown):
            assert found is not None
            assert not found.state.is_final

    @precondition(lambda self: self.last is not None)
    @rule(fault=luck)
    def repeat_the_last_sale(self, fault: Fault | None) -> None:
        assert self.last is not None
        self.do(self.last, fault)

    @rule(fault=luck)
    def finish(self, fault: Fault | None) -> None:
        should_finish = fault is None and self.is_usable and self.open_sale is not None
        error = self.do(FinishSale(), fault)
        assert error is None or not should_finish, f"not finished: {error}"

    @rule(fault=luck)
    def read(self, fault: Fault | None) -> None:
        self.do(ReadCard(), fault)

    @rule(fault=luck)
    def take_the_card_to_the_meter(self, fault: Fault | None) -> None:
        self.readers.pull()
        self.card.put_back()
        self.card.arm(fault)
        self.world.meter.insert(EmulatedMeterSlot(self.card, vault=self.world.vault))
        self.card.arm(None)
        self.expect_meter_to_have_what_was_paid_for()

    @rule(energy=st.integers(1, 30_000).map(Energy))
    def use_energy(self, energy: Energy) -> None:
        self.world.meter.use(energy, power_w=1500)

    def do(self, use_case: Sell | FinishSale | ReadCard, fault: Fault | None) -> VendingError | None:
        """Ask the counter with the fault armed; what it said instead of an answer."""
        self.card.arm(fault)
        try:
            answer = self.counter.do(use_case)
        except VendingError as error:
            assert error.code is not Code.PSC_WRONG, "nobody has changed the code"
            return error
        finally:
            self.card.arm(None)
        if isinstance(answer, SaleDone):
            self.note(answer.sale)
        return None

    def note(self, sale: Sale) -> None:
        assert sale.state is SaleState.POSTED
        assert sale.intent.quote is not None
        energy = sale.intent.quote.energy
        assert self.paid.setdefault(sale.id, energy) == energy

    # --- what must hold -------------------------------------------------------------------------------------

    @property
    def open_sale(self) -> Sale | None:
        return next(iter(self.counter.outside.ledger.open_sales()), None)

    @property
    def is_usable(self) -> bool:
        """In the reader, and with a try to spare."""
        is_in = any(reader.card_present for reader in self.readers.list())
        return is_in and self.card.chip.error_counter.bit_count() > LAST_TRY

    @property
    def bought(self) -> Energy:
        return sum(self.paid.values(), NO_ENERGY)

    def expect_meter_to_have_what_was_paid_for(self) -> None:
        """An order whose answer was lost may be credited before the desk knows: the only difference there can be."""
        credited = self.world.meter.view().energy_total
        open_sale = self.open_sale
        if open_sale is None or open_sale.intent.write.record not in self.card.image:
            assert credited == self.bought
        else:
            assert credited == open_sale.intent.order.energy_total

    @invariant()
    def the_books_are_right(self) -> None:
        if not hasattr(self, "counter"):
            return
        ledger = self.counter.outside.ledger
        proof = ledger.verify()
        assert proof.problems == ()
        assert len(ledger.open_sales()) <= 1
        assert self.card.chip.error_counter, "no card is ever locked"

    def teardown(self) -> None:
        if hasattr(self, "ends"):
            self.bring_to_an_end()
            self.program.close()
            self.ends.close()

    def bring_to_an_end(self) -> None:
        """In the end everything is settled, and the customer has what he paid for."""
        self.insert()
        if self.is_usable:
            if self.open_sale is not None:
                self.finish(None)
            assert self.open_sale is None
            self.sell("20.00", None)
        self.take_the_card_to_the_meter(None)


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(
    max_examples=80,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
