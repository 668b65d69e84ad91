"""Cards through the real service: seen, sold to, torn, swapped, with the service dying under them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Event, Thread
from typing import Any

import pytest
from smartcard import scard as _scard

from tests.cardio.builders import OTHER_CARD, Counter, a_codec, a_vault, a_write, an_issue, carried
from tests.on_pcscd.inside.conftest import FIRST_READER, PATIENCE_MS, PATIENCE_S, Hand
from vending_app.bench.private_pcscd import PrivatePcscd
from vending_app.cardio.desk import Desk
from vending_app.cardio.dialects import AcsCcid
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.faults import Fault, FaultKind, Residue
from vending_app.cardio.emulated.kinds import counting
from vending_app.cardio.pcsc import PcscReaders
from vending_app.cardio.watchdog import Bounds
from vending_app.domain.card import CardWrite, ImageState
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError, OutcomeUnknown
from vending_app.domain.ids import ReaderName
from vending_app.ports import ReaderState

scard: Any = _scard


def carry_out(desk: Desk, write: CardWrite) -> None:
    with desk.session(FIRST_READER) as session:
        carried(session, write)


# --- readers and cards are seen ------------------------------------------------------------------------------


def test_the_readers_are_listed(readers: PcscReaders) -> None:
    names = [state.name for state in readers.list()]
    assert FIRST_READER in names


def test_a_card_that_was_in_before_the_service_started_is_seen_and_read(
    service: PrivatePcscd, desk: Desk, hand: Hand
) -> None:
    service.kill()
    hand.insert(Counter().issued_card(), is_seen=False)
    service.start()
    hand.wait_until(present=True)
    with desk.session(FIRST_READER) as session:
        assert session.read().state is ImageState.OURS


def test_the_watcher_hears_of_cards_put_in_and_taken_out(readers: PcscReaders, hand: Hand) -> None:
    heard: SimpleQueue[bool] = SimpleQueue()
    is_ready = Event()

    def watch() -> None:
        known = readers.list()
        is_ready.set()
        for _ in range(2):
            while (seen := readers.watch(known, timeout_ms=PATIENCE_MS)) == known:
                pass
            heard.put(present(seen))
            known = seen

    Thread(target=watch, daemon=True).start()
    assert is_ready.wait(PATIENCE_S)
    hand.insert(EmulatedCard.blank())
    assert heard.get(timeout=PATIENCE_S) is True
    hand.pull()
    assert heard.get(timeout=PATIENCE_S) is False


def present(states: tuple[ReaderState, ...]) -> bool:
    return any(state.card_present for state in states)


def test_watching_ends_at_its_time(readers: PcscReaders) -> None:
    known = readers.list()
    started = time.monotonic()
    assert readers.watch(known, timeout_ms=200) == known
    assert 0.1 < time.monotonic() - started < PATIENCE_S


def test_closing_ends_a_watch_under_way(service: PrivatePcscd) -> None:
    readers = PcscReaders()
    known = readers.list()
    watcher = Thread(target=lambda: readers.watch(known, timeout_ms=60_000), daemon=True)
    watcher.start()
    watcher.join(0.3)
    readers.close()
    watcher.join(PATIENCE_S)
    assert not watcher.is_alive()


# --- the same card, the same bytes -----------------------------------------------------------------------------


def test_issue_and_sales_leave_the_same_card_as_the_built_in_reader(desk: Desk, hand: Hand) -> None:
    here, there, counter = EmulatedCard.blank(), EmulatedCard.blank(), Counter()
    hand.insert(here)
    for write in (an_issue(), a_write(2), a_write(3), a_write(4)):
        carry_out(desk, write)
        counter.carry_out(there, write)
        assert here.image == there.image
        assert (here.apdus, here.bytes_programmed) == (there.apdus, there.bytes_programmed)


def test_a_command_waits_for_no_acknowledgement(readers: PcscReaders, hand: Hand) -> None:
    """Without immediate acknowledgement of the virtual reader none would take less than 40 ms, on any machine."""
    hand.insert(EmulatedCard.blank())
    times = []
    with readers.connect(FIRST_READER) as link:
        link.transmit(AcsCcid().select().to_bytes())
        for _ in range(100):
            started = time.perf_counter()
            assert len(link.transmit(AcsCcid().read(0, 256).to_bytes())) == 258
            times.append(time.perf_counter() - started)
    assert min(times) < 0.010


def test_a_card_is_powered_down_when_its_session_ends(readers: PcscReaders, hand: Hand) -> None:
    card = EmulatedCard.blank()
    hand.insert(card)
    with readers.connect(FIRST_READER) as link:
        link.transmit(AcsCcid().select().to_bytes())
        assert link.transmit(AcsCcid().present(b"\xff\xff\xff").to_bytes()) == b"\x90\x07"
        assert card.chip.is_unlocked
    with readers.connect(FIRST_READER) as link:
        assert link.transmit(AcsCcid().read(0, 1).to_bytes()) == b"\x69\x85", "it must be selected anew"
    assert not card.chip.is_unlocked


# --- torn and swapped ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault",
    [
        Fault(FaultKind.PULL_BEFORE, 6),
        Fault(FaultKind.ANSWER_LOST, 7),
        Fault(FaultKind.TEAR, 3),
        Fault(FaultKind.TEAR, 5, Residue.ERASED),
        Fault(FaultKind.TEAR, 20, Residue.MIXED),
    ],
    ids=str,
)
def test_a_card_torn_out_while_written_is_in_doubt_and_finished_on_return(desk: Desk, hand: Hand, fault: Fault) -> None:
    card = Counter().issued_card()
    hand.insert(card)
    card.arm(fault)
    with pytest.raises(OutcomeUnknown) as caught:
        carry_out(desk, a_write(2))
    assert caught.value.code is Code.SALE_IN_DOUBT
    hand.insert(card)
    carry_out(desk, a_write(2))
    current = a_codec().decode(card.image).current
    assert current is not None
    assert current.record == a_write(2).record


@pytest.mark.parametrize("at", [1, 2, 3, 4, 5])
def test_a_card_torn_out_before_it_was_written_was_only_removed(desk: Desk, hand: Hand, at: int) -> None:
    card = Counter().issued_card()
    before = card.image
    hand.insert(card)
    card.arm(Fault(FaultKind.PULL_BEFORE, at))
    with pytest.raises(OperatorError) as caught:
        carry_out(desk, a_write(2))
    assert caught.value.code is Code.CARD_REMOVED
    assert card.image == before


def test_a_card_swapped_during_a_session_is_never_written(desk: Desk, hand: Hand) -> None:
    other = Counter().issued_card(an_issue(OTHER_CARD))
    before = other.image
    hand.insert(Counter().issued_card())
    with desk.session(FIRST_READER) as session:
        session.read()
        hand.insert(other)
        with pytest.raises(OperatorError) as caught:
            session.unlock(a_write(2))
    assert caught.value.code is Code.CARD_REMOVED
    with pytest.raises(OperatorError) as caught:
        carry_out(desk, a_write(2))
    assert caught.value.code is Code.CARD_SWAPPED
    assert other.image == before


def test_after_a_reconnection_it_is_asked_again_which_card_it_is(readers: PcscReaders, hand: Hand) -> None:
    other = Counter().issued_card(an_issue(OTHER_CARD))
    hand.insert(Counter().issued_card())
    with readers.connect(FIRST_READER) as link:
        hand.insert(other)
        link.reconnect()
        link.transmit(AcsCcid().select().to_bytes())
        assert link.transmit(AcsCcid().read(0, 256).to_bytes())[:-2] == other.image


def test_an_empty_reader_has_no_card(desk: Desk, hand: Hand) -> None:
    with pytest.raises(OperatorError) as caught, desk.session(FIRST_READER):
        pass
    assert caught.value.code is Code.CARD_ABSENT


def test_a_card_that_does_not_power_up_is_an_unreadable_one(
    desk: Desk, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EmulatedCard, "atr", b"\x00\x00")
    hand.insert(EmulatedCard.blank())
    with desk.session(FIRST_READER) as session:
        assert session.read().state is ImageState.UNREADABLE


# --- other programs ---------------------------------------------------------------------------------------------


@contextmanager
def another_program(share: int) -> Iterator[int]:
    """Connected to the first reader, with its own context."""
    _, context = scard.SCardEstablishContext(0)
    result, card, _ = scard.SCardConnect(context, FIRST_READER, share, 3)
    assert result == 0
    yield card
    scard.SCardDisconnect(card, scard.SCARD_LEAVE_CARD)
    scard.SCardReleaseContext(context)


def test_a_reader_that_another_program_has_to_itself_is_busy(desk: Desk, hand: Hand) -> None:
    hand.insert(EmulatedCard.blank())
    with another_program(scard.SCARD_SHARE_EXCLUSIVE):
        with pytest.raises(EnvironmentFault) as caught, desk.session(FIRST_READER):
            pass
        assert caught.value.code is Code.READER_BUSY


def test_a_reader_that_another_program_holds_is_waited_for_only_so_long(desk: Desk, hand: Hand) -> None:
    impatient = PcscReaders(Bounds(connect_ms=300))
    hurried = Desk(impatient, codec=a_codec(), vault=a_vault(), entropy=counting())
    hand.insert(Counter().issued_card())
    with another_program(scard.SCARD_SHARE_SHARED) as card:
        scard.SCardBeginTransaction(card)
        with pytest.raises(EnvironmentFault) as caught, hurried.session(FIRST_READER):
            pass
        assert caught.value.code is Code.READER_TIMEOUT
        scard.SCardEndTransaction(card, scard.SCARD_LEAVE_CARD)
    impatient.close()
    carry_out(desk, a_write(2))


# --- the service dies -------------------------------------------------------------------------------------------


def test_without_a_service_it_is_said_so_and_the_watcher_waits_for_it(
    service: PrivatePcscd, desk: Desk, readers: PcscReaders
) -> None:
    known = readers.list()
    service.kill()
    with pytest.raises(EnvironmentFault) as caught:
        desk.readers()
    assert caught.value.code is Code.PCSC_NO_SERVICE
    with pytest.raises(EnvironmentFault) as caught, desk.session(FIRST_READER):
        pass
    assert caught.value.code is Code.PCSC_NO_SERVICE
    assert readers.watch(known, timeout_ms=1000) == ()
    assert readers.watch((), timeout_ms=100) == ()
    service.start()
    assert FIRST_READER in [state.name for state in readers.watch((), timeout_ms=PATIENCE_MS)]


def test_a_service_killed_during_a_watch_ends_it_and_its_return_is_seen(
    service: PrivatePcscd, readers: PcscReaders
) -> None:
    known = readers.list()
    results: list[tuple[ReaderState, ...]] = []
    watcher = Thread(target=lambda: results.append(readers.watch(known, timeout_ms=60_000)), daemon=True)
    watcher.start()
    watcher.join(0.3)
    service.kill()
    watcher.join(PATIENCE_S)
    assert results == [()]
    service.start()
    assert readers.watch((), timeout_ms=PATIENCE_MS) == known


def test_a_service_killed_before_writing_has_changed_nothing(service: PrivatePcscd, desk: Desk, hand: Hand) -> None:
    card = Counter().issued_card()
    before = card.image
    hand.insert(card)
    with desk.session(FIRST_READER) as session:
        session.read()
        service.kill()
        with pytest.raises((EnvironmentFault, OperatorError)) as caught:
            session.unlock(a_write(2))
    assert caught.value.code in {Code.PCSC_NO_SERVICE, Code.CARD_REMOVED}
    assert card.image == before


def test_a_service_killed_while_writing_leaves_the_outcome_unknown_and_the_sale_is_finished_later(
    service: PrivatePcscd, desk: Desk, hand: Hand
) -> None:
    issued = Counter().issued_card()
    card = EmulatedCard(issued.chip._store, on_byte=lambda number: service.kill() if number == 5 else None)
    hand.insert(card)
    with pytest.raises(OutcomeUnknown):
        carry_out(desk, a_write(2))
    service.start()
    hand.insert(issued)
    carry_out(desk, a_write(2))
    order = a_codec().decode(issued.image).order
    assert order is not None
    assert order.sequence == 2


def test_a_reader_that_is_not_there_is_gone(desk: Desk) -> None:
    with pytest.raises(EnvironmentFault) as caught, desk.session(ReaderName("Reader of yesterday")):
        pass
    assert caught.value.code is Code.READER_GONE
