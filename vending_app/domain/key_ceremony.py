"""What is done with master keys before witnesses: made, shared out on paper, proven, joined again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vending_app.domain.errors import Code, EnvironmentFault, OperatorError
from vending_app.domain.ids import OperatorName
from vending_app.domain.wiping import wipe

SHARES = (2, 3)
"""So many custodians: all of them are needed to join a key, and fewer know nothing about it."""
LONGEST_CUSTODIAN = 60
LAST_VERSION = 255
"""A card, a share and a file of keys have one byte for the number of a version."""


class KeyDeed(StrEnum):
    """What was done with one version of the master keys."""

    MADE = "made"
    SHARED = "shared"
    """Shares were handed out; those of an earlier sharing still join to the same key."""
    PROVEN = "proven"
    """Shares were joined for trial, and gave the key of this vault."""
    RESTORED = "restored"
    """A vault that was lost was made of its shares."""
    RETIRED = "retired"
    """No record is made or taken under it any more: no card and no meter needs it."""


class KeyState(StrEnum):
    """What one version of the master keys is good for now."""

    CURRENT = "current"
    """The newest: what key cards bring to meters."""
    ACCEPTED = "accepted"
    """Cards and meters of it go on."""
    RETIRED = "retired"
    MISSING = "missing"
    """The books tell of it and it is not here: it comes back of its shares, or with the newest file."""
    OTHER = "other"
    """Another key is here under its number than the books tell of: the office's comes with the right file."""


@dataclass(frozen=True, slots=True)
class KeyNeed:
    """What in the field would be lost without a version."""

    cards: int
    """Customers' and tool cards that were made under it, or that something under it waits for."""
    meters: int
    """That never proved a newer one; of the oldest in use, that never proved the one that is the oldest after it."""

    @property
    def is_none(self) -> bool:
        return not self.cards and not self.meters

    def require_none(self, key_version: int) -> None:
        """Raises OperatorError key-version-needed."""
        if not self.is_none:
            facts = {"cards": self.cards, "meters": self.meters}
            raise OperatorError(Code.KEY_VERSION_NEEDED, key_version=key_version, **facts)


@dataclass(frozen=True, slots=True)
class KeyEvent:
    """One row of the books about keys: names and check values, never a byte of a key."""

    deed: KeyDeed
    key_version: int
    check_value: str
    custodians: tuple[str, ...]
    sharing: str
    """Four hexadecimal figures that the shares handed out together have in common; empty where none were."""
    at: datetime
    operator: OperatorName | None = None
    approver: OperatorName | None = None


@dataclass(frozen=True, slots=True)
class KeyShare:
    """One share as it is on paper. Neither a repr nor an error shows its secret."""

    key_version: int
    number: int
    """From 1."""
    of: int
    sharing: str
    check_value: str
    """Of the whole key, six hexadecimal figures."""
    secret: bytearray

    def __repr__(self) -> str:
        return f"KeyShare({self.number} of {self.of}, version {self.key_version})"

    def wipe(self) -> None:
        """Its custodian has it."""
        wipe(self.secret)


def require_custodians(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names as they will be told. Raises OperatorError custodians-refused."""
    told = tuple(" ".join(name.split()) for name in names)
    is_fit = all(name.isprintable() and 0 < len(name) <= LONGEST_CUSTODIAN for name in told)
    if len(told) not in SHARES or not is_fit or len({name.casefold() for name in told}) != len(told):
        raise OperatorError(Code.CUSTODIANS_REFUSED, least=SHARES[0], most=SHARES[-1])
    return told


def next_version(held: Iterable[int], *, above: int) -> int:
    """The number of a new version: it follows the newest that is held, and `above` if a newer one is known of.

    Raises EnvironmentFault key-versions-used-up.
    """
    version = max(*held, above) + 1
    if version > LAST_VERSION:
        raise EnvironmentFault(Code.KEY_VERSIONS_USED_UP, last=LAST_VERSION)
    return version


def require_told(share: KeyShare, events: tuple[KeyEvent, ...]) -> None:
    """The key that a share says it is of is the one that the books told of first, when it was there to be told.

    Raises OperatorError key-shares-differ, key-not-in-books.
    """
    told = [e for e in events if e.key_version == share.key_version and e.deed is not KeyDeed.RESTORED]
    if not told:
        raise OperatorError(Code.KEY_NOT_IN_BOOKS, key_version=share.key_version)
    if told[0].check_value != share.check_value:
        raise OperatorError(Code.KEY_SHARES_DIFFER)


def require_together(shares: tuple[KeyShare, ...]) -> KeyShare:
    """One of shares that belong together and are all there.

    Raises OperatorError key-share-twice, key-share-other, key-shares-missing.
    """
    if not shares:
        raise OperatorError(Code.KEY_SHARES_MISSING, missing="1")
    first = shares[0]
    if len({share.number for share in shares}) != len(shares):
        raise OperatorError(Code.KEY_SHARE_TWICE)
    for share in shares:
        alike = (share.key_version, share.of, share.sharing, share.check_value)
        if alike != (first.key_version, first.of, first.sharing, first.check_value):
            raise OperatorError(Code.KEY_SHARE_OTHER, number=share.number)
    missing = sorted(set(range(1, first.of + 1)) - {share.number for share in shares})
    if missing:
        raise OperatorError(Code.KEY_SHARES_MISSING, missing=", ".join(map(str, missing)))
    return first
