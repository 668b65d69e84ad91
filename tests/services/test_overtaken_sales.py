"""A restored copy waits for a sale that was settled since: what the card proves is booked, and nothing is guessed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cardio.builders import an_order
from tests.services.test_restoring import BROKEN, Restored, a_sale_that_broke
from tests.services.whole_loop import Life
from vending_app.bench.world import CASHIER, MOMENT, SUPERVISOR
from vending_app.domain.card import CardImage, ImageState, Order, PastOrder, RecordState, Slot
from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.errors import Code
from vending_app.domain.ids import ActId
from vending_app.domain.money import Money
from vending_app.domain.overtaken import Fate, Totals, fate_of
from vending_app.domain.people import Operator
from vending_app.domain.sale import SaleState
from vending_app.domain.verdict import Verdict
from vending_app.services.book_cases import ReverseSale, Voided, VoidSale
from vending_app.services.use_cases import FinishSale, SaleDone

Since = Callable[[Life, Operator], None]


def voided(life: Life, by: Operator) -> None:
    waiting = life.reads().open_sale
    assert waiting is not None
    life.does(VoidSale(life.world.new_id(), waiting.id, "went home"), by=SUPERVISOR)


def voided_and_sold_alike(life: Life, by: Operator) -> None:
    """Totals and purchases are then what the sale that was voided would have made of them."""
    voided(life, by)
    life.sells("20.00")


def finished_and_reversed(life: Life, by: Operator) -> None:
    done = life.does(FinishSale(), by=by)
    assert isinstance(done, SaleDone)
    new = life.world.new_id
    life.does(ReverseSale(new(), done.sale.id, "wrong card", ActId(new())), by=SUPERVISOR)


def finished_reversed_and_sold_alike(life: Life, by: Operator) -> None:
    finished_and_reversed(life, by)
    life.sells("20.00")


def its_void(restored: Restored) -> Voided:
    waiting = restored.life.reads().open_sale
    assert waiting is not None
    done = restored.life.does(VoidSale(restored.world.new_id(), waiting.id, "by the receipts"), by=SUPERVISOR)
    assert isinstance(done, Voided)
    return done


@pytest.mark.parametrize("chip", BROKEN)
def test_a_sale_that_was_voided_is_not_posted_and_is_voided_again_without_writing(tmp_path: Path, chip: str) -> None:
    restored = Restored(tmp_path, chip, a_sale_that_broke(chip), since=voided)
    before = restored.world.card().image
    assert restored.refusal(FinishSale(), by=CASHIER) is Code.SALE_VOIDED_SINCE
    done = its_void(restored)
    assert (done.sale.state, done.give_back, done.is_on_card) == (SaleState.VOIDED, Money(0), False)
    assert restored.world.card().image == before
    assert restored.life.reads().verdict is Verdict.CARD_AHEAD
    restored.comes_home(paid=0)
    assert restored.life.adds_up()


@pytest.mark.parametrize(
    ("chip", "since", "refusal"),
    [
        ("sle4442", voided_and_sold_alike, Code.SALE_FATE_UNTOLD),
        ("sle4442", finished_reversed_and_sold_alike, Code.SALE_FATE_UNTOLD),
        ("classic", voided_and_sold_alike, Code.SALE_FATE_UNTOLD),
        # This one remembers its orders.
        ("desfire-ev2", voided_and_sold_alike, Code.SALE_VOIDED_SINCE),
    ],
)
def test_where_the_card_does_not_tell_nothing_is_posted_and_a_supervisor_decides(
    tmp_path: Path, chip: str, since: Since, refusal: Code
) -> None:
    restored = Restored(tmp_path, chip, a_sale_that_broke(chip), since=since)
    before = restored.world.card().image
    assert restored.refusal(FinishSale(), by=CASHIER) is refusal
    assert its_void(restored).give_back == Money(0)
    assert restored.world.card().image == before
    restored.comes_home(paid=2000)
    assert restored.life.adds_up()


@pytest.mark.parametrize(
    ("chip", "since"),
    [
        ("sle4442", finished_and_reversed),
        ("desfire-ev2", finished_and_reversed),
        ("desfire-ev2", finished_reversed_and_sold_alike),
    ],
)
def test_a_sale_that_was_finished_and_reversed_is_posted(tmp_path: Path, chip: str, since: Since) -> None:
    restored = Restored(tmp_path, chip, a_sale_that_broke(chip), since=since)
    waiting = restored.life.reads().open_sale
    assert waiting is not None
    void = VoidSale(restored.world.new_id(), waiting.id, "went home")
    assert restored.refusal(void, by=SUPERVISOR) is Code.SALE_ON_CARD
    done = restored.life.does(FinishSale())
    assert isinstance(done, SaleDone)
    assert done.sale.state is SaleState.POSTED


# --- what newer orders can follow ---------------------------------------------------------------------------------

BEFORE = Totals(4, Energy(100_000), 3)
SOLD = Energy(20_000)
ORDER = replace(
    an_order(), sequence=5, energy_total=BEFORE.energy + SOLD, last_purchase=SOLD, purchases=BEFORE.purchases + 1
)


def newer(by: int, energy: int, purchases: int, last: int) -> Order:
    """So many numbers, Wh and purchases after the order in doubt, of which this much was bought last."""
    totals = ORDER.energy_total + Energy(energy), ORDER.purchases + purchases
    return replace(ORDER, sequence=5 + by, energy_total=totals[0], purchases=totals[1], last_purchase=Energy(last))


def on_card(*orders: Order) -> CardImage:
    slots = [Slot(name, RecordState.VALID, b"", order, order) for name, order in zip("AB", orders, strict=False)]
    return CardImage(ImageState.OURS, b"", slots=tuple(slots))


@pytest.mark.parametrize(
    ("orders", "fate"),
    [
        ([newer(1, -20_000, -1, 0)], Fate.UNTOLD),
        ([newer(1, -20_000, -1, 0), newer(-1, -20_000, -1, 5_000)], Fate.VOIDED),
        ([newer(1, 30_000, 1, 30_000)], Fate.POSTED),
        ([newer(2, 60_000, 2, 30_000)], Fate.POSTED),
        ([newer(2, 10_000, 0, 30_000)], Fate.UNTOLD),
        # Another was voided, or this one.
        ([newer(3, 60_000, 1, 30_000)], Fate.UNTOLD),
        ([newer(3, 40_000, 1, 30_000), newer(2, 10_000, 0, 30_000)], Fate.UNTOLD),
        # Two numbers, no purchase: another sale was voided.
        ([newer(2, 0, 0, 0)], Fate.POSTED),
        # The end of the supply, of what the meter has.
        ([newer(2, -25_000, -1, 0)], Fate.UNTOLD),
        ([newer(1, -5_000, 0, 0)], Fate.POSTED),
        # Nothing leads there: a person looks.
        ([newer(1, 70_000, 5, 30_000)], Fate.UNTOLD),
    ],
)
def test_newer_orders_tell_what_they_can_follow(orders: list[Order], fate: Fate) -> None:
    assert fate_of(ORDER, BEFORE, on_card(*orders), ()) is fate


def remembered(*sequences: int) -> list[PastOrder]:
    return [PastOrder(sequence, Energy(0), NO_ENERGY, MOMENT) for sequence in sequences]


def test_what_a_card_remembers_tells_the_rest() -> None:
    image = on_card(newer(2, 10_000, 0, 30_000))
    assert fate_of(ORDER, BEFORE, image, remembered(7, 6, 5, 4)) is Fate.POSTED
    assert fate_of(ORDER, BEFORE, image, remembered(7, 6, 4)) is Fate.VOIDED
    assert fate_of(ORDER, BEFORE, image, remembered(7, 6)) is Fate.UNTOLD, "it may have forgotten it"
    assert fate_of(ORDER, BEFORE, image, remembered(6, 4)) is Fate.UNTOLD, "this is no memory of the newest"


def test_a_reversal_that_was_finished_or_voided_is_told_alike() -> None:
    reversal = replace(ORDER, energy_total=Energy(60_000), purchases=2, last_purchase=NO_ENERGY)
    cancellation = replace(reversal, sequence=6, energy_total=BEFORE.energy, purchases=BEFORE.purchases)
    sale = replace(reversal, sequence=6, energy_total=Energy(70_000), purchases=3, last_purchase=Energy(10_000))
    assert fate_of(reversal, BEFORE, on_card(cancellation), ()) is Fate.VOIDED
    assert fate_of(reversal, BEFORE, on_card(sale), ()) is Fate.POSTED
