"""Real readers through PC/SC; the only file that knows pyscard.

What its codes mean here, and what differs between systems, stands in `platform_pcsc.py`; the one call that carries
keys goes past pyscard, in `transmitting.py`.
One context per session and one for the watcher, each dropped and made again when the service restarts. Every call is
made on a worker thread and bounded: SCardConnect blocks without limit while another program holds the card.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event
from typing import Any

from smartcard import scard as _untyped_scard

from vending_app.cardio.bounded import BoundedWorker, TookTooLong
from vending_app.cardio.link import CardMute, CardReset, Link, LinkTrouble
from vending_app.cardio.platform_pcsc import CANCELLED, HERE, TIMEOUT
from vending_app.cardio.transmitting import transmitted
from vending_app.cardio.watchdog import BoundedLink, Bounds, bounded
from vending_app.domain.ids import ReaderName
from vending_app.ports import ReaderState

log = logging.getLogger(__name__)
scard: Any = _untyped_scard
"""pyscard's thin wrapper of PC/SC carries no types."""

USUAL = Bounds()
RELEASE_TIMEOUT_MS = 1000
"""Nothing depends on it, and whoever closes the window waits for it."""
PLUG_AND_PLAY = "\\\\?PnP?\\Notification"
RETRY_MS = 500
"""Between two looks for a service that is down."""
_PROTOCOLS = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1


class PcscReaders:
    """Implements Readers over the PC/SC service."""

    def __init__(self, bounds: Bounds | None = None) -> None:
        self._bounds = bounds = bounds or USUAL
        self._worker = BoundedWorker("pcsc-desk")
        self._watcher = _Watcher(bounds.connect_ms)

    def list(self) -> tuple[ReaderState, ...]:
        """Raises ReaderTrouble pcsc-no-service, pcsc-denied, reader-timeout."""
        return bounded(self._worker, self._bounds.connect_ms, _list_once)

    @contextmanager
    def connect(self, reader: ReaderName) -> Iterator[Link]:
        """The card in one transaction. Raises LinkTrouble; a card that does not answer gives a mute link."""
        try:
            held = bounded(self._worker, self._bounds.connect_ms, lambda: _Held.open(reader), late=_Held.leave)
        except CardMute as mute:
            yield _MuteLink(mute.detail)
            return
        try:
            yield BoundedLink(held, self._worker, self._bounds)
        finally:
            self._close(held)

    def watch(self, known: tuple[ReaderState, ...], *, timeout_ms: int) -> tuple[ReaderState, ...]:
        return self._watcher.watch(known, timeout_ms=timeout_ms)

    def close(self) -> None:
        """End a watch under way, and the worker threads."""
        self._watcher.close()
        self._worker.close()

    def _close(self, held: _Held) -> None:
        """A service that hangs now is found by the next call; this session is over either way."""
        try:
            self._worker.call(held.close, timeout_ms=self._bounds.connect_ms)
        except TookTooLong:
            log.warning("releasing a card took too long")


# --- a card held -----------------------------------------------------------------------------------------


class _Held:
    """A context, a card and a transaction on it; everything here runs on the worker."""

    def __init__(self, context: int, card: int, protocol: int) -> None:
        self._context = context
        self._card = card
        self._protocol = protocol
        self.atr = b""

    @classmethod
    def open(cls, reader: ReaderName) -> _Held:
        """Connect, shared, and begin the transaction. Raises LinkTrouble with nothing left open."""
        context = _establish()
        try:
            card, protocol = _checked(scard.SCardConnect(context, reader, scard.SCARD_SHARE_SHARED, _PROTOCOLS))
        except LinkTrouble:
            scard.SCardReleaseContext(context)
            raise
        held = cls(context, card, protocol)
        try:
            held._begin()
        except LinkTrouble:
            held.leave()
            raise
        return held

    def transmit(self, apdu: bytes) -> bytes:
        is_t1 = self._protocol == scard.SCARD_PROTOCOL_T1
        protocol = scard.SCARD_PROTOCOL_T1 if is_t1 else scard.SCARD_PROTOCOL_T0
        result, answer = transmitted(self._card, protocol, apdu)
        _checked(result)
        return answer

    def reconnect(self) -> None:
        """A reset or a removal ended the transaction with the state of the card; begin both again."""
        scard.SCardEndTransaction(self._card, scard.SCARD_LEAVE_CARD)
        self._protocol = self._powered_up()
        _checked(scard.SCardBeginTransaction(self._card))
        self._learn_atr()

    def close(self) -> None:
        """Power the card down, so that nobody after us finds it unlocked; results do not matter any more."""
        self._let_go(scard.SCARD_UNPOWER_CARD)

    def leave(self) -> None:
        """Of a card with which nothing was done, as it is: whoever waited for it after us may be at work with it."""
        self._let_go(scard.SCARD_LEAVE_CARD)

    def _let_go(self, disposition: int) -> None:
        scard.SCardEndTransaction(self._card, scard.SCARD_LEAVE_CARD)
        scard.SCardDisconnect(self._card, disposition)
        scard.SCardReleaseContext(self._context)

    def _begin(self) -> None:
        try:
            _checked(scard.SCardBeginTransaction(self._card))
        except CardReset:
            self._protocol = self._powered_up()
            _checked(scard.SCardBeginTransaction(self._card))
        self._learn_atr()

    def _learn_atr(self) -> None:
        _reader, _state, _protocol, atr = _checked(scard.SCardStatus(self._card))
        self.atr = bytes(atr)

    def _powered_up(self) -> int:
        (protocol,) = _checked(
            scard.SCardReconnect(self._card, scard.SCARD_SHARE_SHARED, _PROTOCOLS, scard.SCARD_UNPOWER_CARD)
        )
        return int(protocol)


class _MuteLink:
    """A card is there, and the reader cannot power it up."""

    atr = b""

    def __init__(self, detail: str) -> None:
        self._detail = detail

    def transmit(self, apdu: bytes) -> bytes:
        raise CardMute(self._detail)

    def reconnect(self) -> None:
        raise CardMute(self._detail)


def _without_waiting(what: str, call: Callable[[], object]) -> None:
    """On a thread of its own, since that of the watch may hang; a service that hangs as well is left alone."""
    worker = BoundedWorker("pcsc-release")
    try:
        worker.call(call, timeout_ms=RELEASE_TIMEOUT_MS)
    except TookTooLong:
        log.warning("%s took too long", what)
    finally:
        worker.close()


# --- calls -----------------------------------------------------------------------------------------------


def _checked(answer: list[Any] | int) -> list[Any]:
    """pyscard answers a code, or a list of code and values. Raises LinkTrouble unless the code says success."""
    result, *values = answer if isinstance(answer, list) else [answer]
    if result != scard.SCARD_S_SUCCESS:
        raise HERE.trouble(result)
    return values


def _establish() -> int:
    (context,) = _checked(scard.SCardEstablishContext(scard.SCARD_SCOPE_USER))
    return int(context)


def _names(context: int) -> list[str]:
    result, names = scard.SCardListReaders(context, [])
    if HERE.means_no_reader(result):
        return []
    if result != scard.SCARD_S_SUCCESS:
        raise HERE.trouble(result)
    return [str(name) for name in names]


@dataclass(frozen=True, slots=True)
class _Seen:
    """The readers, and the state words that the service wants to be given back."""

    words: tuple[tuple[str, int], ...] = ()

    @property
    def states(self) -> tuple[ReaderState, ...]:
        return tuple(ReaderState(ReaderName(name), bool(word & scard.SCARD_STATE_PRESENT)) for name, word in self.words)


def _look(context: int) -> _Seen:
    names = _names(context)
    if not names:
        return _Seen()
    unknown = [(name, scard.SCARD_STATE_UNAWARE) for name in names]
    (events,) = _checked(scard.SCardGetStatusChange(context, 0, unknown))
    return _Seen(tuple((name, word & ~scard.SCARD_STATE_CHANGED) for name, word, _atr in events))


def _list_once() -> tuple[ReaderState, ...]:
    result, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    if HERE.means_no_reader(result):
        return ()
    _checked([result])
    try:
        return _look(context).states
    finally:
        scard.SCardReleaseContext(context)


# --- watching --------------------------------------------------------------------------------------------


class _Watcher:
    """Waits for readers and cards with a context of its own, which is made again when the service was down."""

    def __init__(self, connect_ms: int) -> None:
        self._connect_ms = connect_ms
        self._worker = BoundedWorker("pcsc-watch")
        self._closed = Event()
        self._context: int | None = None

    def watch(self, known: tuple[ReaderState, ...], *, timeout_ms: int) -> tuple[ReaderState, ...]:
        """The readers as soon as they differ from `known`, at the latest after the time; none without a service."""
        try:
            bound_ms = timeout_ms + self._connect_ms
            return bounded(self._worker, bound_ms, lambda: self._wait(known, timeout_ms))
        except LinkTrouble as cause:
            log.debug("watching readers: %s", cause.code.value)
            self._drop()
            if not known:
                self._closed.wait(min(timeout_ms, RETRY_MS) / 1000)
            return ()

    def close(self) -> None:
        """Ends a watch under way."""
        self._closed.set()
        context = self._context
        if context is not None:
            _without_waiting("cancelling a watch", lambda: scard.SCardCancel(context))
        self._worker.close()

    def _wait(self, known: tuple[ReaderState, ...], timeout_ms: int) -> tuple[ReaderState, ...]:
        context = self._opened()
        seen = _look(context)
        if seen.states != known or self._closed.is_set():
            return seen.states
        asked = [*seen.words, (PLUG_AND_PLAY, scard.SCARD_STATE_UNAWARE)]
        result = scard.SCardGetStatusChange(context, timeout_ms, asked)[0]
        if result & 0xFFFFFFFF not in {scard.SCARD_S_SUCCESS, TIMEOUT, CANCELLED}:
            raise HERE.trouble(result)
        return _look(context).states

    def _opened(self) -> int:
        if self._context is None:
            self._context = _establish()
        return self._context

    def _drop(self) -> None:
        context, self._context = self._context, None
        if context is not None:
            _without_waiting("releasing a context", lambda: scard.SCardReleaseContext(context))
