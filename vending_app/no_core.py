"""No core file of this process: a crash must not leave the master keys on the disk."""

from __future__ import annotations

import ctypes
import sys

PR_SET_DUMPABLE = 4


def forbid_core() -> None:
    """For this process and, by its limit, for what it starts; on Windows there is nothing to forbid.

    A core that the system pipes into a program of its own heeds no limit (core(5)); there the second half counts, which
    also keeps other programs of the same user from reading this one's memory (prctl(2), Linux only).
    """
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - Windows has none

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
