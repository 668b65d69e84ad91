"""A sealed file: any amount of bytes, readable with the recovery key only (docs/backup.md has the format to the byte).

magic 8 · length of the head u32 · head (JSON) · wrapped key 80 · chunks · SHA-256 of everything before. Big-endian.
The wrapped key is HPKE (RFC 9180, base mode, X25519, HKDF-SHA256, AES-256-GCM) of a fresh 32-byte key, with all that
stands before it as `info`. A chunk is AES-256-GCM of 262 144 bytes under that key; the last may be shorter. Its nonce
is its number (11 bytes, from 0) and 01 for the last chunk, else 00: none can be left out, moved or cut off.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from vending_app.domain.errors import Code, EnvironmentFault, OperatorError
from vending_app.keeping.recovery_key import PublicHalf, RecoveryKey

MAGIC = b"VTBACKU\x01"
CHUNK = 256 * 1024
FILE_KEY_BYTES = 32
_LENGTH = struct.Struct(">I")
_WRAPPED = 32 + FILE_KEY_BYTES + 16
_TAG = 16
_DIGEST = 32
_LONGEST_HEAD = 1024 * 1024
"""A thousand desks fit ten times over."""
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)

Head = dict[str, Any]


def seal(out: BinaryIO, blocks: Iterable[bytes], *, head: Head, to: PublicHalf, key: bytes) -> bytes:
    """Write a sealed file and give the SHA-256 that ends it. `key` is 32 fresh random bytes."""
    told = json.dumps({**head, "key": to.fingerprint}, sort_keys=True, separators=(",", ":")).encode()
    opening = MAGIC + _LENGTH.pack(len(told)) + told
    hashed = hashlib.sha256()
    for part in _sealed(opening, blocks, to, key):
        hashed.update(part)
        out.write(part)
    out.write(hashed.digest())
    return hashed.digest()


def _sealed(opening: bytes, blocks: Iterable[bytes], to: PublicHalf, key: bytes) -> Iterator[bytes]:
    yield opening + _SUITE.encrypt(key, to.opened, info=opening)
    cipher, count, waiting = AESGCM(key), 0, bytearray()
    for block in blocks:
        waiting += block
        while len(waiting) > CHUNK:
            yield cipher.encrypt(_nonce(count, is_last=False), bytes(waiting[:CHUNK]), None)
            del waiting[:CHUNK]
            count += 1
    yield cipher.encrypt(_nonce(count, is_last=True), bytes(waiting), None)


def _nonce(count: int, *, is_last: bool) -> bytes:
    return count.to_bytes(11, "big") + bytes([is_last])


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A sealed file on disk. Total: any bytes give blocks or EnvironmentFault backup-damaged."""

    path: Path

    def head(self) -> Head:
        """What may be known without a key. Raises EnvironmentFault backup-damaged, file-unreadable."""
        with self._opened() as file:
            return _parsed(_opening(self.path, file)[12:], self.path)

    def check(self) -> bytes:
        """Read the whole file and compare its SHA-256, which is given back; no key is needed.

        Raises EnvironmentFault backup-damaged, file-unreadable.
        """
        with self._opened() as file:
            left = self._size(file) - _DIGEST
            hashed = hashlib.sha256()
            while left > 0 and (part := file.read(min(left, CHUNK))):
                hashed.update(part)
                left -= len(part)
            if left or file.read() != hashed.digest():
                raise damaged(self.path, "the bytes are not those that were written")
        return hashed.digest()

    def blocks(self, key: RecoveryKey) -> Iterator[bytes]:
        """The content, piece by piece, each proven before it is given.

        Raises OperatorError recovery-key-other, EnvironmentFault backup-damaged, file-unreadable.
        """
        with self._opened() as file:
            cipher = AESGCM(self._file_key(file, key))
            left, count = self._size(file) - file.tell() - _DIGEST, 0
            if left < _TAG:
                raise damaged(self.path, "cut off")
            while left:
                part = file.read(min(left, CHUNK + _TAG))
                left -= len(part)
                yield self._opened_chunk(cipher, part, count, is_last=not left)
                count += 1

    def _file_key(self, file: BinaryIO, key: RecoveryKey) -> bytes:
        opening = _opening(self.path, file)
        if _parsed(opening[12:], self.path).get("key") != key.public.fingerprint:
            raise OperatorError(Code.RECOVERY_KEY_OTHER)
        try:
            return _SUITE.decrypt(file.read(_WRAPPED), key.opened, info=opening)
        except (InvalidTag, ValueError) as cause:
            raise damaged(self.path, "its key cannot be opened") from cause

    def _opened_chunk(self, cipher: AESGCM, part: bytes, count: int, *, is_last: bool) -> bytes:
        try:
            return cipher.decrypt(_nonce(count, is_last=is_last), part, None)
        except InvalidTag as cause:
            raise damaged(self.path, f"piece {count + 1} was changed") from cause

    def _opened(self) -> BinaryIO:
        try:
            return self.path.open("rb")
        except OSError as cause:
            raise EnvironmentFault(Code.FILE_UNREADABLE, path=str(self.path)) from cause

    def _size(self, file: BinaryIO) -> int:
        at = file.tell()
        size = file.seek(0, 2)
        file.seek(at)
        return size


def damaged(path: Path, why: str) -> EnvironmentFault:
    """What is said of a backup that is not whole."""
    return EnvironmentFault(Code.BACKUP_DAMAGED, file=path.name, why=why)


def _opening(path: Path, file: BinaryIO) -> bytes:
    """Magic, length and head, as the wrapped key is bound to them."""
    start = file.read(12)
    if len(start) < 12 or not start.startswith(MAGIC):
        raise damaged(path, "no backup of this program")
    (length,) = _LENGTH.unpack(start[8:])
    head = file.read(length) if length <= _LONGEST_HEAD else b""
    if len(head) < length or length > _LONGEST_HEAD:
        raise damaged(path, "its head is cut off")
    return start + head


def _parsed(head: bytes, path: Path) -> Head:
    try:
        read = json.loads(head)
    except (ValueError, RecursionError) as cause:
        raise damaged(path, "its head cannot be read") from cause
    if not isinstance(read, dict):
        raise damaged(path, "its head cannot be read")
    return read
