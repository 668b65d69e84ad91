"""A reversal that waits for its card pays nobody before it is sure that it may still be written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.services.desk_of import DeskOf
from tests.services.test_undoing import held, reverse, void
from vending_app.bench.world import CASHIER, MOMENT, SUPERVISOR, SUPPLY
from vending_app.cardio.emulated.faults import Fault, FaultKind
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.sale import SaleState
from vending_app.services.book_cases import ReverseSale, Voided
from vending_app.services.use_cases import FinishSale, Recover

UNWRITTEN, WRITTEN = Fault(FaultKind.PULL_UNWRITTEN, 1), Fault(FaultKind.PULL_UNCHECKED, 1)
Finishing = Callable[[ReverseSale], object]
WAYS: dict[str, Finishing] = {
    "asked again": lambda asked: asked,
    "finished": lambda _: FinishSale(),
    "recovered": lambda _: Recover(),
}
every_way = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())


@pytest.fixture
def boss(desk: DeskOf) -> DeskOf:
    desk.counter.operator = SUPERVISOR
    return desk


def waiting(desk: DeskOf, fault: Fault = UNWRITTEN) -> ReverseSale:
    """The card of a reversal was pulled out, and is here again."""
    sold = desk.sell("50.00").sale
    desk.reinsert()
    asked = reverse(desk, sold.id)
    desk.card.arm(fault)
    assert desk.refusal(asked) is Code.SALE_IN_DOUBT
    desk.reinsert()
    return asked


def restored(desk: DeskOf) -> None:
    """As if the books were a copy that was made while it waited."""
    desk.counter.outside.ledger.note_restored(backup="3F9A0C22", made_at=MOMENT, at=MOMENT, is_older=False)


def used_up(desk: DeskOf) -> None:
    desk.world.load_meter()
    desk.world.meter.use(Energy(1_000))
    desk.world.load_meter()
    desk.reinsert()


def next_month(desk: DeskOf) -> None:
    out = desk.counter.outside
    desk.counter.outside = replace(out, clock=lambda: MOMENT + timedelta(days=40))


def refused(desk: DeskOf, asked: object) -> OperatorError:
    with pytest.raises(OperatorError) as caught:
        desk.counter.do(asked)
    return caught.value


def state(desk: DeskOf, asked: ReverseSale) -> SaleState | None:
    sale = desk.counter.outside.ledger.sale(asked.id)
    return sale.state if sale else None


def money(desk: DeskOf) -> tuple[int, int]:
    """In the drawer, and due to the customer."""
    return held(desk, "till:1"), held(desk, f"refund-due:{SUPPLY}")


# --- in restored books ---------------------------------------------------------------------------------------------


@every_way
def test_restored_books_write_and_pay_no_reversal_that_its_card_does_not_carry(boss: DeskOf, way: Finishing) -> None:
    """It may have been given up after the copy: a newer card had the full total, and the money went out as well."""
    asked = waiting(boss)
    restored(boss)
    before = boss.card.image
    refusal = refused(boss, way(asked))
    assert (refusal.code, refusal.facts["made_at"]) == (Code.BOOKS_RESTORED, MOMENT)
    assert (boss.card.image, state(boss, asked)) == (before, SaleState.IN_DOUBT)
    assert money(boss) == (150_00, 0)


@every_way
def test_restored_books_post_the_reversal_that_its_card_carries(boss: DeskOf, way: Finishing) -> None:
    asked = waiting(boss, WRITTEN)
    restored(boss)
    boss.counter.do(way(asked))
    assert state(boss, asked) is SaleState.POSTED


# --- what happened meanwhile ---------------------------------------------------------------------------------------


@every_way
@pytest.mark.parametrize(
    ("since", "code"),
    [(used_up, Code.REVERSAL_USED), (next_month, Code.REVERSAL_TOO_LATE)],
    ids=["used", "too-late"],
)
def test_a_reversal_that_was_not_written_is_asked_about_again(
    boss: DeskOf, way: Finishing, since: Callable[[DeskOf], None], code: Code
) -> None:
    """The customer used the energy and had his money back."""
    asked = waiting(boss)
    since(boss)
    before = boss.card.image
    refusal = refused(boss, way(asked))
    assert (refusal.code, refusal.facts["sale"]) == (code, asked.sale)
    assert (boss.card.image, state(boss, asked)) == (before, SaleState.IN_DOUBT)
    assert money(boss) == (150_00, 0)


@every_way
@pytest.mark.parametrize("since", [used_up, next_month])
def test_a_reversal_that_its_card_carries_is_posted_whatever_happened(
    boss: DeskOf, way: Finishing, since: Callable[[DeskOf], None]
) -> None:
    asked = waiting(boss, WRITTEN)
    since(boss)
    boss.counter.do(way(asked))
    assert state(boss, asked) is SaleState.POSTED


@every_way
def test_a_reversal_whose_energy_is_still_there_is_written(boss: DeskOf, way: Finishing) -> None:
    """The meter took the sale, and nothing was used."""
    asked = waiting(boss)
    boss.world.load_meter()
    boss.reinsert()
    boss.counter.do(way(asked))
    assert state(boss, asked) is SaleState.POSTED
    assert boss.world.load_meter().view.remaining == Energy(0)


@pytest.mark.parametrize("since", [used_up, next_month])
def test_what_may_no_longer_be_reversed_is_voided_and_the_customer_buys_again(
    boss: DeskOf, since: Callable[[DeskOf], None]
) -> None:
    asked = waiting(boss)
    since(boss)
    done = boss.counter.do(void(boss, asked.id))
    assert isinstance(done, Voided)
    assert (state(boss, asked), money(boss)) == (SaleState.VOIDED, (150_00, 0))
    boss.counter.operator = CASHIER
    boss.reinsert()
    total = boss.sell("20.00").supply.energy_total
    assert boss.world.load_meter().view.energy_total == total
