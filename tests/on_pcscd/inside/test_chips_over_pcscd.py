"""Every memory card in front of every reader, through the real service: made, sold to, torn and finished."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cardio.builders import CARD, Counter, a_write, an_issue, carried
from tests.on_pcscd.inside.conftest import FIRST_READER, Hand
from tests.services.test_every_card import TORN_AT
from tests.services.whole_loop import Life, live
from vending_app.bench.world import make_world
from vending_app.cardio.desk import Desk
from vending_app.cardio.emulated import classic
from vending_app.cardio.emulated.card import ANSWER_TO_RESET
from vending_app.cardio.emulated.faults import Fault, FaultKind, Residue
from vending_app.cardio.emulated.kinds import KINDS, Hooks
from vending_app.cardio.emulated.software_card import SoftwareCard
from vending_app.cardio.pcsc import PcscReaders


@pytest.mark.parametrize(
    ("chip", "name", "dialect"),
    [
        ("sle4442-acs-old", "SLE4442", "acs-old"),
        ("sle4442-omnikey", "SLE4442", "omnikey"),
        ("classic", "MIFARE Classic 1K", "acs"),
        ("classic-identiv", "MIFARE Classic 1K", "identiv"),
    ],
)
def test_a_card_is_recognised_and_written(
    tmp_path: Path, desk: Desk, hand: Hand, chip: str, name: str, dialect: str
) -> None:
    path = tmp_path / "card.bin"
    KINDS[chip].make_blank(path)
    card = KINDS[chip].open(path, Hooks())
    hand.insert(card)
    for write in (an_issue(), a_write(2)):
        with desk.session(FIRST_READER) as session:
            image = carried(session, write)
            assert (session.chip, session.dialect) == (name, dialect)
    assert image.header is not None
    assert image.header.card == CARD


def test_the_answer_to_reset_is_that_of_the_card_that_lies_there(readers: PcscReaders, hand: Hand) -> None:
    for card in (Counter().issued_card(), classic.EmulatedClassic.blank()):
        hand.insert(card)
        with readers.connect(FIRST_READER) as link:
            assert link.atr == card.atr
    assert ANSWER_TO_RESET != classic.ANSWER_TO_RESET


@pytest.mark.parametrize("chip", sorted(set(TORN_AT) - {"sle4442"}))
def test_the_whole_loop_passes_over_the_service(tmp_path: Path, readers: PcscReaders, hand: Hand, chip: str) -> None:
    @contextmanager
    def present(card: SoftwareCard) -> Iterator[PcscReaders]:
        hand.insert(card)
        yield readers

    torn = Fault(FaultKind.TEAR, TORN_AT[chip], Residue.MIXED)
    live(Life(make_world(tmp_path / "office", chip=chip), present), torn)
