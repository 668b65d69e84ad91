"""Secure messaging of DESFire EV1, after AuthenticateAES or AuthenticateISO.

One IV runs through the whole session: CMACs begin from it and leave it behind, and so do enciphered stretches.
CMACs are computed over every command and every answer; a command carries one only if it carries data for a file.
Source: the traces named in the tests; DESFire EV1 data sheet MF3ICDx21_41_81.
"""

from __future__ import annotations

import hmac

from vending_app.cardio.desfire.channel import MAC_SIZE
from vending_app.cardio.desfire.commands import Comm, Command, Ins
from vending_app.cardio.desfire.keys import CardKey, KeyKind, changed_key, crc32, padded
from vending_app.cardio.desfire.status import Status, forged
from vending_app.domain.wiping import gathered, wipe

_DONE = bytes([Status.DONE])


class Ev1Channel:
    """Implements Channel. The session key becomes its own."""

    def __init__(self, session: CardKey) -> None:
        self._key = session
        self._iv = bytes(session.kind.block)

    def request(self, command: Command) -> bytes:
        if command.sent is Comm.FULL:
            return command.header + self._enciphered(command)
        body = command.header + command.data
        mac = self._mac(bytes([command.ins]) + body)
        return body + (mac[:MAC_SIZE] if command.sent is Comm.MAC and command.carries_data else b"")

    def answer(self, command: Command, raw: bytes) -> bytes:
        if command.answered is Comm.FULL:
            return self._deciphered(raw, command.expected)
        data, mac = raw[:-MAC_SIZE], raw[-MAC_SIZE:]
        if not hmac.compare_digest(mac, self._mac(data + _DONE)[:MAC_SIZE]):
            raise forged()
        return data

    def key_change(self, number: int, new: CardKey, *, old: CardKey | None) -> Command:
        """The key, or what differs from the old one; the version of an AES key; the CRC of a key that differs."""
        version = bytes([new.version]) if new.kind is KeyKind.AES else b""
        trailer = b"" if old is None else crc32(new.secret)
        return Command(
            Ins.CHANGE_KEY,
            bytes([number]),
            changed_key(new, old, version),
            sent=Comm.FULL,
            trailer=trailer,
            ends_session=old is None,
        )

    def close(self) -> None:
        self._key.wipe()

    def _mac(self, message: bytes) -> bytes:
        self._iv = self._key.cmac(message, iv=self._iv)
        return self._iv

    def _enciphered(self, command: Command) -> bytes:
        checked = crc32(bytes([command.ins]), command.header, command.data)
        plain = padded(command.data, checked, command.trailer, block=self._key.kind.block)
        secret = self._key.encrypt(self._iv, plain)
        wipe(plain)
        self._iv = secret[-self._key.kind.block :]
        return secret

    def _deciphered(self, raw: bytes, expected: int) -> bytes:
        block = self._key.kind.block
        if not raw or len(raw) % block:
            raise forged()
        plain = self._key.decrypt(self._iv, raw)
        self._iv = raw[-block:]
        data = plain[:expected]
        if plain != padded(data, crc32(data, _DONE), block=block):
            raise forged()
        return data


def session_key(a: bytes | bytearray, b: bytes | bytearray, *, kind: KeyKind) -> CardKey:
    """Of the random numbers of both sides. For DES it is a single key, twice."""
    with memoryview(a) as mine, memoryview(b) as theirs:
        second = (mine[12:], theirs[12:]) if kind is KeyKind.AES else (mine[:4], theirs[:4])
        return CardKey(gathered(mine[:4], theirs[:4], *second), kind=kind)
