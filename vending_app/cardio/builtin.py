"""The built-in reader: emulated cards in named readers, for the practice counter and for tests.

It behaves as PC/SC does where that matters: a card pulled in the middle gives one empty answer and errors after it,
and a reconnection succeeds on whatever card is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Condition

from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.link import CardAbsent, CardRemoved, Link, ReaderTrouble
from vending_app.domain.errors import Code
from vending_app.domain.ids import ReaderName
from vending_app.ports import ReaderState

BUILT_IN = ReaderName("Built-in reader")


class _Bay:
    """One reader: the card in it, and whether a session holds it."""

    def __init__(self) -> None:
        self.card: EmulatedCard | None = None
        self.is_held = False

    @property
    def present(self) -> EmulatedCard | None:
        """The card, unless a fault threw it out."""
        return self.card if self.card is not None and not self.card.is_out else None


class BuiltInReaders:
    """Implements Readers. `insert` and `pull` may be called from any thread, and wake the watcher."""

    def __init__(self, names: Sequence[ReaderName] = (BUILT_IN,)) -> None:
        self._bays = {name: _Bay() for name in names}
        self._changed = Condition()

    # what a hand does

    def insert(self, card: EmulatedCard, reader: ReaderName | None = None) -> None:
        """Put a card in, also one that a fault threw out; whatever lay there is taken away."""
        with self._changed:
            card.put_back()
            self._bay(reader).card = card
            self._changed.notify_all()

    def pull(self, reader: ReaderName | None = None) -> EmulatedCard | None:
        """Take the card out, also in the middle of a session."""
        with self._changed:
            bay = self._bay(reader)
            card, bay.card = bay.card, None
            if card is not None:
                card.power_off()
            self._changed.notify_all()
            return card

    # what a desk does

    def list(self) -> tuple[ReaderState, ...]:
        with self._changed:
            return self._states()

    @contextmanager
    def connect(self, reader: ReaderName) -> Iterator[Link]:
        """Raises ReaderTrouble reader-gone, reader-busy; CardAbsent."""
        bay = self._hold(reader)
        link = BuiltInLink(bay)
        try:
            link.reconnect()
            yield link
        finally:
            self._release(bay)

    def watch(self, known: tuple[ReaderState, ...], *, timeout_ms: int) -> tuple[ReaderState, ...]:
        with self._changed:
            self._changed.wait_for(lambda: self._states() != known, timeout_ms / 1000)
            return self._states()

    def close(self) -> None:
        """Nothing is held between sessions."""

    def _hold(self, reader: ReaderName) -> _Bay:
        with self._changed:
            bay = self._bay(reader)
            if bay.is_held:
                raise ReaderTrouble(Code.READER_BUSY)
            if bay.present is None:
                raise CardAbsent
            bay.is_held = True
            return bay

    def _release(self, bay: _Bay) -> None:
        with self._changed:
            bay.is_held = False
            if bay.card is not None:
                bay.card.power_off()
            # A card that a fault threw out counts as absent from now on: the watcher should hear of it.
            self._changed.notify_all()

    def _bay(self, reader: ReaderName | None) -> _Bay:
        name = next(iter(self._bays)) if reader is None else reader
        if name not in self._bays:
            raise ReaderTrouble(Code.READER_GONE, name)
        return self._bays[name]

    def _states(self) -> tuple[ReaderState, ...]:
        return tuple(ReaderState(name, bay.present is not None) for name, bay in self._bays.items())


class BuiltInLink:
    """The connection to one card, as long as that very card stays in."""

    def __init__(self, bay: _Bay) -> None:
        self._bay = bay
        self._card: EmulatedCard | None = None
        self._was_silent = False

    def transmit(self, apdu: bytes) -> bytes:
        """Empty once when the card has left, CardRemoved after that."""
        card = self._card
        if card is None or self._was_silent:
            raise CardRemoved
        answer = card.exchange(apdu) if self._bay.present is card else b""
        self._was_silent = not answer
        return answer

    def reconnect(self) -> None:
        card = self._bay.present
        if card is None:
            raise CardAbsent
        card.power_off()
        self._card, self._was_silent = card, False
