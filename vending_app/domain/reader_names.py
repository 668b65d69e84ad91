"""Names of readers as the card service makes them."""

from __future__ import annotations

import re

_PLACE = re.compile(r" ([0-9A-Fa-f]{2} [0-9A-Fa-f]{2}|\d+)$")
"""pcsc-lite puts the number of the reader and of its slot behind the name, Windows the number of the reader."""


def without_place(name: str) -> str:
    """`ACS ACR39U ICC Reader`: a reader that is plugged in again, or after another one, may get a new number."""
    return _PLACE.sub("", name)
