"""Which cards have lost the trust that a right MAC gives them, because their code turned out wrong."""

from __future__ import annotations

from typing import Protocol

from vending_app.domain.ids import CardNo


class RefusedCodes(Protocol):
    """The cards whose own code was ever wrong. Kept beyond the program, or every start may cost a card one more try."""

    def add(self, card: CardNo, /) -> None:
        """Repeating it is harmless."""

    def __contains__(self, card: object, /) -> bool: ...


SPENT_MOST = 2
"""Of three tries: with so many that are spent, or may be, the next one would be the last."""


class Trust:
    """What a desk makes of it: a code that was right since gives the trust back, until the program ends.

    The record itself stays: the wrong code may have been a copy's, and the copy may come again.
    """

    def __init__(self, refused: RefusedCodes | None) -> None:
        self._refused: RefusedCodes = set[CardNo]() if refused is None else refused
        self._right_since: set[CardNo] = set()
        self._spent: dict[CardNo, int] = {}

    def is_lost(self, card: CardNo) -> bool:
        """Whether this card may be tried only with all of its tries."""
        return card not in self._right_since and card in self._refused

    def may_be_last(self, card: CardNo) -> bool:
        """Where nobody tells the tries: whether by what is remembered only one may be left."""
        return card in self._refused or self._spent.get(card, 0) >= SPENT_MOST

    def code_was_wrong(self, card: CardNo) -> None:
        self._right_since.discard(card)
        self._refused.add(card)

    def code_was_right(self, card: CardNo) -> None:
        self._spent.pop(card, None)
        if card in self._refused:
            self._right_since.add(card)

    def no_answer(self, card: CardNo) -> None:
        """The code was sent, and nobody knows what the card made of it: that may have cost a try."""
        self._spent[card] = self._spent.get(card, 0) + 1

    def tries_were_spent(self, card: CardNo, tries: int) -> None:
        """The answer to a wrong code told how many are gone."""
        self._spent[card] = max(self._spent.get(card, 0), tries)
