"""What services need of cards and readers, as Protocols: a part of `ports` with a subject of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from vending_app.ports.progress import Told, nobody_told

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from vending_app.domain.card import CardHeader, CardImage, CardKind, CardWrite, Order, PastOrder, WriteBack
    from vending_app.domain.card_fields import CardField
    from vending_app.domain.ids import CardNo, ReaderName, SupplyNo
    from vending_app.domain.tool_card import FieldRecord, Limits, Mandate, NewKeys


class CardCodec(Protocol):
    """A card format: bytes to meaning and back. Total: any bytes give an image."""

    def decode(self, raw: bytes) -> CardImage:
        """Everything that 256 bytes say, MACs checked."""

    def outline(self, raw: bytes) -> CardImage:
        """What the beginning of an image says, up to the end of its header; the records behind it are not known."""

    def fields(self, raw: bytes, *, uid: bytes = b"", kind: CardKind | None = None) -> tuple[CardField, ...]:
        """Every field of an image, or of an outline, with what its bytes say, proved or not; none of anything else.

        Of a card with a UID the image begins with it. `kind` is what it is known to be, where its header does not say
        so: of what nobody knows the kind of, everything is `FieldUse.UNSURE`.
        """

    def supplies_named(self, raw: bytes) -> tuple[SupplyNo, ...]:
        """What the complete slots of an image say, proved or not: whose card it may be that lost its header."""

    def with_header(self, raw: bytes, header: bytes) -> CardImage:
        """What the image would say under this header: the MAC of an order proves whether it is the card's own."""

    def may_become(self, image: CardImage, write: CardWrite) -> bool:
        """Whether this card could be the blank one on which `write` began, or the tool card that it makes anew."""

    def encode_order(self, order: Order, *, card: CardNo) -> bytes:
        """The complete 64-byte record, state byte first, MAC last."""

    def encode_header(self, header: CardHeader) -> bytes:
        """The 16-byte header with its CRC."""

    def encode_write_back(self, write_back: WriteBack, *, card: CardNo) -> bytes:
        """The complete 64-byte record of a meter."""

    def encode_mandate(
        self,
        kind: CardKind,
        mandate: Mandate,
        *,
        card: CardNo,
        limits: Limits | None = None,
        new_keys: NewKeys | None = None,
    ) -> bytes:
        """The 32 bytes of a tool card's mandate, state byte first, MAC last; limits are 32 bytes more, new keys 128."""

    def encode_field_record(self, record: FieldRecord, *, mandate: Mandate, card: CardNo) -> bytes:
        """The 32 bytes that a meter leaves on a tool card."""


@dataclass(frozen=True, slots=True)
class ReaderState:
    """One reader as the watcher sees it."""

    name: ReaderName
    card_present: bool


class CardSession(Protocol):
    """One card, from identification to verification, inside one transaction of the reader.

    Every method raises EnvironmentFault reader-…, pcsc-…; OperatorError card-removed while nothing was written yet;
    and after the first byte was sent for writing, OutcomeUnknown sale-in-doubt for whatever breaks.
    """

    @property
    def reader(self) -> ReaderName: ...
    @property
    def chip(self) -> str:
        """What chip the card was recognised as, when it was read last."""

    @property
    def dialect(self) -> str:
        """How its reader was spoken to; empty where there is only one way."""

    @property
    def atr(self) -> bytes:
        """The answer to reset as the reader tells it; it never proves the chip."""

    @property
    def uid(self) -> bytes:
        """The number that the chip's maker gave it, 4 or 7 bytes; empty for a chip without one."""

    @property
    def read_ms(self) -> int:
        """How long reader and chip took to be recognised and read the last time, in milliseconds."""
        ...

    def read(self) -> CardImage:
        """Identify the chip, read and decode it. An unreadable card is an image of that state, not an error."""

    def outline(self) -> CardImage:
        """What a card tells anybody whose `read` raised key-version-unknown: whose it is, and no order or write-back.

        Only for a person to look at: what this image does not show may be on the card all the same.
        """

    def history(self) -> tuple[PastOrder, ...]:
        """The orders that the card which was read remembers, newest first. Never raises: none of a chip that remembers
        none, nor of a card that does not tell or has left."""

    @property
    def issue_begun(self) -> bool | None:
        """Whether an issue was begun on the blank card that was read, and not finished. None of any other card, and of
        a chip that cannot tell."""

    def tries(self) -> int | None:
        """How many presentations of its code the card that was read still allows, 0 to 3, asked also where reading does
        without. Never raises: None if nobody tells, or the card has left."""

    def require_tries(self) -> None:
        """Refuse what `unlock` for an issue, or `clear`, would refuse of the card that was read for its tries alone:
        asked before the books tell of it or give a number. Presents no code.

        Raises OperatorError card-locked, card-last-try, card-tries-untold, card-swapped, card-unreadable.
        """

    def unlock(self, write: CardWrite) -> None:
        """Make the chip ready to be written: error counter read first, then the card's code.

        Raises OperatorError card-locked, card-last-try, card-tries-untold (never tried), psc-wrong.
        """

    def write(self, write: CardWrite, *, told: Told = nobody_told) -> None:
        """Write the bytes that differ, state byte last. The record goes to the slot that already holds
        part of it, else to the invalid or older one. Repeating it is harmless."""

    def carries(self, write: CardWrite) -> bool:
        """Read the card and tell whether it carries `write` whole."""

    def clear(self, card: CardNo, *, told: Told = nobody_told) -> None:
        """Make the customer's card that was read blank again, and see that it is; torn, it is done again.

        Raises OperatorError card-swapped, card-torn, card-not-cleared, and as `unlock`; never OutcomeUnknown.
        """

    def unlock_nameless(self, issue: CardWrite) -> None:
        """Make a card that lost its header ready to get it again, if an order on it proves that it is this very card.

        Raises OperatorError card-swapped, and as `unlock`.
        """

    def restore_header(self, issue: CardWrite) -> None:
        """Write the header of its issue on the card that was unlocked for it. Torn, all of it is done again.

        Raises OperatorError card-not-repairable for a chip whose header cannot be lost; OutcomeUnknown sale-in-doubt.
        """

    def verify(self, write: CardWrite) -> CardImage:
        """Read the card again and compare: the image if it carries `write` whole, else raises OutcomeUnknown."""


class CardDesk(Protocol):
    """The readers of this desk."""

    codec: CardCodec

    @property
    def dialects(self) -> tuple[str, ...]:
        """How readers of memory cards can be spoken to, by name."""

    def speak(self, dialect: str, *, tries_from_books: bool) -> None:
        """Speak so from the next session on; an empty dialect lets each reader say it.

        `tries_from_books` presents a card's code also where nobody tells its tries, by what the books know: a card
        that lost two somewhere else would be lost. Raises OperatorError reader-dialect.
        """

    def readers(self) -> tuple[ReaderState, ...]:
        """All readers now. Raises EnvironmentFault pcsc-no-service, pcsc-denied."""

    def session(self, reader: ReaderName) -> AbstractContextManager[CardSession]:
        """Connect and hold the card. Raises OperatorError card-absent, EnvironmentFault reader-gone, reader-busy."""

    def watch(self, known: tuple[ReaderState, ...], *, timeout_ms: int) -> tuple[ReaderState, ...]:
        """Wait until the readers differ from `known` or the time is over, and return them.

        Never raises for a service that is down: it returns no readers then.
        """

    def close(self) -> None: ...
