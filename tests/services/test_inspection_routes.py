"""A route stands until its findings are in, whatever is counted beside it (row S11)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.services.desk_of import DeskOf
from tests.services.supervisors import SEEN, TODAY, TOMORROW, Supervisor
from vending_app.bench.world import SUPPLY
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import SupplyNo
from vending_app.domain.inspection import OpenRoute, Outcome
from vending_app.ui.words import trouble


@pytest.fixture
def supervisor(desk: DeskOf) -> Supervisor:
    return Supervisor(desk)


def test_a_route_waits_for_its_findings_beside_a_newer_list(supervisor: Supervisor) -> None:
    old = supervisor.counts()
    assert supervisor.shows().open_routes == ()
    shown = supervisor.marks(old)
    assert (len(shown.route), shown.to_come) == (1, 1)
    supervisor.days = 1
    new = supervisor.counts()
    shown = supervisor.shows()
    assert shown.sample is not None
    assert (shown.sample.number, shown.newest, shown.route) == (new, new, ())
    assert shown.open_routes == (OpenRoute(old, TODAY, (SUPPLY,)),)
    assert [(line.line.supply, line.waits_since) for line in shown.lines] == [(SUPPLY, TODAY)]
    assert supervisor.shows(old).lines[0].waits_since is None, "it waits on this very list"
    told = supervisor.finds(old, replace(SEEN, on=TOMORROW))
    assert told.sample is not None
    assert (told.sample.number, told.newest, told.to_come, told.open_routes) == (old, new, 0, ())
    assert told.lines[0].line.finding == replace(SEEN, on=TOMORROW)


def test_a_meter_that_is_taken_off_the_route_is_waited_for_no_more(supervisor: Supervisor) -> None:
    number = supervisor.counts()
    supervisor.marks(number)
    assert supervisor.marks(number, is_on=False).open_routes == ()
    (route,) = supervisor.marks(number).open_routes
    assert route.waiting == (SUPPLY,)


def test_what_was_seen_for_one_list_is_known_on_every_list_that_waits_for_it(supervisor: Supervisor) -> None:
    first = supervisor.counts()
    supervisor.marks(first)
    supervisor.days = 1
    second = supervisor.counts()
    supervisor.marks(second)
    assert [route.number for route in supervisor.shows().open_routes] == [second, first]
    late = replace(SEEN, on=TOMORROW)
    assert supervisor.finds(second, late).open_routes == ()
    assert supervisor.shows(first).lines[0].line.finding == late


def test_what_was_seen_before_a_list_was_counted_tells_it_nothing(supervisor: Supervisor) -> None:
    first = supervisor.counts()
    supervisor.finds(first)
    second = supervisor.counts()
    assert supervisor.shows(second).lines[0].line.finding is None
    supervisor.marks(second)
    supervisor.days = 1
    third = supervisor.counts()
    supervisor.finds(first, replace(SEEN, outcome=Outcome.NOTHING))
    assert supervisor.shows(third).lines[0].line.finding is None, "it was the day before"
    assert supervisor.shows(second).lines[0].line.finding == replace(SEEN, outcome=Outcome.NOTHING)


def test_a_finding_of_the_wrong_day_is_taken_back_from_every_list(supervisor: Supervisor) -> None:
    first = supervisor.counts()
    supervisor.days = 1
    second = supervisor.counts()
    supervisor.marks(second)
    assert supervisor.finds(first, replace(SEEN, on=TOMORROW)).open_routes == ()
    assert supervisor.finds(first).open_routes == (OpenRoute(second, TOMORROW, (SUPPLY,)),), "it was the day before"
    assert supervisor.shows(second).lines[0].line.finding is None
    assert supervisor.shows(first).lines[0].line.finding == SEEN


def test_the_last_visit_is_the_latest_that_stands(supervisor: Supervisor) -> None:
    first = supervisor.counts()
    supervisor.days = 1
    second = supervisor.counts()
    supervisor.finds(second, replace(SEEN, on=TOMORROW))
    assert supervisor.finds(first).lines[0].last_visit == TOMORROW, "what is entered late was no later visit"
    supervisor.finds(second, replace(SEEN, on=TOMORROW, outcome=Outcome.NO_ACCESS))
    assert supervisor.shows().lines[0].last_visit == TODAY, "nobody opened after all"


def test_a_list_has_its_own_word_of_a_meter(supervisor: Supervisor) -> None:
    first, second = supervisor.counts(), supervisor.counts()
    nobody = replace(SEEN, outcome=Outcome.NO_ACCESS)
    supervisor.finds(first, nobody)
    supervisor.finds(second)
    assert supervisor.shows(first).lines[0].line.finding == nobody
    assert supervisor.shows(second).lines[0].line.finding == SEEN


def test_a_list_that_nobody_counted_is_not_shown(supervisor: Supervisor) -> None:
    with pytest.raises(OperatorError) as refused:
        supervisor.shows(987)
    assert refused.value.code is Code.SAMPLE_UNKNOWN
    assert trouble(refused.value).sentence == "There is no inspection list 987."
    stranger = replace(SEEN, supply=SupplyNo("00417799"))
    with pytest.raises(OperatorError) as refused:
        supervisor.finds(supervisor.counts(), stranger)
    assert trouble(refused.value).sentence == "Supply 00417799 is not on this inspection list."
