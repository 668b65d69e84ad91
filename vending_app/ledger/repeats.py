"""The same act asked for twice is done once: who asks again is told of the first (reliability: idempotence)."""

from __future__ import annotations

from vending_app.domain.errors import Code, OperatorError
from vending_app.ledger.books import Books


def repeated(books: Books, table: str, number: str, request: str) -> bool:
    """Whether this id was stored before. Raises OperatorError sale-id-reused if it then meant something else."""
    known = books.value(f"SELECT request FROM {table} WHERE id = ?", (number,))
    if known is not None and known != request:
        raise OperatorError(Code.SALE_ID_REUSED, sale=number)
    return known is not None
