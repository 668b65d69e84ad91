"""The key vault in a PKCS#11 token: master keys are made there and never leave it; the token answers AES-CMAC only.

A master is a secret AES key of 16 bytes labelled `vending-app master`, whose CKA_ID is its version as one byte:
private, sensitive, not extractable, for signing alone. What is derived from it is computed by the token, kept here in
bytearrays for as long as the vault is open, and wiped by `lock`.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping

from pkcs11 import Attribute, KeyType, Object, ObjectClass, SecretKey, Session

from vending_app.cardio.derivation import KEY_SIZE, OPENED_LABEL, DerivingVault, counter_mode
from vending_app.cardio.token_session import TokenSession
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError, VendingError
from vending_app.domain.key_ceremony import next_version
from vending_app.domain.wiping import lent, wipe

LABEL = "vending-app master"
_MASTER = {Attribute.CLASS: ObjectClass.SECRET_KEY, Attribute.KEY_TYPE: KeyType.AES, Attribute.LABEL: LABEL}
_SIGNS_ONLY = {
    Attribute.PRIVATE: True,
    Attribute.SENSITIVE: True,
    Attribute.EXTRACTABLE: False,
    Attribute.MODIFIABLE: False,
    Attribute.SIGN: True,
    Attribute.VERIFY: False,
    Attribute.ENCRYPT: False,
    Attribute.DECRYPT: False,
    Attribute.WRAP: False,
    Attribute.UNWRAP: False,
    Attribute.DERIVE: False,
}


class TokenVault(DerivingVault):
    """Implements ports.KeyVault over a token that somebody logged in to; one at a time in a process."""

    def __init__(self, token: TokenSession, keys: Mapping[int, SecretKey]) -> None:
        super().__init__()
        self._token = token
        self._keys = dict(keys)
        self._opened_by = bytearray()
        """What the first master derives of the PIN that opened the token; without the token it tells nothing of it."""

    @classmethod
    def create(cls, module: str, label: str, pin: str) -> TokenVault:
        """Let the token make a master key as version 1. Raises as open, EnvironmentFault token-key-exists."""
        vault = cls._at(TokenSession.open(module, label, pin))
        try:
            if vault._keys:
                raise EnvironmentFault(Code.TOKEN_KEY_EXISTS, token=label)
            vault._make(1)
            vault._opened_by = vault._of_pin(pin)
        except VendingError:
            vault.lock()
            raise
        return vault

    @classmethod
    def open(cls, module: str, label: str, pin: str) -> TokenVault:
        """Log in and find the masters.

        Raises as TokenSession.open; EnvironmentFault token-key-missing without one, token-key-exposed for one that
        could be read out of the token.
        """
        vault = cls._at(TokenSession.open(module, label, pin))
        try:
            if not vault._keys:
                raise EnvironmentFault(Code.TOKEN_KEY_MISSING, token=label)
            vault._opened_by = vault._of_pin(pin)
        except VendingError:
            vault.lock()
            raise
        return vault

    @classmethod
    def _at(cls, token: TokenSession) -> TokenVault:
        try:
            with token.call() as session:
                return cls(token, _masters(session))
        except VendingError:
            token.close()
            raise

    def require_pin(self, pin: str) -> None:
        """That it is the PIN which opened this token. Raises OperatorError token-pin-wrong, EnvironmentFault token-…

        The token itself checks none for a process that is logged in, and to log out would forget the keys in use. So
        this one is asked of its master key, and no try of the token is spent.
        """
        with lent(self._of_pin(pin)) as told:
            if not hmac.compare_digest(told, self._opened_by):
                raise OperatorError(Code.TOKEN_PIN_WRONG, token=self._token.label)

    def _of_pin(self, pin: str) -> bytearray:
        first = self.held[0]
        return counter_mode(lambda message: self._master_cmac(first, message), OPENED_LABEL, pin.encode())

    def add_version(self, *, above: int = 0) -> int:
        """Let the token make the next master, which new records are made under.

        Its number follows the newest, and `above` if a newer one is known of that this token lacks. Raises
        EnvironmentFault token-…, key-versions-used-up.
        """
        version = next_version(self.held, above=above)
        self._make(version)
        return version

    def withdraw(self, version: int) -> None:
        """Destroy a master that nothing was made under yet. Raises EnvironmentFault token-…, key-version-not-here."""
        self._require_held(version)
        with self._token.call():
            self._keys.pop(version).destroy()

    @property
    def held(self) -> tuple[int, ...]:
        """The versions of the master keys, ascending. Raises EnvironmentFault vault-locked."""
        if not self._keys:
            raise EnvironmentFault(Code.VAULT_LOCKED)
        return tuple(sorted(self._keys))

    def lock(self) -> None:
        """Overwrite and forget every derived key, and log out of the token."""
        super().lock()
        wipe(self._opened_by)
        self._keys.clear()
        self._token.close()

    def _make(self, version: int) -> None:
        with self._token.call() as session:
            made = session.generate_key(
                KeyType.AES, KEY_SIZE * 8, id=bytes([version]), label=LABEL, store=True, template=_SIGNS_ONLY
            )
            self._keys[version] = _checked(made)

    def _master_cmac(self, version: int, message: bytes) -> bytearray:
        return self._token.cmac(self._keys[version], message)


def _masters(session: Session) -> dict[int, SecretKey]:
    """By version. Raises EnvironmentFault token-key-exposed."""
    found = {bytes(key[Attribute.ID]): key for key in session.get_objects(_MASTER)}
    return {name[0]: _checked(key) for name, key in found.items() if len(name) == 1}


def _checked(key: Object) -> SecretKey:
    """Raises EnvironmentFault token-key-exposed for a key that could leave the token."""
    if not key[Attribute.SENSITIVE] or key[Attribute.EXTRACTABLE] or not isinstance(key, SecretKey):
        raise EnvironmentFault(Code.TOKEN_KEY_EXPOSED, key_version=key[Attribute.ID][0])
    return key
