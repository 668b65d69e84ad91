"""Proving the closings: each is signed, follows the one before, binds the chains, and tells what the journal tells."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from vending_app.domain.closing import Closing, ClosingKind, Head, Totals
from vending_app.domain.ids import DeskNo
from vending_app.ledger import merkle
from vending_app.ledger.books import Books
from vending_app.ledger.closings import (
    OFFICE,
    all_closings,
    hashes,
    newest_before,
    parts_of,
    stretch_of,
    totals_json,
    until,
)
from vending_app.ledger.fold import Folded, Stretch, add, count, fold_one, last_row, posted
from vending_app.ledger.shares import MOST_PROBLEMS, Found

Key = tuple[ClosingKind, int]
"""A kind, and the desk of a shift or 0: what closings are numbered by."""


def check_closings(books: Books, *, trusted: bytes | None, after: int, last: int, is_running: bool) -> Found:
    """The closings of the journal's rows after the id `after` up to and with `last`, oldest first.

    Problems are sentences that name the first closing of each kind and desk that does not hold. Accounts are what was
    posted in the days among them and, if no later day is closed so that the rest is running, in that rest.
    """
    proof = _ClosingProof(books, trusted, newest_before(books, after))
    problems: list[str] = []
    for row, closing in all_closings(books, after, last):
        problems += proof.of(row, closing)
    if is_running:
        proof.post_the_rest(last)
    return Found(problems=tuple(problems[:MOST_PROBLEMS]), accounts=proof.accounts)


_TIPS = "SELECT desk, max(number) FROM journal WHERE id <= ? GROUP BY desk"
PIECE_ROWS = 50_000
"""What is folded at a time: a database keeps a sum for each account in memory while it does."""
MOST_REMEMBERED = 500_000
"""Accounts of shifts that wait for their day, some 100 MB; later shifts of a day that never ends are folded again."""


class _ClosingProof:
    """What is known on the way through closings, oldest first."""

    def __init__(self, books: Books, trusted: bytes | None, before: dict[Key, Closing]) -> None:
        self._books = books
        self._trusted = trusted
        self._before = before
        self._known: dict[DeskNo, list[tuple[Stretch, Folded]]] = defaultdict(list)
        """Pieces of shifts since the last day, oldest first: their days are added up from them."""
        self._remembered = 0
        self.accounts: dict[str, Counter[str]] = {}

    def of(self, row: int, closing: Closing | None) -> Iterator[str]:
        """Sentences about one of them; None is one that nobody can read."""
        if closing is None:
            yield f"the closing of row {row} of all is not one that this program wrote"
            return
        key = closing.kind, closing.desk or 0
        where = f"{closing.kind.value} closing {closing.number}" + (f" of desk {closing.desk}" if closing.desk else "")
        for problem in self._problems(closing, self._before.get(key)):
            yield f"{where}: {problem}"
        self._before[key] = closing

    def _problems(self, closing: Closing, before: Closing | None) -> Iterator[str]:
        if self._trusted is not None and closing.key != self._trusted:
            yield "it was signed under a key that is not this office's"
        if not is_signed(closing):
            yield "its signature does not fit its text"
        yield from _succession(closing, before)
        yield from _heads(self._books, closing, before)
        if not self._is_told_truly(closing, before):
            yield "its totals are not what the journal tells"

    def _is_told_truly(self, closing: Closing, before: Closing | None) -> bool:
        """Rows that no program wrote (a tender, a purpose or an hour without a word) come to nothing that is told."""
        try:
            return self._is_told(closing, before)
        except (ValueError, TypeError):
            return False

    def _is_told(self, closing: Closing, before: Closing | None) -> bool:
        if closing.kind is ClosingKind.SHIFT:
            return totals_json(sum(map(self._shift, closing.heads), Totals())) == totals_json(closing.totals)
        if closing.kind is ClosingKind.DAY:
            told = sum(map(self._day, closing.heads), Totals())
            self._forget(closing)
            return totals_json(told) == totals_json(closing.totals)
        assert closing.kind.parts is not None, "months and years add up closings"
        parts = parts_of(self._books, closing.kind.parts, closing.period, after=before)
        total = sum((part.totals for part in parts), Totals())
        is_same = tuple(part.digest for part in parts) == closing.parts
        return is_same and totals_json(total) == totals_json(closing.totals)

    def _shift(self, head: Head) -> Totals:
        desk, since, end = stretch_of(head)
        # A shift takes up at the Z before it, and its day at the close of the day before, which came after that Z.
        middle = min(max(since, self._begin_of_day(desk)), end)
        folded = Folded()
        for piece in (*self._pieces(desk, since, middle), *self._pieces(desk, middle, end)):
            part = fold_one(self._books, piece)
            self._remember(piece, part)
            folded += part
        return folded.told()

    def _remember(self, piece: Stretch, folded: Folded) -> None:
        if self._remembered < MOST_REMEMBERED:
            self._remembered += count(folded.accounts)
            self._known[piece.desk].append((piece, folded))

    def _forget(self, day: Closing) -> None:
        """Pieces that no later day begins with; one that is closed late leaves those of the days after it."""
        for head in day.heads:
            self._known[head.desk] = [known for known in self._known[head.desk] if known[0].since >= head.until]
        self._remembered = sum(count(folded.accounts) for pieces in self._known.values() for _, folded in pieces)

    def _day(self, head: Head) -> Totals:
        """From the shifts within, and the rows that none of them covers."""
        parts = self._parts(stretch_of(head))
        folded = sum((known or fold_one(self._books, part) for part, known in parts), Folded())
        add(self.accounts, folded.accounts)
        return folded.told()

    def post_the_rest(self, last: int) -> None:
        """Add what was posted after the last day, whatever else those rows say."""
        for desk, tip in self._books.tuples(_TIPS, (last,)):
            for part, known in self._parts(Stretch(desk, self._begin_of_day(desk), tip)):
                add(self.accounts, known.accounts if known else posted(self._books, part))

    def _begin_of_day(self, desk: DeskNo) -> int:
        """The row of a desk that the last closed day ended with; 0 where its text tells no number."""
        found = until(self._before.get((ClosingKind.DAY, OFFICE)), desk)
        return found if isinstance(found, int) else 0

    def _parts(self, stretch: Stretch) -> Iterator[tuple[Stretch, Folded | None]]:
        """What was folded for shifts, one after the other, and pieces of what comes after them."""
        desk, at, end = stretch
        for part, folded in self._known.get(desk, ()):
            if part.since == at and part.until <= end:
                yield part, folded
                at = part.until
        yield from ((piece, None) for piece in self._pieces(desk, at, end))

    def _pieces(self, desk: DeskNo, since: int, end: int) -> Iterator[Stretch]:
        """A stretch in parts that are small enough, as far as there are rows."""
        tip = last_row(self._books, desk)
        for at in range(max(since, 0), min(end, tip), PIECE_ROWS):
            yield Stretch(desk, at, min(at + PIECE_ROWS, end))


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
