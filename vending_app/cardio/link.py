"""What every kind of reader offers, PC/SC and built-in alike, and the troubles it can have."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from vending_app.cardio.apdu import Answer, Apdu
from vending_app.domain.errors import Code
from vending_app.domain.ids import ReaderName
from vending_app.domain.wiping import erase
from vending_app.ports import ReaderState


class LinkTrouble(Exception):
    """Something between us and the card; whether a sale is now in doubt is decided by the session."""

    code = Code.READER_GONE

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail


class CardAbsent(LinkTrouble):
    """No card in the reader when we wanted to connect."""

    code = Code.CARD_ABSENT


class CardRemoved(LinkTrouble):
    """The card that we were connected to has left the reader."""

    code = Code.CARD_REMOVED


class CardReset(LinkTrouble):
    """Another program reset the card: everything about it must be asked again."""

    code = Code.READER_BUSY


class CardMute(LinkTrouble):
    """There is a card, but the reader cannot talk to it."""

    code = Code.CARD_UNREADABLE


class ReaderTrouble(LinkTrouble):
    """The reader, the service or its permissions: `code` says which."""

    def __init__(self, code: Code, detail: str = "") -> None:
        super().__init__(detail)
        self.code = code


class Link(Protocol):
    """A card held in one transaction of its reader."""

    @property
    def atr(self) -> bytes:
        """The answer to reset of the card as it was powered up last; empty if nobody knows."""

    def transmit(self, apdu: bytes) -> bytes:
        """The raw answer; empty if the card left meanwhile. Raises LinkTrouble."""

    def reconnect(self) -> None:
        """Power the card up again, whichever it is now: identify it afterwards. Raises LinkTrouble."""


class Readers(Protocol):
    """All readers of one kind."""

    def list(self) -> tuple[ReaderState, ...]:
        """The readers now. Raises ReaderTrouble."""

    def connect(self, reader: ReaderName) -> AbstractContextManager[Link]:
        """Hold the card until the block ends; the card loses power then. Raises LinkTrouble."""

    def watch(self, known: tuple[ReaderState, ...], *, timeout_ms: int) -> tuple[ReaderState, ...]:
        """Wait until the readers differ from `known` or the time is over. Never raises."""

    def close(self) -> None: ...


def ask(link: Link, apdu: Apdu) -> Answer:
    """One command and its answer, whatever its status; a key in them is erased but for the answer's data.

    Raises LinkTrouble; NoAnswer.
    """
    raw = apdu.to_bytes()
    try:
        told = link.transmit(raw)
        answer = Answer.parse(told)
        if apdu.is_secret and answer.data:
            erase(told)
        return answer
    finally:
        if apdu.is_secret:
            _forget(raw, apdu)


def _forget(raw: bytes, apdu: Apdu) -> None:
    erase(raw)
    if apdu.data:
        erase(apdu.data)
