"""Proving pages of the journal: each follows from the one before, is balanced, and tells what the tables hold."""

from __future__ import annotations

import json
from collections.abc import Iterator

from vending_app.ledger.books import Books
from vending_app.ledger.codec import Json, canonical
from vending_app.ledger.journal import APPROVALS, INTENT, TABLES
from vending_app.ledger.pages import PageText, PlainPages, RowText
from vending_app.ledger.shares import MOST_PROBLEMS, Ends, Found
from vending_app.ledger.tables import PRIMARY_KEYS

NEVER = 1 << 63
"""The journal row of a row that does not come: greater than any id."""


def check_pages(books: Books, *, since: int, until: int) -> Found:
    """The journal's rows after the id `since` up to and with `until`, and all that the tables hold of them."""
    proof = _PageProof(books, since, until)
    for page in proof.pages.journal(since, until):
        proof.follow(page)
        proof.compare(page)
    return proof.found()


class _PageProof:
    """What is known on the way through a stretch of the journal."""

    def __init__(self, books: Books, since: int, until: int) -> None:
        self.pages = books.own_pages() or PlainPages(books)
        self._problems: list[str] = []
        self._entries = 0
        self._is_chained = True
        self._firsts: dict[int, tuple[int, bytes]] = {}
        self._tips: dict[int, tuple[int, bytes]] = {}
        self._written = {table: Written(table, self.pages.rows(table, since, until)) for table in _PLAIN_TABLES}
        self._written["postings"] = Written("postings", self._entries_of(since, until))
        self._brings = {
            kind.value: [self._written[table] for table in sorted((tables - {INTENT}) | {APPROVALS})]
            for kind, tables in TABLES.items()
        }
        self._all = [self._written[table] for table in sorted(self._written)]

    def follow(self, page: PageText) -> None:
        """The row binds the one before it at its desk, and nothing in it was changed."""
        _, desk, number, _, previous, stored, due, _ = page
        if desk not in self._tips:
            self._firsts[desk] = number, previous
        elif self._tips[desk] != (number - 1, previous):
            self._is_chained = False
        if stored != due:
            self._is_chained = False
        self._tips[desk] = number, stored

    def compare(self, page: PageText) -> None:
        """What the journal says was written is what the tables hold, no less and no more."""
        row, told = page[0], page[7]
        # A row in a table that this kind has no business with is left over at the end, and told then.
        brings = self._brings.get(page[3], self._all)
        parts = [written.take() for written in brings if written.journal <= row and written.has(row)]
        # Equal text is equal; of other text the values are compared.
        if f"{{{','.join(parts)}}}" != told and len(self._problems) < MOST_PROBLEMS:
            self._judge(page, f"{{{','.join(parts)}}}")

    def _judge(self, page: PageText, found: str) -> None:
        _, desk, number, kind, *_, told = page
        if not _agrees(found, told):
            where = f"journal of desk {desk}, row {number} ({kind})"
            self._problems.append(f"{where}: the tables do not hold what was written then")

    def found(self) -> Found:
        """All of it; asked when every page was seen."""
        strays = {table: count for table, written in self._written.items() if (count := written.strays())}
        return Found(
            problems=tuple(self._problems),
            entries=self._entries,
            strays=strays,
            ends={desk: Ends(*self._firsts[desk], *tip) for desk, tip in self._tips.items()},
            is_chained=self._is_chained,
        )

    def _entries_of(self, since: int, until: int) -> Iterator[RowText]:
        """The postings as one list for each journal row; every entry sums to zero in both commodities."""
        count = 0
        for journal, text, money, energy in self.pages.entries(since, until):
            count += 1
            if money or energy:
                self._tell_excess(journal, money, energy)
            yield journal, text
        self._entries = count

    def _tell_excess(self, journal: int, money: int, energy: int) -> None:
        for commodity, excess in (("money", money), ("energy", energy)):
            if excess and len(self._problems) < MOST_PROBLEMS:
                self._problems.append(f"the entry of row {journal} of all is out of balance by {excess} in {commodity}")


_PLAIN_TABLES = frozenset(PRIMARY_KEYS) - {"postings"}


class Written:
    """The rows of one table in the order of the journal, dealt out page by page."""

    __slots__ = ("_end", "_name", "_rows", "_strays", "_text", "journal")

    def __init__(self, table: str, rows: Iterator[RowText]) -> None:
        # The lines of an entry come as one list.
        self._name, self._end = (f'"{table}":', "") if table == "postings" else (f'"{table}":[', "]")
        self._rows = rows
        self._strays = 0
        self.journal, self._text = next(rows, _LAST)
        """The page that brought the next row."""

    def has(self, journal: int) -> bool:
        """Whether this page brought rows; those of pages that are not there are counted."""
        while self.journal < journal:
            self._strays += 1
            self.journal, self._text = next(self._rows, _LAST)
        return self.journal == journal

    def take(self) -> str:
        """The part of the body that the rows of this page make."""
        journal, text = self.journal, self._text
        self.journal, self._text = next(self._rows, _LAST)
        while self.journal == journal:
            text += "," + self._text
            self.journal, self._text = next(self._rows, _LAST)
        return self._name + text + self._end

    def strays(self) -> int:
        """How many rows belong to no page; asked when all pages were dealt."""
        self.has(NEVER)
        return self._strays


_LAST: RowText = (NEVER, "")


def _agrees(found: str, told: str) -> bool:
    """Whether two texts say the same; never for text that this program did not write."""
    try:
        read = json.loads(told)
        read.pop(INTENT, None)
        return canonical(_filled(json.loads(found))) == canonical(_filled(read))
    except (ValueError, AttributeError, TypeError, RecursionError):
        return False


def _filled(rows_of: Json) -> Json:
    """Without empty columns: one that came with a later version is empty in older rows, and their text lacks it."""
    return {
        table: [{name: value for name, value in row.items() if value is not None} for row in rows]
        if table != "postings"
        else rows
        for table, rows in rows_of.items()
    }
