"""A new card that is refused has settled nothing: what waited for the old card waits as before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from vending_app.bench.flows import (
    AMOUNT,
    FLOWS,
    NEW_CARD,
    PAID,
    REFUND,
    SALES,
    THE_ID,
    WAITED,
)
from vending_app.bench.world import MOMENT, SUPERVISOR, SUPPLY, TECHNICIAN, World, built_in, make_world
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.faults import Fault, FaultKind
from vending_app.cardio.emulated.software_card import SoftwareCard
from vending_app.domain.card import MeterParameters
from vending_app.domain.errors import Code, OperatorError, OutcomeUnknown
from vending_app.domain.meter import MeterDecision
from vending_app.domain.sale import Purpose, SaleState
from vending_app.domain.verdict import Verdict
from vending_app.services.book_cases import ReverseSale
from vending_app.services.counter import Counter
from vending_app.services.supply_cases import ChangeTerms, ReissueCard
from vending_app.services.use_cases import CardReading, FinishSale, ReadCard

OVER_A_PAID_SALE = next(flow for flow in FLOWS if flow.name == "re-issue of what was paid")
REISSUE = OVER_A_PAID_SALE.command
BEFORE_THE_ORDER = {"sle4442": (4, 5), "classic": (25, 28)}
"""Commands after the blank card was read and before anything is reserved: its code or keys are presented."""
assert isinstance(REISSUE, ReissueCard)


@contextmanager
def at_desk(world: World) -> Iterator[tuple[Counter, SoftwareCard]]:
    card = world.card()
    with built_in(card) as readers, world.open(readers) as counter:
        counter.operator = TECHNICIAN
        yield counter, card


def paid_and_lost(folder: Path, chip: str = "sle4442") -> World:
    world = make_world(folder / "office", chip=chip)
    OVER_A_PAID_SALE.prepare(world)
    return world


def a_reversal_on_the_card(folder: Path) -> World:
    """Its order is there whole, and only the last answer was lost: nobody knows, and nothing was paid back."""
    world = make_world(folder / "office")
    SALES[1].prepare(world)
    probe = world.copy(folder / "probe")
    wrong = ReverseSale(WAITED, PAID, reason="wrong amount", refund=REFUND)
    with at_desk(probe) as (counter, card):
        counter.operator = SUPERVISOR
        counter.do(wrong)
        answers = card.apdus
    with at_desk(world) as (counter, card):
        counter.operator = SUPERVISOR
        card.arm(Fault(FaultKind.ANSWER_LOST, answers))
        with pytest.raises(OutcomeUnknown):
            counter.do(wrong)
    world.holding(NEW_CARD).take_blank_card()
    return world


def refused(counter: Counter) -> Code:
    with pytest.raises(OperatorError) as caught:
        counter.do(REISSUE)
    return caught.value.code


def waits(counter: Counter) -> list[tuple[Purpose, SaleState]]:
    return [(sale.intent.purpose, sale.state) for sale in counter.outside.ledger.open_sales()]


def read(counter: Counter) -> CardReading:
    found = counter.do(ReadCard())
    assert isinstance(found, CardReading)
    return found


@pytest.mark.parametrize("at", BEFORE_THE_ORDER["sle4442"])
def test_a_reversal_still_waits_after_a_new_card_was_refused(tmp_path: Path, at: int) -> None:
    """It was given up, and the old card with its lower total went into the meter: no energy, and no money back."""
    world = a_reversal_on_the_card(tmp_path)
    world.load_meter()
    with at_desk(world.holding(NEW_CARD)) as (counter, card):
        card.arm(Fault(FaultKind.PULL_BEFORE, at))
        assert refused(counter) is Code.CARD_REMOVED
        assert waits(counter) == [(Purpose.REVERSAL, SaleState.IN_DOUBT)]
    world.load_meter()
    with at_desk(world) as (counter, _):
        counter.operator = SUPERVISOR
        assert read(counter).verdict is Verdict.FINISH_SALE
        counter.do(FinishSale())
        ledger = counter.outside.ledger
        sale, file = ledger.sale(WAITED), ledger.supply(SUPPLY, today=MOMENT.date())
        assert sale is not None
        assert sale.state is SaleState.POSTED
        assert -sale.amount == ledger.refund_due(SUPPLY)
        assert ledger.verify().problems == ()
    assert world.meter.view().energy_total == file.energy_total


def test_a_paid_sale_still_waits_where_the_blank_card_has_too_few_tries(tmp_path: Path) -> None:
    """It was posted, and its card told as ready: nobody wrote what was paid, and nothing asked for it any more."""
    world = paid_and_lost(tmp_path)
    with at_desk(world.holding(NEW_CARD)) as (counter, card):
        assert isinstance(card, EmulatedCard)
        card.chip.present(b"\1\2\3")
        assert refused(counter) is Code.CARD_LAST_TRY
        assert waits(counter) == [(Purpose.SALE, SaleState.IN_DOUBT)]
    with at_desk(world) as (counter, _):
        assert read(counter).verdict is Verdict.FINISH_SALE
        done = counter.do(FinishSale())
        assert counter.outside.ledger.verify().problems == ()
        total = counter.outside.ledger.supply(SUPPLY, today=MOMENT.date()).energy_total
    assert done is not None
    assert world.load_meter().view.energy_total == total


@pytest.mark.parametrize("chip", BEFORE_THE_ORDER)
def test_a_blank_card_that_is_pulled_before_its_order_is_reserved_settles_nothing(tmp_path: Path, chip: str) -> None:
    world = paid_and_lost(tmp_path, chip)
    for at in BEFORE_THE_ORDER[chip]:
        with at_desk(world.copy(tmp_path / f"at-{at}").holding(NEW_CARD)) as (counter, card):
            card.arm(Fault(FaultKind.PULL_BEFORE, at))
            assert refused(counter) is Code.CARD_REMOVED
            assert waits(counter) == [(Purpose.SALE, SaleState.IN_DOUBT)]


def test_in_restored_books_a_sale_that_waits_in_the_copy_is_not_posted_by_a_refusal(tmp_path: Path) -> None:
    """After the copy it was voided and paid back, which nobody here can know."""
    with at_desk(paid_and_lost(tmp_path).holding(NEW_CARD)) as (counter, _):
        counter.outside.ledger.note_restored(backup="copy", made_at=MOMENT, at=MOMENT, is_older=True)
        assert refused(counter) is Code.BOOKS_RESTORED
        assert waits(counter) == [(Purpose.SALE, SaleState.IN_DOUBT)]


def test_the_new_card_has_what_was_paid_and_waited(tmp_path: Path) -> None:
    """It counts in the order, in what was bought, in the till, and in what the meter may hold."""
    world = paid_and_lost(tmp_path)
    new = world.holding(NEW_CARD)
    with at_desk(new) as (counter, _):
        ledger = counter.outside.ledger
        before, waited = ledger.supply(SUPPLY, today=MOMENT.date()), ledger.sale(WAITED)
        assert waited is not None
        assert waited.amount == AMOUNT
        counter.do(REISSUE)
        after, sale = ledger.supply(SUPPLY, today=MOMENT.date()), ledger.sale(WAITED)
        assert sale is not None
        assert (sale.state, sale.receipt) == (SaleState.POSTED, "1-000002")
        assert after.energy_total == before.energy_total + waited.intent.energy
        assert (after.purchases, after.sequence) == (before.purchases + 1, before.sequence + 1)
        assert (waits(counter), ledger.verify().problems) == ([], ())
    loaded = new.load_meter()
    assert (loaded.decision, loaded.view.energy_total) == (MeterDecision.CREDITED, after.energy_total)
    assert loaded.view.purchases == after.purchases


def test_what_waited_is_counted_in_the_limit_that_the_new_order_lifts(tmp_path: Path) -> None:
    """The meter would refuse the whole order under a limit that is lower than all that was paid."""
    world = paid_and_lost(tmp_path)
    with at_desk(world.holding(NEW_CARD)) as (counter, _):
        ledger = counter.outside.ledger
        file, waited = ledger.supply(SUPPLY, today=MOMENT.date()), ledger.sale(WAITED)
        assert waited is not None
        low = replace(file.parameters, hoarding=file.energy_total)
        counter.do(_terms_with(low, counter))
        counter.do(REISSUE)
        order = ledger.sale(THE_ID)
        assert order is not None
        assert order.intent.order.parameters.hoarding == file.energy_total + waited.intent.energy


def _terms_with(limits: MeterParameters, counter: Counter) -> ChangeTerms:
    terms = counter.outside.ledger.terms(SUPPLY)
    return ChangeTerms(SUPPLY, replace(terms, parameters=limits), reason="a lower limit")
