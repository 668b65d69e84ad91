"""Proving the closings: each is signed, follows the one before, binds the chains, and tells what the journal tells."""

from __future__ import annotations

from collections.abc import Iterator

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from vending_app.domain.closing import Closing, ClosingKind, Head, Totals
from vending_app.ledger import merkle
from vending_app.ledger.books import Books
from vending_app.ledger.closings import all_closings, hashes, parts_of, stretch_of, totals_json
from vending_app.ledger.fold import fold


def check_closings(books: Books, *, trusted: bytes | None) -> Iterator[str]:
    """Sentences that name the first closing of each kind and desk that does not hold."""
    before: dict[tuple[ClosingKind, int], Closing] = {}
    for row, closing in all_closings(books):
        if closing is None:
            yield f"the closing of row {row} of all is not one that this program wrote"
            continue
        key = closing.kind, closing.desk or 0
        where = f"{closing.kind.value} closing {closing.number}" + (f" of desk {closing.desk}" if closing.desk else "")
        for problem in _problems(books, closing, before.get(key), trusted):
            yield f"{where}: {problem}"
        before[key] = closing


def _problems(books: Books, closing: Closing, before: Closing | None, trusted: bytes | None) -> Iterator[str]:
    if trusted is not None and closing.key != trusted:
        yield "it was signed under a key that is not this office's"
    if not is_signed(closing):
        yield "its signature does not fit its text"
    yield from _succession(closing, before)
    yield from _heads(books, closing, before)
    if not _is_told_truly(books, closing, before):
        yield "its totals are not what the journal tells"


def is_signed(closing: Closing) -> bool:
    """Whether the text is what was signed."""
    try:
        Ed25519PublicKey.from_public_bytes(closing.key).verify(closing.signature, closing.text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def _succession(closing: Closing, before: Closing | None) -> Iterator[str]:
    if closing.number != (before.number + 1 if before else 1):
        yield "a number is missing before it"
    elif closing.previous != (before.digest if before else ""):
        yield "it does not follow from the one before"
    perpetual = before.perpetual if before else None
    energy = before.perpetual_energy if before else None
    is_money_right = closing.perpetual == (closing.totals.sold + perpetual if perpetual else closing.totals.sold)
    sold = closing.totals.energy_sold
    if not is_money_right or closing.perpetual_energy != (sold + energy if energy else sold):
        yield "its perpetual total is not the one before and what was sold since"


def _heads(books: Books, closing: Closing, before: Closing | None) -> Iterator[str]:
    """Every head stands in its chain, and takes up where the closing before stopped."""
    since = {head.desk: head.until for head in before.heads} if before else {}
    for head in closing.heads:
        if head.since != since.get(head.desk, 0) or head.until < head.since:
            yield f"its stretch of desk {head.desk} does not take up where the one before stopped"
        elif not _stands(books, closing, head):
            yield f"it binds a journal of desk {head.desk} that is not this one"


def _stands(books: Books, closing: Closing, head: Head) -> bool:
    found = books.value("SELECT hash FROM journal WHERE desk = ? AND number = ?", (head.desk, head.until))
    if found is None or bytes(found).hex() != head.hash:
        return False
    return closing.kind.parts is not None or merkle.root(hashes(books, stretch_of(head))).hex() == head.root


def _is_told_truly(books: Books, closing: Closing, before: Closing | None) -> bool:
    """Rows that no program wrote come to nothing that a closing tells."""
    try:
        return _is_whole(books, closing, before)
    except ValueError:
        return False


def _is_whole(books: Books, closing: Closing, before: Closing | None) -> bool:
    try:
        return _is_told(books, closing, before)
    except (ValueError, TypeError):
        # A row was changed to what no program wrote: a purpose, a tender or a time that is none.
        return False


def _is_told(books: Books, closing: Closing, before: Closing | None) -> bool:
    if closing.kind.parts is None:
        return totals_json(fold(books, map(stretch_of, closing.heads))) == totals_json(closing.totals)
    parts = parts_of(books, closing.kind.parts, closing.period, after=before)
    total = sum((part.totals for part in parts), Totals())
    return tuple(part.digest for part in parts) == closing.parts and totals_json(total) == totals_json(closing.totals)
