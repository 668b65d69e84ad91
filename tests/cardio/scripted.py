"""Readers and cards that do not behave, each in one way."""

from __future__ import annotations

from tests.cardio.builders import a_codec, a_vault
from vending_app.cardio.builtin import BuiltInReaders
from vending_app.cardio.desk import Desk
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.kinds import counting
from vending_app.cardio.emulated.store import FACTORY_STATE, PSC_AT, MemoryStore
from vending_app.cardio.link import CardReset, Link
from vending_app.domain.ids import ReaderName


class Fickle(EmulatedCard):
    """A card behind a reader that answers one instruction with its own words."""

    def __init__(self, card: EmulatedCard, *, instruction: int, answer: bytes, is_done: bool) -> None:
        super().__init__(MemoryStore(card.image + FACTORY_STATE[256:PSC_AT] + b"\xff\xff\xff"))
        self._instruction = instruction
        self._answer = answer
        self._is_done = is_done

    def exchange(self, apdu: bytes) -> bytes:
        if apdu[1] != self._instruction:
            return super().exchange(apdu)
        if self._is_done:
            super().exchange(apdu)
        return self._answer


class CountsDouble(EmulatedCard):
    """A card that takes two tries for every wrong code."""

    def exchange(self, apdu: bytes) -> bytes:
        answer = super().exchange(apdu)
        return super().exchange(apdu) if apdu[1] == 0x20 and answer != b"\x90\x07" else answer


class DeafCard(EmulatedCard):
    """A card of another make: no command of ours means anything to it."""

    def __init__(self) -> None:
        super().__init__(MemoryStore())

    def exchange(self, apdu: bytes) -> bytes:
        return b"\x6d\x00"


class ResetOnce:
    """A link on which another program resets the card at one command, and may swap it meanwhile."""

    def __init__(self, card: EmulatedCard, *, at: int, then: EmulatedCard | None = None) -> None:
        self._card = card
        self._at = at
        self._then = then or card
        self._count = 0

    def __call__(self, apdu: bytes) -> bytes:
        self._count += 1
        if self._count == self._at:
            self._card = self._then
            self._card.power_off()
            raise CardReset
        return self._card.exchange(apdu)


class ScriptedReaders(BuiltInReaders):
    """One reader whose link is what the test says."""

    def __init__(self, transmit: object) -> None:
        super().__init__()
        self._transmit = transmit

    def connect(self, reader: ReaderName) -> ScriptedLink:  # type: ignore[override]
        return ScriptedLink(self._transmit)


class ScriptedLink:
    """A link, and the context manager that gives it."""

    atr = b""

    def __init__(self, transmit: object) -> None:
        self._transmit = transmit

    def transmit(self, apdu: bytes) -> bytes:
        assert callable(self._transmit)
        answer = self._transmit(apdu)
        assert isinstance(answer, bytes)
        return answer

    def reconnect(self) -> None:
        """The card is there again, powered up anew."""

    def __enter__(self) -> Link:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to release."""


def a_desk_on(transmit: object) -> Desk:
    return Desk(ScriptedReaders(transmit), codec=a_codec(), vault=a_vault(), entropy=counting())
