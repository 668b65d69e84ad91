"""The private service, its first virtual reader, and a hand that puts cards in."""

from __future__ import annotations

import time
from collections.abc import Iterator
from threading import Event, Thread

import pytest

from tests.cardio.builders import a_codec, a_vault
from vending_app.bench.private_pcscd import READER_NAME, PrivatePcscd, private_pcscd
from vending_app.cardio.desk import Desk
from vending_app.cardio.emulated import vpcd
from vending_app.cardio.emulated.kinds import counting
from vending_app.cardio.emulated.software_card import SoftwareCard
from vending_app.cardio.pcsc import PcscReaders
from vending_app.domain.ids import ReaderName

PATIENCE_MS = 5000
PATIENCE_S = 30
"""A service that did not see it by then never will."""
FIRST_READER = ReaderName(f"{READER_NAME} 00 00")
SECOND_READER = ReaderName(f"{READER_NAME} 00 01")


@pytest.fixture(scope="session")
def service() -> Iterator[PrivatePcscd]:
    with private_pcscd() as running:
        yield running


@pytest.fixture
def readers(service: PrivatePcscd) -> Iterator[PcscReaders]:
    if not service.is_running:
        service.start()
    opened = PcscReaders()
    yield opened
    opened.close()


@pytest.fixture
def desk(readers: PcscReaders) -> Desk:
    return Desk(readers, codec=a_codec(), vault=a_vault(), entropy=counting())


class Hand:
    """Puts cards into the virtual reader and takes them out; returns when the service has seen it."""

    def __init__(self, port: int, reader: ReaderName = FIRST_READER) -> None:
        self._port = port
        self._reader = reader
        self._watched = PcscReaders()
        self._stop = Event()
        self._thread: Thread | None = None

    def insert(self, card: SoftwareCard, *, is_seen: bool = True) -> None:
        """Also a card that was thrown out."""
        self.pull()
        card.put_back()
        self._stop = Event()
        self._thread = Thread(target=vpcd.serve, args=("127.0.0.1", self._port, card, self._stop), daemon=True)
        self._thread.start()
        if is_seen:
            self.wait_until(present=True)

    def pull(self) -> None:
        """Take out whatever is in."""
        if self._thread is not None:
            self._stop.set()
            self._thread.join()
            self._thread = None
            self.wait_until(present=False)

    def wait_until(self, *, present: bool) -> None:
        until = time.monotonic() + PATIENCE_S
        known = self._watched.watch((), timeout_ms=PATIENCE_MS)
        while any(state.card_present for state in known if state.name == self._reader) is not present:
            if time.monotonic() > until:
                raise AssertionError(f"the service never saw it: {known}")
            known = self._watched.watch(known, timeout_ms=PATIENCE_MS)

    def close(self) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        self._watched.close()


@pytest.fixture
def hand(service: PrivatePcscd, readers: PcscReaders) -> Iterator[Hand]:
    a_hand = Hand(service.port)
    a_hand.wait_until(present=False)
    try:
        yield a_hand
        if service.is_running:
            a_hand.pull()
    finally:
        a_hand.close()


@pytest.fixture
def other_hand(service: PrivatePcscd, readers: PcscReaders) -> Iterator[Hand]:
    """For the second reader, whose slot listens at the next port."""
    a_hand = Hand(service.port + 1, SECOND_READER)
    a_hand.wait_until(present=False)
    try:
        yield a_hand
        a_hand.pull()
    finally:
        a_hand.close()
