"""DESFire cards through the real service: recognised beside memory cards, made, sold to, torn and finished."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cardio.builders import CARD, Counter, a_write, an_issue, an_order, carried
from tests.on_pcscd.inside.conftest import FIRST_READER, Hand
from tests.services.test_desfire_loop import COMMIT
from tests.services.whole_loop import Life, live
from vending_app.bench.world import make_world
from vending_app.cardio.desfire.commands import Generation
from vending_app.cardio.desk import Desk
from vending_app.cardio.emulated.desfire.card import ANSWER_TO_RESET, EmulatedDesfire
from vending_app.cardio.emulated.faults import Fault, FaultKind
from vending_app.cardio.emulated.kinds import counting
from vending_app.cardio.emulated.software_card import SoftwareCard
from vending_app.cardio.pcsc import PcscReaders
from vending_app.domain.card import ImageState

UID = bytes.fromhex("04782E21801D80")


def test_a_card_is_told_from_a_memory_card_by_what_it_answers(readers: PcscReaders, desk: Desk, hand: Hand) -> None:
    hand.insert(EmulatedDesfire.factory(UID, Generation.EV2, entropy=counting()))
    with readers.connect(FIRST_READER) as link:
        assert link.atr == ANSWER_TO_RESET
    with desk.session(FIRST_READER) as session:
        assert session.read().state is ImageState.BLANK
    hand.insert(Counter().issued_card())
    with desk.session(FIRST_READER) as session:
        assert session.read().order == an_order(1)


@pytest.mark.parametrize("generation", list(Generation))
def test_a_card_is_made_and_sold_to(desk: Desk, hand: Hand, generation: Generation) -> None:
    hand.insert(EmulatedDesfire.factory(UID, generation, entropy=counting()))
    for write in (an_issue(), a_write(2)):
        with desk.session(FIRST_READER) as session:
            image = carried(session, write)
    assert image.header is not None
    assert (image.header.card, image.order) == (CARD, an_order(2))


@pytest.mark.parametrize("kind", [FaultKind.PULL_BEFORE, FaultKind.ANSWER_LOST])
def test_the_whole_loop_passes_over_the_service(
    tmp_path: Path, readers: PcscReaders, hand: Hand, kind: FaultKind
) -> None:
    @contextmanager
    def present(card: SoftwareCard) -> Iterator[PcscReaders]:
        hand.insert(card)
        yield readers

    live(Life(make_world(tmp_path / "office", chip="desfire-ev2"), present), Fault(kind, COMMIT["desfire-ev2"]))
