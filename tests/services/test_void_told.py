"""A void that tore is settled anywhere, and whoever settles it is told what goes back to the customer."""

from __future__ import annotations

import pytest

from tests.services.desk_of import DeskOf
from vending_app.bench.world import SUPERVISOR, SUPPLY, TECHNICIAN
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.faults import Fault, FaultKind
from vending_app.domain.errors import Code
from vending_app.domain.ids import ActId
from vending_app.domain.money import ZERO, Money
from vending_app.domain.records import CardEnd
from vending_app.domain.sale import Sale, TenderKind
from vending_app.services.book_cases import ReverseSale, Voided, VoidSale
from vending_app.services.supply_cases import ReissueCard
from vending_app.services.use_cases import FinishSale, Recover, Recovered, SaleDone

UNWRITTEN = Fault(FaultKind.PULL_UNWRITTEN, 1)


@pytest.fixture
def boss(desk: DeskOf) -> DeskOf:
    """The supervisor at the desk: he needs nobody's word."""
    desk.counter.operator = SUPERVISOR
    return desk


def torn_void(desk: DeskOf) -> Sale:
    """A sale of 50.00 in cash, voided; the card left before its cancellation was on it, and lies there again."""
    waiting = desk.interrupt(UNWRITTEN)
    desk.card.arm(UNWRITTEN)
    assert desk.refusal(VoidSale(desk.world.new_id(), waiting.id, "gone home")) is Code.SALE_IN_DOUBT
    desk.reinsert()
    return waiting


def told(voided: Sale | None) -> tuple[str, Money, TenderKind] | None:
    if voided is None or voided.tender is None:
        return None
    return voided.id, voided.amount, voided.tender.kind


def test_a_void_finished_on_the_sell_page_says_what_goes_back(boss: DeskOf) -> None:
    voided = torn_void(boss)
    done = boss.counter.do(FinishSale())
    assert isinstance(done, SaleDone)
    assert told(done.voided) == (voided.id, Money(50_00), TenderKind.CASH)
    boss.reinsert()
    assert boss.sell("50.00").voided is None


def test_a_void_that_recover_settles_says_what_goes_back(boss: DeskOf) -> None:
    voided = torn_void(boss)
    found = boss.counter.do(Recover())
    assert isinstance(found, Recovered)
    assert [told(one) for one in found.voided] == [(voided.id, Money(50_00), TenderKind.CASH)]


def test_a_void_that_a_re_issue_settles_says_what_goes_back(boss: DeskOf) -> None:
    voided = torn_void(boss)
    boss.readers.pull()
    boss.readers.insert(EmulatedCard.blank())
    boss.counter.operator = TECHNICIAN
    done = boss.counter.do(ReissueCard(boss.world.new_id(), SUPPLY, CardEnd.BROKEN))
    assert isinstance(done, SaleDone)
    assert told(done.voided) == (voided.id, Money(50_00), TenderKind.CASH)
    boss.readers.pull()
    boss.readers.insert(EmulatedCard.blank())
    again = boss.counter.do(ReissueCard(boss.world.new_id(), SUPPLY, CardEnd.BROKEN))
    assert isinstance(again, SaleDone)
    assert again.voided is None


def test_nothing_goes_back_for_a_reversal_that_is_voided(boss: DeskOf) -> None:
    sold = boss.sell("50.00").sale
    boss.reinsert()
    again = ReverseSale(boss.world.new_id(), sold.id, "typed 50 for 5", ActId(boss.world.new_id()))
    boss.card.arm(UNWRITTEN)
    assert boss.refusal(again) is Code.SALE_IN_DOUBT
    boss.reinsert()
    done = boss.counter.do(VoidSale(boss.world.new_id(), again.id, "he keeps it"))
    assert isinstance(done, Voided)
    assert (done.give_back, done.done.voided) == (ZERO, None)
    assert boss.counter.outside.ledger.refund_due(SUPPLY) == ZERO
