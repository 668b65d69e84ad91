"""Void, cancellation, reversal, refund: money and energy come back, and no sequence is used twice."""

from __future__ import annotations

import pytest

from tests.ledger.builders import SUPPLY, Counter, a_write_back
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import CardNo
from vending_app.domain.money import Money
from vending_app.domain.payment import PaymentKind
from vending_app.domain.sale import SaleState


def balances(counter: Counter) -> tuple[dict[str, int], dict[str, int]]:
    proof = counter.ledger.verify()
    assert proof.is_ok, proof.problems
    return (
        {name: held for name, held in proof.money_minor.items() if held},
        {name: held for name, held in proof.energy_wh.items() if held},
    )


def test_a_reversal_takes_back_every_line_and_owes_the_money_until_it_is_paid(counter: Counter) -> None:
    before = balances(counter)
    sold = counter.sell("50.00")
    reversal = counter.reverse(sold)
    money, energy = balances(counter)
    assert money == before[0] | {"till:2": 150_00, f"refund-due:{SUPPLY}": -50_00}
    assert energy == before[1]
    assert (reversal.receipt, reversal.amount) == ("2-000002", Money(-50_00))
    assert counter.ledger.refund_due(SUPPLY) == Money(50_00)
    counter.ledger.pay(counter.payment(PaymentKind.REFUND, "50.00"), request="refund")
    assert balances(counter) == before


def test_a_reversed_sale_says_so_and_cannot_be_reversed_again(counter: Counter) -> None:
    sold = counter.sell("50.00")
    reversal = counter.reverse(sold)
    again = counter.ledger.sale(sold.id)
    assert again is not None
    assert again.reversed_by == reversal.id
    with pytest.raises(OperatorError) as caught:
        counter.reverse(sold)
    assert caught.value.code is Code.REVERSAL_NOT_NEWEST


def test_the_newest_sale_is_reversed_first(counter: Counter) -> None:
    first, second = counter.sell("50.00"), counter.sell("20.00")
    with pytest.raises(OperatorError) as caught:
        counter.reverse(first)
    assert caught.value.code is Code.REVERSAL_NOT_NEWEST
    counter.reverse(second)
    counter.reverse(first)
    assert counter.file().energy_total == Energy(0)
    assert counter.ledger.newest_standing(SUPPLY) is None


def test_after_a_reversal_the_next_sale_costs_what_the_reversed_one_did(counter: Counter) -> None:
    """Steps, fixed charges and arrears stand as if it had never been sold."""
    sold = counter.sell("50.00")
    counter.reverse(sold)
    again = counter.intent("50.00")
    assert again.quote == sold.intent.quote
    assert again.order.sequence == 4


def test_a_reversal_of_arrears_owes_them_again(counter: Counter) -> None:
    owed = counter.file().arrears
    sold = counter.sell("50.00")
    assert counter.file().arrears < owed
    counter.reverse(sold)
    assert counter.file().arrears == owed


def test_a_meter_that_took_a_reversed_sale_gives_the_energy_back(counter: Counter) -> None:
    counter.sell("50.00")
    wrong = counter.sell("20.00")
    total = counter.file().energy_total
    card = CardNo("000770000001")
    loaded = a_write_back(1, total=str(total), used="20.00", sequence=2)
    counter.ledger.harvest(loaded, supply=SUPPLY, card=card, record=bytes(64), at=counter.tick())
    counter.reverse(wrong)
    lower = counter.file().energy_total
    given_back = a_write_back(2, total=str(lower), used="20.00", sequence=3)
    counter.ledger.harvest(given_back, supply=SUPPLY, card=card, record=b"\1" * 64, at=counter.tick())
    _, energy = balances(counter)
    assert energy == {
        "office": -lower.wh,
        f"meter:{SUPPLY}": lower.wh - 20_000,
        f"used:{SUPPLY}": 20_000,
    }


def test_a_void_gives_the_money_back_and_its_cancellation_carries_the_total_as_it_was(counter: Counter) -> None:
    before = balances(counter)
    total = counter.file().energy_total
    gone = counter.ledger.reserve(counter.intent("50.00"))
    counter.ledger.mark_in_doubt(gone.id, reason="card-removed", at=counter.tick())
    cancellation = counter.ledger.cancel(gone.id, counter.cancellation_intent(gone))
    assert (cancellation.state, cancellation.intent.order.sequence) == (SaleState.PENDING, 3)
    voided = counter.ledger.sale(gone.id)
    assert voided is not None
    assert voided.state is SaleState.VOIDED
    assert [sale.id for sale in counter.ledger.open_sales()] == [cancellation.id]
    posted = counter.ledger.post(cancellation.id, at=counter.tick())
    assert posted.receipt is None
    assert counter.file().energy_total == total
    assert counter.file().order_sequence == 3
    assert balances(counter) == before
    assert counter.intent("50.00").order.sequence == 4


def test_a_void_told_twice_is_done_once(counter: Counter) -> None:
    gone = counter.ledger.reserve(counter.intent("50.00"))
    intent = counter.cancellation_intent(gone)
    first = counter.ledger.cancel(gone.id, intent)
    assert counter.ledger.cancel(gone.id, intent) == first
    counter.ledger.post(first.id, at=counter.tick())
    assert counter.ledger.cancel(gone.id, intent).state is SaleState.POSTED


def test_a_posted_sale_is_not_voided_and_nothing_is_reserved(counter: Counter) -> None:
    sold = counter.sell("50.00")
    with pytest.raises(OperatorError) as caught:
        counter.ledger.cancel(sold.id, counter.cancellation_intent(sold))
    assert caught.value.code is Code.SALE_ALREADY_RESOLVED
    assert counter.ledger.open_sales() == ()


def test_a_refund_is_never_more_than_is_due(counter: Counter) -> None:
    counter.reverse(counter.sell("50.00"))
    with pytest.raises(OperatorError) as caught:
        counter.ledger.pay(counter.payment(PaymentKind.REFUND, "50.01"), request="refund")
    assert caught.value.code is Code.PAYMENT_TOO_MUCH


def test_cash_that_is_not_in_the_drawer_is_not_paid_out(counter: Counter) -> None:
    counter.reverse(counter.sell("50.00"))
    counter.close_shift("150.00")
    counter.open_shift("10.00")
    with pytest.raises(OperatorError) as caught:
        counter.ledger.pay(counter.payment(PaymentKind.REFUND, "50.00"), request="refund")
    assert caught.value.code is Code.CASH_NOT_THERE
    assert counter.ledger.refund_due(SUPPLY) == Money(50_00)
