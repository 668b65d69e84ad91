"""A card that lost its header gets that of its issue again, on every chip that can lose one; another card does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cardio.builders import CARD, OTHER_CARD, Counter, a_write, an_issue, every_fault
from vending_app.cardio.emulated.faults import Fault
from vending_app.cardio.emulated.kinds import KINDS, NO_HOOKS
from vending_app.cardio.emulated.software_card import SoftwareCard
from vending_app.cardio.totals1_layout import HEADER_AREA, PROOF_AT
from vending_app.domain.card import ImageState
from vending_app.domain.errors import Code, OperatorError, VendingError

KINDS_THAT_LOSE = ["sle4442", "sle4442-omnikey", "classic", "classic-identiv"]


class Tray:
    """An issued card with a sale on it, whose header somebody wrote over."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.counter, self._kind, self._path = Counter(), KINDS[kind], folder / "card.bin"
        self._kind.make_blank(self._path)
        for write in (an_issue(), a_write(2)):
            self.counter.carry_out(self.card(), write)
        self.whole = self.card().image
        content = self._path.read_bytes()
        at = content.index(self.whole[HEADER_AREA.address : HEADER_AREA.end])
        self._damaged = content[:at] + bytes(range(HEADER_AREA.size)) + content[at + HEADER_AREA.size :]

    def card(self) -> SoftwareCard:
        return self._kind.open(self._path, NO_HOOKS)

    def damaged(self) -> SoftwareCard:
        """At a desk that has never seen it."""
        self.counter = Counter()
        self._path.write_bytes(self._damaged)
        return self.card()

    def mends(self, card: SoftwareCard) -> None:
        with self.counter.session(card) as session:
            image = session.read()
            if image.state is ImageState.OURS:
                return
            session.unlock_nameless(an_issue())
            session.restore_header(an_issue())


@pytest.fixture(params=KINDS_THAT_LOSE)
def tray(request: pytest.FixtureRequest, tmp_path: Path) -> Tray:
    return Tray(request.param, tmp_path)


def test_it_is_the_card_it_was_and_is_sold_to(tray: Tray) -> None:
    card = tray.damaged()
    with tray.counter.session(card) as session:
        assert session.read().state is ImageState.FOREIGN
    tray.mends(card)
    assert card.image[:PROOF_AT] == tray.whole[:PROOF_AT]
    tray.counter.carry_out(card, a_write(3))


def test_whatever_breaks_meanwhile_it_is_done_again(tray: Tray) -> None:
    card = tray.damaged()
    card.arm(None)
    card.reset_counters()
    tray.mends(card)
    faults = list(every_fault(apdus=card.apdus, programmed=card.all_bytes_programmed))
    mended = sum(_is_mended(tray, fault) for fault in faults)
    assert len(faults) - mended <= len(faults) // 20


def _is_mended(tray: Tray, fault: Fault) -> bool:
    card = tray.damaged()
    card.arm(fault)
    try:
        tray.mends(card)
    except VendingError as broken:
        assert broken.code in {Code.CARD_REMOVED, Code.SALE_IN_DOUBT}, fault
    try:
        tray.mends(card)
    except OperatorError as refused:
        # A tear while the code was presented may cost a try; its last one is never taken.
        assert refused.code in {Code.CARD_LAST_TRY, Code.CARD_TRIES_UNTOLD, Code.PSC_WRONG}, fault
        return False
    assert card.image[:PROOF_AT] == tray.whole[:PROOF_AT], fault
    return True


def test_another_header_is_not_written(tray: Tray) -> None:
    card = tray.damaged()
    before = card.image
    with tray.counter.session(card) as session:
        session.read()
        with pytest.raises(OperatorError) as refused:
            session.unlock_nameless(an_issue(OTHER_CARD))
    assert refused.value.code is Code.CARD_SWAPPED
    assert card.image == before


def test_a_card_that_has_its_header_is_left_alone(tray: Tray) -> None:
    with tray.counter.session(tray.card()) as session:
        image = session.read()
        assert image.header is not None
        assert image.header.card == CARD
        with pytest.raises(OperatorError) as refused:
            session.unlock_nameless(an_issue())
    assert refused.value.code is Code.CARD_SWAPPED
