"""Where a bench writes what it needs once."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEMORY_FOLDER = Path("/dev/shm")


ENOUGH = 1 << 30
"""A container may have a few megabytes there, which one cluster of PostgreSQL would fill."""


def memory_folder() -> Path | None:
    """Where files live in memory, if there is such a place and room in it."""
    is_there = os.access(MEMORY_FOLDER, os.W_OK) and shutil.disk_usage(MEMORY_FOLDER).free >= ENOUGH
    return MEMORY_FOLDER if is_there else None


@contextmanager
def in_memory() -> Iterator[Path]:
    """A folder that goes away; in memory where there is one, since a campaign writes it a thousand times over."""
    with tempfile.TemporaryDirectory(prefix="campaign-", dir=memory_folder()) as folder:
        yield Path(folder)
