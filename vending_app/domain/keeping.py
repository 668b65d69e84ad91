"""What a backup is called, what of the books it stands for, and which of many backups stay."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from vending_app.domain.closing import FINGERPRINT_FIGURES
from vending_app.domain.errors import VendingError
from vending_app.domain.ids import DeskNo


@dataclass(frozen=True, slots=True, order=True)
class ChainHead:
    """The newest journal row of one desk; it binds all that the desk ever wrote."""

    desk: DeskNo
    number: int
    hash: bytes


def short(hashed: bytes) -> str:
    """The first figures of a hash, in capitals."""
    return hashed.hex()[:FINGERPRINT_FIGURES].upper()


def fingerprint(heads: Iterable[ChainHead]) -> str:
    """One short text for the heads of all desks: equal books have equal ones."""
    lines = "".join(f"{head.desk}:{head.number}:{head.hash.hex()}\n" for head in sorted(heads))
    return short(hashlib.sha256(lines.encode()).digest())


_NAME = re.compile(r"vending-(\d{8}T\d{6}Z)-desk(\d{1,5})-([0-9A-F]{8})\.backup")
_TIME = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True, order=True)
class BackupName:
    """The name of a backup: when (UTC, whole seconds), by which desk, and the fingerprint of the chain heads in it."""

    made_at: datetime
    desk: DeskNo
    fingerprint: str

    def __str__(self) -> str:
        return f"vending-{self.made_at.astimezone(UTC):{_TIME}}-desk{self.desk}-{self.fingerprint}.backup"

    @classmethod
    def of(cls, text: str) -> BackupName | None:
        """The name that a file carries; None for files that are none of ours."""
        match = _NAME.fullmatch(text)
        try:
            made_at = datetime.strptime(match[1], _TIME).replace(tzinfo=UTC) if match else None
        except ValueError:
            return None
        return cls(made_at, DeskNo(int(match[2])), match[3]) if match and made_at else None


@dataclass(frozen=True, slots=True)
class StoredBackup:
    """A backup in a folder."""

    path: Path
    name: BackupName
    size: int
    """Bytes."""


@dataclass(frozen=True, slots=True)
class BackupMade:
    """A backup that was just written, read back and found right."""

    stored: StoredBackup
    copied_to: Path | None
    """Where the second one lies; None if there is no second folder, or if it could not be written."""
    copy_trouble: VendingError | None
    removed: int
    """How many older ones the rotation took away."""


_Period = Callable[[datetime], str]

ROTATION: tuple[tuple[_Period, int | None], ...] = (
    (lambda at: f"{at:%Y-%m-%dT%H}", 24),
    (lambda at: f"{at:%Y-%m-%d}", 30),
    (lambda at: f"{at:%Y-%m}", 12),
    (lambda at: f"{at:%Y}", None),
)
"""Of each period the newest backup stays, for so many of the newest periods; of years all."""


def kept(names: Iterable[BackupName]) -> frozenset[BackupName]:
    """Which backups stay: the newest of each of the last 24 hours, 30 days, 12 months that have one, and of all years.

    Each desk counts for itself.
    """
    newest_first = sorted(names, reverse=True)
    desks = {name.desk for name in newest_first}
    return frozenset(
        name
        for desk in desks
        for period, most in ROTATION
        for name in _newest_of([one for one in newest_first if one.desk == desk], period, most)
    )


def _newest_of(newest_first: list[BackupName], period: _Period, most: int | None) -> list[BackupName]:
    found: dict[str, BackupName] = {}
    for name in newest_first:
        found.setdefault(period(name.made_at), name)
    return list(found.values())[:most]
