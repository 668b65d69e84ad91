"""The last member of a backup: what stands before it, byte counts and hashes, and where the chains end."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vending_app.domain.ids import DeskNo
from vending_app.domain.keeping import ChainHead
from vending_app.keeping.sealed import damaged

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """Counts members while they pass."""

    head: Mapping[str, object]
    files: dict[str, dict[str, object]] = field(default_factory=dict)

    def counted(self, name: str, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """The same blocks; when the last has passed, the manifest knows their number and hash."""
        hashed, size = hashlib.sha256(), 0
        for block in blocks:
            hashed.update(block)
            size += len(block)
            yield block
        self.files[name] = {"bytes": size, "sha256": hashed.hexdigest()}

    def to_bytes(self) -> bytes:
        return json.dumps({**self.head, "files": self.files}, sort_keys=True, indent=1).encode()

    def check(self, told: bytes, path: Path) -> None:
        """That what passed is what a manifest tells. Raises EnvironmentFault backup-damaged."""
        try:
            files = json.loads(told)["files"]
        except (ValueError, TypeError, KeyError, RecursionError) as cause:
            raise damaged(path, "its manifest cannot be read") from cause
        if files != self.files:
            raise damaged(path, "what is in it is not what its manifest tells")


def heads_json(heads: Iterable[ChainHead]) -> list[list[object]]:
    """Desk, number and hash of each."""
    return [[head.desk, head.number, head.hash.hex()] for head in heads]


def heads_of(read: Mapping[str, Any], path: Path) -> tuple[ChainHead, ...]:
    """The other way. Raises EnvironmentFault backup-damaged."""
    try:
        return tuple(ChainHead(DeskNo(int(d)), int(n), bytes.fromhex(h)) for d, n, h in read["heads"])
    except (ValueError, TypeError, KeyError, OverflowError) as cause:
        raise damaged(path, "its head does not tell where the books end") from cause
