"""A void gives money back: only if the meter has not taken the sale, and only out of an open drawer that has it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.services.desk_of import DeskOf
from vending_app.bench.world import ADMINISTRATOR, CASHIER, SUPERVISOR
from vending_app.cardio.emulated.faults import Fault, FaultKind
from vending_app.cardio.emulated.store import FileStore
from vending_app.cardio.totals1_layout import SLOT_A, SLOT_B
from vending_app.domain.cash import CashKind
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code
from vending_app.domain.ids import ActId
from vending_app.domain.money import Money
from vending_app.domain.permissions import Act
from vending_app.domain.reversal import ReversalAdvice
from vending_app.domain.sale import Purpose, Sale, SaleState, Tender, TenderKind
from vending_app.services.book_cases import (
    CloseCountedShift,
    CountCash,
    MoveCash,
    ReverseSale,
    ShowReversal,
    SignOpenSale,
    Voided,
    VoidSale,
)
from vending_app.services.use_cases import FinishSale, OpenShift, SaleDone, Sell
from vending_app.ui.books.sale_asks import verbs_of


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


# --- the drawer ------------------------------------------------------------------------------------------

UNWRITTEN = Fault(FaultKind.PULL_UNWRITTEN, 1)


def closes(desk: DeskOf, waiting: Sale, *, counted: Money) -> None:
    """The shift, with the word of somebody for what waits; the supervisor is at the desk again then."""
    counter = desk.counter
    signed = SignOpenSale(waiting.id, "customer left")
    word = counter.approvals.give(signed, ADMINISTRATOR, operator=SUPERVISOR, act=Act.SIGN_OPEN_SALE)
    counter.do(replace(signed, approval=word.id))
    counter.operator = CASHIER
    counter.do(CountCash(total=counted))
    counter.do(CloseCountedShift())
    counter.operator = SUPERVISOR


def opens(desk: DeskOf, cash: Money) -> None:
    desk.counter.operator = CASHIER
    desk.counter.do(OpenShift(cash))
    desk.counter.operator = SUPERVISOR


def offered(desk: DeskOf, sale: Sale, shift: int | None) -> list[str]:
    advice = desk.counter.do(ShowReversal(sale.id))
    assert isinstance(advice, ReversalAdvice)
    return [option.key for option in verbs_of(advice, SUPERVISOR, shift)]


def test_a_sale_is_voided_in_an_open_shift_whose_drawer_has_the_money(boss: DeskOf) -> None:
    waiting = boss.interrupt(UNWRITTEN)
    closes(boss, waiting, counted=Money(150_00))
    assert boss.refusal(void(boss, waiting)) is Code.SHIFT_CLOSED
    assert "void" not in offered(boss, waiting, None)
    opens(boss, Money(49_99))
    assert "void" in offered(boss, waiting, 2)
    assert boss.refusal(void(boss, waiting)) is Code.CASH_NOT_THERE
    ledger = boss.counter.outside.ledger
    assert [sale.id for sale in ledger.open_sales()] == [waiting.id]
    from_safe = MoveCash(ActId(boss.world.new_id()), CashKind.FROM_SAFE, Money(1), "for a void")
    boss.counter.do(from_safe)
    done = boss.counter.do(void(boss, waiting))
    assert isinstance(done, Voided)
    assert done.give_back == Money(50_00)
    proof = ledger.verify()
    assert proof.is_ok
    assert proof.money_minor.get("till:1", 0) == 0


def test_what_was_not_paid_in_cash_is_voided_with_little_in_the_drawer_but_not_without_a_shift(boss: DeskOf) -> None:
    by_phone = Tender(TenderKind.MOBILE, Money(50_00), "TX 77")
    boss.card.arm(UNWRITTEN)
    assert boss.refusal(Sell(boss.world.new_id(), amount=Money(50_00), tender=by_phone)) is Code.SALE_IN_DOUBT
    boss.reinsert()
    (waiting,) = boss.counter.outside.ledger.open_sales()
    closes(boss, waiting, counted=Money(100_00))
    assert boss.refusal(void(boss, waiting)) is Code.SHIFT_CLOSED
    opens(boss, Money(0))
    assert isinstance(boss.counter.do(void(boss, waiting)), Voided)


def test_a_waiting_reversal_is_voided_without_a_shift_because_no_money_moves(boss: DeskOf) -> None:
    sold = boss.sell("50.00").sale
    boss.reinsert()
    again = reversal(boss, sold)
    boss.card.arm(UNWRITTEN)
    assert boss.refusal(again) is Code.SALE_IN_DOUBT
    boss.reinsert()
    (waiting,) = boss.counter.outside.ledger.open_sales()
    closes(boss, waiting, counted=Money(150_00))
    done = boss.counter.do(void(boss, waiting))
    assert isinstance(done, Voided)
    assert done.sale.state is SaleState.VOIDED
