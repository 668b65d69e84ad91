"""Every key of an office, derived from its master keys by one primitive: AES-CMAC under the master of a version.

Where the masters lie is the business of the vault that inherits: a sealed file or a token. A further derived key is
one label here and one method of one line; every vault has it then. docs/security.md lists the labels.
"""

from __future__ import annotations

import hmac
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC

from vending_app.cardio.desfire.keys import CardKey, diversified
from vending_app.cardio.key_wrap import unwrap, wrap
from vending_app.domain.card import CardKeyName
from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.ids import CardNo, MeterNo
from vending_app.domain.wiping import lent, taken, wipe

MAC_LABEL = b"VEND-MAC"
PSC_LABEL = b"VEND-PSC"
TOOL_LABEL = b"VEND-TOOL"
CLASSIC_LABEL = b"VEND-MFC"
SIGN_LABEL = b"VEND-SIGN"
PIN_LABEL = b"VEND-PIN"
WRAP_LABEL = b"VEND-WRAP"
OPENED_LABEL = b"VEND-OPENED"
OFFICE_KEYS_VERSION = 1
"""Signatures and secrets outlive a change of the card keys: their keys come from the first master for good."""
KEY_SIZE = 16
OFFICE_KEY_SIZE = 32
MAC_SIZE = 8
PSC_SIZE = 3
CLASSIC_KEYS_SIZE = 12
CHECK_VALUE_SIZE = 3
METER_KEYS = 5
"""K_meter, K_psc, K_area, K_mfc, and K of `VEND-DF-METER`: so many a key card brings."""
_BLOCK = 16
_PROBE = b"VEND-HOLDS"
"""Begins like no input of a derivation, whose counter stands first."""

Prf = Callable[[bytes], bytearray]
"""AES-CMAC of a message under a key that the caller does not see: 16 bytes, wiped by whoever called."""


class DerivingVault(ABC):
    """Implements ports.KeyVault but for the masters. Keys leave it only as MACs, codes and signatures; `lock` wipes."""

    def __init__(self) -> None:
        self._derived: dict[tuple[bytes, bytes], bytearray] = {}
        self._retired: frozenset[int] = frozenset()
        self._others: frozenset[int] = frozenset()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"

    @property
    @abstractmethod
    def held(self) -> tuple[int, ...]:
        """The versions whose masters are here, ascending. Raises EnvironmentFault vault-locked."""

    @abstractmethod
    def _master_cmac(self, version: int, message: bytes) -> bytearray:
        """AES-CMAC of the message under this master, which is one of `held`; the caller wipes the 16 bytes."""

    @property
    def versions(self) -> tuple[int, ...]:
        """Those of them that are in use, ascending: what was retired is not, nor what is another key than the office's.

        Raises EnvironmentFault vault-locked.
        """
        return tuple(version for version in self.held if version not in self._retired | self._others)

    @property
    def others(self) -> tuple[int, ...]:
        """See ports.KeyVault."""
        return tuple(sorted(self._others))

    def heed(self, *, retired: Iterable[int], told: Mapping[int, str]) -> None:
        """See ports.KeyVault."""
        self.retire(retired)
        known = [version for version in self.held if version in told]
        self._others = frozenset(version for version in known if self.check_value(version) != told[version])

    def retire(self, versions: Iterable[int]) -> None:
        """No record is made or taken under these any more. What the office itself derives of version 1 stays."""
        self._retired |= frozenset(versions)

    @property
    def key_version(self) -> int:
        """The newest version that is in use. Raises EnvironmentFault vault-locked, keys-retired."""
        if not self.versions:
            raise EnvironmentFault(Code.KEYS_RETIRED)
        return self.versions[-1]

    def check_value(self, key_version: int) -> str:
        """Six hexadecimal figures that tell one master from another and nothing about it.

        The first 3 bytes of AES-CMAC over 16 zero bytes (ANSI X9.24-1-2017, annex A). Told of what is retired too.
        Raises EnvironmentFault key-version-not-here, vault-locked.
        """
        return check_value_of(lambda message: self._under(key_version, message))

    def holds(self, key_version: int, key: bytearray) -> bool:
        """Whether this is the master of that version, asked of the whole key. Raises as check_value."""
        mine, other = self._under(key_version, _PROBE), cmac(key, _PROBE)
        is_same = hmac.compare_digest(mine, other)
        wipe(mine, other)
        return is_same

    def record_mac(self, message: bytes, *, meter: MeterNo, key_version: int) -> bytes:
        """First 8 bytes of AES-CMAC under K_meter. Raises EnvironmentFault key-version-unknown, vault-locked."""
        return bytes(self._cmac(MAC_LABEL, message, key_version, of=bytes.fromhex(meter), size=MAC_SIZE))

    def area_mac(self, message: bytes, *, area: bytes, key_version: int) -> bytes:
        """First 8 bytes of AES-CMAC under K_area of the area code in 8 bytes. Raises as record_mac."""
        return bytes(self._cmac(TOOL_LABEL, message, key_version, of=area, size=MAC_SIZE))

    def psc(self, *, card: CardNo, key_version: int) -> bytearray:
        """The 3-byte code of one card, to be wiped by whoever asked. Raises as record_mac."""
        return self._cmac(PSC_LABEL, bytes.fromhex(card), key_version, size=PSC_SIZE)

    def classic_keys(self, *, uid: bytes, key_version: int) -> bytearray:
        """Key A, then key B of one MIFARE Classic card, 6 bytes each, to be wiped by whoever asked. As record_mac."""
        return self._cmac(CLASSIC_LABEL, uid, key_version, size=CLASSIC_KEYS_SIZE)

    def card_key(self, name: CardKeyName, diversifier: bytes, *, key_version: int) -> bytearray:
        """The 16-byte key of one card by AN10922, to be wiped by whoever asked. Raises as record_mac."""
        master = CardKey(bytearray(self._key(name.value.encode(), key_version)))
        try:
            return diversified(master, diversifier).secret
        finally:
            master.wipe()

    def wrapped_keys(self, *, meter: MeterNo, area: bytes, known: int, version: int) -> bytes:
        """All keys of a meter of a version, 88 bytes by RFC 3394, for the meter that knows its key of another.

        Raises as record_mac.
        """
        wrapping, keys = self._wrapping(meter, known, version), self._meter_keys(meter, area, version)
        wrapped = wrap(wrapping, keys)
        wipe(wrapping, keys)
        return wrapped

    def opens_wrapped(self, wrapped: bytes, *, meter: MeterNo, area: bytes, known: int, version: int) -> bool:
        """Whether a meter gets its keys of that version out of these bytes. Raises as record_mac."""
        wrapping, keys = self._wrapping(meter, known, version), self._meter_keys(meter, area, version)
        found = unwrap(wrapping, wrapped)
        is_right = found is not None and hmac.compare_digest(found, keys)
        wipe(wrapping, keys, *([found] if found else []))
        return is_right

    def _wrapping(self, meter: MeterNo, known: int, version: int) -> bytearray:
        """What a meter can compute too: it holds K_meter, never a master."""
        own = self._key(MAC_LABEL, known, of=bytes.fromhex(meter))
        return counter_mode(lambda message: cmac(own, message), WRAP_LABEL, bytes([version]))

    def _meter_keys(self, meter: MeterNo, area: bytes, version: int) -> bytearray:
        """What a meter holds of one version: of its own, of its area, and of cards of every chip."""
        keys = bytearray(METER_KEYS * KEY_SIZE)
        parts = (
            self._key(MAC_LABEL, version, of=bytes.fromhex(meter)),
            self._key(PSC_LABEL, version),
            self._key(TOOL_LABEL, version, of=area),
            self._key(CLASSIC_LABEL, version),
            self._key(CardKeyName.METER.value.encode(), version),
        )
        for at, part in enumerate(parts):
            keys[at * KEY_SIZE : (at + 1) * KEY_SIZE] = part
        return keys

    @property
    def signing_key(self) -> bytes:
        """The 32-byte Ed25519 public key of this office. Raises EnvironmentFault key-version-not-here, vault-locked."""
        return self._signer.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """The 64-byte Ed25519 signature (RFC 8032) of the office. Raises as signing_key."""
        return self._signer.sign(message)

    def has_signed(self, message: bytes, signature: bytes) -> bool:
        """Whether this office made that signature. Raises as signing_key."""
        try:
            self._signer.public_key().verify(signature, message)
        except InvalidSignature:
            return False
        return True

    def keyed_secret(self, message: bytes) -> bytes:
        """HMAC-SHA-256 (32 bytes) under the key for PINs and passphrases. Raises as signing_key."""
        return hmac.digest(self._office_key(PIN_LABEL), message, "sha256")

    def lock(self) -> None:
        """Overwrite and forget every key."""
        wipe(*self._derived.values())
        self._derived.clear()

    @property
    def _signer(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self._office_key(SIGN_LABEL))

    def _office_key(self, label: bytes) -> bytearray:
        self._require_held(OFFICE_KEYS_VERSION)
        return self._derived_of(label, OFFICE_KEYS_VERSION, bytes([OFFICE_KEYS_VERSION]), OFFICE_KEY_SIZE)

    def _cmac(self, label: bytes, message: bytes, key_version: int, *, size: int, of: bytes = b"") -> bytearray:
        """First bytes of AES-CMAC under the key derived with this label for `of` (a meter, an area) and the version."""
        with lent(cmac(self._key(label, key_version, of=of), message)) as whole:
            return whole[:size]

    def _key(self, label: bytes, version: int, *, of: bytes = b"") -> bytearray:
        if version not in self.versions:
            raise EnvironmentFault(Code.KEY_VERSION_UNKNOWN, key_version=version)
        return self._derived_of(label, version, of + bytes([version]), KEY_SIZE)

    def _derived_of(self, label: bytes, version: int, context: bytes, size: int) -> bytearray:
        kept = self._derived.get((label, context))
        if kept is None:
            made = counter_mode(lambda message: self._master_cmac(version, message), label, context, size=size)
            kept = self._derived.setdefault((label, context), made)
            if kept is not made:  # another thread was first
                wipe(made)
        return kept

    def _under(self, version: int, message: bytes) -> bytearray:
        self._require_held(version)
        return self._master_cmac(version, message)

    def _require_held(self, version: int) -> None:
        """Of a master as such, not of what was made under it. Raises EnvironmentFault key-version-not-here."""
        if version not in self.held:
            raise EnvironmentFault(Code.KEY_VERSION_NOT_HERE, key_version=version)


def counter_mode(prf: Prf, label: bytes, context: bytes, *, size: int = KEY_SIZE) -> bytearray:
    """`size` bytes, whole blocks of 16, by SP 800-108 counter mode: counter u32 ‖ label ‖ 00 ‖ context ‖ bits u32."""
    fixed = label + b"\0" + context + (8 * size).to_bytes(4, "big")
    key = bytearray(size)
    for at in range(0, size, _BLOCK):
        block = prf((at // _BLOCK + 1).to_bytes(4, "big") + fixed)
        key[at : at + _BLOCK] = block
        wipe(block)
    return key


def derive(master: bytes | bytearray, label: bytes, context: bytes, *, size: int = KEY_SIZE) -> bytearray:
    """What a vault with this master derives: for worked examples, and for whoever checks a vault."""
    return counter_mode(lambda message: cmac(master, message), label, context, size=size)


def check_value_of(prf: Prf) -> str:
    """The check value of the key behind a PRF, as `DerivingVault.check_value`."""
    whole = prf(bytes(_BLOCK))
    shown = whole[:CHECK_VALUE_SIZE].hex().upper()
    wipe(whole)
    return shown


def cmac(key: bytes | bytearray, message: bytes) -> bytearray:
    """AES-CMAC (NIST SP 800-38B, RFC 4493) where it can be wiped: 16 bytes."""
    mac = CMAC(AES(key))
    mac.update(message)
    return taken(mac.finalize())
