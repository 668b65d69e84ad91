"""PySide6 6.12.0 gives away one reference to None with every call that returns nothing.

Its wheel is built for interpreters in which None is immortal (Python 3.12, PEP 683); under Python 3.11 the count
runs out after some minutes of painting and the interpreter stops with "none_dealloc". Until a wheel counts again,
None is given more references than a window can use up in centuries.
"""

from __future__ import annotations

import ctypes
import sys

IMMORTAL_SINCE = (3, 12)
MANY = 1 << 60


def keep_none_alive() -> None:
    """Make None as good as immortal where it is not; harmless to repeat."""
    if sys.version_info >= IMMORTAL_SINCE:
        return
    # The count is the first word of every object of CPython before 3.12.
    ctypes.c_ssize_t.from_address(id(None)).value = MANY
