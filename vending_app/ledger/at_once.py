"""An act that goes to a server in one round trip: all its rows, and what they say must be found there.

A desk knows the newest row of its own chain, and an order says by itself what came before it. So the rows of a plain
sale can be made up without reading; the server compares what it has with what they say, and writes them, or writes
nothing. It only compares: whatever differs, the ordinary way reads, decides and says why.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from vending_app.domain.ids import CardNo, SupplyNo
from vending_app.ledger import authority
from vending_app.ledger.books import Books, Row
from vending_app.ledger.codec import canonical, time_text
from vending_app.ledger.journal import Line, Page, head_around_id
from vending_app.ledger.kinds import Kind

UNKNOWN_ID = 0
"""The server gives the id, and binds it into the hash."""


@dataclass(slots=True)
class PageAtOnce(Page):
    """A page whose rows are only remembered until all of them go out."""

    def insert(self, table: str, row: Row) -> None:
        self.body[table] = [row]

    def insert_postings(self, lines: list[Line]) -> None:
        self.body["postings"] = lines

    def send(self, supply: SupplyNo, card: CardNo) -> Row | None:
        """The answer of the server, with the `hash` of the row; None if nothing was written."""
        assert self.body.get("postings"), "what is sold costs something"
        desk = self.books.desk
        before, after = head_around_id(
            at=self.at, desk=desk, kind=self.kind, number=self.number, operator=self.operator, act=self.act
        )
        first = (desk, self.number, self.previous, self.at, self.operator, self.act)
        values = (*first, before, f"{after}\n", canonical(self.body), supply, card)
        return self.books.write_at_once(self.kind, values, self.body)


def page_at_once(books: Books, kind: Kind, *, at: datetime) -> PageAtOnce | None:
    """None where an act has to read first: in a file, inside another act, with an approval, or after a pause."""
    tip, who = books.tip, authority.of(books, kind)
    if tip is None or who is None or who.approval is not None or books.is_writing:
        return None
    return PageAtOnce(
        books, kind, time_text(at), UNKNOWN_ID, tip.number + 1, tip.hash, operator=who.operator, act=who.act
    )
