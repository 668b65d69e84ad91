"""Void, reversal, refund, arrears and tenders through the counter, on a card, with the meter as the judge."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.services.desk_of import DeskOf
from tests.services.test_till import approved
from vending_app.bench.world import CASHIER, SUPERVISOR, SUPPLY
from vending_app.cardio.emulated.faults import Fault, FaultKind
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OutcomeUnknown
from vending_app.domain.ids import ActId, SaleId
from vending_app.domain.meter import MeterDecision
from vending_app.domain.money import ZERO, Money
from vending_app.domain.payment import Payment
from vending_app.domain.permissions import Act
from vending_app.domain.reversal import MeterHas, ReversalAdvice
from vending_app.domain.sale import Purpose, Sale, SaleState, TenderKind
from vending_app.services.book_cases import (
    CloseCountedShift,
    CorrectTender,
    CountCash,
    FindReceipt,
    PayArrears,
    PayRefund,
    Reversed,
    ReverseSale,
    ShowReversal,
    Voided,
    VoidSale,
)
from vending_app.services.use_cases import FinishSale


@pytest.fixture
def boss(desk: DeskOf) -> DeskOf:
    """The supervisor at the desk: he needs nobody's word."""
    desk.counter.operator = SUPERVISOR
    return desk


def reverse(desk: DeskOf, sale: SaleId, **changed: object) -> ReverseSale:
    new = desk.world.new_id
    return replace(ReverseSale(new(), sale, "typed 50 for 5", ActId(new())), **changed)  # type: ignore[arg-type]


def void(desk: DeskOf, sale: SaleId) -> VoidSale:
    return VoidSale(desk.world.new_id(), sale, "customer changed his mind")


def held(desk: DeskOf, account: str) -> int:
    proof = desk.counter.outside.ledger.verify()
    assert proof.is_ok, proof.problems
    return proof.money_minor.get(account, 0)


# --- void ------------------------------------------------------------------------------------------------


def test_an_interrupted_sale_that_is_not_on_its_card_is_voided_and_the_next_order_makes_sure(boss: DeskOf) -> None:
    waiting = boss.interrupt(Fault(FaultKind.TEAR, 20))
    done = boss.counter.do(void(boss, waiting.id))
    assert isinstance(done, Voided)
    assert (done.sale.state, done.give_back) == (SaleState.VOIDED, Money(50_00))
    assert (done.done.sale.intent.purpose, done.done.sale.state) == (Purpose.CANCELLATION, SaleState.POSTED)
    assert held(boss, "till:1") == 100_00
    assert boss.world.load_meter().credited == Energy(0)
    boss.reinsert()
    sold = boss.sell("50.00")
    assert boss.world.load_meter().credited == sold.supply.energy_total


def test_a_sale_that_its_card_carries_is_not_voided(boss: DeskOf) -> None:
    boss.sell("20.00")
    boss.reinsert()
    boss.card.reset_counters()
    boss.sell("20.00")
    last_write = boss.card.apdus - 1
    boss.reinsert()
    waiting = boss.interrupt(Fault(FaultKind.ANSWER_LOST, last_write), "20.00")
    assert boss.refusal(void(boss, waiting.id)) is Code.SALE_ON_CARD
    boss.counter.do(FinishSale())
    assert boss.refusal(void(boss, waiting.id)) is Code.SALE_UNKNOWN


def test_a_void_torn_on_the_way_is_finished_by_the_same_card(boss: DeskOf) -> None:
    waiting = boss.interrupt(Fault(FaultKind.TEAR, 20))
    command = void(boss, waiting.id)
    boss.card.arm(Fault(FaultKind.TEAR, 12))
    with pytest.raises(OutcomeUnknown):
        boss.counter.do(command)
    boss.reinsert()
    assert held(boss, "till:1") == 100_00
    done = boss.counter.do(command)
    assert isinstance(done, Voided)
    assert done.done.sale.state is SaleState.POSTED
    assert boss.counter.do(command) == replace(done, done=replace(done.done, milliseconds=0))
    assert boss.counter.outside.ledger.open_sales() == ()


def test_a_cashier_voids_with_the_supervisor_s_word_for_this_sale(desk: DeskOf) -> None:
    waiting = desk.interrupt(Fault(FaultKind.TEAR, 20))
    command = void(desk, waiting.id)
    assert desk.refusal(command) is Code.APPROVAL_NEEDED
    given = approved(desk, command, Act.VOID)
    other = replace(command, reason="another reason", approval=given)
    assert desk.refusal(other) is Code.APPROVAL_OTHER
    assert isinstance(desk.counter.do(replace(command, approval=given)), Voided)
    row = desk.counter.outside.ledger._books.one("SELECT operator, approver FROM approvals")  # type: ignore[attr-defined]
    assert row == {"operator": CASHIER.name, "approver": SUPERVISOR.name}


def test_without_a_reason_nothing_is_undone(boss: DeskOf) -> None:
    sold = boss.sell("50.00").sale
    boss.reinsert()
    assert boss.refusal(replace(void(boss, sold.id), reason="")) is Code.REASON_MISSING
    assert boss.refusal(reverse(boss, sold.id, reason=" ")) is Code.REASON_MISSING


# --- reversal --------------------------------------------------------------------------------------------


def test_a_sale_is_reversed_before_the_meter_saw_it_and_the_money_is_paid_back(boss: DeskOf) -> None:
    sold = boss.sell("50.00").sale
    boss.reinsert()
    advice = boss.counter.do(ShowReversal(sold.id))
    assert isinstance(advice, ReversalAdvice)
    assert (advice.meter_has, advice.refusal) == (MeterHas.UNKNOWN, None)
    done = boss.counter.do(reverse(boss, sold.id))
    assert isinstance(done, Reversed)
    assert done.refund is not None
    assert (done.refund.amount, done.refund.number, done.due) == (Money(50_00), "1-P000001", Money(0))
    assert (done.done.sale.receipt, done.done.sale.amount) == ("1-000002", Money(-50_00))
    assert held(boss, "till:1") == 100_00
    insertion = boss.world.load_meter()
    assert (insertion.decision, insertion.view.remaining) == (MeterDecision.CREDITED, Energy(0))


def test_energy_that_the_meter_took_comes_back_out_of_it(boss: DeskOf) -> None:
    sold = boss.sell("50.00").sale
    energy = boss.world.load_meter().credited
    boss.reinsert()
    done = boss.counter.do(reverse(boss, sold.id))
    assert isinstance(done, Reversed)
    advice = boss.counter.do(ShowReversal(sold.id))
    assert isinstance(advice, ReversalAdvice)
    assert advice.meter_has is MeterHas.LOADED
    after = boss.world.load_meter()
    assert (after.credited, after.view.remaining) == (-energy, Energy(0))


def test_energy_that_was_used_is_not_reversed(boss: DeskOf) -> None:
    sold = boss.sell("50.00").sale
    boss.world.load_meter()
    boss.world.meter.use(Energy(1_000))
    boss.world.load_meter()
    boss.reinsert()
    assert boss.refusal(reverse(boss, sold.id)) is Code.REVERSAL_USED
    assert boss.counter.outside.ledger.open_sales() == ()


def test_only_the_newest_sale_is_reversed_and_only_once(boss: DeskOf) -> None:
    first = boss.sell("20.00").sale
    boss.reinsert()
    second = boss.sell("30.00").sale
    boss.reinsert()
    assert boss.refusal(reverse(boss, first.id)) is Code.REVERSAL_NOT_NEWEST
    boss.counter.do(reverse(boss, second.id))
    boss.reinsert()
    assert boss.refusal(reverse(boss, second.id)) is Code.REVERSAL_NOT_NEWEST
    boss.counter.do(reverse(boss, first.id))
    assert held(boss, "income:energy") == 0


def test_a_reversal_torn_on_the_way_owes_nothing_until_the_card_is_back(boss: DeskOf) -> None:
    sold = boss.sell("50.00").sale
    boss.reinsert()
    command = reverse(boss, sold.id)
    boss.card.arm(Fault(FaultKind.TEAR, 12))
    with pytest.raises(OutcomeUnknown):
        boss.counter.do(command)
    assert (held(boss, "till:1"), held(boss, f"refund-due:{SUPPLY}")) == (150_00, 0)
    boss.reinsert()
    done = boss.counter.do(command)
    assert isinstance(done, Reversed)
    assert held(boss, "till:1") == 100_00
    again = boss.counter.do(command)
    assert isinstance(again, Reversed)
    assert (again.refund, again.due) == (done.refund, Money(0))
    assert boss.world.load_meter().view.remaining == Energy(0)


def test_a_reversal_that_is_finished_in_restored_books_leaves_its_money_due(boss: DeskOf) -> None:
    """Its card carries it, and it may have been paid out after the copy was made."""
    sold = boss.sell("50.00").sale
    boss.reinsert()
    command = reverse(boss, sold.id)
    boss.card.arm(Fault(FaultKind.PULL_UNCHECKED, 1))
    with pytest.raises(OutcomeUnknown):
        boss.counter.do(command)
    boss.reinsert()
    now = boss.counter.outside.clock()
    boss.counter.outside.ledger.note_restored(backup="3F9A0C22", made_at=now, at=now, is_older=True)
    done = boss.counter.do(command)
    assert isinstance(done, Reversed)
    assert (done.done.sale.state, done.refund, done.due) == (SaleState.POSTED, None, Money(50_00))
    assert held(boss, "till:1") == 150_00
    due = PayRefund(ActId(boss.world.new_id()), SUPPLY, Money(50_00))
    assert boss.refusal(due) is Code.BOOKS_RESTORED


def test_a_reversal_may_leave_its_money_due_and_it_is_paid_later(boss: DeskOf) -> None:
    sold = boss.sell("50.00").sale
    boss.reinsert()
    done = boss.counter.do(reverse(boss, sold.id, pay_by=None))
    assert isinstance(done, Reversed)
    assert (done.refund, done.due) == (None, Money(50_00))
    number = ActId(boss.world.new_id())
    paid = boss.counter.do(PayRefund(number, SUPPLY, Money(50_00), TenderKind.MOBILE, "TX 77"))
    assert isinstance(paid, Payment)
    assert (held(boss, "clearing:mobile"), held(boss, f"refund-due:{SUPPLY}")) == (-50_00, 0)
    again = PayRefund(ActId(boss.world.new_id()), SUPPLY, Money(1))
    assert boss.refusal(again) is Code.PAYMENT_TOO_MUCH


def test_a_reversal_asked_again_after_its_shift_was_closed_is_answered_and_pays_nothing_twice(boss: DeskOf) -> None:
    sold = boss.sell("50.00").sale
    boss.reinsert()
    request = reverse(boss, sold.id)
    first = boss.counter.do(request)
    assert isinstance(first, Reversed)
    boss.counter.operator = CASHIER
    boss.counter.do(CountCash(total=Money(100_00)))
    boss.counter.do(CloseCountedShift())
    boss.counter.operator = SUPERVISOR
    again = boss.counter.do(request)
    assert isinstance(again, Reversed)
    assert (again.done.sale.id, again.refund, again.due) == (first.done.sale.id, None, ZERO)
    assert boss.counter.outside.ledger.verify().is_ok


def test_a_cashier_reverses_and_pays_back_with_one_word_of_the_supervisor(desk: DeskOf) -> None:
    sold = desk.sell("50.00").sale
    desk.reinsert()
    command = reverse(desk, sold.id)
    assert desk.refusal(command) is Code.APPROVAL_NEEDED
    done = desk.counter.do(replace(command, approval=approved(desk, command, Act.REVERSAL)))
    assert isinstance(done, Reversed)
    assert done.refund is not None
    assert desk.counter.outside.ledger.verify().is_ok


# --- arrears and tenders ---------------------------------------------------------------------------------


def test_a_receipt_is_found_by_its_number(desk: DeskOf) -> None:
    sold = desk.sell("50.00").sale
    found = desk.counter.do(FindReceipt("1-000001"))
    assert isinstance(found, Sale)
    assert found.id == sold.id
    assert desk.refusal(FindReceipt("1-000009")) is Code.SALE_UNKNOWN
    assert desk.refusal(FindReceipt("nonsense")) is Code.SALE_UNKNOWN


def test_nobody_pays_arrears_that_are_not_there(desk: DeskOf) -> None:
    number = ActId(desk.world.new_id())
    assert desk.refusal(PayArrears(number, SUPPLY, Money(1))) is Code.PAYMENT_TOO_MUCH
    assert desk.refusal(PayArrears(number, SUPPLY, Money(0))) is Code.AMOUNT_NOT_POSITIVE


def test_a_tender_is_corrected_with_its_reference(boss: DeskOf) -> None:
    sold = boss.sell("50.00").sale
    command = CorrectTender(ActId(boss.world.new_id()), sold.id, TenderKind.MOBILE, "he paid by phone")
    assert boss.refusal(command) is Code.TENDER_NEEDS_REFERENCE
    corrected = boss.counter.do(replace(command, reference="TX 77"))
    assert isinstance(corrected, Sale)
    assert corrected.tender is not None
    assert (corrected.tender.kind, corrected.tender.reference) == (TenderKind.MOBILE, "TX 77")
    assert (held(boss, "till:1"), held(boss, "clearing:mobile")) == (100_00, 50_00)
