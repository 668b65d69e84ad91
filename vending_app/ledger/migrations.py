"""How a file of any age becomes a file of this program: numbered steps, each one transaction with its record."""

from __future__ import annotations

import os
from collections.abc import Sequence
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
from vending_app.ledger.sqlite import APPLICATION_ID, file_fault, make_file, statements, translated

MARK_AT = 68
"""Where SQLite's file format keeps the application id, four bytes, big-endian."""
HEAD_BYTES = 72


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
        "master keys: what was done with them before witnesses; key cards; what desks may sell; cards mended",
        KEYS_7 + REPAIRS_7,
    ),
)


def migrate(connection: sqlite3.Connection, path: Path, *, steps: Sequence[Migration] = MIGRATIONS) -> tuple[int, ...]:
    """Bring the file to the newest version and tell which steps were taken.

    An existing file is copied beside itself first. Raises EnvironmentFault ledger-newer, ledger-damaged.
    """
    with translated(path):
        found = version_of(connection, path)
        if found > steps[-1].version:
            raise EnvironmentFault(Code.LEDGER_NEWER, found=found, known=steps[-1].version)
        pending = [step for step in steps if step.version > found]
        if pending and found:
            back_up(connection, path, version=found)
        for step in pending:
            _apply(connection, step)
    return tuple(step.version for step in pending)


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


def back_up(connection: sqlite3.Connection, path: Path, *, version: int) -> Path:
    """A complete copy named after the version it holds; an older copy of that name is replaced at the end."""
    target = path.with_name(f"{path.name}.version-{version}")
    partial = target.with_name(f"{target.name}.partial")
    partial.unlink(missing_ok=True)
    make_file(partial)
    connection.execute("VACUUM INTO ?", (str(partial),))
    os.replace(partial, target)
    return target


def _apply(connection: sqlite3.Connection, step: Migration) -> None:
    # A table that is made anew is dropped on the way, which foreign keys would not let pass.
    connection.execute("PRAGMA foreign_keys = OFF")
    try:
        _apply_whole(connection, step)
    finally:
        connection.execute("PRAGMA foreign_keys = ON")


def _apply_whole(connection: sqlite3.Connection, step: Migration) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute(VERSION_TABLE)
        for statement in statements(step.sql):
            connection.execute(statement)
        connection.execute("INSERT INTO schema_versions VALUES (?, ?)", (step.version, step.reason))
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        assert not connection.execute("PRAGMA foreign_key_check").fetchall(), "a step leaves no row without its parent"
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
