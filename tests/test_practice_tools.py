"""The whole round at the practice counter: the check card of the tray goes through the street and comes home."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from vending_app import app
from vending_app.domain.field_reading import FieldOutcome
from vending_app.domain.meter import MeterDecision
from vending_app.domain.people import Operator
from vending_app.domain.report_asked import ReportAsked, ReportKind
from vending_app.practice import PracticeCounter, open_practice
from vending_app.practice_history import TECHNICIAN
from vending_app.practice_street import CHECK, HOUSEHOLDS
from vending_app.services.practice_cases import PracticeAct, PracticeState
from vending_app.services.tool_cases import ListToolCards, ReadToolCard, ToolCards, ToolRead


@pytest.fixture
def practice(own_practice: Path) -> Iterator[PracticeCounter]:
    with open_practice(own_practice, waits=False) as counter:
        counter.counter.operator = Operator(TECHNICIAN.name, TECHNICIAN.full_name, TECHNICIAN.role)
        yield counter


def acts(practice: PracticeCounter, verb: str, card: str = "", number: int = 0) -> PracticeState:
    state = practice.do(PracticeAct(verb, card, number))
    assert isinstance(state, PracticeState)
    return state


def test_the_street_loses_more_since_power_is_taken_before_the_meters(
    practice: PracticeCounter,
) -> None:
    balance = practice.counter.outside.ledger.report(ReportAsked(ReportKind.LOSSES), now=app.now())
    months, standing = balance.tables[1:3]
    shares = [row[months.place_of("loss-share")] for row in months.rows]
    told = [share for share in shares if isinstance(share, int)]
    # Of what was delivered: 7/107 and then 20/120; readings and write-backs lie a day apart.
    assert all(abs(share - 654) < 100 for share in told[1:5])
    assert abs(told[-1] - 1667) < 30
    ((code, *_, lost, beside, _, high),) = standing.rows
    assert (code, lost, beside) == ("N-3", told[-1], "before")
    assert isinstance(high, int)
    assert high < 1000


def test_a_round_through_the_street_comes_home_and_is_counted(practice: PracticeCounter) -> None:
    listed = practice.do(ListToolCards())
    assert isinstance(listed, ToolCards)
    [out] = listed.cards
    assert (out.number, out.is_written, [area.code for area in listed.areas]) == (1, True, ["N-3"])
    decisions = []
    for house in HOUSEHOLDS[:6]:
        acts(practice, "house", house.supply)
        acts(practice, "load", number=1_000)
        acts(practice, "pass-time", number=3_600)
        state = acts(practice, "meter", CHECK)
        assert state.insertion is not None
        decisions.append(state.insertion.decision)
    assert decisions == [MeterDecision.COLLECTED] * 5 + [MeterDecision.TOOL_FULL]
    acts(practice, "insert", CHECK)
    read = practice.do(ReadToolCard())
    assert isinstance(read, ToolRead)
    assert [each.supply for each in read.fresh] == [house.supply for house in HOUSEHOLDS[:5]]
    assert {each.outcome for each in read.fresh} == {FieldOutcome.COUNTED}
    assert practice.counter.outside.ledger.verify().problems == ()
