"""The dialogues in which card and office prove to each other that they have the same key, and what comes of them.

Each side sends a random number; each sends back the other's, rotated by a byte. Random numbers of our side come from
outside. Every function raises Refused: no-such-key, authentication if the card has another key, illegal-command if the
card is too old for it, and integrity if the card does not prove that it has the key.
"""

from __future__ import annotations

import hmac

from vending_app.cardio.desfire.commands import Ins
from vending_app.cardio.desfire.ev1 import Ev1Channel, session_key
from vending_app.cardio.desfire.ev2 import TI_SIZE, Ev2Channel, session_keys
from vending_app.cardio.desfire.keys import CardKey, KeyKind, rotated
from vending_app.cardio.desfire.status import Status, forged
from vending_app.cardio.desfire.wire import Wire
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
    b = key.decrypt(bytes(block), secret_b)
    a = entropy(block)
    token = key.encrypt(secret_b, a + rotated(b))
    proof = wire.expect(Ins.MORE, token, Status.DONE)
    if len(proof) != block or not _is_proved(key.decrypt(token[-block:], proof), a):
        raise forged()
    return Ev1Channel(session_key(a, b, kind=key.kind))


def authenticate_ev2_first(wire: Wire, number: int, key: CardKey, entropy: Entropy) -> Ev2Channel:
    """Begins a transaction: the card gives it an identifier, and commands are counted from 0."""
    a, b, proof = _ev2_dialogue(wire, Ins.AUTHENTICATE_EV2_FIRST, bytes([number]) + NO_CAPABILITIES, key, entropy)
    ti, returned = proof[:TI_SIZE], proof[TI_SIZE:-CAPABILITIES_SIZE]
    if not _is_proved(returned, a):
        raise forged()
    return Ev2Channel(*session_keys(key, a, b), ti)


def authenticate_ev2_non_first(
    wire: Wire, number: int, key: CardKey, entropy: Entropy, *, before: Ev2Channel
) -> Ev2Channel:
    """Another key within the same transaction: identifier and counter go on."""
    a, b, proof = _ev2_dialogue(wire, Ins.AUTHENTICATE_EV2_NON_FIRST, bytes([number]), key, entropy)
    if not _is_proved(proof, a):
        raise forged()
    return Ev2Channel(*session_keys(key, a, b), before.ti, counter=before.counter)


def _ev2_dialogue(wire: Wire, ins: Ins, asked: bytes, key: CardKey, entropy: Entropy) -> tuple[bytes, bytes, bytes]:
    """Both random numbers, and the card's last answer deciphered; every stretch has an IV of zeros."""
    zeros = bytes(key.kind.block)
    b = key.decrypt(zeros, _challenge(wire, ins, asked, len(zeros)))
    a = entropy(len(zeros))
    proof = wire.expect(Ins.MORE, key.encrypt(zeros, a + rotated(b)), Status.DONE)
    if not proof or len(proof) % len(zeros):
        raise forged()
    return a, b, key.decrypt(zeros, proof)


def _challenge(wire: Wire, ins: Ins, asked: bytes, size: int) -> bytes:
    secret = wire.expect(ins, asked, Status.MORE)
    if len(secret) != size:
        raise forged()
    return secret


def _is_proved(returned: bytes, a: bytes) -> bool:
    return hmac.compare_digest(returned, rotated(a))
