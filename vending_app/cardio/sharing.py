"""A key in shares by XOR: all of them give the key, and any fewer say nothing about it (a one-time pad)."""

from __future__ import annotations

from collections.abc import Iterable

from vending_app.domain.wiping import taken
from vending_app.ports import Entropy


def split(key: bytearray, *, count: int, entropy: Entropy) -> tuple[bytearray, ...]:
    """`count` shares of the key's size: all but the last are random."""
    shares = [taken(entropy(len(key))) for _ in range(count - 1)]
    return (*shares, joined((key, *shares)))


def joined(shares: Iterable[bytearray]) -> bytearray:
    """The key; the caller wipes it. The shares are left as they are."""
    first, *others = shares
    key = bytearray(first)
    for other in others:
        for at, byte in enumerate(other):
            key[at] ^= byte
    return key
