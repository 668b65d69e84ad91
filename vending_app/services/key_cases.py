"""What may be asked about master keys, and the answers; frozen values, as every use case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from vending_app.domain.ids import ApprovalId
from vending_app.domain.key_ceremony import KeyDeed, KeyEvent, KeyShare, KeyState


@dataclass(frozen=True, slots=True)
class ShowKeys:
    """Answer: KeysShown."""


@dataclass(frozen=True, slots=True)
class KeyTold:
    """One version of the master keys, by what may be seen of it."""

    version: int
    check_value: str
    """Empty where no key is here and no event tells it: the books know the version by its cards and meters alone."""
    state: KeyState
    events: tuple[KeyEvent, ...]
    """The oldest first."""
    uncleared: int = 0
    """Old cards made under it that were never made blank, of a version that is not the newest: once it is retired, none
    of them can be."""
    other: str = ""
    """The check value of the key that is here, where it is another one: `check_value` is the office's then."""

    @property
    def since(self) -> datetime | None:
        """When it was made; None for what the office began with."""
        return next((event.at for event in self.events if event.deed is KeyDeed.MADE), None)

    @property
    def shared(self) -> KeyEvent | None:
        """The newest sharing: who holds which share. Those of an earlier one join to the same key."""
        return next((event for event in reversed(self.events) if event.deed is KeyDeed.SHARED), None)


@dataclass(frozen=True, slots=True)
class KeysShown:
    """Where the masters are, and each of them, the oldest first."""

    place: str
    keys: tuple[KeyTold, ...]


@dataclass(frozen=True, slots=True)
class ShareKey:
    """Hand out shares of one master to named custodians. Answer: KeyShared; always with an approval.

    Fails with custodians-refused, key-in-token, key-version-not-here.
    """

    key_version: int
    custodians: tuple[str, ...]
    approval: ApprovalId | None = None


@dataclass(frozen=True, slots=True)
class KeyShared:
    """A share for each custodian, in their order; they are in the books already, and nowhere else."""

    event: KeyEvent
    shares: tuple[KeyShare, ...]


@dataclass(frozen=True, slots=True)
class RollKeys:
    """Make the next version of the master keys, always with an approval. Answer: KeyEvent.

    `secret` is the passphrase of the sealed file once more, or the PIN of the token. Fails with
    vault-passphrase-wrong, token-pin-wrong, vault-not-written, key-versions-used-up; key-version-taken if another desk
    made one meanwhile, and key-other where this desk holds another key than the books tell of.
    """

    secret: str
    approval: ApprovalId | None = None

    def __repr__(self) -> str:
        return "RollKeys(…)"


@dataclass(frozen=True, slots=True)
class JoinShares:
    """Bring back a version that this vault lacks, of all its shares; always with an approval. Answer: KeyEvent.

    It must be the key that the books told of. `secret` is the passphrase of the sealed file once more. Fails with
    key-not-in-books, key-version-exists, key-in-token, vault-passphrase-wrong, vault-not-written, and as ProveShares.
    """

    shares: tuple[KeyShare, ...]
    secret: str
    approval: ApprovalId | None = None

    def __repr__(self) -> str:
        return "JoinShares(…)"


@dataclass(frozen=True, slots=True)
class RetireKey:
    """Make and take nothing under a version any more; always with an approval. Answer: KeyEvent.

    Its master stays where it is. ShowKeys tells before how many old cards cannot be made blank afterwards.
    Fails with key-version-needed, telling how many cards and meters have nothing newer;
    key-version-newest, key-version-not-here.
    """

    key_version: int
    approval: ApprovalId | None = None


Approvable = ShareKey | RollKeys | JoinShares | RetireKey
"""What needs a second person."""


@dataclass(frozen=True, slots=True)
class ProveShares:
    """Join shares for trial and compare with the key of this office. Answer: KeyEvent.

    Fails with key-share-twice, key-share-other, key-shares-missing, key-shares-differ, key-version-not-here.
    """

    shares: tuple[KeyShare, ...]
