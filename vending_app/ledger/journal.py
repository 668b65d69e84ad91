"""The hash chain of a desk: every act brings its rows, and their text, bound to all that was before.

hash = SHA-256 of: the hash before it (32 bytes), the canonical JSON of {at, desk, id, kind, number} and, if a person
did it, {act, approval, operator}, a line feed, the body (docs/ledger-schema.md).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from json.encoder import encode_basestring

from vending_app.ledger import authority
from vending_app.ledger.books import Books, Row, insertion
from vending_app.ledger.codec import Json, canonical, time_text
from vending_app.ledger.kinds import Kind

FIRST = bytes(32)
"""What the first row of a chain names as the row before it."""

INTENT = "intent"
"""The part of a body that no table repeats: what a sale is besides its row."""

Line = tuple[int, str, str, int]
"""A posting as it is stored: line, commodity, account, amount."""


TABLES: dict[Kind, frozenset[str]] = {
    Kind.FOUNDING: frozenset(),
    Kind.TARIFF: frozenset({"tariffs"}),
    Kind.OPENING: frozenset({"postings"}),
    Kind.LOGIN: frozenset({"logins"}),
    Kind.SHIFT_OPEN: frozenset({"shifts", "postings"}),
    Kind.SHIFT_CLOSE: frozenset({"shift_closings", "postings"}),
    Kind.RESERVE: frozenset({"sales", "cards", "postings", INTENT}),
    Kind.DOUBT: frozenset({"sale_events"}),
    Kind.POST: frozenset({"sale_events", "postings", "card_stock"}),
    Kind.VOID: frozenset({"sale_events", "postings"}),
    Kind.HARVEST: frozenset({"write_backs", "postings"}),
    Kind.PRINT: frozenset({"prints"}),
    Kind.CODE_REFUSED: frozenset({"card_refusals", INTENT}),
    Kind.CODE_TRIED: frozenset({"card_tries"}),
    Kind.CASH: frozenset({"cash_movements", "postings"}),
    Kind.COUNT: frozenset({"cash_counts"}),
    Kind.SIGN: frozenset({"signed_sales"}),
    Kind.PAYMENT: frozenset({"payments", "postings"}),
    Kind.REFUND: frozenset({"payments", "postings"}),
    Kind.TENDER: frozenset({"tender_corrections", "postings"}),
    Kind.DRAWER: frozenset({"drawer_openings"}),
    Kind.CLOSING: frozenset({"closings"}),
    Kind.OPERATOR: frozenset({"operator_changes"}),
    Kind.SECRET: frozenset({"operator_changes"}),
    Kind.LOCKOUT: frozenset({"operator_changes"}),
    Kind.RESTORED: frozenset({"restorations"}),
    Kind.RESTORATION_END: frozenset({"restoration_ends"}),
    Kind.REENTRY: frozenset({"sales", "sale_events", "cards", "reentries", "postings", INTENT}),
    Kind.RECEIPT_GAP: frozenset({"receipt_gaps"}),
    Kind.RECORD: frozenset({"record_changes"}),
    Kind.METER_CHANGE: frozenset({"meter_changes", "postings"}),
    Kind.SETTLE: frozenset({"settlements", "postings"}),
    Kind.CRITERIA: frozenset({"sampling_criteria"}),
    Kind.SAMPLE: frozenset({"samples"}),
    Kind.ROUTE: frozenset({"route_marks"}),
    Kind.FINDING: frozenset({"findings"}),
    Kind.RULE: frozenset({"office_rules", "logos"}),
    Kind.AREA_READING: frozenset({"area_readings"}),
    Kind.KEY: frozenset({"key_events"}),
    Kind.ALLOWANCE: frozenset({"allowances"}),
    Kind.CARD_STOCK: frozenset({"card_stock"}),
    Kind.RETIRE: frozenset({"card_retirements"}),
    Kind.CARD_REPAIR: frozenset({"card_repairs"}),
    Kind.TOOL_CARD: frozenset({"tool_cards"}),
    Kind.TOOL_MARK: frozenset({"tool_marks", "card_stock"}),
    Kind.TOOL_READING: frozenset({"tool_readings"}),
}
"""Which tables an act may bring rows to: one row each, and the postings of one entry. Any may bring its approval."""
APPROVALS = "approvals"


@cache
def question(next_id: str, more: str = "") -> str:
    """The query that an act begins with: its desk's newest row, the id that the next one takes, whether the person may,
    and `more` columns, each with a comma before it. Its first values are `asked`, those of `more` begin with the fifth.

    Built once, because its text is longer than the rest of some acts.
    """
    return f"SELECT {next_id} AS next_id, {_NEWEST}, {authority.STANDING}{more}"


_NEWEST = """
    (SELECT number FROM journal WHERE desk = ?1 ORDER BY number DESC LIMIT 1) AS last_number,
    (SELECT hash FROM journal WHERE desk = ?1 ORDER BY number DESC LIMIT 1) AS last_hash
"""


def ask(books: Books, kind: Kind, more: str = "", values: tuple[object, ...] = ()) -> Row:
    """The answer to `question`, by one query in the transaction of the act."""
    row = books.one(question(books.next_id, more), (books.desk, *authority.asked(books, kind), *values))
    assert row is not None, "a query without a table has one row"
    return row


@dataclass(slots=True)
class Page:
    """The rows of one act, written to their tables and remembered for the journal's text."""

    books: Books
    kind: Kind
    at: str
    journal: int
    number: int
    previous: bytes
    operator: str | None = None
    act: str | None = None
    approval: str | None = None
    """By whose right."""
    body: Json = field(default_factory=dict)
    hash: bytes = b""
    """Of the journal row, once it is closed."""

    def insert(self, table: str, row: Row) -> None:
        """The row that this act brings to a table."""
        assert table not in self.body, "an act brings one row to a table"
        self.body[table] = [row]
        self.books.run(insertion(table, ("journal", *row)), (self.journal, *row.values()))

    def insert_postings(self, lines: list[Line]) -> None:
        """The lines of this act's entry, numbered from 1."""
        assert lines[-1][0] == len(lines), "the statement numbers them by their place"
        self.body["postings"] = lines
        self.books.run(_posting_of(len(lines)), (self.journal, *[value for line in lines for value in line[1:]]))

    def keep(self, intent: Json) -> None:
        """What is read whole or not at all stands in the journal alone."""
        self.body[INTENT] = intent

    def close(self) -> bytes:
        """The journal row, which comes last because it holds the text of all others; its hash."""
        assert self.body.keys() <= TABLES[self.kind] | {APPROVALS}, f"{self.kind.value} wrote where it has no business"
        row: Row = {
            "id": self.journal,
            "desk": self.books.desk,
            "number": self.number,
            "at": self.at,
            "kind": self.kind.value,
            "body": canonical(self.body),
            "previous": self.previous,
            "operator": self.operator,
            "act": self.act,
            "approval": self.approval,
        }
        self.hash = row["hash"] = digest(row)
        self.books.insert("journal", row)
        return self.hash


@cache
def _posting_of(lines: int) -> str:
    """The statement that makes so many lines; what is the same in each of them is no value of its own."""
    rows = (f"(?1, {line}, ?{3 * line - 1}, ?{3 * line}, ?{3 * line + 1})" for line in range(1, lines + 1))
    return f"INSERT INTO postings VALUES {', '.join(rows)}"


@contextmanager
def acting(books: Books, kind: Kind, *, at: datetime) -> Iterator[Page]:
    """One transaction that ends with its journal row; the block writes its rows on the page it gets."""
    with books.writing():
        page = open_page(books, kind, at=at, now=ask(books, kind))
        yield page
        page.close()


def open_page(books: Books, kind: Kind, *, at: datetime, now: Row) -> Page:
    """The page after the answer to `ask`; whoever opens it closes it.

    Raises OperatorError permission-denied, approval-…, by the role that the person has now.
    """
    who = authority.of(books, kind)
    approval = authority.admit(books, who, kind, now, at=at)
    number, previous = (now["last_number"] or 0) + 1, now["last_hash"] or FIRST
    page = Page(books, kind, time_text(at), now["next_id"], number, previous)
    if who is not None:
        page.operator, page.act = who.operator, who.act
        if approval is not None:
            page.approval = approval.id
            page.insert(APPROVALS, authority.check_approval(books, approval, who, at=page.at))
    return page


def newest_moment(books: Books) -> datetime | None:
    """When the newest row of any desk was written; None before the first."""
    at = books.value("SELECT at FROM journal ORDER BY id DESC LIMIT 1")
    return datetime.fromisoformat(at) if at else None


def last_time(books: Books) -> datetime:
    """The time of records that are entered without one of their own."""
    at = newest_moment(books)
    assert at is not None, "an office is founded before records are entered"
    return at


def digest(row: Row) -> bytes:
    """What a journal row must carry as its hash."""
    parts = {name: row[name] for name in ("at", "desk", "kind", "number", "operator", "act", "approval")}
    before, after = head_around_id(**parts)
    return hashlib.sha256(row["previous"] + f"{before}{row['id']}{after}\n{row['body']}".encode()).digest()


def head_around_id(
    *, at: str, desk: int, kind: str, number: int, operator: str | None, act: str | None, approval: str | None = None
) -> tuple[str, str]:
    """The canonical JSON of a row's head, before and after its id: a server that gives the id puts it between."""
    first, last = "", ""
    # A row that nobody is named in has the head that it had before rows named anybody.
    if act is not None or approval is not None or operator is not None:
        first = f'"act":{_text(act)},"approval":{_text(approval)},'
        last = f',"operator":{_text(operator)}'
    before = f'{{{first}"at":{encode_basestring(at)},"desk":{desk},"id":'
    return before, f',"kind":{encode_basestring(kind)},"number":{number}{last}}}'


def _text(value: str | None) -> str:
    return "null" if value is None else encode_basestring(value)
