"""AES Key Wrap (RFC 3394) in memory that can be wiped, which the function of the library does not work in.

64-bit blocks, the default initial value A6A6A6A6A6A6A6A6; what is wrapped is 8 bytes longer and proves itself.
"""

from __future__ import annotations

import hmac

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

from vending_app.domain.wiping import wipe

HALF = 8
_INITIAL = b"\xa6" * HALF
_ROUNDS = 6


def wrap(wrapping: bytearray, secret: bytearray) -> bytes:
    """The secret, whole blocks of 8 bytes and at least two, under the wrapping key; it is left as it was."""
    registers = bytearray(HALF + len(secret))
    registers[:HALF], registers[HALF:] = _INITIAL, secret
    cipher, count = Cipher(AES(wrapping), ECB()).encryptor(), len(secret) // HALF
    for step in range(1, _ROUNDS * count + 1):
        _work(cipher, registers, HALF * ((step - 1) % count + 1))
        _count(registers, step)
    wrapped = bytes(registers)
    wipe(registers)
    return wrapped


def unwrap(wrapping: bytearray, wrapped: bytes) -> bytearray | None:
    """The secret, for the caller to wipe; None if it was not wrapped under this key, or was changed since."""
    registers, count = bytearray(wrapped), len(wrapped) // HALF - 1
    if count < 2 or len(wrapped) % HALF:
        return None
    cipher = Cipher(AES(wrapping), ECB()).decryptor()
    for step in range(_ROUNDS * count, 0, -1):
        _count(registers, step)
        _work(cipher, registers, HALF * ((step - 1) % count + 1))
    is_whole = hmac.compare_digest(registers[:HALF], _INITIAL)
    secret = bytearray(len(registers) - HALF)
    # From view to view: a bytearray copies whatever else is put into its slices, and frees that copy as it is.
    with memoryview(registers) as seen, memoryview(secret) as told:
        told[:] = seen[HALF:]
    wipe(registers)
    if is_whole:
        return secret
    wipe(secret)
    return None


def _work(cipher: CipherContext, registers: bytearray, at: int) -> None:
    """The first half and the one at this place, through the cipher together and back to where they were."""
    block, answer = bytearray(2 * HALF), bytearray(4 * HALF)
    with memoryview(registers) as seen, memoryview(block) as put, memoryview(answer) as told:
        put[:HALF], put[HALF:] = seen[:HALF], seen[at : at + HALF]
        # The library wants room for a block more than it writes.
        cipher.update_into(block, answer)
        seen[:HALF], seen[at : at + HALF] = told[:HALF], told[HALF : 2 * HALF]
    wipe(block, answer)


def _count(registers: bytearray, step: int) -> None:
    for at, byte in enumerate(step.to_bytes(HALF, "big")):
        registers[at] ^= byte
