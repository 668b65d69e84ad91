"""Whatever people do with a card, in any order and with bad luck at any place: books and meter agree."""

from __future__ import annotations

import atexit
import itertools
from collections.abc import Callable
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory, mkdtemp

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from vending_app.bench.flows import FLOWS
from vending_app.bench.world import CASHIER, MOMENT, SUPERVISOR, World, make_world
from vending_app.cardio.builtin import BuiltInReaders
from vending_app.cardio.emulated.faults import Fault, FaultKind, Residue
from vending_app.cardio.emulated.meter_slot import EmulatedMeterSlot
from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.errors import Code, OperatorError, OutcomeUnknown, VendingError
from vending_app.domain.ids import SaleId, ulid
from vending_app.domain.money import Money
from vending_app.domain.permissions import Act, Authority
from vending_app.domain.sale import Sale, SaleState
from vending_app.services.counter import Counter
from vending_app.services.use_cases import FinishSale, ReadCard, SaleDone, Sell

LAST_COMMAND, LAST_BYTE = 13, 48
"""A little more than a sale takes, so that some faults do not strike."""
FIRST_WRITE = 6
"""Before it come select, read, error counter, code and its proof."""
LAST_TRY = 1
USED = Energy(7_770)

pulls = st.builds(
    Fault,
    st.sampled_from([FaultKind.PULL_BEFORE, FaultKind.ANSWER_LOST]),
    st.integers(6, 9) | st.integers(1, LAST_COMMAND),
)
tears = st.builds(
    Fault,
    st.just(FaultKind.TEAR),
    st.integers(1, LAST_BYTE),
    st.sampled_from(Residue),
)
in_its_code = st.builds(Fault, st.just(FaultKind.TEAR), st.integers(1, 2), st.just(Residue.MIXED))
luck = st.one_of(st.none(), pulls, pulls, tears, tears, in_its_code)
put_in_first = st.sampled_from([True, True, True, False])
"""Mostly there is a card in the reader when somebody wants something of it."""
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

    @rule(what=st.sampled_from(["insert", "pull", "read", "restart the program", "use energy"]))
    def something_else(self, what: str) -> None:
        acts: dict[str, Callable[[], object]] = {
            "insert": self.insert,
            "pull": self.readers.pull,
            "read": lambda: self.do(ReadCard(), None),
            "restart the program": self.restart,
            "use energy": lambda: self.world.meter.use(USED, power_w=1500),
        }
        acts[what]()

    def insert(self) -> None:
        self.readers.insert(self.card)

    def restart(self) -> None:
        self.program.close()
        self.start()

    @rule(amount=amounts, fault=luck, put_in=put_in_first)
    def sell(self, *, amount: str, fault: Fault | None, put_in: bool) -> None:
        self.put_in_if(put_in)
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

    @precondition(lambda self: self.last is not None and self.open_sale is not None)
    @rule(fault=luck, put_in=put_in_first)
    def repeat_the_last_sale(self, *, fault: Fault | None, put_in: bool) -> None:
        assert self.last is not None
        self.put_in_if(put_in)
        self.do(self.last, fault)

    @precondition(lambda self: self.open_sale is not None)
    @rule(fault=luck, put_in=put_in_first)
    def finish(self, *, fault: Fault | None, put_in: bool) -> None:
        self.put_in_if(put_in)
        should_finish = fault is None and self.is_usable and self.open_sale is not None
        error = self.do(FinishSale(), fault)
        assert error is None or not should_finish, f"not finished: {error}"

    @rule(fault=luck)
    def take_the_card_to_the_meter(self, fault: Fault | None) -> None:
        self.readers.pull()
        self.card.put_back()
        self.card.arm(fault)
        self.world.meter.insert(EmulatedMeterSlot(self.card, vault=self.world.vault))
        self.card.arm(None)
        self.expect_meter_to_have_what_was_paid_for()

    def put_in_if(self, wanted: bool, /) -> None:
        if wanted and not self.readers.list()[0].card_present:
            self.insert()

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
        return self.readers.list()[0].card_present and (self.card.tries or 0) > LAST_TRY

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
        assert self.card.tries, "no card is ever locked"

    def teardown(self) -> None:
        if hasattr(self, "ends"):
            with self.ends, self.program:
                self.bring_to_an_end()

    def bring_to_an_end(self) -> None:
        """In the end everything is settled, and the customer has what he paid for."""
        self.insert()
        if self.is_usable:
            self.finish_and_sell_once_more()
        self.take_the_card_to_the_meter(None)

    def finish_and_sell_once_more(self) -> None:
        self.insert()
        if self.open_sale is not None:
            self.finish(fault=None, put_in=True)
        assert self.open_sale is None
        self.sell(amount="20.00", fault=None, put_in=True)


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(
    max_examples=30,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    database=None,
    # Making a failing story shorter would take longer than a test may; as it is, it is 25 lines.
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@pytest.mark.parametrize(("lost", "is_credited"), [("body", False), ("state byte", True), ("read-back", True)], ids=str)
def test_a_card_may_go_to_the_meter_before_its_interrupted_sale_is_finished(lost: str, is_credited: bool) -> None:
    """An order that is complete on the card is credited before the desk knows of it, and once only."""
    story = AnyOrder()
    story.open()
    at = FIRST_WRITE + ("body", "state byte", "read-back").index(lost)
    story.sell(amount="20.00", fault=Fault(FaultKind.ANSWER_LOST, at), put_in=True)
    assert story.open_sale is not None
    story.take_the_card_to_the_meter(None)
    assert (story.world.meter.view().energy_total > NO_ENERGY) is is_credited
    story.finish_and_sell_once_more()
    assert len(story.paid) == 2
    story.teardown()


def test_the_sequence_of_a_voided_sale_is_never_used_again_and_the_next_order_puts_the_total_right() -> None:
    """Its order is on the card, whole: had another one its sequence, a meter could not tell them apart."""
    story = AnyOrder()
    story.open()
    story.sell(amount="49.99", fault=Fault(FaultKind.ANSWER_LOST, FIRST_WRITE + 1), put_in=True)
    voided = story.open_sale
    assert voided is not None
    ledger = story.counter.outside.ledger
    with ledger.acting_as(Authority(SUPERVISOR.name, Act.VOID)):
        ledger.void(voided.id, reason="test", at=MOMENT)
    story.finish_and_sell_once_more()
    order = story.world.codec.decode(story.card.image).order
    assert order is not None
    assert order.sequence == voided.intent.order.sequence + 1
    assert list(story.paid.values()) == [order.energy_total]
    story.teardown()
