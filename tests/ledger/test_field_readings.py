"""Tool cards and their records in both kinds of books: once each, counted as write-backs, and proved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.ledger.at_work import AtWork
from tests.ledger.builders import DESK, METER, SUPPLY, Counter, a_write_back
from tests.ledger.tools import PETRA, TOOL, a_field_record, a_tool_card, reads_in
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.field_reading import FieldOutcome
from vending_app.domain.ids import ActId, CardNo, MeterNo
from vending_app.domain.inspection import FieldCard, FieldRead
from vending_app.domain.permissions import Act, Authority
from vending_app.domain.records import Area
from vending_app.domain.tool_card import ToolCard
from vending_app.ledger import SqliteFile
from vending_app.ledger.books import Store
from vending_app.ledger.copying import copy


@pytest.fixture
def tool(counter: Counter) -> ToolCard:
    with counter.ledger.acting_as(Authority(PETRA, Act.RECORDS)):
        counter.ledger.enter_area(Area("E1", "Eastfield"), reason="", at=counter.tick())
    return a_tool_card(counter, "E1")


def energy(ledger: AtWork) -> dict[str, int]:
    proof = ledger.verify()
    assert proof.problems == ()
    return proof.energy_wh


def test_a_record_posts_what_the_write_back_would_have_posted(counter: Counter, tool: ToolCard) -> None:
    ledger, sold = counter.ledger, counter.sell("50.00").intent.order.energy_total
    first = a_write_back(1, total=str(sold.plain), used="20.00", sequence=2)
    ledger.harvest(first, supply=SUPPLY, card=CardNo("000770000001"), record=bytes(64), at=counter.tick())
    reading = reads_in(counter, tool, a_field_record(2, used_wh=33_330, remaining_wh=sold.wh - 33_330))
    assert (reading.outcome, reading.used, reading.customer) == (FieldOutcome.CLEARED, None, "Amara Okafor")
    told = replace(a_field_record(3, used_wh=33_330, remaining_wh=sold.wh - 33_330), sequence_low=2)
    counted = reads_in(counter, tool, told)
    assert (counted.outcome, counted.used) == (FieldOutcome.COUNTED, Energy(13_330))
    held = energy(ledger)
    assert held[f"used:{SUPPLY}"] == 33_330
    assert held[f"meter:{SUPPLY}"] == sold.wh - 33_330
    assert held.get(f"unexplained:{SUPPLY}", 0) == 0


def test_a_check_card_that_is_out_is_told_until_it_comes_back(counter: Counter, tool: ToolCard) -> None:
    (card,) = counter.ledger.cards_out().items()
    assert card == ("E1", FieldCard(tool.number, tool.carrier_name, tool.draft.mandate.expires_on))
    counter.now += timedelta(days=400)
    assert dict([card]) == counter.ledger.cards_out()
    sold = counter.sell("50.00").intent.order.energy_total
    reads_in(counter, tool, a_field_record(2, used_wh=33_330, remaining_wh=sold.wh - 33_330))
    assert counter.ledger.cards_out() == {}


def test_a_card_that_was_written_again_is_not_out_for_what_it_was_before(counter: Counter, tool: ToolCard) -> None:
    again = a_tool_card(counter, "E1")
    assert counter.ledger.cards_out()["E1"].mandate == again.number
    reads_in(counter, again, a_field_record(2, used_wh=33_330, remaining_wh=0))
    assert counter.ledger.cards_out() == {}, "the first mandate has no card any more"
    assert tool.number < again.number


def test_what_a_check_card_took_is_told_to_lists_that_were_there(counter: Counter, tool: ToolCard) -> None:
    """On the day on which it stood before the meter, whenever it came back; a list counted since then knows nothing."""
    before, there = tool.draft.at, counter.now.date()
    sold = counter.sell("50.00").intent.order.energy_total
    counter.now += timedelta(days=2)
    counted_since = counter.now
    record = replace(a_field_record(2, used_wh=33_330, remaining_wh=sold.wh - 33_330), hour=before)
    reads_in(counter, tool, record)
    assert counter.ledger.field_reads(since=before) == {SUPPLY: FieldRead(tool.number, there, Energy(33_330))}
    assert counter.ledger.field_reads(since=counted_since) == {}
    assert counter.ledger.field_reads(since=counter.now + timedelta(hours=1)) == {}


@pytest.mark.parametrize(("wrong_by", "days"), [(-30, 0), (9999, 2)])
def test_a_meter_whose_clock_is_wrong_was_read_while_the_card_was_out(
    counter: Counter, tool: ToolCard, wrong_by: int, days: int
) -> None:
    went = tool.draft.at
    sold = counter.sell("50.00").intent.order.energy_total
    counter.now += timedelta(days=2)
    hour = went + timedelta(days=wrong_by)
    record = replace(a_field_record(2, used_wh=33_330, remaining_wh=sold.wh - 33_330), hour=hour)
    reads_in(counter, tool, record)
    assert counter.ledger.field_reads(since=went)[SUPPLY].on == went.date() + timedelta(days=days)


def test_a_record_is_kept_once_and_a_mandate_too(counter: Counter, tool: ToolCard) -> None:
    ledger, record = counter.ledger, a_field_record(2, used_wh=10_000, remaining_wh=-10_000)
    assert reads_in(counter, tool, record).is_new
    before = energy(ledger)
    assert not reads_in(counter, tool, record).is_new
    assert energy(ledger) == before
    assert len(ledger.field_readings(tool.number)) == 1
    with ledger.acting_as(Authority(PETRA, Act.CHECK_CARD)):
        assert ledger.issue_tool(tool.draft).number == tool.number
        with pytest.raises(OperatorError) as refused:
            ledger.issue_tool(replace(tool.draft, request="another"))
    assert refused.value.code is Code.SALE_ID_REUSED
    [listed] = ledger.tool_cards()
    assert (listed.meters, listed.is_written, listed.draft) == (1, True, tool.draft)


def test_numbers_are_never_given_twice_and_a_carrier_keeps_his(counter: Counter, tool: ToolCard) -> None:
    again = a_tool_card(counter, "E1")
    assert (tool.number, again.number) == (1, 2)
    assert tool.draft.mandate.carrier == again.draft.mandate.carrier
    newest = counter.ledger.tool_card(1)
    assert newest is not None
    assert not newest.is_newest, "its plastic bears a later mandate"
    assert counter.ledger.unfinished_tools() == ()


def test_a_meter_of_nobody_is_kept(counter: Counter, tool: ToolCard) -> None:
    found = reads_in(counter, tool, a_field_record(1, used_wh=0, remaining_wh=0, meter=MeterNo("000000000099")))
    assert (found.outcome, found.supply) == (FieldOutcome.NO_SUPPLY, None)
    assert counter.ledger.meter_state(MeterNo("000000000099")) is None
    assert counter.ledger.meter_state(METER) is not None
    energy(counter.ledger)


def _reads(counter: Counter, tool: ToolCard) -> object:
    record = a_field_record(9, used_wh=0, remaining_wh=0)
    return counter.ledger.read_in(tool, bytes(32), record, at=counter.tick())


def _issues(counter: Counter, tool: ToolCard) -> object:
    return counter.ledger.issue_tool(replace(tool.draft, id=ActId(counter.new_id())))


@pytest.mark.parametrize(
    ("act", "does"), [(Act.LOOK, _reads), (Act.RECORDS, _reads), (Act.READ_TOOL, _issues), (Act.ISSUE, _issues)]
)
def test_the_books_ask_by_whose_right(
    counter: Counter, tool: ToolCard, act: Act, does: Callable[[Counter, ToolCard], object]
) -> None:
    with counter.ledger.acting_as(Authority(PETRA, act)), pytest.raises(OperatorError) as refused:
        does(counter, tool)
    assert refused.value.code is Code.PERMISSION_DENIED


def test_tool_cards_and_readings_move_with_the_books_to_another_store(
    counter: Counter, tool: ToolCard, store: Store, path: Path
) -> None:
    reads_in(counter, tool, a_field_record(2, used_wh=10_000, remaining_wh=-10_000))
    told = counter.ledger.field_readings(tool.number)
    counter.ledger.close()
    target = SqliteFile(path.with_name("moved.sqlite3"))
    copied = copy(store, target)
    assert copied.proof.problems == ()
    moved = AtWork.open(target, desk=DESK)
    assert moved.field_readings(tool.number) == told
    assert [card.draft for card in moved.tool_cards()] == [tool.draft]
    moved.close()


def test_a_write_back_from_the_field_that_nobody_read_in_is_found(counter: Counter, tool: ToolCard) -> None:
    ledger = counter.ledger
    found = a_write_back(1, total="0", used="5.00")
    ledger.harvest(found, supply=SUPPLY, card=TOOL, record=bytes(32), at=counter.tick())
    problems = ledger.verify().problems
    assert any("was read in from no tool card" in problem for problem in problems)
