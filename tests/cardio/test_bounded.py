"""A call that blocks is given up, and neither the next call nor what it held is lost."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event, current_thread

import pytest

from vending_app.cardio.apdu import Apdu
from vending_app.cardio.bounded import BoundedWorker, TookTooLong
from vending_app.cardio.link import ReaderTrouble, ask
from vending_app.cardio.watchdog import BoundedLink, Bounds
from vending_app.domain.wiping import copied

SOON_S, SOON_MS = 5, 5_000


@pytest.fixture
def worker() -> Iterator[BoundedWorker]:
    started = BoundedWorker("test")
    yield started
    started.close()


def test_a_call_returns_what_it_returns_from_another_thread(worker: BoundedWorker) -> None:
    assert worker.call(current_thread, timeout_ms=SOON_MS) is not current_thread()


def test_what_a_call_raises_is_raised_where_it_was_asked(worker: BoundedWorker) -> None:
    with pytest.raises(ZeroDivisionError):
        worker.call(lambda: 1 // 0, timeout_ms=SOON_MS)
    assert worker.call(lambda: 1, timeout_ms=SOON_MS) == 1


def test_a_call_that_blocks_is_given_up_and_the_next_one_is_made(worker: BoundedWorker) -> None:
    release = Event()
    with pytest.raises(TookTooLong):
        worker.call(release.wait, timeout_ms=10)
    assert worker.call(lambda: "next", timeout_ms=SOON_MS) == "next"
    release.set()


def test_a_result_that_comes_too_late_is_disposed_of(worker: BoundedWorker) -> None:
    release, disposed = Event(), Event()
    held: list[str] = []

    def dispose(result: str) -> None:
        held.append(result)
        disposed.set()

    def slow() -> str:
        release.wait(SOON_S)
        return "a card"

    with pytest.raises(TookTooLong):
        worker.call(slow, timeout_ms=10, late=dispose)
    release.set()
    assert disposed.wait(SOON_S)
    assert held == ["a card"]


class Waiting:
    """A link that takes its time, and then sends what it was given."""

    atr = b""

    def __init__(self) -> None:
        self.may, self.has = Event(), Event()
        self.sent = b""

    def transmit(self, apdu: bytes) -> bytes:
        self.may.wait()
        self.sent = bytes(memoryview(apdu))
        self.has.set()
        return b"\x90\x00"

    def reconnect(self) -> None:
        """It needs none."""


def test_a_key_that_is_sent_when_nobody_waits_any_more_is_the_key_that_was_given(worker: BoundedWorker) -> None:
    """Whoever gave up has erased his own by then, and a card must not be presented zeros."""
    slow = Waiting()
    link = BoundedLink(slow, worker, Bounds(answer_ms=1))
    with pytest.raises(ReaderTrouble):
        ask(link, Apdu(0xFF, 0x20, 0x00, 0x00, copied(bytearray(b"\x01\x02\x03")), is_secret=True))
    slow.may.set()
    assert slow.has.wait(SOON_S)
    assert slow.sent.hex() == "ff20000003010203"
