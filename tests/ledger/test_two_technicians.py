"""Two desks at one supply at the same moment: nothing is lost, nothing counts twice, and one is told why it waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from threading import Barrier, Thread

import pytest

from tests.ledger.at_work import STAFF, AtWork
from tests.ledger.builders import DESK, METER, SUPPLY, Counter, add_supply
from tests.ledger.tools import a_field_record, a_tool_card, reads_in
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, VendingError
from vending_app.domain.field_reading import FieldOutcome
from vending_app.domain.ids import DeskNo, MeterNo, SupplyNo
from vending_app.domain.people import Meter, Role
from vending_app.domain.permissions import Act, Authority
from vending_app.domain.records import Area, CardEnd, FinalReading, ReadingHow
from vending_app.domain.returned import NOTHING
from vending_app.domain.sale import SaleIntent
from vending_app.ledger.books import Store
from vending_app.ledger.sqlite import SqliteBooks
from vending_app.ui.words import trouble

OTHER = DeskNo(3)
PETRA = STAFF[Role.TECHNICIAN].name
ROUNDS = 4
"""Whoever comes first is chance."""


@pytest.fixture
def elsewhere(counter: Counter, store: Store) -> Iterator[Counter]:
    counter.ledger.add_desk(OTHER, name="Desk 3")
    with closing(AtWork.open(store, desk=OTHER)) as ledger:
        yield Counter(ledger, count=500)


def _together(*acts: Callable[[], object]) -> list[object]:
    """What each came to; a refusal is its error."""
    done: list[object] = [None] * len(acts)
    start = Barrier(len(acts))

    def run(at: int) -> None:
        start.wait()
        try:
            done[at] = acts[at]()
        except VendingError as error:
            done[at] = error

    threads = [Thread(target=run, args=(at,)) for at in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done


def _reissue(counter: Counter) -> SaleIntent:
    """As the desk of this counter makes it up from the books as they are."""
    desk = DESK if counter.count < 500 else OTHER
    return replace(counter.issue_intent(), ends=CardEnd.LOST, operator=PETRA, desk=desk)


def _writes(counter: Counter, intent: SaleIntent) -> str:
    with counter.ledger.acting_as(Authority(PETRA, Act.REISSUE)):
        counter.ledger.reserve(intent)
        counter.ledger.post(intent.id, at=intent.at)
    return "written"


def _is_told(error: object, *codes: Code) -> None:
    assert isinstance(error, VendingError)
    assert error.code in codes
    said = trouble(error)
    assert said.sentence
    assert said.remedy


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_one_card_is_replaced_by_one_card(counter: Counter, elsewhere: Counter, _round: int) -> None:
    counter.sell("50.00")
    elsewhere.now = counter.now
    before = counter.file()
    here, there = _reissue(counter), _reissue(elsewhere)
    assert here.order.sequence == there.order.sequence
    done = _together(lambda: _writes(counter, here), lambda: _writes(elsewhere, there))
    assert done.count("written") == 1
    _is_told(next(one for one in done if one != "written"), Code.LEDGER_BUSY, Code.SALE_INTERRUPTED, Code.CARD_AHEAD)
    after = counter.file()
    assert (after.generation, after.energy_total) == (before.generation + 1, before.energy_total)
    assert len(counter.ledger.life(SUPPLY).cards) == 2
    assert counter.ledger.verify().problems == ()


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_a_sale_and_a_new_card_at_once_lose_nothing(counter: Counter, elsewhere: Counter, _round: int) -> None:
    counter.sell("50.00")
    elsewhere.now = counter.now
    before = counter.file()
    sale, card = counter.intent("20.00"), _reissue(elsewhere)

    def sell() -> str:
        counter.ledger.reserve(sale)
        counter.ledger.post(sale.id, at=sale.at)
        return "sold"

    done = _together(sell, lambda: _writes(elsewhere, card))
    refused = [one for one in done if isinstance(one, VendingError)]
    assert len(refused) == 1
    _is_told(refused[0], Code.LEDGER_BUSY, Code.SALE_INTERRUPTED, Code.CARD_AHEAD)
    after = counter.file()
    if "sold" in done:
        assert (after.energy_total, after.generation) == (sale.order.energy_total, before.generation)
        # Asked again, the new card carries the purchase.
        assert _writes(elsewhere, _reissue(elsewhere)) == "written"
        assert counter.file().energy_total == sale.order.energy_total
    else:
        assert (after.energy_total, after.generation) == (before.energy_total, before.generation + 1)
        again = counter.sell("20.00")
        assert again.intent.write.card == counter.file().card
    assert counter.ledger.verify().problems == ()


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_one_meter_is_changed_once(counter: Counter, elsewhere: Counter, _round: int) -> None:
    ledger = counter.ledger
    counter.sell("50.00")
    has = counter.file().energy_total
    meters = MeterNo("000012345999"), MeterNo("000012346000")
    with ledger.acting_as(Authority(PETRA, Act.RECORDS)):
        for number in meters:
            ledger.enter_meter(Meter(number, "RM-1", 1_600), reason="", at=counter.tick())
    at = counter.tick()
    reading = FinalReading(ReadingHow.HAND, Energy(0), Energy(0))

    def change(books: AtWork, meter: MeterNo) -> object:
        with books.acting_as(Authority(PETRA, Act.METER_CHANGE)):
            return books.change_meter(SUPPLY, meter, reading, price=lambda _: NOTHING, reason="old", at=at).carried

    done = _together(lambda: change(ledger, meters[0]), lambda: change(elsewhere.ledger, meters[1]))
    assert done.count(has) == 1
    _is_told(next(one for one in done if one != has), Code.SUPPLY_CLOSED)
    assert len(ledger.stock()) == 1
    assert ledger.verify().problems == ()


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_one_meter_from_stock_goes_to_one_of_two_supplies(counter: Counter, elsewhere: Counter, _round: int) -> None:
    ledger, second = counter.ledger, SupplyNo("00000018")
    with ledger.setting_up():
        add_supply(ledger, second, "000012345679")
    meter = MeterNo("000012345999")
    with ledger.acting_as(Authority(PETRA, Act.RECORDS)):
        ledger.enter_meter(Meter(meter, "RM-1", 1_600), reason="", at=counter.tick())
    at = counter.tick()
    reading = FinalReading(ReadingHow.HAND, Energy(0), Energy(0))

    def change(books: AtWork, supply: SupplyNo) -> object:
        with books.acting_as(Authority(PETRA, Act.METER_CHANGE)):
            books.change_meter(supply, meter, reading, price=lambda _: NOTHING, reason="old", at=at)
            return "changed"

    done = _together(lambda: change(ledger, SUPPLY), lambda: change(elsewhere.ledger, second))
    assert done.count("changed") == 1
    _is_told(next(one for one in done if one != "changed"), Code.METER_INSTALLED)
    assert ledger.verify().problems == ()


def test_a_record_of_a_meter_that_comes_off_at_the_other_desk_counts_for_nobody(
    counter: Counter, elsewhere: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other desk is quicker between the look for the supply and its lock; in a file there is no between."""
    ledger, meter = counter.ledger, MeterNo("000012345999")
    with ledger.acting_as(Authority(PETRA, Act.RECORDS)):
        ledger.enter_meter(Meter(meter, "RM-1", 1_600), reason="", at=counter.tick())
        ledger.enter_area(Area("E1", "Eastfield"), reason="", at=counter.tick())
    tool, at = a_tool_card(counter, "E1"), counter.tick()
    reading = FinalReading(ReadingHow.HAND, Energy(10_000), Energy(-10_000))
    books, lock, changed = ledger._books, ledger._books.lock_supply, list[SupplyNo]()

    def change() -> None:
        with elsewhere.ledger.acting_as(Authority(PETRA, Act.METER_CHANGE)):
            done = elsewhere.ledger.change_meter(SUPPLY, meter, reading, price=lambda _: NOTHING, reason="old", at=at)
            changed.append(done.new)

    other = Thread(target=change)

    def lock_late(number: SupplyNo) -> None:
        if other.ident is None:
            other.start()
            other.join(timeout=1)
        lock(number)

    monkeypatch.setattr(books, "lock_supply", lock_late)
    was_first = reads_in(counter, tool, a_field_record(2, used_wh=10_000, remaining_wh=-10_000, meter=METER))
    other.join()
    assert changed
    expected = FieldOutcome.NO_SUPPLY if was_first.supply is None else FieldOutcome.COUNTED
    assert was_first.outcome is expected
    assert (was_first.supply is None) is not isinstance(books, SqliteBooks)
    assert ledger.verify().problems == ()
