"""What a key ceremony needs from outside: the vault that holds the masters, and the books that tell of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Protocol

from vending_app.domain.ids import MeterNo
from vending_app.domain.key_ceremony import KeyEvent, KeyShare

if TYPE_CHECKING:
    from contextlib import AbstractContextManager


class KeyCustody(Protocol):
    """Master keys where they are kept. Nothing here returns a whole one."""

    @property
    def place(self) -> str:
        """`sealed` or `pkcs11`: where the masters are."""

    def shares(self, key_version: int, *, count: int) -> tuple[KeyShare, ...]:
        """Fresh shares that only together give this master.

        Raises OperatorError key-in-token where it never leaves its token; EnvironmentFault key-version-not-here.
        """

    def add_version(self, secret: str, *, above: int) -> int:
        """The next master, made where masters are kept; the vault that is open has it at once. Gives its number, which
        follows the newest that is there and `above`: one that is missing here may come back.

        `secret` is the passphrase of the sealed file once more, or the PIN that opened the token. Raises OperatorError
        vault-passphrase-wrong, token-pin-wrong; EnvironmentFault vault-…, token-…, key-versions-used-up.
        """

    def prove(self, shares: Sequence[KeyShare]) -> None:
        """Join them and compare with the master of their version; the joined key is wiped.

        Raises OperatorError key-shares-differ if they give another key than they say or than is held here, and as
        `require_together`; EnvironmentFault key-version-not-here.
        """

    def restore(self, shares: Sequence[KeyShare], secret: str) -> None:
        """Put a version that is lacking back where masters are kept; the vault that is open has it at once.

        Raises OperatorError key-in-token, key-version-exists, vault-passphrase-wrong, and as `prove`.
        """

    def retire(self, key_version: int) -> None:
        """The vault that is open makes and takes nothing under it any more; its master stays where it is."""


class KeyBooks(Protocol):
    """The part of the ledger about keys."""

    def tell_of_key(self, event: KeyEvent) -> None:
        """One row of the journal, by the right of whoever is at work.

        Raises EnvironmentFault key-other if the books tell of another key under this version.
        """

    def claiming_key(self, *, above: int) -> AbstractContextManager[None]:
        """While a version that follows `above` is made, stored and told: at no other desk is one made meanwhile.

        The block is one transaction: nothing is told of what could not be stored. What is stored and, at a crash, not
        told, nothing was made under. Raises OperatorError key-version-taken, before the block, if one was made since.
        """

    def retire_key(self, event: KeyEvent, *, on: date, next_oldest: int | None = None) -> None:
        """Tell that a version is retired, if nothing in the field needs it and nothing waits under it in the very
        transaction that tells it; a tool card needs it until it is read in or past its last day.

        `next_oldest` is the version that every meter must have afterwards, where this is the oldest in use: whatever
        newer one it proved, a meter that never proved that one counts. Large books are looked through for seconds, and
        nobody waits for that. Whatever is reserved later is refused under it.

        Raises OperatorError key-version-needed, and as `tell_of_key`.
        """

    def newest_key_event(self) -> int:
        """A number that rises with every row about keys; 0 before the first."""

    def key_check_values(self) -> Mapping[int, str]:
        """By version, as the books told first; what was restored of shares only repeats it."""

    def key_events(self) -> tuple[KeyEvent, ...]:
        """The oldest first, with who did it and who approved it."""

    def retired_keys(self) -> tuple[int, ...]:
        """The versions that were retired."""

    def key_versions_seen(self) -> frozenset[int]:
        """Of orders, cards, tool cards and what meters proved: the newest always, an older one while it is about."""

    def key_versions_proved(self, meter: MeterNo) -> frozenset[int]:
        """What it wrote back under, for whatever supply, the orders that it took, and what came in of it by tool cards.

        A meter forgets none.
        """

    def uncleared_cards(self) -> Mapping[int, int]:
        """By version: customers' cards that were replaced, or whose supply is closed, and that were never made blank.

        One that was lost may never come back, so none of them keeps a version from being retired.
        """
