"""Somebody with a database tool and every right: what he changes is what `verify` must find."""

from __future__ import annotations

import re
from contextlib import closing
from typing import Any

import psycopg

from vending_app.ledger.books import Books
from vending_app.ledger.driver import sqlite3
from vending_app.ledger.postgres import PostgresBooks
from vending_app.ledger.sqlite import SqliteBooks


def attack(books: Books, *statements: str) -> int:
    """Change the books behind the program's back: the triggers and checks are gone first. Returns rows changed."""
    if isinstance(books, SqliteBooks):
        return _attack_file(books, statements)
    assert isinstance(books, PostgresBooks)
    with superuser(books) as connection:
        disarm(connection)
        return sum(connection.execute(in_other_words(statement)).rowcount for statement in statements)


def _attack_file(books: SqliteBooks, statements: tuple[str, ...]) -> int:
    with closing(sqlite3.connect(str(books.path), isolation_level=None)) as connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("PRAGMA ignore_check_constraints = ON")
        return sum(connection.execute(statement).rowcount for statement in statements)


def superuser(books: Books) -> psycopg.Connection[Any]:
    """The tests' servers trust everybody, so that the address is all it takes."""
    connection = psycopg.connect(books.where, autocommit=True)
    connection.execute("SET search_path = vending")
    return connection


def disarm(connection: psycopg.Connection[Any]) -> None:
    """No trigger and no foreign key for this connection, and no check for anybody."""
    connection.execute("SET session_replication_role = replica")
    checks = connection.execute(
        "SELECT CASE conrelid WHEN 0 THEN 'DOMAIN ' || contypid::regtype ELSE 'TABLE ' || conrelid::regclass END,"
        " conname FROM pg_constraint WHERE contype = 'c' AND connamespace = 'vending'::regnamespace"
    ).fetchall()
    for owner, name in checks:
        connection.execute(f"ALTER {owner} DROP CONSTRAINT {name}")


def in_other_words(statement: str) -> str:
    """SQLite's bytes as PostgreSQL writes them."""
    statement = re.sub(r"zeroblob\((\d+)\)", lambda found: f"'\\x{'00' * int(found[1])}'::bytea", statement)
    return re.sub(r"\bx'([0-9a-f]*)'", r"'\\x\1'::bytea", statement)
