"""Journal rows and table rows by the million, poured from a sale that the real program made."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from vending_app.ledger.books import Books, Row
from vending_app.ledger.codec import canonical

Cell = Callable[[dict[str, object]], object]
"""One cell of a row, from what differs."""
_MARK = re.compile(r'"@#(\w+)@"|@(\w+)@')


@dataclass(frozen=True, slots=True)
class Mould:
    """One kind of journal row: its text with places for what differs, and the rows it brings."""

    kind: str
    operator: str
    act: str
    parts: tuple[str, ...]
    names: tuple[str, ...]
    tables: dict[str, list[list[Cell]]]
    """Rows in the order of the text's keys: for each cell how to get it from what differs."""
    headings: dict[str, list[str]]
    """What the cells of a row are called; postings have no names."""

    @classmethod
    def of(cls, row: Row, values: dict[str, object]) -> Mould:
        """From a real row of the journal; `values` are what it has where others will differ, by name."""
        body = _marked(json.loads(row["body"]), values)
        pieces = _MARK.split(canonical(body))
        return cls(
            kind=row["kind"],
            operator=row["operator"],
            act=row["act"],
            parts=tuple(pieces[0::3]),
            names=tuple(number or text for number, text in zip(pieces[1::3], pieces[2::3], strict=True)),
            tables={table: [_cells(row) for row in rows] for table, rows in body.items() if table != "intent"},
            headings={table: _headings(rows[0]) for table, rows in body.items() if table != "intent"},
        )

    def text(self, values: dict[str, object]) -> str:
        """The body of one more row."""
        said = [self.parts[0]]
        for name, part in zip(self.names, self.parts[1:], strict=True):
            said.append(str(values[name]))
            said.append(part)
        return "".join(said)

    def rows(self, table: str, number: int, values: dict[str, object]) -> list[list[object]]:
        """The rows that it brings to a table, each beginning with its journal row."""
        return [[number, *[cell(values) for cell in row]] for row in self.tables[table]]


def _headings(row: Any) -> list[str]:
    return list(row) if isinstance(row, dict) else []


def _cells(row: Any) -> list[Cell]:
    return [_cell(value) for value in (row.values() if isinstance(row, dict) else row)]


def _cell(value: object) -> Cell:
    """Compiled once, because it is filled ten million times."""
    if not isinstance(value, str) or "@" not in value:
        return lambda _: value
    whole = _MARK.fullmatch(f'"{value}"') or _MARK.fullmatch(value)
    if whole is not None:
        return itemgetter(whole[1] or whole[2])
    return lambda values: _MARK.sub(lambda mark: str(values[mark[2]]), value)


def _marked(value: Any, values: dict[str, object]) -> Any:
    if isinstance(value, dict):
        return {key: _mark_of(key, part, values) for key, part in sorted(value.items())}
    if isinstance(value, list):
        return [_marked(part, values) for part in value]
    return _mark_text(value, values)


def _mark_of(key: str, value: Any, values: dict[str, object]) -> Any:
    """Numbers are told apart by their key; texts by themselves."""
    if isinstance(value, int) and key in values:
        return f"@#{key}@"
    return _marked(value, values)


def _mark_text(value: Any, values: dict[str, object]) -> Any:
    if not isinstance(value, str):
        return value
    for name, was in values.items():
        if isinstance(was, str) and was in value:
            value = value.replace(was, f"@{name}@")
    return value


def rows_about(books: Books, sale: str) -> list[Row]:
    """The journal rows of a sale, oldest first."""
    return books.all(
        "SELECT * FROM journal WHERE id IN (SELECT journal FROM sales WHERE id = ?1"
        " UNION ALL SELECT journal FROM sale_events WHERE sale = ?1) ORDER BY id",
        (sale,),
    )
