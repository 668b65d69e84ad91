"""The built-in reader behind what a real one has around it: a plug, a service, and a watchdog that bounds each call."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial

from vending_app.bench.world import built_in
from vending_app.cardio.bounded import BoundedWorker
from vending_app.cardio.emulated.faults import FaultKind
from vending_app.cardio.emulated.software_card import SoftwareCard
from vending_app.cardio.link import CardReset, Link, LinkTrouble, Readers, ReaderTrouble
from vending_app.cardio.watchdog import BoundedLink, Bounds
from vending_app.domain.errors import Code
from vending_app.domain.ids import ReaderName
from vending_app.ports import ReaderState

SOON = Bounds(answer_ms=500, connect_ms=500)
"""Of a card that is going to hang: long for software, short for whoever waits for a thousand cases."""
TROUBLES: dict[FaultKind, Callable[[], LinkTrouble]] = {
    FaultKind.UNPLUG: partial(ReaderTrouble, Code.READER_GONE),
    FaultKind.SERVICE_KILLED: partial(ReaderTrouble, Code.PCSC_NO_SERVICE),
    FaultKind.RESET_OURS: CardReset,
}


class FragileReaders:
    """Implements Readers over others, until they fail."""

    def __init__(self, readers: Readers, bounds: Bounds) -> None:
        self._readers = readers
        self._bounds = bounds
        self._worker = BoundedWorker("campaign")
        self._trouble: Callable[[], LinkTrouble] | None = None

    def fail(self, kind: FaultKind) -> None:
        """From the middle of a command on; a card that hangs fails by itself."""
        self._trouble = TROUBLES.get(kind)

    def check(self) -> None:
        """Raises ReaderTrouble once it has failed, CardReset once after a reset."""
        trouble = self._trouble
        if trouble is CardReset:
            self._trouble = None
        if trouble is not None:
            raise trouble()

    def list(self) -> tuple[ReaderState, ...]:
        self.check()
        return self._readers.list()

    @contextmanager
    def connect(self, reader: ReaderName) -> Iterator[Link]:
        self.check()
        with self._readers.connect(reader) as link:
            yield _FragileLink(self, BoundedLink(link, self._worker, self._bounds))

    def watch(self, known: tuple[ReaderState, ...], *, timeout_ms: int) -> tuple[ReaderState, ...]:
        return self._readers.watch(known, timeout_ms=timeout_ms)

    def close(self) -> None:
        self._worker.close()


class _FragileLink:
    """Implements Link."""

    def __init__(self, readers: FragileReaders, link: Link) -> None:
        self._readers = readers
        self._link = link

    @property
    def atr(self) -> bytes:
        return self._link.atr

    def transmit(self, apdu: bytes) -> bytes:
        self._readers.check()
        answer = self._link.transmit(apdu)
        self._readers.check()
        return answer

    def reconnect(self) -> None:
        self._readers.check()
        self._link.reconnect()


@contextmanager
def fragile(card: SoftwareCard, bounds: Bounds | None = None) -> Iterator[FragileReaders]:
    """A transport of the campaign."""
    with built_in(card) as inner:
        readers = FragileReaders(inner, bounds or Bounds())
        card.on_reader_failed = readers.fail
        try:
            yield readers
        finally:
            card.let_go()
            readers.close()


def hanging(card: SoftwareCard) -> AbstractContextManager[FragileReaders]:
    """A transport whose calls are given up soon. Any other fault has all the time that a busy machine may need."""
    return fragile(card, SOON)
