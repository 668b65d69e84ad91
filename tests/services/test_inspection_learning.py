"""What visits teach: each once, and a proposal that was taken stands until there is another one (row S11)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.services.desk_of import DeskOf
from tests.services.supervisors import SEEN, TOMORROW, Supervisor
from vending_app.domain.inspection import Criterion, Outcome


@pytest.fixture
def supervisor(desk: DeskOf) -> Supervisor:
    return Supervisor(desk)


def test_a_proposal_is_taken_once_and_stands_until_there_is_another_visit(supervisor: Supervisor) -> None:
    supervisor.finds(supervisor.counts())
    before = supervisor.shows()
    assert before.proposed != before.criteria.weights
    for _ in range(3):
        after = supervisor.takes_what_is_proposed()
        assert after.criteria.weights == after.proposed == before.proposed
    supervisor.days = 1
    supervisor.finds(supervisor.counts(), replace(SEEN, on=TOMORROW))
    assert supervisor.shows().proposed[Criterion.COVER] > after.proposed[Criterion.COVER]


def test_one_visit_that_was_entered_on_two_lists_counts_once(supervisor: Supervisor) -> None:
    first, second = supervisor.counts(), supervisor.counts()
    supervisor.finds(first)
    shown = supervisor.finds(second, replace(SEEN, outcome=Outcome.NOTHING))
    assert (shown.visits, shown.hits[Criterion.COVER]) == (1, (0, 1)), "the last word counts"
    shown = supervisor.finds(first)
    assert (shown.visits, shown.hits[Criterion.COVER]) == (1, (1, 1)), "a correction is a last word too"
    supervisor.days = 1
    shown = supervisor.finds(second, replace(SEEN, on=TOMORROW))
    assert (shown.visits, shown.hits[Criterion.COVER]) == (2, (2, 2)), "it was corrected to another day"


def test_a_closed_door_does_not_undo_what_was_seen_that_day(supervisor: Supervisor) -> None:
    first, second = supervisor.counts(), supervisor.counts()
    supervisor.finds(first)
    assert supervisor.finds(second, replace(SEEN, outcome=Outcome.NO_ACCESS)).visits == 1
    assert supervisor.finds(first, replace(SEEN, outcome=Outcome.NO_ACCESS)).visits == 0
