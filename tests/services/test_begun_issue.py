"""A card on which an issue was begun is told from one of the factory, and is not said to agree with any books."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.services.desk_of import a_desk
from tests.services.test_diagnosis import at_work, look, look_at
from vending_app.bench.world import SUPPLY, TECHNICIAN, World, make_world
from vending_app.cardio.emulated.faults import Fault, FaultKind
from vending_app.commands import card_dump
from vending_app.domain.errors import OutcomeUnknown
from vending_app.domain.verdict import Verdict
from vending_app.services.use_cases import IssueCard
from vending_app.ui.details.diagnosis_words import beside_remark, facts_of, said, support_shape, why_uncompared


@pytest.fixture(scope="module")
def with_blank(tmp_path_factory: pytest.TempPathFactory) -> World:
    """An office whose DESFire card is as it came from the factory."""
    return make_world(tmp_path_factory.mktemp("blank") / "office", chip="desfire-ev2")


def issue_torn(world: World, at: int) -> None:
    """Its issue is broken off in the programming of this number, of which nothing is left."""
    card = world.card()
    with at_work(world, card) as counter:
        card.arm(Fault(FaultKind.TEAR, at))
        with pytest.raises(OutcomeUnknown):
            counter.do(IssueCard(world.new_id(), SUPPLY))


BEGUN_AT = {1: False, 2: True, 3: True, 9: True}
"""By the programming that was torn: the card's own key is changed first, then the application is made."""


@pytest.mark.parametrize("at", BEGUN_AT)
def test_a_card_left_half_made_is_told_from_one_of_the_factory(with_blank: World, tmp_path: Path, at: int) -> None:
    world = with_blank.copy(tmp_path / "torn")
    issue_torn(world, at)
    with at_work(with_blank, world.card()) as counter:
        found = look_at(counter)
    begun = BEGUN_AT[at]
    assert (found.reading.verdict, found.issue_begun, found.compared) == (Verdict.BLANK, begun, ())
    assert card_dump._shape(found)["issue_begun"] is support_shape(found)["issue_begun"] is begun
    layout = "blank, an issue was begun on it" if begun else "blank, no issue was begun on it"
    assert dict(facts_of(found))["Layout"] == layout
    assert any(line.endswith(layout) for line in card_dump._lines(found))
    assert ("An issue was begun on it" in said(found)) is begun


@pytest.mark.parametrize("at", BEGUN_AT)
def test_a_card_whose_issue_waits_is_not_said_to_agree_with_the_books(
    with_blank: World, tmp_path: Path, at: int
) -> None:
    world = with_blank.copy(tmp_path / "torn")
    issue_torn(world, at)
    with at_work(world, world.card()) as counter:
        found = look_at(counter)
    assert (found.reading.verdict, found.issue_begun) == (Verdict.FINISH_SALE, BEGUN_AT[at])
    assert said(found).endswith("An issue waits to be finished on it; nothing on it is compared before that.")
    assert beside_remark(found) == ""
    assert why_uncompared(found) == "An issue waits to be finished on it; it is compared once that is done."


def test_what_was_begun_can_be_issued_with_other_books_as_the_page_says(with_blank: World, tmp_path: Path) -> None:
    torn, other = with_blank.copy(tmp_path / "torn"), with_blank.copy(tmp_path / "other")
    issue_torn(torn, 9)
    with at_work(other, torn.card()) as counter:
        assert "it can be issued all the same" in said(look_at(counter))
        counter.do(IssueCard(other.new_id(), SUPPLY))
        issued = look_at(counter)
    assert (issued.reading.verdict, issued.issue_begun) == (Verdict.READY, None)


def test_a_memory_card_does_not_tell_whether_an_issue_was_begun(tmp_path: Path) -> None:
    with a_desk(tmp_path, issued=False) as desk:
        desk.counter.operator = TECHNICIAN
        found = look(desk)
    assert (found.reading.verdict, found.issue_begun) == (Verdict.BLANK, None)
    assert (said(found), dict(facts_of(found))["Layout"]) == ("Blank card.", "blank")
