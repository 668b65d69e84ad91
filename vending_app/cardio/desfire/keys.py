"""Keys of a DESFire card and what is computed with them: CBC, CMAC, CRC-32, and one key per card.

Sources: NIST SP 800-38A and 38B; AN10922 (symmetric key diversification); the traces named in the tests.
"""

from __future__ import annotations

import zlib
from enum import Enum

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES

from vending_app.cardio.wiping import wipe

UID_SIZE = 7
KEY_SIZE = 16
"""Also of a DES key, whose two halves are equal."""
_DES_SIZE = 8
_DIVERSIFIED_SIZE = 32
_DIVERSIFY_AES_128 = b"\x01"


class KeyKind(Enum):
    """The cipher of a key: size of its block, and the constant of its CMAC."""

    AES = (16, 0x87)
    DES = (8, 0x1B)
    """Only the key that a card comes from the factory with."""

    @property
    def block(self) -> int:
        return self.value[0]

    @property
    def reduction(self) -> int:
        """What is folded in where doubling a block overflows (SP 800-38B, 5.3)."""
        return self.value[1]


class CardKey:
    """A key of 16 bytes with its version. Never shown; `wipe` overwrites it, also the bytearray it was made of."""

    __slots__ = ("_secret", "kind", "version")

    def __init__(self, secret: bytes | bytearray, *, kind: KeyKind = KeyKind.AES, version: int = 0) -> None:
        if len(secret) != KEY_SIZE:
            raise ValueError(f"a card key has {KEY_SIZE} bytes")
        self._secret = secret if isinstance(secret, bytearray) else bytearray(secret)
        self.kind = kind
        self.version = version

    def __repr__(self) -> str:
        return f"CardKey(…, {self.kind.name}, version={self.version})"

    @property
    def secret(self) -> bytearray:
        """The bytes themselves, for ChangeKey; not a copy."""
        return self._secret

    def wipe(self) -> None:
        wipe(self._secret)

    def encrypt(self, iv: bytes, plain: bytes | bytearray) -> bytes:
        """CBC over whole blocks."""
        return bytes(_through(self._cipher(iv).encryptor(), plain))

    def decrypt(self, iv: bytes, secret: bytes) -> bytes:
        """CBC over whole blocks."""
        return bytes(_through(self._cipher(iv).decryptor(), secret))

    def cmac(self, message: bytes | bytearray, *, iv: bytes = b"") -> bytes:
        """One block. DESFire EV1 begins from the IV of its session instead of zeros."""
        return bytes(self._last_block(message, iv or bytes(self.kind.block)))

    def derived(self, message: bytes, *, padded_to: int = 0) -> CardKey:
        """The AES key that a CMAC of this AES key is; it exists nowhere else.

        `padded_to`: pad until there are so many bytes, even if a shorter message ends with a block (AN10922).
        """
        return CardKey(self._last_block(message, bytes(self.kind.block), padded_to=padded_to), version=self.version)

    def _last_block(self, message: bytes | bytearray, iv: bytes, *, padded_to: int = 0) -> bytearray:
        """Of the message in CBC, padded and folded with a subkey (SP 800-38B, 6.2)."""
        block = self.kind.block
        first = _doubled(self.encrypt(bytes(block), bytes(block)), self.kind.reduction)
        whole = bool(message) and len(message) % block == 0 and len(message) >= padded_to
        size = max(padded_to, -(-max(len(message), 1) // block) * block)
        body = bytes(message) if whole else bytes(message) + b"\x80" + bytes(size - len(message) - 1)
        last = first if whole else _doubled(first, self.kind.reduction)
        chained = _through(self._cipher(iv).encryptor(), body[:-block] + xor(body[-block:], last))
        block_left = chained[-block:]
        wipe(chained)
        return block_left

    def _cipher(self, iv: bytes) -> Cipher[modes.CBC]:
        if self.kind is KeyKind.AES:
            return Cipher(AES(self._secret), modes.CBC(iv))
        return Cipher(TripleDES(bytes(self._secret[:_DES_SIZE]) * 3), modes.CBC(iv))


def factory_picc_key() -> CardKey:
    """The DES key of zeros that every card is delivered with."""
    return CardKey(bytes(KEY_SIZE), kind=KeyKind.DES)


def factory_application_key() -> CardKey:
    """The AES key of zeros that every key of a new application is."""
    return CardKey(bytes(KEY_SIZE))


def diversified(master: CardKey, diversifier: bytes) -> CardKey:
    """AN10922, AES-128: CMAC over 01 ‖ diversifier, always padded to 32 bytes.

    The diversifier has at most 31 bytes: UID ‖ application ‖ system identifier.
    """
    return master.derived(_DIVERSIFY_AES_128 + diversifier, padded_to=_DIVERSIFIED_SIZE)


def changed_key(new: CardKey, old: CardKey | None, tail: bytes) -> bytearray:
    """What ChangeKey enciphers: the key, or what differs from the old one; a tail. Made in one piece, to be wiped."""
    data = bytearray(KEY_SIZE + len(tail))
    for at, value in enumerate(new.secret):
        data[at] = value if old is None else value ^ old.secret[at]
    data[KEY_SIZE:] = tail
    return data


def padded(*parts: bytes | bytearray, block: int) -> bytearray:
    """The parts, and 00 up to whole blocks. Made in one piece, to be wiped."""
    size = sum(map(len, parts))
    whole, at = bytearray(size + -size % block), 0
    for part in parts:
        whole[at : at + len(part)] = part
        at += len(part)
    return whole


def crc32(*parts: bytes | bytearray) -> bytes:
    """CRC-32 without the final inversion (JAMCRC), lowest byte first."""
    crc = 0
    for part in parts:
        crc = zlib.crc32(part, crc)
    return (crc ^ 0xFFFFFFFF).to_bytes(4, "little")


def xor(left: bytes | bytearray, right: bytes | bytearray) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


def rotated(random: bytes) -> bytes:
    """One byte to the left."""
    return random[1:] + random[:1]


def _doubled(block: bytes, reduction: int) -> bytes:
    doubled = int.from_bytes(block, "big") << 1
    overflow = doubled >> 8 * len(block)
    return ((doubled & ((1 << 8 * len(block)) - 1)) ^ (overflow * reduction)).to_bytes(len(block), "big")


def _through(context: CipherContext, data: bytes | bytearray) -> bytearray:
    """Into a buffer that can be wiped; it asks for a block more than it fills."""
    out = bytearray(len(data) + KeyKind.AES.block)
    written = context.update_into(data, out)
    context.finalize()
    del out[written:]
    return out
