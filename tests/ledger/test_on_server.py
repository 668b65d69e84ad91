"""The tables on the server are those of the file, and whoever changes them with every right is found there too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests.ledger.builders import Counter, create
from tests.ledger.strangers import disarm, superuser
from tests.ledger.test_proof import busy  # noqa: F401 - books with every kind of row in them
from tests.postgres import Server
from vending_app.ledger import SqliteFile
from vending_app.ledger.books import Store
from vending_app.ledger.copying import KEYS
from vending_app.ledger.schema_2_people import RULE_KEYS
from vending_app.ledger.tables import APPEND_ONLY

_COLUMNS = """
SELECT column_name, data_type, is_nullable = 'NO', coalesce(collation_name, '') FROM information_schema.columns
WHERE table_schema = 'vending' AND table_name = %s ORDER BY ordinal_position
"""
TYPES = {"INTEGER": ("bigint", ""), "TEXT": ("text", "C"), "BLOB": ("bytea", "")}
OTHER_KEYS = {
    "sales": {"journal": "journal + 900", "id": "id || '9'", "sequence": "sequence + 900"},
    "sale_events": {"journal": "journal + 900", "sale": "sale || '9'", "receipt_number": "receipt_number + 900"},
    "postings": {"journal": "journal + 900"},
    "journal": {"id": "id + 900", "number": "number + 900"},
}
MADE_UP = {
    "bigint": "coalesce({0}, 0) + 1",
    "text": "coalesce({0}, '') || 'x'",
    "bytea": "coalesce({0}, '') || '\\x01'::bytea",
}


@pytest.fixture
def store(server: Server, path: Path) -> Iterator[Store]:
    """This module is about the server."""
    with server.books(path.parent) as books:
        yield books


def test_every_table_has_the_same_columns_in_the_same_order(counter: Counter, tmp_path: Path) -> None:
    file = create(SqliteFile(tmp_path / "file.sqlite3"))
    with closing(file), superuser(counter.ledger._books) as server:
        for table in KEYS:
            columns = file._books.all(f"SELECT name, type, \"notnull\", pk FROM pragma_table_info('{table}')")
            told = [
                (column["name"], *TYPES[column["type"]], bool(column["notnull"] or column["pk"])) for column in columns
            ]
            found = server.execute(_COLUMNS, (table,)).fetchall()
            assert [(name, kind, collation, required) for name, kind, required, collation in found] == told, table


def test_every_table_is_copied_and_has_its_guard(counter: Counter) -> None:
    with superuser(counter.ledger._books) as server:
        tables = {row[0] for row in server.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'vending'")}
        guarded = {
            row[0]
            for row in server.execute(
                "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%_append_only' AND tgenabled = 'O'"
            )
        }
    assert tables == {*KEYS, "supply_search", "customer_search"}
    assert guarded == set(APPEND_ONLY)


@pytest.mark.parametrize(
    ("table", "changed"),
    [
        ("sales", "purpose = 'gift'"),
        ("sales", "purpose = 'reversal'"),
        ("sales", "undoes = id"),
        ("sales", "sequence = 0"),
        ("sale_events", "state = 'gone'"),
        ("sale_events", "is_final = 0"),
        ("sale_events", "state = 'voided'"),
        ("sale_events", "receipt_desk = NULL"),
        ("sale_events", "receipt_number = 0"),
        ("postings", "commodity = 'goodwill'"),
        ("journal", "number = 0"),
    ],
)
def test_a_row_that_makes_no_sense_is_refused(counter: Counter, table: str, changed: str) -> None:
    """Whoever inserts it. The row is one that was stored, with one value changed, and with keys of its own."""
    counter.sell("10.00")
    column, _, value = changed.partition(" = ")
    with superuser(counter.ledger._books) as server:
        names = [name for name, *_ in server.execute(_COLUMNS, (table,)).fetchall()]
        right = {name: OTHER_KEYS[table].get(name, name) for name in names}
        insert = f"INSERT INTO {table} SELECT {{}} FROM {table} ORDER BY 1 DESC LIMIT 1"
        with pytest.raises(psycopg.errors.CheckViolation):
            server.execute(insert.format(", ".join((right | {column: value}).values())))
        assert server.execute(insert.format(", ".join(right.values()))).rowcount == 1, "the rest of it is right"


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_no_column_of_any_row_can_be_changed_unseen(busy: Counter, table: str) -> None:  # noqa: F811
    missed = []
    with superuser(busy.ledger._books) as stranger:
        disarm(stranger)
        stranger.execute(f"CREATE TABLE public.kept AS TABLE {table}")
        for name, kind, *_ in stranger.execute(_COLUMNS, (table,)).fetchall():
            # The greatest, so that what is made up is in no other row and no key is in the way.
            one = f"ctid = (SELECT ctid FROM {table} ORDER BY {name} DESC NULLS LAST LIMIT 1)"
            assert stranger.execute(f"UPDATE {table} SET {name} = {MADE_UP[kind].format(name)} WHERE {one}").rowcount
            if busy.ledger.verify().is_ok:
                missed.append(name)
            stranger.execute(f"DELETE FROM {table}")
            stranger.execute(f"INSERT INTO {table} SELECT * FROM public.kept")
    assert missed == []
    assert busy.ledger.verify().is_ok


@pytest.mark.parametrize("table", sorted(set(APPEND_ONLY) - set(RULE_KEYS)))
def test_no_row_can_be_deleted_unseen(busy: Counter, table: str) -> None:  # noqa: F811
    with superuser(busy.ledger._books) as stranger:
        disarm(stranger)
        assert stranger.execute(f"DELETE FROM {table} WHERE ctid = (SELECT min(ctid) FROM {table})").rowcount == 1
    assert not busy.ledger.verify().is_ok
