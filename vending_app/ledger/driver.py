"""SQLite itself: the build of pysqlite3, which is newer than the system's, with the types of the standard one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
else:
    import pysqlite3.dbapi2 as sqlite3

__all__ = ["sqlite3"]
