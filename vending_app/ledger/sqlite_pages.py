"""The journal's and the tables' text as SQLite itself puts it together: a verifier reads millions of rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from vending_app.ledger.driver import sqlite3
from vending_app.ledger.journal import INTENT
from vending_app.ledger.pages import EntryText, PageText, RowText
from vending_app.ledger.tables import PRIMARY_KEYS


class SqlitePages:
    """`pages.Pages` by SQL. Where its text is not the one Python writes, the verifier compares values."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def journal(self, since: int, until: int) -> Iterator[PageText]:
        """See Pages."""
        sha256 = hashlib.sha256
        for row, desk, number, kind, previous, stored, hashed, told in self._each(_JOURNAL, since, until):
            yield row, desk, number, kind, previous, stored, sha256(hashed).digest(), told

    def entries(self, since: int, until: int) -> Iterator[EntryText]:
        """See Pages."""
        return self._each(_ENTRIES, since, until)

    def rows(self, table: str, since: int, until: int) -> Iterator[RowText]:
        """See Pages."""
        columns = self._connection.execute(f"PRAGMA table_info({table})").fetchall()
        values = {row["name"]: _value(row["name"], row["type"]) for row in columns if row["name"] != "journal"}
        text = ", ".join(f"'{name}', {values[name]}" for name in sorted(values))
        return self._each(
            f"SELECT journal, json_object({text}) FROM {table} WHERE journal > ? AND journal <= ?"
            f" ORDER BY journal, {PRIMARY_KEYS[table]}",
            since,
            until,
        )

    def _each(self, sql: str, since: int, until: int) -> Iterator[Any]:
        """Bare tuples: naming the columns would cost more than reading them."""
        cursor = self._connection.cursor()
        cursor.row_factory = None
        return cursor.execute(sql, (since, until))


def _value(name: str, kind: str) -> str:
    return f"lower(hex({name}))" if kind == "BLOB" else name


_JOURNAL = f"""
SELECT id, desk, number, kind, previous, hash,
    CAST(previous || '{{'
        || CASE WHEN act IS NULL AND approval IS NULL AND operator IS NULL THEN ''
            ELSE '"act":' || json_quote(act) || ',"approval":' || json_quote(approval) || ',' END
        || '"at":' || json_quote(at) || ',"desk":' || desk || ',"id":' || id
        || ',"kind":' || json_quote(kind) || ',"number":' || number
        || CASE WHEN act IS NULL AND approval IS NULL AND operator IS NULL THEN ''
            ELSE ',"operator":' || json_quote(operator) END
        || '}}' || char(10) || body AS BLOB),
    CASE WHEN instr(body, '"{INTENT}":') > 0 AND json_valid(body) THEN json_remove(body, '$.{INTENT}') ELSE body END
FROM journal WHERE id > ? AND id <= ? ORDER BY id
"""
"""What is hashed is put together as in `journal.digest`, which judges a row whose hash is another.

`json_remove` leaves the text of the other values as it stands; without `json_valid` it would also take JSON5."""

_ENTRIES = """
SELECT journal, json_group_array(json_array(line, commodity, account, amount)),
    sum(CASE commodity WHEN 'money' THEN amount ELSE 0 END), sum(CASE commodity WHEN 'money' THEN 0 ELSE amount END)
FROM postings WHERE journal > ? AND journal <= ? GROUP BY journal ORDER BY journal
"""
"""Read along the primary key, which is the order of the lines."""
