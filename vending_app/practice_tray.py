"""The practice cards, where each of them is, and the faults that befall them in the reader."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from vending_app.cardio.builtin import BuiltInReaders
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.faults import Fault, FaultKind, Residue
from vending_app.cardio.emulated.store import FileStore
from vending_app.practice_street import TRAY
from vending_app.services.drill_list import AMARA, BAKERY
from vending_app.services.practice_cases import CardFault

PULLED_EARLY = Fault(FaultKind.TEAR, 14, Residue.MIXED)
"""Well inside the order: the slot is begun and not complete."""
_PLANS = {
    CardFault.UNWRITTEN: Fault(FaultKind.PULL_UNWRITTEN),
    CardFault.TORN: PULLED_EARLY,
    CardFault.UNCHECKED: Fault(FaultKind.PULL_UNCHECKED),
}


class Tray:
    """The practice cards, kept in files, and the one in the reader."""

    def __init__(self, folder: Path, readers: BuiltInReaders, *, wait: Callable[[int], None] | None) -> None:
        self._readers, self._folder, self._wait = readers, folder, wait
        self._cards = {c.key: EmulatedCard(FileStore(folder / f"{c.key}.bin"), wait=wait) for c in TRAY}
        self._at_hand: str | None = None
        self.fault = CardFault.NONE
        """What happens to the next card that is written."""

    @property
    def in_reader(self) -> str | None:
        """A card that a fault threw out is not in the reader any more."""
        held = self._readers.held_card()
        return next((key for key, card in self._cards.items() if card is held), None)

    @property
    def at_hand(self) -> str | None:
        """The card in the reader, or the one last taken out of it."""
        return self.in_reader or self._at_hand

    def card(self, key: str) -> EmulatedCard:
        return self._cards[key]

    def insert(self, key: str) -> None:
        """Put a card into the reader; the one there goes back to the tray."""
        self.pull()
        self._at_hand = key
        self._readers.insert(self._cards[key])
        self.set_fault(self.fault)

    def pull(self) -> None:
        """Take the card out; outside a reader no fault strikes it."""
        self._at_hand = self.at_hand
        self._readers.pull()
        self._disarm()

    def renew(self, key: str) -> None:
        """A fresh blank card in the place of this one."""
        if self.in_reader == key:
            self.pull()
        self._cards[key] = EmulatedCard(FileStore.blank(self._folder / f"{key}.bin"), wait=self._wait)

    def set_fault(self, fault: CardFault) -> None:
        """Plan what happens to the next card that is written, or call it off."""
        self._disarm()
        self.fault = fault
        key = self.in_reader
        if key is None:
            return
        if fault is CardFault.SWAPPED:
            self._readers.swap(self._cards[BAKERY if key == AMARA else AMARA])
        else:
            self._cards[key].arm(_PLANS.get(fault))

    def _disarm(self) -> None:
        self._readers.swap(None)
        for card in self._cards.values():
            card.arm(None)

    def notice(self) -> None:
        """A fault strikes once; then its switch goes back by itself."""
        key = self._at_hand
        if key is None or self.fault is CardFault.NONE:
            return
        was_swapped = self.fault is CardFault.SWAPPED and self.in_reader not in {None, key}
        if was_swapped or self._cards[key].is_out:
            self._at_hand = self.at_hand
            self.fault = CardFault.NONE
