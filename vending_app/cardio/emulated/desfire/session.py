"""The card's side of a session: opens commands and seals answers, in the messaging of EV1 and of EV2.

Written against the same sources as the office's side (vending_app.cardio.desfire) and sharing only its keys and key
derivation; the published dialogues are played to both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from vending_app.cardio.desfire.channel import MAC_SIZE
from vending_app.cardio.desfire.commands import Comm
from vending_app.cardio.desfire.ev2 import ANSWER_IV, COMMAND_IV, Ev2Channel
from vending_app.cardio.desfire.keys import CardKey, crc32
from vending_app.cardio.desfire.status import Refused, Status

CRC_SIZE = 4
_DONE = bytes([Status.DONE])


class Deny(Exception):
    """The card refuses; its session and what was staged are gone."""

    def __init__(self, status: Status) -> None:
        super().__init__(status.name)
        self.status = status


@dataclass(frozen=True, slots=True)
class Received:
    """A command as it came: `header` plain, `rest` as its mode says; `size` bytes of data are expected in it.

    In EV1 only data for a file bear a MAC, and `trailer` bytes follow the CRC of a full command.
    """

    ins: int
    header: bytes
    rest: bytes
    sent: Comm
    size: int = 0
    trailer: int = 0
    is_for_file: bool = False


class CardChannel(Protocol):
    """One session on the card."""

    def wire_size(self, size: int, sent: Comm) -> int:
        """How many bytes so much data for a file take in a command of this mode."""

    def open(self, received: Received) -> bytes:
        """The data, and the trailer behind them. Raises Deny integrity, length."""

    def seal(self, data: bytes, answered: Comm) -> bytes:
        """The answer of status 00."""


class NoChannel:
    """Before any authentication: everything goes plain."""

    def wire_size(self, size: int, sent: Comm) -> int:
        return size

    def open(self, received: Received) -> bytes:
        return _sized(received.rest, received.size)

    def seal(self, data: bytes, answered: Comm) -> bytes:
        return data


class Ev1CardChannel:
    """Messaging of EV1: one IV for everything."""

    def __init__(self, session: CardKey) -> None:
        self._key = session
        self._iv = bytes(session.kind.block)

    def wire_size(self, size: int, sent: Comm) -> int:
        if sent is Comm.FULL:
            return size + CRC_SIZE + -(size + CRC_SIZE) % self._key.kind.block
        return size + (MAC_SIZE if sent is Comm.MAC else 0)

    def open(self, received: Received) -> bytes:
        if received.sent is Comm.FULL:
            return self._deciphered(received)
        bears_mac = received.is_for_file and received.sent is Comm.MAC
        data = received.rest[:-MAC_SIZE] if bears_mac else received.rest
        mac = self._mac(bytes([received.ins]) + received.header + data)
        if bears_mac and received.rest[-MAC_SIZE:] != mac[:MAC_SIZE]:
            raise Deny(Status.INTEGRITY)
        return _sized(data, received.size)

    def seal(self, data: bytes, answered: Comm) -> bytes:
        if answered is not Comm.FULL:
            return data + self._mac(data + _DONE)[:MAC_SIZE]
        block = self._key.kind.block
        plain = data + crc32(data, _DONE)
        secret = self._key.encrypt(self._iv, plain + bytes(-len(plain) % block))
        self._iv = secret[-block:]
        return secret

    def _mac(self, message: bytes) -> bytes:
        self._iv = self._key.cmac(message, iv=self._iv)
        return self._iv

    def _deciphered(self, received: Received) -> bytes:
        block, secret = self._key.kind.block, received.rest
        if not secret or len(secret) % block:
            raise Deny(Status.LENGTH)
        plain = self._key.decrypt(self._iv, secret)
        self._iv = secret[-block:]
        data, behind = plain[: received.size], plain[received.size :]
        checked = crc32(bytes([received.ins]), received.header, data)
        end = CRC_SIZE + received.trailer
        if behind[:CRC_SIZE] != checked or any(behind[end:]) or len(behind) - end >= block:
            raise Deny(Status.INTEGRITY)
        return data + behind[CRC_SIZE:end]


class Ev2CardChannel:
    """Messaging of EV2: the MACs and ciphers are the same on both sides, what they are made over is not."""

    def __init__(self, enc: CardKey, mac: CardKey, ti: bytes, *, counter: int = 0) -> None:
        self._made = Ev2Channel(enc, mac, ti, counter=counter)

    @property
    def ti(self) -> bytes:
        return self._made.ti

    @property
    def counter(self) -> int:
        return self._made.counter

    def wire_size(self, size: int, sent: Comm) -> int:
        if sent is Comm.FULL:
            return size + 16 - size % 16 + MAC_SIZE
        return size + (MAC_SIZE if sent is Comm.MAC else 0)

    def open(self, received: Received) -> bytes:
        """A trailer belongs to the data here."""
        size = received.size + received.trailer
        if received.sent is Comm.PLAIN:
            return _sized(received.rest, size)
        body, mac = received.rest[:-MAC_SIZE], received.rest[-MAC_SIZE:]
        if mac != self._made.mac(received.ins, received.header + body):
            raise Deny(Status.INTEGRITY)
        return _sized(self._deciphered(body) if received.sent is Comm.FULL else body, size)

    def seal(self, data: bytes, answered: Comm) -> bytes:
        self._made.counter += 1
        if answered is Comm.PLAIN:
            return data
        body = self._made.enciphered(data, ANSWER_IV) if answered is Comm.FULL and data else data
        return body + self._made.mac(Status.DONE, body)

    def _deciphered(self, body: bytes) -> bytes:
        try:
            return self._made.deciphered(body, COMMAND_IV)
        except Refused:
            raise Deny(Status.INTEGRITY) from None


def _sized(data: bytes, size: int) -> bytes:
    if len(data) != size:
        raise Deny(Status.LENGTH)
    return data
