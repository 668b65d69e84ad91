"""The SLE4442 as a chip of the desk: its code, its three tries, and the rules by which they are spent.

A code is presented only after the error counter was read, once, and never with the last try. Two tries are enough
where a MAC proves the card to be ours, since a tear in PRESENT CODE costs one; else all three must be left.

Some readers cannot be asked for the error counter, and only their answer to a wrong code tells what is left. Newer ones
pass the question on to the card, and its answer is the count; older ones do not know the question, and there no code is
presented at all: nobody knows what the card has lost elsewhere.

Unless the office decided that this desk goes by its books. Then a card is taken to have two tries there, unless
something speaks against it: its code was ever wrong, at any desk; two presentations in a row got no answer, or nobody
lived to hear it; or, of blank cards, which cannot be told apart, one answered that a single try is left. Each
presentation is kept before it is sent. Whoever is refused so goes to a reader that counts; a right code there lifts it,
and of blank cards also that one was thrown away. A card that lost two tries where these books do not reach loses its
last one then.
"""

from __future__ import annotations

from contextlib import AbstractContextManager

from vending_app.cardio.apdu import NoAnswer
from vending_app.cardio.chip import CONTACTLESS, Ability, Means, StatusWrong
from vending_app.cardio.dialects import ALL_TRIES, Dialect
from vending_app.cardio.link import CardMute, CardReset, Link, LinkTrouble
from vending_app.cardio.sle4442 import TRANSPORT_PSC, Sle4442
from vending_app.cardio.tool_writing import issue_anew, may_be_issued_anew
from vending_app.cardio.totals1_layout import ISSUE_MARKER, OUTLINE_SIZE, PROOF_AT, SCRATCH
from vending_app.cardio.writing import (
    carries,
    erase_header,
    erase_records,
    fill,
    holds_record,
    is_filled,
    is_issued,
    mark_issued,
    require_erased,
    write_header,
    write_sale,
)
from vending_app.domain.card import ANY_BLANK, TRIES_KEPT, CardHeader, CardImage, CardWrite, PastOrder
from vending_app.domain.errors import Code, OperatorError, OutcomeUnknown
from vending_app.domain.ids import CardNo
from vending_app.domain.wiping import lent
from vending_app.ports.progress import Told, nobody_told

FULL_TRIES = ALL_TRIES.bit_count()
LAST_TRY = TRIES_KEPT
TRIES_UNTOLD = LAST_TRY + 1
"""What a card is taken to have where nobody tells, the desk goes by its books, and they do not speak against it."""
STEPS = 3
"""Of an issue and of making a card blank: memory, code, mark or header."""


class Sle4442Chip:
    """Implements Chip."""

    name = "SLE4442"

    def __init__(self, link: Link, means: Means, dialect: Dialect) -> None:
        self._memory = Sle4442(link, dialect)
        self._means = means
        self._tries: int | None = None
        self._has_own_code = False
        self._lost_at_question = False
        self.dialect = dialect.name
        self.told: Told = nobody_told

    @property
    def abilities(self) -> frozenset[Ability]:
        if self._memory.counts_tries:
            return frozenset({Ability.COUNTS_TRIES})
        return frozenset() if self._means.tries_from_books else frozenset({Ability.HAS_TO_ASK})

    @property
    def has_written(self) -> bool:
        return self._memory.has_written

    @has_written.setter
    def has_written(self, value: bool) -> None:
        self._memory.has_written = value

    @property
    def uid(self) -> bytes:
        """None: one SLE4442 is like the other."""
        return b""

    def may_be(self, atr: bytes) -> bool:
        """Readers make up all kinds of answers to reset for a memory card, but not that of a card without contacts."""
        return atr[2:4] != CONTACTLESS

    def identify(self) -> None:
        """Selecting powers the chip down and up, which locks it."""
        self._tries, self._has_own_code = None, False
        self._memory.select()

    def read(self) -> bytes:
        return self._memory.read_all()

    def outline(self) -> bytes:
        return self.read()[:OUTLINE_SIZE]

    def history(self) -> tuple[PastOrder, ...]:
        """It carries nothing but the image."""
        return ()

    @property
    def issue_begun(self) -> bool | None:
        """Nobody can tell: an issue begins with its record, and then the card is not blank any more."""
        return None

    def tries(self) -> int | None:
        """None if nobody tells: reading needs no counter, and unlocking asks again."""
        if not self._memory.counts_tries:
            self._ask_bus()
            return self._memory.tries_told
        try:
            self._tries = self._memory.tries()
        except StatusWrong:
            self._tries = None
        return self._tries

    # unlocking

    def unlock(self, image: CardImage, write: CardWrite) -> None:
        if write.issues_card:
            self._open_for_issue(image, write)
        elif image.header is not None and not holds_record(image.raw, write.record):
            self._expect_tries(self._tries_needed(image, write.card), write.card)
            self._present_own(image.raw, write.card, key_version=image.header.key_version)

    def require_tries(self, image: CardImage) -> None:
        if image.header is None:
            self._expect_blank()
        else:
            self._expect_own(image, image.header.card)

    def _expect_blank(self) -> None:
        """A blank card proves nothing: after a lost try a person must decide, and another blank one is at hand."""
        self._expect_tries(FULL_TRIES, ANY_BLANK, untold=TRIES_UNTOLD)

    def _expect_own(self, image: CardImage, card: CardNo) -> None:
        """To make one of ours blank or a tool card anew: torn, it proves nothing any more, and where nobody counts that
        must be finished all the same."""
        self._expect_tries(min(self._tries_needed(image, card), self._to_finish), card)

    def _tries_needed(self, image: CardImage, card: CardNo) -> int:
        """A card proved to be ours has our code, and the right code gives back the try that a tear has cost."""
        return LAST_TRY + 1 if image.is_proved and not self._means.trust.is_lost(card) else FULL_TRIES

    def _present_own(self, raw: bytes, card: CardNo, *, key_version: int) -> None:
        """The code of an issued card, once. A wrong one is remembered: the proof by MAC was worth nothing here.

        Unless another card took its place meanwhile, or it was answered as right and only had no effect where nobody
        counts: that is remembered as a presentation without an answer is.
        """
        with self._own_psc(card, key_version) as psc:
            if self._present(psc, card):
                return
        if self._memory.read_all()[:PROOF_AT] != raw[:PROOF_AT]:
            raise OperatorError(Code.CARD_SWAPPED)
        if self._is_told:
            self._means.trust.code_was_wrong(card)
        raise OperatorError(Code.PSC_WRONG)

    def _open_for_issue(self, image: CardImage, write: CardWrite) -> None:
        raw = image.raw
        if is_issued(raw, write):
            return
        if may_be_issued_anew(raw, write):
            self._expect_own(image, write.card)
            self._present_own(raw, write.card, key_version=write.key_version)
            return
        if not is_filled(raw, write):
            self._expect_blank()
            self._present_or_refuse(TRANSPORT_PSC, ANY_BLANK)
            return
        self._expect_tries(self._to_finish, write.card)
        with self._own_psc(write.card, write.key_version) as own:
            self._has_own_code = self._is_first(own, TRANSPORT_PSC, write.card)

    @property
    def _to_finish(self) -> int:
        """Tries for what was begun: where no command counts them more codes are presented on the way, each may tear."""
        return FULL_TRIES if self._memory.counts_tries else TRIES_UNTOLD

    def _is_first(self, first: bytes | bytearray, second: bytes | bytearray, card: CardNo) -> bool:
        """Whether the first of two codes was right; else the second was.

        A wrong try is forgiven by the right one, and the last is never used.
        """
        if self._present(first, card):
            return True
        self._expect_tries(LAST_TRY + 1, card)
        self._present_or_refuse(second, card)
        return False

    def _present_or_refuse(self, psc: bytes | bytearray, card: CardNo) -> None:
        if not self._present(psc, card):
            raise OperatorError(Code.PSC_WRONG)

    def _present(self, psc: bytes | bytearray, card: CardNo) -> bool:
        """Whatever comes of it, the tries that were counted are out of date.

        Where nobody counts, that one more may be spent is kept before the code is sent: an answer that is lost, or a
        program that ends, is not found out about by anybody else.
        """
        self._tries = None
        is_right = self._memory.present(psc) if self._memory.counts_tries else self._present_uncounted(psc, card)
        if is_right:
            self._means.trust.code_was_right(card)
        return is_right

    def _present_uncounted(self, psc: bytes | bytearray, card: CardNo) -> bool:
        before = self._means.trust.code_is_sent(card)
        try:
            is_right = self._memory.present(psc)
        except CardReset:
            self._means.trust.cost_nothing(card, before)
            raise
        except (LinkTrouble, NoAnswer):
            # Where 90 00 does not mean right it means locked, and then there is no try to keep.
            if self._memory.says_right:
                self._means.trust.cost_nothing(card, before)
            raise
        except OperatorError as refused:
            if refused.code is Code.CARD_LOCKED:
                self._means.trust.code_was_wrong(card)
            raise
        told = self._memory.tries_told
        if told is not None and told > LAST_TRY:
            self._means.trust.tries_were_spent(card, FULL_TRIES - told, before=before)
        elif told is not None:
            self._means.trust.code_was_wrong(card)
        return is_right

    def _change(self, psc: bytes | bytearray, card: CardNo) -> bool:
        """Give it another code; where nobody counts that presents one too, and perhaps both."""
        if self._memory.counts_tries:
            return self._memory.change_psc(psc)
        self._means.trust.code_is_sent(card)
        is_taken = self._memory.change_psc(psc)
        if is_taken:
            self._means.trust.code_was_right(card)
        return is_taken

    @property
    def _is_told(self) -> bool:
        """Whether the reader or the card itself tells the tries."""
        return self._memory.counts_tries or self._memory.tries_told is not None

    def _expect_tries(self, least: int, card: CardNo, *, untold: int = FULL_TRIES) -> None:
        """Against the count of this reading: nobody else reaches the card within its transaction.

        `untold` are enough where nobody tells them. Raises OperatorError card-locked, card-last-try;
        card-tries-untold where nobody tells.
        """
        tries = self._tries_left(card) if self._tries is None else self._tries
        if tries == 0:
            raise OperatorError(Code.CARD_LOCKED)
        if tries < (least if self._is_told else min(least, untold)):
            raise OperatorError(Code.CARD_LAST_TRY if self._is_told else Code.CARD_TRIES_UNTOLD, tries=tries)

    def _tries_left(self, card: CardNo) -> int:
        if self._memory.counts_tries:
            return self._memory.tries()
        if self._memory.tries_told is None:
            self._ask_bus()
        if self._memory.tries_told is not None:
            return self._memory.tries_told
        if not self._means.tries_from_books:
            raise OperatorError(Code.CARD_TRIES_UNTOLD)
        return LAST_TRY if self._means.trust.may_be_last(card) else TRIES_UNTOLD

    def _ask_bus(self) -> None:
        """A reader that loses the card over a question that it does not know is not asked again in this session; by a
        desk that can do without the answer never again.

        Raises CardReset then: everything about the card must be asked anew.
        """
        reader, deaf = self._means.reader, self._means.trust.deaf
        if self._lost_at_question or (self._means.tries_from_books and reader in deaf):
            return
        try:
            self._memory.ask_bus()
        except (CardReset, CardMute) as lost:
            self._lost_at_question = True
            deaf.add(reader)
            raise CardReset(lost.detail) from lost

    def _own_psc(self, card: CardNo, key_version: int) -> AbstractContextManager[bytearray]:
        """The code of an issued card, for as long as the block lasts."""
        return lent(self._means.vault.psc(card=card, key_version=key_version))

    # writing

    def stage(self, image: CardImage, write: CardWrite) -> None:
        if write.issues_card:
            self._issue(image.raw, write)
        else:
            write_sale(self._memory, image, write.record)

    def commit(self) -> None:
        """Every byte took effect as it was written."""

    def clear(self, image: CardImage) -> None:
        """Its code changes while the header still tells it: with the number gone nobody could make that code again."""
        assert image.header is not None, "only a card of ours is cleared"
        has_own = self._open_for_clearing(image, image.header)
        self.told(0, STEPS)
        erase_records(self._memory, image.raw)
        require_erased(self._memory.read_all())
        self.told(1, STEPS)
        if has_own and not self._change(TRANSPORT_PSC, image.header.card):
            raise OperatorError(Code.CARD_NOT_CLEARED)
        self.told(2, STEPS)
        erase_header(self._memory, image.raw)

    def restore_header(self, image: CardImage, issue: CardWrite) -> None:
        write_header(self._memory, image.raw, issue.header)

    def _open_for_clearing(self, image: CardImage, header: CardHeader) -> bool:
        """Whether the card still has its own code; once its mark is gone it may have that of the factory."""
        own = header.key_version
        self._expect_own(image, header.card)
        if image.raw[SCRATCH.address] == ISSUE_MARKER:
            self._present_own(image.raw, header.card, key_version=own)
            return True
        # A tear while the new code was proved costs a try: the code that is more likely there comes first.
        with self._own_psc(header.card, own) as psc:
            return not self._is_first(TRANSPORT_PSC, psc, header.card)

    def carries(self, raw: bytes, write: CardWrite) -> bool:
        return carries(raw, write)

    def close(self) -> None:
        self._memory.forget()

    def _issue(self, raw: bytes, write: CardWrite) -> None:
        """Order or mandate, header, read-back, the card's own code proved, and only then the mark that all is done."""
        if is_issued(raw, write):
            return
        if may_be_issued_anew(raw, write):
            issue_anew(self._memory, raw, write)
            return
        self.told(0, STEPS)
        fill(self._memory, raw, write)
        self.told(1, STEPS)
        filled = self._memory.read_all()
        if not is_filled(filled, write) or not self._means.codec.decode(filled).is_proved:
            raise OutcomeUnknown(Code.SALE_IN_DOUBT, why="read-back differs")
        self._take_own_code(write)
        self.told(2, STEPS)
        mark_issued(self._memory)

    def _take_own_code(self, write: CardWrite) -> None:
        with self._own_psc(write.card, write.key_version) as own:
            if not self._has_own_code and not self._change(own, write.card):
                raise OutcomeUnknown(Code.SALE_IN_DOUBT, why="code not taken")
