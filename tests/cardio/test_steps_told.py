"""How far a card is while it is made or made blank: told on every chip, rising, and never more than there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cardio.builders import CARD, Counter, an_issue
from vending_app.cardio.emulated.kinds import KINDS, NO_HOOKS


@pytest.mark.parametrize("kind", KINDS)
def test_an_issue_tells_each_step_as_it_happens(kind: str, tmp_path: Path) -> None:
    path, counter, told = tmp_path / "card.bin", Counter(), list[tuple[int, int]]()
    KINDS[kind].make_blank(path)
    card, write = KINDS[kind].open(path, NO_HOOKS), an_issue()
    with counter.session(card) as session:
        session.read()
        session.unlock(write)
        session.write(write, told=lambda done, of: told.append((done, of)))
        session.verify(write)
    assert len(told) >= 3
    assert {of for _, of in told} == {told[0][1]}
    dones = [done for done, _ in told]
    assert dones == sorted(set(dones))
    assert dones[0] == 0
    assert dones[-1] == told[0][1] - 1, "the last step is told as it begins; then it is compared"


@pytest.mark.parametrize("kind", ["sle4442", "sle4442-omnikey", "classic"])
def test_a_card_that_is_made_blank_tells_them_too(kind: str, tmp_path: Path) -> None:
    path, counter, told = tmp_path / "card.bin", Counter(), list[int]()
    KINDS[kind].make_blank(path)
    card = KINDS[kind].open(path, NO_HOOKS)
    counter.carry_out(card, an_issue())
    with counter.session(card) as session:
        session.read()
        session.clear(CARD, told=lambda done, _: told.append(done))
    assert told == sorted(told)
    assert told[0] == 0
    assert len(told) >= 3
