"""A vending allowance as it came from the office, in a file."""

from __future__ import annotations

from pathlib import Path

from vending_app.domain.allowance import SignedGrant, parse_grant
from vending_app.domain.errors import Code, EnvironmentFault

LARGEST_FILE = 4096


def grant_in(path: Path) -> SignedGrant:
    """Raises EnvironmentFault file-unreadable, OperatorError allowance-refused for what is no grant."""
    try:
        with path.open("rb") as file:
            text = file.read(LARGEST_FILE).decode("utf-8", errors="replace")
    except OSError as cause:
        raise EnvironmentFault(Code.FILE_UNREADABLE, path=str(path)) from cause
    return parse_grant(text)
