"""Secure messaging of DESFire EV2 and EV3, after AuthenticateEV2First or AuthenticateEV2NonFirst.

A session has a transaction identifier (TI), a counter of commands and two keys. A MAC is every other byte of a CMAC
over instruction or status, counter, TI and what is sent; enciphered data have an IV of their own each time.
Source: AN12343 and AN12196, whose examples are tests.
"""

from __future__ import annotations

import hmac

from vending_app.cardio.desfire.channel import MAC_SIZE
from vending_app.cardio.desfire.commands import Comm, Command, Ins
from vending_app.cardio.desfire.keys import CardKey, KeyKind, changed_key, crc32, padded
from vending_app.cardio.desfire.status import Status, forged
from vending_app.domain.wiping import gathered, lent, wipe

TI_SIZE = 4
COMMAND_IV = b"\xa5\x5a"
ANSWER_IV = b"\x5a\xa5"
_ENC_VECTOR = b"\xa5\x5a\x00\x01\x00\x80"
_MAC_VECTOR = b"\x5a\xa5\x00\x01\x00\x80"
_PADDING = b"\x80"


class Ev2Channel:
    """Implements Channel. The two keys become its own; `counter` goes on over AuthenticateEV2NonFirst."""

    def __init__(self, enc: CardKey, mac: CardKey, ti: bytes, *, counter: int = 0) -> None:
        self._enc = enc
        self._mac = mac
        self.ti = ti
        self.counter = counter

    def request(self, command: Command) -> bytes:
        if command.sent is Comm.FULL and command.data:
            body = command.header + self.enciphered(command.data, COMMAND_IV)
        else:
            body = command.header + command.data
        if command.sent is Comm.PLAIN:
            return body
        return body + self.mac(command.ins, body)

    def answer(self, command: Command, raw: bytes) -> bytes:
        self.counter += 1
        if command.answered is Comm.PLAIN:
            return raw
        body, mac = raw[:-MAC_SIZE], raw[-MAC_SIZE:]
        if not hmac.compare_digest(mac, self.mac(Status.DONE, body)):
            raise forged()
        return self.deciphered(body, ANSWER_IV) if command.answered is Comm.FULL and body else body

    def key_change(self, number: int, new: CardKey, *, old: CardKey | None) -> Command:
        """The key, or what differs from the old one; the version of an AES key; the CRC of a key that differs."""
        version = bytes([new.version]) if new.kind is KeyKind.AES else b""
        data = changed_key(new, old, version + (b"" if old is None else crc32(new.secret)))
        return Command(Ins.CHANGE_KEY, bytes([number]), data, sent=Comm.FULL, ends_session=old is None)

    def close(self) -> None:
        self._enc.wipe()
        self._mac.wipe()

    def mac(self, code: int, body: bytes) -> bytes:
        """8 bytes, with the counter as it stands."""
        return self._mac.cmac(bytes([code]) + self._count + self.ti + body)[1::2]

    def enciphered(self, data: bytes | bytearray, label: bytes) -> bytes:
        plain = padded(data, _PADDING, block=self._enc.kind.block)
        secret = self._enc.encrypt(self._iv(label), plain)
        wipe(plain)
        return secret

    def deciphered(self, secret: bytes, label: bytes) -> bytes:
        """Raises Refused integrity if it has no padding."""
        if not secret or len(secret) % self._enc.kind.block:
            raise forged()
        plain = self._enc.decrypt(self._iv(label), secret).rstrip(b"\x00")
        if not plain.endswith(_PADDING):
            raise forged()
        return plain[: -len(_PADDING)]

    def _iv(self, label: bytes) -> bytes:
        zeros = bytes(self._enc.kind.block)
        filled = label + self.ti + self._count
        return self._enc.encrypt(zeros, filled + bytes(len(zeros) - len(filled)))

    @property
    def _count(self) -> bytes:
        return self.counter.to_bytes(2, "little")


def session_keys(key: CardKey, a: bytes | bytearray, b: bytes | bytearray) -> tuple[CardKey, CardKey]:
    """For enciphering and for MACs, of the random numbers of both sides."""
    with lent(_vector(_ENC_VECTOR, a, b)) as for_enc, lent(_vector(_MAC_VECTOR, a, b)) as for_mac:
        return key.derived(for_enc), key.derived(for_mac)


def _vector(begin: bytes, a: bytes | bytearray, b: bytes | bytearray) -> bytearray:
    """SV1 or SV2: A[0:2] ‖ (A[2:8] ⊕ B[0:6]) ‖ B[6:16] ‖ A[8:16] behind its beginning, to be wiped."""
    with memoryview(a) as mine, memoryview(b) as theirs:
        vector = gathered(begin, mine[:8], theirs[6:], mine[8:])
        for at, byte in enumerate(theirs[:6], len(begin) + 2):
            vector[at] ^= byte
    return vector
