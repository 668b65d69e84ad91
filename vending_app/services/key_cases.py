"""What may be asked about master keys, and the answers; frozen values, as every use case."""

from __future__ import annotations

from dataclasses import dataclass

from vending_app.domain.ids import ApprovalId
from vending_app.domain.key_ceremony import KeyEvent, KeyShare


@dataclass(frozen=True, slots=True)
class ShowKeys:
    """Answer: KeysShown."""


@dataclass(frozen=True, slots=True)
class KeyTold:
    """One version of the master keys, by what may be seen of it."""

    version: int
    check_value: str
    events: tuple[KeyEvent, ...]
    """The oldest first."""


@dataclass(frozen=True, slots=True)
class KeysShown:
    """Where the masters are, and each of them; new records are made under the last."""

    place: str
    keys: tuple[KeyTold, ...]


@dataclass(frozen=True, slots=True)
class ShareKey:
    """Hand out shares of one master to named custodians. Answer: KeyShared; always with an approval.

    Fails with custodians-refused, key-in-token, key-version-unknown.
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

    `secret` is the passphrase of the sealed file once more. Fails with vault-passphrase-wrong.
    """

    secret: str
    approval: ApprovalId | None = None

    def __repr__(self) -> str:
        return "RollKeys(…)"


Approvable = ShareKey | RollKeys
"""What needs a second person."""


@dataclass(frozen=True, slots=True)
class ProveShares:
    """Join shares for trial and compare with the key of this office. Answer: KeyEvent.

    Fails with key-share-twice, key-share-other, key-shares-missing, key-shares-differ, key-version-unknown.
    """

    shares: tuple[KeyShare, ...]
