"""Proving the records: each is what the newest change of it says, and meters, supplies and balances fit together."""

from __future__ import annotations

import json
from collections.abc import Iterator

from vending_app.ledger.books import Books, Row
from vending_app.ledger.codec import canonical
from vending_app.ledger.records import KEYS, TABLES

_NEWEST = """
SELECT key, after FROM record_changes AS change WHERE subject = ? AND verb <> 'note' AND journal = (
    SELECT max(journal) FROM record_changes WHERE subject = change.subject AND key = change.key AND verb <> 'note')
"""
OWN = {"id"}
"""A record's place in the table is nobody's business."""


_HAS_CARD = """
SELECT 1 FROM cards JOIN sale_events ON sale_events.sale = cards.sale AND state = 'posted'
WHERE cards.supply = ? LIMIT 1
"""


def check_records(books: Books) -> Iterator[str]:
    """A record that nobody ever changed has no row to be held to; every other is what was written last."""
    for subject, table in TABLES.items():
        for row in books.all(_NEWEST, (subject.value,)):
            found = books.one(f"SELECT * FROM {table} WHERE {KEYS[subject]} = ?", (row["key"],))
            if found is None or not _is_as_told(books, found, row["after"]):
                yield f"{subject.value} {row['key']}: not as the last change of it says"
    told = "SELECT key FROM record_changes WHERE subject = 'area'"
    for row in books.all(f"SELECT code FROM areas WHERE code NOT IN ({told}) ORDER BY code"):
        yield f"area {row['code']}: nobody entered it"
    told = "SELECT key FROM record_changes WHERE subject = 'meter'"
    for row in books.all(f"SELECT number FROM meters WHERE state <> 'installed' AND number NOT IN ({told})"):
        yield f"meter {row['number']}: nobody entered it"


def _is_as_told(books: Books, found: Row, after: str) -> bool:
    try:
        told = json.loads(after)
        is_opened = told.get("state") == "prepared" and found.get("state") == "open"
    except (ValueError, AttributeError, RecursionError):
        return False
    # A supply opens with its first card, which stands in the journal itself.
    if is_opened and books.value(_HAS_CARD, (found["number"],)) is None:
        return False
    expected = told | {"state": "open"} if is_opened else told
    return canonical(_kept(found)) == canonical(_kept(expected))


def _kept(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in OWN}


def check_ends(books: Books) -> Iterator[str]:
    """A supply that ended by a meter change or a settlement is closed, and has nothing left on card or in meter."""
    ended = "SELECT old_supply AS supply FROM meter_changes UNION ALL SELECT supply FROM settlements"
    for row in books.all(f"SELECT number FROM supplies WHERE number IN ({ended}) AND state <> 'closed'"):
        yield f"supply {row['number']}: it ended and is not closed"
    for row in books.all(
        "SELECT account, sum(amount) AS held FROM postings WHERE account IN (SELECT 'card:' || supply FROM"
        f" ({ended}) AS ends UNION ALL SELECT 'meter:' || supply FROM ({ended}) AS ends)"
        " GROUP BY account HAVING sum(amount) <> 0 ORDER BY account"
    ):
        yield f"account {row['account']} holds {row['held']} although its supply ended"
    for row in books.all(
        "SELECT supply, count(*) AS n FROM (" + ended + ") AS ends GROUP BY supply HAVING count(*) > 1"
    ):
        yield f"supply {row['supply']}: it ended {row['n']} times"
