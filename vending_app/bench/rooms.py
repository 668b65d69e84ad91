"""Where a bench writes what it needs once."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEMORY_FOLDER = Path("/dev/shm")


@contextmanager
def in_memory() -> Iterator[Path]:
    """A folder that goes away; in memory where there is one, since a campaign writes it a thousand times over."""
    base = MEMORY_FOLDER if os.access(MEMORY_FOLDER, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="campaign-", dir=base) as folder:
        yield Path(folder)
