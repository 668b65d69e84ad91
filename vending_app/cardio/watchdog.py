"""No call to a reader waits for ever: each is made on a thread of its own and given up after a bound."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from vending_app.cardio.bounded import BoundedWorker, TookTooLong
from vending_app.cardio.link import Link, ReaderTrouble
from vending_app.domain.errors import Code
from vending_app.domain.wiping import copied, erase

T = TypeVar("T")
STATUS = 2
"""Bytes of a status word alone, which shows none."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long is waited, in milliseconds."""

    answer_ms: int = 10_000
    """Longer than programming all 256 bytes of a chip, which takes 1.3 s."""
    connect_ms: int = 5_000
    """A person waits for this: another program that holds the card longer is reported."""


def bounded(worker: BoundedWorker, timeout_ms: int, job: Callable[[], T], late: Callable[[T], None] | None = None) -> T:
    """Raises ReaderTrouble reader-timeout, and whatever the job raises."""
    try:
        return worker.call(job, timeout_ms=timeout_ms, late=late)
    except TookTooLong:
        raise ReaderTrouble(Code.READER_TIMEOUT) from None


class BoundedLink:
    """Implements Link over another one; each call is bounded."""

    def __init__(self, link: Link, worker: BoundedWorker, bounds: Bounds) -> None:
        self._link = link
        self._worker = worker
        self._bounds = bounds

    @property
    def atr(self) -> bytes:
        return self._link.atr

    def transmit(self, apdu: bytes) -> bytes:
        """A copy goes out, erased when it was sent: whoever gave up waiting may have erased the key in his by then."""
        sent = copied(apdu)

        def send() -> bytes:
            try:
                return self._link.transmit(sent)
            finally:
                erase(sent)

        return bounded(self._worker, self._bounds.answer_ms, send, late=_forget)

    def reconnect(self) -> None:
        bounded(self._worker, self._bounds.connect_ms, self._link.reconnect)


def _forget(told: bytes) -> None:
    """An answer that nobody waits for any more may show a key, which nobody else would erase."""
    if len(told) > STATUS:
        erase(told)
