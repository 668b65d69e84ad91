"""Merkle trees over row hashes (RFC 6962, 2.1): a closing binds a whole day by 32 bytes, a proof needs a dozen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import islice

Step = tuple[str, str]
"""Where the neighbour stands, `left` or `right`, and its hash in hexadecimal."""


BLOCK = 4096
"""Leaves that are taken at a time: a power of two, so that the top of each full block is a node of the whole tree."""


def root(leaves: Iterable[bytes]) -> bytes:
    """The hash of the tree, of millions of leaves too; of no leaves, the hash of nothing."""
    coming = iter(leaves)
    tops = []
    while block := list(islice(coming, BLOCK)):
        tops.append(_top(_leaves(block)))
    return _top(tops) if tops else sha256(b"").digest()


def _top(level: Sequence[bytes]) -> bytes:
    while len(level) > 1:
        level = _above(level)
    return level[0]


def path(leaves: Sequence[bytes], at: int) -> tuple[Step, ...]:
    """What a stranger needs beside the leaf at this place to compute the root."""
    level, steps = _leaves(leaves), []
    while len(level) > 1:
        beside = at ^ 1
        if beside < len(level):
            steps.append(("left" if beside < at else "right", level[beside].hex()))
        level, at = _above(level), at // 2
    return tuple(steps)


def climb(leaf: bytes, steps: Sequence[Step]) -> bytes:
    """The root that a leaf and its path lead to."""
    (found,) = _leaves([leaf])
    for side, neighbour in steps:
        other = bytes.fromhex(neighbour)
        found = _node(other, found) if side == "left" else _node(found, other)
    return found


def _above(level: Sequence[bytes]) -> list[bytes]:
    """An odd one out moves up as it is, which gives the same tree as RFC 6962's split at a power of two."""
    pairs = zip(level[::2], level[1::2], strict=False)
    return [sha256(b"\x01" + left + right).digest() for left, right in pairs] + list(level[len(level) & ~1 :])


def _leaves(hashes: Iterable[bytes]) -> list[bytes]:
    return [sha256(b"\x00" + leaf).digest() for leaf in hashes]


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()
