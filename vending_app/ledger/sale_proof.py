"""A small file by which a stranger proves one sale: its journal row, the way up its tree, the signed closing."""

from __future__ import annotations

import json

from vending_app.domain.closing import Closing, Head
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import DeskNo, SaleId
from vending_app.ledger import merkle
from vending_app.ledger.books import Books, Row
from vending_app.ledger.closings import closing_over, hashes, stretch_of
from vending_app.ledger.codec import Json, canonical
from vending_app.ports.book_keeping import SaleProof

FORM = "vending-proof-1"

_ROWS = """
SELECT journal.* FROM journal WHERE id IN
    (SELECT journal FROM sales WHERE id = ?1 UNION ALL SELECT journal FROM sale_events WHERE sale = ?1)
ORDER BY id
"""


def proof_of(books: Books, sale: SaleId) -> SaleProof:
    """Every row about this sale, each bound to the first closing that covers it.

    Raises OperatorError sale-unknown, or sale-not-closed while a row of it belongs to a period that is still open.
    """
    rows = books.all(_ROWS, (sale,))
    if not rows:
        raise OperatorError(Code.SALE_UNKNOWN, sale=sale)
    bound = [_bound(books, sale, row) for row in rows]
    return SaleProof(sale, canonical({"form": FORM, "sale": sale, "rows": bound}))


def _bound(books: Books, sale: SaleId, row: Row) -> Json:
    found = closing_over(books, DeskNo(row["desk"]), row["number"])
    if found is None:
        raise OperatorError(Code.SALE_NOT_CLOSED, sale=sale)
    closing, head = found
    leaves = hashes(books, stretch_of(head))
    steps = merkle.path(leaves, row["number"] - head.since - 1)
    return {
        "row": {name: _shown(row[name]) for name in row if name != "hash"},
        "path": [list(step) for step in steps],
        **_signed(closing, head),
    }


def _signed(closing: Closing, head: Head) -> Json:
    return {
        "head": head.root,
        "closing": json.loads(closing.text),
        "signature": closing.signature.hex(),
        "key": closing.key.hex(),
    }


def _shown(value: object) -> object:
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else value
