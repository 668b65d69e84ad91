"""The key vault as one sealed file: versioned master keys, opened with a passphrase.

File: magic 8 bytes · Argon2id memory in KiB u32 · passes u32 · lanes u32 · salt 16 · nonce 12 (together the header,
authenticated as additional data) · AES-256-GCM of the keys · SHA-256 of everything before. All big-endian. The keys
are 17 bytes each: version u8, then 16 bytes. The digest is no secret; it tells a damaged file from a wrong passphrase.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import struct
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.kbkdf import KBKDFCMAC, CounterLocation, Mode

from vending_app.domain.errors import Code, EnvironmentFault, OperatorError
from vending_app.domain.ids import CardNo, MeterNo
from vending_app.ports import Entropy

MAC_LABEL = b"VEND-MAC"
PSC_LABEL = b"VEND-PSC"
TOOL_LABEL = b"VEND-TOOL"
CLASSIC_LABEL = b"VEND-MFC"
SIGN_LABEL = b"VEND-SIGN"
PIN_LABEL = b"VEND-PIN"
OFFICE_KEYS_VERSION = 1
"""Signatures and secrets outlive a change of the card keys: their keys come from the first master for good."""
KEY_SIZE = 16
OFFICE_KEY_SIZE = 32
MAC_SIZE = 8
PSC_SIZE = 3
CLASSIC_KEYS_SIZE = 12

_MAGIC = b"VTVAULT\x01"
_HEADER = struct.Struct(">8sIII16s12s")
_ENTRY_SIZE = 1 + KEY_SIZE
_DIGEST_SIZE = 32
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

    def cipher(self, passphrase: str) -> AESGCM:
        stretched = Argon2id(
            salt=self.salt,
            length=32,
            iterations=self.passes,
            lanes=self.lanes,
            memory_cost=self.memory_kib,
        )
        return AESGCM(stretched.derive(passphrase.encode()))


class SealedVault:
    """Implements ports.KeyVault. Keys leave it only as MACs, card codes and signatures; `lock` wipes them."""

    def __init__(self, keys: dict[int, bytearray]) -> None:
        self._masters = keys
        self._derived: dict[tuple[bytes, bytes], bytearray] = {}

    def __repr__(self) -> str:
        return "SealedVault(…)"

    @classmethod
    def create(cls, path: Path, passphrase: str, *, key: bytes, entropy: Entropy) -> SealedVault:
        """A new file with one master key of 16 bytes as version 1. Raises EnvironmentFault vault-damaged."""
        if path.exists():
            raise EnvironmentFault(Code.VAULT_DAMAGED, path=path.name, why="there is a vault already")
        keys = {1: _master(key)}
        _seal(path, passphrase, keys, entropy)
        return cls(keys)

    @classmethod
    def open(cls, path: Path, passphrase: str) -> SealedVault:
        """Raises EnvironmentFault vault-missing, vault-damaged; OperatorError vault-passphrase-wrong."""
        return cls(_unseal(path, passphrase))

    @classmethod
    def add_version(cls, path: Path, passphrase: str, *, key: bytes, entropy: Entropy) -> SealedVault:
        """Seal the file again with one more master key, which new records are made under. Raises as open."""
        keys = _unseal(path, passphrase)
        keys[max(keys) + 1] = _master(key)
        _seal(path, passphrase, keys, entropy)
        return cls(keys)

    @property
    def key_version(self) -> int:
        """The newest version of the master keys. Raises EnvironmentFault vault-locked."""
        if not self._masters:
            raise EnvironmentFault(Code.VAULT_LOCKED)
        return max(self._masters)

    def record_mac(self, message: bytes, *, meter: MeterNo, key_version: int) -> bytes:
        """First 8 bytes of AES-CMAC under K_meter. Raises EnvironmentFault key-version-unknown, vault-locked."""
        context = bytes.fromhex(meter) + _version_byte(key_version)
        return _cmac(self._key(key_version, MAC_LABEL, context), message)[:MAC_SIZE]

    def area_mac(self, message: bytes, *, area: bytes, key_version: int) -> bytes:
        """First 8 bytes of AES-CMAC under K_area of the area code in 8 bytes. Raises as record_mac."""
        context = area + _version_byte(key_version)
        return _cmac(self._key(key_version, TOOL_LABEL, context), message)[:MAC_SIZE]

    def psc(self, *, card: CardNo, key_version: int) -> bytes:
        """The 3-byte code of one card. Raises as record_mac."""
        key = self._key(key_version, PSC_LABEL, _version_byte(key_version))
        return _cmac(key, bytes.fromhex(card))[:PSC_SIZE]

    def classic_keys(self, *, uid: bytes, key_version: int) -> bytes:
        """Key A, then key B of one MIFARE Classic card, 6 bytes each. Raises as record_mac."""
        key = self._key(key_version, CLASSIC_LABEL, _version_byte(key_version))
        return _cmac(key, uid)[:CLASSIC_KEYS_SIZE]

    @property
    def signing_key(self) -> bytes:
        """The 32-byte Ed25519 public key of this office. Raises EnvironmentFault key-version-unknown, vault-locked."""
        return self._signer.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """The 64-byte Ed25519 signature (RFC 8032) of the office. Raises as signing_key."""
        return self._signer.sign(message)

    def keyed_secret(self, message: bytes) -> bytes:
        """HMAC-SHA-256 (32 bytes) under the key for PINs and passphrases. Raises as signing_key."""
        return hmac.digest(self._office_key(PIN_LABEL), message, "sha256")

    def lock(self) -> None:
        """Overwrite and forget every key."""
        for key in (*self._masters.values(), *self._derived.values()):
            key[:] = bytes(len(key))
        self._masters.clear()
        self._derived.clear()

    @property
    def _signer(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self._office_key(SIGN_LABEL))

    def _office_key(self, label: bytes) -> bytearray:
        context = _version_byte(OFFICE_KEYS_VERSION)
        return self._key(OFFICE_KEYS_VERSION, label, context, size=OFFICE_KEY_SIZE)

    def _key(self, version: int, label: bytes, context: bytes, *, size: int = KEY_SIZE) -> bytearray:
        if not self._masters:
            raise EnvironmentFault(Code.VAULT_LOCKED)
        if version not in self._masters:
            raise EnvironmentFault(Code.KEY_VERSION_UNKNOWN, key_version=version)
        if (label, context) not in self._derived:
            self._derived[label, context] = derive(self._masters[version], label, context, size=size)
        return self._derived[label, context]


def derive(master: bytes | bytearray, label: bytes, context: bytes, *, size: int = KEY_SIZE) -> bytearray:
    """`size` bytes by SP 800-108 counter mode with AES-CMAC: counter u32 ‖ label ‖ 00 ‖ context ‖ bits u32."""
    kdf = KBKDFCMAC(
        AES,
        Mode.CounterMode,
        length=size,
        rlen=4,
        llen=4,
        location=CounterLocation.BeforeFixed,
        label=label,
        context=context,
        fixed=None,
    )
    return bytearray(kdf.derive(bytes(master)))


def _cmac(key: bytearray, message: bytes) -> bytes:
    mac = CMAC(AES(key))
    mac.update(message)
    return mac.finalize()


def _version_byte(key_version: int) -> bytes:
    if not 0 <= key_version <= 0xFF:
        raise EnvironmentFault(Code.KEY_VERSION_UNKNOWN, key_version=key_version)
    return bytes([key_version])


def _master(key: bytes) -> bytearray:
    if len(key) != KEY_SIZE:
        raise ValueError(f"a master key has {KEY_SIZE} bytes")
    return bytearray(key)


def _seal(path: Path, passphrase: str, keys: dict[int, bytearray], entropy: Entropy) -> None:
    header = _Header(_MEMORY_KIB[0], _PASSES[0], _LANES[0], entropy(16), entropy(12))
    plain = b"".join(bytes([version]) + key for version, key in sorted(keys.items()))
    sealed = header.to_bytes() + header.cipher(passphrase).encrypt(header.nonce, plain, header.to_bytes())
    _write_whole(path, sealed + hashlib.sha256(sealed).digest())


def _write_whole(path: Path, content: bytes) -> None:
    """Old file or new file, never half of one, and nobody else may read it."""
    draft = path.with_name(path.name + ".new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
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
    try:
        plain = header.cipher(passphrase).decrypt(header.nonce, body, header.to_bytes())
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


def _keys_of(plain: bytes) -> dict[int, bytearray]:
    if not plain or len(plain) % _ENTRY_SIZE:
        raise EnvironmentFault(Code.VAULT_DAMAGED)
    entries = (plain[at : at + _ENTRY_SIZE] for at in range(0, len(plain), _ENTRY_SIZE))
    return {entry[0]: bytearray(entry[1:]) for entry in entries}
