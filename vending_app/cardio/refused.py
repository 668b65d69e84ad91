"""Which cards have lost the trust that a right MAC gives them: their code was wrong, or its answer never came."""

from __future__ import annotations

from typing import Protocol

from vending_app.domain.card import ANY_BLANK
from vending_app.domain.ids import CardNo, ReaderName

SPENT_MOST = 2
"""Of three tries: with so many that are spent, or may be, the next one would be the last."""


class KnownTries(Protocol):
    """What is known of codes beyond the program, or every start may cost a card one more try."""

    def refuse(self, card: CardNo, /) -> None:
        """The code that this office computes for the card was wrong. Repeating it is harmless."""

    def was_refused(self, card: CardNo, /) -> bool:
        """Whether that was ever so."""

    def spend(self, card: CardNo, spent: int, /) -> None:
        """So many tries are spent or may be from now on, 0 to 3; what was known before is out of date."""

    def spent(self, card: CardNo, /) -> int:
        """What was told last; a refusal counts as `SPENT_MOST`."""


class TriesInMemory:
    """Implements KnownTries for as long as the program runs."""

    def __init__(self) -> None:
        self._refused: set[CardNo] = set()
        self._spent: dict[CardNo, int] = {}

    def refuse(self, card: CardNo, /) -> None:
        self._refused.add(card)
        self._spent[card] = SPENT_MOST

    def was_refused(self, card: CardNo, /) -> bool:
        return card in self._refused

    def spend(self, card: CardNo, spent: int, /) -> None:
        self._spent[card] = spent

    def spent(self, card: CardNo, /) -> int:
        return self._spent.get(card, 0)


class Trust:
    """What a desk makes of it: a code that was right since gives the trust back, until the program ends.

    The record of a refusal stays: the wrong code may have been a copy's, and the copy may come again. Blank cards have
    no number, so one that was right since lifts what another one, or the same, has cost.
    """

    def __init__(self, known: KnownTries | None) -> None:
        self._known: KnownTries = TriesInMemory() if known is None else known
        self._right_since: set[CardNo] = set()
        self.deaf: set[ReaderName] = set()
        """Readers that lost a card over the question for its tries."""

    def is_lost(self, card: CardNo) -> bool:
        """Whether this card may be tried only with all of its tries."""
        return card not in self._right_since and self._known.was_refused(card)

    def may_be_last(self, card: CardNo) -> bool:
        """Where nobody tells the tries: whether by what is remembered only one may be left."""
        is_refused = card != ANY_BLANK and self._known.was_refused(card)
        return is_refused or self._known.spent(card) >= SPENT_MOST

    def code_is_sent(self, card: CardNo) -> int:
        """Kept before the code is: whatever becomes of card and program, that may have cost a try. As it was before."""
        before = self._known.spent(card)
        self._known.spend(card, min(before + 1, SPENT_MOST + 1))
        return before

    def code_was_wrong(self, card: CardNo) -> None:
        """And nothing tells that more than one try is left."""
        self._right_since.discard(card)
        if card == ANY_BLANK:
            self._tell(card, SPENT_MOST)
        else:
            self._known.refuse(card)

    def code_was_right(self, card: CardNo) -> None:
        """All tries are back."""
        self._tell(card, 0)
        if self._known.was_refused(card):
            self._right_since.add(card)

    def cost_nothing(self, card: CardNo, before: int) -> None:
        """It never reached the card, or was called right and the card left before that was proved."""
        self._tell(card, before)

    def tries_were_spent(self, card: CardNo, tries: int, *, before: int) -> None:
        """The answer to a wrong code told how many are gone; what a tear may have cost before counts too."""
        self._tell(card, max(before, tries))

    def _tell(self, card: CardNo, spent: int) -> None:
        if self._known.spent(card) != spent:
            self._known.spend(card, spent)
