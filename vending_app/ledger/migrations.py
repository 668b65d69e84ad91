"""How a file of any age becomes a file of this program: numbered steps, each one transaction with its record."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.ledger.driver import sqlite3
from vending_app.ledger.schema import SCHEMA_1, VERSION_TABLE
from vending_app.ledger.schema_2_books import BOOKS_2
from vending_app.ledger.schema_2_keeping import KEEPING_2
from vending_app.ledger.schema_2_people import AUTHORITY, PEOPLE_2
from vending_app.ledger.schema_3_supplies import SUPPLIES_3
from vending_app.ledger.schema_4_search import SEARCH_4
from vending_app.ledger.schema_4_stock import STOCK_4
from vending_app.ledger.schema_4_tools import TOOLS_4
from vending_app.ledger.schema_4_two_people import TWO_PEOPLE_4
from vending_app.ledger.schema_4_write_off import WRITE_OFF_4
from vending_app.ledger.schema_5_inspections import INSPECTIONS_5
from vending_app.ledger.schema_6_approvers import APPROVERS_6
from vending_app.ledger.schema_6_readings import READINGS_6
from vending_app.ledger.schema_6_rules import RULES_6
from vending_app.ledger.schema_7_keys import KEYS_7
from vending_app.ledger.schema_7_repairs import REPAIRS_7
from vending_app.ledger.schema_7_retirements import RETIREMENTS_7
from vending_app.ledger.schema_7_tries import TRIES_7
from vending_app.ledger.sqlite import (
    APPLICATION_ID,
    ROOM_NEEDED,
    connect,
    file_fault,
    free_bytes,
    make_file,
    statements,
    translated,
)

MARK_AT = 68
"""Where SQLite's file format keeps the application id, four bytes, big-endian."""
HEAD_BYTES = 72
MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Migration:
    """One step; its SQL is its own and is never edited after a release."""

    version: int
    reason: str
    sql: str


MIGRATIONS = (
    Migration(1, "the first books: records, journal, sales, entries", SCHEMA_1),
    Migration(
        2,
        "rights and approvals, reversals, cash, payments, closings, restored books",
        PEOPLE_2 + BOOKS_2 + KEEPING_2 + AUTHORITY,
    ),
    Migration(3, "areas, meters in stock, changes of records, meter changes, settlements", SUPPLIES_3),
    Migration(
        4,
        "estimates and free cards by two people, cards emptied at the end, records to look up, card stock, tool cards",
        TWO_PEOPLE_4 + SEARCH_4 + TOOLS_4 + STOCK_4 + WRITE_OFF_4,
    ),
    Migration(5, "inspections", INSPECTIONS_5),
    Migration(
        6,
        "rules of the office and people who approve, made by two; readings of feeders and transformers",
        RULES_6 + APPROVERS_6 + READINGS_6,
    ),
    Migration(
        7,
        "master keys: what was done with them before witnesses; key cards; what desks sell; cards mended, retired",
        KEYS_7 + REPAIRS_7 + RETIREMENTS_7 + TRIES_7,
    ),
)


def migrate(connection: sqlite3.Connection, path: Path, *, steps: Sequence[Migration] = MIGRATIONS) -> tuple[int, ...]:
    """Bring the file to the newest version and tell which steps were taken.

    An existing file is copied beside itself first; what a start before this one left of such a copy is taken away.
    Raises EnvironmentFault ledger-newer, ledger-damaged, ledger-not-copied.
    """
    with translated(path):
        found = version_of(connection, path)
        if found > steps[-1].version:
            raise EnvironmentFault(Code.LEDGER_NEWER, found=found, known=steps[-1].version)
        pending = [step for step in steps if step.version > found]
        if not pending:
            forget_drafts(path)
            return ()
        copy = _copied_alone(connection, path, version=found) if found else None
        try:
            return tuple(step.version for step in pending if _apply(connection, step, path))
        finally:
            # Books that are as they were need no copy, least of all where a disk is full.
            if copy is not None and version_of(connection, path) == found:
                copy.unlink(missing_ok=True)


def check_is_ours(path: Path) -> None:
    """Raises EnvironmentFault ledger-damaged for a file that is no ledger, before SQLite would make it one."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as cause:
        raise file_fault(cause, path) from cause
    # While a log lies beside the file, the newest first page may still be in it; `version_of` looks again.
    is_marked = head[MARK_AT:] == APPLICATION_ID.to_bytes(4, "big") or path.with_name(f"{path.name}-wal").exists()
    if not head.startswith(b"SQLite format 3\0") or not is_marked:
        raise EnvironmentFault(Code.LEDGER_DAMAGED, path=str(path), reason="not a ledger of this program")


def version_of(connection: sqlite3.Connection, path: Path) -> int:
    """The version of the file; 0 for one just made. Raises EnvironmentFault ledger-damaged if it is not ours."""
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables:
        return 0
    mark = connection.execute("PRAGMA application_id").fetchone()[0]
    if mark != APPLICATION_ID or "schema_versions" not in tables:
        raise EnvironmentFault(Code.LEDGER_DAMAGED, path=str(path), reason="not a ledger of this program")
    newest = connection.execute("SELECT max(version) FROM schema_versions").fetchone()[0]
    if newest is None:
        raise EnvironmentFault(Code.LEDGER_DAMAGED, path=str(path), reason="tables of no version")
    return int(newest)


# --- the copy --------------------------------------------------------------------------------------------

_DRAFT = ".partial"
_OF_DRAFTS = (_DRAFT, f"{_DRAFT}-journal")
"""A journal that was left would be played back into the next copy of that name."""


def forget_drafts(path: Path) -> None:
    """What is left of copies whose process was killed; each is as large as the books, and nobody will finish it.

    For whoever knows that nobody is copying: the books are at the newest version, or no other desk may write.
    """
    # Somebody else took it, or it may not be taken: no reason not to sell.
    with suppress(OSError):
        for each in path.parent.iterdir():
            if each.name.startswith(f"{path.name}.version-") and each.name.endswith(_OF_DRAFTS):
                each.unlink(missing_ok=True)


def _copied_alone(connection: sqlite3.Connection, path: Path, *, version: int) -> Path | None:
    """While no other desk may write, so that two that start at once make one copy; None if another was faster."""
    with closing(connect(path)) as holding:
        holding.execute("BEGIN IMMEDIATE")
        if version_of(connection, path) != version:
            return None
        forget_drafts(path)
        return back_up(connection, path, version=version)


def back_up(connection: sqlite3.Connection, path: Path, *, version: int) -> Path:
    """A complete copy named after the version it holds; an older copy of that name is replaced at the end.

    Raises EnvironmentFault ledger-not-copied with the megabytes that it `needs`; nothing is left of it then.
    """
    target = path.with_name(f"{path.name}.version-{version}")
    draft = target.with_name(f"{target.name}{_DRAFT}")
    pages, page = (connection.execute(f"PRAGMA {what}").fetchone()[0] for what in ("page_count", "page_size"))
    needs = pages * page + ROOM_NEEDED
    if free_bytes(path.parent) < needs:
        raise _not_copied(path, needs, reason="no room")
    make_file(draft)
    try:
        connection.execute("VACUUM INTO ?", (str(draft),))
        _keep(draft, target)
    except (sqlite3.DatabaseError, OSError) as cause:
        raise _not_copied(path, needs, reason=str(getattr(cause, "sqlite_errorname", cause))) from cause
    finally:
        for name in _OF_DRAFTS:
            target.with_name(f"{target.name}{name}").unlink(missing_ok=True)
    return target


def _not_copied(path: Path, needs: int, *, reason: str) -> EnvironmentFault:
    return EnvironmentFault(Code.LEDGER_NOT_COPIED, path=str(path), needs=-(-needs // MEGABYTE), reason=reason)


def _keep(draft: Path, target: Path) -> None:
    """On the disk itself before the books are changed: SQLite leaves that of a copy to the system."""
    with draft.open("rb+") as file:
        os.fsync(file.fileno())
    os.replace(draft, target)
    if sys.platform != "win32":
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


# --- the steps -------------------------------------------------------------------------------------------


def _apply(connection: sqlite3.Connection, step: Migration, path: Path) -> bool:
    """Whether it was taken here; another desk that started at the same time may have been faster."""
    # A table that is made anew is dropped on the way, which foreign keys would not let pass.
    connection.execute("PRAGMA foreign_keys = OFF")
    try:
        return _apply_whole(connection, step, path)
    finally:
        connection.execute("PRAGMA foreign_keys = ON")


def _apply_whole(connection: sqlite3.Connection, step: Migration, path: Path) -> bool:
    connection.execute("BEGIN IMMEDIATE")
    try:
        if version_of(connection, path) >= step.version:
            return False
        connection.execute(VERSION_TABLE)
        for statement in statements(step.sql):
            connection.execute(statement)
        connection.execute("INSERT INTO schema_versions VALUES (?, ?)", (step.version, step.reason))
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        assert not connection.execute("PRAGMA foreign_key_check").fetchall(), "a step leaves no row without its parent"
        connection.execute("COMMIT")
        return True
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
