"""The values of a request as the protocol knows them, read from JSON."""

from __future__ import annotations

from typing import Any


class NotUnderstood(Exception):
    """A line that is no request of the protocol, or comes before the meter was provisioned."""


def number(value: Any, *, least: int = 0, most: int) -> int:
    """A whole number within bounds. Raises NotUnderstood."""
    if type(value) is not int or not least <= value <= most:
        raise NotUnderstood
    return value


def raw(value: Any, size: int) -> bytes:
    """So many bytes, in hexadecimal. Raises NotUnderstood, TypeError and ValueError."""
    found = bytes.fromhex(value)
    if len(found) != size:
        raise NotUnderstood
    return found
