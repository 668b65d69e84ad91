"""An act asked for again by its id is that act: on its own card, with its own content, and once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import pytest

from tests.services.desk_of import DeskOf
from vending_app.bench.flows import NEIGHBOUR
from vending_app.bench.world import CASHIER, PARAMETERS, SUPERVISOR, SUPPLY, TARIFF, TECHNICIAN
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.faults import Fault, FaultKind
from vending_app.cardio.emulated.store import FileStore
from vending_app.domain.errors import Code
from vending_app.domain.ids import ActId, MeterNo, SaleId
from vending_app.domain.money import ZERO, Money
from vending_app.domain.people import Customer, Meter
from vending_app.domain.records import CardEnd
from vending_app.domain.sale import SaleState, TenderKind
from vending_app.services.book_cases import Reversed, ReverseSale, Voided, VoidSale
from vending_app.services.supply_cases import ReissueCard
from vending_app.services.use_cases import IssueCard, SaleDone, Sell

UNWRITTEN = Fault(FaultKind.PULL_UNWRITTEN, 1)


@dataclass
class Street:
    """Two customers at one desk, each with his card."""

    desk: DeskOf
    theirs: EmulatedCard

    def with_theirs(self) -> None:
        self.desk.readers.pull()
        self.desk.readers.insert(self.theirs)

    def sold(self, amount: int) -> SaleId:
        done = self.desk.counter.do(Sell(self.desk.world.new_id(), amount=Money(amount)))
        assert isinstance(done, SaleDone)
        return done.sale.id

    def torn(self, card: EmulatedCard, asked: Sell | ReverseSale | VoidSale) -> None:
        """Asked, and the card pulled before anything was on it; nobody's card is in the reader then."""
        self.desk.readers.pull()
        self.desk.readers.insert(card)
        card.arm(UNWRITTEN)
        assert self.desk.refusal(asked) is Code.SALE_IN_DOUBT
        self.desk.readers.pull()

    def reversal(self, sale: SaleId, **changed: object) -> ReverseSale:
        new = self.desk.world.new_id
        return replace(ReverseSale(new(), sale, "typed 50 for 5", ActId(new())), **changed)  # type: ignore[arg-type]

    def states(self, *asked: Sell | ReverseSale | VoidSale) -> list[SaleState]:
        found = [self.desk.counter.outside.ledger.sale(one.id) for one in asked]
        return [sale.state for sale in found if sale is not None]

    @property
    def due(self) -> list[Money]:
        ledger = self.desk.counter.outside.ledger
        assert ledger.verify().is_ok
        return [ledger.refund_due(supply) for supply in (SUPPLY, NEIGHBOUR)]


@pytest.fixture
def street(desk: DeskOf) -> Street:
    desk.counter.outside.ledger.add_supply(
        NEIGHBOUR,
        customer=Customer("000002", "Tom Reed", "16 Mill Lane"),
        meter=Meter(MeterNo("000012345686"), "RM-1", 1600),
        tariff=TARIFF.code,
        parameters=PARAMETERS,
        opened_on=date(2024, 1, 1),
        arrears=ZERO,
        arrears_share_percent=0,
    )
    made = Street(desk, EmulatedCard.blank())
    made.with_theirs()
    desk.counter.operator = TECHNICIAN
    desk.counter.do(IssueCard(desk.world.new_id(), NEIGHBOUR))
    desk.counter.operator = CASHIER
    return made


# --- another customer's card in the reader ------------------------------------------------------------------------


def test_a_sale_asked_again_settles_no_other_customer_s(street: Street) -> None:
    desk, new = street.desk, street.desk.world.new_id
    mine, other = Sell(new(), SUPPLY, amount=Money(50_00)), Sell(new(), NEIGHBOUR, amount=Money(20_00))
    street.torn(desk.card, mine)
    street.torn(street.theirs, other)
    street.with_theirs()
    before = street.theirs.image
    assert desk.refusal(mine) is Code.CARD_SWAPPED
    assert street.states(mine, other) == [SaleState.IN_DOUBT, SaleState.IN_DOUBT]
    assert street.theirs.image == before
    desk.reinsert()
    done = desk.counter.do(mine)
    assert isinstance(done, SaleDone)
    assert (done.sale.id, done.sale.amount) == (mine.id, Money(50_00))
    assert street.states(mine, other) == [SaleState.POSTED, SaleState.IN_DOUBT]


@pytest.mark.parametrize("waits", ["reversal", "sale", "nothing"])
def test_a_reversal_asked_again_pays_on_its_own_card_alone(street: Street, waits: str) -> None:
    desk = street.desk
    theirs = street.sold(20_00)
    desk.reinsert()
    mine = street.reversal(street.sold(30_00))
    desk.counter.operator = SUPERVISOR
    street.torn(desk.card, mine)
    new = desk.world.new_id()
    other = street.reversal(theirs) if waits == "reversal" else Sell(new, NEIGHBOUR, amount=Money(7_00))
    if waits != "nothing":
        street.torn(street.theirs, other)
    street.with_theirs()
    assert desk.refusal(mine) is Code.CARD_SWAPPED
    assert street.states(mine, other) == [SaleState.IN_DOUBT] * (1 if waits == "nothing" else 2)
    assert street.due == [ZERO, ZERO]
    desk.reinsert()
    done = desk.counter.do(mine)
    assert isinstance(done, Reversed)
    assert done.refund is not None
    assert (done.done.sale.id, done.refund.supply, done.refund.amount) == (mine.id, SUPPLY, Money(30_00))
    assert street.due == [ZERO, ZERO]


def test_a_cancellation_asked_again_settles_no_other_customer_s_sale(street: Street) -> None:
    desk, new = street.desk, street.desk.world.new_id
    mine, other = Sell(new(), SUPPLY, amount=Money(50_00)), Sell(new(), NEIGHBOUR, amount=Money(20_00))
    street.torn(desk.card, mine)
    street.torn(street.theirs, other)
    desk.counter.operator = SUPERVISOR
    undone = VoidSale(new(), mine.id, "went home")
    street.torn(desk.card, undone)
    street.with_theirs()
    assert desk.refusal(undone) is Code.CARD_SWAPPED
    assert street.states(undone, other) == [SaleState.IN_DOUBT, SaleState.IN_DOUBT]
    desk.reinsert()
    assert isinstance(desk.counter.do(undone), Voided)
    assert street.states(mine, undone, other) == [SaleState.VOIDED, SaleState.POSTED, SaleState.IN_DOUBT]


def test_a_damaged_card_is_not_told_as_another_one(street: Street) -> None:
    mine = Sell(street.desk.world.new_id(), SUPPLY, amount=Money(50_00))
    street.torn(street.desk.card, mine)
    mute = EmulatedCard(FileStore(street.desk.world.card_file))
    mute.exchange = lambda apdu: bytes.fromhex("6F00")  # type: ignore[method-assign]
    street.desk.readers.insert(mute)
    assert street.desk.refusal(mine) is Code.CARD_UNREADABLE


# --- what was undone meanwhile ------------------------------------------------------------------------------------


def test_a_sale_that_was_undone_is_not_told_as_sold(street: Street) -> None:
    desk, new = street.desk, street.desk.world.new_id
    mine = Sell(new(), SUPPLY, amount=Money(50_00))
    street.torn(desk.card, mine)
    desk.insert()
    desk.counter.operator = SUPERVISOR
    desk.counter.do(VoidSale(new(), mine.id, "went home"))
    before = desk.card.image
    assert desk.refusal(mine) is Code.SALE_VOIDED
    assert (street.states(mine), desk.card.image) == ([SaleState.VOIDED], before)


@pytest.mark.parametrize("by", ["void", "re-issue"])
def test_a_reversal_that_was_undone_pays_nothing_of_what_another_left_due(street: Street, by: str) -> None:
    desk, new = street.desk, street.desk.world.new_id
    desk.reinsert()
    first, second = street.sold(30_00), street.sold(50_00)
    desk.counter.operator = SUPERVISOR
    desk.counter.do(street.reversal(second, pay_by=None))
    mine = street.reversal(first)
    street.torn(desk.card, mine)
    if by == "void":
        desk.insert()
        desk.counter.do(VoidSale(new(), mine.id, "it was right"))
    else:
        desk.readers.insert(EmulatedCard.blank())
        desk.counter.operator = TECHNICIAN
        desk.counter.do(ReissueCard(new(), SUPPLY, CardEnd.BROKEN))
        desk.counter.operator = SUPERVISOR
    assert desk.refusal(mine) is Code.SALE_VOIDED
    assert street.states(mine) == [SaleState.VOIDED]
    assert street.due == [Money(50_00), ZERO]


# --- the same content ---------------------------------------------------------------------------------------------


def test_a_reversal_whose_money_goes_back_otherwise_is_another_one(street: Street) -> None:
    desk = street.desk
    desk.reinsert()
    first, second = street.sold(30_00), street.sold(50_00)
    desk.counter.operator = SUPERVISOR
    left = street.reversal(second, pay_by=None)
    for asked in (left, street.reversal(first)):
        done = desk.counter.do(asked)
        for pay_by in {None, *TenderKind} - {asked.pay_by}:
            other = replace(asked, pay_by=pay_by, refund=ActId(desk.world.new_id()))
            assert desk.refusal(other) is Code.SALE_ID_REUSED
        again = desk.counter.do(asked)
        assert isinstance(done, Reversed)
        assert isinstance(again, Reversed)
        assert (again.refund, again.due) == (done.refund, Money(50_00))
