"""The readers of a desk: ports.CardDesk."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from vending_app.cardio.chip import Means
from vending_app.cardio.dialects import DIALECTS, dialects_for
from vending_app.cardio.link import LinkTrouble, Readers
from vending_app.cardio.refused import KnownTries, Trust
from vending_app.cardio.session import Session, Ticks, before_writing
from vending_app.domain.ids import ReaderName
from vending_app.ports import CardCodec, Entropy, KeyVault, ReaderState


class Desk:
    """Implements ports.CardDesk over PC/SC or built-in readers.

    `dialect` overrides the choice by reader name and effect. Raises OperatorError reader-dialect for another name.
    `tries_from_books` presents codes also where nobody tells the tries: a card that lost two elsewhere would be lost.
    What is `known` of codes is remembered in memory if nothing better is given.
    """

    def __init__(
        self,
        readers: Readers,
        *,
        codec: CardCodec,
        vault: KeyVault,
        entropy: Entropy,
        dialect: str = "",
        tries_from_books: bool = False,
        known: KnownTries | None = None,
        ticks: Ticks = time.monotonic_ns,
    ) -> None:
        self.codec = codec
        self._ticks = ticks
        self._readers = readers
        self._vault = vault
        self._entropy = entropy
        self._trust = Trust(known)
        self.speak(dialect, tries_from_books=tries_from_books)

    @property
    def dialects(self) -> tuple[str, ...]:
        """How readers of memory cards can be spoken to, by name."""
        return tuple(DIALECTS)

    def speak(self, dialect: str, *, tries_from_books: bool) -> None:
        """Speak so from the next session on; an empty dialect lets each reader say it.

        `tries_from_books` presents codes also where nobody tells the tries. Raises OperatorError reader-dialect.
        """
        dialects_for(ReaderName(""), override=dialect)
        self._override, self._tries_from_books = dialect, tries_from_books

    def readers(self) -> tuple[ReaderState, ...]:
        """All readers now. Raises EnvironmentFault pcsc-no-service, pcsc-denied."""
        return listed(self._readers)

    @contextmanager
    def session(self, reader: ReaderName) -> Iterator[Session]:
        """Connect and hold the card. Raises OperatorError card-absent; EnvironmentFault reader-…, pcsc-…"""
        dialects = dialects_for(reader, override=self._override)
        means = Means(reader, dialects, self.codec, self._vault, self._entropy, self._trust, self._tries_from_books)
        held = self._readers.connect(reader)
        try:
            link = held.__enter__()
        except LinkTrouble as trouble:
            raise before_writing(trouble, reader=reader) from trouble
        session = Session(reader, link, means, self._ticks)
        try:
            yield session
        finally:
            session.close()
            held.__exit__(None, None, None)

    def watch(self, known: tuple[ReaderState, ...], *, timeout_ms: int) -> tuple[ReaderState, ...]:
        """Wait until the readers differ from `known` or the time is over."""
        return self._readers.watch(known, timeout_ms=timeout_ms)

    def close(self) -> None:
        self._readers.close()


def listed(readers: Readers) -> tuple[ReaderState, ...]:
    """All readers now. Raises EnvironmentFault pcsc-no-service, pcsc-denied."""
    try:
        return readers.list()
    except LinkTrouble as trouble:
        raise before_writing(trouble) from trouble
