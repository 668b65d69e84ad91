"""What a desk last knew of its own chain, kept beside its settings and outside the books.

A server that was restored from an older backup does not know that row: then this desk sells nothing, because what it
sold since would be sold again. The file is one line: `<desk> <number> <hash>`, written over in place.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.ids import DeskNo

_LINE = re.compile(rb"(\d{5}) (\d{19}) ([0-9a-f]{64})\n")
LINE_BYTES = 5 + 1 + 19 + 1 + 64 + 1


@dataclass(frozen=True, slots=True)
class Head:
    """The newest row of a desk's chain."""

    number: int
    hash: bytes


class Witness:
    """The file of one desk. It is not made durable with every act: an older head proves less, and nothing wrong."""

    def __init__(self, folder: Path, desk: DeskNo) -> None:
        self._path = folder / f"witness-{desk}.txt"
        self._desk = desk
        self._file: int | None = None

    def head(self) -> Head | None:
        """The head that was kept last; None before the first, and for a line that was torn or belongs to others."""
        try:
            with self._path.open("rb") as file:
                found = _LINE.fullmatch(file.read(LINE_BYTES + 1))
        except FileNotFoundError:
            return None
        except OSError as cause:
            raise EnvironmentFault(Code.FILE_UNREADABLE, path=str(self._path)) from cause
        if found is None or int(found[1]) != self._desk:
            return None
        return Head(int(found[2]), bytes.fromhex(found[3].decode()))

    def keep(self, head: Head) -> None:
        """Remember this head. Raises EnvironmentFault file-unreadable."""
        line = b"%05d %019d %s\n" % (self._desk, head.number, head.hash.hex().encode())
        try:
            if self._file is None:
                self._file = os.open(self._path, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o600)
            os.pwrite(self._file, line, 0)
        except OSError as cause:
            raise EnvironmentFault(Code.FILE_UNREADABLE, path=str(self._path)) from cause

    def close(self) -> None:
        """Harmless when repeated."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
