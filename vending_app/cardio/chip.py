"""What a session asks of a chip, whichever it is, and what a desk gives its chips to work with.

The services know one image of 256 bytes (Totals 1). A memory chip has it as its memory; a chip with files puts it
together from them: header, order and write-back at their addresses, slot B erased. What a chip can do is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from vending_app.cardio.apdu import SW_DONE, Answer, Apdu
from vending_app.cardio.dialects import Dialect
from vending_app.cardio.link import Link, ask
from vending_app.cardio.refused import Trust
from vending_app.domain.card import CardImage, CardWrite, PastOrder
from vending_app.domain.ids import ReaderName
from vending_app.ports import CardCodec, Entropy, KeyVault
from vending_app.ports.progress import Told

CONTACTLESS = bytes.fromhex("8001")
"""Third and fourth byte of the answer to reset that readers make up for a card without contacts (PC/SC part 3)."""
STORAGE_CARD = bytes.fromhex("804F0CA000000306")
"""In it, if that card is a memory card (PC/SC part 3, 3.1.3.2.3)."""


class StatusWrong(Exception):
    """The reader or the card answered with a status word that this command does not have here."""

    def __init__(self, sw: int) -> None:
        super().__init__(f"{sw:04X}")
        self.sw = sw


def done(link: Link, apdu: Apdu) -> Answer:
    """The answer 9000 of a command, with its data. Raises StatusWrong for any other; as `ask`."""
    answer = ask(link, apdu)
    if answer.sw != SW_DONE:
        raise StatusWrong(answer.sw)
    return answer


class Ability(StrEnum):
    """What a chip in its reader can do beyond being read and written."""

    COUNTS_TRIES = "counts-tries"
    """It tells how many wrong codes it still forgives."""
    HAS_TO_ASK = "has-to-ask"
    """It tells that only if its reader passes the question on, and is presented no code unless it did."""
    COMMITS = "commits"
    """Nothing staged takes effect before `commit`, and then all of it at once."""


@dataclass(frozen=True, slots=True)
class Means:
    """What a desk gives the chips in one of its readers."""

    reader: ReaderName
    dialects: tuple[Dialect, ...]
    """Of memory cards with contacts, in the order in which they are tried."""
    codec: CardCodec
    vault: KeyVault
    entropy: Entropy
    """Random numbers for chips that want some."""
    trust: Trust
    """Knows the cards whose code turned out wrong, and outlives the session."""
    tries_from_books: bool = False
    """Whether a code is presented also where nobody tells the tries, by what the books know of it."""


class Chip(Protocol):
    """One chip in a reader, used by one session.

    Every method that sends something raises LinkTrouble, NoAnswer and StatusWrong; the session says what that means.
    """

    told: Told
    """Told by `stage` of an issue and by `clear` how far they are."""
    has_written: bool
    """Turns true before the first command is sent that may change the card; the session turns it back."""

    @property
    def name(self) -> str:
        """The chip's type, as people call it."""

    @property
    def dialect(self) -> str:
        """The dialect in which its reader is spoken to; empty where there is only one."""

    @property
    def uid(self) -> bytes:
        """The number that the chip's maker gave it, as it was identified last; empty for a chip without one."""

    @property
    def abilities(self) -> frozenset[Ability]: ...

    def may_be(self, atr: bytes) -> bool:
        """Whether a card with this answer to reset could be this chip. It never proves that it is."""

    def identify(self) -> None:
        """Begin anew with the card that lies there now. Raises StatusWrong if it is no such chip."""

    def read(self) -> bytes:
        """The image of 256 bytes. Raises EnvironmentFault key-version-unknown of a chip whose records keys keep."""

    def outline(self) -> bytes:
        """The image up to the end of the header, which every chip shows without a key; asked after `identify`."""

    def history(self) -> tuple[PastOrder, ...]:
        """The orders that the card which was read remembers, newest first; none of a chip that remembers none."""

    @property
    def issue_begun(self) -> bool | None:
        """Whether an issue was begun on the blank card that was read; None if it cannot tell. Sends nothing."""

    def tries(self) -> int | None:
        """How many presentations of its code are left, 0 to 3; None if nobody tells."""

    def require_tries(self, image: CardImage) -> None:
        """Whether it has the tries that an issue on a blank card, or making one of ours blank or a tool card anew,
        wants by the rules of `unlock` and `clear`. Presents nothing.

        Raises OperatorError card-locked, card-last-try, card-tries-untold; nothing of a chip that forgives any number.
        """

    def unlock(self, image: CardImage, write: CardWrite) -> None:
        """Make it ready for this write; a card that carries it whole already is left alone.

        Raises OperatorError card-locked, card-last-try, card-tries-untold (nothing tried), psc-wrong, reader-dialect.
        """

    def stage(self, image: CardImage, write: CardWrite) -> None:
        """Write what differs between the image, as read, and the write. Repeating it is harmless.

        Raises OutcomeUnknown sale-in-doubt if the card does not take it.
        """

    def commit(self) -> None:
        """Let what was staged take effect; asked only of a chip that COMMITS."""

    def clear(self, image: CardImage) -> None:
        """Make the customer's card that was read a blank one: unlock it, erase it, give it back its factory code or
        keys where it had some. A card that is torn out meanwhile still says whose it is, or reads as blank.

        Raises OperatorError as `unlock`.
        """

    def restore_header(self, image: CardImage, issue: CardWrite) -> None:
        """Write the header of its issue over a damaged one; the card was unlocked as for a sale.

        Raises OperatorError card-not-repairable where a header cannot be lost.
        """

    def carries(self, raw: bytes, write: CardWrite) -> bool:
        """Whether this image holds the write whole; of an issue also the mark that it is complete."""

    def close(self) -> None:
        """Forget what was agreed with the card: no key outlives the session. Sends nothing."""
