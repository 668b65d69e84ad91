"""Keys of a DESFire card and what is computed with them: CBC, CMAC, CRC-32, and one key per card.

Sources: NIST SP 800-38A and 38B; AN10922 (symmetric key diversification); the traces named in the tests.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES

from vending_app.domain.wiping import copied, erase, gathered, lent, wipe

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
        return bytes(self._through(iv, plain))

    def decrypt(self, iv: bytes, secret: bytes) -> bytes:
        """CBC over whole blocks."""
        return bytes(self.decrypted(iv, secret))

    def decrypted(self, iv: bytes, secret: bytes) -> bytearray:
        """As decrypt, for whoever asked to wipe."""
        return self._through(iv, secret, is_encrypting=False)

    def cmac(self, message: bytes | bytearray, *, iv: bytes = b"") -> bytes:
        """One block. DESFire EV1 begins from the IV of its session instead of zeros."""
        return bytes(self._last_block(message, iv or bytes(self.kind.block)))

    def derived(self, message: bytes | bytearray, *, padded_to: int = 0) -> CardKey:
        """The AES key that a CMAC of this AES key is; it exists nowhere else.

        `padded_to`: pad until there are so many bytes, even if a shorter message ends with a block (AN10922).
        """
        return CardKey(self._last_block(message, bytes(self.kind.block), padded_to=padded_to), version=self.version)

    def _last_block(self, message: bytes | bytearray, iv: bytes, *, padded_to: int = 0) -> bytearray:
        """Of the message in CBC, padded and folded with a subkey (SP 800-38B, 6.2)."""
        block = self.kind.block
        whole = bool(message) and len(message) % block == 0 and len(message) >= padded_to
        size = max(padded_to, -(-max(len(message), 1) // block) * block)
        body = gathered(message, b"" if whole else b"\x80", size=size)
        with lent(self._subkey(doubled=1 if whole else 2)) as last:
            for at, byte in enumerate(last, size - block):
                body[at] ^= byte
        with lent(body), lent(self._through(iv, body)) as chained:
            return chained[-block:]

    def _subkey(self, *, doubled: int) -> bytearray:
        """K1 or K2 of SP 800-38B, 6.1, to be wiped: it is worth as much as the key for forging a MAC."""
        zeros = bytes(self.kind.block)
        subkey = self._through(zeros, zeros)
        for _ in range(doubled):
            _double(subkey, self.kind.reduction)
        return subkey

    def _through(self, iv: bytes, data: bytes | bytearray, *, is_encrypting: bool = True) -> bytearray:
        """CBC, to be wiped."""
        with self._algorithm() as algorithm:
            cipher = Cipher(algorithm, modes.CBC(iv))
            return _through(cipher.encryptor() if is_encrypting else cipher.decryptor(), data)

    @contextmanager
    def _algorithm(self) -> Iterator[AES | TripleDES]:
        """As the library wants the key: of DES three times, in bytes."""
        if self.kind is KeyKind.AES:
            yield AES(self._secret)
            return
        with memoryview(self._secret) as whole, lent(gathered(*[whole[:_DES_SIZE]] * 3)) as thrice:
            key = copied(thrice)
        try:
            yield TripleDES(key)
        finally:
            erase(key)


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
    return gathered(*parts, size=size + -size % block)


def crc32(*parts: bytes | bytearray) -> bytes:
    """CRC-32 without the final inversion (JAMCRC), lowest byte first."""
    crc = 0
    for part in parts:
        crc = zlib.crc32(part, crc)
    return (crc ^ 0xFFFFFFFF).to_bytes(4, "little")


def rotated(random: bytes | bytearray) -> bytearray:
    """One byte to the left, to be wiped."""
    with memoryview(random) as whole:
        return gathered(whole[1:], whole[:1])


def _double(block: bytearray, reduction: int) -> None:
    """In place."""
    overflow = block[0] >> 7
    for at, following in enumerate((*memoryview(block)[1:], 0)):
        block[at] = block[at] << 1 & 0xFF | following >> 7
    block[-1] ^= overflow * reduction


def _through(context: CipherContext, data: bytes | bytearray) -> bytearray:
    """To be wiped; the library asks for room for a block more than it fills."""
    with lent(bytearray(len(data) + KeyKind.AES.block)) as out:
        written = context.update_into(data, out)
        context.finalize()
        return out[:written]
