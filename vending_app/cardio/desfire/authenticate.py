"""The dialogues in which card and office prove to each other that they have the same key, and what comes of them.

Each side sends a random number; each sends back the other's, rotated by a byte. Random numbers of our side come from
outside; both are wiped with the dialogue, because the keys of the session come of them. Every function raises Refused:
no-such-key, authentication if the card has another key, illegal-command if the card is too old for it, and integrity if
the card does not prove that it has the key.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from contextlib import contextmanager

from vending_app.cardio.desfire.commands import Ins
from vending_app.cardio.desfire.ev1 import Ev1Channel, session_key
from vending_app.cardio.desfire.ev2 import TI_SIZE, Ev2Channel, session_keys
from vending_app.cardio.desfire.keys import CardKey, KeyKind, rotated
from vending_app.cardio.desfire.status import Status, forged
from vending_app.cardio.desfire.wire import Wire
from vending_app.domain.wiping import gathered, lent, taken
from vending_app.ports import Entropy

NO_CAPABILITIES = b"\x00"
"""The office asks for no capability of its own in AuthenticateEV2First."""
CAPABILITIES_SIZE = 12
"""Six bytes of the card's and six of the reader's close the first answer of EV2."""


def authenticate_ev1(wire: Wire, number: int, key: CardKey, entropy: Entropy) -> Ev1Channel:
    """AuthenticateAES, or AuthenticateISO with the DES key of a new card. CBC goes on over the whole dialogue."""
    ins = Ins.AUTHENTICATE_AES if key.kind is KeyKind.AES else Ins.AUTHENTICATE_ISO
    block = key.kind.block
    secret_b = _challenge(wire, ins, bytes([number]), block)
    with lent(key.decrypted(bytes(block), secret_b)) as b, lent(taken(entropy(block))) as a:
        token = _token(key, secret_b, a, b)
        proof = wire.expect(Ins.MORE, token, Status.DONE)
        if len(proof) != block:
            raise forged()
        with lent(key.decrypted(token[-block:], proof)) as returned:
            _require_proved(returned, a)
        return Ev1Channel(session_key(a, b, kind=key.kind))


def authenticate_ev2_first(wire: Wire, number: int, key: CardKey, entropy: Entropy) -> Ev2Channel:
    """Begins a transaction: the card gives it an identifier, and commands are counted from 0."""
    asked = bytes([number]) + NO_CAPABILITIES
    with _ev2_dialogue(wire, Ins.AUTHENTICATE_EV2_FIRST, asked, key, entropy) as (a, b, proof):
        with memoryview(proof) as told:
            ti = bytes(told[:TI_SIZE])
            _require_proved(told[TI_SIZE:-CAPABILITIES_SIZE], a)
        return Ev2Channel(*session_keys(key, a, b), ti)


def authenticate_ev2_non_first(
    wire: Wire, number: int, key: CardKey, entropy: Entropy, *, before: Ev2Channel
) -> Ev2Channel:
    """Another key within the same transaction: identifier and counter go on."""
    with _ev2_dialogue(wire, Ins.AUTHENTICATE_EV2_NON_FIRST, bytes([number]), key, entropy) as (a, b, proof):
        _require_proved(proof, a)
        return Ev2Channel(*session_keys(key, a, b), before.ti, counter=before.counter)


@contextmanager
def _ev2_dialogue(
    wire: Wire, ins: Ins, asked: bytes, key: CardKey, entropy: Entropy
) -> Iterator[tuple[bytearray, bytearray, bytearray]]:
    """Both random numbers, and the card's last answer deciphered; every stretch has an IV of zeros."""
    zeros = bytes(key.kind.block)
    secret_b = _challenge(wire, ins, asked, len(zeros))
    with lent(key.decrypted(zeros, secret_b)) as b, lent(taken(entropy(len(zeros)))) as a:
        proof = wire.expect(Ins.MORE, _token(key, zeros, a, b), Status.DONE)
        if not proof or len(proof) % len(zeros):
            raise forged()
        with lent(key.decrypted(zeros, proof)) as told:
            yield a, b, told


def _token(key: CardKey, iv: bytes, a: bytearray, b: bytearray) -> bytes:
    """Our number and the card's, rotated, for the card to decipher."""
    with lent(rotated(b)) as turned, lent(gathered(a, turned)) as plain:
        return key.encrypt(iv, plain)


def _challenge(wire: Wire, ins: Ins, asked: bytes, size: int) -> bytes:
    secret = wire.expect(ins, asked, Status.MORE)
    if len(secret) != size:
        raise forged()
    return secret


def _require_proved(returned: bytearray | memoryview, a: bytearray) -> None:
    """Raises Refused integrity unless it is our number, rotated."""
    with lent(rotated(a)) as turned:
        if not hmac.compare_digest(returned, turned):
            raise forged()
