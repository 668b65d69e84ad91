"""Texts as a search sees them: accents, case, spaces and hyphens do not matter."""

from __future__ import annotations

import unicodedata

_PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
    | dict.fromkeys(map(chr, (*range(32), 127)), " ")
    | dict.fromkeys("-/", " ")
)
"""Letters whose stroke is not an accent to Unicode; and what only parts words."""


def folded(text: str) -> str:
    """Letters without accents and case; what only groups figures or words becomes one space."""
    parts = unicodedata.normalize("NFKD", text.casefold()).translate(_PLAIN)
    return " ".join("".join(filter(_is_kept, parts)).casefold().split())


def _is_kept(character: str) -> bool:
    return not unicodedata.combining(character)
