"""The card's side of an authentication: it sends a random number, and believes who can send it back rotated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from vending_app.cardio.desfire.commands import Generation, Ins
from vending_app.cardio.desfire.ev1 import session_key
from vending_app.cardio.desfire.ev2 import TI_SIZE, session_keys
from vending_app.cardio.desfire.keys import CardKey, KeyKind, rotated
from vending_app.cardio.desfire.status import Status
from vending_app.cardio.emulated.desfire.session import CardChannel, Deny, Ev1CardChannel, Ev2CardChannel
from vending_app.ports import Entropy

CAPABILITIES = bytes(12)
"""No capability of the card's, and none of the reader's."""
KIND_OF = {
    Ins.AUTHENTICATE_ISO: KeyKind.DES,
    Ins.AUTHENTICATE_AES: KeyKind.AES,
    Ins.AUTHENTICATE_EV2_FIRST: KeyKind.AES,
    Ins.AUTHENTICATE_EV2_NON_FIRST: KeyKind.AES,
}
EV2_DIALOGUES = frozenset({Ins.AUTHENTICATE_EV2_FIRST, Ins.AUTHENTICATE_EV2_NON_FIRST})


@dataclass(frozen=True, slots=True)
class Challenge:
    """What the card sends first, and what it makes of the answer: its proof, and the session."""

    secret: bytes
    complete: Callable[[bytes], tuple[bytes, CardChannel]]
    """Raises Deny length, authentication."""


def challenge(
    ins: Ins, key: CardKey, entropy: Entropy, *, generation: Generation, before: CardChannel | None
) -> Challenge:
    """Begin a dialogue. Raises Deny illegal-command for one that the card is too old for, authentication."""
    if ins in EV2_DIALOGUES and generation is Generation.EV1:
        raise Deny(Status.ILLEGAL_COMMAND)
    if KIND_OF[ins] is not key.kind:
        raise Deny(Status.AUTHENTICATION)
    if ins is Ins.AUTHENTICATE_EV2_FIRST:
        return _ev2(key, entropy, before=None)
    if ins is Ins.AUTHENTICATE_EV2_NON_FIRST:
        if not isinstance(before, Ev2CardChannel):
            raise Deny(Status.AUTHENTICATION)
        return _ev2(key, entropy, before=before)
    return _ev1(key, entropy)


def _ev1(key: CardKey, entropy: Entropy) -> Challenge:
    block = key.kind.block
    b = entropy(block)
    secret = key.encrypt(bytes(block), b)

    def complete(token: bytes) -> tuple[bytes, CardChannel]:
        a = _other_number(key.decrypt(secret, _whole(token, block)), b)
        return key.encrypt(token[-block:], rotated(a)), Ev1CardChannel(session_key(a, b, kind=key.kind))

    return Challenge(secret, complete)


def _ev2(key: CardKey, entropy: Entropy, *, before: Ev2CardChannel | None) -> Challenge:
    block = key.kind.block
    b, zeros = entropy(block), bytes(block)

    def complete(token: bytes) -> tuple[bytes, CardChannel]:
        a = _other_number(key.decrypt(zeros, _whole(token, block)), b)
        enc, mac = session_keys(key, a, b)
        if before is not None:
            return key.encrypt(zeros, rotated(a)), Ev2CardChannel(enc, mac, before.ti, counter=before.counter)
        ti = entropy(TI_SIZE)
        proof = key.encrypt(zeros, ti + rotated(a) + CAPABILITIES)
        return proof, Ev2CardChannel(enc, mac, ti)

    return Challenge(key.encrypt(zeros, b), complete)


def _whole(token: bytes, block: int) -> bytes:
    if len(token) != 2 * block:
        raise Deny(Status.LENGTH)
    return token


def _other_number(plain: bytes, b: bytes) -> bytes:
    """The reader's random number, if it had the key."""
    half = len(plain) // 2
    if plain[half:] != rotated(b):
        raise Deny(Status.AUTHENTICATION)
    return plain[:half]
