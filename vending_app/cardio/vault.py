"""The key vault as one sealed file: versioned master keys, opened with a passphrase.

File: magic 8 bytes · Argon2id memory in KiB u32 · passes u32 · lanes u32 · salt 16 · nonce 12 (together the header,
authenticated as additional data) · AES-256-GCM of the keys · SHA-256 of everything before. All big-endian. The keys
are 17 bytes each: version u8, then 16 bytes. The digest is no secret; it tells a damaged file from a wrong passphrase.
"""

from __future__ import annotations

import hashlib
import os
import struct
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from vending_app.cardio.derivation import KEY_SIZE, DerivingVault, cmac
from vending_app.cardio.sharing import split
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError
from vending_app.domain.key_ceremony import next_version
from vending_app.domain.wiping import lent, wipe, wiped_unless_done
from vending_app.ports import Entropy

_MAGIC = b"VTVAULT\x01"
_HEADER = struct.Struct(">8sIII16s12s")
_ENTRY_SIZE = 1 + KEY_SIZE
_DIGEST_SIZE = 32
_TAG_SIZE = 16
_MEMORY_KIB = (46 * 1024, 1024 * 1024)
"""Least and most: RFC 9106 and OWASP put the floor; the ceiling keeps a forged file from eating the machine."""
_PASSES = (3, 16)
_LANES = (1, 16)


@dataclass(frozen=True, slots=True)
class _Header:
    memory_kib: int
    passes: int
    lanes: int
    salt: bytes
    nonce: bytes

    def to_bytes(self) -> bytes:
        return _HEADER.pack(_MAGIC, self.memory_kib, self.passes, self.lanes, self.salt, self.nonce)

    @contextmanager
    def cipher(self, passphrase: str) -> Iterator[AESGCM]:
        """The cipher of the file; what the passphrase was stretched to is overwritten as soon as it is made."""
        stretched = bytearray(32)
        Argon2id(
            salt=self.salt,
            length=len(stretched),
            iterations=self.passes,
            lanes=self.lanes,
            memory_cost=self.memory_kib,
        ).derive_into(passphrase.encode(), stretched)
        try:
            yield AESGCM(stretched)
        finally:
            wipe(stretched)


class SealedVault(DerivingVault):
    """Implements ports.KeyVault over a sealed file; the masters are in this process until `lock`."""

    def __init__(self, keys: dict[int, bytearray]) -> None:
        super().__init__()
        self._masters = keys

    @classmethod
    def create(cls, path: Path, passphrase: str, *, key: bytes | bytearray, entropy: Entropy) -> SealedVault:
        """A new file with one master key of 16 bytes as version 1.

        A bytearray is taken over: it is wiped by `lock`, or at once if no file comes of it. Raises EnvironmentFault
        vault-damaged, vault-not-written; OperatorError secret-weak for an empty passphrase.
        """
        keys = {1: _master(key)}
        with wiped_unless_done(*keys.values()):
            if path.exists():
                raise EnvironmentFault(Code.VAULT_DAMAGED, path=path.name, why="there is a vault already")
            _require_passphrase(passphrase)
            _seal(path, passphrase, keys, entropy)
        return cls(keys)

    @classmethod
    def open(cls, path: Path, passphrase: str) -> SealedVault:
        """Raises EnvironmentFault vault-missing, vault-damaged; OperatorError vault-passphrase-wrong."""
        return cls(_unseal(path, passphrase))

    @classmethod
    def add_version(
        cls, path: Path, passphrase: str, *, key: bytes | bytearray, above: int = 0, entropy: Entropy
    ) -> SealedVault:
        """Seal the file again with one more master key, taken over as in create, for new records to be made under.

        Its number follows the newest, and `above` if a newer one is known of that this file lacks. Raises as open;
        EnvironmentFault vault-not-written, key-versions-used-up.
        """
        master = _master(key)
        with wiped_unless_done(master):
            keys = _unseal(path, passphrase)
            with wiped_unless_done(*keys.values()):
                keys[next_version(keys, above=above)] = master
                _seal(path, passphrase, keys, entropy)
        return cls(keys)

    @classmethod
    def restore_version(
        cls, path: Path, passphrase: str, version: int, *, key: bytearray, entropy: Entropy
    ) -> SealedVault:
        """Put back a master that was joined of its shares, into a new file or one that lacks it; as in create.

        Raises as open; EnvironmentFault vault-not-written; OperatorError secret-weak for a new file.
        """
        master = _master(key)
        with wiped_unless_done(master):
            keys = _unseal(path, passphrase) if path.exists() else {}
            with wiped_unless_done(*keys.values()):
                if not keys:
                    _require_passphrase(passphrase)
                keys[version] = master
                _seal(path, passphrase, keys, entropy)
        return cls(keys)

    def take_over(self, fresh: SealedVault) -> None:
        """Have the masters of another opening of the same file from now on; that one is locked."""
        for version in fresh._masters.keys() - self._masters.keys():
            self._masters[version] = fresh._masters.pop(version)
        fresh.lock()

    def split(self, version: int, *, count: int, entropy: Entropy) -> tuple[bytearray, ...]:
        """Shares of one master, for the caller to wipe. Raises as check_value."""
        self._require_held(version)
        return split(self._masters[version], count=count, entropy=entropy)

    @property
    def held(self) -> tuple[int, ...]:
        """The versions of the master keys, ascending. Raises EnvironmentFault vault-locked."""
        if not self._masters:
            raise EnvironmentFault(Code.VAULT_LOCKED)
        return tuple(sorted(self._masters))

    def lock(self) -> None:
        """Overwrite and forget every key."""
        super().lock()
        wipe(*self._masters.values())
        self._masters.clear()

    def _master_cmac(self, version: int, message: bytes) -> bytearray:
        return cmac(self._masters[version], message)


def _master(key: bytes | bytearray) -> bytearray:
    if len(key) != KEY_SIZE:
        raise ValueError(f"a master key has {KEY_SIZE} bytes")
    return key if isinstance(key, bytearray) else bytearray(key)


def _require_passphrase(passphrase: str) -> None:
    """Of a new file; one that is there is sealed again with what opened it. Raises OperatorError secret-weak."""
    if not passphrase.strip():
        raise OperatorError(Code.SECRET_WEAK, reason="it is empty")


def _seal(path: Path, passphrase: str, keys: dict[int, bytearray], entropy: Entropy) -> None:
    """Raises EnvironmentFault vault-not-written; the keys stay the caller's."""
    header = _Header(_MEMORY_KIB[0], _PASSES[0], _LANES[0], entropy(16), entropy(12))
    with lent(bytearray(_ENTRY_SIZE * len(keys))) as plain:
        for at, (version, key) in enumerate(sorted(keys.items())):
            plain[at * _ENTRY_SIZE] = version
            plain[at * _ENTRY_SIZE + 1 : (at + 1) * _ENTRY_SIZE] = key
        with header.cipher(passphrase) as cipher:
            sealed = header.to_bytes() + cipher.encrypt(header.nonce, plain, header.to_bytes())
    try:
        _write_whole(path, sealed + hashlib.sha256(sealed).digest())
    except OSError as cause:
        raise EnvironmentFault(
            Code.VAULT_NOT_WRITTEN, path=str(path), why=cause.strerror or type(cause).__name__
        ) from cause


def _write_whole(path: Path, content: bytes) -> None:
    """Old file or new file, never half of one, and nobody else may read it."""
    draft = path.with_name(path.name + ".new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with ExitStack() as unless_whole:
        unless_whole.callback(draft.unlink, missing_ok=True)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        unless_whole.pop_all()
    _sync_directory(path.parent)


def _sync_directory(directory: Path) -> None:
    """Make the rename durable where a directory can be opened for that."""
    if os.name != "posix":
        return
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unseal(path: Path, passphrase: str) -> dict[int, bytearray]:
    content = _read(path)
    header, body = _parse(content[:-_DIGEST_SIZE])
    if hashlib.sha256(content[:-_DIGEST_SIZE]).digest() != content[-_DIGEST_SIZE:]:
        raise EnvironmentFault(Code.VAULT_DAMAGED, path=path.name)
    with lent(bytearray(max(0, len(body) - _TAG_SIZE))) as plain:
        try:
            with header.cipher(passphrase) as cipher:
                cipher.decrypt_into(header.nonce, body, header.to_bytes(), plain)
        except InvalidTag:
            raise OperatorError(Code.VAULT_PASSPHRASE_WRONG) from None
        return _keys_of(plain)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise EnvironmentFault(Code.VAULT_MISSING, path=path.name) from None
    except OSError as cause:
        raise EnvironmentFault(Code.VAULT_DAMAGED, path=path.name, why=cause.strerror) from cause


def _parse(content: bytes) -> tuple[_Header, bytes]:
    """Header and sealed keys; the cost figures are bounded before anybody pays them."""
    if len(content) < _HEADER.size:
        raise EnvironmentFault(Code.VAULT_DAMAGED)
    magic, memory, passes, lanes, salt, nonce = _HEADER.unpack(content[: _HEADER.size])
    bounded = ((memory, _MEMORY_KIB), (passes, _PASSES), (lanes, _LANES))
    if magic != _MAGIC or not all(least <= cost <= most for cost, (least, most) in bounded):
        raise EnvironmentFault(Code.VAULT_DAMAGED)
    return _Header(memory, passes, lanes, salt, nonce), content[_HEADER.size :]


def _keys_of(plain: bytearray) -> dict[int, bytearray]:
    """Copies of the keys; whoever calls wipes the plain text."""
    if not plain or len(plain) % _ENTRY_SIZE:
        raise EnvironmentFault(Code.VAULT_DAMAGED)
    keys: dict[int, bytearray] = {}
    with memoryview(plain) as whole:
        for at in range(0, len(plain), _ENTRY_SIZE):
            keys[plain[at]] = bytearray(whole[at + 1 : at + _ENTRY_SIZE])
    return keys
