"""A proof in shares: each is a question about the books that nobody else's answer is needed for.

Large books are shared out to processes of their own, because Python computes on one core at a time. They read a later
state than the one that the proof is about, which is harmless: a share about rows of the journal ends with the newest
row of that state, rows are only added, and every other share is true of any state or of none.
"""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass, field
from typing import NamedTuple

from vending_app.domain.errors import EnvironmentFault
from vending_app.ledger.books import Books

MOST_PROBLEMS = 50
"""A report is read by a person; what comes after fifty sentences is mostly their consequence."""


class Ends(NamedTuple):
    """What a stretch of a desk's chain begins after and ends with, as its rows say."""

    first_number: int
    first_previous: bytes
    last_number: int
    last_hash: bytes


@dataclass(frozen=True, slots=True)
class Found:
    """What one share of a proof found."""

    problems: tuple[str, ...] = ()
    entries: int = 0
    strays: Mapping[str, int] = field(default_factory=dict)
    """By table, how many rows no journal row brought."""
    accounts: Mapping[tuple[str, str], int] = field(default_factory=Counter)
    """By commodity and account, what was posted."""
    ends: Mapping[int, Ends] = field(default_factory=dict)
    """By desk, the stretch of its chain."""
    is_chained: bool = True
    """Whether each row of these stretches follows from the one before, under its own hash."""


Share = Callable[[Books], Found]
"""Something that `functools.partial` can carry to another process."""


def work_off(
    books: Books, shares: Sequence[Share], *, opening: Callable[[], Books] | None, helpers: int
) -> Iterator[Found]:
    """What each share found, in their order; by so many processes, if the books can be opened in them."""
    if opening is None or helpers < 2:
        yield from (_tried(books, share) for share in shares)
        return
    # Started anew, not forked: a window's threads and an open database do not survive a fork.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(helpers, len(shares)), mp_context=context) as pool:
        asked = [pool.submit(_in_a_process_of_its_own, opening, share) for share in shares]
        for share, answer in zip(shares, asked, strict=True):
            try:
                yield answer.result()
            except BrokenProcessPool:
                yield _tried(books, share)


def _in_a_process_of_its_own(opening: Callable[[], Books], share: Share) -> Found:
    try:
        with closing(opening()) as books, books.reading():
            return _tried(books, share)
    except EnvironmentFault as cause:
        return Found(problems=(f"the books cannot be read: {cause}",))


def _tried(books: Books, share: Share) -> Found:
    try:
        return share(books)
    except books.unreadable as cause:
        return Found(problems=(f"the books cannot be read: {cause}",))
