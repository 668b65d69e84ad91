"""Secrets on paper: groups of five signs, four of Crockford's base 32 (no I, L, O, U) and a check figure.

A slip is found in its group. Check figure of group g (from 0): (v1 + 3·v2 + 5·v3 + 7·v4 + 9·g) mod 32. Bytes that do
not fill the last group are followed by zero bits.
"""

from __future__ import annotations

from vending_app.domain.wiping import lent, wipe

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUP_SIGNS = 4
_SIGN_BITS = 5
_WEIGHTS = (1, 3, 5, 7)
_LOOKS_LIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})


class NotOnPaper(Exception):
    """The text is none of this form; `group` (from 1) is the one that has a slip, 0 if none can be named."""

    def __init__(self, group: int = 0) -> None:
        super().__init__(group)
        self.group = group


def groups_of(size: int) -> int:
    """How many groups so many bytes take."""
    return -(-size * 8 // (GROUP_SIGNS * _SIGN_BITS))


def to_paper(content: bytes | bytearray) -> str:
    """Groups with their check figures, joined by hyphens."""
    return "-".join(group_of(content, group) for group in range(groups_of(len(content))))


def group_of(content: bytes | bytearray, group: int) -> str:
    """One group with its check figure, from 0: so short a piece says next to nothing where it is left behind."""
    values = [_value_at(content, group * GROUP_SIGNS + place) for place in range(GROUP_SIGNS)]
    return "".join(ALPHABET[value] for value in (*values, _check(values, group)))


def _value_at(content: bytes | bytearray, sign: int) -> int:
    """Five bits, the first ones of what may reach over two bytes; zeros behind the end."""
    at, begin = divmod(sign * _SIGN_BITS, 8)
    pair = sum(content[at + place] << 8 - 8 * place for place in range(2) if at + place < len(content))
    return pair >> 16 - _SIGN_BITS - begin & 31


def from_paper(text: str, *, size: int) -> bytearray:
    """So many bytes from what was typed, to be wiped; lines that begin with # are left out. Raises NotOnPaper."""
    wide = GROUP_SIGNS + 1
    content = bytearray(size)
    with lent(_values(text, count=groups_of(size) * wide)) as values:
        for group in range(groups_of(size)):
            *part, check = values[group * wide : (group + 1) * wide]
            if _check(part, group) != check:
                wipe(content)
                raise NotOnPaper(group + 1)
            for place, value in enumerate(part, group * GROUP_SIGNS):
                _put(content, place, value)
    return content


def _values(text: str, *, count: int) -> bytearray:
    """The number of each sign, sign by sign, because every copy of the text would stay behind. Raises NotOnPaper."""
    values, at, is_note, begins_line = bytearray(count), 0, False, True
    for sign in text:
        if sign in "\r\n":
            is_note, begins_line = False, True
        elif is_note or sign == "-" or sign.isspace():
            continue
        elif sign == "#" and begins_line:
            is_note = True
        else:
            value, begins_line = ALPHABET.find(sign.upper().translate(_LOOKS_LIKE)), False
            if value < 0 or at == count:
                wipe(values)
                raise NotOnPaper
            values[at], at = value, at + 1
    if at < count:
        wipe(values)
        raise NotOnPaper
    return values


def _put(content: bytearray, sign: int, value: int) -> None:
    """The other way round than `_value_at`."""
    at, begin = divmod(sign * _SIGN_BITS, 8)
    pair = value << 16 - _SIGN_BITS - begin
    for place, byte in enumerate((pair >> 8, pair & 0xFF), at):
        if place < len(content):
            content[place] |= byte


def _check(part: list[int], group: int) -> int:
    return (sum(weight * value for weight, value in zip(_WEIGHTS, part, strict=True)) + 9 * group) % 32
