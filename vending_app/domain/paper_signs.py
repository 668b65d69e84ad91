"""Secrets on paper: groups of five signs, four of Crockford's base 32 (no I, L, O, U) and a check figure.

A slip is found in its group. Check figure of group g (from 0): (v1 + 3·v2 + 5·v3 + 7·v4 + 9·g) mod 32. Bytes that do
not fill the last group are followed by zero bits.
"""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUP_SIGNS = 4
_WEIGHTS = (1, 3, 5, 7)
_LOOKS_LIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})


class NotOnPaper(Exception):
    """The text is none of this form; `group` (from 1) is the one that has a slip, 0 if none can be named."""

    def __init__(self, group: int = 0) -> None:
        super().__init__(group)
        self.group = group


def groups_of(size: int) -> int:
    """How many groups so many bytes take."""
    return -(-size * 8 // (GROUP_SIGNS * 5))


def to_paper(content: bytes | bytearray) -> str:
    """Groups with their check figures, joined by hyphens."""
    groups = groups_of(len(content))
    bits = int.from_bytes(content, "big") << (groups * GROUP_SIGNS * 5 - len(content) * 8)
    values = [(bits >> 5 * place) & 31 for place in reversed(range(groups * GROUP_SIGNS))]
    parts = [values[at : at + GROUP_SIGNS] for at in range(0, len(values), GROUP_SIGNS)]
    return "-".join("".join(ALPHABET[v] for v in (*part, _check(part, at))) for at, part in enumerate(parts))


def from_paper(text: str, *, size: int) -> bytes:
    """So many bytes from what was typed; lines that begin with # are left out. Raises NotOnPaper."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    signs = "".join("".join(lines).upper().translate(_LOOKS_LIKE).replace("-", " ").split())
    groups, wide = groups_of(size), GROUP_SIGNS + 1
    if len(signs) != groups * wide or not set(signs) <= set(ALPHABET):
        raise NotOnPaper
    values: list[int] = []
    for group in range(groups):
        *part, check = [ALPHABET.index(sign) for sign in signs[group * wide : (group + 1) * wide]]
        if _check(part, group) != check:
            raise NotOnPaper(group + 1)
        values += part
    bits = sum(value << 5 * place for place, value in enumerate(reversed(values)))
    return (bits >> (groups * GROUP_SIGNS * 5 - size * 8)).to_bytes(size, "big")


def _check(part: list[int], group: int) -> int:
    return (sum(weight * value for weight, value in zip(_WEIGHTS, part, strict=True)) + 9 * group) % 32
