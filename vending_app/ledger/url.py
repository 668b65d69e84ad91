"""The address of a server of books: told apart from a file, and shown without its password."""

from __future__ import annotations

import re

SCHEMES = ("postgresql://", "postgres://")
_USER_PART = re.compile(r"(?<=://)([^/?#]*)@")
_PASSWORD_OPTION = re.compile(r"(?i)([?&](?:ssl)?password=)[^&]*")


def is_server(address: str) -> bool:
    """Whether books of this address are on a server."""
    return address.startswith(SCHEMES)


def masked(address: str) -> str:
    """The address as it may be shown and logged. Total: whatever stands where a password may stand is covered."""
    return _PASSWORD_OPTION.sub(r"\1***", _USER_PART.sub(_without_password, address))


def _without_password(found: re.Match[str]) -> str:
    user, colon, _ = found[1].partition(":")
    return f"{user}{':***' if colon else ''}@"
