"""A card session on one reader: ports.CardSession.

A session identifies the card, reads it, unlocks it, writes the stored bytes and reads them back, all in one
transaction of the reader. It decides what a break means: before the first writing command nothing has happened
(OperatorError card-removed), after it nobody knows (OutcomeUnknown) until that card is read again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from vending_app.cardio.apdu import NoAnswer
from vending_app.cardio.chip import Ability, Chip, Means, StatusWrong
from vending_app.cardio.chips import chips_on, recognised
from vending_app.cardio.link import CardAbsent, CardMute, CardRemoved, CardReset, Link, LinkTrouble
from vending_app.cardio.totals1_layout import PROOF_AT
from vending_app.domain.card import CardImage, CardWrite, ImageState, PastOrder
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError, OutcomeUnknown, VendingError
from vending_app.domain.ids import CardNo, ReaderName
from vending_app.ports.progress import Told, nobody_told

Ticks = Callable[[], int]
"""Nanoseconds since whenever; never set back."""
NS_PER_MS = 1_000_000


class Session:
    """Implements ports.CardSession. Used by one thread, for one card; which chip it has is found out by reading it."""

    def __init__(self, reader: ReaderName, link: Link, means: Means, ticks: Ticks = time.monotonic_ns) -> None:
        self.reader = reader
        self.read_ms = 0
        self._ticks = ticks
        self._link = link
        self._codec = means.codec
        self._chips = chips_on(link, means)
        self._chip = self._chips[0]
        self._image: CardImage | None = None
        self._unlocked_for: CardWrite | None = None
        self._is_in_doubt = False

    def close(self) -> None:
        """Forget the keys of this card."""
        for chip in self._chips:
            chip.close()

    @property
    def chip(self) -> str:
        """The chip that the card was recognised as."""
        return self._chip.name

    @property
    def dialect(self) -> str:
        """How its reader was spoken to; empty where there is only one way."""
        return self._chip.dialect

    @property
    def atr(self) -> bytes:
        """The answer to reset as the reader tells it."""
        return self._link.atr

    @property
    def uid(self) -> bytes:
        """The number that the chip's maker gave it; empty for a chip without one."""
        return self._chip.uid

    # the four steps

    def read(self) -> CardImage:
        """Identify the chip, read and decode it, and count its tries.

        An unreadable card is an image of that state, not an error.
        """
        with self._translated(), self._timed():
            try:
                self._image = self._identified()
            except (CardMute, StatusWrong):
                self._image = self._codec.decode(b"")
            return self._image

    def outline(self) -> CardImage:
        """What a card tells anybody whose `read` raised key-version-unknown: no order, and nothing to act upon.

        Raises OperatorError card-swapped, card-unreadable if another card took its place that does not tell that.
        """
        self._image = None
        with self._translated(), self._timed():
            self._chip, begin = recognised(self._chips, self._link, _begin)
        seen = self._codec.outline(begin)
        if seen.header is None:
            raise OperatorError(Code.CARD_SWAPPED)
        return seen

    @contextmanager
    def _timed(self) -> Iterator[None]:
        """By a clock that nobody sets."""
        began = self._ticks()
        try:
            yield
        finally:
            self.read_ms = (self._ticks() - began) // NS_PER_MS

    def history(self) -> tuple[PastOrder, ...]:
        """The orders that the card which was read remembers, newest first.

        None of a chip that remembers none, nor of a card that does not tell or has left: whoever asks goes on without.
        """
        try:
            return self._chip.history()
        except (LinkTrouble, NoAnswer, StatusWrong):
            return ()

    @property
    def issue_begun(self) -> bool | None:
        """Whether an issue was begun on the blank card that was read; None of another card or chip."""
        is_blank = self._image is not None and self._image.state is ImageState.BLANK
        return self._chip.issue_begun if is_blank else None

    def tries(self) -> int | None:
        """How many presentations of its code the card that was read still allows; None if nobody tells, or it left."""
        if self._image is None or not self._image.raw or self._image.tries is not None:
            return self._image.tries if self._image is not None else None
        try:
            return self._chip.tries()
        except (LinkTrouble, NoAnswer, StatusWrong):
            return None

    def require_tries(self) -> None:
        """Refuse what `unlock` for an issue, or `clear`, would refuse of the card that was read for its tries alone.

        Raises OperatorError card-locked, card-last-try, card-tries-untold, card-swapped, card-unreadable.
        """
        image = self._known_image()
        with self._translated():
            try:
                self._chip.require_tries(image)
            except CardReset:
                self._identify_again(image)
                self._chip.require_tries(image)

    def unlock(self, write: CardWrite) -> None:
        """Make the chip ready to be written, by its own rules and once.

        A card that already carries `write` whole is left alone. Raises OperatorError card-locked, card-last-try,
        card-tries-untold (nothing tried), psc-wrong, card-swapped, card-not-blank, card-unreadable.
        """
        if self._image is None:
            self.read()
        image = self._known_image()
        with self._translated():
            self._expect(image, write)
            try:
                self._chip.unlock(image, write)
            except CardReset:
                self._identify_again(image)
                self._chip.unlock(image, write)
            self._unlocked_for = write

    def write(self, write: CardWrite, *, told: Told = nobody_told) -> None:
        """Write what differs, so that it takes effect last and whole. Repeating it is harmless."""
        if self._unlocked_for != write:
            self.unlock(write)
        self._chip.told = told
        with self._translated():
            self._chip.stage(self._known_image(), write)
            if Ability.COMMITS in self._chip.abilities:
                self._chip.commit()

    def carries(self, write: CardWrite) -> bool:
        """Read the card and tell whether it carries `write` whole; an issue with the mark that it is complete."""
        return self._chip.carries(self.read().raw, write)

    def verify(self, write: CardWrite) -> CardImage:
        """Read the card again and compare: the image if it carries `write` whole, else OutcomeUnknown."""
        self._is_in_doubt = True
        with self._translated():
            raw = self._chip.read()
            if not self._chip.carries(raw, write):
                raise OutcomeUnknown(Code.SALE_IN_DOUBT, why="read-back differs")
            return self._settled(self._codec.decode(raw))

    def clear(self, card: CardNo, *, told: Told = nobody_told) -> None:
        """Make this card blank again, and read it to see that it is. What broke off is finished by doing it again.

        Raises OperatorError card-swapped, card-unreadable, card-torn, card-not-cleared, and as `unlock`; never
        OutcomeUnknown.
        """
        image = self._known_image()
        _require(image, card)
        self._chip.told = told
        with self._translated(), self._torn_if_written():
            self._chip.clear(image)
            left = self._codec.decode(self._chip.read())
        self._image, self._unlocked_for = left, None
        if left.state is not ImageState.BLANK:
            raise OperatorError(Code.CARD_NOT_CLEARED)

    def unlock_nameless(self, issue: CardWrite) -> None:
        """Make a card that lost its header ready to get it again, if an order on it proves that it is this very card.

        Raises OperatorError card-swapped, and as `unlock`.
        """
        image = self._known_image()
        named = self._codec.with_header(image.raw, issue.header)
        _require(named, issue.card)
        if image.header is not None or not named.is_proved:
            raise OperatorError(Code.CARD_SWAPPED)
        with self._translated():
            self._chip.unlock(replace(named, tries=image.tries), CardWrite(issue.card, b"", b"", issue.key_version))

    def restore_header(self, issue: CardWrite) -> None:
        """Write the header of its issue on the card that was unlocked for it. Torn, all of it is done again.

        Raises OperatorError card-not-repairable for a chip whose header cannot be lost; OutcomeUnknown sale-in-doubt.
        """
        with self._translated():
            self._chip.restore_header(self._known_image(), issue)
            self._is_in_doubt = True
            there = self._codec.decode(self._chip.read())
            if there.header is None or there.header.card != issue.card:
                raise OutcomeUnknown(Code.SALE_IN_DOUBT, why="read-back differs")
            self._settled(there)

    def _settled(self, image: CardImage) -> CardImage:
        """What this card carries is known again."""
        self._image, self._unlocked_for, self._is_in_doubt = image, None, False
        for chip in self._chips:
            chip.has_written = False
        return image

    # identification

    def _identified(self) -> CardImage:
        """Recognise and read; once more from the start if another program reset the card in between."""
        try:
            return self._recognised()
        except CardReset:
            self._link.reconnect()
            return self._recognised()

    def _recognised(self) -> CardImage:
        self._unlocked_for = None
        self._chip, raw = recognised(self._chips, self._link, _whole)
        image = self._codec.decode(raw)
        if image.has_doubtful_record:
            # One bit lost on the way makes the newest order look torn, and the next sale would go over it.
            image = self._codec.decode(self._chip.read())
        abilities = self._chip.abilities
        tries = self._chip.tries() if abilities & {Ability.COUNTS_TRIES, Ability.HAS_TO_ASK} else None
        return replace(image, tries=tries, is_untold=tries is None and Ability.HAS_TO_ASK in abilities)

    def _identify_again(self, image: CardImage) -> None:
        """After a reconnection it may be any card. Raises OperatorError card-swapped unless it reads the same."""
        self._link.reconnect()
        if self._recognised().raw[:PROOF_AT] != image.raw[:PROOF_AT]:
            raise OperatorError(Code.CARD_SWAPPED)

    def _known_image(self) -> CardImage:
        """Raises OperatorError card-unreadable."""
        if self._image is None or self._image.state is ImageState.UNREADABLE:
            raise OperatorError(Code.CARD_UNREADABLE)
        return self._image

    def _expect(self, image: CardImage, write: CardWrite) -> None:
        """Whether this is the card that the bytes were made for."""
        if write.issues_card:
            if not self._codec.may_become(image, write):
                raise OperatorError(Code.CARD_NOT_BLANK)
        else:
            _require(image, write.card)

    # what a break means

    @contextmanager
    def _torn_if_written(self) -> Iterator[None]:
        """Of what is no sale and is simply done again: no outcome is in doubt, but something was written."""
        try:
            yield
        except (NoAnswer, CardRemoved) as gone:
            if self._chip.has_written:
                raise OperatorError(Code.CARD_TORN) from gone
            raise
        finally:
            self._chip.has_written = False

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (LinkTrouble, NoAnswer, StatusWrong) as trouble:
            if self._is_in_doubt or any(chip.has_written for chip in self._chips):
                raise OutcomeUnknown(Code.SALE_IN_DOUBT, why=_reason(trouble)) from trouble
            raise before_writing(trouble, reader=self.reader) from trouble


def _whole(chip: Chip) -> bytes:
    return chip.read()


def _begin(chip: Chip) -> bytes:
    return chip.outline()


def _require(image: CardImage, card: CardNo) -> None:
    """Raises OperatorError card-swapped."""
    if image.header is None or image.header.card != card:
        raise OperatorError(Code.CARD_SWAPPED)


def _reason(trouble: Exception) -> str:
    return trouble.code.value if isinstance(trouble, LinkTrouble) else f"{type(trouble).__name__} {trouble}".strip()


def before_writing(trouble: Exception, **facts: object) -> VendingError:
    """Nothing was written yet: the person can act, or the reader is to blame."""
    if isinstance(trouble, NoAnswer | CardRemoved):
        return OperatorError(Code.CARD_REMOVED, **facts)
    if isinstance(trouble, StatusWrong):
        return OperatorError(Code.CARD_UNREADABLE, status=f"{trouble.sw:04X}", **facts)
    if isinstance(trouble, CardAbsent | CardMute):
        return OperatorError(trouble.code, **facts)
    code = trouble.code if isinstance(trouble, LinkTrouble) else Code.READER_GONE
    return EnvironmentFault(code, **facts)
