"""The built-in reader: emulated cards in named readers, for the practice counter and for tests.

It behaves as PC/SC does where that matters: a card pulled in the middle gives one empty answer and errors after it,
and a reconnection succeeds on whatever card is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Condition

from vending_app.cardio.emulated.software_card import SoftwareCard
from vending_app.cardio.link import CardAbsent, CardRemoved, Link, ReaderTrouble
from vending_app.domain.errors import Code
from vending_app.domain.ids import ReaderName
from vending_app.ports import ReaderState

BUILT_IN = ReaderName("Built-in reader")


class _Bay:
    """One reader: the card in it, and whether a session holds it."""

    def __init__(self) -> None:
        self.card: SoftwareCard | None = None
        self.swapped_for: SoftwareCard | None = None
        """The card that the next connection finds instead."""
        self.is_held = False
        self.is_plugged = True

    @property
    def present(self) -> SoftwareCard | None:
        """The card, unless a fault threw it out or the reader is unplugged."""
        is_there = self.card is not None and not self.card.is_out and self.is_plugged
        return self.card if is_there else None


class BuiltInReaders:
    """Implements Readers. `insert` and `pull` may be called from any thread, and wake the watcher."""

    def __init__(self, names: Sequence[ReaderName] = (BUILT_IN,)) -> None:
        self._bays = {name: _Bay() for name in names}
        self._changed = Condition()

    # what a hand does

    def insert(self, card: SoftwareCard, reader: ReaderName | None = None) -> None:
        """Put a card in, also one that a fault threw out; whatever lay there is taken away."""
        with self._changed:
            card.put_back()
            self._bay(reader).card = card
            self._changed.notify_all()

    def pull(self, reader: ReaderName | None = None) -> SoftwareCard | None:
        """Take the card out, also in the middle of a session."""
        with self._changed:
            bay = self._bay(reader)
            card, bay.card = bay.card, None
            if card is not None:
                card.power_off()
            self._changed.notify_all()
            return card

    def swap(self, card: SoftwareCard | None, reader: ReaderName | None = None) -> None:
        """Exchange the card at the next connection, when nobody looks; None calls that off."""
        with self._changed:
            self._bay(reader).swapped_for = card

    def plug(self, *, is_in: bool, reader: ReaderName | None = None) -> None:
        """Pull the reader's plug, also in the middle of a session, or put it back; the card stays where it is."""
        with self._changed:
            bay = self._bay(reader)
            bay.is_plugged = is_in
            if bay.card is not None:
                bay.card.power_off()
            self._changed.notify_all()

    def held_card(self, reader: ReaderName | None = None) -> SoftwareCard | None:
        """The card that lies in the reader and was not thrown out, plugged or not."""
        with self._changed:
            card = self._bay(reader).card
            return card if card is not None and not card.is_out else None

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
            if not bay.is_plugged:
                raise ReaderTrouble(Code.READER_GONE, reader)
            if bay.is_held:
                raise ReaderTrouble(Code.READER_BUSY)
            self._exchange(bay)
            if bay.present is None:
                raise CardAbsent
            bay.is_held = True
            return bay

    def _exchange(self, bay: _Bay) -> None:
        if bay.swapped_for is not None and bay.present is not None:
            bay.swapped_for.put_back()
            bay.card, bay.swapped_for = bay.swapped_for, None

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
        plugged = ((name, bay) for name, bay in self._bays.items() if bay.is_plugged)
        return tuple(ReaderState(name, bay.present is not None) for name, bay in plugged)


class BuiltInLink:
    """The connection to one card, as long as that very card stays in."""

    def __init__(self, bay: _Bay) -> None:
        self._bay = bay
        self._card: SoftwareCard | None = None
        self._was_silent = False

    @property
    def atr(self) -> bytes:
        return self._card.atr if self._card is not None else b""

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
