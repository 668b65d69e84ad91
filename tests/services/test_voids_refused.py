"""A void gives money back: only if the meter has not taken the sale, and only out of an open drawer that has it."""

from __future__ import annotations

import pytest

from tests.services.desk_of import DeskOf
from vending_app.bench.world import SUPERVISOR
from vending_app.cardio.emulated.faults import Fault, FaultKind
from vending_app.cardio.emulated.store import FileStore
from vending_app.cardio.totals1_layout import SLOT_A, SLOT_B
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code
from vending_app.domain.ids import ActId
from vending_app.domain.money import Money
from vending_app.domain.sale import Purpose, Sale
from vending_app.services.book_cases import ReverseSale, Voided, VoidSale
from vending_app.services.use_cases import FinishSale, SaleDone, Sell


@pytest.fixture
def boss(desk: DeskOf) -> DeskOf:
    """The supervisor at the desk: he needs nobody's word."""
    desk.counter.operator = SUPERVISOR
    return desk


def void(desk: DeskOf, sale: Sale) -> VoidSale:
    return VoidSale(desk.world.new_id(), sale.id, "customer changed his mind")


def image(desk: DeskOf) -> bytes:
    return FileStore(desk.world.card_file).load()


def put_orders_back(desk: DeskOf, before: bytes) -> None:
    """Both places for orders as they were; what the meter wrote stays."""
    now = bytearray(image(desk))
    for place in (SLOT_A, SLOT_B):
        now[place.address : place.end] = place.of(before)
    desk.world.card_file.write_bytes(bytes(now))
    desk.reinsert()


def commands_of(desk: DeskOf, asked: object) -> int:
    """How many it takes to do this to the card as it is; it lies in the reader anew then."""
    desk.card.reset_counters()
    desk.counter.do(asked)
    desk.reinsert()
    return desk.card.apdus


def reversal(desk: DeskOf, sale: Sale) -> ReverseSale:
    return ReverseSale(desk.world.new_id(), sale.id, "typed 50 for 5", ActId(desk.world.new_id()))


# --- the meter took it -----------------------------------------------------------------------------------


def test_a_sale_that_the_meter_says_it_took_is_not_voided_though_its_order_is_gone_from_the_card(boss: DeskOf) -> None:
    boss.sell("20.00")
    boss.reinsert()
    last_write = commands_of(boss, Sell(boss.world.new_id(), amount=Money(20_00))) - 1
    before = image(boss)
    waiting = boss.interrupt(Fault(FaultKind.ANSWER_LOST, last_write), "20.00")
    boss.world.load_meter()
    boss.world.meter.use(Energy(1_000))
    boss.world.load_meter()
    put_orders_back(boss, before)
    assert boss.refusal(void(boss, waiting)) is Code.SALE_IN_METER
    done = boss.counter.do(FinishSale())
    assert isinstance(done, SaleDone)
    assert (done.sale.id, done.sale.amount) == (waiting.id, Money(20_00))
    assert boss.world.load_meter().credited == Energy(0)


def test_a_waiting_reversal_that_the_meter_took_is_voided_and_its_energy_comes_back(boss: DeskOf) -> None:
    """Nothing was paid out, and the order that makes sure of the void gives the meter what the reversal took."""
    wrong = boss.sell("50.00").sale
    boss.reinsert()
    last_write = commands_of(boss, reversal(boss, wrong)) - 1
    sold = boss.sell("50.00").sale
    energy = boss.world.load_meter().credited
    boss.reinsert()
    before = image(boss)
    boss.card.arm(Fault(FaultKind.ANSWER_LOST, last_write))
    again = reversal(boss, sold)
    assert boss.refusal(again) is Code.SALE_IN_DOUBT
    assert boss.world.load_meter().credited == -energy
    put_orders_back(boss, before)
    done = boss.counter.do(VoidSale(boss.world.new_id(), again.id, "he keeps it"))
    assert isinstance(done, Voided)
    assert done.done.sale.intent.purpose is Purpose.CANCELLATION
    assert boss.world.load_meter().credited == energy
