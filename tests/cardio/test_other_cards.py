"""A card that is not the one that was meant is not written, on any chip, and loses none of its tries.

A sale is made for the card that its session has read, so that no fault of the campaign can bring `Session.unlock` the
header of another: that it looks all the same is held here. What it does after a reset is held in the campaign too.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cardio.builders import OTHER_CARD, Counter, a_codec, a_vault, a_write, an_issue, carried
from vending_app.bench.fragile import fragile
from vending_app.cardio.builtin import BUILT_IN
from vending_app.cardio.desk import Desk
from vending_app.cardio.emulated.faults import Fault, FaultKind
from vending_app.cardio.emulated.kinds import KINDS, NO_HOOKS
from vending_app.cardio.emulated.software_card import SoftwareCard
from vending_app.domain.errors import Code, OperatorError, VendingError

MOST_COMMANDS = 80
"""More than a sale on any chip takes."""


class Shelf:
    """The card that was meant, and another customer's of the same kind."""

    def __init__(self, kind: str, folder: Path) -> None:
        self._kind = KINDS[kind]
        self.mine, self.other = folder / "mine.bin", folder / "other.bin"
        for path, issue in ((self.mine, an_issue()), (self.other, an_issue(OTHER_CARD))):
            self._kind.make_blank(path)
            Counter().carry_out(self.card(path), issue)

    def card(self, path: Path) -> SoftwareCard:
        return self._kind.open(path, NO_HOOKS)


@pytest.fixture(params=KINDS)
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Shelf:
    return Shelf(request.param, tmp_path)


def test_a_sale_is_written_on_no_other_card(shelf: Shelf) -> None:
    before = shelf.other.read_bytes()
    with Counter().session(shelf.card(shelf.other)) as session:
        session.read()
        with pytest.raises(OperatorError) as refused:
            session.unlock(a_write(2))
    assert refused.value.code is Code.CARD_SWAPPED
    assert shelf.other.read_bytes() == before


def test_a_card_that_lies_there_after_a_reset_is_not_taken_for_the_one_that_was_read(shelf: Shelf) -> None:
    """At whichever command. A DESFire card is opened by being read: there is no command between the two."""
    before, mine, said = shelf.other.read_bytes(), shelf.mine.read_bytes(), set()
    for at in range(1, MOST_COMMANDS):
        shelf.mine.write_bytes(mine)
        error, is_over = _reset(shelf, at)
        if not is_over:
            break
        assert error is not None, at
        assert shelf.other.read_bytes() == before, at
        said.add(error.code)
    assert at > 5
    assert said >= {Code.CARD_SWAPPED, Code.SALE_IN_DOUBT}


def _reset(shelf: Shelf, at: int) -> tuple[VendingError | None, bool]:
    """What the desk says of a sale, and whether the reset came."""
    card = shelf.card(shelf.mine)
    card.stand_in = shelf.card(shelf.other)
    with fragile(card) as readers:
        desk = Desk(readers, codec=a_codec(), vault=a_vault(), entropy=lambda size: bytes(range(1, size + 1)))
        card.arm(Fault(FaultKind.RESET_OURS, at))
        try:
            with desk.session(BUILT_IN) as session:
                carried(session, a_write(2))
        except VendingError as error:
            return error, card.faults.is_over
    return None, card.faults.is_over
