"""A card is replaced while something waits for it: that is settled in the commit that reserves the new one, or not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.ledger.builders import SUPPLY, Counter
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.money import Money
from vending_app.domain.records import CardEnd
from vending_app.domain.sale import Purpose, Sale, SaleIntent, SaleState


@pytest.fixture
def sold(counter: Counter) -> Sale:
    """A first sale, after which a desk at a server knows the end of its chain and its last receipt."""
    return counter.sell("20.00")


def in_doubt(counter: Counter, intent: SaleIntent) -> Sale:
    sale = counter.ledger.reserve(intent)
    return counter.ledger.mark_in_doubt(sale.id, reason="card-removed", at=counter.tick())


def reissue_over(counter: Counter, waiting: Sale) -> SaleIntent:
    """The order of the new card, which counts what waits as it will be settled."""
    intent, order = counter.issue_intent(), waiting.intent.order
    if waiting.intent.purpose is not Purpose.REVERSAL:
        totals = replace(intent.order, energy_total=order.energy_total, purchases=order.purchases)
        intent = replace(intent, order=totals)
    return replace(intent, ends=CardEnd.BROKEN)


def too_far(intent: SaleIntent) -> SaleIntent:
    """An order that does not follow the newest one: it is refused."""
    return replace(intent, order=replace(intent.order, sequence=intent.order.sequence + 1))


def state_of(counter: Counter, sale: Sale) -> SaleState:
    found = counter.ledger.sale(sale.id)
    assert found is not None
    return found.state


def test_a_paid_sale_is_posted_with_the_reservation_of_the_card_that_has_it(counter: Counter, sold: Sale) -> None:
    waiting = in_doubt(counter, counter.intent("50.00"))
    intent = reissue_over(counter, waiting)
    issue = counter.ledger.reissue(waiting.id, intent, at=counter.tick())
    assert (issue.intent, issue.state) == (intent, SaleState.PENDING)
    assert counter.ledger.open_sales() == (counter.ledger.sale(issue.id),)
    posted = counter.ledger.sale(waiting.id)
    assert posted is not None
    assert (posted.state, posted.receipt) == (SaleState.POSTED, "2-000002")
    counter.ledger.post(issue.id, at=counter.tick())
    assert counter.file().energy_total == sold.intent.energy + waiting.intent.energy
    assert counter.file().card == intent.write.card
    assert counter.sell("10.00").receipt == "2-000003"
    assert counter.ledger.verify().problems == ()


def test_a_reversal_is_given_up_with_it(counter: Counter, sold: Sale) -> None:
    waiting = in_doubt(counter, counter.reversal_intent(sold))
    issue = counter.ledger.reissue(waiting.id, reissue_over(counter, waiting), at=counter.tick())
    counter.ledger.post(issue.id, at=counter.tick())
    assert state_of(counter, waiting) is SaleState.VOIDED
    assert counter.file().energy_total == sold.intent.energy
    assert counter.ledger.refund_due(SUPPLY) == Money(0)
    assert counter.ledger.verify().problems == ()


@pytest.mark.parametrize("is_reversal", [False, True])
def test_what_waits_goes_on_waiting_where_the_new_card_is_refused(
    counter: Counter, sold: Sale, is_reversal: bool
) -> None:
    waiting = in_doubt(counter, counter.reversal_intent(sold) if is_reversal else counter.intent("50.00"))
    before = counter.ledger.verify()
    with pytest.raises(OperatorError) as caught:
        counter.ledger.reissue(waiting.id, too_far(reissue_over(counter, waiting)), at=counter.tick())
    assert caught.value.code is Code.CARD_AHEAD
    assert counter.ledger.verify() == before
    assert counter.ledger.open_sales() == (waiting,)


def test_a_receipt_that_a_refusal_took_back_is_given_next(counter: Counter, sold: Sale) -> None:
    """At a server a desk counts on from the receipt that it gave last; this one it never gave."""
    waiting = counter.ledger.reserve(counter.intent("50.00"))
    with pytest.raises(OperatorError) as caught:
        counter.ledger.reissue(waiting.id, too_far(reissue_over(counter, waiting)), at=counter.tick())
    assert caught.value.code is Code.CARD_AHEAD
    assert counter.ledger.post(waiting.id, at=counter.tick()).receipt == "2-000002"
    assert counter.ledger.verify().problems == ()


def test_told_twice_it_is_done_once(counter: Counter, sold: Sale) -> None:
    waiting = in_doubt(counter, counter.intent("50.00"))
    intent = reissue_over(counter, waiting)
    first = counter.ledger.reissue(waiting.id, intent, at=counter.tick())
    assert counter.ledger.reissue(waiting.id, intent, at=counter.tick()) == first
    counter.ledger.post(first.id, at=counter.tick())
    assert counter.ledger.reissue(waiting.id, intent, at=counter.tick()).state is SaleState.POSTED
    assert counter.ledger.verify().problems == ()


def test_one_that_was_settled_the_other_way_meanwhile_is_not_settled_again(counter: Counter, sold: Sale) -> None:
    waiting = in_doubt(counter, counter.intent("50.00"))
    intent = reissue_over(counter, waiting)
    counter.ledger.void(waiting.id, reason="went home", at=counter.tick())
    with pytest.raises(OperatorError) as caught:
        counter.ledger.reissue(waiting.id, intent, at=counter.tick())
    assert caught.value.code is Code.SALE_ALREADY_RESOLVED
    assert counter.ledger.open_sales() == ()
    assert counter.file().energy_total == sold.intent.energy
