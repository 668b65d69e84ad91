"""Merkle trees over row hashes (RFC 6962, 2.1): a closing binds a whole day by 32 bytes, a proof needs a dozen."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

Step = tuple[str, str]
"""Where the neighbour stands, `left` or `right`, and its hash in hexadecimal."""


def root(leaves: Sequence[bytes]) -> bytes:
    """The hash of the tree; of no leaves, the hash of nothing."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    level = [_leaf(leaf) for leaf in leaves]
    while len(level) > 1:
        level = _above(level)
    return level[0]


def path(leaves: Sequence[bytes], at: int) -> tuple[Step, ...]:
    """What a stranger needs beside the leaf at this place to compute the root."""
    level, steps = [_leaf(leaf) for leaf in leaves], []
    while len(level) > 1:
        beside = at ^ 1
        if beside < len(level):
            steps.append(("left" if beside < at else "right", level[beside].hex()))
        level, at = _above(level), at // 2
    return tuple(steps)


def climb(leaf: bytes, steps: Sequence[Step]) -> bytes:
    """The root that a leaf and its path lead to."""
    found = _leaf(leaf)
    for side, neighbour in steps:
        other = bytes.fromhex(neighbour)
        found = _node(other, found) if side == "left" else _node(found, other)
    return found


def _above(level: Sequence[bytes]) -> list[bytes]:
    """An odd one out moves up as it is, which gives the same tree as RFC 6962's split at a power of two."""
    pairs = [_node(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
    return pairs + ([level[-1]] if len(level) % 2 else [])


def _leaf(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
