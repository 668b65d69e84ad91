"""Composing a key ceremony: the vault of an office, shares on paper, and the way back from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vending_app.cardio.derivation import check_value_of, cmac
from vending_app.cardio.sharing import joined
from vending_app.cardio.vault import SealedVault
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError
from vending_app.domain.key_ceremony import KeyDeed, KeyEvent, KeyShare, require_together, require_told
from vending_app.domain.wiping import lent, wipe
from vending_app.ports import Clock, Entropy
from vending_app.settings import PKCS11, SEALED
from vending_app.vaults import SealedPlace, Vault, VaultPlace

SHARING_BYTES = 2


@dataclass(frozen=True, slots=True)
class Custody:
    """Implements ports.key_keeping.KeyCustody over an open vault."""

    vault: Vault
    place_of_keys: VaultPlace
    entropy: Entropy

    @property
    def place(self) -> str:
        """See KeyCustody."""
        return SEALED if isinstance(self.vault, SealedVault) else PKCS11

    def shares(self, key_version: int, *, count: int) -> tuple[KeyShare, ...]:
        """See KeyCustody."""
        if not isinstance(self.vault, SealedVault):
            raise OperatorError(Code.KEY_IN_TOKEN)
        check_value = self.vault.check_value(key_version)
        secrets = self.vault.split(key_version, count=count, entropy=self.entropy)
        sharing = self.entropy(SHARING_BYTES).hex().upper()
        return tuple(
            KeyShare(key_version, number, count, sharing, check_value, secret)
            for number, secret in enumerate(secrets, start=1)
        )

    def add_version(self, secret: str, *, above: int) -> int:
        """See KeyCustody."""
        return self.place_of_keys.add_version(self.vault, secret, above=above, entropy=self.entropy)

    def prove(self, shares: Sequence[KeyShare]) -> None:
        """See KeyCustody."""
        with lent(joined_key(shares)) as key:
            is_ours = self.vault.holds(shares[0].key_version, key)
        if not is_ours:
            raise OperatorError(Code.KEY_SHARES_DIFFER)

    def restore(self, shares: Sequence[KeyShare], secret: str) -> None:
        """See KeyCustody."""
        if not isinstance(self.vault, SealedVault) or not isinstance(self.place_of_keys, SealedPlace):
            raise OperatorError(Code.KEY_IN_TOKEN)
        version = shares[0].key_version
        if version in self.vault.held:
            raise OperatorError(Code.KEY_VERSION_EXISTS, key_version=version)
        self.vault.take_over(_restored(self.place_of_keys, secret, shares, entropy=self.entropy))

    def retire(self, key_version: int) -> None:
        """See KeyCustody."""
        self.vault.retire([key_version])


def joined_key(shares: Sequence[KeyShare]) -> bytearray:
    """The key of shares that belong together, for the caller to wipe. Raises OperatorError key-share-…, key-shares-…"""
    first = require_together(tuple(shares))
    key = joined(share.secret for share in shares)
    if check_value_of(lambda message: cmac(key, message)) != first.check_value:
        wipe(key)
        raise OperatorError(Code.KEY_SHARES_DIFFER)
    return key


def restored_of_shares(
    place: SealedPlace,
    passphrase: str,
    shares: Sequence[KeyShare],
    *,
    events: tuple[KeyEvent, ...],
    signing_key: bytes | None,
    entropy: Entropy,
    clock: Clock,
) -> KeyEvent:
    """Make a lost sealed file of the shares of version 1, which every log-in comes of; nobody can log in before.

    `signing_key` is what the office has published, `events` what its books tell of keys: one of them must prove the
    shares. What the books are to be told is given back. Raises OperatorError key-share-…, key-shares-…,
    key-not-in-books; EnvironmentFault vault-missing for another version, vault-damaged.
    """
    first = require_together(tuple(shares))
    if first.key_version != 1:
        raise EnvironmentFault(Code.VAULT_MISSING)
    if signing_key is None or any(e.key_version == 1 and e.deed is not KeyDeed.RESTORED for e in events):
        require_told(first, events)
    _restored(place, passphrase, shares, entropy=entropy, signing_key=signing_key).lock()
    return KeyEvent(KeyDeed.RESTORED, first.key_version, first.check_value, (), first.sharing, clock())


def _restored(
    place: SealedPlace,
    passphrase: str,
    shares: Sequence[KeyShare],
    *,
    entropy: Entropy,
    signing_key: bytes | None = None,
) -> SealedVault:
    """The sealed file with the joined version in it, opened."""
    version, path = shares[0].key_version, place.path
    with lent(joined_key(shares)) as key:
        if signing_key is not None and _signing_key_of(key) != signing_key:
            raise OperatorError(Code.KEY_SHARES_DIFFER)
        if version in _versions_in(path, passphrase):
            raise OperatorError(Code.KEY_VERSION_EXISTS, key_version=version)
        return SealedVault.restore_version(path, passphrase, version, key=bytearray(key), entropy=entropy)


def _signing_key_of(key: bytearray) -> bytes:
    trial = SealedVault({1: bytearray(key)})
    try:
        return trial.signing_key
    finally:
        trial.lock()


def _versions_in(path: Path, passphrase: str) -> tuple[int, ...]:
    if not path.exists():
        return ()
    there = SealedVault.open(path, passphrase)
    try:
        return there.held
    finally:
        there.lock()
