"""The readers of a desk and a card session on one of them: ports.CardDesk and ports.CardSession.

A session identifies the card, reads it, unlocks it, writes the stored bytes and reads them back, all in one
transaction of the reader. It decides what a break means: before the first writing command nothing has happened
(OperatorError card-removed), after it nobody knows (OutcomeUnknown) until that card is read again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from vending_app.cardio.apdu import NoAnswer
from vending_app.cardio.dialects import Dialect, dialect_for
from vending_app.cardio.link import CardAbsent, CardMute, CardRemoved, CardReset, Link, LinkTrouble, Readers
from vending_app.cardio.refused import RefusedCodes, Trust
from vending_app.cardio.sle4442 import ALL_TRIES, TRANSPORT_PSC, Sle4442, StatusWrong
from vending_app.cardio.tool_writing import issue_anew, may_be_issued_anew
from vending_app.cardio.totals1_layout import HEADER_AREA, ISSUE_MARKER, SCRATCH
from vending_app.cardio.writing import (
    holds_record,
    is_filled,
    is_issued,
    issue_area,
    slot_for,
    write_changes,
    write_slot,
)
from vending_app.domain.card import TRIES_KEPT, CardImage, CardWrite, ImageState
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError, OutcomeUnknown, VendingError
from vending_app.domain.ids import CardNo, ReaderName
from vending_app.ports import CardCodec, KeyVault, ReaderState

FULL_TRIES = ALL_TRIES.bit_count()
LAST_TRY = TRIES_KEPT


class Desk:
    """Implements ports.CardDesk over PC/SC or built-in readers.

    `dialect` overrides the choice by reader name. Raises OperatorError reader-dialect if there is none of that name.
    `refused` is remembered in memory if nothing better is given.
    """

    def __init__(
        self,
        readers: Readers,
        *,
        codec: CardCodec,
        vault: KeyVault,
        dialect: str = "",
        refused: RefusedCodes | None = None,
    ) -> None:
        self.codec = codec
        self._readers = readers
        self._vault = vault
        self._override = dialect
        self._trust = Trust(refused)
        dialect_for(ReaderName(""), override=dialect)

    def readers(self) -> tuple[ReaderState, ...]:
        """All readers now. Raises EnvironmentFault pcsc-no-service, pcsc-denied."""
        return listed(self._readers)

    @contextmanager
    def session(self, reader: ReaderName) -> Iterator[Session]:
        """Connect and hold the card. Raises OperatorError card-absent; EnvironmentFault reader-…, pcsc-…"""
        dialect = dialect_for(reader, override=self._override)
        held = self._readers.connect(reader)
        try:
            link = held.__enter__()
        except LinkTrouble as trouble:
            raise _before_writing(trouble, reader=reader) from trouble
        try:
            yield Session(reader, link, dialect=dialect, codec=self.codec, vault=self._vault, trust=self._trust)
        finally:
            held.__exit__(None, None, None)

    def watch(self, known: tuple[ReaderState, ...], *, timeout_ms: int) -> tuple[ReaderState, ...]:
        """Wait until the readers differ from `known` or the time is over."""
        return self._readers.watch(known, timeout_ms=timeout_ms)

    def close(self) -> None:
        self._readers.close()


class Session:
    """Implements ports.CardSession. Used by one thread, for one card.

    `trust` is the desk's: it knows the cards whose code turned out wrong, and outlives the session.
    """

    def __init__(
        self,
        reader: ReaderName,
        link: Link,
        *,
        dialect: Dialect,
        codec: CardCodec,
        vault: KeyVault,
        trust: Trust,
    ) -> None:
        self.reader = reader
        self.dialect = dialect.name
        self._link = link
        self._chip = Sle4442(link, dialect)
        self._codec = codec
        self._vault = vault
        self._trust = trust
        self._image: CardImage | None = None
        self._tries: int | None = None
        self._unlocked_for: CardWrite | None = None
        self._has_own_code = False
        self._is_in_doubt = False

    # the four steps

    def read(self) -> CardImage:
        """Identify the chip, read and decode it, and count its tries.

        An unreadable card is an image of that state, not an error.
        """
        with self._translated():
            try:
                self._image = self._identified()
            except (CardMute, StatusWrong):
                self._image = self._codec.decode(b"")
            return self._image

    def unlock(self, write: CardWrite) -> None:
        """Make the chip ready to be written: error counter read first, then the card's code, once.

        A card that already carries `write` whole is left alone. Two tries are enough where an order's MAC proves
        the card to be ours, since a tear in PRESENT CODE costs one; else all three must be left.
        Raises OperatorError card-locked, card-last-try (nothing tried), psc-wrong, card-swapped, card-not-blank,
        card-unreadable.
        """
        image = self._image or self.read()
        with self._translated():
            self._expect(image, write)
            try:
                self._open(image, write)
            except CardReset:
                self._identify_again(image)
                self._open(image, write)
            self._unlocked_for = write

    def write(self, write: CardWrite) -> None:
        """Write the bytes that differ, state byte last. Repeating it is harmless."""
        if self._unlocked_for != write:
            self.unlock(write)
        with self._translated():
            image = self._known_image()
            if write.issues_card:
                self._issue(image.raw, write)
            elif not holds_record(image.raw, write.record):
                area = slot_for(image, write.record)
                write_slot(self._chip, area, before=image.raw, record=write.record)

    def carries(self, write: CardWrite) -> bool:
        """Read the card and tell whether it carries `write` whole; an issue with the mark that it is complete."""
        return _carries(self.read().raw, write)

    def verify(self, write: CardWrite) -> CardImage:
        """Read the card again and compare: the image if it carries `write` whole, else OutcomeUnknown."""
        self._is_in_doubt = True
        with self._translated():
            raw = self._chip.read_all()
            if not _carries(raw, write):
                raise OutcomeUnknown(Code.SALE_IN_DOUBT, why="read-back differs")
            return self._settled(self._codec.decode(raw))

    def _settled(self, image: CardImage) -> CardImage:
        """What this card carries is known again."""
        self._image, self._unlocked_for = image, None
        self._chip.has_written = self._is_in_doubt = False
        return image

    # identification

    def _identified(self) -> CardImage:
        """Select and read; once more from the start if another program reset the card in between."""
        try:
            return self._select_and_read()
        except CardReset:
            self._link.reconnect()
            return self._select_and_read()

    def _select_and_read(self) -> CardImage:
        """Selecting powers the chip down and up, which locks it."""
        self._unlocked_for = None
        self._tries = None
        self._chip.select()
        image = self._codec.decode(self._chip.read_all())
        self._tries = self._counted()
        return replace(image, tries=self._tries)

    def _counted(self) -> int | None:
        """None if the reader does not tell: reading needs no counter, and unlocking asks again."""
        try:
            return self._chip.tries()
        except StatusWrong:
            return None

    def _identify_again(self, image: CardImage) -> None:
        """After a reconnection it may be any card. Raises OperatorError card-swapped unless it reads the same."""
        self._link.reconnect()
        if self._select_and_read().raw != image.raw:
            raise OperatorError(Code.CARD_SWAPPED)

    def _known_image(self) -> CardImage:
        if self._image is None:
            raise OperatorError(Code.CARD_UNREADABLE)
        return self._image

    def _expect(self, image: CardImage, write: CardWrite) -> None:
        """Whether this is the card that the bytes were made for."""
        if image.state is ImageState.UNREADABLE:
            raise OperatorError(Code.CARD_UNREADABLE)
        if write.issues_card:
            if not self._codec.may_become(image, write):
                raise OperatorError(Code.CARD_NOT_BLANK)
        elif image.header is None or image.header.card != write.card:
            raise OperatorError(Code.CARD_SWAPPED)

    # unlocking

    def _open(self, image: CardImage, write: CardWrite) -> None:
        if write.issues_card:
            self._open_for_issue(image, write)
        elif image.header is not None and not holds_record(image.raw, write.record):
            self._expect_tries(self._tries_needed(image, write.card))
            self._present_own(write.card, key_version=image.header.key_version)

    def _tries_needed(self, image: CardImage, card: CardNo) -> int:
        """A card proved to be ours has our code, and the right code gives back the try that a tear has cost."""
        return LAST_TRY + 1 if image.is_proved and not self._trust.is_lost(card) else FULL_TRIES

    def _present_own(self, card: CardNo, *, key_version: int) -> None:
        """The code of an issued card, once. A wrong one is remembered: the proof by MAC was worth nothing here."""
        if not self._present(self._vault.psc(card=card, key_version=key_version)):
            self._trust.code_was_wrong(card)
            raise OperatorError(Code.PSC_WRONG)
        self._trust.code_was_right(card)

    def _open_for_issue(self, image: CardImage, write: CardWrite) -> None:
        raw = image.raw
        if is_issued(raw, write):
            return
        if may_be_issued_anew(raw, write):
            self._expect_tries(self._tries_needed(image, write.card))
            self._present_own(write.card, key_version=write.key_version)
            return
        # A blank card proves nothing: after a lost try a person must decide, and another blank one is at hand.
        self._expect_tries(FULL_TRIES)
        if not is_filled(raw, write):
            self._present_or_refuse(TRANSPORT_PSC)
            return
        # The code may be changed already; a wrong try is forgiven by the right one, and the last is never used.
        self._has_own_code = self._present(self._own_psc(write))
        if not self._has_own_code:
            self._expect_tries(LAST_TRY + 1)
            self._present_or_refuse(TRANSPORT_PSC)

    def _present_or_refuse(self, psc: bytes) -> None:
        if not self._present(psc):
            raise OperatorError(Code.PSC_WRONG)

    def _present(self, psc: bytes) -> bool:
        """Whatever comes of it, the tries that were counted are out of date."""
        self._tries = None
        return self._chip.present(psc)

    def _expect_tries(self, least: int) -> None:
        """Against the count of this reading: nobody else reaches the card within its transaction."""
        tries = self._chip.tries() if self._tries is None else self._tries
        if tries == 0:
            raise OperatorError(Code.CARD_LOCKED)
        if tries < least:
            raise OperatorError(Code.CARD_LAST_TRY, tries=tries)

    def _own_psc(self, write: CardWrite) -> bytes:
        return self._vault.psc(card=write.card, key_version=write.key_version)

    # issuing

    def _issue(self, raw: bytes, write: CardWrite) -> None:
        """Order or mandate, header, read-back, the card's own code proved, and only then the mark that all is done."""
        if is_issued(raw, write):
            return
        if may_be_issued_anew(raw, write):
            issue_anew(self._chip, raw, write)
            return
        write_slot(self._chip, issue_area(write), before=raw, record=write.record)
        write_changes(self._chip, HEADER_AREA.address, before=HEADER_AREA.of(raw), after=write.header)
        filled = self._chip.read_all()
        if not is_filled(filled, write) or not self._codec.decode(filled).is_proved:
            raise OutcomeUnknown(Code.SALE_IN_DOUBT, why="read-back differs")
        if not self._has_own_code and not self._chip.change_psc(self._own_psc(write)):
            raise OutcomeUnknown(Code.SALE_IN_DOUBT, why="code not taken")
        self._chip.write(SCRATCH.address, bytes([ISSUE_MARKER]))

    # what a break means

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (LinkTrouble, NoAnswer, StatusWrong) as trouble:
            if self._chip.has_written or self._is_in_doubt:
                raise OutcomeUnknown(Code.SALE_IN_DOUBT, why=_reason(trouble)) from trouble
            raise _before_writing(trouble, reader=self.reader) from trouble


def _carries(raw: bytes, write: CardWrite) -> bool:
    return is_issued(raw, write) if write.issues_card else holds_record(raw, write.record)


def listed(readers: Readers) -> tuple[ReaderState, ...]:
    """All readers now. Raises EnvironmentFault pcsc-no-service, pcsc-denied."""
    try:
        return readers.list()
    except LinkTrouble as trouble:
        raise _before_writing(trouble) from trouble


def _reason(trouble: Exception) -> str:
    return trouble.code.value if isinstance(trouble, LinkTrouble) else f"{type(trouble).__name__} {trouble}".strip()


def _before_writing(trouble: Exception, **facts: object) -> VendingError:
    """Nothing was written yet: the person can act, or the reader is to blame."""
    if isinstance(trouble, NoAnswer | CardRemoved):
        return OperatorError(Code.CARD_REMOVED, **facts)
    if isinstance(trouble, StatusWrong):
        return OperatorError(Code.CARD_UNREADABLE, status=f"{trouble.sw:04X}", **facts)
    if isinstance(trouble, CardAbsent | CardMute):
        return OperatorError(trouble.code, **facts)
    code = trouble.code if isinstance(trouble, LinkTrouble) else Code.READER_GONE
    return EnvironmentFault(code, **facts)
