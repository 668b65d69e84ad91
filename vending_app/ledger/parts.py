"""What is read long is read in parts, so that somebody sees how far it is and nobody waits for it once it is stopped.

Parts that add up to the whole: rows of the journal, supplies by their numbers, rows of a desk.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from vending_app.ledger.books import Books
from vending_app.ledger.fold import Stretch

MOST_PARTS = 25
"""Of one stage: what is grouped by supply in each part is added up again here, which must not take longer than it."""
LEAST_ROWS, LEAST_SUPPLIES = 5000, 500
"""In a part: less than that is read before somebody looks."""


def pieces(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same rows of the desks in shorter stretches."""
    found = list(stretches)
    size = _size(sum(each.until - each.since for each in found), LEAST_ROWS)
    return [piece for each in found for piece in _cut(each, size)]


def _cut(stretch: Stretch, size: int) -> Iterator[Stretch]:
    for since in range(stretch.since, stretch.until, size):
        yield Stretch(stretch.desk, since, min(since + size, stretch.until))


def journal_parts(books: Books) -> list[tuple[int, int]]:
    """All rows of the journal: after the first id, up to and with the second."""
    newest = int(books.value("SELECT coalesce(max(id), 0) FROM journal"))
    size = _size(newest, LEAST_ROWS)
    return [(since, min(since + size, newest)) for since in range(0, newest, size)]


def supply_parts(books: Books) -> list[tuple[str, str]]:
    """All supplies: from the first number to the last one of a part."""
    numbers = [str(number) for (number,) in books.tuples("SELECT number FROM supplies ORDER BY number")]
    size = _size(len(numbers), LEAST_SUPPLIES)
    return [(numbers[at], numbers[min(at + size, len(numbers)) - 1]) for at in range(0, len(numbers), size)]


def _size(rows: int, least: int) -> int:
    return max(least, -(-rows // MOST_PARTS))
