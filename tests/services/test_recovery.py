"""Interrupted sales, and what the books and the customer see when the card comes back."""

from __future__ import annotations

import pytest

from tests.services.desk_of import DeskOf
from vending_app.bench.world import CASHIER, SUPPLY, TECHNICIAN
from vending_app.cardio.emulated.faults import Fault, FaultKind, Residue
from vending_app.domain.errors import Code, EnvironmentFault, OutcomeUnknown
from vending_app.domain.money import Money
from vending_app.domain.sale import SaleState
from vending_app.domain.verdict import Verdict
from vending_app.services.counter import Counter
from vending_app.services.use_cases import FinishSale, IssueCard, Recover, Recovered, SaleDone, Sell


def test_the_same_card_finishes_the_sale_with_the_identical_bytes(desk: DeskOf) -> None:
    sale = desk.interrupt(Fault(FaultKind.TEAR, 20, Residue.MIXED))
    assert sale.state is SaleState.IN_DOUBT
    done = desk.counter.do(FinishSale())
    assert isinstance(done, SaleDone)
    assert done.sale.state is SaleState.POSTED
    assert sale.intent.write.record in desk.card.image
    assert desk.world.load_meter().credited == done.supply.energy_total


def test_a_card_that_was_complete_and_only_the_answer_lost_is_posted_without_another_byte(desk: DeskOf) -> None:
    desk.sell("20.00")
    desk.reinsert()
    desk.card.reset_counters()
    desk.sell("20.00")
    last_write = desk.card.apdus - 1
    desk.reinsert()
    desk.interrupt(Fault(FaultKind.ANSWER_LOST, last_write))
    desk.card.reset_counters()
    desk.counter.do(FinishSale())
    assert desk.card.bytes_programmed == 0
    assert desk.counter.outside.ledger.open_sales() == ()


def test_money_of_an_interrupted_sale_waits_in_suspense_and_ends_as_income(desk: DeskOf) -> None:
    desk.interrupt(Fault(FaultKind.TEAR, 20))
    waiting = desk.counter.outside.ledger.verify().money_minor
    assert waiting[f"suspense:{SUPPLY}"] == -5000
    desk.counter.do(FinishSale())
    ended = desk.counter.outside.ledger.verify().money_minor
    assert ended[f"suspense:{SUPPLY}"] == 0
    assert ended["till:1"] == waiting["till:1"]


def test_recover_names_what_it_settled_and_what_still_waits(desk: DeskOf) -> None:
    sale = desk.interrupt(Fault(FaultKind.TEAR, 9))
    outcome = desk.counter.do(Recover())
    assert isinstance(outcome, Recovered)
    assert [(s.id, s.state) for s in outcome.resolved] == [(sale.id, SaleState.POSTED)]
    assert outcome.waiting == ()


def test_recover_without_anything_open_does_nothing(desk: DeskOf) -> None:
    before = desk.card.image
    outcome = desk.counter.do(Recover())
    assert outcome == Recovered((), ())
    assert desk.card.image == before


def test_finishing_when_nothing_is_open_is_refused(desk: DeskOf) -> None:
    assert desk.refusal(FinishSale()) is Code.SALE_UNKNOWN


def test_another_tear_while_finishing_keeps_the_sale_waiting(desk: DeskOf) -> None:
    sale = desk.interrupt(Fault(FaultKind.TEAR, 20))
    desk.card.arm(Fault(FaultKind.TEAR, 3))
    assert desk.refusal(FinishSale()) is Code.SALE_IN_DOUBT
    desk.reinsert()
    assert desk.read().open_sale is not None
    done = desk.counter.do(FinishSale())
    assert isinstance(done, SaleDone)
    assert done.sale.id == sale.id


def test_a_ledger_that_fails_at_posting_leaves_a_sale_that_the_card_settles_later(desk: DeskOf) -> None:
    class DiskFull:
        """The books, until the moment of posting."""

        def __init__(self, ledger: object) -> None:
            self._ledger = ledger

        def __getattr__(self, name: str) -> object:
            if name in {"post", "mark_in_doubt"}:
                return self._full
            return getattr(self._ledger, name)

        def _full(self, *args: object, **named: object) -> None:
            raise EnvironmentFault(Code.LEDGER_DISK_FULL)

    from dataclasses import replace

    outside = desk.counter.outside
    failing = Counter(replace(outside, ledger=DiskFull(outside.ledger)), operator=CASHIER)  # type: ignore[arg-type]
    with pytest.raises(OutcomeUnknown):
        failing.do(Sell(desk.world.new_id(), amount=Money(5000)))
    desk.reinsert()
    assert desk.read().verdict is Verdict.FINISH_SALE
    done = desk.counter.do(FinishSale())
    assert isinstance(done, SaleDone)
    assert done.sale.state is SaleState.POSTED
    assert desk.world.load_meter().credited == done.supply.energy_total


def test_an_interrupted_issue_is_finished_on_the_same_card(tmp_path) -> None:  # type: ignore[no-untyped-def]
    from tests.services.desk_of import a_desk

    with a_desk(tmp_path, issued=False) as desk:
        desk.counter.operator = TECHNICIAN
        desk.card.arm(Fault(FaultKind.TEAR, 40))
        assert desk.refusal(IssueCard(desk.world.new_id(), SUPPLY)) is Code.SALE_IN_DOUBT
        desk.reinsert()
        assert desk.read().verdict is Verdict.FINISH_SALE
        done = desk.counter.do(FinishSale())
        assert isinstance(done, SaleDone)
        assert done.supply.card == done.sale.intent.write.card


def test_a_foreign_card_is_not_taken_for_an_interrupted_issue(tmp_path) -> None:  # type: ignore[no-untyped-def]
    from tests.services.desk_of import a_desk
    from vending_app.cardio.emulated.card import EmulatedCard
    from vending_app.cardio.emulated.store import FACTORY_STATE, MemoryStore

    with a_desk(tmp_path, issued=False) as desk:
        desk.counter.operator = TECHNICIAN
        desk.card.arm(Fault(FaultKind.TEAR, 40))
        assert desk.refusal(IssueCard(desk.world.new_id(), SUPPLY)) is Code.SALE_IN_DOUBT
        foreign = EmulatedCard(MemoryStore(FACTORY_STATE[:0x40] + b"LAUNDRY" * 20 + FACTORY_STATE[0x40 + 140 :]))
        desk.readers.insert(foreign)
        assert desk.read().verdict is Verdict.NOT_OURS
        assert desk.refusal(IssueCard(desk.world.new_id(), SUPPLY)) is Code.CARD_NOT_BLANK
