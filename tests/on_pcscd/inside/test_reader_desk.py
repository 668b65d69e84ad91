"""A desk whose service hangs, whose readers come and go, and that has two of them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cardio.builders import Counter, a_write
from tests.on_pcscd.inside.conftest import FIRST_READER, PATIENCE_MS, SECOND_READER, Hand
from vending_app.bench.private_pcscd import READER_NAME, PrivatePcscd
from vending_app.bench.world import CASHIER, SUPERVISOR, SUPPLY, TECHNICIAN, make_world
from vending_app.cardio import pcsc
from vending_app.cardio.desk import Desk
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.pcsc import PcscReaders
from vending_app.cardio.watchdog import Bounds
from vending_app.domain.card import ImageState
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError
from vending_app.domain.money import Money
from vending_app.domain.permissions import Act
from vending_app.domain.records import CardEnd
from vending_app.ports import ReaderState
from vending_app.services.readers import choose_reader, readers_meant
from vending_app.services.stock_cases import CardRetired, RetireCard
from vending_app.services.supply_cases import ReissueCard
from vending_app.services.use_cases import IssueCard, OpenShift, ReadCard

SHORT_MS = 200
LONGEST_S = 30
"""What hangs would hang for ever; the short bounds together are far below, on a machine busy with other things too."""


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pcsc, "USUAL", Bounds(answer_ms=SHORT_MS, connect_ms=SHORT_MS))
    monkeypatch.setattr(pcsc, "RELEASE_TIMEOUT_MS", SHORT_MS)


@contextmanager
def hanging(service: PrivatePcscd) -> Iterator[None]:
    """The service answers nothing, and what is done meanwhile still ends in time."""
    service.freeze()
    started = time.monotonic()
    try:
        yield
    finally:
        service.thaw()
    assert time.monotonic() - started < LONGEST_S


def read_in_time(desk: Desk) -> ImageState:
    """Read again while the connection that was given up still ends: it has the card till then, and powers it down."""
    until = time.monotonic() + LONGEST_S
    while True:
        state = read_once(desk)
        if state is ImageState.OURS or time.monotonic() > until:
            return state


def read_once(desk: Desk) -> ImageState:
    """Unreadable also while somebody else has the card for longer than this impatient desk waits."""
    try:
        with desk.session(FIRST_READER) as session:
            return session.read().state
    except EnvironmentFault as busy:
        assert busy.code is Code.READER_TIMEOUT
        return ImageState.UNREADABLE


# --- a service that hangs --------------------------------------------------------------------------------------


def test_listing_and_connecting_end_when_the_service_hangs(
    service: PrivatePcscd, impatient: None, desk: Desk, hand: Hand
) -> None:
    hand.insert(Counter().issued_card())
    with hanging(service):
        with pytest.raises(EnvironmentFault) as caught:
            desk.readers()
        assert caught.value.code is Code.READER_TIMEOUT
        with pytest.raises(EnvironmentFault) as caught, desk.session(FIRST_READER):
            pass
        assert caught.value.code is Code.READER_TIMEOUT
    assert read_in_time(desk) is ImageState.OURS


def test_a_session_whose_service_hangs_meanwhile_ends_too(
    service: PrivatePcscd, impatient: None, desk: Desk, hand: Hand
) -> None:
    card = Counter().issued_card()
    before = card.image
    hand.insert(card)
    with ExitStack() as until_ended:
        with desk.session(FIRST_READER) as session:
            session.read()
            until_ended.enter_context(hanging(service))
            with pytest.raises(EnvironmentFault) as caught:
                session.unlock(a_write(2))
        assert caught.value.code is Code.READER_TIMEOUT
    assert card.image == before


def test_watching_and_closing_end_when_the_service_hangs(service: PrivatePcscd, impatient: None) -> None:
    readers = PcscReaders()
    known = readers.watch((), timeout_ms=PATIENCE_MS)
    with hanging(service):
        assert readers.watch(known, timeout_ms=100) == ()
        readers.close()


# --- readers come and go ---------------------------------------------------------------------------------------


def until(readers: PcscReaders, name: str) -> tuple[ReaderState, ...]:
    """Watch as the window does, until the first reader has this name; empty for no reader."""
    known: tuple[ReaderState, ...] = ()
    for _ in range(30):
        known = readers.watch(known, timeout_ms=PATIENCE_MS if name else 200)
        if (known[0].name if known else "") == name:
            return known
    raise AssertionError(f"never seen: {name!r}, but {known}")


def test_the_watcher_follows_readers_that_are_unplugged_renamed_and_back(
    service: PrivatePcscd, readers: PcscReaders
) -> None:
    assert until(readers, FIRST_READER)
    try:
        for name in ("", "Another Reader", READER_NAME):
            service.kill()
            service.reader = name
            service.start()
            found = until(readers, f"{name} 00 00" if name else "")
            assert readers.list() == found
    finally:
        service.reader = READER_NAME


def test_a_desk_without_readers_says_so_and_serves_the_next_one(service: PrivatePcscd, desk: Desk) -> None:
    service.kill()
    service.reader = ""
    try:
        service.start()
        assert desk.readers() == ()
        with pytest.raises(EnvironmentFault) as caught:
            choose_reader(desk, "")
        assert caught.value.code is Code.READER_NONE
    finally:
        service.kill()
        service.reader = READER_NAME
        service.start()
    back = readers_meant(desk.readers(), f"{READER_NAME} 07 00")
    assert [state.name for state in back] == [FIRST_READER, SECOND_READER], "it has another number than when chosen"


# --- two readers -----------------------------------------------------------------------------------------------


def test_with_a_card_in_each_reader_only_the_one_that_was_named_is_written(
    desk: Desk, hand: Hand, other_hand: Hand
) -> None:
    first, second = Counter().issued_card(), Counter().issued_card()
    before = first.image
    hand.insert(first)
    other_hand.insert(second)
    with pytest.raises(OperatorError) as caught:
        choose_reader(desk, "")
    assert caught.value.code is Code.READER_AMBIGUOUS
    with desk.session(SECOND_READER) as session:
        session.read()
        session.unlock(a_write(2))
        session.write(a_write(2))
        session.verify(a_write(2))
    assert first.image == before
    assert second.image != before


def test_a_card_is_issued_anew_from_one_reader_to_the_other_and_the_old_one_retired(
    service: PrivatePcscd, readers: PcscReaders, hand: Hand, other_hand: Hand, tmp_path: Path
) -> None:
    world, blank = make_world(tmp_path / "office"), EmulatedCard.blank()
    old = world.card()
    hand.insert(old)
    with world.open(readers) as counter:
        counter.operator = CASHIER
        counter.do(OpenShift(Money(10_000)))
        counter.operator = TECHNICIAN
        counter.do(IssueCard(world.new_id(), SUPPLY))
        before = old.image
        other_hand.insert(blank)
        counter.do(ReissueCard(world.new_id(), SUPPLY, CardEnd.BROKEN))
        assert old.image == before, "the blank one is written, whichever reader it lies in"
        reading = counter.do(ReadCard(SECOND_READER))
        assert reading.image.state is ImageState.OURS  # type: ignore[attr-defined]
        asked = RetireCard(world.codec.decode(before).header.card, FIRST_READER)  # type: ignore[union-attr]
        given = counter.approvals.give(asked, SUPERVISOR, operator=TECHNICIAN, act=Act.RETIRE_CARD)
        done = counter.do(replace(asked, approval=given.id))
        assert isinstance(done, CardRetired)
        assert counter.do(ReadCard(FIRST_READER)).image.state is ImageState.BLANK  # type: ignore[attr-defined]
        assert counter.outside.ledger.verify().problems == ()
