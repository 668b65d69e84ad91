"""Composing the key vault of an office: in a sealed file beside its books, or in the token that its settings name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from vending_app.cardio.derivation import KEY_SIZE
from vending_app.cardio.derivation import DerivingVault as Vault
from vending_app.cardio.vault import SealedVault
from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.wiping import taken
from vending_app.ports import Entropy
from vending_app.settings import PKCS11, Settings

if TYPE_CHECKING:
    from vending_app.cardio.token_vault import TokenVault


class VaultPlace(Protocol):
    """Where the masters of an office are, and how they come there; `secret` is what opens it."""

    def open(self, secret: str) -> Vault:
        """Raises EnvironmentFault vault-…, token-…; OperatorError vault-passphrase-wrong, token-pin-…"""

    def create(self, secret: str, *, entropy: Entropy) -> Vault:
        """The first master key, made where it will stay. Raises as open, vault-damaged or token-key-exists."""

    def add_version(self, vault: Vault, secret: str, *, above: int = 0, entropy: Entropy) -> int:
        """The next master key beside the old ones, in the place and in the vault that is open. Raises as open.

        Its number is higher than theirs and than `above`.
        """

    def withdraw(self, vault: Vault) -> None:
        """Take back what `create` made, while nothing was made under it."""


@dataclass(frozen=True, slots=True)
class SealedPlace:
    """A sealed file: its masters are made of the system's randomness."""

    path: Path

    def open(self, secret: str) -> Vault:
        """See VaultPlace."""
        return SealedVault.open(self.path, secret)

    def create(self, secret: str, *, entropy: Entropy) -> Vault:
        """See VaultPlace."""
        return SealedVault.create(self.path, secret, key=taken(entropy(KEY_SIZE)), entropy=entropy)

    def add_version(self, vault: Vault, secret: str, *, above: int = 0, entropy: Entropy) -> int:
        """See VaultPlace."""
        assert isinstance(vault, SealedVault), "it was opened here"
        key = taken(entropy(KEY_SIZE))
        fresh = SealedVault.add_version(self.path, secret, key=key, above=above, entropy=entropy)
        vault.take_over(fresh)
        return vault.key_version

    def withdraw(self, vault: Vault) -> None:
        """See VaultPlace."""
        self.path.unlink()


@dataclass(frozen=True, slots=True)
class TokenPlace:
    """A PKCS#11 token: its masters are made inside it. The library for it is loaded with the first use."""

    module: str
    label: str

    def open(self, secret: str) -> Vault:
        """See VaultPlace."""
        return self._kind().open(self.module, self.label, secret)

    def create(self, secret: str, *, entropy: Entropy) -> Vault:
        """See VaultPlace; the token has randomness of its own."""
        return self._kind().create(self.module, self.label, secret)

    def add_version(self, vault: Vault, secret: str, *, above: int = 0, entropy: Entropy) -> int:
        """See VaultPlace; whoever asks shows the PIN that the token was opened with."""
        kind = self._kind()
        assert isinstance(vault, kind), "it was opened here"
        vault.require_pin(secret)
        return vault.add_version(above=above)

    def withdraw(self, vault: Vault) -> None:
        """See VaultPlace."""
        if isinstance(vault, self._kind()):
            vault.withdraw(1)

    def _kind(self) -> type[TokenVault]:
        try:
            from vending_app.cardio.token_vault import TokenVault  # noqa: PLC0415 - see the class
        except ImportError as cause:
            raise EnvironmentFault(Code.TOKEN_MODULE, module="python-pkcs11", reason=str(cause)) from cause
        return TokenVault


def place_of(sealed: Path, chosen: Settings) -> VaultPlace:
    """Where these settings have the keys; `sealed` is the file that would hold them."""
    if chosen.vault == PKCS11:
        return TokenPlace(chosen.vault_module, chosen.vault_token)
    return SealedPlace(sealed)


__all__ = ["SealedPlace", "TokenPlace", "Vault", "VaultPlace", "place_of"]
